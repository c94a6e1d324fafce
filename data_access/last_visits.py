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
from data_access.visit_columns import visit_columns
from rules.grid_state import inherited
from rules.request import Filters, Scope

MOST_KEYS = 1_000
RECENT_DAYS = 45
"""Days looked through first; only what was not visited in them is looked up further back."""


def last_visits_of_grids(database: Database, filters: Filters, scope: Scope, codes: Iterable[str]) -> pd.Series:
    """The last visit located in each grid on which one got in (of any kind), a successor inheriting its predecessors'.

    Returns:
        Day (datetime64[s], NaT where none) by grid code, in the order of ``codes``.
    """
    codes = pd.Index(codes, name="code")
    before = predecessors(database, scope, filters.as_of, known_at=filters.known_at)
    older = {code for found in before.values() for code in found}
    wanted = codes.union(pd.Index(sorted(older)), sort=False) if len(older) else codes
    columns = visit_columns(database, filters, scope)
    if columns is not None:
        days = columns.last_days("patrolled", filters.as_of).reindex(wanted)
        return inherited(days, before).reindex(codes)
    since = filters.as_of - dt.timedelta(days=max(RECENT_DAYS, filters.cycle_days))
    recent = _recent(database, filters, scope, since)
    rest = [code for code in wanted if code not in recent]
    older_days = _older(database, filters, scope, rest, since - dt.timedelta(days=1))
    return inherited(_days(recent | older_days, wanted), before).reindex(codes)


def last_visits_of_targets(database: Database, filters: Filters, scope: Scope, ids: Iterable[str]) -> pd.Series:
    """The last visit whose target each site, construction site or person was, and on which one got in.

    Returns:
        Day (datetime64[s], NaT where none) by id, in the order of ``ids``.
    """
    index = pd.Index(ids, name="id", dtype="str")
    columns = visit_columns(database, filters, scope)
    if columns is not None:
        return columns.last_days("target_id", filters.as_of).reindex(index)
    v = patrol_visit
    asked = select(v.c.target_id, func.max(v.c.day)).where(
        v.c.day <= filters.as_of, known(v, filters.known_at), within(v, scope, known_at=filters.known_at),
        v.c.target_id.is_not(None), v.c.access.is_not(False),
    ).group_by(v.c.target_id)  # fmt: skip
    version = versions(database, scope.district)

    def last() -> pd.Series:
        with database.read() as connection:
            rows = connection.execute(asked).all()
        return _days(dict(rows), pd.Index([row[0] for row in rows], dtype="str"))

    # Sites, construction sites and people of one screen share one look at the visits.
    key = ("last visits", filters.as_of, filters.known_at, scope, tuple(sorted(version.items())))
    return database.recent.get(key, last).reindex(index)


def predecessors(
    database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None
) -> dict[str, tuple[str, ...]]:
    """Grid code to the codes of the grids it was cut or merged from, as far as that had happened by a day."""
    version = versions(database, scope.district)["area"]

    def cuts() -> list[tuple[str, dt.date, tuple[str, ...]]]:
        rows = database.frame(
            select(area.c.code, area.c.valid_from, area.c.predecessors).where(
                area.c.district_code == scope.district, area.c.level == "grid", known(area, known_at),
                area.c.predecessors.is_not(None),
            )
        )  # fmt: skip
        return [(row.code, row.valid_from.date(), tuple(row.predecessors)) for row in rows.itertuples() if row.predecessors]

    made = database.kept.get(("predecessors", scope.district, version, known_at), cuts)
    return {code: before for code, since, before in made if since <= day}


def _older(
    database: Database, filters: Filters, scope: Scope, codes: list[str], until: dt.date
) -> dict[str, dt.date]:
    v, days = patrol_visit, {}
    asked = select(v.c.grid_code, func.max(v.c.day)).where(
        v.c.day <= until, known(v, filters.known_at), within(v, scope, known_at=filters.known_at), v.c.access.is_not(False)
    ).group_by(v.c.grid_code)  # fmt: skip
    with database.read() as connection:
        for begin in range(0, len(codes), MOST_KEYS):
            some = codes[begin : begin + MOST_KEYS]
            days.update(connection.execute(asked.where(v.c.grid_code.in_(some))).all())
    return days


def _days(days: dict[str, dt.date], index: pd.Index) -> pd.Series:
    values = [days.get(one) for one in index]
    return pd.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[s]"), index=index)


def _recent(database: Database, filters: Filters, scope: Scope, since: dt.date) -> dict[str, dt.date]:
    v = patrol_visit
    grid = by_day(v.c.grid_code)
    asked = select(grid, func.max(v.c.day)).where(
        v.c.day >= since, v.c.day <= filters.as_of, known(v, filters.known_at), v.c.access.is_not(False),
        within(v, scope, known_at=filters.known_at),
    ).group_by(grid)  # fmt: skip
    with database.read() as connection:
        return dict(connection.execute(asked).all())


def by_day(key: ColumnElement) -> ColumnElement:
    """A key to group a period's visits by: as an expression, it keeps SQLite on the index by day."""
    return func.coalesce(key, "")
