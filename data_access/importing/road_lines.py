"""Reads the register of roads: lines in degrees, in the district, each with a number of its own."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import shapely

from data_access.importing.cells import blank
from data_access.importing.gazetteer import Gazetteer
from data_access.importing.problems import Fault, Findings, ImportRefused
from data_access.importing.projections import (
    CHINA_EAST,
    CHINA_NORTH,
    CHINA_SOUTH,
    CHINA_WEST,
    reading,
)
from data_access.importing.tables import Table
from data_access.importing.values import plain_values
from rules.language import N_

DECIMALS = 7
"""Decimals kept of a degree: about one centimetre."""
_LINE, _MULTILINE, _COLLECTION = 1, 5, 7


def roads(table: Table, gazetteer: Gazetteer, findings: Findings, *, asked) -> tuple[pd.DataFrame, pd.Series]:
    """Values of every road with its line; no row has a day.

    A road without 编号 gets one from its line, so that the same line is known again from another file.

    Args:
        asked: coordinate system that the person names, or None.

    Raises:
        ImportRefused: the file has no lines, or its coordinate system cannot be told.
    """
    if table.geometry is None:
        if not len(table.cells):
            return plain_values(table, table.cells, findings).assign(geometry=None, geometry_hash=None), blank(table.cells.index)
        raise ImportRefused(N_("“路网”要有线：请导入地图文件，或在表里加一列“几何”（WKT，LINESTRING）。"))
    values = plain_values(table, table.cells, findings)
    shapes = _lines(np.array(table.geometry, dtype=object, copy=True), values.index, gazetteer, findings, table, asked)
    digests = [None if shape is None else hashlib.sha256(shapely.to_wkb(shape)).hexdigest() for shape in shapes]
    values["geometry"] = pd.Series(list(shapes), index=values.index, dtype=object)
    values["geometry_hash"] = pd.Series(digests, index=values.index, dtype=object)
    values["number"] = [number or (digest and f"线-{digest[:16]}") for number, digest in zip(values["number"], digests, strict=True)]
    values["direction"] = [direction or "both" for direction in values["direction"]]
    values["on_foot"] = [bool(on_foot) for on_foot in values["on_foot"]]
    values["name"] = [name[:120] if isinstance(name, str) else None for name in values["name"]]
    values["road_class"] = [kind[:24] if isinstance(kind, str) else None for kind in values["road_class"]]
    return values, blank(values.index)


def _lines(shapes: np.ndarray, rows: pd.Index, gazetteer: Gazetteer, findings: Findings, table: Table, asked) -> np.ndarray:
    """Lines in EPSG:4326; None where the row is refused."""
    for position, shape in enumerate(shapes):
        shapes[position], fault = _line_of(shape)
        if fault is not None:
            findings.refuse(rows[position], "", fault)
    there = np.flatnonzero([shape is not None for shape in shapes])
    if not there.size:
        return shapes
    bounds = shapely.bounds(shapes[there])
    told = reading((bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2, declared=table.crs, asked=asked, extent=gazetteer.extent)
    findings.notes += told.notes
    shapes[there] = shapely.transform(told.shapes(shapes[there]), lambda points: np.round(points, DECIMALS))
    for position in there:
        west, south, east, north = shapely.bounds(shapes[position])
        if not (west >= CHINA_WEST and east <= CHINA_EAST and south >= CHINA_SOUTH and north <= CHINA_NORTH):
            findings.refuse(rows[position], "", Fault(N_("图形不在中国境内"), N_("请检查坐标系")))
        elif shapely.length(shapes[position]) == 0:
            findings.refuse(rows[position], "", Fault(N_("线的长度是零"), N_("请补上线，或删去这一行")))
        else:
            continue
        shapes[position] = None
    return shapes


def _line_of(shape: shapely.Geometry | None) -> tuple[shapely.Geometry | None, Fault | None]:
    mend = N_("请补上线，或删去这一行")
    if shape is None or shapely.is_empty(shape):
        return None, Fault(N_("没有图形"), mend)
    if shapely.get_type_id(shape) == _COLLECTION:
        parts = [part for part in shape.geoms if shapely.get_type_id(part) in (_LINE, _MULTILINE)]
        shape = shapely.MultiLineString([line for part in parts for line in shapely.get_parts(part)]) if parts else shape
    if shapely.get_type_id(shape) not in (_LINE, _MULTILINE):
        return None, Fault(N_("图形是点或面，不是线"), mend)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return None, Fault(N_("图形的坐标不是数"), mend)
    return shape, None
