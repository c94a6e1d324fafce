"""The listed people (历年被查处对象) who are still active on a day, and when each must be seen again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.cycles import cycle_rules
from data_access.database import Database
from data_access.last_visits import last_visits_of_targets
from data_access.registers import narrowed, register
from data_access.schema import list_check, subject
from rules.event_line import days_of, days_since
from rules.request import Filters, Scope
from rules.revisit import duty_state, next_due, subject_cycle

COLUMNS = (
    "id", "number", "name", "street_code", "neighbourhood_code", "grid_code", "category", "grade",
    "listed_on", "last_visit", "days", "due_on", "state", "row_id",
)  # fmt: skip

CHECKED = ("subject_id", "still_active", "grade", "graded_on", "field_checked_on", "system_checked_on")


def listed_people(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Listed people who are still active in the district, as known on the day asked about.

    Still active: the latest check says so; without a check, the register says 仍在本区活动.
    Checks and grades dated later are not looked at.

    Returns:
        ``COLUMNS``, by number: name masked by scope, grade (high, mid, low, ungraded), last_visit,
        due_on by the cycles ``subject_high`` and ``subject`` from the last visit or field check,
        state ok, due, over, never. None: no rows.
    """
    found = active_people(database, filters, scope)
    visited = days_of(last_visits_of_targets(database, filters, scope, found["id"]))
    found["last_visit"] = visited.astype("datetime64[s]")
    met, listed = np.fmax(visited, days_of(found["field_checked_on"])), days_of(found["listed_on"])
    last_seen = pd.Series(np.where(np.isnat(met), listed, met), index=found.index)
    found["due_on"] = next_due(last_seen, subject_cycle(found["grade"]), cycle_rules(database, filters, scope))
    found["state"] = duty_state(found["last_visit"], last_seen, found["due_on"], filters.as_of)
    found["days"] = days_since(visited, filters.as_of)
    return found.sort_values(["number", "id"], ignore_index=True)[list(COLUMNS)]


def active_people(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The listed people who are still active on the day, before any visit is looked at.

    Returns:
        frame[id, row_id, number, name (masked by scope), place columns, category, listed_on, grade,
        field_checked_on, ...].
    """
    day = pd.Timestamp(filters.as_of)
    own = ("id", "row_id", "number", "name", "street_code", "neighbourhood_code", "grid_code", "category", "listed_on", "residence", "lon", "lat", "located")
    people = narrowed(register(database, filters, scope, subject, own), filters, scope)
    people = people[people["listed_on"].isna() | (people["listed_on"] <= day)]
    checks = register(database, filters, scope, list_check, CHECKED)
    found = people.merge(_as_of(checks, day), left_on="id", right_on="subject_id", how="left")
    active = found["still_active"].fillna(found["residence"] == "resident").astype("bool")
    found = found[active].reset_index(drop=True)
    found["grade"] = found["grade"].where(found["grade"].isin(["high", "mid", "low"]), "ungraded")
    return found


def _as_of(checks: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    checked = np.fmin(days_of(checks["field_checked_on"]), days_of(checks["system_checked_on"]))
    past = checks[np.isnat(checked) | (checked <= np.datetime64(day, "D"))]
    order = np.argsort(np.where(np.isnat(checked), np.datetime64("0001-01-01", "D"), checked)[past.index], kind="stable")
    latest = past.take(order).drop_duplicates("subject_id", keep="last")
    return pd.DataFrame(
        {
            "subject_id": latest["subject_id"],
            "still_active": latest["still_active"],
            "grade": latest["grade"].mask(latest["graded_on"] > day),
            "field_checked_on": latest["field_checked_on"].mask(latest["field_checked_on"] > day),
        }
    )
