"""Writes what a meeting decides (议定事项, 一点一方案) and what becomes of it: feedback, closure, cancelling."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Connection, Row

from data_access.columns import new_id
from data_access.database import Database
from data_access.entries import enter
from data_access.meetings_seen import concerned, units_of
from data_access.meetings_write import may_convene, refuse_unknown_agencies
from data_access.schema import agency, area, decision, meeting
from data_access.scope import known, within
from data_access.versions import wait_for_turn
from rules.language import N_, Refusal
from rules.request import Actor, Scope

KINDS = {"decision": N_("议定事项"), "plan": N_("一点一方案")}
KIND = "decision"
"""Kind of the batches that this file writes; a file brings ``decisions``."""

LONGEST_TEXT = 500
MOST_GRIDS = 200
KEPT = (
    "number", "meeting_id", "kind", "text", "done_when", "target_kind", "target_id", "hotspot", "day", "agency_code", "support_agencies",
    "due_on", "state", "feedback_on", "feedback", "closed_on", "street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located",
)  # fmt: skip
"""What a new version takes over from the one before where it is not changed."""


class DecisionRefused(Refusal):
    """A decision that cannot be written; says why and what to do."""


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """One decision.

    Attributes:
        kind: a key of ``KINDS``.
        text: what is to be done.
        done_when: what counts as done (完成标准).
        agency_code: who owns it; support the agencies that help.
        due_on: the last day.
        grids: codes of the grids it is about, empty for none.
        street_code: the street it is about where no grid is named.
        hotspot: the hotspot it answers, as it stood in the snapshot (rank, name, members, snapshot), or None.
    """

    kind: str
    text: str
    done_when: str
    agency_code: str
    due_on: dt.date
    support: tuple[str, ...] = ()
    grids: tuple[str, ...] = ()
    street_code: str | None = None
    hotspot: dict[str, Any] | None = None


def make_decision(database: Database, meeting_id: str, entry: DecisionEntry, *, actor: Actor, now: dt.datetime, demo: bool = False) -> tuple[str, str]:
    """Write a decision of a meeting; the day it was made is the day of ``now``.

    Returns:
        The decision's id and the id of the batch, through which it is undone.

    Raises:
        DecisionRefused: nothing without a text, an owner, a due day from today on, and what counts as done;
            grids and streets that exist; only who may convene the meeting decides in it.
    """
    day = now.date()
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        held = _meeting(connection, actor.scope, meeting_id)
        _check(connection, entry, actor.scope.district, day)
        row = {
            **_written(entry), **_place(connection, actor.scope, entry, held), "id": new_id(), "number": _next_number(connection, actor.scope.district, held),
            "meeting_id": meeting_id, "day": day, "state": "open", "feedback_on": None, "feedback": None, "closed_on": None,
        }  # fmt: skip
        batch = enter(connection, {"decision": [row]}, kind=KIND, words=f"{row['number']} {entry.text}", actor=actor, now=now,
                      detail={"decision": row["id"], "number": row["number"], "kind": entry.kind, "owner": entry.agency_code, "due": entry.due_on.isoformat()}, demo=demo)  # fmt: skip
    return row["id"], batch


def change_decision(
    database: Database, decision_id: str, entry: DecisionEntry, *, actor: Actor, now: dt.datetime, seen: str | None = None, demo: bool = False
) -> str:
    """Write a new version of an open decision: text, owner, support, due day, what counts as done, where.

    Args:
        seen: the version that was changed (``Standing.version``); None for whatever stands.

    Returns:
        The id of the batch.

    Raises:
        DecisionRefused: it is not open, somebody else has written it since, or ``make_decision`` would refuse the entry.
    """
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        old = _decision(connection, actor.scope, decision_id)
        held = _of_meeting(connection, actor.scope, old)
        _refuse_if_rewritten(old, seen)
        if state_on(old, now.date()) != "open":
            raise DecisionRefused(N_("这项已反馈或办结，不能再改：请新增事项。"))
        _check(connection, entry, actor.scope.district, old.day)
        before = _entry_of(old)
        stays = (entry.grids, entry.street_code, entry.hotspot) == (before.grids, before.street_code, before.hotspot) and (entry.grids or entry.agency_code == before.agency_code)
        # What was decided about grids that the map no longer has can still be put in better words.
        changes = {**_written(entry), **({} if stays else _place(connection, actor.scope, entry, held))}
        return _version(connection, old, changes, "change", actor, now, demo)


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision as it stands.

    Attributes:
        entry: as it would be written again.
        feedback: what was answered so far; empty for nothing yet.
        version: which writing of it this is.
    """

    entry: DecisionEntry
    feedback: str
    version: str


def standing(database: Database, scope: Scope, decision_id: str, day: dt.date) -> Standing:
    """A decision as it stands on a day.

    Raises:
        DecisionRefused: there is none within the scope.
    """
    with database.read() as connection:
        row = _decision(connection, scope, decision_id)
    return Standing(_entry_of(row), row.feedback or "" if row.feedback_on and row.feedback_on <= day else "", row.row_id)


def answer_decision(
    database: Database, decision_id: str, feedback: str, *, actor: Actor, now: dt.datetime, seen: str | None = None, demo: bool = False
) -> str:
    """Write the feedback of whoever owns or supports a decision, or of the office; it takes the place of what was answered before.

    Args:
        seen: the version that was answered (``Standing.version``); None for whatever stands.

    Returns:
        The id of the batch.

    Raises:
        DecisionRefused: no words or too many, not theirs, somebody else has written it since, or it ended already.
    """
    if not feedback.strip():
        raise DecisionRefused(N_("请写明办理结果。"))
    if len(feedback.strip()) > LONGEST_TEXT:
        raise DecisionRefused(N_("办理结果不超过 {n} 字。"), n=LONGEST_TEXT)
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        old = _decision(connection, actor.scope, decision_id)
        theirs = {old.agency_code, *(old.support_agencies or ())}.intersection(units_of(connection, actor.scope))
        if not actor.scope.is_whole_district and not theirs:
            raise DecisionRefused(N_("只有责任单位、配合单位和区打非办可以反馈。"))
        _refuse_if_rewritten(old, seen)
        if state_on(old, now.date()) in {"done", "cancelled"}:
            raise DecisionRefused(N_("这项已经办结或取消。"))
        changes = {"state": "answered", "feedback": feedback.strip(), "feedback_on": now.date()}
        return _version(connection, old, changes, "feedback", actor, now, demo)


def close_decision(database: Database, decision_id: str, *, cancelled: bool = False, actor: Actor, now: dt.datetime, demo: bool = False) -> str:
    """End a decision: done, or cancelled; only who may convene its meeting does.

    Returns:
        The id of the batch.

    Raises:
        DecisionRefused: it ended already, or is not the actor's to end.
    """
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        old = _decision(connection, actor.scope, decision_id)
        _of_meeting(connection, actor.scope, old)
        if state_on(old, now.date()) in {"done", "cancelled"}:
            raise DecisionRefused(N_("这项已经办结或取消。"))
        changes = {"state": "cancelled" if cancelled else "done", "closed_on": now.date()}
        return _version(connection, old, changes, "cancel" if cancelled else "close", actor, now, demo)


def state_on(row: Row, day: dt.date) -> str:
    """The state of a decision on a day (``vocabulary.DECISION_STATE``): what was written of later days does not count."""
    if row.state == "cancelled" and not (row.closed_on and row.closed_on > day):
        return "cancelled"
    if row.closed_on or row.feedback_on:
        return "done" if row.closed_on and row.closed_on <= day else "answered" if row.feedback_on and row.feedback_on <= day else "open"
    return row.state


def _version(connection: Connection, old: Row, changes: dict[str, Any], act: str, actor: Actor, now: dt.datetime, demo: bool) -> str:
    day = now.date()
    kept = {name: getattr(old, name) for name in KEPT} | {"state": state_on(old, day)}
    # What the register says of later days is not known yet on the product's own day.
    if old.feedback_on and old.feedback_on > day:
        kept |= {"feedback_on": None, "feedback": None}
    if old.closed_on and old.closed_on > day:
        kept["closed_on"] = None
    row = {**kept, **changes, "id": old.id}
    return enter(connection, {"decision": [row]}, kind=KIND, words=f"{row['number'] or ''} {row['text']}".strip(), actor=actor, now=now,
                 ended={"decision": [old.row_id]}, detail={"decision": old.id, "number": row["number"], "act": act, "state": row["state"]}, demo=demo)  # fmt: skip


def _refuse_if_rewritten(old: Row, seen: str | None) -> None:
    if seen is not None and seen != old.row_id:
        raise DecisionRefused(N_("您打开以后，这项已被别人改过：请先抄下您写的，关闭后重新打开，在新的内容上改。"))


def _written(entry: DecisionEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind, "text": entry.text.strip(), "done_when": entry.done_when.strip(), "agency_code": entry.agency_code,
        "support_agencies": [code for code in dict.fromkeys(entry.support) if code != entry.agency_code], "due_on": entry.due_on,
    }  # fmt: skip


def _check(connection: Connection, entry: DecisionEntry, district: str, made_on: dt.date) -> None:
    if entry.kind not in KINDS:
        raise DecisionRefused(N_("请选择议定事项或一点一方案。"))
    if not entry.text.strip():
        raise DecisionRefused(N_("请写明事项。"))
    if not entry.agency_code:
        raise DecisionRefused(N_("请选择责任单位：没有责任单位的事项不能记。"))
    if not entry.done_when.strip():
        raise DecisionRefused(N_("请写明完成标准：做到什么算完成。"))
    if max(len(entry.text), len(entry.done_when)) > LONGEST_TEXT:
        raise DecisionRefused(N_("事项和完成标准各不超过 {n} 字。"), n=LONGEST_TEXT)
    if entry.due_on < made_on:
        raise DecisionRefused(N_("期限不能早于议定日期 {day}。"), day=made_on.isoformat())
    if len(entry.grids) > MOST_GRIDS:
        raise DecisionRefused(N_("一项最多选 {n} 个网格。"), n=MOST_GRIDS)
    refuse_unknown_agencies(connection, district, (entry.agency_code, *entry.support))


def _place(connection: Connection, scope: Scope, entry: DecisionEntry, held: Row | None) -> dict[str, Any]:
    """Where a decision stands: the one grid, the one street of several, else the street whose unit owes it, or nowhere in particular."""
    rows: dict[str, Row] = {}
    for code in dict.fromkeys(filter(None, (*entry.grids, entry.street_code))):
        a = area.c
        found = connection.execute(select(a.code, a.level, a.parent_code).where(a.district_code == scope.district, a.code == code, known(area, None))).first()
        if found is None or found.level != ("grid" if code in entry.grids else "street"):
            raise DecisionRefused(N_("没有这个区域：{code}"), code=code[:64])
        rows[code] = found
    streets = {_street(connection, scope.district, rows[code]) for code in entry.grids} or {entry.street_code}
    if scope.areas and not streets <= set(scope.areas):
        raise DecisionRefused(N_("只能选本街镇的网格。"))
    street = streets.pop() if len(streets) == 1 else None
    grid = entry.grids[0] if len(entry.grids) == 1 else None
    kind = "hotspot" if entry.hotspot else "grid" if entry.grids else "street" if street else None
    told = {**(entry.hotspot or {}), "members": list(entry.grids)} if entry.hotspot or entry.grids else None
    if street is None:
        street = (held.street_code if held is not None and not entry.grids else None) or _street_of(connection, scope.district, entry.agency_code)
    return {
        "target_kind": kind, "target_id": None, "hotspot": told, "street_code": street,
        "neighbourhood_code": rows[grid].parent_code if grid else None, "grid_code": grid, "lon": None, "lat": None, "located": "area",
    }  # fmt: skip


def _street_of(connection: Connection, district: str, code: str) -> str | None:
    """The street that an agency is a unit of; None for one of the district."""
    a = agency.c
    row = connection.execute(
        select(area.c.code, area.c.level, area.c.parent_code)
        .join(agency, and_(a.district_code == area.c.district_code, a.area_code == area.c.code, known(agency, None)))
        .where(area.c.district_code == district, a.code == code, area.c.level != "district", known(area, None))
    ).first()
    return _street(connection, district, row) if row is not None else None


def _street(connection: Connection, district: str, row: Row) -> str | None:
    """The street above a grid, over the neighbourhood where there is one."""
    a = area.c
    while row is not None and row.level != "street":
        row = connection.execute(select(a.code, a.level, a.parent_code).where(a.district_code == district, a.code == row.parent_code, known(area, None))).first()
    return row.code if row is not None else None


def _entry_of(row: Row) -> DecisionEntry:
    told = dict(row.hotspot or {})
    grids = tuple(told.pop("members", ())) or ((row.grid_code,) if row.grid_code else ())
    return DecisionEntry(
        kind=row.kind or "decision", text=row.text or "", done_when=row.done_when or "", agency_code=row.agency_code or "", due_on=row.due_on,
        support=tuple(row.support_agencies or ()), grids=grids, street_code=None if grids else row.street_code, hotspot=told or None,
    )  # fmt: skip


def _meeting(connection: Connection, scope: Scope, meeting_id: str) -> Row:
    m = meeting.c
    found = connection.execute(select(m.id, m.number, m.level, m.street_code, m.day).where(m.id == meeting_id, known(meeting, None), within(meeting, scope))).first()
    if found is None:
        raise DecisionRefused(N_("没有这次会议，或不在你的权限范围内。"))
    if not may_convene(scope, found.level, found.street_code):
        raise DecisionRefused(N_("只有召集会议的单位可以记议定事项。"))
    return found


def _of_meeting(connection: Connection, scope: Scope, old: Row) -> Row | None:
    """The meeting of a decision, refused to who may not convene it; one without a meeting is the district's."""
    if old.meeting_id:
        return _meeting(connection, scope, old.meeting_id)
    if not scope.is_whole_district:
        raise DecisionRefused(N_("只有召集会议的单位可以记议定事项。"))
    return None


def _decision(connection: Connection, scope: Scope, decision_id: str) -> Row:
    found = connection.execute(select(decision).where(decision.c.id == decision_id, known(decision, None), concerned(connection, scope))).first()
    if found is None:
        raise DecisionRefused(N_("没有这项议定事项，或不在你的权限范围内。"))
    return found


def _next_number(connection: Connection, district: str, held: Row) -> str:
    counted = connection.execute(select(func.count(func.distinct(decision.c.id))).where(
        decision.c.district_code == district, decision.c.meeting_id == held.id)).scalar()
    return f"{held.number or held.day.isoformat()}-{(counted or 0) + 1:02d}"
