"""The feeds: when each last brought rows, how often it should, whether it is late."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from data_access.database import Database
from data_access.schema import import_batch, source
from data_access.versions import versions
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
    version = versions(database, scope.district)["source"]
    shown, taken = database.kept.get(("sources", scope.district, version), lambda: _read(database, scope.district))
    at = pd.Timestamp(now)
    came = (taken["taken_at"] <= at) & (taken["undone_at"].isna() | (taken["undone_at"] > at))
    last = taken[came].drop_duplicates("source_code", keep="last").set_index("source_code")["taken_at"]
    found = shown.assign(last_taken_at=last.reindex(shown["code"]).array)
    hours = found["expected_every_hours"].astype("float64")
    age_hours = (at - found["last_taken_at"]).dt.total_seconds() / 3600
    found["late"] = (hours.notna() & (age_hours.isna() | (age_hours > hours))).astype(bool)
    return found[list(COLUMNS)]


def _read(database: Database, district: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sources that are shown, and every import of one by the instant it was taken."""
    s, b = source.c, import_batch.c
    shown = database.frame(select(s.code, s.name, s.kind, s.expected_every_hours).where(s.district_code == district, s.shown))
    taken = database.frame(select(b.source_code, b.taken_at, b.undone_at).where(b.district_code == district, b.source_code.is_not(None)))
    # Sorted here: the two databases sort Chinese texts differently.
    shown = shown.sort_values(["name", "code"], ignore_index=True)
    return shown.astype({"expected_every_hours": "Int64"}), taken.sort_values("taken_at", kind="stable", ignore_index=True)


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
