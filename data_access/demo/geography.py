"""Draws the demo district by code: an invented outline cut into units, committees and grids."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from data_access.demo.cutting import grids_of
from data_access.demo.units import DISTRICT, Unit, district_name

MIDDLE = (121.25, 31.37)
SPLIT_ON = pd.Timestamp("2023-01-01")
"""From this day one grid is two (DESIGN 10)."""

FOUNDED_ON = "2010-01-01"
_PLANE = f"+proj=laea +lon_0={MIDDLE[0]} +lat_0={MIDDLE[1]} +datum=WGS84 +units=km"
_SNAP_DEGREES = 1e-6

# Corners in km east and north of the middle; no real district has this outline.
_OUTLINE_KM = (
    (-13.6, -1.6), (-12.4, 3.4), (-13.2, 6.2), (-9.6, 8.4), (-9.0, 11.6), (-5.2, 12.8), (-1.6, 11.9),
    (0.4, 13.4), (4.4, 13.0), (6.0, 10.6), (10.0, 10.0), (11.2, 6.4), (12.6, 3.2), (10.9, 0.8),
    (12.2, -2.6), (13.4, -5.4), (10.6, -7.6), (6.4, -7.2), (4.8, -9.2), (0.4, -9.8), (-2.6, -8.4),
    (-5.4, -10.6), (-10.6, -10.8), (-12.0, -7.2), (-14.6, -5.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Geography:
    """The areas of the demo district.

    Attributes:
        areas: one row an area version, EPSG:4326: code, name, name_en, short_name, level, type,
            parent_code, aliases, predecessors, priority, valid_from, valid_to, geometry. District,
            then streets, committees and grids, each in code order; the predecessor of the split
            grid comes last.
        grids: the 706 grids of 2023, indexed 0..705: code, neighbourhood_code, street_code,
            geometry, x_km, y_km (of the label point), people (share of the district, sums to 1).
        predecessor: code of the grid that was split.
        successors: the two codes it became.
    """

    areas: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame
    predecessor: str
    successors: tuple[str, str]

    def points_in(self, rng: np.random.Generator, positions: np.ndarray) -> np.ndarray:
        """One random point (lon, lat), well inside each grid whose position in ``grids`` is given."""
        wanted, place = np.unique(positions, return_inverse=True)
        grids = self.grids.geometry.to_numpy()[wanted]
        inner = shapely.buffer(grids, -0.0002)
        inner = np.where(shapely.is_empty(inner), grids, inner)
        shapely.prepare(inner)
        bounds, inner = shapely.bounds(inner)[place], inner[place]
        points = np.empty((len(positions), 2))
        waiting = np.arange(len(positions))
        while len(waiting):
            box = bounds[waiting]
            drawn = box[:, :2] + rng.random((len(waiting), 2)) * (box[:, 2:] - box[:, :2])
            drawn = drawn.round(6)
            hit = shapely.contains_xy(inner[waiting], drawn[:, 0], drawn[:, 1])
            points[waiting[hit]] = drawn[hit]
            waiting = waiting[~hit]
        return points


def draw(units: tuple[Unit, ...], names: str, seed: int) -> Geography:
    """Draw the district: the same seed gives the same coordinates.

    Shared edges are identical, so that grids tile committees, committees tile units and units
    tile the district without gaps or overlaps.

    Args:
        units: the twelve units.
        names: which names the district itself bears, see ``units.district_name``.
        seed: of the random numbers.
    """
    rng = np.random.default_rng([seed, 1])
    cut = [piece for unit, shape in zip(units, _unit_shapes(units, rng), strict=True)
           for piece in grids_of(unit, shape, rng)]  # fmt: skip
    grids = pd.DataFrame(cut, columns=["unit", "committee", "weight", "shape"])
    grids["geometry"] = _tiled(_to_degrees(grids["shape"].to_numpy()))
    grids = _numbered(grids.drop(columns="shape"), units)
    return _geography(grids, units, names)


def _unit_shapes(units: tuple[Unit, ...], rng: np.random.Generator) -> list[shapely.Polygon]:
    """Cut the outline into units of the sizes asked for (a power diagram over small cells)."""
    outline = shapely.Polygon()
    while outline.is_empty or not outline.is_valid:
        outline = shapely.Polygon(_rugged(np.array(_OUTLINE_KM), rng))
    total = sum(unit.area_km2 for unit in units)
    outline = shapely.affinity.scale(outline, *[np.sqrt(total / outline.area)] * 2, origin=(0, 0))
    cells = _cells(outline, 3000, rng)
    sizes = shapely.area(cells)
    centres = shapely.get_coordinates(shapely.centroid(cells))
    seeds = np.array([unit.seed_km for unit in units])
    wanted = np.array([unit.area_km2 for unit in units])
    distances = ((centres[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2)
    pull = wanted / np.pi
    for _ in range(400):
        owner = (distances - pull).argmin(axis=1)
        found = np.bincount(owner, sizes, len(units))
        pull += 0.12 * (wanted - found)
    shapes = [shapely.coverage_union_all(cells[owner == index]) for index in range(len(units))]
    return list(shapely.coverage_simplify(np.array(_in_one_piece(shapes)), 0.35))


def _in_one_piece(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Keep the largest piece of each, give the crumbs to whom they touch along the longest edge."""
    pieces = [sorted(shapely.get_parts(shape), key=lambda piece: -piece.area) for shape in shapes]
    kept = [some[0] for some in pieces]
    for crumb in (piece for some in pieces for piece in some[1:]):
        touched = shapely.length(shapely.intersection(shapely.boundary(crumb), np.array(kept)))
        kept[touched.argmax()] = shapely.coverage_union_all([kept[touched.argmax()], crumb])
    return kept


def _rugged(corners: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Break each side of a polygon three times at its middle, a little off the line."""
    for amount in (0.10, 0.08, 0.06):
        following = np.roll(corners, -1, axis=0)
        side = following - corners
        off = rng.normal(0, amount, (len(corners), 1)) * side[:, ::-1] * (-1, 1)
        corners = np.stack([corners, (corners + following) / 2 + off], axis=1).reshape(-1, 2)
    return corners


def _cells(outline: shapely.Polygon, count: int, rng: np.random.Generator) -> np.ndarray:
    west, south, east, north = outline.bounds
    points = np.column_stack([rng.uniform(west, east, 2 * count), rng.uniform(south, north, 2 * count)])
    points = points[shapely.contains_xy(outline, points[:, 0], points[:, 1])][:count]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline))
    cut = shapely.get_parts(shapely.intersection(cells, outline))
    return cut[shapely.area(cut) > 1e-6]


def _to_degrees(shapes: np.ndarray) -> np.ndarray:
    back = Transformer.from_crs(_PLANE, "EPSG:4326", always_xy=True)
    return shapely.transform(shapes, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))


def _tiled(shapes: np.ndarray) -> np.ndarray:
    """Make neighbours share their edges vertex by vertex (all lines noded on one lattice of 1e-6 degrees)."""
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=_SNAP_DEGREES)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    marks = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(shapes).query(marks, predicate="intersects")
    keep = pd.Series(owner).groupby(face).first()
    shapes = [shapely.coverage_union_all(faces[keep.index[keep == index]]) for index in range(len(shapes))]
    return shapely.normalize(np.array(shapes))


def _numbered(grids: pd.DataFrame, units: tuple[Unit, ...]) -> gpd.GeoDataFrame:
    """Give codes to committees and grids, row by row from the north-west as people read a map."""
    prefix = {unit.code: unit.prefix for unit in units}
    to_plane = Transformer.from_crs("EPSG:4326", _PLANE, always_xy=True)
    marks = shapely.get_coordinates(shapely.point_on_surface(grids["geometry"].to_numpy()))
    grids["x_km"], grids["y_km"] = to_plane.transform(marks[:, 0], marks[:, 1])
    grids["band"] = (-grids["y_km"] / 1.2).round()
    grids = grids.sort_values(["unit", "band", "x_km"], kind="stable", ignore_index=True)
    grids["number"] = grids.groupby("unit")["committee"].transform(lambda column: pd.factorize(column)[0] + 1)
    grids["neighbourhood_code"] = grids["unit"] + grids["number"].map("{:03d}".format)
    # The two grids made in 2023 got the next free numbers, so the list still shows which is young.
    grids["young"] = grids.index.isin(_split_pair(grids))
    grids = grids.sort_values(["unit", "young"], kind="stable", ignore_index=True)
    place = grids.groupby("unit").cumcount() + 1 + grids["young"]
    grids["code"] = [f"{prefix[unit]}-{n:03d}" for unit, n in zip(grids["unit"], place, strict=True)]
    crowd = {unit.code: unit.grids * (1.25 if unit.type == "street" else 1.0) for unit in units}
    grids["people"] = grids["weight"] * grids["unit"].map(crowd)
    grids["people"] /= grids["people"].sum()
    columns = ["code", "neighbourhood_code", "unit", "geometry", "x_km", "y_km", "people"]
    return gpd.GeoDataFrame(grids[columns].rename(columns={"unit": "street_code"}), crs=4326)


def _geography(grids: gpd.GeoDataFrame, units: tuple[Unit, ...], names: str) -> Geography:
    split = _split_pair(grids)
    successors = (str(grids["code"][split[0]]), str(grids["code"][split[1]]))
    predecessor = f"{successors[0][:3]}{int(successors[0][3:]) - 1:03d}"
    areas = [_upper_levels(grids, units, names)]
    of_grid = {"level": "grid", "parent_code": grids["neighbourhood_code"], "valid_from": FOUNDED_ON}
    level = grids[["code", "geometry"]].assign(name=grids["code"], name_en=grids["code"], short_name=grids["code"], **of_grid)
    level["predecessors"] = None
    level.loc[split, "valid_from"] = SPLIT_ON.date().isoformat()
    level.loc[split, "predecessors"] = predecessor
    before = level.loc[[split[0]]].assign(
        code=predecessor, name=predecessor, name_en=predecessor, short_name=predecessor, predecessors=None,
        valid_from=FOUNDED_ON, valid_to=(SPLIT_ON - pd.Timedelta(days=1)).date().isoformat(),
        geometry=[shapely.normalize(shapely.coverage_union_all(grids.geometry[split].to_numpy()))],
    )  # fmt: skip
    areas = pd.concat([*areas, level, before], ignore_index=True)
    areas["priority"] = areas["code"].isin(_priority_committees(grids))
    return Geography(gpd.GeoDataFrame(areas, crs=4326), grids, predecessor, successors)


def _split_pair(grids: pd.DataFrame) -> list[int]:
    """The first committee of the eighth unit with exactly two grids: its one grid of 2022 became two."""
    counts = grids["neighbourhood_code"].value_counts()
    inside = grids["neighbourhood_code"].str.startswith(f"{DISTRICT}008")
    committee = next(code for code in sorted(grids["neighbourhood_code"][inside]) if counts[code] == 2)
    return list(grids.index[grids["neighbourhood_code"] == committee])


def _priority_committees(grids: gpd.GeoDataFrame) -> list[str]:
    """Every thirteenth committee is a 重点村居 (S0 二(三))."""
    return sorted(grids["neighbourhood_code"].unique())[::13]


def _upper_levels(grids: gpd.GeoDataFrame, units: tuple[Unit, ...], names: str) -> pd.DataFrame:
    by_code = {unit.code: unit for unit in units}
    name, name_en = district_name(names)
    rows = [{"code": DISTRICT, "name": name, "name_en": name_en, "short_name": name, "level": "district", "type": None,
             "parent_code": None, "geometry": _union(grids)}]  # fmt: skip
    for code, inside in grids.groupby("street_code"):
        unit = by_code[code]
        rows.append({"code": code, "name": unit.name, "name_en": unit.name_en, "short_name": unit.short_name,
                     "level": "street", "type": unit.type, "parent_code": DISTRICT, "geometry": _union(inside)})  # fmt: skip
    for code, inside in grids.groupby("neighbourhood_code"):
        unit, number = by_code[code[:9]], int(code[9:])
        village = unit.type != "street" and number % 5 >= 3
        rows.append({"code": code, "name": f"{unit.short_name}第{number}{'村' if village else '居委会'}",
                     "name_en": f"{unit.name_en.split()[0]} {'Village' if village else 'Committee'} {number}",
                     "short_name": f"{unit.short_name}{number}{'村' if village else '居'}", "level": "neighbourhood",
                     "type": "village" if village else "committee", "parent_code": code[:9], "geometry": _union(inside)})  # fmt: skip
    return pd.DataFrame(rows).assign(predecessors=None, valid_from=FOUNDED_ON, valid_to=None)


def _union(grids: gpd.GeoDataFrame) -> shapely.Geometry:
    return shapely.normalize(shapely.coverage_union_all(grids.geometry.to_numpy()))
