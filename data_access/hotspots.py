"""Where more happened than chance brings about, and where little was found because little was looked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import poisson
from sqlalchemy import case as choose
from sqlalchemy import func, select

from data_access.areas import geometry_version
from data_access.database import Database
from data_access.events import KINDS, events
from data_access.exposure import exposure
from data_access.narrowing import inside, last_day
from data_access.relocated import relocated, shared_out, successors
from data_access.schema import patrol_visit
from data_access.scope import known, within
from data_access.versions import versions
from data_access.visit_columns import visit_columns
from rules.hotspots import area_significance, cluster_class, effort_is_thin, under_patrolled
from rules.local_statistics import false_discovery_rate
from rules.request import Filters, Scope
from rules.scan import Cluster, scan_poisson

CLASSES = ("very_high", "high", "tending_high", "none", "low", "under_patrolled")
"""Classes of an area on the significance map."""

LEVELS_OF_PROOF = (("very_high", 0.01), ("high", 0.05), ("tending_high", 0.10))
"""An area has the class where at most this share of such areas may be false alarms (Benjamini & Hochberg)."""

CLASS_OF = {"h99": "very_high", "h95": "high", "h90": "tending_high", "ns": "none"}

LISTED_P = 0.10
"""Clusters with a lower p are listed: beyond, chance alone does as much in every tenth map."""

LARGEST_SHARE = 0.05
"""A hot spot holds at most this share of the people: one that a team can work through.

Few and large areas need more: circles of about ten of them are always allowed, up to SaTScan's one
half. This system's own choice, made before any data were looked at.
"""

TOUCHING_M = 1.0
"""Outlines this near to each other are neighbours: what digitising leaves between them."""


@dataclass(frozen=True, slots=True)
class Hotspot:
    """One place that the meeting should look at.

    Attributes:
        rank: 1 is the strongest; under-patrolled places follow the clusters.
        kind: ``cluster`` (more than chance) or ``under_patrolled`` (疑似漏查).
        members: codes of its areas, from the centre outwards.
        cluster: as the scan found it; for an under-patrolled place its signals against their share,
            without simulations.
        effort: 户次 there in the period; due_effort: what falls to it by its people.
        thin: whether effort is at most half of that.
    """

    rank: int
    kind: str
    members: tuple[str, ...]
    cluster: Cluster
    effort: int
    due_effort: float
    thin: bool

    @property
    def code(self) -> str:
        return "under_patrolled" if self.kind == "under_patrolled" else CLASS_OF[cluster_class(self.cluster.p)]


@dataclass(frozen=True)
class Hotspots:
    """The answer for one period.

    Attributes:
        units: frame[code, name, street_code, neighbourhood_code, label_lon, label_lat, geometry,
            exposure, spread, events, signals, effort, findings, expected, rate, z, p, class]: one
            row an area of the level; class one of ``CLASSES``.
        found: the places, by rank.
        level: of the areas; basis and year: of the exposure (``data_access.exposure``).
        kinds: what counted as an event.
        first, last: the period, up to the day asked about.
        simulations: how many.
        unplaced: events that lie in no area of the level.
        events: frame of ``data_access.events`` with ``unit``.
    """

    units: pd.DataFrame
    found: tuple[Hotspot, ...]
    level: str
    basis: str
    year: int | None
    kinds: tuple[str, ...]
    first: dt.date
    last: dt.date
    simulations: int
    unplaced: int
    events: pd.DataFrame = field(repr=False)


def hotspots(
    database: Database, filters: Filters, scope: Scope, kinds: tuple[str, ...] = KINDS, *, simulations: int = 999, seed: int = 0
) -> Hotspots:
    """Clusters of events per resident and worker, and places that are likely under-patrolled, in a period.

    Clusters are those of ``rules.scan.scan_poisson`` over circles around the areas' middles, with
    p below ``LISTED_P``. 疑似漏查 is ``rules.hotspots.under_patrolled`` (signals: every matter that
    came in without a patrol), one place for areas that touch each other, unless a cluster holds it.
    Areas are grids; neighbourhoods or streets where the district has no finer ones.

    Args:
        kinds: which events count (``data_access.events.KINDS``).
        simulations: the smallest p is 1 / (1 + simulations).
        seed: the same seed gives the same p.

    Returns:
        Kept by request, scope and data version; callers must not change it.
    """
    asked = filters.with_(agency=None, system=None)
    version = tuple(sorted(versions(database, scope.district).items()))
    key = ("hotspots", asked, scope, tuple(kinds), simulations, seed, version)
    return database.recent.get(key, lambda: _hotspots(database, asked, scope, tuple(kinds), simulations, seed))


def _hotspots(database: Database, filters: Filters, scope: Scope, kinds: tuple[str, ...], simulations: int, seed: int) -> Hotspots:
    around = exposure(database, scope, filters.as_of, known_at=filters.known_at)
    units = inside(around.units, filters, scope)
    heirs = successors(database, scope, filters.as_of, around.level, known_at=filters.known_at)
    matters = events(database, filters, replace(scope, exact_points=True), kinds)
    column = f"{around.level}_code" if around.level != "district" else "street_code"
    matters["unit"] = relocated(matters, units, column, heirs)
    if not scope.exact_points:
        matters[["lon", "lat"]] = np.nan
    signals = matters[(matters["leads"] > 0) & (matters["source"] != "patrol")]
    units["events"] = _counted(matters, units)
    units["signals"] = _counted(signals, units)
    # People are where something happened, whatever the register of residents says.
    units["exposure"] = units["exposure"].where((units["exposure"] > 0) | (units["events"] == 0), 1.0)
    worked = shared_out(effort_by_area(database, filters, scope, column), units, heirs)
    units["effort"], units["findings"] = worked["visits"].to_numpy(), worked["found"].to_numpy()
    neighbours = neighbours_of(database, filters, scope, units)
    units = _with_significance(units, neighbours)
    clusters = _clusters(units, simulations, seed)
    held = {code for one in clusters for code in one.members}
    missed = [one for one in _under_patrolled(units, neighbours) if held.isdisjoint(one.members)]
    unseen = units["code"].isin([code for one in missed for code in one.members])
    units["class"] = units["class"].mask(unseen, "under_patrolled")
    ranked = tuple(
        Hotspot(rank, one.kind, one.members, one.cluster, one.effort, one.due_effort, one.thin)
        for rank, one in enumerate([*clusters, *missed], start=1)
    )
    return Hotspots(
        units=units, found=ranked, level=around.level, basis=around.basis, year=around.year, kinds=kinds, first=filters.start,
        last=last_day(filters), simulations=simulations, unplaced=int(matters["unit"].isna().sum()), events=matters,
    )  # fmt: skip


def _counted(matters: pd.DataFrame, units: pd.DataFrame) -> np.ndarray:
    return matters["unit"].value_counts().reindex(units["code"]).fillna(0).to_numpy("int64")


def effort_by_area(database: Database, filters: Filters, scope: Scope, column: str) -> pd.DataFrame:
    """户次 of the period, and 户次 that found something (suspected or confirmed), by area code on entry.

    Args:
        column: ``street_code``, ``neighbourhood_code`` or ``grid_code``.

    Returns:
        frame[visits, found] by code; visits that lie in no such area have the code "".
    """
    columns = visit_columns(database, filters, scope)
    if columns is not None:
        rows = columns.between(filters.start, last_day(filters))
        code, visits, finding = columns.codes[column][rows], columns.visits[rows], columns.finding[rows]
        size = len(columns.names[column]) + 1
        sums = {"visits": np.bincount(code + 1, visits, size), "found": np.bincount(code + 1, visits * (finding > 1), size)}
        return pd.DataFrame(sums, index=pd.Index(["", *columns.names[column]]))
    v = patrol_visit
    found = choose((v.c.finding.in_(("suspect", "confirmed")), v.c.visits), else_=0)
    rows = database.frame(
        select(v.c[column].label("code"), func.sum(v.c.visits).label("visits"), func.sum(found).label("found")).where(
            known(v, filters.known_at), within(v, scope, known_at=filters.known_at), v.c.day.between(filters.start, last_day(filters))
        ).group_by(v.c[column])
    )  # fmt: skip
    return rows.fillna({"code": ""}).set_index("code").astype("float64")


def neighbours_of(database: Database, filters: Filters, scope: Scope, units: pd.DataFrame) -> list[list[int]]:
    """The positions of the units that touch each."""
    version = geometry_version(database, scope, filters.as_of, known_at=filters.known_at)
    key = ("touching", scope.district, version, tuple(units["code"]))
    return database.kept.get(key, lambda: _touching(units))


def _touching(units: pd.DataFrame) -> list[list[int]]:
    outlines = in_metres(units["geometry"].to_numpy(object), units)
    known_ = np.array([one is not None and not one.is_empty for one in outlines], dtype=bool)
    found: list[list[int]] = [[] for _ in range(len(units))]
    if not known_.any():
        return found
    where = np.flatnonzero(known_)
    one, other = shapely.STRtree(outlines[known_]).query(outlines[known_], predicate="dwithin", distance=TOUCHING_M)
    for a, b in zip(where[one].tolist(), where[other].tolist(), strict=True):
        if a != b:
            found[a].append(b)
    return [sorted(row) for row in found]


def in_metres(shapes: np.ndarray, units: pd.DataFrame, *, back: bool = False) -> np.ndarray:
    """Shapes of EPSG:4326 in a local plane around the units (metres), or ``back``; good to a thousandth over a district."""
    lon, lat = float(units["label_lon"].mean()), float(units["label_lat"].mean())
    metres = np.array([111_320.0 * np.cos(np.radians(lat)), 110_574.0])
    if not len(units):
        return shapes
    return shapely.transform(shapes, (lambda xy: xy / metres + (lon, lat)) if back else (lambda xy: (xy - (lon, lat)) * metres))


def _with_significance(units: pd.DataFrame, neighbours: list[list[int]]) -> pd.DataFrame:
    if units.empty or not units["events"].sum():
        return units.assign(expected=0.0, rate=0.0, z=np.nan, p=1.0, **{"class": "none"})
    found = area_significance(units["events"], units["exposure"], neighbours)
    made = units.assign(**{name: found[name].to_numpy() for name in ("expected", "rate", "z", "p")})
    more = (found["z"] > 0).to_numpy()
    stands = {code: more & false_discovery_rate(found["p"], share) for code, share in LEVELS_OF_PROOF}
    fewer = (found["z"] < 0).to_numpy() & false_discovery_rate(found["p"], 0.05)
    return made.assign(**{"class": np.select([*stands.values(), fewer], [*stands, "low"], default="none")})


def _clusters(units: pd.DataFrame, simulations: int, seed: int) -> list[Hotspot]:
    placed = units[units["label_lon"].notna() & units["label_lat"].notna() & (units["exposure"] > 0)]
    if len(placed) < 2 or not placed["events"].sum():
        return []
    share = min(0.5, max(LARGEST_SHARE, 10 / len(placed)))
    found = scan_poisson(
        placed["label_lon"], placed["label_lat"], placed["events"], placed["exposure"], max_share=share, simulations=simulations,
        seed=seed, great_circle=True,
    )  # fmt: skip
    codes = placed["code"].to_numpy(object)
    return [_hotspot(units, "cluster", tuple(codes[list(one.members)]), one) for one in found if one.p < LISTED_P]


def _under_patrolled(units: pd.DataFrame, neighbours: list[list[int]]) -> list[Hotspot]:
    if units.empty:
        return []
    found = under_patrolled(units["signals"], units["findings"], units["effort"], units["exposure"], neighbours)
    missed = np.flatnonzero(found["missed"])
    size = len(units)
    pairs = [(one, other) for one in missed for other in neighbours[one] if found["missed"].iat[other]]
    row, column = (np.array(part, dtype="int64") for part in zip(*pairs, strict=True)) if pairs else (np.empty(0, "int64"), np.empty(0, "int64"))
    group = connected_components(coo_array((np.ones(len(row)), (row, column)), shape=(size, size)), directed=False)[1]
    made = []
    for number in dict.fromkeys(group[missed].tolist()):
        core = [one for one in missed.tolist() if group[one] == number]
        members = list(dict.fromkeys([*core, *(other for one in core for other in neighbours[one])]))
        made.append(_hotspot(units, "under_patrolled", tuple(units["code"].iloc[members]), _signals(units, members)))
    return sorted(made, key=lambda one: (one.cluster.p, one.members))


def _signals(units: pd.DataFrame, members: list[int]) -> Cluster:
    """The signals of some areas against their share of all signals, as a cluster without simulations."""
    inside_, total = units.iloc[members], int(units["signals"].sum())
    observed = int(inside_["signals"].sum())
    expected = float(total * inside_["exposure"].sum() / units["exposure"].sum())
    outside = (total - observed) / (total - expected) if total > expected else 0.0
    risk = observed / expected / outside if outside > 0 and expected > 0 else float("inf")
    p = float(poisson.sf(observed - 1, expected))
    ratio = poisson.logpmf(observed, max(observed, 1e-9)) - poisson.logpmf(observed, expected) if observed > expected else 0.0
    return Cluster(tuple(members), observed, expected, risk, float(ratio), p, centre=members[0])


def _hotspot(units: pd.DataFrame, kind: str, members: tuple[str, ...], cluster: Cluster) -> Hotspot:
    there = units[units["code"].isin(members)]
    effort, people = float(there["effort"].sum()), float(there["exposure"].sum())
    all_effort, everybody = float(units["effort"].sum()), float(units["exposure"].sum())
    due = all_effort * people / everybody if everybody else 0.0
    thin = kind == "under_patrolled" or effort_is_thin(effort, people, all_effort, everybody)
    return Hotspot(0, kind, members, cluster, round(effort), due, thin)
