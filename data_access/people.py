"""The listed people (历年被查处对象) who are still active on a day, and when each must be seen again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.extensions import take

from data_access.cycles import cycle_rules
from data_access.database import Database
from data_access.last_visits import last_visits_of_targets
from data_access.registers import by_number, kept, narrowed_register, register
from data_access.schema import list_check, subject
from data_access.sites import known_sites
from rules.event_line import NO_DAY, day_of, days_of, days_since
from rules.request import Filters, Scope
from rules.revisit import dues_of, states_of, subject_cycle

COLUMNS = (
    "id", "number", "name", "street_code", "neighbourhood_code", "grid_code", "category", "grade",
    "listed_on", "last_visit", "days", "due_on", "state", "row_id",
)  # fmt: skip

GRADES = ("high", "mid", "low")
CHECKED = ("subject_id", "still_active", "grade", "graded_on", "field_checked_on", "system_checked_on")


def listed_people(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Listed people who are still active in the district, as known on the day asked about.

    Still active: the latest check says so; without a check, the register says 仍在本区活动.
    Checks and grades dated later are not looked at.

    Returns:
        ``COLUMNS``, by number: name masked by scope, grade (high, mid, low, ungraded), last_visit,
        due_on by the cycles ``subject_high``, ``subject_closed`` and ``subject`` from the last visit or
        field check (or, of a closed site, its closing), state ok, due, over, never. None: no rows.
    """
    found = active_people(database, filters, scope)
    visited = days_of(last_visits_of_targets(database, filters, scope, found["id"]))
    met, listed = np.fmax(visited, days_of(found["field_checked_on"])), days_of(found["listed_on"])
    closed = closed_on(database, filters, scope, found).astype("datetime64[D]")
    cycle = subject_cycle(found["grade"], ~np.isnat(closed)).to_numpy(object)
    met = np.where(cycle == "subject_closed", np.fmax(met, closed), met)
    seen = np.where(np.isnat(met), listed, met)
    due = dues_of(seen, cycle, cycle_rules(database, filters, scope))
    told = {
        "last_visit": visited.astype("datetime64[s]"), "due_on": due.astype("datetime64[s]"),
        "state": pd.array(states_of(visited, seen, due, filters.as_of), dtype="str"), "days": days_since(visited, filters.as_of).array,
    }  # fmt: skip
    return by_number(found, told, COLUMNS)


def closed_on(database: Database, filters: Filters, scope: Scope, people: pd.DataFrame) -> np.ndarray:
    """The last day on which a site of each person, still closed, was closed; NaT where none is.

    Whichever area or kind of practice is asked about: a person's cycle is one, wherever it is looked at.

    Args:
        people: id.
    """
    sites = known_sites(database, filters.with_(area=None, category=None, premises=None), scope)
    closed = (sites["status"].isin(["closed", "self_closed"]) & sites["subject_id"].notna()).to_numpy(bool)
    owners, since = sites["subject_id"].to_numpy(object)[closed], days_of(sites["status_since"])[closed]
    return day_of(people["id"].to_numpy(object), owners, since, np.fmax).astype("datetime64[s]")


def active_people(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The listed people who are still active on the day, before any visit is looked at.

    Returns:
        frame[id, row_id, number, name (masked by scope), place columns, category, listed_on, grade,
        field_checked_on, ...].
    """
    day = np.datetime64(filters.as_of, "D")
    own = ("id", "row_id", "number", "name", "street_code", "neighbourhood_code", "grid_code", "category", "listed_on", "residence", "lon", "lat", "located")
    people = narrowed_register(database, filters, scope, subject, own)
    people = people.take(np.flatnonzero(~(days_of(people["listed_on"]) > day)))
    checks = kept(database, filters, scope, list_check, ("checks by day",), lambda: _checks(register(database, filters, scope, list_check, CHECKED)))
    latest = checks.latest(people["id"], day)
    told = {name: take(checks.rows[name].array, latest, allow_fill=True) for name in ("subject_id", "still_active", "grade", "graded_on", "field_checked_on")}
    active = pd.Series(told["still_active"], index=people.index).fillna(people["residence"] == "resident").to_numpy(bool)
    graded = np.isin(told["grade"].to_numpy("U"), GRADES) & ~(np.asarray(told["graded_on"], dtype="datetime64[D]") > day)
    checked = np.asarray(told["field_checked_on"], dtype="datetime64[D]")
    checked = np.where(checked > day, NO_DAY, checked).astype("datetime64[s]")
    found = people.assign(
        subject_id=told["subject_id"], still_active=told["still_active"], grade=pd.array(np.where(graded, told["grade"].to_numpy(object), "ungraded"), dtype="str"),
        field_checked_on=checked,
    )  # fmt: skip
    return found.take(np.flatnonzero(active)).reset_index(drop=True)


@dataclass(frozen=True)
class _Checks:
    """Every check of the list, by its day.

    Attributes:
        rows: ``CHECKED``; those without a day stand first.
        day: datetime64[D], of those without a day long past.
        person: the place in ``people`` of each.
    """

    rows: pd.DataFrame
    day: np.ndarray
    person: np.ndarray
    people: pd.Index

    def latest(self, ids: pd.Series, day: np.datetime64) -> np.ndarray:
        """The position of the last check of each person up to a day, -1 for none."""
        until = int(np.searchsorted(self.day, day, "right"))
        last = np.full(len(self.people) + 1, -1, dtype="int64")
        last[self.person[:until]] = np.arange(until)
        last[-1] = -1
        return last[self.people.get_indexer(pd.Index(ids))]


def _checks(rows: pd.DataFrame) -> _Checks:
    checked = np.fmin(days_of(rows["field_checked_on"]), days_of(rows["system_checked_on"]))
    checked = np.where(np.isnat(checked), np.datetime64("0001-01-01", "D"), checked)
    order = np.argsort(checked, kind="stable")
    rows = rows.take(order).reset_index(drop=True)
    person, people = pd.factorize(rows["subject_id"])
    return _Checks(rows, checked[order], person, pd.Index(people))
