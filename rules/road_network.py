"""The district's roads as a network: how far it is from place to place along them, and which way one goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the Earth (IUGG)."""
TOUCH_KM = 0.002
"""A line that ends this near to another one meets it there: drawn by hand, ends miss by a step."""
FARTHEST_KM = 1.0
"""A place further than this from every road is on none: the way to it is straight."""
AROUND_KM = 2.0
"""Roads this far outside the box of the places are looked at first; all of them where those do not lead everywhere."""
FOOTPATHS = frozenset({"footway", "path", "steps", "pedestrian", "corridor", "bridleway"})
NO_WALKING = frozenset({"motorway", "motorway_link", "trunk_link"})
"""Values of OpenStreetMap's ``highway`` that only people on foot, or none of them, may use."""


def distances_km(points: np.ndarray) -> np.ndarray:
    """Great-circle distances between all pairs of (n, 2) lon, lat in degrees: (n, n) in km (haversine)."""
    return _haversine(points[:, None, :], points[None, :, :])


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """How far it is between some places along the roads.

    Attributes:
        km: (n, n) from the row's place to the column's, always finite.
        straight: (n, n) whether that way is straight because no road leads there.
    """

    km: np.ndarray
    straight: np.ndarray
    _points: np.ndarray = field(repr=False)
    _graph: _Graph = field(repr=False)
    _before: np.ndarray = field(repr=False)

    def line(self, order: np.ndarray) -> list[tuple[float, float]]:
        """The way through the places in this order as (lon, lat) points, rounded to a decimetre."""
        if len(order) == 0:
            return []
        parts = [self._points[order[:1]]]
        for start, end in pairwise(order):
            if not self.straight[start, end] and not self._graph.same_spot(start, end):
                parts.append(self._graph.followed(self._before[start], start, end))
            parts.append(self._points[[end]])
        every = np.round(np.vstack(parts), 6)
        kept = np.concatenate([[True], (np.diff(every, axis=0) != 0).any(axis=1)])
        return [(float(lon), float(lat)) for lon, lat in every[kept]]


class RoadNetwork:
    """Roads cut where they meet.

    Lines meet where they share a vertex or where one ends on the other; two that only cross do not (a
    bridge). Lengths are great-circle lengths of the drawn line.

    Args:
        roads: geometry (lines, EPSG:4326), direction (``both``, ``forward`` as drawn, ``backward``),
            on_foot (仅供步行), road_class (OpenStreetMap's ``highway`` or anything else).
    """

    def __init__(self, roads: pd.DataFrame) -> None:
        lines, rows = shapely.get_parts(roads["geometry"].to_numpy(object), return_index=True) if len(roads) else (np.empty(0, object), np.empty(0, int))
        kept = np.array([not line.is_empty and line.length > 0 for line in lines], dtype=bool)
        lines, rows = lines[kept], rows[kept]
        self._middle = np.array(shapely.box(*shapely.total_bounds(lines)).centroid.coords[0]) if len(lines) else np.zeros(2)
        flat = [self._flat(np.round(shapely.get_coordinates(line), 7)) for line in lines]
        pieces, origin = _cut(_joined(flat))
        self._flat_pieces = np.array([shapely.LineString(piece) for piece in pieces], dtype=object)
        ends = np.array([(piece[0], piece[-1]) for piece in pieces]).reshape(-1, 2)
        _, joints = np.unique(np.round(ends, 6), axis=0, return_inverse=True)
        self._ends = joints.reshape(-1, 2)
        self._joints = int(joints.max()) + 1 if len(joints) else 0
        self.km = np.array([_length(self._degrees(piece)) for piece in pieces])
        row = rows[origin] if len(origin) else np.empty(0, int)
        about = roads.iloc[row]
        kind = about["road_class"].fillna("").astype(str)
        foot = about["on_foot"].fillna(False).astype(bool).to_numpy() | kind.isin(FOOTPATHS).to_numpy()
        direction = about["direction"].fillna("both").to_numpy(object)
        self._walk = ~kind.isin(NO_WALKING).to_numpy()
        self._drive = ~foot
        self._forward, self._backward = direction != "backward", direction != "forward"
        self._tree = shapely.STRtree(self._flat_pieces)

    def __len__(self) -> int:
        return len(self._flat_pieces)

    def ways(self, points: np.ndarray, *, walking: bool) -> Ways:
        """The ways between places.

        A place joins the nearest road that may be used, by a straight line that counts; without one
        within ``FARTHEST_KM`` it is on none. Two places on one stretch that lie nearer to each other
        than to the road are as far as the straight line.

        Args:
            points: (n, 2) of lon, lat in degrees, finite.
            walking: footpaths are open and no road is one-way; else footpaths are shut.
        """
        points = np.asarray(points, dtype="float64")
        usable = self._walk if walking else self._drive
        flat = self._flat(points)
        west, south = flat.min(axis=0) - AROUND_KM
        east, north = flat.max(axis=0) + AROUND_KM
        near = np.sort(self._tree.query(shapely.box(west, south, east, north)))
        near = near[usable[near]]
        found = self._ways(points, flat, near, walking)
        if found.straight.any() and len(near) < int(usable.sum()):
            found = self._ways(points, flat, np.flatnonzero(usable), walking)
        return found

    def _ways(self, points: np.ndarray, flat: np.ndarray, pieces: np.ndarray, walking: bool) -> Ways:
        n, straight_km = len(points), distances_km(points)
        at, share, access = self._attached(flat, points, pieces)
        graph = _Graph(self, pieces, at, share, walking)
        reach, before = dijkstra(graph.matrix, indices=np.arange(n), return_predecessors=True)
        km = reach[:, :n] + access[:, None] + access[None, :]
        shut = ~np.isfinite(km)
        beside = (at[:, None] == at[None, :]) & (at[:, None] >= 0) & (straight_km <= access[:, None] + access[None, :])
        km = np.where(shut | beside, straight_km, km)
        np.fill_diagonal(km, 0.0)
        np.fill_diagonal(shut, False)
        return Ways(km, shut, points, graph, before)

    def _attached(self, flat: np.ndarray, points: np.ndarray, pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The road of each place (-1 for none), how far along it (0..1), and the way there in km."""
        at, share, access = np.full(len(flat), -1), np.zeros(len(flat)), np.full(len(flat), np.inf)
        if not len(pieces):
            return at, share, access
        tree = shapely.STRtree(self._flat_pieces[pieces])
        spots = shapely.points(flat)
        place, piece = tree.query_nearest(spots, max_distance=FARTHEST_KM, all_matches=True)
        for one, road in sorted(zip(place.tolist(), piece.tolist(), strict=True), reverse=True):
            at[one] = pieces[road]
        there = at >= 0
        share[there] = shapely.line_locate_point(self._flat_pieces[at[there]], spots[there], normalized=True)
        feet = shapely.line_interpolate_point(self._flat_pieces[at[there]], share[there], normalized=True)
        access[there] = _haversine(points[there], self._degrees(shapely.get_coordinates(feet)))
        return at, share, access

    def _flat(self, degrees: np.ndarray) -> np.ndarray:
        """Kilometres east and north of the middle of the network; for nearness, not for lengths."""
        scale = np.radians(1) * EARTH_RADIUS_KM
        return (degrees - self._middle) * [scale * np.cos(np.radians(self._middle[1])), scale]

    def _degrees(self, flat: np.ndarray) -> np.ndarray:
        scale = np.radians(1) * EARTH_RADIUS_KM
        return flat / [scale * np.cos(np.radians(self._middle[1])), scale] + self._middle


class _Graph:
    """Places (nodes 0..n-1) on roads, each road cut where a place joins it."""

    def __init__(self, network: RoadNetwork, pieces: np.ndarray, at: np.ndarray, share: np.ndarray, walking: bool) -> None:
        self._network, self._at, self._share = network, at, share
        n = len(at)
        whole = pieces[~np.isin(pieces, at)]
        zero, one = np.zeros(len(whole)), np.ones(len(whole))
        legs = [np.column_stack([network._ends[whole] + n, whole, zero, one])] if len(whole) else []
        for piece in np.unique(at[at >= 0]):
            mine = np.flatnonzero(at == piece)
            mine = mine[np.argsort(share[mine], kind="stable")]
            start, end = network._ends[piece] + n
            nodes, shares = [start, *mine, end], [0.0, *share[mine], 1.0]
            legs.append(np.array([(a, b, piece, f, g) for a, b, f, g in zip(nodes[:-1], nodes[1:], shares[:-1], shares[1:], strict=True)]))
        every = np.vstack(legs) if legs else np.empty((0, 5))
        piece = every[:, 2].astype(int)
        km = network.km[piece] * (every[:, 4] - every[:, 3])
        forward = np.ones(len(every), bool) if walking else network._forward[piece]
        backward = np.ones(len(every), bool) if walking else network._backward[piece]
        turned = every[:, [1, 0, 2, 4, 3]]
        arcs = np.vstack([every[forward], turned[backward]])
        lengths = np.concatenate([km[forward], km[backward]])
        # Of roads beside each other the shortest counts, and it is the one that is drawn.
        order = np.lexsort((lengths, arcs[:, 1], arcs[:, 0]))
        arcs, lengths = arcs[order], lengths[order]
        first = np.concatenate([[True], (np.diff(arcs[:, :2], axis=0) != 0).any(axis=1)]) if len(arcs) else np.empty(0, bool)
        self._arcs, lengths = arcs[first], np.maximum(lengths[first], 1e-12)
        size = n + network._joints
        self.matrix = csr_matrix((lengths, (self._arcs[:, 0].astype(int), self._arcs[:, 1].astype(int))), shape=(size, size))

    def same_spot(self, start: int, end: int) -> bool:
        """Whether two places join the roads at one spot."""
        return bool(self._at[start] == self._at[end] and self._share[start] == self._share[end])

    def followed(self, before: np.ndarray, start: int, end: int) -> np.ndarray:
        """The (k, 2) lon, lat of the road from one place to another."""
        nodes = [int(end)]
        while nodes[-1] != start:
            nodes.append(int(before[nodes[-1]]))
        nodes.reverse()
        parts = []
        for one, other in pairwise(nodes):
            low, high = self.matrix.indptr[one], self.matrix.indptr[one + 1]
            arc = self._arcs[low + int(np.searchsorted(self._arcs[low:high, 1], other))]
            parts.append(_between(self._network._flat_pieces[int(arc[2])], arc[3], arc[4]))
        return self._network._degrees(np.vstack(parts))


def _between(line: shapely.LineString, start: float, end: float) -> np.ndarray:
    """The vertices of a line from one share of its length to another, either way."""
    inside = shapely.get_coordinates(line)
    if (start, end) == (0.0, 1.0):
        return inside
    if (start, end) == (1.0, 0.0):
        return inside[::-1]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(inside, axis=0).T))])
    along /= along[-1]
    low, high = min(start, end), max(start, end)
    edges = shapely.get_coordinates(shapely.line_interpolate_point(line, [low, high], normalized=True))
    part = np.vstack([edges[:1], inside[(along > low) & (along < high)], edges[1:]])
    return part if start <= end else part[::-1]


def _joined(lines: list[np.ndarray]) -> list[np.ndarray]:
    """The lines with a vertex more where another one ends on them, and that end moved onto it."""
    if not lines:
        return []
    ends = np.array([(line[0], line[-1]) for line in lines])
    corners, counts = np.unique(np.round(np.vstack(lines), 6), axis=0, return_counts=True)
    often = {tuple(corner): count for corner, count in zip(corners.tolist(), counts.tolist(), strict=True)}
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    tree = shapely.STRtree(shapes)
    added: dict[int, list[np.ndarray]] = {}
    made = [line.copy() for line in lines]
    loose = [(line, side) for line in range(len(lines)) for side in (0, 1) if often[tuple(np.round(ends[line, side], 6).tolist())] == 1]
    if not loose:
        return made
    spots = shapely.points(np.array([ends[line, side] for line, side in loose]))
    for place, other in sorted(zip(*(part.tolist() for part in tree.query(spots, predicate="dwithin", distance=TOUCH_KM)), strict=True)):
        line, side = loose[place]
        if other == line:
            continue
        corners_there = lines[other]
        gaps = np.hypot(*(corners_there - ends[line, side]).T)
        if gaps.min() <= TOUCH_KM:
            foot = corners_there[int(gaps.argmin())]
        else:
            foot = shapely.get_coordinates(shapely.line_interpolate_point(shapes[other], shapely.line_locate_point(shapes[other], spots[place])))[0]
            added.setdefault(other, []).append(foot)
        made[line][0 if side == 0 else -1] = foot
    for other, feet in added.items():
        shares = shapely.line_locate_point(shapes[other], shapely.points(np.array(lines[other])))
        own = shapely.line_locate_point(shapes[other], shapely.points(np.array(feet)))
        made[other] = np.vstack([made[other], feet])[np.argsort(np.concatenate([shares, own]), kind="stable")]
    return made


def _cut(lines: list[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """The pieces between the vertices that lines share or end at, and the line of each."""
    if not lines:
        return [], np.empty(0, int)
    _, corner, counts = np.unique(np.round(np.vstack(lines), 6), axis=0, return_inverse=True, return_counts=True)
    meeting = counts[corner.reshape(-1)] > 1
    pieces, origin, first = [], [], 0
    for number, line in enumerate(lines):
        inner = np.flatnonzero(meeting[first : first + len(line)])
        stops = [0, *[stop for stop in inner.tolist() if 0 < stop < len(line) - 1], len(line) - 1]
        for start, end in pairwise(stops):
            piece = line[start : end + 1]
            if np.hypot(*np.diff(piece, axis=0).T).sum() > 0:
                pieces.append(piece)
                origin.append(number)
        first += len(line)
    return pieces, np.array(origin, dtype=int)


def _length(degrees: np.ndarray) -> float:
    return float(_haversine(degrees[:-1], degrees[1:]).sum())


def _haversine(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    one, other = np.radians(one), np.radians(other)
    half = np.sin((one[..., 1] - other[..., 1]) / 2) ** 2
    half = half + np.cos(one[..., 1]) * np.cos(other[..., 1]) * np.sin((one[..., 0] - other[..., 0]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
