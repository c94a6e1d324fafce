"""The rulebook of a district on a day: what is shipped, what the district changed, what it adopted."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from data_access.database import Database
from data_access.entries import enter
from data_access.epochs import change_days
from data_access.importing.undoing import undo
from data_access.later_versions import last_change, mark_of
from data_access.schema import FACTS, adoption, calendar_day, import_batch, rule_version
from data_access.scope import known, within
from data_access.versions import versions, wait_for_turn
from rules.language import N_, Refusal
from rules.request import FIRST_YEAR, LAST_YEAR, Actor, Filters, Scope
from rules.rule_changes import kept_changes
from rules.rulebook import Rule, Rulebook, rulebook, shipped, with_changes, with_rule
from rules.working_days import FIRST, LAST, WorkingCalendar

VERSION_COLUMNS = ("rule_id", "content", "valid_from", "valid_to", "reason", "batch_id", "recorded_at", "superseded_at")
ADOPTION_COLUMNS = ("rule_id", "area_code", "adopter", "document", "valid_from", "valid_to", "batch_id", "recorded_at")

OWN_BATCHES = ("rule_change", "adoption", "calendar")
"""Kinds of batch that this module writes."""

ONLY_THE_DISTRICT = N_("规则由区打非办统一设置：街镇和部门可以查看，不能修改。")


class RuleRefused(Refusal):
    """A change of the rulebook that cannot be made; says why and what to do."""


def rulebook_of(database: Database, filters: Filters, scope: Scope) -> Rulebook:
    """The rules as of ``filters.as_of``, as far as they were known at ``filters.known_at``.

    Reference data: the same for every scope of the district. What only one street adopted is in
    ``adopted_in``; it counts as adopted when that street is asked about (``filters.area``).
    """
    counter = versions(database, scope.district)["rule"]
    key = ("rulebook", scope.district, counter, filters.known_at)

    def registers() -> tuple[tuple[pd.DataFrame, pd.DataFrame], list[dt.date], frozenset[str]]:
        found = _versions(database, scope, filters.known_at), adoptions(database, scope, filters.known_at)
        return found, change_days(*found), frozenset(found[1]["area_code"].dropna())

    found, changes, areas = database.kept.get(key, registers)
    # From one change to the next the book is the same, and everywhere but where a street adopted rules of its own.
    area = filters.area if filters.area in areas else None
    own = (*key, bisect_right(changes, filters.as_of), area)
    return database.kept.get(own, lambda: rulebook(shipped(), *found, filters.as_of, area))


def adoptions(database: Database, scope: Scope, known_at: dt.datetime | None = None) -> pd.DataFrame:
    """Which rules were adopted where, by whom, by which document, from when to when.

    Returns:
        ``ADOPTION_COLUMNS``, by rule and first day; area_code missing for the whole district.
    """
    found = database.frame(
        select(*(adoption.c[name] for name in ADOPTION_COLUMNS)).where(within(adoption, scope), known(adoption, known_at))
    )
    return found.sort_values(["rule_id", "valid_from"], ignore_index=True)


def rule_history(database: Database, scope: Scope, rule_id: str) -> pd.DataFrame:
    """Every version of a rule that was ever written, undone and replaced ones too, newest first.

    Returns:
        ``VERSION_COLUMNS`` with actor_name of the batch: who wrote it.
    """
    v, b = rule_version, import_batch
    found = database.frame(
        select(*(v.c[name] for name in VERSION_COLUMNS), b.c.actor_name, b.c.undone_at)
        .select_from(v.join(b, (b.c.district_code == v.c.district_code) & (b.c.id == v.c.batch_id)))
        .where(within(v, scope), v.c.rule_id == rule_id)
    )
    return found.sort_values(["recorded_at", "valid_from"], ascending=False, kind="stable", ignore_index=True)


def change_mark(database: Database, scope: Scope, rule_id: str) -> str:
    """What ``change_rule`` compares to tell whether somebody changed a rule in between."""
    with database.read() as connection:
        return mark_of(connection, scope.district, rule_id)


def changed_rulebook(book: Rulebook, rule_id: str, changes: Mapping[str, object]) -> Rulebook:
    """The book as it would be with one rule changed: for the effect of a change before it is saved.

    What the changes do not name stays as the book has it.

    Raises:
        RuleRefused: no such rule.
        Refusal: a value that the rule cannot take.
    """
    rule = _shipped(rule_id)
    return with_rule(book, with_changes(rule, kept_changes(rule, book[rule_id], changes)))


def change_rule(
    database: Database, rule_id: str, changes: Mapping[str, object], valid_from: dt.date, reason: str, *,
    actor: Actor, now: dt.datetime, demo: bool = False, mark: str = "",
) -> str:  # fmt: skip
    """Make a new version of a rule that holds from a day on; audited, and undone through its batch.

    Args:
        changes: the fields to change. One that is not named keeps what the version before that day
            says; the shipped value gives the shipped rule back.
        valid_from: its first day; days before it keep the version of then.
        reason: why, in words; not empty.
        mark: of the rule as the editor saw it (``change_mark``); empty asks for nothing.

    Returns:
        The id of the batch.

    Raises:
        RuleRefused: no such rule, no reason, somebody changed the rule since it was seen, or the actor
            does not work for the whole district.
        Refusal: a value that the rule cannot take.
    """
    _may_change(actor)
    rule = _shipped(rule_id)
    _must_be_days(valid_from)
    if not reason.strip():
        raise RuleRefused(N_("请写明修改理由。"))
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        if mark and mark != mark_of(connection, actor.scope.district, rule_id):
            who, at = last_change(connection, actor.scope.district, rule_id) or ("", now)
            raise RuleRefused(N_("你打开这条规则以后，它又有了改动（{who}，{at}）。没有保存：请关闭后重新打开，看过新的内容再改。"),
                              who=who, at=at.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M"))  # fmt: skip
        content = kept_changes(rule, with_changes(rule, _content(connection, actor.scope.district, rule_id, valid_from)), changes)
        row = {"rule_id": rule_id, "content": content, "valid_from": valid_from, "valid_to": None, "reason": reason.strip()[:500]}
        old = _current(connection, rule_version, actor.scope.district, rule_id=rule_id, valid_from=valid_from)
        return _entered(connection, "rule_version", [row], old, "rule_change", f"{rule_id} {valid_from}", actor, now, demo,
                        {"rule": rule_id, "changes": content, "valid_from": str(valid_from), "reason": reason.strip()[:500]})  # fmt: skip


def adopt(
    database: Database, rule_ids: Iterable[str], *, adopter: str, document: str, valid_from: dt.date,
    valid_to: dt.date | None = None, area_code: str | None = None, actor: Actor, now: dt.datetime, demo: bool = False,
) -> str:  # fmt: skip
    """Make rules bind: in the whole district or in one street, from a day on, until another where given.

    Adopting again from the same day writes a new version of that adoption (other document, an end).

    Returns:
        The id of the batch.

    Raises:
        RuleRefused: no such rule, no adopter, a day that nobody means, an end before the beginning, or the actor does not
            work for the whole district.
    """
    _may_change(actor)
    named = [_shipped(rule_id).id for rule_id in dict.fromkeys(rule_ids)]
    if not named:
        raise RuleRefused(N_("请选择要采纳的规则。"))
    if not adopter.strip():
        raise RuleRefused(N_("请写明采纳单位。"))
    _must_be_days(valid_from, valid_to)
    if valid_to is not None and valid_to < valid_from:
        raise RuleRefused(N_("截止日不能早于起始日。"))
    common = {"area_code": area_code, "adopter": adopter.strip()[:120], "document": document.strip()[:240] or None,
              "valid_from": valid_from, "valid_to": valid_to}  # fmt: skip
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        old: dict[str, str] = {}
        for rule_id in named:
            old |= _current(connection, adoption, actor.scope.district, rule_id=rule_id, area_code=area_code, valid_from=valid_from)
        rows = [{"rule_id": rule_id, **common} for rule_id in named]
        return _entered(connection, "adoption", rows, old, "adoption", f"{common['adopter']} {valid_from}", actor, now, demo,
                        {"rules": named, "area": area_code, "document": common["document"], "from": str(valid_from), "to": str(valid_to or "")})  # fmt: skip


def end_adoption(database: Database, rule_id: str, last_day: dt.date, *, area_code: str | None = None, actor: Actor, now: dt.datetime) -> str:
    """Let a rule bind no longer after a day; the days before keep it.

    Every adoption that reaches beyond the day ends with it; one that begins later stays as it is.

    Returns:
        The id of the batch.

    Raises:
        RuleRefused: it is not adopted on that day, ends with it anyway, or the actor does not work
            for the whole district.
    """
    _may_change(actor)
    _must_be_days(last_day)
    a = adoption.c
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        mine = connection.execute(
            select(a.row_id, a.rule_id, a.area_code, a.adopter, a.document, a.valid_from, a.valid_to)
            .where(a.district_code == actor.scope.district, a.superseded_at.is_(None), a.rule_id == rule_id,
                   a.area_code.is_(None) if area_code is None else a.area_code == area_code,
                   a.valid_from <= last_day, or_(a.valid_to.is_(None), a.valid_to >= last_day))
            .order_by(a.valid_from)
        ).mappings().all()  # fmt: skip
        if not mine:
            raise RuleRefused(N_("这条规则在 {day} 没有采纳。"), day=last_day.isoformat())
        beyond = [row for row in mine if row["valid_to"] != last_day]
        if not beyond:
            raise RuleRefused(N_("这条规则的采纳已经在 {day} 截止。"), day=last_day.isoformat())
        rows = [{name: value for name, value in row.items() if name != "row_id"} | {"valid_to": last_day} for row in beyond]
        old = {row["row_id"]: row["row_id"] for row in beyond}
        return _entered(connection, "adoption", rows, old, "adoption", f"{beyond[-1]['adopter']} – {last_day}", actor, now, False,
                        {"rules": [rule_id], "area": area_code, "from": str(beyond[0]["valid_from"]), "to": str(last_day)})  # fmt: skip


def working_days(database: Database, scope: Scope, known_at: dt.datetime | None = None) -> WorkingCalendar:
    """China's calendar with the district's own days over it."""
    counter = versions(database, scope.district)["rule"]

    def made() -> WorkingCalendar:
        found = calendar_days(database, scope, known_at)
        return WorkingCalendar({row.day.date(): bool(row.working) for row in found.itertuples(index=False)})

    return database.kept.get(("working_days", scope.district, counter, known_at), made)


def calendar_days(database: Database, scope: Scope, known_at: dt.datetime | None = None) -> pd.DataFrame:
    """The district's own table of days: frame[day, working, name, batch_id], by day."""
    asked = select(*(calendar_day.c[name] for name in ("day", "working", "name", "batch_id")))
    found = database.frame(asked.where(within(calendar_day, scope), known(calendar_day, known_at)))
    return found.sort_values("day", ignore_index=True)


def set_calendar_days(
    database: Database, days: Mapping[dt.date, bool], name: str, *, actor: Actor, now: dt.datetime
) -> str:
    """Write days into the district's own table: True is worked, False is not.

    Raises:
        RuleRefused: no day, a day outside the calendar, or the actor does not work for the whole district.
    """
    _may_change(actor)
    if not days:
        raise RuleRefused(N_("请给出日期。"))
    if wrong := [day for day in days if not FIRST <= day <= LAST]:
        raise RuleRefused(N_("日期 {day} 不在 {first} 至 {last} 之间。"), day=str(wrong[0]), first=str(FIRST), last=str(LAST))
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        old: dict[str, str] = {}
        for day in days:
            old |= _current(connection, calendar_day, actor.scope.district, day=day)
        rows = [{"day": day, "working": bool(worked), "name": name.strip()[:60] or None} for day, worked in sorted(days.items())]
        return _entered(connection, "calendar_day", rows, old, "calendar", f"{min(days)} – {max(days)}", actor, now, False,
                        {"days": {str(day): bool(worked) for day, worked in sorted(days.items())}})  # fmt: skip


def undo_change(database: Database, batch_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take back one change of a rule, one adoption or one entry of the calendar.

    Raises:
        RuleRefused: the batch is none of these, or the actor does not work for the whole district.
        ImportRefused: it was undone already, or a later change builds on it.
    """
    _may_change(actor)
    b = import_batch.c
    with database.read() as connection:
        kind = connection.execute(select(b.kind).where(b.district_code == actor.scope.district, b.id == batch_id)).scalar()
    if kind not in OWN_BATCHES:
        raise RuleRefused(N_("这里只能撤销规则的修改。"))
    undo(database, batch_id, actor=actor, now=now)


def may_change(scope: Scope) -> bool:
    """Whether the rulebook may be changed by who has this scope: only by the district itself."""
    return scope.is_whole_district


def _may_change(actor: Actor) -> None:
    if not may_change(actor.scope):
        raise RuleRefused(ONLY_THE_DISTRICT)


def _must_be_days(*days: dt.date | None) -> None:
    """A year that nobody means (0023, 9999) is a slip of the hand."""
    for day in days:
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise RuleRefused(N_("日期 {day} 不在 {first} 至 {last} 之间。"), day=day.isoformat(), first=f"{FIRST_YEAR}-01-01", last=f"{LAST_YEAR}-12-31")


def _shipped(rule_id: str) -> Rule:
    found = shipped().get(rule_id)
    if found is None:
        raise RuleRefused(N_("没有编号为 {rule} 的规则。"), rule=rule_id[:64])
    return found


def _versions(database: Database, scope: Scope, known_at: dt.datetime | None) -> pd.DataFrame:
    names = ("rule_id", "content", "valid_from", "valid_to")
    return database.frame(select(*(rule_version.c[name] for name in names)).where(within(rule_version, scope), known(rule_version, known_at)))


def _current(connection: Connection, table, district: str, **key: object) -> dict[str, str]:
    """row_id -> id of the current version under a key, if there is one."""
    clauses = [table.c[name].is_(None) if value is None else table.c[name] == value for name, value in key.items()]
    asked = select(table.c.row_id, table.c.id).where(table.c.district_code == district, table.c.superseded_at.is_(None), *clauses)
    return {row.row_id: row.id for row in connection.execute(asked)}


def _content(connection: Connection, district: str, rule_id: str, day: dt.date) -> dict:
    """What the version that holds on a day changes; nothing where the rule is as shipped."""
    v = rule_version.c
    asked = (
        select(v.content)
        .where(v.district_code == district, v.rule_id == rule_id, v.superseded_at.is_(None), v.valid_from <= day, or_(v.valid_to.is_(None), v.valid_to >= day))
        .order_by(v.valid_from.desc(), v.recorded_at.desc())
        .limit(1)
    )
    return connection.execute(asked).scalar() or {}


def _entered(
    connection: Connection, table: str, rows: list[dict], old: dict[str, str], kind: str, words: str,
    actor: Actor, now: dt.datetime, demo: bool, detail: dict,
) -> str:  # fmt: skip
    # A replaced row keeps its thing's id; there is at most one for each key.
    if old:
        ids = _ids_by_key(connection, table, old)
        rows = [{**row, "id": ids[key]} if (key := _key(table, row)) in ids else row for row in rows]
    return enter(connection, {table: rows}, kind=kind, words=words, actor=actor, now=now, ended={table: list(old)}, detail=detail, demo=demo)


_KEYS = {"rule_version": ("rule_id", "valid_from"), "adoption": ("rule_id", "area_code", "valid_from"), "calendar_day": ("day",)}


def _key(table: str, row: Mapping[str, object]) -> tuple:
    return tuple(row[name] for name in _KEYS[table])


def _ids_by_key(connection: Connection, table: str, old: Mapping[str, str]) -> dict[tuple, str]:
    t = FACTS[table]
    found = connection.execute(select(t.c.id, *(t.c[name] for name in _KEYS[table])).where(t.c.row_id.in_(list(old))))
    return {tuple(row[1:]): row[0] for row in found}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
