"""The duties that a penalty entails: to publish it, to tell the landlord's side, to look back."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.discharge import Last
from rules.due_days import Calendar, due_after
from rules.duties.counted import ACTIVITY
from rules.duties.parts import Part, days, deadline_state, part
from rules.event_line import days_of
from rules.rulebook import Rule

DONE_ON = {"pushed_on": "pushed_on", "committee_notified_on": "committee_notified_on", "transfer_to_housing": "housing_told_on", "typical_case": "typical_on"}
"""The event that discharges a rule (``Rule.discharged_by``), and the column that holds its day."""


def penalty_duties(
    rules: dict[str, list[Rule]], penalties: pd.DataFrame, last: dict[str, Last], as_of: dt.date, calendar: Calendar | None,
    told: pd.DataFrame | None = None,
) -> list[Part]:
    """What is still owed after each penalty of the health authority for 无证行医; a rule without days owes nothing.

    Args:
        penalties: id, day, premises, pushed_on, committee_notified_on, housing_told_on, typical_on
            (the case was told as a typical one, or judged to be none); days after ``as_of`` empty.
        told: day, kind of the district's activities; where a rule names the count that suffices
            (``options.until``), nothing is owed of a year in which so many typical cases were told.
        last: for rules that a visit discharges (回头看), the last visit to the site of each penalty.
    """
    opens, found = days(penalties, "day"), []
    done_on = {column: ~np.isnat(days(penalties, column)) for column in DONE_ON.values()}
    every = np.ones(len(penalties), dtype=bool)
    for target, rented in (("penalty", every), ("penalty_rental", (penalties["premises"] == "rental").to_numpy(bool))):
        for rule in rules.get(target, []):
            if not rule.amount:
                continue
            columns = [DONE_ON[name] for name in rule.discharged_by if name in DONE_ON]
            done = np.zeros(len(penalties), dtype=bool)
            for column in columns:
                done |= done_on[column]
            if not columns:
                done |= last[rule.id].day > opens
            for count in rules.get(rule.options.get("until", ""), []):
                done |= _enough(opens, told, rule.options["until"], count.amount or 0, as_of)
            due = due_after(opens, rule.amount, rule.unit or "day", calendar)
            state = np.where(rented & ~done, deadline_state(opens, due, as_of), "")
            found.append(part(rule, "penalty", penalties, opens=opens, due=due, state=state, facts=("day", "kind", "premises")))
    return found


def _enough(opens: np.ndarray, told: pd.DataFrame | None, target: str, needed: int, as_of: dt.date) -> np.ndarray:
    """Whether so many were told, up to the day, in the year of each penalty."""
    if told is None:
        return np.zeros(len(opens), dtype=bool)
    day = days_of(told["day"])
    mine = np.flatnonzero((told["kind"].to_numpy(object) == ACTIVITY[target]) & (day <= np.datetime64(as_of, "D")))
    mine = mine[~told["id"].iloc[mine].duplicated().to_numpy(bool)]
    years, counts = np.unique(day[mine].astype("datetime64[Y]"), return_counts=True)
    told_in = dict(zip(years.astype("int64").tolist(), counts.tolist(), strict=True))
    return np.array([told_in.get(year, 0) >= needed for year in opens.astype("datetime64[Y]").astype("int64").tolist()], dtype=bool)
