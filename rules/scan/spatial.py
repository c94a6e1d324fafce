"""Scans circles: the best one around each place, and the highest ratio of every simulation."""

from __future__ import annotations

import numpy as np

from rules.scan.circles import Circles
from rules.scan.cluster import Candidate
from rules.scan.likelihood import LEAST_CASES, Model, critical_cases


def best_circles(model: Model, around: list[Circles], cases: np.ndarray, weight: np.ndarray) -> list[Candidate]:
    """The circle with the highest ratio around each place that has one above 0.

    Args:
        model: Poisson or Bernoulli.
        around: the circles of every place.
        cases: one a place.
        weight: what ``model.ratio`` takes, one a place.
    """
    found = []
    for one in around:
        inside, of_them = np.cumsum(cases[one.order]), np.cumsum(weight[one.order])
        ratio = np.where(one.ends & (inside >= LEAST_CASES), model.ratio(inside, of_them), 0.0)
        best = int(ratio.argmax())
        if ratio[best] > 0:
            expected = float(model.expected(of_them[best]))
            found.append(Candidate(float(ratio[best]), one.order[: best + 1], int(inside[best]), expected, float(one.distance[best])))
    return found


def highest_ratios(model: Model, around: list[Circles], simulated: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The highest ratio of any circle in each simulation.

    A circle is worked out for a simulation only where its cases reach the fewest that could beat
    the lowest of the highest ratios so far: the ratio of a circle grows with its cases.

    Args:
        model: Poisson or Bernoulli.
        around: the circles of every place.
        simulated: cases, places x simulations.
        weight: what ``model.ratio`` takes, one a place.

    Returns:
        One a simulation; 0 where no circle has more cases than expected.
    """
    highest = np.zeros(simulated.shape[1])
    longest = max((len(one.order) for one in around), default=0)
    held = np.empty((longest, simulated.shape[1]), dtype=simulated.dtype)
    for one in around:
        inside = held[: len(one.order)]
        _running_total(simulated, one.order, inside)
        of_them = np.cumsum(weight[one.order])
        enough = critical_cases(model, of_them, one.ends, float(highest.min()))
        raise_highest(model, highest, inside, of_them, enough)
    return highest


def raise_highest(model: Model, highest: np.ndarray, inside: np.ndarray, weight: np.ndarray, enough: np.ndarray) -> None:
    """Raise the highest ratios, in place, to those of the windows with enough cases.

    Args:
        model: Poisson or Bernoulli.
        highest: one a simulation.
        inside: cases, windows x simulations.
        weight: one a window.
        enough: fewest cases worth working out, one a window.
    """
    may = np.flatnonzero(enough <= model.total)
    if not len(may):
        return
    window, run = np.nonzero(inside[may] >= enough[may, None].astype(inside.dtype))
    window = may[window]
    if len(window):
        np.maximum.at(highest, run, model.ratio(inside[window, run], weight[window]))


def _running_total(simulated: np.ndarray, order: np.ndarray, into: np.ndarray) -> None:
    into[0] = simulated[order[0]]
    for at in range(1, len(order)):
        np.add(into[at - 1], simulated[order[at]], out=into[at])
