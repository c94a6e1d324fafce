"""按期巡查率, 期内巡查率 and 重点场所巡查率 by street, neighbourhood, grid or agency, for chosen visits and any cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_access.areas import area_names
from data_access.areas import places as area_places
from data_access.coverage import key_places
from data_access.cycles import with_cycle
from data_access.database import Database
from data_access.last_visits import predecessors
from data_access.narrowing import asked_agencies, inside, last_day
from data_access.organisations import agency_names
from data_access.visit_columns import VisitColumns, visits_between
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
    临期 together), in the period when one lies in it; a grid cut from others inherits theirs. A visit on
    which nobody could get in (进不去) adds to 户次 alone.

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
    grids = inside(area_places(database, scope, filters.as_of, "grid", known_at=filters.known_at), filters, scope)
    visits = _visits(database, filters, scope, modes, kinds)
    before = ancestors(predecessors(database, scope, filters.as_of, known_at=filters.known_at))
    places = key_places(database, filters, scope)
    if by == "agency":
        return _by_agency(database, filters, scope, grids, visits, places, before)
    column = "grid_code" if by == "grid" else GROUPS[by]
    group, key_group = grids[GROUPS[by]], places[column]
    known = set(group.dropna().to_numpy(object)) | (set() if by == "grid" else set(key_group.dropna().to_numpy(object)))
    codes = pd.Index(sorted(known), dtype="str")
    at, key_at = codes.get_indexer(pd.Index(group)), codes.get_indexer(pd.Index(key_group))

    def counted(place: np.ndarray) -> np.ndarray:
        return np.bincount(place[place >= 0], minlength=len(codes))

    found = pd.DataFrame(
        {
            "grids": counted(at),
            "in_time_n": counted(at[_met(visits, visits.recent, grids["code"], before)]),
            "in_period_n": counted(at[_met(visits, visits.during, grids["code"], before)]),
            "key_n": counted(key_at[places["seen"].to_numpy(bool)]),
            "key_N": counted(key_at),
            "visits": visits.columns.sums(column, visits.rows, visits.during)["visits"].reindex(codes, fill_value=0).to_numpy(),
        },
        index=codes,
    )
    return _with_rates(found, {code: named[0] for code, named in area_names(database, scope, filters.as_of, known_at=filters.known_at).items()})


def _codes(table: str) -> set[str]:
    return {word.code for word in TABLES[table]}


@dataclass(frozen=True, slots=True)
class _Visits:
    """The visits that count: arrays, the rows looked at, and which of those count at all, lie in the cycle, in the period."""

    columns: VisitColumns
    rows: slice
    among: np.ndarray
    recent: np.ndarray
    during: np.ndarray

    def codes(self, column: str, among: np.ndarray) -> np.ndarray:
        return self.columns.codes[column][self.rows][among].astype("int64")


def _visits(database: Database, filters: Filters, scope: Scope, modes: Collection[str], kinds: Collection[str]) -> _Visits:
    cycle = filters.as_of - dt.timedelta(days=filters.cycle_days)
    columns, rows = visits_between(database, filters, scope, min(filters.start, cycle), filters.as_of)
    area = None if filters.area == scope.district else filters.area
    among = columns.chosen(rows, "agency_code", asked_agencies(database, filters, scope)) & columns.inside(rows, area)
    for column, codes in (("mode", modes), ("target_kind", kinds)):
        among &= columns.chosen(rows, column, tuple(sorted(codes)) or None)
    place = np.arange(rows.start, rows.stop)

    def lying(days: slice) -> np.ndarray:
        return among & (place >= days.start) & (place < days.stop)

    return _Visits(columns, rows, among, lying(columns.between(cycle, filters.as_of)), lying(columns.between(filters.start, last_day(filters))))


def _met(visits: _Visits, among: np.ndarray, grids: pd.Series, before: Mapping[str, frozenset[str]]) -> np.ndarray:
    """Whether some visits met each grid, or one that it was cut from."""
    _, place = _pairs(visits, among, "patrolled", grids, before)
    return np.bincount(place, minlength=len(grids)) > 0


def _pairs(
    visits: _Visits, among: np.ndarray, column: str, codes: pd.Series, before: Mapping[str, frozenset[str]]
) -> tuple[np.ndarray, np.ndarray]:
    """Who met what, each once: the agency (its place in the arrays' names, -1 for none), the place in ``codes``."""
    names = visits.columns.names[column]
    met, agency = visits.codes(column, among), visits.codes("agency_code", among)
    met, agency = met[met >= 0], agency[met >= 0]
    index = pd.Index(codes)
    place = index.get_indexer(names)[met]
    heirs: dict[str, list[int]] = {}
    for heir, older in before.items():
        at = index.get_indexer([heir])[0]
        for code in older if at >= 0 else ():
            heirs.setdefault(code, []).append(at)
    further = [
        (agency[own], np.full(int(own.sum()), heir, dtype="int64"))
        for at in np.flatnonzero(names.isin(list(heirs)))
        if (own := met == at).any()
        for heir in heirs[names[at]]
    ]
    agency = np.concatenate([agency[place >= 0], *(pair[0] for pair in further)])
    place = np.concatenate([place[place >= 0], *(pair[1] for pair in further)])
    once = np.unique((agency + 1) * max(len(codes), 1) + place)
    return once // max(len(codes), 1) - 1, once % max(len(codes), 1)


def _by_agency(
    database: Database, filters: Filters, scope: Scope, grids: pd.DataFrame, visits: _Visits, places: pd.DataFrame,
    before: Mapping[str, frozenset[str]],
) -> pd.DataFrame:  # fmt: skip
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")
    known, called = (dict(zip(agencies.index, agencies[name].to_numpy(object), strict=True)) for name in ("area_code", "name"))
    names = visits.columns.names["agency_code"]
    paid = np.unique(visits.codes("agency_code", visits.among))
    paid = paid[paid >= 0]
    own = [known.get(code) for code in names[paid]]
    area = np.array([one if isinstance(one, str) and one != scope.district else "" for one in own], dtype=object)
    areas = pd.Index(np.unique(area.astype("U")), dtype="str")
    home, everywhere = areas.get_indexer(pd.Index(area, dtype="str")), area == ""
    of_grid = _lying_in(areas, grids, ("street_code", "neighbourhood_code", "code"))
    of_place = _lying_in(areas, places, ("street_code", "neighbourhood_code", "grid_code"))

    def held(levels: np.ndarray) -> np.ndarray:
        found = np.bincount(levels[levels >= 0], minlength=len(areas) or 1)
        return np.where(everywhere, len(levels), found[home])

    def counted(among: np.ndarray, column: str, codes: pd.Series, levels: np.ndarray, heirs: Mapping[str, frozenset[str]]) -> np.ndarray:
        who, place = _pairs(visits, among, column, codes, heirs)
        at = np.searchsorted(paid, who)
        there = at < len(paid)
        there[there] = paid[at[there]] == who[there]
        at, place = at[there], place[there]
        inside = everywhere[at] | (levels[place] == home[at][:, None]).any(axis=1)
        return np.bincount(at[inside], minlength=len(paid))

    total = np.bincount(visits.codes("agency_code", visits.during) + 1, visits.columns.visits[visits.rows][visits.during], len(names) + 1)[1:]
    found = pd.DataFrame(
        {
            "grids": held(of_grid),
            "in_time_n": counted(visits.recent, "patrolled", grids["code"], of_grid, before),
            "in_period_n": counted(visits.during, "patrolled", grids["code"], of_grid, before),
            "key_n": counted(visits.recent, "target_id", places["id"], of_place, {}),
            "key_N": held(of_place),
            "visits": total[paid],
        },
        index=pd.Index(names[paid], dtype="str"),
    )
    return _with_rates(found[found["grids"] > 0], called)


def _lying_in(areas: pd.Index, rows: pd.DataFrame, levels: tuple[str, ...]) -> np.ndarray:
    """The place in ``areas`` of each row's area of every level (rows x levels), each once; -1 where it is none of them."""
    found = np.stack([areas.get_indexer(pd.Index(rows[level])) for level in levels], axis=1)
    for level in range(1, len(levels)):
        found[(found[:, :level] == found[:, [level]]).any(axis=1), level] = -1
    return found


def _with_rates(found: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    counts = ["grids", "in_time_n", "in_period_n", "key_n", "key_N", "visits"]
    codes = found.index.to_numpy(object)
    order = np.argsort(codes, kind="stable")
    named = [name if isinstance(name := names.get(code), str) else code for code in codes[order]]
    made = pd.DataFrame({"code": pd.array(codes[order], dtype="str"), "name": pd.array(named, dtype="str")})
    for count in counts:
        made[count] = found[count].to_numpy()[order].astype("int64")
    for rate, n, N in (("in_time", "in_time_n", "grids"), ("in_period", "in_period_n", "grids"), ("key_rate", "key_n", "key_N"), ("visits_per_grid", "visits", "grids")):
        made[rate] = ratio(made[n], made[N])
    return made[list(COLUMNS)]
