"""The rows behind what agencies did: joint actions, cases and matters on hand, matters that fell due."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.cases import cases
from data_access.database import Database
from data_access.matters import matters
from data_access.narrowing import asked_agencies, last_day
from data_access.organisations import agency_names
from data_access.placed import seen
from data_access.registers import kept_narrowed, register
from data_access.schema import activity, activity_agency
from rules.event_line import days_of
from rules.on_time import due_in, kept
from rules.request import Filters, Scope


def cases_on_hand(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The cases that were open on some day of the period; the columns of ``cases``."""
    found = cases(database, filters, scope)
    return found[on_hand(found, filters)].reset_index(drop=True)


def matters_on_hand(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The matters that were open on some day of the period: ``matters`` with system and days_left."""
    found = matters(database, filters, scope)
    return _with_days_left(database, found[open_in_period(found, filters)], filters, scope)


def matters_due(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The matters that fell due in the period, and whether each was done by its day.

    Returns:
        The columns of ``matters``, system, days_left and kept (bool); by due day.
    """
    found = matters(database, filters, scope)
    found = found[due(found, filters)]
    found = found.assign(kept=kept(found["done_on"], found["due_on"]).astype("bool"))
    return _with_days_left(database, found, filters, scope)


def joint_parts(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Who took part in the joint actions of the period: one row for an action and an agency.

    Returns:
        frame[id, number, name, day, agency_code, role, street_code], newest first; role is ``lead``
        for the agency that led. ``filters.agency`` and ``filters.system`` narrow to their own parts.
    """
    agencies = asked_agencies(database, filters, scope)
    every = kept_narrowed(database, filters, scope, ("parts of joint actions",), lambda: _every_part(database, filters, scope))
    first, until = _days(filters)
    day = days_of(every["day"])
    wanted = (day >= first) & (day <= until)
    if agencies is not None:
        wanted &= every["agency_code"].isin(agencies).to_numpy(bool)
    return every.take(np.flatnonzero(wanted)).reset_index(drop=True)


def _every_part(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """``joint_parts`` of every day and agency."""
    names = ("id", "number", "name", "day", "agency_code", "street_code", "kind")
    actions = seen(database, filters, scope, activity, names)
    actions = actions.loc[actions["kind"] == "joint_enforcement", list(names[:-1])].rename(columns={"agency_code": "led"})
    parts = register(database, filters, Scope(scope.district), activity_agency, ("activity_id", "agency_code", "role"))
    parts = parts[parts["activity_id"].isin(actions["id"])].rename(columns={"activity_id": "id"})
    rows = actions.merge(parts, on="id", how="left")[["id", "number", "name", "day", "led", "agency_code", "role", "street_code"]]
    led = rows.drop_duplicates("id").assign(agency_code=lambda row: row["led"], role="lead")
    both = pd.concat([led, rows], ignore_index=True).drop(columns="led").dropna(subset=["agency_code"])
    both = both.drop_duplicates(["id", "agency_code"])
    return both.sort_values(["day", "number", "agency_code"], ascending=[False, True, True], ignore_index=True)


def on_hand(found: pd.DataFrame, filters: Filters) -> np.ndarray:
    """Which rows of ``cases`` were filed by the end of the period and not ended before it."""
    first, until = _days(filters)
    ended = np.fmin.reduce([days_of(found[name]) for name in ("decided_on", "transferred_on", "closed_on", "withdrawn_on")])
    filed = days_of(found["filed_on"])
    return (np.isnat(filed) | (filed <= until)) & (np.isnat(ended) | (ended >= first))


def open_in_period(found: pd.DataFrame, filters: Filters) -> np.ndarray:
    """Which rows of ``matters`` were received by the end of the period and not done before it."""
    first, until = _days(filters)
    received, done = days_of(found["received_on"]), days_of(found["done_on"])
    return (np.isnat(received) | (received <= until)) & (np.isnat(done) | (done >= first))


def due(found: pd.DataFrame, filters: Filters) -> np.ndarray:
    """Which rows of ``matters`` fell due in the period (``rules.on_time.due_in``)."""
    return due_in(found["due_on"], filters.start, filters.end, filters.as_of).to_numpy("bool")


def _days(filters: Filters) -> tuple[np.datetime64, np.datetime64]:
    return np.datetime64(filters.start, "D"), np.datetime64(last_day(filters), "D")


def _with_days_left(database: Database, found: pd.DataFrame, filters: Filters, scope: Scope) -> pd.DataFrame:
    systems = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["system"]
    left = (found["due_on"] - pd.Timestamp(filters.as_of)).dt.days.astype("Int64")
    found = found.assign(
        system=found["agency_code"].map(systems).astype("str"), days_left=left.where(found["done_on"].isna())
    )
    return found.sort_values(["due_on", "kind", "number"], ignore_index=True)
