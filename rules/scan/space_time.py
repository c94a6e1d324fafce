"""Scans cylinders: a circle of places times a run of days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rules.scan.circles import Circles
from rules.scan.cluster import Candidate
from rules.scan.likelihood import LEAST_CASES, Poisson, critical_cases
from rules.scan.promising import Promising

MEMORY_BYTES = 1 << 28
"""What the simulated counts held at once may take."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The runs of days that a cylinder may last, the shortest first.

    Attributes:
        days: the day numbers counted, ascending.
        first, last: positions in ``days``, one a window.
    """

    days: np.ndarray
    first: np.ndarray
    last: np.ndarray


def windows(days: np.ndarray, max_days: int, prospective: bool) -> Windows:
    """Every run of days of at most ``max_days`` calendar days.

    Args:
        days: day numbers, ascending.
        max_days: at least 1.
        prospective: only those that reach the last day.
    """
    first, last = np.triu_indices(len(days))
    length = days[last] - days[first] + 1
    kept = (length <= max_days) & ((last == len(days) - 1) if prospective else True)
    first, last, length = first[kept], last[kept], length[kept]
    shortest = np.argsort(length, kind="stable")
    return Windows(days, first[shortest], last[shortest])


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
            cases, weight = inside[when.last + 1] - inside[when.first], expected.weight(gathered, when)[0]
            ratio = np.where(cases >= LEAST_CASES, model.ratio(cases, weight), 0.0)
            at = int(ratio.argmax())
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
    cases = np.empty((len(when.first), up_to.shape[2]), dtype=up_to.dtype)
    before, reached = np.empty_like(cases), np.empty(cases.shape, dtype=bool)
    for order, ends in zip(around.order, around.ends, strict=True):
        gathered = np.cumsum(expected.of_place[order], axis=0)
        weight = expected.weight(gathered, when)
        valid = np.broadcast_to(ends[:, None], weight.shape)
        enough = critical_cases(model, weight, valid, float(highest.min())).astype(up_to.dtype)
        inside = np.zeros(up_to.shape[1:], dtype=up_to.dtype)
        for step, place in enumerate(order):
            np.add(inside, up_to[place], out=inside)
            if not ends[step]:
                continue
            np.take(inside, when.last + 1, axis=0, out=cases, mode="clip")
            np.take(inside, when.first, axis=0, out=before, mode="clip")
            np.subtract(cases, before, out=cases)
            np.greater_equal(cases, enough[step, :, None], out=reached)
            hits = np.flatnonzero(reached)
            if len(hits):
                at, run = np.divmod(hits, cases.shape[1])
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
