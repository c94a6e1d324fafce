"""When a place must be seen again, at month ends, in leap years and over the year's end."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cycles import cycles
from rules.revisit import (
    duty_state,
    monthly_due,
    next_due,
    seen_within_cycle,
    site_cycle,
    subject_cycle,
)
from rules.rulebook import whole_rulebook

BOOK = whole_rulebook()


def days(*texts: str | None) -> pd.Series:
    return pd.Series([pd.NaT if text is None else pd.Timestamp(text) for text in texts], dtype="datetime64[s]")


@pytest.mark.parametrize(
    ("seen", "due"),
    [
        ("2023-07-15", "2023-08-15"), ("2023-01-31", "2023-02-28"), ("2024-01-31", "2024-02-29"), ("2024-02-29", "2024-03-29"),
        ("2023-08-31", "2023-09-30"), ("2023-12-31", "2024-01-31"), ("2022-12-30", "2023-01-30"), ("2100-01-30", "2100-02-28"),
    ],
)  # fmt: skip
def test_monthly_is_the_same_day_of_the_next_month_clipped_to_its_end(seen: str, due: str) -> None:
    assert monthly_due(days(seen)).tolist() == [pd.Timestamp(due)]


def test_monthly_of_nothing_seen_is_nothing() -> None:
    assert monthly_due(days(None)).isna().all()


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31)))
def test_monthly_is_28_to_31_days_later_and_in_the_next_month(seen: dt.date) -> None:
    due = monthly_due(days(seen.isoformat())).iloc[0]
    assert 28 <= (due.date() - seen).days <= 31
    assert (due.year * 12 + due.month) - (seen.year * 12 + seen.month) == 1


def test_a_closed_site_is_bound_monthly_whatever_its_risk_and_a_cleared_one_to_nothing() -> None:
    status = pd.Series(["closed", "self_closed", "active", "active", "unknown", "cleared"])
    risk = pd.Series(["high", "low", "high", "mid", "ungraded", "high"])
    assert site_cycle(status, risk).tolist() == ["site_closed", "site_closed", "site_high", "site", "site", ""]


def test_a_person_of_a_closed_site_is_bound_monthly_and_at_high_risk_closer() -> None:
    cycle = subject_cycle(pd.Series(["high", "mid", "ungraded", "low"]), np.array([True, True, True, False]))
    assert cycle.tolist() == ["subject_high", "subject_closed", "subject_closed", "subject"]
    due = next_due(days(*["2024-01-31"] * 4), cycle, cycles(BOOK))
    assert due.tolist() == [pd.Timestamp(text) for text in ("2024-02-14", "2024-02-29", "2024-02-29", "2024-03-01")]


def test_a_high_risk_person_is_bound_to_fourteen_days() -> None:
    cycle = subject_cycle(pd.Series(["high", "mid", "ungraded"]), np.zeros(3, dtype=bool))
    assert next_due(days("2023-07-10", "2023-07-10", None), cycle, cycles(BOOK)).tolist()[:2] == [pd.Timestamp("2023-07-24"), pd.Timestamp("2023-08-09")]


def test_each_cycle_gives_its_own_due_day() -> None:
    cycle = pd.Series(["site_closed", "site_high", "site", "construction", ""])
    due = next_due(days(*["2023-01-31"] * 5), cycle, cycles(BOOK, 20))
    assert due.tolist()[:4] == [pd.Timestamp(text) for text in ("2023-02-28", "2023-02-14", "2023-02-20", "2023-02-07")]
    assert pd.isna(due.iloc[4])


def state(last_visit: str | None, last_seen: str | None, due: str | None, as_of: str) -> str:
    return duty_state(days(last_visit), days(last_seen), days(due), dt.date.fromisoformat(as_of)).iloc[0]


def test_a_monthly_duty_turns_due_five_days_before_and_over_the_day_after() -> None:
    seen = "2023-07-15"
    assert state(seen, seen, "2023-08-15", "2023-08-09") == "ok"
    assert state(seen, seen, "2023-08-15", "2023-08-10") == "due"
    assert state(seen, seen, "2023-08-15", "2023-08-15") == "due"
    assert state(seen, seen, "2023-08-15", "2023-08-16") == "over"


def test_a_weekly_duty_turns_due_one_day_before() -> None:
    seen = "2023-07-20"
    assert state(seen, seen, "2023-07-27", "2023-07-25") == "ok"
    assert state(seen, seen, "2023-07-27", "2023-07-26") == "due"
    assert state(seen, seen, "2023-07-27", "2023-07-28") == "over"


def test_who_was_only_met_otherwise_stays_in_its_first_cycle_and_is_then_never_visited() -> None:
    assert state(None, "2023-07-25", "2023-08-25", "2023-07-31") == "ok"
    assert state(None, "2023-07-25", "2023-08-25", "2023-08-25") == "due"
    assert state(None, "2023-07-25", "2023-08-25", "2023-08-26") == "never"
    assert state(None, None, None, "2023-08-26") == "never"


def test_only_ok_and_due_are_seen_within_the_cycle() -> None:
    assert seen_within_cycle(pd.Series(["ok", "due", "over", "never", ""])).tolist() == [True, True, False, False, False]
