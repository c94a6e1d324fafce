"""The day each grid, site, construction site or person was last visited, as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd
from sqlalchemy import ColumnElement, func, select

from data_access.database import Database
from data_access.schema import area, patrol_visit
from data_access.scope import known, within
from rules.grid_state import inherited
from rules.request import Filters, Scope

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
    found = _last(database, filters, scope, patrol_visit.c.grid_code, wanted)
    return inherited(found, before).reindex(codes)


def last_visits_of_targets(database: Database, filters: Filters, scope: Scope, ids: Iterable[str]) -> pd.Series:
    """The last visit whose target each site, construction site or person was.

    Returns:
        Day (datetime64[s], NaT where none) by id, in the order of ``ids``.
    """
    return _last(database, filters, scope, patrol_visit.c.target_id, pd.Index(ids, name="id"))


def predecessors(database: Database, scope: Scope, day: dt.date) -> dict[str, tuple[str, ...]]:
    """Grid code to the codes of the grids it was cut or merged from, as far as that had happened by a day."""
    rows = database.frame(
        select(area.c.code, area.c.predecessors).where(
            area.c.district_code == scope.district, area.c.level == "grid", known(area, None),
            area.c.predecessors.is_not(None), area.c.valid_from <= day,
        )
    )  # fmt: skip
    return {code: tuple(before) for code, before in zip(rows["code"], rows["predecessors"], strict=True) if before}


def _last(database: Database, filters: Filters, scope: Scope, key: ColumnElement, wanted: pd.Index) -> pd.Series:
    v, until = patrol_visit, filters.as_of
    seen = [known(v, filters.known_at), within(v, scope, known_at=filters.known_at)]
    since = until - dt.timedelta(days=max(RECENT_DAYS, filters.cycle_days))
    asked = select(key.label("key"), func.max(v.c.day).label("day")).where(*seen, key.is_not(None)).group_by(key)
    recent = database.frame(asked.where(v.c.day >= since, v.c.day <= until)).set_index("key")["day"]
    rest = wanted.difference(recent.index, sort=False)
    parts = [recent]
    for begin in range(0, len(rest), 500):
        some = rest[begin : begin + 500].tolist()
        parts.append(database.frame(asked.where(key.in_(some), v.c.day < since)).set_index("key")["day"])
    found = pd.concat([part for part in parts if len(part)] or parts[:1])
    return found.reindex(wanted).astype("datetime64[s]")
