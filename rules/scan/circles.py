"""The circles of a scan: around every place, growing until they hold too much of the population."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rules.scan.inputs import Largest, Places

SAME_DISTANCE = 1e-9
"""Distances that differ by less than this share of themselves are the same: what rounding leaves."""

FIRST_CENTRES = 4
"""So many centres are taken first: what they show spares work on all others."""


@dataclass(frozen=True, slots=True)
class Circles:
    """The growing circles around some places, centres x steps.

    Attributes:
        order: places from each centre outwards, equal distances in order of number.
        distance: of each of them from the centre.
        ends: whether the circle may end here: all places at this distance are in it, and it holds
            no more of the population than it may.
    """

    order: np.ndarray
    distance: np.ndarray
    ends: np.ndarray


def circles(where: Places, population: np.ndarray, size: Largest, at_once: int) -> Iterator[Circles]:
    """The circles around every place, in the order of the places, ``at_once`` centres at a time.

    Places at the same distance enter together. A circle holds at most the largest share of the whole
    population and reaches no farther than the largest radius. Source: Kulldorff 1997; SaTScan
    User Guide, spatial window.
    """
    cap = size.share * population.sum() * (1 + 1e-12)
    start, count = 0, min(FIRST_CENTRES, at_once)
    while start < len(where):
        centres = np.arange(start, min(start + count, len(where)))
        distance = where.distances(centres)
        order = np.argsort(distance, axis=1, kind="stable")
        distance = np.take_along_axis(distance, order, axis=1)
        last = np.ones(order.shape, dtype=bool)
        last[:, :-1] = np.diff(distance, axis=1) > SAME_DISTANCE * distance[:, 1:]
        ends = last & (np.cumsum(population[order], axis=1) <= cap) & (distance <= size.radius)
        steps = int(np.flatnonzero(ends.any(axis=0)).max(initial=-1)) + 1
        if steps:
            yield Circles(order[:, :steps].copy(), distance[:, :steps], ends[:, :steps])
        start, count = start + count, min(4 * count, at_once)
