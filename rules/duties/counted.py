"""The duties to do something so many times in a year: trainings and joint actions of every street."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.discharge import last_of
from rules.duties.parts import deadline_state, part
from rules.rulebook import Rule

YEAR_END_WARNING_DAYS = 60
"""Days before the year's end from which an open count is 临期 (this system's default)."""

ACTIVITY = {"training": "training", "joint_action": "joint_enforcement"}
"""Activity kind (``vocabulary.ACTIVITY_KIND``) that each target counts."""


def counted_duties(rules: dict[str, list[Rule]], streets: pd.DataFrame, activities: pd.DataFrame, as_of: dt.date) -> list[pd.DataFrame]:
    """How many of a year's trainings and joint actions each street still owes.

    A joint action counts once for every street that took part in it, whoever led it.

    Args:
        streets: id (code), label.
        activities: id, day, kind, street_code: one row a street that took part.
    """
    first = dt.date(as_of.year, 1, 1)
    this_year = activities[(activities["day"] >= pd.Timestamp(first)) & (activities["day"] <= pd.Timestamp(as_of))]
    size, codes = len(streets), pd.Index(streets["id"])
    found = []
    for target, kind in ACTIVITY.items():
        mine = this_year[this_year["kind"] == kind].drop_duplicates(["id", "street_code"])
        place = codes.get_indexer(pd.Index(mine["street_code"]))
        done = np.bincount(place[place >= 0], minlength=size)[:size]
        for rule in rules.get(target, []):
            opens = np.full(size, np.datetime64(first, "D"))
            due = np.full(size, np.datetime64(dt.date(as_of.year, 12, 31), "D"))
            warned = int(rule.options.get("warning_days", YEAR_END_WARNING_DAYS))
            state = np.where(done >= (rule.amount or 0), "ok", deadline_state(opens, due, as_of, warned)).astype(object)
            rows = streets.assign(done=done, needed=rule.amount or 0)
            last = last_of(codes, mine["street_code"], mine, as_of)
            found.append(part(rule, "street", rows, opens=opens, due=due, state=state, last=last, as_of=as_of, facts=("done", "needed")))
    return found
