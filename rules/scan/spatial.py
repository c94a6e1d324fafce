"""Scans circles: the best one around each place, and the highest ratio of every simulation."""

from __future__ import annotations

import numpy as np

from rules.scan.circles import Circles
from rules.scan.cluster import Candidate
from rules.scan.likelihood import LEAST_CASES, Model, critical_cases
from rules.scan.promising import Promising

AT_ONCE = 1 << 15
"""So many counts (centres x simulations) are held at once: they stay in the processor's cache."""


def best_circles(model: Model, around: Circles, cases: np.ndarray, weight: np.ndarray) -> list[Candidate]:
    """The circle with the highest ratio around each place that has one above 0.

    Args:
        model: Poisson or Bernoulli.
        around: circles.
        cases: one a place.
        weight: what ``model.ratio`` takes, one a place.
    """
    inside, of_them = np.cumsum(cases[around.order], axis=1), np.cumsum(weight[around.order], axis=1)
    ratio = np.where(around.ends & (inside >= LEAST_CASES), model.ratio(inside, of_them), 0.0)
    steps = ratio.argmax(axis=1)
    return [
        Candidate(
            ratio=float(ratio[at, step]),
            places=around.order[at, : step + 1],
            observed=int(inside[at, step]),
            expected=float(model.expected(of_them[at, step])),
            radius=float(around.distance[at, step]),
        )
        for at, step in enumerate(steps)
        if ratio[at, step] > 0
    ]


def raise_highest(model: Model, around: Circles, simulated: np.ndarray, weight: np.ndarray, highest: np.ndarray) -> None:
    """Raise the highest ratio of each simulation, in place, to that of any of these circles.

    A ratio is worked out only where a circle's cases reach the fewest that could beat the lowest
    of the highest ratios so far: the ratio of a circle grows with its cases.

    Args:
        model: Poisson or Bernoulli.
        around: circles.
        simulated: cases, places x simulations.
        weight: what ``model.ratio`` takes, one a place.
        highest: one a simulation.
    """
    of_them = np.cumsum(weight[around.order], axis=1)
    enough = critical_cases(model, of_them, around.ends, float(highest.min())).astype(simulated.dtype)
    inside = np.zeros((len(around.order), simulated.shape[1]), dtype=simulated.dtype)
    entering, reached = np.empty_like(inside), np.empty(inside.shape, dtype=bool)
    promising = Promising(model, highest)
    for step, places in enumerate(around.order.T):
        np.take(simulated, places, axis=0, out=entering, mode="clip")
        np.add(inside, entering, out=inside)
        np.greater_equal(inside, enough[:, step, None], out=reached)
        hits = np.flatnonzero(reached)
        if len(hits):
            at, run = np.divmod(hits, inside.shape[1])
            promising.add(run, inside.ravel()[hits], of_them[at, step])
    promising.work_out()
