"""Compares two periods: has the rate changed, or is this what chance brings about."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from scipy.stats import binomtest

from rules.language import N_, Translate
from rules.scan.inputs import LARGEST, number, whole_number

WITHIN = N_("波动范围内")
LEANS_DOWN, LEANS_UP = N_("倾向下降"), N_("倾向上升")
DOWN, UP = N_("显著下降"), N_("显著上升")
VERDICTS = (WITHIN, LEANS_DOWN, LEANS_UP, DOWN, UP)

SIGNIFICANT, LEANING = 0.05, 0.10
"""Below the first a change is called significant, below the second a leaning. Custom of the field."""

CONFIDENCE = 0.95

MOST_EVENTS = 10**12
"""Beyond this the exact interval is no longer found."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two periods against each other; unpacks into ratio, interval, p and verdict.

    Attributes:
        ratio: rate after / rate before; infinite where nothing happened before, NaN where nothing happened at all.
        interval: the ratios that the counts do not contradict (95 %), lowest and highest.
        p: how often chance alone gives counts as unlikely as these, were both rates equal; above 0,
            the smallest normal float standing for whatever is smaller.
        verdict: one of ``VERDICTS``, a Chinese source string.
        before, after: the counts.
    """

    ratio: float
    interval: tuple[float, float]
    p: float
    verdict: str
    before: int
    after: int

    def __iter__(self) -> Iterator[float | tuple[float, float] | str]:
        return iter((self.ratio, self.interval, self.p, self.verdict))

    def sentence(self, t: Translate) -> str:
        """What it means, in words first: the counts, the verdict, the interval."""
        if math.isnan(self.ratio):
            return t("前后两期均为 0 起，无从比较。")
        low, high = self.interval
        if self.verdict == WITHIN:
            meaning = t("属于{verdict}，不能说升了或降了", verdict=t(self.verdict))
        else:
            meaning = t("为{verdict}", verdict=t(self.verdict))
        if not self.before:
            return t("前期 0 起，后期 {after} 起，{meaning}。", after=self.after, meaning=meaning)
        return t(
            "前期 {before} 起，后期 {after} 起，按投入折算为前期的 {ratio} 倍（可信范围 {low} 至 {high} 倍），{meaning}。",
            before=self.before, after=self.after, ratio=_times(self.ratio), low=_times(low), high=_times(high), meaning=meaning,
        )  # fmt: skip


def two_periods(before: int, after: int, exposure_before: float, exposure_after: float) -> Comparison:
    """Compare the rates of two periods by their counts.

    Given both counts together, the later one is binomial with share exposure_after / (both
    exposures) if the rates are equal. p is exact and two-sided: all outcomes no likelier than the
    one seen (the method of R's ``poisson.test`` and ``binom.test``); the interval is that of
    Clopper and Pearson for the share s, taken to the ratio s / (1 - s) x exposure_before /
    exposure_after. Source: Przyborowski & Wilenski 1940 (Biometrika 31); Clopper & Pearson 1934.

    Args:
        before, after: events, whole numbers from 0.
        exposure_before, exposure_after: above 0, in the same unit (户次, days, residents).

    Raises:
        ValueError: a count or an exposure that cannot be.
    """
    before, after = (_count(name, count) for name, count in (("before", before), ("after", after)))
    exposure_before, exposure_after = _exposure("exposure_before", exposure_before), _exposure("exposure_after", exposure_after)
    if before + after == 0:
        return Comparison(math.nan, (0.0, math.inf), 1.0, WITHIN, 0, 0)
    scale = exposure_before / exposure_after
    test = binomtest(after, before + after, exposure_after / (exposure_before + exposure_after))
    share = test.proportion_ci(confidence_level=CONFIDENCE, method="exact")
    ratio, p = _odds(after, before) * scale, min(1.0, max(float(test.pvalue), sys.float_info.min))
    interval = (_odds(share.low, 1 - share.low) * scale, _odds(share.high, 1 - share.high) * scale)
    return Comparison(ratio, interval, p, _verdict(ratio, interval, p), before, after)


def _count(name: str, count: float) -> int:
    found = whole_number(name, count, 0)
    if found > MOST_EVENTS:
        raise ValueError(f"{name}: expected at most {MOST_EVENTS}, found {found}")
    return found


def _exposure(name: str, exposure: float) -> float:
    found = number(name, exposure, "a number above 0")
    if not 1 / LARGEST <= found <= LARGEST:
        raise ValueError(f"{name}: expected a number above 0, found {exposure}")
    return found


def _verdict(ratio: float, interval: tuple[float, float], p: float) -> str:
    """A change is significant where both speak for it: p, and an interval without 1.

    The two are made by different rules (p of the least likely outcomes, the interval of equal
    tails), so that near 0.05 one may speak while the other does not: then it is a leaning.
    """
    if p >= LEANING:
        return WITHIN
    if p >= SIGNIFICANT or interval[0] <= 1 <= interval[1]:
        return LEANS_UP if ratio > 1 else LEANS_DOWN
    return UP if ratio > 1 else DOWN


def _odds(part: float, rest: float) -> float:
    return float(part / rest) if rest else math.inf


def _times(ratio: float) -> str:
    return "∞" if math.isinf(ratio) else f"{ratio:.2f}"
