"""Which versions of a rule stand beside another: what a change reaches, what keeps it from being taken back, whether somebody was faster."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from itertools import takewhile

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from data_access.database import Database
from data_access.importing.problems import ImportRefused, Term
from data_access.schema import import_batch, rule_version
from data_access.scope import within
from rules.language import N_
from rules.request import Scope
from rules.rule_changes import brought
from rules.rule_words import FIELDS
from rules.rulebook import shipped, with_changes


def next_version_on(database: Database, scope: Scope, rule_id: str, day: dt.date) -> dt.date | None:
    """The first day after ``day`` from which another version of a rule holds, or None."""
    v = rule_version.c
    asked = select(v.valid_from).where(within(rule_version, scope), v.rule_id == rule_id, v.superseded_at.is_(None), v.valid_from > day).order_by(v.valid_from).limit(1)
    with database.read() as connection:
        return connection.execute(asked).scalar()


def mark_of(connection: Connection, district: str, rule_id: str) -> str:
    """A short text that changes with every version of a rule that is written, replaced or taken back."""
    v = rule_version.c
    asked = select(v.row_id, v.superseded_at.is_(None)).where(v.district_code == district, v.rule_id == rule_id).order_by(v.row_id)
    told = "|".join(f"{row_id} {bool(is_current)}" for row_id, is_current in connection.execute(asked))
    return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


def last_change(connection: Connection, district: str, rule_id: str) -> tuple[str, dt.datetime] | None:
    """Who last wrote or took back a version of a rule, and when."""
    v, b = rule_version, import_batch
    asked = (
        select(b.c.actor_name, v.c.recorded_at)
        .select_from(v.join(b, (b.c.district_code == v.c.district_code) & (b.c.id == v.c.batch_id)))
        .where(v.c.district_code == district, v.c.rule_id == rule_id)
        .order_by(v.c.recorded_at.desc(), v.c.row_id.desc())
        .limit(1)
    )
    found = connection.execute(asked).first()
    return None if found is None else (found.actor_name, found.recorded_at)


def refuse_carried_on(connection: Connection, district: str, batch_id: str) -> None:
    """Refuse to take a version of a rule back while a later one has values from it.

    A version holds everything that differs from the shipped rule, what it took from the version below it too. Taken
    back alone, the values of the earlier one would go on in the later one from its day, and nobody would have decided so.

    Raises:
        ImportRefused: names the later version, who wrote it and the values.
    """
    v = rule_version.c
    mine = connection.execute(_versions(district).where(v.batch_id == batch_id, v.superseded_at.is_(None))).first()
    if mine is None or mine.rule_id not in shipped():
        return
    others = connection.execute(_versions(district).where(v.rule_id == mine.rule_id, v.batch_id != batch_id).order_by(v.valid_from)).all()
    current = [one for one in others if one.superseded_at is None]
    rule = shipped()[mine.rule_id]
    under, own = with_changes(rule, _below(mine, others, current)), with_changes(rule, mine.content or {})
    # One that is older than this version was not laid over it, and nothing after it was.
    for one in takewhile(lambda other: (other.taken_at, other.batch_id) > (mine.taken_at, batch_id), (one for one in current if one.valid_from > mine.valid_from)):
        if kept := brought(rule, under, own, with_changes(rule, one.content or {})):
            raise ImportRefused(
                N_("{day} 起的版本（{who}：{reason}）沿用了这次修改的 {fields}：请先撤销那个版本，或在那个版本里改掉这些数值，再撤销这一次。"),
                day=one.valid_from.isoformat(), who=Term(one.actor_name), reason=one.reason or "", fields=tuple(Term(FIELDS[name]) for name in kept),
            )


def _versions(district: str):
    v, b = rule_version, import_batch
    return (
        select(v.c.rule_id, v.c.id, v.c.content, v.c.valid_from, v.c.reason, v.c.superseded_at, v.c.batch_id, b.c.taken_at, b.c.actor_name)
        .select_from(v.join(b, (b.c.district_code == v.c.district_code) & (b.c.id == v.c.batch_id)))
        .where(v.c.district_code == district)
    )


def _below(mine: Row, others: Sequence[Row], current: Sequence[Row]) -> dict:
    """What would hold on the version's first day without it: what it replaced, else the version before."""
    replaced = [one for one in others if one.id == mine.id and one.superseded_at == mine.taken_at]
    before = [one for one in current if one.valid_from < mine.valid_from]
    found = replaced or before
    return (found[-1].content or {}) if found else {}
