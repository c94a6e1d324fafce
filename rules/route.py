"""In which order to go round some places, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rules.language import N_

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the Earth (IUGG)."""
STRAIGHT_LINE = N_("按直线距离计算，不是道路里程")
_MOST_ROUNDS = 60
_LONGEST_PIECE = 3


@dataclass(frozen=True, slots=True)
class Route:
    """A way round places.

    Attributes:
        keys: ``key`` of the places in the order in which to go.
        length_km: length in km, the way from the start point included, the way back not.
        left_out: keys without any point, in the order of the list.
    """

    keys: tuple[str, ...]
    length_km: float
    left_out: tuple[str, ...] = ()


def route(worklist: pd.DataFrame, start: tuple[float, float] | None = None) -> Route:
    """The way round the places of a worklist.

    Args:
        worklist: key, lon, lat (degrees, EPSG:4326; NaN where unlocated).
        start: (lon, lat) where the round begins; None begins at the first place of the list.
    """
    located = worklist["lon"].notna() & worklist["lat"].notna()
    there = worklist[located]
    way, length_km = order(there[["lon", "lat"]].to_numpy("float64"), start)
    return Route(tuple(there["key"].iloc[way]), length_km, tuple(worklist.loc[~located, "key"]))


def order(points: np.ndarray, start: tuple[float, float] | None = None) -> tuple[np.ndarray, float]:
    """The order in which to visit points: nearest neighbour, improved by 2-opt and Or-opt moves.

    The round is open: it does not come back. Great-circle distances; equal input gives equal output.
    Source: Croes 1958 (2-opt), Or 1976 (moving pieces of up to three).

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
    way = _improved(_nearest_first(away), away)
    length = float(away[way[:-1], way[1:]].sum())
    return (way if start is None else way[1:] - 1), length


def distances_km(points: np.ndarray) -> np.ndarray:
    """Great-circle distances between all pairs of (n, 2) lon, lat in degrees: (n, n) in km (haversine)."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def _nearest_first(away: np.ndarray) -> np.ndarray:
    n = len(away)
    way, left = [0], np.ones(n, dtype=bool)
    left[0] = False
    for _ in range(n - 1):
        following = int(np.argmin(np.where(left, away[way[-1]], np.inf)))
        way.append(following)
        left[following] = False
    return np.array(way, dtype="int64")


def _improved(way: np.ndarray, away: np.ndarray) -> np.ndarray:
    for _ in range(_MOST_ROUNDS):
        reversed_one, gain = _with_a_piece_reversed(way, away)
        moved_one, moved_gain = _with_a_piece_moved(way, away)
        if max(gain, moved_gain) <= 1e-9:
            return way
        way = reversed_one if gain >= moved_gain else moved_one
    return way


def _with_a_piece_reversed(way: np.ndarray, away: np.ndarray) -> tuple[np.ndarray, float]:
    """The best 2-opt move for each first end of a piece, taken at once; the first node stays first."""
    n, gained = len(way), 0.0
    for first in range(1, n - 1):
        before, ends = way[first - 1], way[first + 1 :]
        after = np.append(way[first + 2 :], -1)
        now = away[before, way[first]] + np.where(after >= 0, away[ends, after], 0)
        then = away[before, ends] + np.where(after >= 0, away[way[first], after], 0)
        best = int(np.argmax(now - then))
        if (gain := float(now[best] - then[best])) > 1e-9:
            last = first + 1 + best
            way = np.concatenate([way[:first], way[first : last + 1][::-1], way[last + 1 :]])
            gained += gain
    return way, gained


def _with_a_piece_moved(way: np.ndarray, away: np.ndarray) -> tuple[np.ndarray, float]:
    """Or-opt: pieces of one to three nodes put where they lengthen the way least, either way round."""
    gained = 0.0
    for size in range(1, min(_LONGEST_PIECE, len(way) - 2) + 1):
        for first in range(1, len(way) - size + 1):
            piece = way[first : first + size]
            rest = np.concatenate([way[:first], way[first + size :]])
            saved = _length(way, away) - _length(rest, away)
            befores, afters = rest, np.append(rest[1:], -1)
            inside = float(away[piece[:-1], piece[1:]].sum())
            closed = np.where(afters >= 0, away[befores, afters], 0)
            onward = np.where(afters >= 0, away[piece[-1], afters], 0)
            turned = np.where(afters >= 0, away[piece[0], afters], 0)
            costs = np.stack([away[befores, piece[0]] + onward, away[befores, piece[-1]] + turned]) + inside - closed
            flip, at = np.unravel_index(int(np.argmin(costs)), costs.shape)
            if (gain := float(saved - costs[flip, at])) > 1e-9:
                way = np.concatenate([rest[: at + 1], piece[::-1] if flip else piece, rest[at + 1 :]])
                gained += gain
    return way, gained


def _length(way: np.ndarray, away: np.ndarray) -> float:
    return float(away[way[:-1], way[1:]].sum())
