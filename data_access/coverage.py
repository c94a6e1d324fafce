"""Coverage: the state of every grid on a day, and what share of grids and key places was kept in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import case as choose
from sqlalchemy import func, literal, select

from data_access.areas import places
from data_access.columns import Code
from data_access.construction import construction_sites
from data_access.cycles import with_cycle
from data_access.database import Database
from data_access.last_visits import by_day, last_visits_of_grids
from data_access.narrowing import asked_agencies, by_agencies, in_period, inside, last_day
from data_access.people import listed_people
from data_access.registers import narrowed, shared
from data_access.schema import patrol_visit
from data_access.scope import known, within
from data_access.sites import sites
from data_access.visit_columns import visit_columns
from rules.cycles import COVERAGE_TARGET
from rules.event_line import days_of, days_since
from rules.grid_state import grid_state
from rules.ratio import missing_to_target, ratio
from rules.request import Filters, Scope
from rules.revisit import seen_within_cycle

GRID_COLUMNS = (
    "code", "name", "street_code", "neighbourhood_code", "last_visit", "days", "state",
    "visits_in_period", "finding_in_period",
)  # fmt: skip
FINDINGS = ("unvisited", "none", "suspect", "confirmed")
_LEVEL_COLUMN = {"street": "street_code", "neighbourhood": "neighbourhood_code"}


def grid_states(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every grid of the scope on the day asked about (DESIGN 12, Grid state).

    Any visit located in the grid counts for its state, whatever its kind or agency; a scope
    narrowed to agencies sees what its own visits show. ``visits_in_period`` is narrowed to the
    agencies, the state is not. Who could not get in (进不去) has patrolled nothing: such a visit counts
    in 户次 alone.

    Returns:
        ``GRID_COLUMNS``, by code: last_visit (NaT where never), days since it (Int64), state (ok,
        due, over, never), visits_in_period (户次), finding_in_period (the gravest: unvisited, none,
        suspect, confirmed). No grids: no rows.
    """
    filters = with_cycle(database, filters, scope)
    return shared(database, filters, scope, "grid states", lambda: _grid_states(database, filters, scope))


def _grid_states(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    asked = filters.of_day().with_(agency=None, system=None)
    found = shared(database, asked, scope, "states of the day", lambda: _states_of_day(database, asked, scope))
    period = _visits_by(database, filters, scope, "grid_code").reindex(found["code"])
    found["visits_in_period"] = period["visits"].fillna(0).to_numpy("int64")
    rank = period["finding"].fillna(0).to_numpy("int64")
    found["finding_in_period"] = pd.Series(np.array(FINDINGS, dtype=object)[rank], dtype="str", index=found.index)
    return found[list(GRID_COLUMNS)]


def _states_of_day(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    found = inside(places(database, scope, filters.as_of, "grid", known_at=filters.known_at), filters, scope)
    visited = days_of(last_visits_of_grids(database, filters, scope, found["code"]))
    found["last_visit"] = visited.astype("datetime64[s]")
    found["days"] = days_since(visited, filters.as_of)
    found["state"] = grid_state(found["days"], filters.cycle_days)
    return found


def coverage(
    database: Database, filters: Filters, scope: Scope, by: str = "street", *, target: float = COVERAGE_TARGET
) -> pd.DataFrame:
    """网格按期巡查率, 期内巡查率 and 重点场所巡查率 by street, by neighbourhood or of the district.

    Totals of streets and of the district are published indicators: every scope gets all of them,
    and ``filters.area`` does not narrow them (a rank is among all). Neighbourhoods are those of
    the scope, in the area asked about.

    Args:
        by: ``street``, ``neighbourhood`` or ``district``.
        target: share of grids that ``missing_to_target`` counts up to, 0..1.

    Returns:
        One row an area, by code: code, name; grids; ok, due, over, never; n (ok + due);
        coverage = n / grids; missing_to_target (grids); visited_in_period and period_coverage;
        visits (户次) and visits_per_grid; key_n of key_N key places seen within their own cycle
        (sites not cleared, construction sites under way, listed people still active) and
        key_coverage; rank (1 is best, Int64). Ratios are 0..1, NaN where the denominator is 0.
    """
    if by not in {"street", "neighbourhood", "district"}:
        raise ValueError(f"by: expected street, neighbourhood or district, found {by!r}")
    wide, asked = scope, filters
    if by != "neighbourhood":
        wide, asked = replace(scope, areas=(), agencies=()), filters.with_(area=None)
    units = inside(places(database, scope, filters.as_of, by, known_at=filters.known_at), asked, wide)
    codes = pd.Index(units["code"])
    if by == "neighbourhood" and not (scope.areas or scope.agencies):
        # The streets beside them are drawn of the whole district: the same answers, cut to the area.
        every = filters.with_(area=None)
        grids, key = inside(grid_states(database, every, scope), filters, scope), narrowed(key_places(database, every, scope), filters, scope)
    else:
        grids, key = grid_states(database, asked, wide), key_places(database, asked, wide)
    visits = _visits_by(database, asked, wide, _LEVEL_COLUMN.get(by)).reindex(codes if by != "district" else [""])

    def count(rows: pd.DataFrame, mask: pd.Series | None = None) -> np.ndarray:
        kept = rows if mask is None else rows[mask]
        if by == "district":
            return np.full(len(codes), len(kept), dtype="int64")
        place = codes.get_indexer(pd.Index(kept[_LEVEL_COLUMN[by]]))
        return np.bincount(place[place >= 0], minlength=len(codes)).astype("int64")

    found = pd.DataFrame(
        {
            "code": units["code"],
            "name": units["name"],
            "grids": count(grids),
            **{state: count(grids, grids["state"] == state) for state in ("ok", "due", "over", "never")},
            "visited_in_period": count(grids, grids["finding_in_period"] != "unvisited"),
            "visits": visits["visits"].fillna(0).to_numpy("int64")[: len(codes)],
            "key_n": count(key, key["seen"]),
            "key_N": count(key),
        }
    )
    return _with_ratios(found, target)


def key_places(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every key place (重点场所): sites not cleared, construction sites under way, people still active.

    Returns:
        frame[kind, id, street_code, neighbourhood_code, grid_code, state, due_on, seen]: kind is
        site, construction or subject; seen is whether it was seen within its own cycle.
    """
    asked = filters.of_day().with_(agency=None, system=None)
    return shared(database, asked, scope, "key places", lambda: _key_places(database, asked, scope))


def _key_places(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    columns = ("id", "street_code", "neighbourhood_code", "grid_code", "state", "due_on")
    parts = {
        "site": sites(database, filters, scope), "construction": construction_sites(database, filters, scope), "subject": listed_people(database, filters, scope),
    }  # fmt: skip
    bound = {kind: np.flatnonzero(found["state"].to_numpy(object) != "") for kind, found in parts.items()}
    made: dict[str, object] = {"kind": pd.array(np.repeat(np.array(list(parts), dtype=object), [len(rows) for rows in bound.values()]), dtype="str")}
    for name in columns:
        values = [found[name].to_numpy("datetime64[s]" if name == "due_on" else object)[bound[kind]] for kind, found in parts.items()]
        made[name] = np.concatenate(values) if name == "due_on" else pd.array(np.concatenate(values), dtype="str")
    every = pd.DataFrame(made)
    return every.assign(seen=seen_within_cycle(every["state"]))


def _visits_by(database: Database, filters: Filters, scope: Scope, group: str | None) -> pd.DataFrame:
    """户次 and gravest finding (index of ``FINDINGS``) of the period by an area column, or in all."""
    agencies = asked_agencies(database, filters, scope)
    columns = visit_columns(database, filters, scope)
    if columns is not None:
        rows = columns.between(filters.start, last_day(filters))
        return columns.sums(group, rows, columns.chosen(rows, "agency_code", agencies))
    v = patrol_visit
    gravity = choose((v.c.access.is_(False), 0), (v.c.finding == "confirmed", 3), (v.c.finding == "suspect", 2), else_=1)
    key = literal("", Code) if group is None else by_day(v.c[group])
    asked = select(key, func.sum(v.c.visits), func.max(gravity)).where(
        known(v, filters.known_at), within(v, scope, known_at=filters.known_at), in_period(v.c.day, filters),
        *by_agencies(v.c.agency_code, agencies),
    )  # fmt: skip
    with database.read() as connection:
        rows = connection.execute(asked if group is None else asked.group_by(key)).all()
    codes, visits, finding = zip(*rows, strict=True) if rows else ((), (), ())
    numbers = {"visits": [value or 0 for value in visits], "finding": [value or 0 for value in finding]}
    return pd.DataFrame(numbers, index=pd.Index(codes, dtype="str"), dtype="int64")


def _with_ratios(found: pd.DataFrame, target: float) -> pd.DataFrame:
    found["n"] = found["ok"] + found["due"]
    found["coverage"] = ratio(found["n"], found["grids"])
    missing = [missing_to_target(n, grids, target) for n, grids in zip(found["n"], found["grids"], strict=True)]
    found["missing_to_target"] = pd.Series(missing, dtype="int64", index=found.index)
    found["period_coverage"] = ratio(found["visited_in_period"], found["grids"])
    found["visits_per_grid"] = ratio(found["visits"], found["grids"])
    found["key_coverage"] = ratio(found["key_n"], found["key_N"])
    found["rank"] = found["coverage"].rank(ascending=False, method="min").astype("Int64")
    return found[[
        "code", "name", "grids", "ok", "due", "over", "never", "n", "coverage", "missing_to_target",
        "visited_in_period", "period_coverage", "visits", "visits_per_grid", "key_n", "key_N", "key_coverage", "rank",
    ]]  # fmt: skip
