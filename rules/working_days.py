"""Working days of China's calendar: which days are worked, counting on from a day, counting between two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import chinese_calendar
import numpy as np
import pandas as pd

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
"""The days that can be asked about."""

LIBRARY_YEARS = (2004, max(day.year for day in chinese_calendar.holidays))
"""First and last year whose holidays the library knows (the State Council announces one year at a time)."""


LEAST_DAYS_OFF = 11
"""Fewer days off than this are not the holidays of a year. Source: 全国年节及纪念日放假办法 第二条 (11 days, 13 from 2025)."""


class DayOutOfCalendar(ValueError):
    """A day before ``FIRST`` or after ``LAST``."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: the district's own table, else the library, else Monday to Friday.

    Attributes:
        exceptions: day -> whether it is worked; stands over the library.
    """

    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    @property
    def known_until(self) -> dt.date:
        """The last day of the last year whose holidays are known without a gap; later ones are weekends only."""
        year = LIBRARY_YEARS[1]
        while self._is_told(year + 1):
            year += 1
        return dt.date(year, 12, 31)

    def is_known(self, day: dt.date) -> bool:
        """Whether the holidays of the day's year are known; otherwise the answer rests on weekends alone."""
        return LIBRARY_YEARS[0] <= day.year <= LIBRARY_YEARS[1] or self._is_told(day.year)

    def _is_told(self, year: int) -> bool:
        """Whether the district's table holds a year: a day or two of it leave the other holidays unknown."""
        return sum(not worked for day, worked in self.exceptions.items() if day.year == year) >= LEAST_DAYS_OFF

    def unknown_years(self, first: dt.date, last: dt.date) -> list[int]:
        """The years from one day to another whose holidays nobody told: what a screen must warn of."""
        return [year for year in range(first.year, last.year + 1) if not self.is_known(dt.date(year, 1, 1))]

    def is_working(self, day: dt.date) -> bool:
        """Whether a day is worked.

        Raises:
            DayOutOfCalendar: the day lies outside ``FIRST`` to ``LAST``.
        """
        return bool(_worked(self._key())[_places(np.array([day], dtype="datetime64[D]"))[0]])

    def add(self, days: pd.Series | np.ndarray, n: int | np.ndarray) -> np.ndarray:
        """The n-th working day after each day, which itself does not count; n = 0 gives the day itself.

        Args:
            days: days, NaT allowed.
            n: working days, 0 or more, one number or one for each day.

        Returns:
            datetime64[D], NaT where the day is.

        Raises:
            DayOutOfCalendar: a day, or the answer, lies outside ``FIRST`` to ``LAST``.
            ValueError: n is negative.
        """
        asked = _days(days)
        steps = np.broadcast_to(np.asarray(n, dtype="int64"), asked.shape)
        if (steps < 0).any():
            raise ValueError("n: expected 0 or more working days")
        there = ~np.isnat(asked)
        made = np.full(asked.shape, np.datetime64("NaT", "D"))
        if not there.any():
            return made
        counted, ordered = _counted(self._key()), _ordered(self._key())
        wanted = counted[_places(asked[there])] + steps[there] - 1
        if (wanted >= len(ordered)).any():
            raise DayOutOfCalendar(f"{n} working days end after {LAST}")
        made[there] = np.where(steps[there] == 0, asked[there], ordered[np.maximum(wanted, 0)])
        return made

    def between(self, a: pd.Series | np.ndarray | dt.date, b: pd.Series | np.ndarray | dt.date) -> np.ndarray:
        """Working days after ``a`` up to and including ``b``; negative where b is earlier.

        Returns:
            int64, of the shape of the two; 0 where both are one day.

        Raises:
            DayOutOfCalendar: a day lies outside ``FIRST`` to ``LAST``.
        """
        counted = _counted(self._key())
        first, last = np.broadcast_arrays(_days(a), _days(b))
        return counted[_places(last.ravel())].reshape(last.shape) - counted[_places(first.ravel())].reshape(first.shape)

    def _key(self) -> frozenset[tuple[dt.date, bool]]:
        return frozenset((day, bool(worked)) for day, worked in self.exceptions.items())


def _days(days: pd.Series | np.ndarray | dt.date) -> np.ndarray:
    if isinstance(days, pd.Series):
        days = days.to_numpy("datetime64[s]")
    return np.asarray(days).astype("datetime64[D]")


def _places(days: np.ndarray) -> np.ndarray:
    found = (days - np.datetime64(FIRST, "D")).astype("int64")
    if len(found) and (found.min() < 0 or found.max() > (LAST - FIRST).days):
        raise DayOutOfCalendar(f"expected {FIRST} to {LAST}, found {days.min()} to {days.max()}")
    return found


@lru_cache(maxsize=8)
def _worked(exceptions: frozenset[tuple[dt.date, bool]]) -> np.ndarray:
    """One bool a day from ``FIRST`` to ``LAST``."""
    days = np.arange(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D") + 1)
    worked = np.is_busday(days)
    for listed, value in ((chinese_calendar.holidays, False), (chinese_calendar.workdays, True)):
        worked[_places(np.array(list(listed), dtype="datetime64[D]"))] = value
    for day, value in exceptions:
        if FIRST <= day <= LAST:
            worked[(day - FIRST).days] = value
    return worked


@lru_cache(maxsize=8)
def _counted(exceptions: frozenset[tuple[dt.date, bool]]) -> np.ndarray:
    """How many days were worked up to and including each day."""
    return np.cumsum(_worked(exceptions))


@lru_cache(maxsize=8)
def _ordered(exceptions: frozenset[tuple[dt.date, bool]]) -> np.ndarray:
    """The worked days in order."""
    days = np.arange(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D") + 1)
    return days[_worked(exceptions)]
