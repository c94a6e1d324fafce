"""Rates of small areas drawn towards the rate of all, the more so the less is known of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rules.neighbours import Neighbours, binary, neighbour_matrix
from rules.scan.inputs import LARGEST, real_numbers


def empirical_bayes(events: ArrayLike, exposure: ArrayLike) -> np.ndarray:
    """Global empirical Bayes rates: each raw rate drawn towards the overall rate m.

    m = sum(E) / sum(n), s2 = sum(n (r - m)^2) / sum(n), a = max(0, s2 - m / mean(n)),
    rate_i = m + (r_i - m) a / (a + m / n_i). Source: Marshall 1991 (Applied Statistics 40), the
    moment estimator; the same as spdep's ``EBest`` and esda's ``Empirical_Bayes``.

    Args:
        events: one an area, from 0.
        exposure: one an area, from 0 (residents, workers, 户次); any unit.

    Returns:
        Events per unit of exposure, one an area. An area without exposure gets m and does not
        enter the mean exposure; NaN everywhere where there is no exposure at all.

    Raises:
        ValueError: a value that is missing, negative or no number, lengths that differ, or events without exposure.
    """
    E, n = _checked(events, exposure)
    known = n > 0
    if not known.any():
        return np.full(len(E), np.nan)
    m = E.sum() / n.sum()
    raw = np.divide(E, n, out=np.full(len(E), m), where=known)
    between = (n * (raw - m) ** 2).sum() / n.sum() - m / n[known].mean()
    return _shrunk(raw, m, max(between, 0.0), n)


def local_empirical_bayes(events: ArrayLike, exposure: ArrayLike, neighbours: Neighbours) -> np.ndarray:
    """Local empirical Bayes rates: each raw rate drawn towards the rate of its surroundings.

    As :func:`empirical_bayes` with m, s2 and the mean exposure taken over the area and its
    neighbours. Source: Marshall 1991; the same as esda's ``Spatial_Empirical_Bayes``.

    Args:
        events, exposure: as in :func:`empirical_bayes`.
        neighbours: what ``rules.neighbours.neighbour_matrix`` takes; weights count as neighbour or not.

    Returns:
        Events per unit of exposure. An area without neighbours keeps its raw rate; NaN where
        neither the area nor a neighbour has exposure.

    Raises:
        ValueError: as in :func:`empirical_bayes`, or other areas in ``neighbours``.
    """
    E, n = _checked(events, exposure)
    around = binary(neighbour_matrix(neighbours, len(E)), with_self=True)
    known = n > 0
    total = around @ n
    m = np.divide(around @ E, total, out=np.full(len(E), np.nan), where=total > 0)
    raw = np.divide(E, n, out=m.copy(), where=known)
    # sum(n (r - m)^2) over the surroundings, with m of the area in the middle
    r = np.where(known, raw, 0.0)
    squares = around @ (n * r**2) - 2 * m * (around @ (n * r)) + m**2 * total
    members = around @ known.astype("float64")
    spread = np.divide(np.maximum(squares, 0.0), total, out=np.zeros(len(E)), where=total > 0)
    noise = np.divide(np.nan_to_num(m) * members, total, out=np.zeros(len(E)), where=total > 0)
    return _shrunk(raw, m, np.maximum(spread - noise, 0.0), n)


def _shrunk(raw: np.ndarray, m: float | np.ndarray, between: float | np.ndarray, n: np.ndarray) -> np.ndarray:
    """``m + (raw - m) a / (a + m / n)``, written so that n = 0 and m = 0 give m."""
    weight = between * n
    below = weight + m
    share = np.divide(weight, below, out=np.zeros(len(n)), where=below > 0)
    return m + (raw - m) * share


def _checked(events: ArrayLike, exposure: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    E, n = real_numbers("events", events), real_numbers("exposure", exposure)
    if len(E) != len(n):
        raise ValueError(f"expected as many exposures as events, found {len(n)} and {len(E)}")
    for name, values in (("events", E), ("exposure", n)):
        wrong = np.flatnonzero(~np.isfinite(values) | (values < 0))
        if len(wrong):
            raise ValueError(f"{name}: expected numbers from 0, found {values[wrong[0]]} in area {wrong[0]}")
        far = np.flatnonzero((values > LARGEST) | ((values > 0) & (values < 1 / LARGEST)))
        if len(far):
            raise ValueError(f"{name}: expected 0 or {1 / LARGEST:g} to {LARGEST:g}, found {values[far[0]]:g} in area {far[0]}")
    nowhere = np.flatnonzero((n == 0) & (E > 0))
    if len(nowhere):
        raise ValueError(f"exposure: expected more than 0 where there are events, found 0 with {E[nowhere[0]]:g} events in area {nowhere[0]}")
    return E, n
