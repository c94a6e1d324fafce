"""What it takes to reach 100 % by the end: visits a day needed against the pace of the last four weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass

PACE_DAYS = 28
"""The pace is that of this many days, the day asked about included (four whole weeks)."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How the rest compares with the pace.

    Attributes:
        remaining: targets still to be seen.
        days_left: days that remain, the day itself included; 0 when the end has passed.
        needed_per_day: targets a day to finish in time; None when no day remains and something does.
        pace_per_day: targets newly seen a day over the last ``PACE_DAYS`` days.
        person_days: person-days for the rest at what one officer sees in a day; None where that is unknown.
        enough: whether the pace reaches the end in time.
    """

    remaining: int
    days_left: int
    needed_per_day: float | None
    pace_per_day: float
    person_days: int | None
    enough: bool


def effort(remaining: int, days_left: int, seen_recently: int, *, per_officer_day: float | None = None, pace_days: int = PACE_DAYS) -> Effort:
    """Compare the rest with the pace.

    Args:
        remaining: targets still to be seen, 0 or more.
        days_left: days until the end, both ends included; negative counts as 0.
        seen_recently: targets seen in the last ``pace_days`` days.
        per_officer_day: targets that one officer sees in a day of work, above 0; None where unknown.
        pace_days: days that ``seen_recently`` covers, at least 1.

    Raises:
        ValueError: a count is negative, or ``pace_days`` is below 1.
    """
    if remaining < 0 or seen_recently < 0 or pace_days < 1:
        raise ValueError(f"effort: expected counts, found {remaining} left, {seen_recently} seen in {pace_days} days")
    days = max(0, days_left)
    needed = 0.0 if remaining == 0 else remaining / days if days else None
    pace = seen_recently / pace_days
    people = math.ceil(round(remaining / per_officer_day, 9)) if per_officer_day else None
    return Effort(remaining, days, needed, pace, people, needed is not None and pace >= needed)
