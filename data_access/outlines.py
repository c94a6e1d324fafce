"""Finds what is wrong with the outlines of a day's areas: missing, broken, overlapping, gaps."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data_access.areas import DRAWN_LEVELS, areas
from data_access.database import Database
from rules.request import Scope

OVERLAP_M2 = 100.0
"""Overlaps up to this are slivers of digitising and are not told."""
GAP_SHARE = 0.01
"""A parent is told when its children leave open, or stand out by, more than this share of it."""
COLUMNS = ("level", "fault", "code", "other_code", "area_m2")


def outline_faults(database: Database, scope: Scope, day: dt.date) -> pd.DataFrame:
    """Everything wrong with the outlines valid on a day.

    Areas are measured in a local equal-area projection (Lambert, centred on the district).

    Returns:
        ``level``, ``fault`` (``missing``: no outline; ``invalid``: crosses itself; ``overlap``: with
        ``other_code`` of its level; ``gap``: its children leave it open; ``outside``: its children
        stand out of it), ``code``, ``other_code`` (empty but for overlaps), ``area_m2`` (NaN where
        it has no size). Nothing wrong: no rows.
    """
    found = areas(database, scope, day)
    drawn = found.geometry.notna() & ~found.geometry.is_empty
    faults = [
        (row.level, "missing", row.code, "", np.nan)
        for row in found[~drawn & found["level"].isin(DRAWN_LEVELS)].itertuples()
    ]
    valid = found.geometry.is_valid
    faults += [
        (row.level, "invalid", row.code, "", np.nan) for row in found[drawn & ~valid].itertuples()
    ]
    usable = _measured(found[drawn & valid])
    for level in DRAWN_LEVELS:
        faults += _overlaps(usable[usable["level"] == level], level)
    faults += _gaps(usable)
    return pd.DataFrame(faults, columns=list(COLUMNS))


def _measured(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if found.empty:
        return found
    west, south, east, north = found.total_bounds
    local = f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +units=m"
    return found.to_crs(local)


def _overlaps(found: gpd.GeoDataFrame, level: str) -> list[tuple]:
    outlines, codes = found.geometry.to_numpy(), found["code"].to_numpy(dtype=object)
    if len(outlines) < 2:
        return []
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(outlines[one], outlines[other]))
    return [
        (level, "overlap", codes[a], codes[b], float(size))
        for a, b, size in zip(one, other, shared, strict=True)
        if size > OVERLAP_M2
    ]


def _gaps(found: gpd.GeoDataFrame) -> list[tuple]:
    faults = []
    outlines = dict(zip(found["code"], found.geometry, strict=True))
    levels = dict(zip(found["code"], found["level"], strict=True))
    for parent, inside in found.groupby("parent_code"):
        if parent not in outlines:
            continue
        whole = outlines[parent]
        filled = shapely.union_all(inside.geometry.to_numpy())
        for fault, rest in (
            ("gap", whole.difference(filled)),
            ("outside", filled.difference(whole)),
        ):
            if rest.area > GAP_SHARE * whole.area:
                faults.append((levels[parent], fault, parent, "", rest.area))
    return faults
