"""Cuts the outline of a unit into committees and those into grids, along where its people live."""

from __future__ import annotations

import numpy as np
import shapely

from data_access.demo.units import Unit


def grids_of(unit: Unit, shape: shapely.Polygon, rng: np.random.Generator) -> list[tuple]:
    """Cut a unit into committees and those into grids: (unit code, committee, share of people, polygon)."""
    per_committee = np.ones(unit.committees, int)
    extra = rng.multinomial(unit.grids - unit.committees, np.full(unit.committees, 1 / unit.committees))
    while (extra > 2).any():
        extra[extra.argmax()] -= 1
        extra[extra.argmin()] += 1
    people = _people_points(unit, shape, rng)
    bearing = rng.uniform(-0.3, 0.3)
    leaves: list[tuple[int, shapely.Polygon, np.ndarray]] = []
    _split(shape, people, list(np.repeat(np.arange(unit.committees), per_committee + extra)), bearing, rng, leaves)
    return [(unit.code, committee, len(inside) / len(people), polygon) for committee, polygon, inside in leaves]


def _people_points(unit: Unit, shape: shapely.Polygon, rng: np.random.Generator) -> np.ndarray:
    """Points spread as people live: half of them evenly, half around the town's middle."""
    west, south, east, north = shape.bounds
    even = np.column_stack([rng.uniform(west, east, 12000), rng.uniform(south, north, 12000)])
    centre = np.add(unit.seed_km, unit.town_km)
    town = rng.normal(centre, 0.45 * np.sqrt(unit.area_km2 / np.pi), (6000, 2))
    share = 0.30 if unit.area_km2 > 10 else 0.05
    parts = [points[shapely.contains_xy(shape, points[:, 0], points[:, 1])] for points in (even, town)]
    return np.vstack([parts[0][: int(4000 * (1 - share))], parts[1][: int(4000 * share)]])


def _split(shape, people, items, bearing, rng, leaves) -> None:
    """Halve a polygon along its people until every piece is one grid; committees stay together."""
    if len(items) == 1:
        leaves.append((int(items[0]), shape, people))
        return
    at = _halfway(items, rng)
    for tilt in (0.0, np.pi / 2, 0.35, -0.35, 0.8, -0.8, *rng.uniform(0, np.pi, 40)):
        direction = _long_side(shape, bearing) + tilt + rng.normal(0, 0.08)
        along = people @ (np.cos(direction), np.sin(direction))
        parts = _halved(shape, direction, float(np.quantile(along, at / len(items))), rng)
        if parts is None:
            continue
        first = shapely.contains_xy(parts[0], people[:, 0], people[:, 1])
        if min(first.sum() / at, (~first).sum() / (len(items) - at)) >= 0.45 * len(people) / len(items):
            break
    else:
        raise AssertionError("a grid of the demo district could not be cut")
    _split(parts[0], people[first], items[:at], bearing, rng, leaves)
    _split(parts[1], people[~first], items[at:], bearing, rng, leaves)


def _halfway(items: list, rng: np.random.Generator) -> int:
    """Where to cut a list of committee numbers: near the middle, between two committees if there are two."""
    borders = [place for place in range(1, len(items)) if items[place] != items[place - 1]]
    if not borders:
        return len(items) // 2
    middle = len(items) * (rng.uniform(0.42, 0.58) if len(items) > 6 else 0.5)
    return min(borders, key=lambda place: abs(place - middle))


def _long_side(shape: shapely.Polygon, bearing: float) -> float:
    """Direction of the longer side of the least box around it, turned to the unit's own street grid."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners[:3], axis=0)
    longest = sides[np.hypot(*sides.T).argmax()]
    angle = np.arctan2(longest[1], longest[0])
    quarters = bearing + np.arange(4) * np.pi / 2
    return float(quarters[np.abs(np.angle(np.exp(1j * (quarters - angle)))).argmin()])


def _halved(shape, direction, offset, rng) -> tuple[shapely.Polygon, shapely.Polygon] | None:
    """Cut by a slightly bent line at right angles to ``direction``; None where it leaves crumbs."""
    along, across = np.array([np.cos(direction), np.sin(direction)]), np.array([-np.sin(direction), np.cos(direction)])
    middle = along * offset + across * (shapely.get_coordinates(shapely.centroid(shape))[0] @ across)
    bend = along * rng.normal(0, 0.04) * np.sqrt(shape.area)
    half = shapely.Polygon([middle + across * 60, middle + bend, middle - across * 60,
                            middle - across * 60 - along * 60, middle + across * 60 - along * 60])  # fmt: skip
    if not half.is_valid:
        return None
    inside, outside = shapely.intersection(shape, half), shapely.difference(shape, half)
    inside, outside = _whole(inside, outside)
    outside, inside = _whole(outside, inside)
    if inside.geom_type != "Polygon" or outside.geom_type != "Polygon" or min(inside.area, outside.area) < 1e-4:
        return None
    return inside, outside


def _whole(part, other):
    """Keep the largest piece of a cut, give the rest to the other side."""
    pieces = sorted((piece for piece in shapely.get_parts(part) if piece.area > 0), key=lambda piece: -piece.area)
    if len(pieces) < 2:
        return (pieces[0] if pieces else part), other
    return pieces[0], shapely.union_all([other, *pieces[1:]])
