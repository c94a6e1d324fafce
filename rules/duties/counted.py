"""The duties to do something so many times in a month, a quarter or a year: trainings, joint actions, inspections, cases told."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.discharge import Last
from rules.duties.parts import Part, deadline_state, part
from rules.event_line import NO_DAY, days_of
from rules.quarter import quarter_days, quarter_of
from rules.rulebook import Rule

YEAR_END_WARNING_DAYS = 60
"""Days before the span's end from which an open count is 临期, where the rule does not say (this system's default)."""

ACTIVITY = {"training": "training", "joint_action": "joint_enforcement", "supervision": "supervision", "typical_case": "typical_case"}
"""Activity kind (``vocabulary.ACTIVITY_KIND``) that each target counts."""
OF_DISTRICT = ("typical_case",)
"""Targets that the district owes as a whole; the others every street."""


def span_of(unit: str | None, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month, quarter or (else) year that holds a day."""
    if unit == "month":
        first = day.replace(day=1)
        return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    if unit == "quarter":
        return quarter_days(quarter_of(day))
    return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)


def counted_duties(rules: dict[str, list[Rule]], streets: pd.DataFrame, activities: pd.DataFrame, as_of: dt.date) -> list[Part]:
    """How many of a span's trainings, joint actions, inspections or typical cases are still owed.

    A joint action counts once for every street that took part in it, whoever led it.

    Args:
        streets: id (code), label, level (street, district; missing: street).
        activities: id, day, kind, street_code: one row a street that took part; of what the
            district owes, street_code is the district's code.
    """
    level = streets["level"] if "level" in streets else pd.Series("street", index=streets.index)
    found = []
    day, kinds, at = days_of(activities["day"]), activities["kind"].to_numpy(object), np.datetime64(as_of, "D")
    ids, where = activities["id"].to_numpy(object), activities["street_code"].to_numpy(object)
    for kind_ in ("street", "district"):
        owing = streets[level == kind_].reset_index(drop=True)
        place = pd.Index(owing["id"]).get_indexer(pd.Index(where, dtype=object))
        for target, kind in ACTIVITY.items():
            if (target in OF_DISTRICT) != (kind_ == "district"):
                continue
            for rule in rules.get(target, []):
                first, end = span_of(rule.unit, as_of)
                held = np.flatnonzero((kinds == kind) & (day >= np.datetime64(first, "D")) & (day <= at) & (place >= 0))
                done, last = _counted(len(owing), place[held], day[held], ids[held])
                opens, due = np.full(len(owing), np.datetime64(first, "D")), np.full(len(owing), np.datetime64(end, "D"))
                warned = int(rule.options.get("warning_days", YEAR_END_WARNING_DAYS))
                state = np.where(done >= (rule.amount or 0), "ok", deadline_state(opens, due, as_of, warned)).astype(object)
                rows = owing.assign(done=done, needed=rule.amount or 0)
                found.append(part(rule, kind_, rows, opens=opens, due=due, state=state, last=last, facts=("done", "needed")))
    return found


def _counted(size: int, place: np.ndarray, day: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, Last]:
    """How many different activities each took part in, and the last of them: of one day the one with the greatest id."""
    last, by = np.full(size, NO_DAY), np.full(size, None, dtype=object)
    order = np.lexsort((ids.astype("U"), day, place))
    last[place[order]], by[place[order]] = day[order], ids[order]
    once = np.unique(pd.factorize(ids)[0] * size + place) % max(size, 1)
    return np.bincount(once, minlength=size), Last(last, by)
