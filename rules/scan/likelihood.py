"""How much likelier a window's cases are with a higher rate inside than with one rate everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

LEAST_CASES = 2
"""A window of high rates needs this many cases. Source: SaTScan's default (minimum cases in high rate clusters)."""


@dataclass(frozen=True, slots=True)
class Poisson:
    """Cases against expected cases; also of the space-time permutation model.

    LLR = c ln(c/mu) + (C - c) ln((C - c)/(C - mu)) where c > mu, else 0.
    Source: Kulldorff 1997 (Communications in Statistics 26); Kulldorff et al. 2005 (PLoS Medicine 2).

    Attributes:
        total: C, all cases.
    """

    total: int

    def ratio(self, cases: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """LLR of windows with ``cases`` where ``weight`` of them, 0..C, were expected; shapes broadcast."""
        inside, C = np.minimum(cases, self.total), float(self.total)
        outside, elsewhere = C - inside, C - weight
        high = (inside > weight) & (weight > 0) & (elsewhere > 0)
        mu, rest = np.where(high, weight, 1.0), np.where(high, elsewhere, 1.0)
        found = xlogy(inside, inside / mu) + xlogy(outside, outside / rest)
        return np.where(high, found, 0.0)

    def expected(self, weight: np.ndarray) -> np.ndarray:
        """Expected cases of windows."""
        return weight

    def most(self, weight: np.ndarray) -> np.ndarray:
        """The most cases that windows can hold."""
        return np.full(np.shape(weight), self.total, dtype="int64")


@dataclass(frozen=True, slots=True)
class Bernoulli:
    """Cases among people who are cases or controls.

    LLR = c ln(c/n) + (n-c) ln((n-c)/n) + (C-c) ln((C-c)/(N-n)) + (N-n-C+c) ln((N-n-C+c)/(N-n))
    - C ln(C/N) - (N-C) ln((N-C)/N) where c/n > (C-c)/(N-n), else 0. Source: Kulldorff 1997.

    Attributes:
        total: C, all cases.
        people: N, cases and controls.
    """

    total: int
    people: int

    def ratio(self, cases: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """LLR of windows with ``cases`` among ``weight`` people; shapes broadcast."""
        C, N = float(self.total), float(self.people)
        inside = np.minimum(cases, np.minimum(weight, C))
        controls, outside, beyond = weight - inside, C - inside, N - weight
        free = np.maximum(beyond - outside, 0.0)
        high = inside * N > weight * C
        n, rest = np.where(high, weight, 1.0), np.where(high & (beyond > 0), beyond, 1.0)
        found = xlogy(inside, inside / n) + xlogy(controls, controls / n) + xlogy(outside, outside / rest) + xlogy(free, free / rest)
        level = xlogy(C, C / N) + xlogy(N - C, (N - C) / N)
        return np.where(high & (beyond > 0), found - level, 0.0)

    def expected(self, weight: np.ndarray) -> np.ndarray:
        """Expected cases of windows: C n / N."""
        return self.total * weight / self.people

    def most(self, weight: np.ndarray) -> np.ndarray:
        """The most cases that windows can hold."""
        return np.minimum(weight, self.total).astype("int64")


Model = Poisson | Bernoulli


def critical_cases(model: Model, weight: np.ndarray, valid: np.ndarray, above: float) -> np.ndarray:
    """The fewest cases with which each window's LLR exceeds ``above``: the LLR grows with the cases.

    Args:
        model: Poisson or Bernoulli.
        weight: what ``model.ratio`` takes, one a window.
        valid: whether the window may be a cluster at all.
        above: a ratio that has been reached already, at least 0.

    Returns:
        int64 of the shape of ``weight``; more than all cases where no count is enough.
    """
    never = model.total + 1
    low = np.full(weight.shape, LEAST_CASES - 1, dtype="int64")
    high = np.maximum(model.most(weight) + 1, LEAST_CASES)
    for _ in range(int(max(never, 2)).bit_length() + 1):
        middle = (low + high) // 2
        enough = (middle >= LEAST_CASES) & (model.ratio(middle, weight) > above)
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
        if (high - low <= 1).all():
            break
    return np.where(valid & (high <= model.most(weight)), high, never)


def critical_cases_of_many(model: Poisson, weight: np.ndarray, valid: np.ndarray, above: float) -> np.ndarray:
    """As :func:`critical_cases`, for many more windows than there are cases.

    The ratio falls as more is expected: for every number of cases the most that may be expected is
    found once, and each window looked up among these.
    """
    cases = np.arange(LEAST_CASES, model.total + 1)
    low, high = np.zeros(len(cases)), cases.astype("float64")
    for _ in range(64):
        middle = (low + high) / 2
        enough = model.ratio(cases, middle) > above
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return np.where(valid, LEAST_CASES + np.searchsorted(high, weight), model.total + 1)
