"""The circles of a scan: around every place, growing until they hold too much of the population."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rules.scan.inputs import Places

SAME_DISTANCE = 1e-9
"""Distances that differ by less than this share of themselves are the same: what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Circles:
    """The growing circles around one place.

    Attributes:
        centre: number of the place.
        order: places from the centre outwards, as many as fit; equal distances in order of number.
        distance: of each of them from the centre.
        ends: whether the circle may end here: all places at this distance are in it.
    """

    centre: int
    order: np.ndarray
    distance: np.ndarray
    ends: np.ndarray


def circles(where: Places, population: np.ndarray, max_share: float) -> Iterator[Circles]:
    """The circles around every place, in the order of the places.

    Places at the same distance enter together. A circle holds at most ``max_share`` of the whole
    population. Source: Kulldorff 1997; SaTScan User Guide, spatial window.
    """
    cap = max_share * population.sum() * (1 + 1e-12)
    for centre in range(len(where)):
        distance = where.distances(centre)
        order = np.argsort(distance, kind="stable")
        distance = distance[order]
        last = np.append(np.diff(distance) > SAME_DISTANCE * distance[1:], True)
        fits = last & (np.cumsum(population[order]) <= cap)
        until = int(np.flatnonzero(fits)[-1]) + 1 if fits.any() else 0
        if until:
            order = _by_number_where_tied(order[:until], last[:until])
            yield Circles(centre, order, distance[:until], fits[:until])


def _by_number_where_tied(order: np.ndarray, last: np.ndarray) -> np.ndarray:
    group = np.cumsum(np.append(0, last[:-1]))
    return order[np.lexsort((order, group))]
