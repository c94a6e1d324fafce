"""The day each grid, site, construction site or person was last visited, as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, func, select

from data_access.database import Database
from data_access.schema import area, patrol_visit
from data_access.scope import known, within
from data_access.versions import versions
from rules.grid_state import inherited
from rules.request import Filters, Scope

MOST_KEYS = 1_000
RECENT_DAYS = 45
"""Days looked through first; only what was not visited in them is looked up further back."""


def last_visits_of_grids(database: Database, filters: Filters, scope: Scope, codes: Iterable[str]) -> pd.Series:
    """The last visit located in each grid (of any kind), a successor inheriting its predecessors'.

    Returns:
        Day (datetime64[s], NaT where none) by grid code, in the order of ``codes``.
    """
    codes = pd.Index(codes, name="code")
    before = predecessors(database, scope, filters.as_of)
    older = {code for found in before.values() for code in found}
    wanted = codes.union(pd.Index(sorted(older)), sort=False) if len(older) else codes
    since = filters.as_of - dt.timedelta(days=max(RECENT_DAYS, filters.cycle_days))
    recent = _recent(database, filters, scope, since)
    rest = pd.Index([code for code in wanted if code not in recent])
    found = _last(database, filters, scope, patrol_visit.c.grid_code, wanted, rest, recent, since - dt.timedelta(days=1))
    return inherited(found, before).reindex(codes)


def last_visits_of_targets(database: Database, filters: Filters, scope: Scope, ids: Iterable[str]) -> pd.Series:
    """The last visit whose target each site, construction site or person was.

    Returns:
        Day (datetime64[s], NaT where none) by id, in the order of ``ids``.
    """
    wanted = pd.Index(ids, name="id")
    return _last(database, filters, scope, patrol_visit.c.target_id, wanted, wanted)


def predecessors(database: Database, scope: Scope, day: dt.date) -> dict[str, tuple[str, ...]]:
    """Grid code to the codes of the grids it was cut or merged from, as far as that had happened by a day."""
    version = versions(database, scope.district)["area"]

    def cuts() -> list[tuple[str, dt.date, tuple[str, ...]]]:
        rows = database.frame(
            select(area.c.code, area.c.valid_from, area.c.predecessors).where(
                area.c.district_code == scope.district, area.c.level == "grid", known(area, None),
                area.c.predecessors.is_not(None),
            )
        )  # fmt: skip
        return [(row.code, row.valid_from.date(), tuple(row.predecessors)) for row in rows.itertuples() if row.predecessors]

    made = database.kept.get(("predecessors", scope.district, version), cuts)
    return {code: before for code, since, before in made if since <= day}


def _last(
    database: Database, filters: Filters, scope: Scope, key: ColumnElement, wanted: pd.Index, rest: pd.Index,
    found: dict[str, dt.date] | None = None, before: dt.date | None = None,
) -> pd.Series:  # fmt: skip
    v, until = patrol_visit, before or filters.as_of
    days: dict[str, dt.date] = {} if found is None else dict(found)
    asked = select(key, func.max(v.c.day)).where(
        v.c.day <= until, known(v, filters.known_at), within(v, scope, known_at=filters.known_at)
    ).group_by(key)
    with database.read() as connection:
        for begin in range(0, len(rest), MOST_KEYS):
            some = rest[begin : begin + MOST_KEYS].tolist()
            days.update(connection.execute(asked.where(key.in_(some))).all())
    values = [days.get(one) for one in wanted]
    return pd.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[s]"), index=wanted)


def _recent(database: Database, filters: Filters, scope: Scope, since: dt.date) -> dict[str, dt.date]:
    v = patrol_visit
    grid = by_day(v.c.grid_code)
    asked = select(grid, func.max(v.c.day)).where(
        v.c.day >= since, v.c.day <= filters.as_of, known(v, filters.known_at),
        within(v, scope, known_at=filters.known_at),
    ).group_by(grid)  # fmt: skip
    with database.read() as connection:
        return dict(connection.execute(asked).all())


def by_day(key: ColumnElement) -> ColumnElement:
    """A key to group a period's visits by: as an expression, it keeps SQLite on the index by day."""
    return func.coalesce(key, "")
