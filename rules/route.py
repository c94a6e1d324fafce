"""In which order to go round some places, and how far that is: by the district's roads, or straight."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from rules.language import N_, Translate
from rules.road_network import RoadNetwork, distances_km
from rules.round_order import short_round

STRAIGHT_LINE = N_("按直线距离计算，不是道路里程")
ON_FOOT = N_("按路网距离计算（步行）")
BY_VEHICLE = N_("按路网距离计算（车行）")


@dataclass(frozen=True, slots=True)
class Route:
    """A way round places.

    Attributes:
        keys: ``key`` of the places in the order in which to go.
        length_km: length in km, the way from the start point included, the way back not.
        left_out: keys without any point, in the order of the list.
        by: ``straight`` (no network was given), ``walk`` or ``drive``.
        detached: keys that no road leads to from the place before: that leg is straight.
        line: the way itself as (lon, lat) points, from the start point where there is one.
    """

    keys: tuple[str, ...]
    length_km: float
    left_out: tuple[str, ...] = ()
    by: str = "straight"
    detached: tuple[str, ...] = ()
    line: tuple[tuple[float, float], ...] = ()

    def said(self, t: Translate) -> str:
        """How the length was measured, and how many legs of it are straight."""
        if self.by == "straight":
            return t(STRAIGHT_LINE)
        how = t(ON_FOOT if self.by == "walk" else BY_VEHICLE)
        return how if not self.detached else t(N_("{how}；其中 {n} 处路网不通，按直线距离"), how=how, n=len(self.detached))


def route(
    worklist: pd.DataFrame, start: tuple[float, float] | None = None, roads: RoadNetwork | None = None, *, walking: bool = False
) -> Route:
    """The way round the places of a worklist.

    Args:
        worklist: key, lon, lat (degrees, EPSG:4326; NaN where unlocated).
        start: (lon, lat) where the round begins; None begins at the first place of the list.
        roads: the roads of the district; None measures straight.
        walking: whether the round is made on foot: footpaths are open, no road is one-way.
    """
    located = worklist["lon"].notna() & worklist["lat"].notna()
    there = worklist[located]
    left_out = tuple(worklist.loc[~located, "key"])
    points = there[["lon", "lat"]].to_numpy("float64")
    if roads is None or not len(points):
        way, length_km = order(points, start)
        line = ([start] if start else []) + [(float(lon), float(lat)) for lon, lat in points[way]]
        return Route(tuple(there["key"].iloc[way]), length_km, left_out, line=tuple(line))
    nodes = points if start is None else np.vstack([start, points])
    ways = roads.ways(nodes, walking=walking)
    way = short_round(ways.km)
    first = 0 if start is None else 1
    legs = list(pairwise(way))
    keys = there["key"].to_numpy(object)
    return Route(
        tuple(keys[way[first:] - first]), float(ways.km[way[:-1], way[1:]].sum()), left_out, "walk" if walking else "drive",
        tuple(keys[after - first] for before, after in legs if ways.straight[before, after]),
        tuple(ways.line(way)),
    )  # fmt: skip


def order(points: np.ndarray, start: tuple[float, float] | None = None) -> tuple[np.ndarray, float]:
    """The order in which to visit points by great-circle distances; the round is open: it does not come back.

    Equal input gives equal output (``rules.round_order``).

    Args:
        points: (n, 2) of lon, lat in degrees, EPSG:4326, finite.
        start: (lon, lat) of the start point; None starts at the first point.

    Returns:
        Positions 0..n-1 in the order to go, and the length in km. No points: no positions and 0.0.

    Raises:
        ValueError: the shape differs, or a coordinate is not finite.
    """
    points = np.asarray(points, dtype="float64")
    if points.size == 0:
        return np.empty(0, dtype="int64"), 0.0
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError(f"points: expected finite (n, 2) of lon and lat, found shape {points.shape}")
    nodes = points if start is None else np.vstack([np.asarray(start, dtype="float64"), points])
    if not np.isfinite(nodes).all():
        raise ValueError(f"start: expected finite lon and lat, found {start!r}")
    away = distances_km(nodes)
    way = short_round(away)
    length = float(away[way[:-1], way[1:]].sum())
    return (way if start is None else way[1:] - 1), length
