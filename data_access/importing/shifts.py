"""Tells a file whose coordinates are all shifted the same way (GCJ-02, BD-09) from one with single mistakes."""

from __future__ import annotations

import numpy as np
import shapely

from data_access.importing.gazetteer import METRES_PER_DEGREE, Gazetteer

LEAST_ROWS = 8
"""Rows with a named area and coordinates below which a shift cannot be told from mistakes."""
WRONG_SHARE, RIGHT_SHARE = 0.15, 0.95
"""A shift is reported when more than the first share lies outside the named area as written, and the
second lies inside after moving all rows alike."""
_SAMPLE = 400


def common_shift(lon: np.ndarray, lat: np.ndarray, claims: np.ndarray, gazetteer: Gazetteer) -> int | None:
    """The length in metres of the one move (300 to 900 m) that brings rows into the areas they name.

    GCJ-02 and BD-09 lie 300 to 700 m and up to about 1,000 m from WGS 84 in eastern China, in one
    direction within a district.

    Args:
        lon, lat: degrees.
        claims: code of the area that each row names, or None.

    Returns:
        Metres, rounded to 50; None where the coordinates agree, or no single move mends them.
    """
    shapes = {code: shape for code, shape in zip(gazetteer.codes, gazetteer.geometry, strict=True) if shape is not None}
    used = np.flatnonzero([claim in shapes for claim in claims])[:_SAMPLE]
    if len(used) < LEAST_ROWS:
        return None
    named = np.array([shapes[claims[index]] for index in used], dtype=object)
    x, y = lon[used], lat[used]
    if (~shapely.intersects_xy(named, x, y)).mean() <= WRONG_SHARE:
        return None
    scale = METRES_PER_DEGREE * np.cos(np.radians(np.median(y)))
    best = (0.0, 0)
    for distance in range(300, 1_000, 100):
        for angle in np.arange(0, 2 * np.pi, np.pi / 12):
            share = shapely.intersects_xy(
                named, x + distance * np.cos(angle) / scale, y + distance * np.sin(angle) / METRES_PER_DEGREE
            ).mean()
            best = max(best, (float(share), -distance))
    return -best[1] if best[0] >= RIGHT_SHARE else None
