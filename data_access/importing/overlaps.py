"""Finds areas of one level that lie over one another in a file of boundaries: a point there could be in either."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from data_access.importing.problems import Fault, Findings
from rules.language import N_

SHARE = 0.02
"""Part of the smaller area above which an overlap is no slip of a border's vertices (本系统默认)."""


def doubt_overlaps(values: pd.DataFrame, shapes: np.ndarray, findings: Findings) -> None:
    """Ask about rows that cover more than ``SHARE`` of another area of their level that is valid in the same days.

    Args:
        values: the register of areas, index ``row_number``; columns ``code``, ``level``, ``valid_from``, ``valid_to``.
        shapes: outlines in EPSG:4326 aligned with it, None where the row is refused.
    """
    there = np.flatnonzero([shape is not None for shape in shapes])
    if len(there) < 2:
        return
    drawn = shapes[there]
    boxes, areas = shapely.bounds(drawn), shapely.area(drawn)
    one, other = shapely.STRtree(drawn).query(drawn)
    once = one < other
    one, other = one[once], other[once]
    wide = np.minimum(boxes[one, 2], boxes[other, 2]) - np.maximum(boxes[one, 0], boxes[other, 0])
    high = np.minimum(boxes[one, 3], boxes[other, 3]) - np.maximum(boxes[one, 1], boxes[other, 1])
    least = SHARE * np.minimum(areas[one], areas[other])
    level = values["level"].to_numpy(dtype=object)[there]
    near = (wide * high > least) & (level[one] == level[other])
    one, other, least = one[near], other[near], least[near]
    common = shapely.area(shapely.intersection(drawn[one], drawn[other]))
    for first, second, shared, bound in zip(one, other, common, least, strict=True):
        rows = [int(values.index[there[position]]) for position in (first, second)]
        if shared > bound and _together(values.loc[rows[0]], values.loc[rows[1]]):
            part = round(100 * shared * SHARE / bound)
            findings.doubt(rows[1], "", Fault(
                N_("与第 {twin} 行的“{name}”重叠（占较小一块的 {part}%），落在那里的点分不清归哪个"), N_("请核对两块的边界"),
                {"twin": rows[0], "name": values.at[rows[0], "name"] or values.at[rows[0], "code"], "part": part}))


def _together(one: pd.Series, other: pd.Series) -> bool:
    """Whether two different areas are valid on a common day."""
    if one["code"] == other["code"]:
        return False

    def before(left: pd.Series, right: pd.Series) -> bool:
        return left["valid_to"] is not None and right["valid_from"] is not None and left["valid_to"] < right["valid_from"]

    return not before(one, other) and not before(other, one)
