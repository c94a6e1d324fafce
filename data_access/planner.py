"""Tells PostgreSQL how much lies in a table that was just filled, so that it plans by what is there."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.engine import Connection

MANY_ROWS = 500
"""Fewer new rows than this change no plan."""


def tell_planner(connection: Connection, tables: Iterable[str]) -> None:
    """Have the planner's counts of some tables made again, within the transaction that filled them.

    PostgreSQL counts by itself, but up to minutes later, and never where autovacuum is off: until
    then it takes the tables for empty, and a question over a whole district's registers was seen to
    run for more than ten minutes. SQLite plans by its indexes alone; nothing is done there.
    """
    if connection.dialect.name == "postgresql":
        for name in tables:
            connection.exec_driver_sql(f'ANALYZE "{name}"')
