"""Writes a joint meeting that the product itself convenes, and who came to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection, Row

from data_access.columns import new_id
from data_access.database import Database
from data_access.entries import enter
from data_access.importing import undo
from data_access.meetings_seen import seen
from data_access.schema import agency, area, import_batch, meeting
from data_access.scope import known, within
from data_access.versions import wait_for_turn
from rules.language import N_, Refusal
from rules.request import Actor, Scope
from rules.vocabulary import TABLES

OWN_BATCHES = ("meeting", "decision")
"""Kinds of batch that the meeting screen writes."""

LONGEST_NAME, LONGEST_NUMBER = 240, 60


class MeetingRefused(Refusal):
    """A meeting that cannot be written; says why and what to do."""


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """What a meeting is.

    Attributes:
        level: a code of ``vocabulary.MEETING_LEVEL``; ``street`` needs ``street_code``.
        convener: code of the agency that convenes it.
        members, invited, present: agency codes; absent are the members that are not present.
        number: 会议编号, e.g. 2023-8; empty lets the product count the meetings of that level and year.
    """

    day: dt.date
    level: str
    name: str
    convener: str
    street_code: str | None = None
    members: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    minutes_number: str | None = None
    number: str | None = None


def may_convene(scope: Scope, level: str, street_code: str | None) -> bool:
    """Whether who has this scope may write a meeting: the district any, a street its own."""
    return scope.is_whole_district or (not scope.agencies and level == "street" and street_code in scope.areas)


def open_meeting(
    database: Database, entry: MeetingEntry, *, meeting_id: str | None = None, actor: Actor, now: dt.datetime, demo: bool = False
) -> tuple[str, str]:
    """Write a meeting, new or changed (who came, number of the minutes); audited, undone through its batch.

    Args:
        meeting_id: the meeting that is there already; None makes a new one.

    Returns:
        The meeting's id and the id of the batch.

    Raises:
        MeetingRefused: not within the actor's right, an unknown level, area or agency, no convener, or
            minutes of another meeting of the same convening level and year have that number.
    """
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        old = _current(connection, actor.scope, meeting_id) if meeting_id else None
        _check(connection, entry, actor.scope, old)
        if old is None or old.minutes_number != entry.minutes_number:
            _refuse_number_of_another(connection, actor.scope.district, entry, meeting_id)
        number = entry.number or (old.number if old else None) or _next_number(connection, actor.scope.district, entry)
        row = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(entry).items()}
        row |= {"number": number, "id": meeting_id or new_id()}
        ended = {"meeting": [old.row_id]} if old else None
        batch = enter(connection, {"meeting": [row]}, kind="meeting", words=f"{number} {entry.name}", actor=actor, now=now, ended=ended,
                      detail={"meeting": number, "level": entry.level, "day": entry.day.isoformat()}, demo=demo)  # fmt: skip
    return row["id"], batch


def meeting_of(database: Database, scope: Scope, meeting_id: str) -> MeetingEntry:
    """A meeting as it stands, of the scope or one that its street was called to.

    Raises:
        MeetingRefused: there is none that the scope may look at.
    """
    with database.read() as connection:
        row = _found(connection, seen(connection, scope), meeting_id)
    return MeetingEntry(
        **{name: getattr(row, name) for name in ("day", "level", "street_code", "minutes_number", "number")},
        name=row.name or "", convener=row.convener or "",
        **{name: tuple(getattr(row, name) or ()) for name in ("members", "invited", "present")},
    )  # fmt: skip


def take_back(database: Database, batch_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Undo one writing of a meeting or a decision; what it replaced comes back.

    Raises:
        MeetingRefused: the batch is of another kind: imports are undone where they were brought.
        Refusal: unknown, undone already, outside the actor's scope, or something later builds on it.
    """
    b = import_batch.c
    with database.read() as connection:
        kind = connection.execute(select(b.kind).where(b.district_code == actor.scope.district, b.id == batch_id)).scalar()
    if kind not in OWN_BATCHES:
        raise MeetingRefused(N_("这里只能撤销会议和议定事项。"))
    undo(database, batch_id, actor=actor, now=now)


def _current(connection: Connection, scope: Scope, meeting_id: str) -> Row:
    return _found(connection, within(meeting, scope), meeting_id)


def _found(connection: Connection, clause: ColumnElement[bool], meeting_id: str) -> Row:
    found = connection.execute(select(meeting).where(meeting.c.id == meeting_id, known(meeting, None), clause)).first()
    if found is None:
        raise MeetingRefused(N_("没有这次会议，或不在你的权限范围内。"))
    return found


def _check(connection: Connection, entry: MeetingEntry, scope: Scope, old: Row | None) -> None:
    if len(entry.name) > LONGEST_NAME or len(entry.minutes_number or "") > LONGEST_NUMBER:
        raise MeetingRefused(N_("会议名称不超过 {n} 字，纪要编号不超过 {m} 字。"), n=LONGEST_NAME, m=LONGEST_NUMBER)
    places = [(entry.level, entry.street_code)] + ([(old.level, old.street_code)] if old else [])
    if not all(may_convene(scope, *place) for place in places):
        raise MeetingRefused(N_("区级会议由区打非办召集，街镇只能召集本街镇的会议。"))
    if entry.level not in {word.code for word in TABLES["meeting_level"]}:
        raise MeetingRefused(N_("请选择会议层级。"))
    if entry.level == "street" and not entry.street_code:
        raise MeetingRefused(N_("街镇级会议要写明街镇。"))
    if entry.street_code and not connection.execute(select(area.c.code).where(
            area.c.district_code == scope.district, area.c.code == entry.street_code, area.c.level == "street", known(area, None))).first():
        raise MeetingRefused(N_("没有这个街镇：{code}"), code=entry.street_code[:64])
    if not entry.convener:
        raise MeetingRefused(N_("请写明召集单位。"))
    refuse_unknown_agencies(connection, scope.district, (entry.convener, *entry.members, *entry.invited, *entry.present))


def _refuse_number_of_another(connection: Connection, district: str, entry: MeetingEntry, meeting_id: str | None) -> None:
    """Who convenes gives each number of minutes once a year: a paper that cites it must lead to one meeting."""
    m, number = meeting.c, (entry.minutes_number or "").strip()
    if not number:
        return
    place = m.street_code == entry.street_code if entry.level == "street" else m.level == entry.level
    year = m.day.between(dt.date(entry.day.year, 1, 1), dt.date(entry.day.year, 12, 31))
    others = connection.execute(select(m.id, m.number, m.day).where(
        m.district_code == district, m.level == entry.level, m.minutes_number == number, place, year, known(meeting, None))).all()
    taken = next((row for row in others if row.id != meeting_id), None)
    if taken is not None:
        raise MeetingRefused(N_("纪要编号 {number} 已用于 {day} 的会议（{meeting}）：请另编一个。"), number=number, day=taken.day.isoformat(), meeting=taken.number or "")


def refuse_unknown_agencies(connection: Connection, district: str, codes: tuple[str, ...]) -> None:
    """Raise MeetingRefused where a code names no agency of the district."""
    asked = set(codes)
    held = set(connection.execute(select(agency.c.code).where(agency.c.district_code == district, agency.c.code.in_(asked), known(agency, None))).scalars())
    if missing := sorted(asked - held):
        raise MeetingRefused(N_("没有这个部门：{code}"), code=missing[0][:64])


def _next_number(connection: Connection, district: str, entry: MeetingEntry) -> str:
    """``2023-8``: the year and one more than the greatest number of that form; a street's begins with its code."""
    prefix = f"{entry.street_code}-{entry.day.year}-" if entry.level == "street" else f"{entry.day.year}-"
    m = meeting.c
    held = connection.execute(select(m.number).where(m.district_code == district, m.number.startswith(prefix, autoescape=True))).scalars()
    counted = [int(rest) for number in held if (rest := number.removeprefix(prefix)).isdigit()]
    return f"{prefix}{max(counted, default=0) + 1}"
