"""What changed where something was done, over what changed where it was not."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import norm

from rules.compare import CONFIDENCE, DOWN, LEANING, LEANS_DOWN, LEANS_UP, SIGNIFICANT, UP, WITHIN

HALF = 0.5
"""Added to each count where one of them is 0, so that a ratio exists (Haldane 1956; Anscombe 1956)."""


@dataclass(frozen=True, slots=True)
class ControlledChange:
    """One change over another.

    Attributes:
        ratio: (after / before) here over (after / before) in the control; NaN without any event here.
        low, high: 95 % interval.
        p: two-sided; 1 where nothing can be said.
        verdict: one of ``rules.compare.VERDICTS``.
    """

    ratio: float
    low: float
    high: float
    p: float
    verdict: str


def controlled_change(before: int, after: int, control_before: int, control_after: int, *, exposure: float = 1.0) -> ControlledChange:
    """The ratio of two rate ratios, with Wald's interval on the logarithm.

    log ratio = log(after / before) - log(control_after / control_before), variance = the sum of
    1 / count. Source: the log-linear model of difference in differences for Poisson counts
    (McCullagh & Nelder 1989, section 6.4); one half is added to all counts where any is 0.

    Args:
        before, after, control_before, control_after: events.
        exposure: (exposure after / exposure before) here over the same in the control; 1 where the
            periods are the same in both.

    Raises:
        ValueError: a count or the exposure that cannot be.
    """
    counts = (before, after, control_before, control_after)
    if any(one < 0 or one != int(one) for one in counts) or not (math.isfinite(exposure) and exposure > 0):
        raise ValueError(f"counts: expected whole numbers from 0 and an exposure above 0, found {counts} and {exposure}")
    if before + after == 0 or control_before + control_after == 0:
        return ControlledChange(math.nan, 0.0, math.inf, 1.0, WITHIN)
    b, a, cb, ca = (one + HALF for one in counts) if 0 in counts else counts
    middle = math.log(a / b) - math.log(ca / cb) - math.log(exposure)
    error = math.sqrt(1 / a + 1 / b + 1 / ca + 1 / cb)
    reach = norm.ppf(0.5 + CONFIDENCE / 2) * error
    p = float(2 * norm.sf(abs(middle) / error))
    return ControlledChange(math.exp(middle), math.exp(middle - reach), math.exp(middle + reach), p, _verdict(middle, p))


def _verdict(middle: float, p: float) -> str:
    if p >= LEANING:
        return WITHIN
    if p >= SIGNIFICANT:
        return LEANS_UP if middle > 0 else LEANS_DOWN
    return UP if middle > 0 else DOWN
