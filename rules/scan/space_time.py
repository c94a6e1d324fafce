"""Scans cylinders: a circle of places times a run of days."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rules.scan.circles import Circles
from rules.scan.cluster import Candidate
from rules.scan.likelihood import LEAST_CASES, Poisson, critical_cases_of_many
from rules.scan.promising import Promising

NARROW = np.dtype("int8")
MOST_NARROW = 127
"""Circles with fewer cases than this in every simulation are counted in single bytes."""

MEMORY_BYTES = 1 << 28
"""What the simulated counts held at once may take."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The runs of days that a cylinder may last.

    Attributes:
        days: the day numbers counted, ascending.
        first, last: positions in ``days``, one a window, ascending.
        starts: where the windows with the same first day begin, and the number of windows; of
            prospective windows only the two ends, for these share their last day.
        prospective: whether all windows reach the last day.
    """

    days: np.ndarray
    first: np.ndarray
    last: np.ndarray
    starts: np.ndarray
    prospective: bool

    def cases(self, up_to: np.ndarray, into: np.ndarray) -> np.ndarray:
        """The cases of every window, from the cases up to each day: (days + 1) x ... to windows x ..."""
        if self.prospective:
            return np.subtract(up_to[-1], up_to[self.first[0] : len(self.days)], out=into)
        for start, end in itertools.pairwise(self.starts.tolist()):
            first = self.first[start]
            np.subtract(up_to[first + 1 : first + 1 + end - start], up_to[first], out=into[start:end])
        return into

    def shortest_best(self, ratio: np.ndarray) -> int:
        """The window with the highest ratio, of several the shortest."""
        equal = np.flatnonzero(ratio == ratio.max())
        return int(equal[np.argmin(self.days[self.last[equal]] - self.days[self.first[equal]])])


def windows(days: np.ndarray, max_days: int, prospective: bool) -> Windows:
    """Every run of days of at most ``max_days`` calendar days.

    Args:
        days: day numbers, ascending.
        max_days: at least 1.
        prospective: only those that reach the last day.
    """
    first, last = np.triu_indices(len(days))
    kept = (days[last] - days[first] + 1 <= max_days) & ((last == len(days) - 1) if prospective else True)
    first, last = first[kept], last[kept]
    starts = np.array([0, len(first)]) if prospective else np.append(np.unique(first, return_index=True)[1], len(first))
    return Windows(days, first, last, starts, prospective)


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected cases of cylinders, from a sum over the places of their circles.

    Attributes:
        of_place: places x (days + 1), what adds up over places: person-time up to each day for a
            population; without one, the cases of the place (a single column).
        of_window: what the sum over places is multiplied by, one a window; empty with a population.
    """

    of_place: np.ndarray
    of_window: np.ndarray

    def weight(self, gathered: np.ndarray, when: Windows) -> np.ndarray:
        """Expected cases, circles x windows, of the sums over the places of circles."""
        if len(self.of_window):
            return gathered * self.of_window
        return gathered[:, when.last + 1] - gathered[:, when.first]


def up_to_each_day(cases: np.ndarray) -> np.ndarray:
    """Cases before each day and after the last: places x days x ... to places x (days + 1) x ..."""
    total = np.zeros((cases.shape[0], cases.shape[1] + 1, *cases.shape[2:]), dtype=cases.dtype)
    np.cumsum(cases, axis=1, out=total[:, 1:])
    return total


def best_cylinders(model: Poisson, around: Circles, when: Windows, up_to: np.ndarray, expected: Expected) -> list[Candidate]:
    """The cylinder with the highest ratio around each place that has one above 0.

    Args:
        model: Poisson.
        around: circles.
        when: runs of days.
        up_to: observed cases, from ``up_to_each_day``.
        expected: of cylinders.
    """
    found = []
    for order, distance, ends in zip(around.order, around.distance, around.ends, strict=True):
        best = Candidate(0.0, order[:0], 0, 0.0, 0.0)
        inside, gathered = np.zeros(up_to.shape[1], dtype=up_to.dtype), np.zeros((1, expected.of_place.shape[1]))
        for step, place in enumerate(order):
            inside += up_to[place]
            gathered += expected.of_place[place]
            if not ends[step]:
                continue
            cases, weight = when.cases(inside, np.empty(len(when.first), dtype=inside.dtype)), expected.weight(gathered, when)[0]
            ratio = np.where(cases >= LEAST_CASES, model.ratio(cases, weight), 0.0)
            at = when.shortest_best(ratio)
            if ratio[at] > best.ratio:
                days = int(when.days[when.first[at]]), int(when.days[when.last[at]])
                best = Candidate(float(ratio[at]), order[: step + 1], int(cases[at]), float(weight[at]), float(distance[step]), days)
        if best.ratio > 0:
            found.append(best)
    return found


def raise_highest(model: Poisson, around: Circles, when: Windows, up_to: np.ndarray, expected: Expected, highest: np.ndarray) -> None:
    """Raise the highest ratio of each simulation, in place, to that of any of these cylinders.

    Args:
        model: Poisson.
        around: circles.
        when: runs of days.
        up_to: simulated cases, places x (days + 1) x simulations.
        expected: of cylinders.
        highest: one a simulation.
    """
    promising = Promising(model, highest)
    shape = len(when.first), up_to.shape[2]
    held = {kind: np.empty(shape, dtype=kind) for kind in {NARROW, up_to.dtype}}
    reached = np.empty(shape, dtype=bool)
    for order, ends in zip(around.order, around.ends, strict=True):
        gathered = np.cumsum(expected.of_place[order], axis=0)
        weight = expected.weight(gathered, when)
        valid = np.broadcast_to(ends[:, None], weight.shape)
        enough = critical_cases_of_many(model, weight, valid, float(highest.min()))
        inside = np.zeros(up_to.shape[1:], dtype=up_to.dtype)
        for step, place in enumerate(order):
            np.add(inside, up_to[place], out=inside)
            if not ends[step]:
                continue
            kind = NARROW if inside[-1].max() < MOST_NARROW else up_to.dtype
            cases = when.cases(inside.astype(kind, copy=False), held[kind])
            fewest = np.minimum(enough[step], MOST_NARROW) if kind == NARROW else enough[step]
            np.greater_equal(cases, fewest[:, None].astype(kind), out=reached)
            hits = np.flatnonzero(reached)
            if len(hits):
                at, run = np.divmod(hits, shape[1])
                promising.add(run, cases.ravel()[hits], weight[step, at])
        promising.work_out()


def drawn_from_population(rng: np.random.Generator, total: int, share: np.ndarray, simulations: int) -> Iterator[np.ndarray]:
    """Cases thrown again over the person-time, in batches of places x (days + 1) x simulations.

    Args:
        rng: seeded.
        total: all cases.
        share: of the person-time, places x days.
        simulations: how many in all.
    """
    for size in _batches(share.shape, total, simulations):
        thrown = rng.multinomial(total, share.ravel(), size=size).T.reshape(*share.shape, size)
        yield up_to_each_day(np.ascontiguousarray(thrown, dtype=_dtype(total)))


def drawn_by_permutation(
    rng: np.random.Generator, of_case: np.ndarray, day_of_case: np.ndarray, shape: tuple[int, int], simulations: int
) -> Iterator[np.ndarray]:
    """The days of the cases shuffled among them, in batches of places x (days + 1) x simulations.

    Args:
        rng: seeded.
        of_case: place of each case.
        day_of_case: position of its day.
        shape: places, days.
        simulations: how many in all.
    """
    for size in _batches(shape, len(of_case), simulations):
        shuffled = rng.permuted(np.broadcast_to(day_of_case, (size, len(day_of_case))), axis=1)
        cell = (of_case * shape[1] + shuffled) * size + np.arange(size)[:, None]
        thrown = np.bincount(cell.ravel(), minlength=shape[0] * shape[1] * size)
        yield up_to_each_day(thrown.astype(_dtype(len(of_case))).reshape(*shape, size))


def _dtype(total: int) -> np.dtype:
    return np.min_scalar_type(-total - 2)


def _batches(shape: tuple[int, ...], total: int, simulations: int) -> Iterator[int]:
    one = shape[0] * (shape[1] + 1) * _dtype(total).itemsize
    size = int(max(1, min(simulations, MEMORY_BYTES // max(1, 4 * one))))
    for start in range(0, simulations, size):
        yield min(size, simulations - start)
