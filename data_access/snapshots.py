"""Keeps the facts of a meeting as they were when it opened: numbered, hashed, never changed afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, insert, select
from sqlalchemy.engine import Connection

from data_access.audit import audit
from data_access.columns import new_id
from data_access.database import Database
from data_access.facts_cut import UnknownStreet, cut_for
from data_access.facts_fields import KNOWN, allowed
from data_access.meetings_seen import seen
from data_access.schema import meeting, snapshot
from data_access.scope import known, within
from data_access.versions import raise_versions
from rules.language import N_, Refusal
from rules.request import Actor, Scope

SNAPSHOT_COLUMNS = ("id", "meeting_id", "number", "taken_at", "as_of", "start", "end", "data_version", "hash", "actor_name")


class SnapshotRefused(Refusal):
    """A snapshot that cannot be taken or read; says why."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of a snapshot without its content.

    Attributes:
        number: 第几次快照 of its meeting, from 1.
        hash: SHA-256 of the uncompressed canonical JSON, in hexadecimal.
        data_version: counter by table group when it was taken.
    """

    id: str
    meeting_id: str
    number: int
    taken_at: dt.datetime
    as_of: dt.date
    start: dt.date
    end: dt.date
    data_version: dict[str, int]
    hash: str
    actor_name: str


def take_snapshot(database: Database, facts: dict[str, Any], meeting_id: str, *, actor: Actor, now: dt.datetime) -> Snapshot:
    """Keep the facts for a meeting under its next number; one audit row, in one transaction.

    Args:
        facts: answer of ``meeting_facts``: plain JSON values, among them as_of, start, end (ISO
            days), data_version.

    Raises:
        SnapshotRefused: no such meeting within the actor's scope.
        ValueError: the facts hold a value that JSON cannot.
    """
    content = canonical(facts)
    district = actor.scope.district
    with database.write() as connection:
        raise_versions(connection, district, ["snapshot"], now)
        held = connection.execute(select(meeting.c.id).where(meeting.c.id == meeting_id, known(meeting, None), within(meeting, actor.scope))).first()
        if held is None:
            raise SnapshotRefused(N_("没有这次会议，或不在你的权限范围内。"))
        last = connection.execute(select(func.max(snapshot.c.number)).where(
            snapshot.c.district_code == district, snapshot.c.meeting_id == meeting_id)).scalar()
        made = Snapshot(
            id=new_id(), meeting_id=meeting_id, number=(last or 0) + 1, taken_at=now,
            **{name: dt.date.fromisoformat(facts[name]) for name in ("as_of", "start", "end")},
            data_version=dict(facts["data_version"]), hash=hashlib.sha256(content).hexdigest(), actor_name=actor.name,
        )
        connection.execute(insert(snapshot).values(
            district_code=district, id=made.id, meeting_id=meeting_id, number=made.number, taken_at=now, as_of=made.as_of, start_on=made.start,
            end_on=made.end, data_version=made.data_version, hash=made.hash, content=zlib.compress(content, 6), actor_id=actor.id, actor_name=actor.name,
        ))  # fmt: skip
        audit(connection, actor, "snapshot", now, subject_table="meeting", subject_id=meeting_id, detail={"number": made.number, "hash": made.hash})
    return made


def read_snapshot(database: Database, scope: Scope, snapshot_id: str) -> dict[str, Any]:
    """The facts as they were kept, with ``snapshot`` (id, number, taken_at, hash) beside them.

    The hash is counted again over what is read. Facts of the whole district are open to who works
    for it; streets, agencies, or agencies within streets that were called to the meeting get them cut
    (``facts_cut``); facts of streets alone are whole for who has all of these streets, and cut for the
    agencies that were called; facts that were taken for agencies are read by these alone. Of all of
    them only what ``facts_fields`` names.

    Raises:
        SnapshotRefused: there is none within the scope, or its content is no longer what was kept.
    """
    with database.read() as connection:
        row = connection.execute(select(snapshot).where(
            snapshot.c.district_code == scope.district, snapshot.c.id == snapshot_id, snapshot.c.meeting_id.in_(_seen(connection, scope)))).first()
    if row is None:
        raise SnapshotRefused(N_("没有这份快照，或不在你的权限范围内。"))
    try:
        content = zlib.decompress(row.content)
    except zlib.error:
        content = b""
    if hashlib.sha256(content).hexdigest() != row.hash:
        raise SnapshotRefused(N_("第 {number} 号快照的内容与留存的校验值不符，不能使用：请重新生成快照。"), number=row.number)
    facts = json.loads(content)
    if not scope.is_whole_district:
        facts = allowed(KNOWN, facts) if _taken_for(facts, scope) else _cut_for(facts, scope)
    told = {"id": row.id, "number": row.number, "taken_at": row.taken_at.isoformat(), "hash": row.hash}
    return {**facts, "snapshot": told}


def snapshots_of(database: Database, scope: Scope, meeting_id: str) -> pd.DataFrame:
    """The snapshots of a meeting that the scope may see, newest first.

    Returns:
        ``SNAPSHOT_COLUMNS``; empty with the same columns where there is none.
    """
    s = snapshot.c
    asked = select(s.id, s.meeting_id, s.number, s.taken_at, s.as_of, s.start_on.label("start"), s.end_on.label("end"), s.data_version, s.hash, s.actor_name)
    with database.read() as connection:
        open_to = _seen(connection, scope)
    found = database.frame(asked.where(s.district_code == scope.district, s.meeting_id == meeting_id, s.meeting_id.in_(open_to)))
    return found.sort_values("number", ascending=False, ignore_index=True)[list(SNAPSHOT_COLUMNS)]


def latest_meeting(database: Database, scope: Scope) -> str | None:
    """The id of the meeting within the scope that opened last; None where none ever did."""
    s = snapshot.c
    with database.read() as connection:
        asked = select(s.meeting_id).where(s.district_code == scope.district, s.meeting_id.in_(_seen(connection, scope)))
        return connection.execute(asked.order_by(s.taken_at.desc(), s.id.desc()).limit(1)).scalar()


def canonical(facts: dict[str, Any]) -> bytes:
    """The one spelling of the facts that is hashed: UTF-8 JSON, keys sorted, no spaces, no NaN.

    Raises:
        ValueError, TypeError: a value that JSON cannot hold.
    """
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _seen(connection: Connection, scope: Scope) -> Select:
    return select(meeting.c.id).where(known(meeting, None), seen(connection, scope))


def _cut_for(facts: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Facts of the district or of streets for a reader of streets, agencies or both; refused to anybody else.

    Facts of streets are read whole by who has all of these streets, cut by the agencies at the meeting.
    """
    taken = facts.get("scope") or {}
    streets = frozenset(taken.get("areas") or ())
    if taken.get("agencies") or (streets and scope.areas and not streets.issubset(scope.areas)):
        raise SnapshotRefused(N_("没有这份快照，或不在你的权限范围内。"))
    if streets and not scope.agencies:
        return allowed(KNOWN, facts)
    try:
        return cut_for(facts, areas=() if streets else scope.areas, agencies=scope.agencies)
    except UnknownStreet:
        raise SnapshotRefused(N_("没有这份快照，或不在你的权限范围内。")) from None


def _taken_for(facts: dict[str, Any], scope: Scope) -> bool:
    taken = facts.get("scope") or {}
    return sorted(taken.get("areas") or ()) == sorted(scope.areas) and sorted(taken.get("agencies") or ()) == sorted(scope.agencies)
