"""The demo's days, and the moments at which each register was handed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

CHINA = dt.timezone(dt.timedelta(hours=8))
FIRST = pd.Timestamp("2022-01-01")
TODAY = pd.Timestamp("2023-07-31")
"""The day that the demo shows; its last visit is of 10:42 (DESIGN 10)."""

LAST = pd.Timestamp("2023-09-30")
MONTHS = tuple(pd.period_range("2022-01", "2023-09", freq="M"))


@dataclass(frozen=True, slots=True)
class Moment:
    """When a register was handed in, and the last day whose facts it holds."""

    now: dt.datetime
    through: pd.Timestamp


def moment(text: str, through: str | None = None) -> Moment:
    """Read ``2023-07-31T10:42`` (China time); the facts go up to the day before unless said."""
    now = dt.datetime.fromisoformat(text).replace(tzinfo=CHINA)
    day = pd.Timestamp(now.date())
    return Moment(now, pd.Timestamp(through) if through else day - pd.Timedelta(days=1))


OPENING = moment("2022-01-01T08:00")
_AFTER = (moment("2023-09-01T08:00"), moment("2023-10-01T08:00"))
_YEAR = [moment(f"{first.date()}T08:00") for first in pd.date_range("2022-02-01", "2023-07-01", freq="MS")]


def _today(time: str) -> Moment:
    return moment(f"{TODAY.date()}T{time}", str(TODAY.date()))


VISITS = (*_YEAR, _today("10:42"), *_AFTER)
LEADS = (*_YEAR, moment("2023-07-24T10:30"), _today("10:30"), *_AFTER)
"""Two in July, so that the cases of 31 July 07:00 can name their leads."""

_QUARTERS = [_YEAR[2], _YEAR[5], _YEAR[8], _YEAR[11]]
REGISTERS = (*_QUARTERS, *_YEAR[12:], _today("06:10"), _AFTER[1])
"""Sites and persons: by quarter in 2022, by month in 2023."""

CASES = (*_QUARTERS, _YEAR[14], _YEAR[17], _today("07:00"), _AFTER[1])
SITE_EVENTS = (*_QUARTERS, _YEAR[14], _YEAR[17], _today("08:10"), _AFTER[1])
ACTIVITIES = (*_QUARTERS, _YEAR[14], _YEAR[17], _today("09:00"), _AFTER[1])
PENALTIES = (_YEAR[5], _YEAR[11], _YEAR[17], _today("07:00"), _AFTER[1])
MEETINGS = (_YEAR[5], _YEAR[11], _YEAR[17], _today("09:10"), _AFTER[1])
CONSTRUCTION = tuple(moment(text) for text in (
    "2022-01-01T08:00", "2022-04-01T08:00", "2022-07-01T08:00", "2022-10-01T08:00", "2023-01-01T08:00",
    "2023-04-01T08:00", "2023-07-01T08:00", "2023-07-28T09:00"))  # fmt: skip
"""Three days old on the day the demo shows: the late source."""


def position(days: pd.Series, moments: tuple[Moment, ...]) -> np.ndarray:
    """Which of the moments was the first to hold each day; ``len(moments)`` where none does."""
    through = np.array([one.through for one in moments], dtype="datetime64[ns]")
    return np.searchsorted(through, days.to_numpy(dtype="datetime64[ns]"), side="left")


def known_from(days: pd.Series, moments: tuple[Moment, ...]) -> pd.Series:
    """The day on which each fact was handed in; the far future where it never was."""
    nows = [pd.Timestamp(one.now.date()) for one in moments] + [pd.Timestamp("2100-01-01")]
    return pd.Series(np.array(nows, dtype="datetime64[ns]")[position(days, moments)], index=days.index)


def working_days(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Mondays to Fridays between two days, both inclusive (the demo keeps no public holidays)."""
    return pd.date_range(first, last, freq="B")


def month_days(month: pd.Period, *, working: bool = True) -> pd.DatetimeIndex:
    """The days of a month that have begun by the end of the demo."""
    first, last = month.start_time.normalize(), month.end_time.normalize()
    return working_days(first, last) if working else pd.date_range(first, last)


def news(seen: pd.DataFrame, columns: list[str], before: dict[str, tuple]) -> tuple[pd.DataFrame, dict[str, tuple]]:
    """The rows that are new or differ in ``columns`` from what was handed in before, and what is handed in now.

    Args:
        seen: the register as known at a moment, with ``number``.
        before: the second answer of the call for the moment before; empty at first.
    """
    cells = [_plain(seen[column]) for column in columns]
    state = dict(zip(seen["number"], zip(*cells, strict=True), strict=True))
    return seen[[before.get(number) != row for number, row in state.items()]], state


def by_moment(frame: pd.DataFrame, moments: tuple[Moment, ...]) -> list[tuple[Moment, pd.DataFrame]]:
    """A register that only grows: each row in the first moment that holds its day."""
    place = position(frame["day"], moments)
    return [(one, frame[place == index]) for index, one in enumerate(moments) if (place == index).any()]


def _plain(column: pd.Series) -> list:
    if column.dtype.kind == "M":
        return column.to_numpy("datetime64[D]").astype("int64").tolist()
    return column.astype(object).where(column.notna(), None).tolist()
