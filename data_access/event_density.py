"""The smooth picture of where events lie, frozen with a meeting: for the eye only, no test stands behind it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np
import shapely

from data_access.hotspots import in_metres
from rules.kernel_density import kernel_density

if TYPE_CHECKING:
    from data_access.hotspots import Hotspots

BANDWIDTH_M = {"grid": 800.0, "neighbourhood": 1500.0, "street": 3000.0}
"""Standard deviation of the kernel by level of the areas: ours, wider than an area, so that no single one shows."""
CELLS_ACROSS = 96
STEPS = 254


def event_density(found: Hotspots) -> dict[str, object] | None:
    """Events per km2 over the district (``rules.kernel_density``), each event at the middle of its area.

    Returns:
        ``west, south, east, north`` (EPSG:4326), ``columns`` and ``rows`` of cells from the north-west,
        ``cells`` (base64 of one byte a cell: 0 outside, 1 for none up to 255 for ``peak``), ``peak``
        (events per km2), ``bandwidth_m``, ``events`` drawn; None where no area with an outline has an event.
    """
    units = found.units
    known = units["geometry"].map(lambda shape: shape is not None and not shape.is_empty).to_numpy(bool) & units["label_lon"].notna().to_numpy()
    counts = units["events"].to_numpy(int) * known
    if not counts.sum():
        return None
    placed = units[known]
    outlines = in_metres(placed["geometry"].to_numpy(object), units)
    middles = shapely.get_coordinates(in_metres(shapely.points(placed["label_lon"], placed["label_lat"]), units)).repeat(counts[known], axis=0)
    boundary = shapely.union_all(shapely.make_valid(outlines), grid_size=1.0)
    width, height = np.ptp(np.reshape(boundary.bounds, (2, 2)), axis=0)
    cell = max(width, height) / CELLS_ACROSS
    surface = kernel_density(middles[:, 0], middles[:, 1], boundary, BANDWIDTH_M.get(found.level, BANDWIDTH_M["grid"]), cell)
    peak = float(np.nanmax(surface.density))
    steps = np.nan_to_num(1 + np.round(surface.density / peak * STEPS), nan=0.0).astype(np.uint8)[::-1]
    rows, columns = steps.shape
    west, south = boundary.bounds[:2]
    corners = in_metres(shapely.points([[west, south], [west + columns * cell, south + rows * cell]]), units, back=True)
    (left, low), (right, high) = np.round(shapely.get_coordinates(corners), 6).tolist()
    return {
        "west": left, "south": low, "east": right, "north": high, "columns": columns, "rows": rows, "cells": base64.b64encode(steps.tobytes()).decode(),
        "peak": round(peak, 3), "bandwidth_m": BANDWIDTH_M.get(found.level, BANDWIDTH_M["grid"]), "events": int(counts.sum()),
    }  # fmt: skip
