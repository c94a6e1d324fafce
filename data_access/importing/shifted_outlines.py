"""Tells outlines that are all moved the same way (GCJ-02, BD-09) by the areas already known, and moves them back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from data_access.importing.cells import text_of
from data_access.importing.gazetteer import METRES_PER_DEGREE, Gazetteer
from data_access.importing.problems import CellFault, Fault, Findings
from rules.language import N_

LEAST_M, MOST_M = 250.0, 1_100.0
"""GCJ-02 and BD-09 lie 300 to 700 m and up to about 1,000 m from WGS 84 in eastern China."""
SPREAD_M = 60.0
"""Moves of one file differ by less than this from their median: the shift changes slowly over a district."""
ALIKE = 0.9
"""Share of the joint area that two outlines have in common when they are the same one."""
AGREEING = 0.8
"""Share of the compared outlines whose own move agrees with the median."""


def without_shift(shapes: np.ndarray, values: pd.DataFrame, gazetteer: Gazetteer, findings: Findings) -> np.ndarray:
    """The outlines, moved back where all of them are shifted against what is known; every row then asks.

    An outline is compared with the known one of its code; several together with the known parent that
    they fill. Without either it cannot be told, and a note says so.

    Args:
        shapes: EPSG:4326, None where a row has none; aligned with ``values``.
        values: with ``code`` and, as text, ``parent_code``.
    """
    pairs = _counterparts(shapes, values, gazetteer)
    if not pairs:
        if any(shape is not None for shape in shapes):
            findings.note(N_("库里没有可以比对的边界，看不出这份边界是不是偏移坐标（GCJ-02、BD-09）：请向提供单位核实。"))
        return shapes
    move = _common_move(pairs)
    if move is None:
        return shapes
    x, y, metres = move
    fault = Fault(N_("全文件的边界与已有边界一致偏移约 {distance} 米，像是高德（GCJ-02）或百度（BD-09）坐标"),
                  N_("请向提供单位索取 WGS84 或 CGCS2000 边界；确认后按移回的位置入库"), {"distance": round(metres / 10) * 10})  # fmt: skip
    move_by = np.array([x, y])
    findings.note(N_("边界一致偏移约 {distance} 米，已按移回的位置与已有边界比较。"), distance=round(metres / 10) * 10)
    moved = shapes.copy()
    for position, shape in enumerate(shapes):
        if shape is not None:
            moved[position] = shapely.transform(shape, lambda points: np.round(points + move_by, 7))
            findings.doubt(values.index[position], "", fault)
    return moved


def _counterparts(shapes: np.ndarray, values: pd.DataFrame, gazetteer: Gazetteer) -> list[tuple[shapely.Geometry, shapely.Geometry]]:
    """(outline of the file, known outline) of the same area: by code, else children of a parent that they fill."""
    known = {code: shape for code, shape in zip(gazetteer.codes, gazetteer.geometry, strict=True) if shape is not None}
    codes = values["code"] if "code" in values else pd.Series(None, index=values.index, dtype=object)
    own = [(shape, known[code]) for shape, code in zip(shapes, codes, strict=True) if shape is not None and code in known]
    if own or "parent_code" not in values:
        return own
    children: dict[str, list[shapely.Geometry]] = {}
    for shape, text in zip(shapes, values["parent_code"], strict=True):
        parent = _found(text, gazetteer)
        if shape is not None and parent in known:
            children.setdefault(parent, []).append(shape)
    together = ((shapely.union_all(parts), known[parent]) for parent, parts in children.items())
    return [(made, whole) for made, whole in together if ALIKE <= shapely.area(made) / shapely.area(whole) <= 1 / ALIKE]


def _found(text: object, gazetteer: Gazetteer) -> str | None:
    try:
        return gazetteer.find(text_of(text)) if text else None
    except CellFault:
        return None


def _common_move(pairs: list[tuple[shapely.Geometry, shapely.Geometry]]) -> tuple[float, float, float] | None:
    """The one move (degrees east, degrees north, metres) that lays the outlines on the known ones, or None."""
    given = shapely.centroid(np.array([one for one, _ in pairs], dtype=object))
    wanted = shapely.centroid(np.array([other for _, other in pairs], dtype=object))
    east, north = shapely.get_x(wanted) - shapely.get_x(given), shapely.get_y(wanted) - shapely.get_y(given)
    scale = METRES_PER_DEGREE * np.cos(np.radians(np.median(shapely.get_y(wanted))))
    x, y = float(np.median(east)), float(np.median(north))
    metres = float(np.hypot(x * scale, y * METRES_PER_DEGREE))
    if not LEAST_M <= metres <= MOST_M:
        return None
    off = np.hypot((east - x) * scale, (north - y) * METRES_PER_DEGREE)
    move_by = np.array([x, y])
    alike = [_share(shapely.transform(one, lambda points: points + move_by), other) for one, other in pairs]
    agrees = (off <= SPREAD_M) & (np.array(alike) >= ALIKE)
    return (x, y, metres) if agrees.mean() >= AGREEING else None


def _share(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(shapely.area(shapely.intersection(one, other)) / shapely.area(shapely.union(one, other)))
