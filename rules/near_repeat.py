"""Near-repeats: whether events follow each other near by and soon more often than chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from rules.scan.inputs import day_numbers, generator, numbers, whole_number

COLUMNS = ("distance_from_m", "distance_to_m", "days_from", "days_to", "observed", "expected", "ratio", "p")

MOST_AT_ONCE = 100_000
"""Pairs of events, over all orders counted together: what stays in the processor's cache and in little memory."""


def knox(
    x: ArrayLike,
    y: ArrayLike,
    day: ArrayLike,
    distances_m: ArrayLike,
    days: ArrayLike,
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Knox's test in every cell of distance and time.

    A pair of events lies in the cell (from, to] of its distance and of its days apart; the first
    cells hold 0, too, so one edge gives "within". Expected = pairs that near x pairs that soon /
    all pairs, the mean over all orders of the days. Chance: the days shuffled among the events,
    ``permutations`` times; p = (1 + as many pairs or more) / (1 + permutations). Source: Knox 1964
    (Applied Statistics 13); Mantel 1967; Johnson et al. 2007 (Journal of Quantitative Criminology 23).

    Args:
        x, y: one an event, metres in a plane.
        day: dates, or texts as 2023-07-31, or whole day numbers.
        distances_m: upper edges, ascending, metres.
        days: upper edges, ascending, whole days.
        permutations: at least 1.
        seed: a whole number from 0; the same seed gives the same p.

    Returns:
        A row a cell, distances first: distance_from_m, distance_to_m, days_from, days_to,
        observed, expected (pairs), ratio (observed / expected, NaN where none is expected), p.

    Raises:
        ValueError: a missing value, lengths that differ, or edges that do not ascend.
    """
    across = numbers("x", x)
    up = numbers("y", y, len(across))
    on_day, _ = day_numbers(day, len(across))
    near, soon = _edges("distances_m", distances_m), _edges("days", days)
    permutations = whole_number("permutations", permutations, 1)
    first, second, distance = _pairs_within(across, up, float(near[-1]))
    cell = np.searchsorted(near, distance, side="left")
    shape = len(near), len(soon)
    observed = _counted(cell, on_day[None], first, second, soon, shape)[0]
    rng = generator(seed)
    as_many = np.zeros(shape, dtype="int64")
    at_once = max(1, MOST_AT_ONCE // max(1, len(first)))
    for done in range(0, permutations, at_once):
        shuffled = np.stack([rng.permutation(on_day) for _ in range(min(at_once, permutations - done))])
        as_many += (_counted(cell, shuffled, first, second, soon, shape) >= observed).sum(axis=0)
    pairs = len(across) * (len(across) - 1) / 2
    of_distance = np.bincount(cell, minlength=len(near))[: len(near)]
    expected = np.outer(of_distance, _pairs_by_days(on_day, soon)) / max(pairs, 1.0)
    cells = pd.MultiIndex.from_product([range(shape[0]), range(shape[1])])
    row, column = cells.get_level_values(0).to_numpy(), cells.get_level_values(1).to_numpy()
    below_near, below_soon = np.append(0.0, near[:-1]), np.append(0.0, soon[:-1])
    found = pd.DataFrame(
        {
            "distance_from_m": below_near[row], "distance_to_m": near[row],
            "days_from": below_soon[column], "days_to": soon[column],
            "observed": observed.ravel(), "expected": expected.ravel(),
        }
    )  # fmt: skip
    found["ratio"] = found["observed"] / found["expected"].where(found["expected"] > 0)
    found["p"] = (1 + as_many.ravel()) / (1 + permutations)
    return found[list(COLUMNS)]


def _edges(name: str, values: ArrayLike) -> np.ndarray:
    found = numbers(name, values)
    if not len(found) or found[0] < 0 or (np.diff(found) <= 0).any():
        raise ValueError(f"{name}: expected ascending upper edges from 0, found {found.tolist()}")
    return found


def _pairs_within(x: np.ndarray, y: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if len(x) < 2:
        nobody = np.empty(0, dtype="int64")
        return nobody, nobody, np.empty(0)
    pairs = cKDTree(np.column_stack([x, y])).query_pairs(radius * (1 + 1e-9) + 1e-9, output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]
    # rounding must not carry a pair at exactly an edge over it
    distance = np.round(np.hypot(x[first] - x[second], y[first] - y[second]), 6)
    within = distance <= radius
    return first[within], second[within], distance[within]


def _counted(cell: np.ndarray, days: np.ndarray, first: np.ndarray, second: np.ndarray, soon: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Pairs in each cell (orders, distances, days) for every row of ``days``, an order of the days."""
    last = int(min(soon[-1] + 1, np.ptp(days, axis=None) if days.size else 0))
    column = np.searchsorted(soon, np.arange(last + 1), side="left").astype("int64")
    apart = np.minimum(np.abs(days[:, first] - days[:, second]), last)
    # one column more than there are cells takes the pairs too many days apart
    cells = cell * (shape[1] + 1) + column[apart]
    cells += np.arange(len(days))[:, None] * (shape[0] * (shape[1] + 1))
    counts = np.bincount(cells.ravel(), minlength=len(days) * shape[0] * (shape[1] + 1))
    return counts.reshape(len(days), shape[0], shape[1] + 1)[:, :, :-1]


def _pairs_by_days(on_day: np.ndarray, soon: np.ndarray) -> np.ndarray:
    """Pairs of events in each cell of days apart, all distances together."""
    ordered = np.sort(on_day)
    ahead = np.arange(1, len(ordered) + 1)
    within = [(np.searchsorted(ordered, ordered + np.floor(edge), side="right") - ahead).sum() for edge in soon]
    return np.diff(np.append(0, within))
