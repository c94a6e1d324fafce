"""Counts the changes of each group of tables: part of every cache key, and what screens poll."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from data_access.database import Database
from data_access.migrations import head
from data_access.schema import GROUP_OF, data_version

GROUPS = tuple(sorted(set(GROUP_OF.values())))


def versions(database: Database, district: str) -> dict[str, int]:
    """How often each group of tables has changed; every group is there, 0 before its first."""

    def counted() -> dict[str, int]:
        with database.read() as connection:
            return versions_on(connection, district)

    return database.once(("versions", district), counted)


def versions_on(connection: Connection, district: str) -> dict[str, int]:
    """The same over a connection that is already open."""
    asked = select(data_version.c.group, data_version.c.counter).where(
        data_version.c.district_code == district
    )
    return dict.fromkeys(GROUPS, 0) | dict(connection.execute(asked).all())


def revision(database: Database, district: str, today: dt.date) -> str:
    """Twelve characters that change whenever any answer may: data, structure or day."""
    parts = [head(), district, today.isoformat()]
    parts += [
        f"{group}={counter}" for group, counter in sorted(versions(database, district).items())
    ]
    return hashlib.blake2b("|".join(parts).encode(), digest_size=6).hexdigest()


def wait_for_turn(connection: Connection, district: str) -> None:
    """Let one writer of a district read and write at a time, until its transaction ends.

    For who decides by what is current. On SQLite every writer has the file to itself already; on
    PostgreSQL a second one waits here, and then reads what the first one wrote.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"onemap:{district}", 0))))


def raise_versions(
    connection: Connection, district: str, tables: Iterable[str], now: dt.datetime
) -> None:
    """Count one change of every group that the tables belong to, inside the writer's transaction.

    Args:
        tables: names of the tables written, keys of ``schema.GROUP_OF``.
        now: the instant of the change, with its time zone.
    """
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    for group in sorted({GROUP_OF[table] for table in tables}):
        row = dialect.insert(data_version).values(
            district_code=district, group=group, counter=1, changed_at=now
        )
        connection.execute(
            row.on_conflict_do_update(
                index_elements=["district_code", "group"],
                set_={"counter": data_version.c.counter + 1, "changed_at": row.excluded.changed_at},
            )
        )
