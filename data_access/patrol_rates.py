"""按期巡查率, 期内巡查率 and 重点场所巡查率 by street, neighbourhood, grid or agency, for chosen visits and any cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
from sqlalchemy import select

from data_access.areas import areas
from data_access.coverage import key_places
from data_access.cycles import with_cycle
from data_access.database import Database
from data_access.last_visits import predecessors
from data_access.narrowing import asked_agencies, by_agencies, inside, last_day
from data_access.organisations import agency_names
from data_access.registers import narrowed
from data_access.schema import patrol_visit
from data_access.scope import known, within
from rules.grid_state import ancestors
from rules.ratio import ratio
from rules.request import Filters, Scope
from rules.vocabulary import TABLES

GROUPS = {"street": "street_code", "neighbourhood": "neighbourhood_code", "grid": "code", "agency": None}
COLUMNS = (
    "code", "name", "grids", "in_time_n", "in_time", "in_period_n", "in_period", "key_n", "key_N", "key_rate", "visits", "visits_per_grid",
)  # fmt: skip


def patrol_rates(
    database: Database, filters: Filters, scope: Scope, by: str = "street", *, modes: Collection[str] = (), kinds: Collection[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """The three rates of the areas or agencies of the scope; the cycle is the one asked for, else the rulebook's.

    A grid is in time when a visit that counts lies at most a cycle before the day asked about (按期 and
    临期 together), in the period when one lies in it; a grid cut from others inherits theirs.

    By area, a key place counts as seen within its own cycle, whoever went (``coverage.key_places``).
    By agency, only the agency's own visits count, over the grids of its own area (of everything asked
    about, where it works for the whole district), and a key place is seen when it went there within the cycle.

    Args:
        by: one of ``GROUPS``.
        modes: visit modes that count (``vocabulary.VISIT_MODE``); none is all.
        kinds: kinds of target that count (``vocabulary.TARGET_KIND``); none is all.

    Returns:
        ``COLUMNS``, by code: grids; in_time_n of them and in_time (0..1); in_period_n, in_period;
        key_n of key_N, key_rate; visits of the period (户次) that count, visits_per_grid. Ratios are NaN
        where nothing is counted. Agencies without any visit that counts, or whose area lies elsewhere, are left out. None: no rows.

    Raises:
        ValueError: an unknown group, mode or kind.
    """
    for name, asked, allowed in (("by", {by}, set(GROUPS)), ("modes", set(modes), _codes("visit_mode")), ("kinds", set(kinds), _codes("target_kind"))):
        if not asked <= allowed:
            raise ValueError(f"{name}: expected some of {sorted(allowed)}, found {sorted(asked - allowed)}")
    filters = with_cycle(database, filters, scope)
    every = areas(database, scope, filters.as_of, known_at=filters.known_at)
    grids = inside(every[every["level"] == "grid"], filters, scope)
    visits = narrowed(_visits(database, filters, scope, modes, kinds), filters, scope)
    before = ancestors(predecessors(database, scope, filters.as_of, known_at=filters.known_at))
    places = key_places(database, filters, scope)
    if by == "agency":
        return _by_agency(database, filters, scope, grids, visits, places, before)
    marked = _marked(grids["code"], visits, before, filters)
    group = grids[GROUPS[by]].to_numpy()
    key_group = places["grid_code" if by == "grid" else GROUPS[by]]
    counted = marked.groupby(group)[["in_time", "in_period"]].sum()
    found = pd.DataFrame({"grids": pd.Series(1, index=grids.index).groupby(group).sum()})
    codes = found.index if by == "grid" else found.index.union(key_group.dropna().unique())
    column = "grid_code" if by == "grid" else GROUPS[by]
    period = visits[_in_period(visits, filters)]
    found = found.reindex(codes).assign(
        in_time_n=counted["in_time"], in_period_n=counted["in_period"], key_n=places["seen"].groupby(key_group).sum(),
        key_N=key_group.value_counts(), visits=period.groupby(column)["visits"].sum(),
    )  # fmt: skip
    names = dict(zip(every["code"], every["name"], strict=True))
    return _with_rates(found, names)


def _codes(table: str) -> set[str]:
    return {word.code for word in TABLES[table]}


def _visits(database: Database, filters: Filters, scope: Scope, modes: Collection[str], kinds: Collection[str]) -> pd.DataFrame:
    v = patrol_visit
    since = min(filters.start, filters.as_of - dt.timedelta(days=filters.cycle_days))
    chosen = [column.in_(sorted(codes)) for column, codes in ((v.c.mode, modes), (v.c.target_kind, kinds)) if codes]
    agencies = asked_agencies(database, filters, scope)
    names = ("day", "agency_code", "street_code", "neighbourhood_code", "grid_code", "target_id", "visits")
    return database.frame(
        select(*(v.c[name] for name in names)).where(
            known(v, filters.known_at), within(v, scope, known_at=filters.known_at), v.c.day.between(since, filters.as_of), *chosen,
            *by_agencies(v.c.agency_code, agencies),
        )
    )  # fmt: skip


def _in_period(visits: pd.DataFrame, filters: Filters) -> pd.Series:
    return (visits["day"] >= pd.Timestamp(filters.start)) & (visits["day"] <= pd.Timestamp(last_day(filters)))


def _in_cycle(visits: pd.DataFrame, filters: Filters) -> pd.Series:
    return visits["day"] >= pd.Timestamp(filters.as_of - dt.timedelta(days=filters.cycle_days))


def _marked(codes: pd.Series, visits: pd.DataFrame, before: dict[str, frozenset[str]], filters: Filters) -> pd.DataFrame:
    """in_time and in_period of each grid."""
    recent = set(visits.loc[_in_cycle(visits, filters), "grid_code"].dropna())
    during = set(visits.loc[_in_period(visits, filters), "grid_code"].dropna())

    def met(there: set[str]) -> list[bool]:
        return [code in there or not there.isdisjoint(before.get(code, ())) for code in codes]

    return pd.DataFrame({"in_time": met(recent), "in_period": met(during)}, index=codes.index)


def _by_agency(
    database: Database, filters: Filters, scope: Scope, grids: pd.DataFrame, visits: pd.DataFrame, places: pd.DataFrame,
    before: dict[str, frozenset[str]],
) -> pd.DataFrame:  # fmt: skip
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")
    rows = {}
    for code, own in visits.groupby("agency_code", sort=True):
        area = agencies["area_code"].get(code)
        area = None if area == scope.district else area
        mine = [grids[name] == area for name in ("street_code", "neighbourhood_code", "code")]
        there = grids[mine[0] | mine[1] | mine[2]] if isinstance(area, str) else grids
        held = [places[name] == area for name in ("street_code", "neighbourhood_code", "grid_code")]
        key = places[held[0] | held[1] | held[2]] if isinstance(area, str) else places
        if there.empty:
            continue
        marked = _marked(there["code"], own, before, filters)
        met = set(own.loc[_in_cycle(own, filters), "target_id"].dropna())
        rows[code] = {
            "grids": len(there), "in_time_n": int(marked["in_time"].sum()), "in_period_n": int(marked["in_period"].sum()),
            "key_n": int(key["id"].isin(met).sum()), "key_N": len(key), "visits": int(own.loc[_in_period(own, filters), "visits"].sum()),
        }  # fmt: skip
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["grids", "in_time_n", "in_period_n", "key_n", "key_N", "visits"])
    return _with_rates(found, agencies["name"].to_dict())


def _with_rates(found: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    counts = ["grids", "in_time_n", "in_period_n", "key_n", "key_N", "visits"]
    made = found[counts].astype("Float64").fillna(0).astype("int64").sort_index()
    made.index = pd.Index(made.index, name="code", dtype="str")
    made = made.reset_index()
    made["name"] = made["code"].map(names).fillna(made["code"]).astype("str")
    for rate, n, N in (("in_time", "in_time_n", "grids"), ("in_period", "in_period_n", "grids"), ("key_rate", "key_n", "key_N"), ("visits_per_grid", "visits", "grids")):
        made[rate] = ratio(made[n], made[N])
    return made[list(COLUMNS)]
