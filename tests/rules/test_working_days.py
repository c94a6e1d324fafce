"""Working days, counted by hand in the calendars that the State Council announced."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.working_days import FIRST, LAST, DayOutOfCalendar, WorkingCalendar

CALENDAR = WorkingCalendar()


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def after(day: str, n: int, calendar: WorkingCalendar = CALENDAR) -> str:
    return str(calendar.add(pd.Series(pd.to_datetime([day])), n)[0])


def test_the_spring_festival_of_2023_is_bridged():
    # 21 to 27 January off; Saturday 28 and Sunday 29 worked in exchange.
    assert after("2023-01-20", 1) == "2023-01-28"
    assert after("2023-01-20", 2) == "2023-01-29"
    assert after("2023-01-20", 3) == "2023-01-30"
    assert after("2023-01-13", 15) == "2023-02-08"  # 16-20, 28, 29, 30, 31, 1-3, 6-8


def test_national_day_of_2023_takes_two_weekend_days_back():
    # 29 September to 6 October off; Saturday 7 and Sunday 8 October worked.
    assert after("2023-09-28", 1) == "2023-10-07"
    assert after("2023-09-28", 2) == "2023-10-08"
    assert after("2023-09-28", 5) == "2023-10-11"
    assert [CALENDAR.is_working(d(day)) for day in ("2023-10-06", "2023-10-07", "2023-10-08", "2023-10-14")] == [False, True, True, False]


def test_the_year_s_end_of_2022_runs_into_new_year():
    # 31 December 2022 to 2 January 2023 off.
    assert after("2022-12-30", 1) == "2023-01-03"
    assert after("2022-12-29", 2) == "2023-01-03"


def test_a_complaint_of_a_friday_is_answered_on_monday():
    assert after("2023-07-28", 1) == "2023-07-31"
    assert after("2023-07-29", 1) == "2023-07-31"
    assert after("2023-07-31", 1) == "2023-08-01"


def test_none_after_is_the_day_itself_and_a_missing_day_stays_missing():
    found = CALENDAR.add(pd.Series(pd.to_datetime(["2023-07-29", None])), np.array([0, 3]))
    assert str(found[0]) == "2023-07-29"
    assert np.isnat(found[1])
    assert len(CALENDAR.add(pd.Series([], dtype="datetime64[s]"), 1)) == 0


def test_between_counts_the_last_day_and_not_the_first():
    assert CALENDAR.between(d("2023-09-28"), d("2023-10-08")) == 2
    assert CALENDAR.between(d("2023-10-08"), d("2023-09-28")) == -2
    assert CALENDAR.between(d("2023-07-29"), d("2023-07-30")) == 0
    assert CALENDAR.between(d("2023-07-28"), d("2023-07-28")) == 0


def test_a_year_that_nobody_announced_is_weekends_and_is_said_to_be():
    assert CALENDAR.known_until == d("2026-12-31")
    assert CALENDAR.is_working(d("2027-02-08"))  # a Monday of the Spring Festival, not yet announced
    assert CALENDAR.unknown_years(d("2026-12-01"), d("2028-01-05")) == [2027, 2028]
    assert CALENDAR.unknown_years(d("2026-01-01"), d("2026-12-31")) == []
    assert CALENDAR.unknown_years(d("2003-12-31"), d("2004-01-01")) == [2003]


def test_the_district_s_own_table_stands_over_the_library_and_makes_a_year_known():
    year = {d(f"2027-02-{day:02d}"): False for day in range(5, 12)} | {d(f"2027-10-{day:02d}"): False for day in range(4, 8)}
    own = WorkingCalendar(year | {d("2027-02-13"): True, d("2023-08-01"): False})
    assert own.known_until == d("2027-12-31")
    # Ten days off are no year: the others are still unknown.
    assert WorkingCalendar({day: off for day, off in own.exceptions.items() if day != d("2027-10-07")}).unknown_years(d("2027-01-01"), d("2027-12-31")) == [2027]
    assert not own.is_working(d("2027-02-08"))
    assert own.is_working(d("2027-02-13"))
    assert after("2023-07-31", 1, own) == "2023-08-02"
    assert after("2023-07-31", 1) == "2023-08-01"


def test_a_table_with_a_gap_is_known_only_up_to_the_gap():
    assert WorkingCalendar({d("2028-01-01"): False}).known_until == d("2026-12-31")


def test_days_outside_the_calendar_are_refused():
    with pytest.raises(DayOutOfCalendar):
        CALENDAR.is_working(d("1989-12-31"))
    with pytest.raises(DayOutOfCalendar):
        CALENDAR.add(np.array(["2099-12-31"], dtype="datetime64[D]"), 1)
    with pytest.raises(ValueError, match="0 or more"):
        CALENDAR.add(np.array(["2023-07-31"], dtype="datetime64[D]"), -1)


@given(st.dates(FIRST, dt.date(2098, 1, 1)), st.integers(0, 200))
def test_what_was_added_is_what_lies_between(day, n):
    ended = CALENDAR.add(np.array([day], dtype="datetime64[D]"), n)
    assert CALENDAR.between(np.array([day], dtype="datetime64[D]"), ended)[0] == n
    assert n == 0 or CALENDAR.is_working(ended[0].astype(dt.date))
    assert ended[0].astype(dt.date) <= LAST
