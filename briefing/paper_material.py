"""Gathers what papers need beside the facts: outlines of the day's areas and the rows of the registration form."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from briefing.documents import PaperSettings
from data_access.areas import areas
from data_access.districts import is_demo
from data_access.registered_places import joint_needs, registered_places

if TYPE_CHECKING:
    from data_access.database import Database
    from rules.request import Filters, Scope


def paper_settings(database: Database, filters: Filters, scope: Scope, **chosen: Any) -> PaperSettings:
    """Settings with outlines, registered places and whether the data are demo data; ``chosen`` are other fields.

    Personal data in the registered places is masked as the scope says.
    """
    made = PaperSettings(
        demo=is_demo(database, scope.district), outlines=areas(database, scope, filters.as_of, known_at=filters.known_at),
        forms=registered_places(database, filters, scope), joint_needs=joint_needs(database, filters, scope),
    )  # fmt: skip
    return replace(made, **chosen)


def period_before(start: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
    """The period that a paper holds its own against: the months before whole months, else as many days before."""
    last = start - dt.timedelta(days=1)
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        first = start.year * 12 + start.month - 1 - months
        return dt.date(first // 12, first % 12 + 1, 1), last
    return last - (end - start), last
