"""A smooth surface of where events lie, for the eye only: no test stands behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.ndimage import gaussian_filter

from rules.scan.inputs import LARGEST, number, numbers

MOST_CELLS = 4_000_000
FINEST = 10_000
"""A bandwidth this many times a cell, or a cell this many times a bandwidth, is a wrong unit."""

SQUARE_METRES = 1_000_000


@dataclass(frozen=True, slots=True)
class Surface:
    """Density on a grid of square cells.

    Attributes:
        x, y: centres of the columns and of the rows (from the south), metres.
        density: rows x columns, events per km2; NaN for cells whose centre lies outside the boundary.
    """

    x: np.ndarray
    y: np.ndarray
    density: np.ndarray


def kernel_density(x: ArrayLike, y: ArrayLike, boundary: shapely.Geometry, bandwidth_m: float, cell_m: float = 100.0) -> Surface:
    """Gaussian kernel density with edge correction, for display only.

    At s: sum of K(s - x_i) over the events inside, divided by the part of K around s that lies
    inside the boundary, so that the density does not fall off towards the edge where nobody
    could be seen. Source: Diggle 1985 (Applied Statistics 34); Jones 1993 (Statistics and Computing 3).

    Args:
        x, y: one an event, metres in a plane; events outside the boundary are left out.
        boundary: polygon or multipolygon in the same plane.
        bandwidth_m: standard deviation of the kernel, above 0.
        cell_m: side of a cell, above 0.

    Returns:
        The surface; 0 inside the boundary where there are no events at all.

    Raises:
        ValueError: a missing value, an empty boundary, a size not above 0, or a bandwidth out of proportion to the cells, or more than 4 million cells.
    """
    across = numbers("x", x)
    up = numbers("y", y, len(across))
    bandwidth_m, cell_m = _length("bandwidth_m", bandwidth_m), _length("cell_m", cell_m)
    if not cell_m / FINEST <= bandwidth_m <= cell_m * FINEST:
        raise ValueError(f"bandwidth_m: expected {cell_m / FINEST:g} to {cell_m * FINEST:g} with cells of {cell_m:g}, found {bandwidth_m:g}")
    if not isinstance(boundary, shapely.Geometry) or boundary.is_empty or boundary.area == 0:
        raise ValueError("boundary: expected a polygon with an area, found none")
    west, south, east, north = boundary.bounds
    columns, rows = math.ceil((east - west) / cell_m), math.ceil((north - south) / cell_m)
    if not columns * rows <= MOST_CELLS:
        raise ValueError(f"cell_m: expected at most {MOST_CELLS} cells, found {columns * rows}; take larger cells")
    at_x, at_y = west + cell_m * (np.arange(columns) + 0.5), south + cell_m * (np.arange(rows) + 0.5)
    inside = shapely.contains_xy(boundary, *np.meshgrid(at_x, at_y))
    seen = shapely.intersects_xy(boundary, across, up)
    total = np.zeros((rows, columns))
    for one_x, one_y in zip(across[seen], up[seen], strict=True):
        total += np.outer(_bell(at_y - one_y, bandwidth_m), _bell(at_x - one_x, bandwidth_m))
    held = gaussian_filter(inside.astype("float64"), bandwidth_m / cell_m, mode="constant", truncate=6.0)
    density = np.divide(total * SQUARE_METRES, held, out=np.full(total.shape, np.nan), where=inside & (held > 0))
    return Surface(at_x, at_y, density)


def _length(name: str, value: float) -> float:
    found = number(name, value)
    if not 1 / LARGEST <= found <= LARGEST:
        raise ValueError(f"{name}: expected a number above 0, found {value}")
    return found


def _bell(away: np.ndarray, bandwidth_m: float) -> np.ndarray:
    return np.exp(-0.5 * (away / bandwidth_m) ** 2) / (bandwidth_m * math.sqrt(2 * math.pi))
