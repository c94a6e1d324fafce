"""The day on which a term of days, working days, months, quarters or years ends."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from rules.event_line import NO_DAY

MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Calendar(Protocol):
    """What knows working days (``rules.working_days.WorkingCalendar``)."""

    def add(self, days: np.ndarray, n: int) -> np.ndarray: ...


def due_after(days: np.ndarray, amount: int, unit: str, calendar: Calendar | None = None) -> np.ndarray:
    """The last day of a term that begins after each day.

    A month later is the same day of the next month, clipped to its end: 31 January gives 28 or 29
    February (DESIGN 12). Working days are those of China's calendar; the first is the one after
    the day itself.

    Args:
        days: datetime64[D], NaT allowed (and kept).
        amount: length of the term.
        unit: day, working_day, month, quarter or year.
        calendar: needed for working days.

    Raises:
        ValueError: another unit, or working days without a calendar.
    """
    if unit == "day":
        return days + np.timedelta64(amount, "D")
    if unit in MONTHS:
        return months_later(days, amount * MONTHS[unit])
    if unit == "working_day" and calendar is not None:
        due, known = np.full(len(days), NO_DAY), ~np.isnat(days)
        if known.any():
            due[known] = np.asarray(calendar.add(days[known], amount)).astype("datetime64[D]")
        return due
    raise ValueError(f"unit: expected day, working_day (with a calendar), month, quarter or year, found {unit!r}")


def months_later(days: np.ndarray, count: int) -> np.ndarray:
    """The same day ``count`` months later, clipped to the month's end; NaT stays NaT."""
    months = days.astype("datetime64[M]")
    first = (months + count).astype("datetime64[D]")
    length = (months + count + 1).astype("datetime64[D]") - first
    within = days - months.astype("datetime64[D]")
    return first + np.minimum(within, length - np.timedelta64(1, "D"))
