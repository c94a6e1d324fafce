"""When terms end: months clipped, leap days, working days over Spring Festival and the year's end."""

from __future__ import annotations

import numpy as np
import pytest

from rules.due_days import due_after
from rules.working_days import WorkingCalendar


def due(day: str, amount: int, unit: str) -> str:
    return str(due_after(np.array([day], dtype="datetime64[D]"), amount, unit, WorkingCalendar())[0])


@pytest.mark.parametrize(
    ("day", "amount", "unit", "last"),
    [
        ("2023-07-31", 30, "day", "2023-08-30"),
        ("2023-12-31", 1, "day", "2024-01-01"),
        ("2023-01-31", 1, "month", "2023-02-28"),
        ("2024-01-31", 1, "month", "2024-02-29"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2023-11-30", 1, "quarter", "2024-02-29"),
        ("2023-12-15", 1, "month", "2024-01-15"),
        # Spring Festival 2023: off 21 to 27 January, worked on Saturday 28 and Sunday 29.
        ("2023-01-20", 1, "working_day", "2023-01-28"),
        ("2023-01-20", 3, "working_day", "2023-01-30"),
        ("2023-01-24", 1, "working_day", "2023-01-28"),
        # Year's end: Saturday 31 December 2022 to Monday 2 January 2023 are off.
        ("2022-12-30", 1, "working_day", "2023-01-03"),
        ("2023-07-28", 1, "working_day", "2023-07-31"),
        ("2023-07-10", 15, "working_day", "2023-07-31"),
    ],
)
def test_a_term_ends_on(day: str, amount: int, unit: str, last: str) -> None:
    assert due(day, amount, unit) == last


def test_an_unknown_day_has_no_due_day() -> None:
    assert due("NaT", 15, "working_day") == "NaT"
    assert due("NaT", 1, "month") == "NaT"


def test_another_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        due("2023-07-01", 1, "fortnight")
