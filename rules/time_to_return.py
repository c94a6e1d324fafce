"""How soon closed places come back to life, with those still being watched counted as such."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

SPANS = (30, 90, 180, 365)
"""Days after a closure that are looked at."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What is known of a number of closures.

    Attributes:
        closures: how many.
        returned: those followed by a sign of life.
        censored: those of which none was seen until the end of watching.
        median_days: days within which half return (Kaplan-Meier); None while fewer than half did.
        longest_days: the longest time that any closure was watched, 0 without any.
        within: days, n, N: of N closures that could be watched for that long, n returned within
            those days.
    """

    closures: int
    returned: int
    censored: int
    median_days: int | None
    longest_days: int
    within: tuple[tuple[int, int, int], ...]


def time_to_return(
    watched_days: ArrayLike, returned: ArrayLike, spans: tuple[int, ...] = SPANS, *, possible_days: ArrayLike | None = None
) -> Returned:
    """Time from closure to the next sign of life, right-censored at the end of watching.

    The median is the first day on which the Kaplan-Meier estimate of staying closed falls to one
    half or below. Source: Kaplan & Meier 1958 (JASA 53).

    Args:
        watched_days: from each closure to its sign of life, or to the end of watching; from 0.
        returned: whether there was a sign of life.
        possible_days: from each closure to where watching would have ended without a sign. A share is of
            those with at least its span: one of a few days ago that returned at once counts no sooner than
            its neighbour that did not, else quick returns would be counted too often. None takes
            ``watched_days`` of those that did not return, and enough for those that did.

    Raises:
        ValueError: a negative or missing time, or lengths that differ.
    """
    days, came = np.ravel(np.asarray(watched_days, dtype="float64")), np.ravel(np.asarray(returned, dtype=bool))
    if len(days) != len(came) or not np.isfinite(days).all() or (days < 0).any():
        raise ValueError(f"watched_days: expected {len(came)} numbers from 0, found {len(days)} of which {int((~(days >= 0)).sum())} are not")
    possible = np.where(came, np.inf, days) if possible_days is None else np.ravel(np.asarray(possible_days, dtype="float64"))
    if len(possible) != len(days) or not (possible >= days).all():
        raise ValueError(f"possible_days: expected {len(days)} numbers, none below its watched_days, found {len(possible)}")
    within = []
    for span in spans:
        long_enough = possible >= span
        within.append((span, int((long_enough & came & (days <= span)).sum()), int(long_enough.sum())))
    return Returned(len(days), int(came.sum()), int((~came).sum()), _median(days, came), int(days.max(initial=0)), tuple(within))


def _median(days: np.ndarray, came: np.ndarray) -> int | None:
    staying = 1.0
    for day in np.unique(days[came]):
        at_risk = (days >= day).sum()
        staying *= 1 - (came & (days == day)).sum() / at_risk
        if staying <= 0.5 + 1e-12:
            return int(day)
    return None
