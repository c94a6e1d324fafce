"""Quarters as they are written: 2023Q3 is 1 July to 30 September 2023."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_WRITTEN = re.compile(r"(\d{4})Q([1-4])")


def quarter_of(day: dt.date) -> str:
    """``2023Q3`` for any day of July to September 2023."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_days(quarter: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a quarter.

    Raises:
        ValueError: not of the form ``2023Q3``.
    """
    written = _WRITTEN.fullmatch(quarter)
    if not written:
        raise ValueError(f"quarter: expected the form 2023Q3, found {quarter!r}")
    year, number = int(written[1]), int(written[2])
    last = 3 * number
    return dt.date(year, last - 2, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
