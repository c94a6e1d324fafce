"""When papers are due: after a stage in working days, on fixed days of the year, on the 25th."""

import datetime as dt

import pandas as pd

from rules.report_deadlines import COLUMNS, report_deadlines
from rules.rulebook import whole_rulebook, with_changes
from rules.working_days import WorkingCalendar

BOOK = whole_rulebook()


def due(start: str, end: str, rule: str, stages=None, book=BOOK, calendar=None) -> list[str]:
    found = report_deadlines(book, calendar or WorkingCalendar(), dt.date.fromisoformat(start), dt.date.fromisoformat(end), stages)
    return [str(day.date()) for day in found.loc[found["rule_id"] == rule, "due_on"]]


def stage(end: str) -> pd.DataFrame:
    return pd.DataFrame({"name": ["取缔打击"], "start_on": pd.to_datetime(["2023-07-01"]), "end_on": pd.to_datetime([end])})


def test_a_stage_is_summed_up_within_five_working_days():
    assert due("2023-01-01", "2023-12-31", "report.stage", stage("2023-07-31")) == ["2023-08-07"]
    # 29 September to 6 October off, 7 and 8 October worked: 7, 8, 9, 10, 11.
    assert due("2023-01-01", "2023-12-31", "report.stage", stage("2023-09-28")) == ["2023-10-11"]
    assert due("2023-01-01", "2023-12-31", "report.stage") == []


def test_the_half_years_are_due_in_july_and_november():
    assert due("2023-07-15", "2023-07-15", "report.first_half") == ["2023-07-15"]
    assert due("2023-07-16", "2024-07-14", "report.first_half") == []
    assert due("2023-01-01", "2024-12-31", "report.second_half") == ["2023-11-30", "2024-11-30"]


def test_the_monthly_report_is_due_on_the_25th_of_every_month():
    assert due("2023-12-26", "2024-02-25", "report.monthly") == ["2024-01-25", "2024-02-25"]


def test_a_day_that_a_month_has_not_becomes_its_last():
    rule = with_changes(BOOK["report.monthly"], {"options": {"day": 31}})
    book = whole_rulebook({"report.monthly": rule})
    assert due("2024-02-01", "2024-03-31", "report.monthly", book=book) == ["2024-02-29", "2024-03-31"]


def test_a_paper_says_what_it_reports_on_and_whether_it_binds():
    found = report_deadlines(BOOK, WorkingCalendar(), dt.date(2023, 7, 1), dt.date(2023, 7, 31)).set_index("rule_id")
    assert found["first_day"]["report.first_half"] == pd.Timestamp("2023-01-01")
    assert found["last_day"]["report.first_half"] == pd.Timestamp("2023-06-30")
    assert found["adopted"].all()
    final = report_deadlines(BOOK, WorkingCalendar(), dt.date(2023, 6, 15), dt.date(2023, 6, 15)).iloc[0]
    assert (final["first_day"], final["last_day"]) == (pd.Timestamp("2022-06-01"), pd.Timestamp("2023-05-31"))


def test_working_days_of_an_unannounced_year_are_marked():
    found = report_deadlines(BOOK, WorkingCalendar(), dt.date(2027, 1, 1), dt.date(2027, 12, 31), stage("2027-02-01"))
    assert not found.set_index("rule_id")["calendar_known"]["report.stage"]


def test_no_paper_gives_the_columns():
    empty = report_deadlines(whole_rulebook({}), WorkingCalendar(), dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert list(empty.columns) == list(COLUMNS)
    assert empty.empty
