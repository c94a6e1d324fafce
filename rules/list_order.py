"""The order in which areas are best looked at, and how good an order proved to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binomtest

from rules.compare import CONFIDENCE
from rules.neighbours import Neighbours
from rules.smoothing import local_empirical_bayes

TOP_SHARE = 0.2
"""The part of a list that a back-test looks at."""


def expected_matters(events: ArrayLike, sites: ArrayLike, exposure: ArrayLike, neighbours: Neighbours) -> np.ndarray:
    """How many matters each area is to expect: its smoothed rate of events and standing sites times its people.

    The rate is that of ``rules.smoothing.local_empirical_bayes`` over events and sites together:
    a place with a history, or among neighbours with one, comes before one where a single thing
    happened. This system's own choice.

    Args:
        events: one an area, in the period before.
        sites: known sites not cleared, one an area.
        exposure: residents and workers; an area with 0 expects nothing.
        neighbours: what ``rules.neighbours.neighbour_matrix`` takes.
    """
    people = np.ravel(np.asarray(exposure, dtype="float64"))
    known = np.where(people > 0, np.ravel(np.asarray(events, dtype="float64")) + np.ravel(np.asarray(sites, dtype="float64")), 0.0)
    return np.nan_to_num(local_empirical_bayes(known, people, neighbours) * people)


def places_at_top(scores: ArrayLike, share: float = TOP_SHARE, ties: ArrayLike | None = None) -> np.ndarray:
    """Positions of the areas with the highest scores: the given share of all, at least one.

    Args:
        ties: what decides between equal scores, the lowest first; else the position.
    """
    found = np.ravel(np.asarray(scores, dtype="float64"))
    second = np.zeros(len(found)) if ties is None else np.ravel(np.asarray(ties))
    number = max(1, round(share * len(found))) if len(found) else 0
    return np.lexsort((np.arange(len(found)), second, -found))[:number]


@dataclass(frozen=True, slots=True)
class HitRate:
    """How many of what was confirmed later lay at the top of two lists.

    Attributes:
        confirmed: how many were.
        ours, theirs: of those, at the top of our list, and of the other.
        interval: of our share, 95 %, Clopper & Pearson 1934; (0, 1) where nothing was confirmed.
        their_interval: of the other's share.
        p: exact, two-sided: how often chance parts the two lists as far (McNemar 1947); 1 where they agree in all.
    """

    confirmed: int
    ours: int
    theirs: int
    interval: tuple[float, float]
    their_interval: tuple[float, float]
    p: float


def hit_rate(in_ours: ArrayLike, in_theirs: ArrayLike) -> HitRate:
    """Compare two lists by what was confirmed later.

    Args:
        in_ours, in_theirs: bool, one a confirmation: whether it lay at the top of each list.

    Raises:
        ValueError: lengths that differ.
    """
    ours, theirs = (np.ravel(np.asarray(one, dtype=bool)) for one in (in_ours, in_theirs))
    if len(ours) != len(theirs):
        raise ValueError(f"in_theirs: expected {len(ours)} values, found {len(theirs)}")
    apart = int((ours != theirs).sum())
    p = float(binomtest(int((ours & ~theirs).sum()), apart).pvalue) if apart else 1.0
    return HitRate(len(ours), int(ours.sum()), int(theirs.sum()), _interval(ours), _interval(theirs), p)


def by_historic_list(standing: pd.DataFrame, units: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """How the historic list orders areas: those with most sites first, of these the one listed first.

    Args:
        standing: unit, number of each known site.
        units: codes of the areas.

    Returns:
        Score and tie of each unit for ``places_at_top``.
    """
    ordered = standing.sort_values("number", kind="stable")
    counts = standing["unit"].value_counts().reindex(units).fillna(0).to_numpy("float64")
    first = pd.Series(range(len(ordered)), index=ordered["unit"]).groupby(level=0).min()
    return counts, first.reindex(units).fillna(len(ordered)).to_numpy("float64")


def _interval(inside: np.ndarray) -> tuple[float, float]:
    if not len(inside):
        return 0.0, 1.0
    found = binomtest(int(inside.sum()), len(inside)).proportion_ci(confidence_level=CONFIDENCE, method="exact")
    return float(found.low), float(found.high)
