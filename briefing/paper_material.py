"""Gathers what papers need beside the facts: the outlines of the day's areas, and the period before."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from briefing.documents import PaperSettings
from data_access.areas import areas
from data_access.districts import is_demo

if TYPE_CHECKING:
    from data_access.database import Database
    from rules.request import Filters, Scope


def paper_settings(database: Database, filters: Filters, scope: Scope, **chosen: Any) -> PaperSettings:
    """Settings with outlines and whether the data are demo data; ``chosen`` are other fields."""
    made = PaperSettings(demo=is_demo(database, scope.district), outlines=areas(database, scope, filters.as_of, known_at=filters.known_at))
    return replace(made, **chosen)


def period_before(start: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
    """The period that a paper holds its own against: the months before whole months, else as many days before."""
    last = start - dt.timedelta(days=1)
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        first = start.year * 12 + start.month - 1 - months
        return dt.date(first // 12, first % 12 + 1, 1), last
    return last - (end - start), last
