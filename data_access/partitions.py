"""Keeps a month's visits in a partition of their own on PostgreSQL; SQLite has one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.engine import Connection

LOCK = 7_032_023
"""Number of the advisory lock under which partitions are made: two imports must not race."""


def ensure_partitions(connection: Connection, days: Iterable[dt.date]) -> list[str]:
    """Make the partitions of ``patrol_visit`` that rows of these days need, before they go in.

    Rows of a month that lie in the default partition already move to the new one.

    Args:
        connection: the writer's open transaction.
        days: days of the rows; empty, or SQLite: nothing is made.

    Returns:
        Names of the partitions made now.
    """
    months = sorted({day.replace(day=1) for day in days})
    if connection.dialect.name != "postgresql" or not months:
        return []
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    asked = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = :t ::regclass")
    there = set(connection.execute(asked, {"t": "patrol_visit"}).scalars())
    made = [month for month in months if _name(month) not in there]
    for month in made:
        _make(connection, month)
    return [_name(month) for month in made]


def _make(connection: Connection, month: dt.date) -> None:
    name, after = _name(month), (month + dt.timedelta(days=32)).replace(day=1)
    bounds = f"day >= '{month.isoformat()}' AND day < '{after.isoformat()}'"
    for statement in (
        f"CREATE TABLE {name} (LIKE patrol_visit INCLUDING DEFAULTS)",
        f"WITH moved AS (DELETE FROM patrol_visit_default WHERE {bounds} RETURNING *)"
        f" INSERT INTO {name} SELECT * FROM moved",
        f"ALTER TABLE patrol_visit ATTACH PARTITION {name}"
        f" FOR VALUES FROM ('{month.isoformat()}') TO ('{after.isoformat()}')",
    ):
        connection.execute(text(statement))


def _name(month: dt.date) -> str:
    return f"patrol_visit_{month:%Y_%m}"
