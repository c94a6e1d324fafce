"""A cluster as a scan finds it, and the choice of clusters that share no place."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field

import numpy as np

LEAST_RATIO = 0.001
"""Windows below this log likelihood ratio are no clusters. Source: SaTScan's reporting limit."""

SAME_RATIO = 1e-9
"""A simulated ratio this close to the observed one equals it: what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where, and when, more happened than elsewhere.

    Attributes:
        members: rows of the input inside the cluster, from its centre outwards; of a cluster in
            space and time those within its days.
        observed: cases inside.
        expected: cases inside if the rate were the same everywhere.
        relative_risk: (c/mu) / ((C-c)/(C-mu)), the rate inside against the rate outside; infinite
            where all cases are inside.
        log_likelihood_ratio: of the model of the scan.
        p: (1 + simulations with a ratio as high anywhere) / (1 + simulations).
        first_day, last_day: as the days were given (dates or numbers); None without time.
        centre: a row at the centre of the circle.
        radius: from the centre to the farthest member: metres on the sphere, else in units of x, y.
        simulated: the highest ratio of each simulation, the same for all clusters of a scan.
    """

    members: tuple[int, ...]
    observed: int
    expected: float
    relative_risk: float
    log_likelihood_ratio: float
    p: float
    first_day: dt.date | int | None = None
    last_day: dt.date | int | None = None
    centre: int = field(default=-1, compare=False)
    radius: float = field(default=0.0, compare=False)
    simulated: np.ndarray = field(default_factory=lambda: np.empty(0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The best window around one place.

    Attributes:
        ratio: its log likelihood ratio.
        places: numbers of the places inside.
        observed, expected: cases inside.
        radius: of the circle.
        days: first and last day number, None without time.
    """

    ratio: float
    places: np.ndarray
    observed: int
    expected: float
    radius: float
    days: tuple[int, int] | None = None


def without_overlap(candidates: list[Candidate]) -> list[Candidate]:
    """The highest ratio first, each next one only if it shares no place with those before it.

    Only the best window around each place takes part. Source: SaTScan's default, secondary
    clusters with no geographical overlap.
    """
    taken: set[int] = set()
    chosen = []
    for candidate in sorted(candidates, key=lambda one: -one.ratio):
        if candidate.ratio >= LEAST_RATIO and taken.isdisjoint(candidate.places.tolist()):
            taken.update(candidate.places.tolist())
            chosen.append(candidate)
    return chosen


def relative_risk(observed: int, expected: float, total: int) -> float:
    """The rate inside against the rate outside; infinite where nothing happened outside."""
    if observed == total:
        return math.inf
    return (observed / expected) / ((total - observed) / (total - expected))


def p_value(ratio: float, simulated: np.ndarray) -> float:
    """Rank of the ratio among the simulated ones: (1 + as high) / (1 + simulations)."""
    return float(1 + (simulated >= ratio - SAME_RATIO * max(1.0, ratio)).sum()) / (1 + len(simulated))
