"""Makes the outlines of areas fit to keep: degrees, polygons, valid, with box, label point, size and hash."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyproj
import shapely

from data_access.importing.gazetteer import METRES_PER_DEGREE, Gazetteer
from data_access.importing.problems import Fault, Findings
from data_access.importing.projections import (
    CHINA_EAST,
    CHINA_NORTH,
    CHINA_SOUTH,
    CHINA_WEST,
    reading,
)
from rules.language import N_

DECIMALS = 7
"""Decimals kept of a degree: about one centimetre."""
SMALLEST_M2 = 1.0
"""An outline smaller than this is none."""
COLUMNS = ("geometry", "geometry_hash", "west", "south", "east", "north", "label_lon", "label_lat", "area_km2")

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7


def outlines(
    shapes: np.ndarray, rows: pd.Index, gazetteer: Gazetteer, findings: Findings, *,
    declared: pyproj.CRS | None, asked: pyproj.CRS | None,
) -> np.ndarray:
    """Polygons and multipolygons in EPSG:4326, repaired; None where the row is refused.

    Args:
        shapes: geometries as the file has them, None where missing; aligned with ``rows``.

    Raises:
        ImportRefused: the coordinate system cannot be told.
    """
    made = np.array(shapes, dtype=object, copy=True)
    for position, shape in enumerate(made):
        fault = _unfit(shape)
        if fault is not None:
            findings.refuse(rows[position], "", fault)
            made[position] = None
        elif shapely.get_type_id(shape) == _COLLECTION:
            parts = [part for part in shape.geoms if shapely.get_type_id(part) in (_POLYGON, _MULTIPOLYGON)]
            made[position] = shapely.union_all(parts)
            findings.note(N_("第 {row} 行的图形集合里只取了面。"), row=int(rows[position]))
    there = np.flatnonzero([shape is not None for shape in made])
    if not there.size:
        return made
    bounds = shapely.bounds(made[there])
    middle = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    told = reading(*middle, declared=declared, asked=asked, extent=gazetteer.extent)
    findings.notes += told.notes
    made[there] = shapely.transform(told.shapes(made[there]), lambda points: np.round(points, DECIMALS))
    repaired = []
    for position in there:
        made[position], mended, fault = _repaired(made[position])
        if fault is not None:
            findings.refuse(rows[position], "", fault)
        elif mended:
            repaired.append(int(rows[position]))
    if repaired:
        findings.note(N_("{count} 个自相交或有多余尖角的图形已自动修正（第 {rows} 行）。"), count=len(repaired), rows=tuple(map(str, repaired[:20])))
    return made


def _unfit(shape: shapely.Geometry | None) -> Fault | None:
    mend = N_("请补上面状的边界，或删去这一行")
    if shape is None:
        return Fault(N_("没有图形"), mend)
    if shapely.is_empty(shape):
        return Fault(N_("图形是空的"), mend)
    kind = shapely.get_type_id(shape)
    if kind == _COLLECTION and any(shapely.get_type_id(part) in (_POLYGON, _MULTIPOLYGON) for part in shape.geoms):
        return None
    if kind not in (_POLYGON, _MULTIPOLYGON):
        return Fault(N_("图形是点或线，不是面"), mend)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return Fault(N_("图形的坐标不是数"), mend)
    return None


def _repaired(shape: shapely.Geometry) -> tuple[shapely.Geometry | None, bool, Fault | None]:
    """The valid shape, whether it had to be mended, and why it is refused where it cannot be."""
    west, south, east, north = shapely.bounds(shape)
    if not (west >= CHINA_WEST and east <= CHINA_EAST and south >= CHINA_SOUTH and north <= CHINA_NORTH):
        return None, False, Fault(N_("图形不在中国境内"), N_("请检查坐标系"))
    mended = not shapely.is_valid(shape)
    if mended:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shapely.is_empty(shape) or _metres2(shape) < SMALLEST_M2:
        return None, False, Fault(N_("图形的面积是零"), N_("请补上面状的边界，或删去这一行"))
    return shapely.normalize(shape), mended, None


def _metres2(shape: shapely.Geometry) -> float:
    """Rough size, square metres."""
    latitude = np.radians(shapely.get_y(shapely.point_on_surface(shape)))
    return float(shapely.area(shape)) * METRES_PER_DEGREE**2 * np.cos(latitude)


def measures(shapes: np.ndarray) -> pd.DataFrame:
    """Columns ``COLUMNS`` for each outline; None throughout where there is none.

    ``area_km2`` is taken on a Lambert azimuthal equal-area projection centred on the shapes (GRS 80),
    the label point is the centre of the largest circle inside the largest part.
    """
    frame = pd.DataFrame({name: np.full(len(shapes), None, dtype=object) for name in COLUMNS})
    there = np.flatnonzero([shape is not None for shape in shapes])
    frame["geometry"] = list(shapes)
    frame["geometry"] = frame["geometry"].astype(object)
    if not there.size:
        return frame
    drawn = np.array(list(shapes), dtype=object)[there]
    bounds = shapely.bounds(drawn)
    west, south, east, north = shapely.total_bounds(drawn)
    flat = pyproj.CRS.from_proj4(f"+proj=laea +lat_0={(south + north) / 2:.3f} +lon_0={(west + east) / 2:.3f} +ellps=GRS80 +units=m")
    project = pyproj.Transformer.from_crs(4326, flat, always_xy=True).transform
    level = shapely.transform(drawn, lambda points: np.column_stack(project(points[:, 0], points[:, 1])))
    labels = [_label(shape) for shape in drawn]
    values = {
        "geometry_hash": [hashlib.sha256(data).hexdigest() for data in shapely.to_wkb(drawn)],
        "west": bounds[:, 0], "south": bounds[:, 1], "east": bounds[:, 2], "north": bounds[:, 3],
        "label_lon": [point[0] for point in labels], "label_lat": [point[1] for point in labels],
        "area_km2": np.round(shapely.area(level) / 1e6, 6),
    }
    for name, column in values.items():
        filled = np.full(len(shapes), None, dtype=object)
        filled[there] = list(column)
        frame[name] = filled
    return frame


def _label(shape: shapely.Geometry) -> tuple[float, float]:
    """Longitude and latitude of the pole of inaccessibility of the largest part."""
    parts = shapely.get_parts(shape)
    largest = parts[np.argmax(shapely.area(parts))]
    west, south, east, north = shapely.bounds(largest)
    tolerance = max(east - west, north - south) / 200
    center = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance))[0]
    return round(float(center[0]), DECIMALS), round(float(center[1]), DECIMALS)
