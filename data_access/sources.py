"""The feeds: when each last brought rows, how often it should, whether it is late."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from data_access.database import Database
from data_access.schema import import_batch, source
from rules.request import Scope

COLUMNS = ("code", "name", "kind", "last_taken_at", "late", "expected_every_hours")


def sources(database: Database, scope: Scope, now: dt.datetime) -> pd.DataFrame:
    """The sources shown on screen with their age at an instant, ordered by name.

    Args:
        now: the instant asked about, with its time zone; later imports are not seen.

    Returns:
        ``code``, ``name``, ``kind``, ``last_taken_at`` (instant, UTC; NaT before the first),
        ``late`` (bool: longer ago than expected, or never), ``expected_every_hours`` (hours, <NA>
        where no rhythm is expected: never late).
    """
    counted = or_(import_batch.c.undone_at.is_(None), import_batch.c.undone_at > now)
    last = (
        select(import_batch.c.source_code, func.max(import_batch.c.taken_at).label("last_taken_at"))
        .where(
            import_batch.c.district_code == scope.district,
            import_batch.c.taken_at <= now,
            counted,
        )
        .group_by(import_batch.c.source_code)
        .subquery()
    )
    asked = (
        select(
            source.c.code,
            source.c.name,
            source.c.kind,
            last.c.last_taken_at,
            source.c.expected_every_hours,
        )
        .select_from(source.outerjoin(last, last.c.source_code == source.c.code))
        .where(and_(source.c.district_code == scope.district, source.c.shown))
    )
    # Sorted here: the two databases sort Chinese texts differently.
    found = database.frame(asked).sort_values(["name", "code"], ignore_index=True)
    found["expected_every_hours"] = found["expected_every_hours"].astype("Int64")
    hours = found["expected_every_hours"].astype("float64")
    age_hours = (pd.Timestamp(now) - found["last_taken_at"]).dt.total_seconds() / 3600
    found["late"] = (hours.notna() & (age_hours.isna() | (age_hours > hours))).astype(bool)
    return found[list(COLUMNS)]


def register_source(
    connection: Connection,
    district: str,
    code: str,
    *,
    name: str,
    kind: str,
    expected_every_hours: int | None = None,
    shown: bool = True,
) -> None:
    """Add a source or change it; ``raise_versions(..., ["source"], ...)`` is the caller's.

    Args:
        kind: the import kind that it brings.
        expected_every_hours: hours between two deliveries; None where no rhythm is expected.
    """
    row = _insert(connection, district, code, name, kind).values(
        expected_every_hours=expected_every_hours, shown=shown
    )
    changed = {c: row.excluded[c] for c in ("name", "kind", "expected_every_hours", "shown")}
    connection.execute(
        row.on_conflict_do_update(index_elements=["district_code", "code"], set_=changed)
    )


def ensure_source(
    connection: Connection, district: str, code: str, *, name: str, kind: str
) -> None:
    """Add a source that an import names for the first time; a known one stays as it is."""
    row = _insert(connection, district, code, name, kind).values(shown=True)
    connection.execute(row.on_conflict_do_nothing(index_elements=["district_code", "code"]))


def _insert(
    connection: Connection, district: str, code: str, name: str, kind: str
) -> sqlite.Insert | postgresql.Insert:
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    return dialect.insert(source).values(district_code=district, code=code, name=name, kind=kind)
