"""The visits that may have discharged a duty last, whatever their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, select

from data_access.database import Database
from data_access.schema import patrol_visit
from data_access.scope import known, within
from data_access.visit_columns import visit_columns
from rules.discharge import VisitLine
from rules.request import Filters, Scope

MOST_KEYS = 1_000
COLUMNS = ("id", "day", "grid_code", "target_id", "mode", "access")


def last_visits(
    database: Database, filters: Filters, scope: Scope, grid_modes: frozenset[str], target_modes: frozenset[str]
) -> pd.DataFrame | VisitLine:
    """The visits that decide what was seen last: all of them, or few where a district has very many.

    Where the scope's visits are held as arrays (``visit_columns``) they are given in line. Else it is
    every visit of the last day of each grid and of each target, and more where that day cannot decide.
    A place is seen whoever went there: visits of every agency count, whatever agencies the scope is
    narrowed to; its areas hold. Where the last day holds a visit that some rule does not take (nobody
    could get in, or another mode), every visit of that grid or target is read.

    Args:
        grid_modes: the modes that every rule about grids takes.
        target_modes: the modes that every rule about anything else takes.

    Returns:
        frame of ``COLUMNS``, each visit once; ``rules.discharge`` gives the same answer from it as
        from all visits up to the day. What is given in line is shared, never to be changed.
    """
    wide = replace(scope, agencies=())
    columns = visit_columns(database, filters, wide)
    if columns is not None:
        return columns.line
    found = [_of_last_day(database, filters, wide, name) for name in ("grid_code", "target_id")]
    grids, targets = found
    passed = ~grids["access"].fillna(True).astype("bool") | ~grids["mode"].isin(grid_modes)
    unsure = ~targets["access"].fillna(True).astype("bool") | ~targets["mode"].isin(target_modes)
    found += [_all_of(database, filters, wide, "grid_code", some) for some in _chunks(grids.loc[passed, "grid_code"].unique())]
    found += [_all_of(database, filters, wide, "target_id", some) for some in _chunks(targets.loc[unsure, "target_id"].unique())]
    parts = [rows for rows in found if len(rows)]
    every = pd.concat(parts, ignore_index=True) if parts else found[0]
    return every.drop_duplicates("id", ignore_index=True)


def _of_last_day(database: Database, filters: Filters, scope: Scope, key: str) -> pd.DataFrame:
    v = patrol_visit
    last = (
        select(v.c[key].label("key"), func.max(v.c.day).label("day"))
        .where(_seen(filters, scope), v.c[key].is_not(None))
        .group_by(v.c[key])
        .subquery()
    )
    # An outer join whose conditions all stand in ON: SQLite then begins with the few last days and
    # looks each visit up, where it would otherwise read every visit.
    same = and_(v.c[key] == last.c.key, v.c.day == last.c.day, _visible(filters, scope))
    found = database.frame(select(*(v.c[name] for name in COLUMNS)).select_from(last.outerjoin(v, same)))
    return found[found["id"].notna()].reset_index(drop=True)


def _all_of(database: Database, filters: Filters, scope: Scope, key: str, wanted: list[str]) -> pd.DataFrame:
    v = patrol_visit
    return database.frame(select(*(v.c[name] for name in COLUMNS)).where(_seen(filters, scope), v.c[key].in_(wanted)))


def _seen(filters: Filters, scope: Scope) -> ColumnElement[bool]:
    return and_(_visible(filters, scope), patrol_visit.c.day <= filters.as_of)


def _visible(filters: Filters, scope: Scope) -> ColumnElement[bool]:
    v = patrol_visit
    return and_(known(v, filters.known_at), within(v, scope, known_at=filters.known_at))


def _chunks(ids: Iterable[str]) -> list[list[str]]:
    every = list(ids)
    return [every[first : first + MOST_KEYS] for first in range(0, len(every), MOST_KEYS)]
