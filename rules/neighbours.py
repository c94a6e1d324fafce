"""Who is whose neighbour, from any of the forms in which neighbours are handed around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

Neighbours = Any
"""``libpysal.weights.W``, ``libpysal.graph.Graph``, a square matrix, or the neighbours' positions by area."""

LARGEST_POSITION = 2**62


def neighbour_matrix(neighbours: Neighbours, areas: int) -> sparse.csr_array:
    """The weights between areas, rows summing over their neighbours, nobody their own neighbour.

    Args:
        neighbours: libpysal weights (``W`` or ``Graph``), in the order of the values; a square
            matrix, dense or sparse; a sequence of the positions of each area's neighbours; or a
            mapping of an area to its neighbours (in the order of its keys, unless these are 0 to n - 1).
        areas: how many there are.

    Raises:
        ValueError: it is about another number of areas.
    """
    if isinstance(neighbours, pd.DataFrame):
        neighbours = neighbours.to_numpy()
    if hasattr(neighbours, "sparse") and not isinstance(neighbours, pd.Series):
        found = sparse.csr_array(neighbours.sparse, dtype="float64")
    elif sparse.issparse(neighbours):
        found = sparse.csr_array(neighbours, dtype="float64")
    elif isinstance(neighbours, np.ndarray) and neighbours.shape == (areas, areas):
        if neighbours.dtype.kind not in "biuf":
            raise ValueError(f"weights: expected numbers, found {neighbours.dtype}")
        found = sparse.csr_array(neighbours.astype("float64"))
    else:
        found = _from_lists(neighbours, areas)
    if not np.isfinite(found.data).all():
        raise ValueError("weights: expected numbers, found a weight that is none")
    if found.shape != (areas, areas):
        raise ValueError(f"weights: expected {areas} areas, as many as there are values, found {found.shape[0]}")
    apart = sparse.coo_array(found)
    kept = (apart.row != apart.col) & (apart.data != 0)
    return sparse.csr_array((apart.data[kept], (apart.row[kept], apart.col[kept])), shape=found.shape)


def binary(weights: sparse.csr_array, with_self: bool = False) -> sparse.csr_array:
    """1 for a neighbour, whatever its weight; with ``with_self`` also for the area itself."""
    found = sparse.csr_array((np.ones_like(weights.data), weights.indices, weights.indptr), shape=weights.shape)
    return sparse.csr_array(found + sparse.eye_array(found.shape[0])) if with_self else found


def _from_lists(neighbours: Mapping | Sequence, areas: int) -> sparse.csr_array:
    if not isinstance(neighbours, Iterable) or isinstance(neighbours, str | bytes):
        raise ValueError(f"neighbours: expected weights or a list of neighbours for every area, found {neighbours}")
    keys: list = []
    if isinstance(neighbours, Mapping):
        keys = list(range(areas) if set(neighbours) == set(range(areas)) else neighbours)
        neighbours = [neighbours[key] for key in keys]
    at = {key: position for position, key in enumerate(keys)}
    lists = []
    for area, one in enumerate(neighbours):
        if not isinstance(one, Iterable) or isinstance(one, str | bytes):
            raise ValueError(f"neighbours: expected a list of neighbours for every area, found {one!r} for area {area}")
        lists.append([_position(other, at, area) for other in one])
    row = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    column = np.array([other for one in lists for other in one], dtype="int64")
    size = len(lists)
    if len(column) and not (column.min() >= 0 and column.max() < size):
        raise ValueError(f"neighbours: expected positions from 0 to {size - 1}, found {column.min()} to {column.max()}")
    found = sparse.csr_array((np.ones(len(column)), (row, column)), shape=(size, size))
    found.data[:] = 1.0
    return found


def _position(other: object, at: dict, area: int) -> int:
    if at:
        if other not in at:
            raise ValueError(f"neighbours: expected one of the areas, found {other!r} as a neighbour of area {area}")
        return at[other]
    if isinstance(other, bool | str) or not isinstance(other, int | float | np.number) or not -LARGEST_POSITION < other < LARGEST_POSITION or other != int(other):
        raise ValueError(f"neighbours: expected the position of an area, found {other!r} as a neighbour of area {area}")
    return int(other)
