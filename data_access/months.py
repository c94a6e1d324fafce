"""The months up to a day, and the coverage at the end of each."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Integer, cast, literal, select, union_all

from data_access.areas import places
from data_access.cycles import with_cycle
from data_access.database import Database
from data_access.last_visits import by_day, predecessors
from data_access.narrowing import inside
from data_access.schema import patrol_visit
from data_access.scope import known, within
from data_access.visit_columns import visit_columns
from rules.grid_state import ancestors
from rules.request import Filters, Scope


def month_starts(as_of: dt.date, months: int) -> list[pd.Timestamp]:
    """The first days of the last ``months`` months, the month of ``as_of`` last."""
    last = pd.Timestamp(as_of).replace(day=1)
    return [stamp.as_unit("s") for stamp in pd.date_range(end=last, periods=months, freq="MS")]


def coverage_at(database: Database, filters: Filters, scope: Scope, starts: list[pd.Timestamp]) -> list[float]:
    """网格按期巡查率 at the end of each month: grids visited within the cycle / all grids of that day.

    按期 and 临期 together are a last visit at most a cycle ago (DESIGN 12), whatever came later. A
    successor counts when its predecessor was visited.

    Returns:
        One value a month, 0..1, NaN where there were no grids.
    """
    filters = with_cycle(database, filters, scope)
    ends = [min((start + pd.offsets.MonthEnd(0)).date(), filters.as_of) for start in starts]
    visited = _visited(database, filters, scope, ends)
    before = ancestors(predecessors(database, scope, filters.as_of, known_at=filters.known_at))
    found = []
    for place, end in enumerate(ends):
        codes = inside(places(database, scope, end, "grid", known_at=filters.known_at), filters, scope)["code"]
        there = visited.get(place, set())
        seen = codes.isin(there)
        heirs = [code in before and not before[code].isdisjoint(there) for code in codes[~seen]] if before else []
        found.append((int(seen.sum()) + sum(heirs)) / len(codes) if len(codes) else float("nan"))
    return found


def _visited(database: Database, filters: Filters, scope: Scope, ends: list[dt.date]) -> dict[int, set[str]]:
    """The grids visited within the cycle up to each of some days, by the place of the day."""
    cycle = dt.timedelta(days=filters.cycle_days)
    columns = visit_columns(database, filters, scope)
    if columns is not None:
        return {place: columns.visited("patrolled", end - cycle, end) for place, end in enumerate(ends)}
    v = patrol_visit
    seen = [known(v, filters.known_at), within(v, scope, known_at=filters.known_at), v.c.access.is_not(False)]
    grid = by_day(v.c.grid_code)
    windows = [
        select(cast(literal(place), Integer).label("place"), grid.label("grid_code"))
        .where(*seen, v.c.day >= end - cycle, v.c.day <= end)
        .group_by(grid)
        for place, end in enumerate(ends)
    ]
    return database.frame(union_all(*windows)).groupby("place")["grid_code"].agg(set).to_dict()
