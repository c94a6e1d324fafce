"""Which areas are hot or cold together with their neighbours: Getis-Ord, local Moran, false discovery rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse, stats

from rules.neighbours import Neighbours, binary, neighbour_matrix
from rules.scan.inputs import generator, number, real_numbers, whole_number, yes_or_no

if TYPE_CHECKING:
    from libpysal.graph import Graph

# esda takes seconds to import: whoever starts the product without asking for a hot spot does not wait for it

LEAST_P = float(np.finfo("float64").tiny)
"""A p smaller than a float can hold is given as this: none is ever 0."""


def getis_ord(values: ArrayLike, weights: Neighbours, star: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Local Getis-Ord statistics Gi* (with the area itself) or Gi (without), standardised.

    Source: Ord & Getis 1995 (Geographical Analysis 27), through esda's ``G_Local`` with binary
    weights; equal to spdep's ``localG``. Weights count as neighbour or not, whatever they are.

    Args:
        values: one an area, in the order of the weights; a constant added to all changes nothing.
        weights: libpysal ``W`` or ``Graph``, or what ``rules.neighbours.neighbour_matrix`` takes;
            left as they are.
        star: whether an area counts among its own neighbours, with weight 1.

    Returns:
        z, above 0 where values around are high, and p, two-sided from the normal distribution.
        NaN and 1 where nothing can be said: all values equal, an area without neighbours (Gi; Gi*
        then is about the area alone), or with all areas as neighbours.

    Raises:
        ValueError: a value that is missing or no number, or weights of other areas.
    """
    from esda.getisord import G_Local

    y, star = _values(values), yes_or_no("star", star)
    neighbours = binary(neighbour_matrix(weights, len(y)), with_self=star)
    spread = np.ptp(y) if len(y) else 0.0
    if len(y) < 3 or spread == 0:
        return np.full(len(y), np.nan), np.ones(len(y))
    # esda divides by the sum of the values: shifted and scaled they are positive, and z is the same
    with np.errstate(divide="ignore", invalid="ignore"):
        found = G_Local((y - y.min()) / spread + 1, _graph(neighbours), transform="B", permutations=0, star=star)
    z = np.array(found.Zs, dtype="float64")
    degree = neighbours.sum(axis=1)
    z[(degree == 0) | (degree >= len(y) - (0 if star else 1)) | ~np.isfinite(z)] = np.nan
    return z, np.where(np.isnan(z), 1.0, np.maximum(2 * stats.norm.sf(np.abs(z)), LEAST_P))


def local_moran(
    values: ArrayLike, weights: Neighbours, permutations: int = 999, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Local Moran's I with p from conditional permutations.

    I and quadrant are esda's (``Moran_Local``, row-standardised weights; Anselin 1995, Geographical
    Analysis 27). For p the other areas' values are drawn around each area, without replacement,
    ``permutations`` times: p = min(1, 2 (1 + as extreme on the nearer side) / (1 + permutations)).
    That is two-sided and keeps its stated rate of false alarms; esda's ``p_sim`` is one-sided on the
    side that the data choose, half of it, and alarms twice as often.

    Args:
        values: one an area, in the order of the weights.
        weights: as in :func:`getis_ord`; their sizes count, a weight of an area to itself does not.
        permutations: at least 1.
        seed: a whole number from 0; the same seed gives the same p.

    Returns:
        I, p and quadrant: 1 high among high, 2 low among high, 3 low among low, 4 high among low.
        NaN, 1 and 0 for an area without neighbours, and for all areas where all values are equal.

    Raises:
        ValueError: a value that is missing or no number, weights of other areas, or no permutations.
    """
    from esda.moran import Moran_Local

    y = _values(values)
    permutations, chance = whole_number("permutations", permutations, 1), generator(seed)
    neighbours = neighbour_matrix(weights, len(y))
    if len(y) < 3 or np.ptp(y) == 0:
        return np.full(len(y), np.nan), np.ones(len(y)), np.zeros(len(y), dtype="int64")
    with np.errstate(divide="ignore", invalid="ignore"):
        found = Moran_Local(y, _graph(neighbours), transformation="r", permutations=0)
    islands = np.diff(neighbours.indptr) == 0
    statistic = np.where(islands, np.nan, np.asarray(found.Is, dtype="float64"))
    p = _conditional_p(np.asarray(found.z), neighbours, permutations, chance)
    return statistic, p, np.where(islands, 0, np.asarray(found.q, dtype="int64"))


def false_discovery_rate(p: ArrayLike, alpha: float) -> np.ndarray:
    """Which of many tests stand if at most a share ``alpha`` of those may be false alarms.

    Source: Benjamini & Hochberg 1995 (JRSS B 57): the tests up to the largest rank k with
    p_(k) <= k alpha / m.

    Args:
        p: of each test, 0..1; a missing one is no test and does not stand.
        alpha: above 0, below 1.

    Returns:
        bool, one a test.

    Raises:
        ValueError: a p or ``alpha`` outside its range.
    """
    values = real_numbers("p", p)
    tested = ~np.isnan(values)
    alpha = number("alpha", alpha)
    if not 0 < alpha < 1:
        raise ValueError(f"alpha: expected above 0 and below 1, found {alpha}")
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise ValueError(f"p: expected 0 to 1, found {values[tested].min()} to {values[tested].max()}")
    ordered = np.sort(values[tested])
    limit = alpha * np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
    passed = np.flatnonzero(ordered <= limit * (1 + 1e-12))
    return tested & (values <= ordered[passed[-1]]) if len(passed) else np.zeros(len(values), dtype=bool)


def _conditional_p(z: np.ndarray, neighbours: sparse.csr_array, permutations: int, rng: np.random.Generator) -> np.ndarray:
    """Two-sided p of each area's sum over its neighbours, other areas' values drawn in their place."""
    areas = len(z)
    degree = np.diff(neighbours.indptr)
    most = int(degree.max(initial=0))
    # an area at the mean has I = 0 whatever its neighbours are: rounding must not give it a sign
    sign = np.where(np.abs(z) < 1e-12, 0.0, np.sign(z))
    # one draw serves all areas: positions among the others, in random order
    drawn = np.array([rng.permutation(areas - 1)[:most] for _ in range(permutations)], dtype="int64").reshape(permutations, most)
    p = np.ones(areas)
    for area in np.flatnonzero(degree):
        weight = neighbours.data[neighbours.indptr[area] : neighbours.indptr[area + 1]]
        here = z[neighbours.indices[neighbours.indptr[area] : neighbours.indptr[area + 1]]]
        position = drawn[:, : len(weight)]
        simulated = z[position + (position >= area)] @ weight * sign[area]
        observed = here @ weight * sign[area]
        slack = 1e-10 * max(1.0, np.abs(weight).sum())
        above, below = (simulated >= observed - slack).sum(), (simulated <= observed + slack).sum()
        p[area] = min(1.0, 2 * (1 + min(above, below)) / (1 + permutations))
    return p


def _graph(neighbours: sparse.csr_array) -> Graph:
    from libpysal.graph import Graph

    return Graph.from_sparse(sparse.coo_array(neighbours))


def _values(values: ArrayLike) -> np.ndarray:
    found = real_numbers("values", values)
    if not np.isfinite(found).all():
        area = int(np.flatnonzero(~np.isfinite(found))[0])
        raise ValueError(f"values: expected a number for every area, found {found[area]} in area {area}; leave it out of values and weights")
    # by a power of two, which rounds nothing and changes no statistic: squares of very small or large values stay within a float
    largest = np.abs(found).max(initial=0.0)
    return np.ldexp(found, -int(np.frexp(largest)[1])) if largest else found
