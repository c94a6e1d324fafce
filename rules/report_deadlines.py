"""The days by which papers must be handed in: after a stage, on a day of the year, on a day of every month."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from rules.rulebook import Rule, Rulebook
from rules.working_days import WorkingCalendar

COLUMNS = ("rule_id", "name", "due_on", "first_day", "last_day", "stage", "owner_system", "owner", "source", "adopted", "calendar_known")


def report_deadlines(
    book: Rulebook, calendar: WorkingCalendar, start: dt.date, end: dt.date, stages: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Every paper that is due from one day to another, both included.

    Args:
        book: its ``report`` rules: days of the year (``options.month``, ``day``), of every month
            (``options.day`` alone), or so long after a stage (``options.after``).
        calendar: counts the working days after a stage.
        stages: name, start_on, end_on of the stages of campaigns; none: no paper after a stage.

    Returns:
        ``COLUMNS``, by due day: first_day and last_day of what the paper reports on (datetime64[s]),
        stage (its name, or empty), adopted, calendar_known (False where working days were counted
        in a year whose holidays nobody told).

    Source: S3 四（三）（四）; S4 第五篇 五; S2 六.
    """
    made = pd.DataFrame(
        [(one.rule.id, one.rule.name, one.due_on, one.first_day, one.last_day, one.stage, one.rule.owner_system, one.rule.owner,
          one.rule.source, book.is_adopted(one.rule.id), one.calendar_known) for one in due_papers(book, calendar, start, end, stages)],
        columns=list(COLUMNS),
    )  # fmt: skip
    return made.astype(dict.fromkeys(("due_on", "first_day", "last_day"), "datetime64[s]") | {"adopted": bool, "calendar_known": bool})


class DuePaper(NamedTuple):
    """A paper that is due on a day: what ``report_deadlines`` tells of it."""

    due_on: dt.date
    first_day: dt.date
    last_day: dt.date
    stage: str
    calendar_known: bool
    rule: Rule


def due_papers(
    book: Rulebook, calendar: WorkingCalendar, start: dt.date, end: dt.date, stages: pd.DataFrame | None = None
) -> list[DuePaper]:
    """``report_deadlines`` as plain values, in the same order: by due day, rule and stage."""
    found = [one for rule in book.of("report") for one in _due(rule, calendar, start, end, stages) if start <= one.due_on <= end]
    return sorted(found, key=lambda one: (one.due_on, one.rule.id, one.stage))


def _due(
    rule: Rule, calendar: WorkingCalendar, start: dt.date, end: dt.date, stages: pd.DataFrame | None
) -> Iterator[DuePaper]:
    options = rule.options
    if options.get("after") == "stage":
        yield from _after_stages(rule, calendar, stages)
    elif "month" in options:
        for year in range(start.year, end.year + 1):
            first_year = year - 1 if options["first_month"] > options["last_month"] else year
            first = dt.date(first_year, int(options["first_month"]), 1)
            yield DuePaper(_clipped(year, options["month"], options["day"]), first, _month_end(year, options["last_month"]), "", True, rule)
    elif "day" in options:
        for number in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
            year, month = number // 12, number % 12 + 1
            yield DuePaper(_clipped(year, month, options["day"]), dt.date(year, month, 1), _month_end(year, month), "", True, rule)


def _after_stages(
    rule: Rule, calendar: WorkingCalendar, stages: pd.DataFrame | None
) -> Iterator[DuePaper]:
    if stages is None or stages.empty or rule.amount is None:
        return
    there = stages[stages["end_on"].notna()]
    ended = pd.to_datetime(there["end_on"])
    if rule.unit == "working_day":
        due = pd.Series(calendar.add(ended, rule.amount).astype("datetime64[s]"), index=there.index)
    elif rule.unit == "day":
        due = ended + pd.Timedelta(days=rule.amount)
    else:
        due = ended + pd.DateOffset(months=rule.amount * {"month": 1, "quarter": 3, "year": 12}[rule.unit or "month"])
    for name, begun, last, by in zip(there["name"], pd.to_datetime(there["start_on"]), ended, due, strict=True):
        known = rule.unit != "working_day" or not calendar.unknown_years(last.date(), by.date())
        yield DuePaper(by.date(), (last if pd.isna(begun) else begun).date(), last.date(), str(name), known, rule)


def _clipped(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, int(month), min(int(day), months.monthrange(year, int(month))[1]))


def _month_end(year: int, month: int) -> dt.date:
    return _clipped(year, month, 31)
