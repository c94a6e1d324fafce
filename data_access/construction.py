"""Construction sites (工地) that exist on a day, and when each must be seen again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.cycles import cycle_rules
from data_access.database import Database
from data_access.last_visits import last_visits_of_targets
from data_access.registers import between, by_number, narrowed_register
from data_access.schema import construction_site as t
from rules.event_line import days_of, days_since
from rules.request import Filters, Scope
from rules.revisit import dues_of, states_of

OWN = (
    "id", "row_id", "number", "name", "address", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
    "located", "phase", "workers", "contractor", "started_on", "finished_on",
)  # fmt: skip
COLUMNS = (
    "id", "number", "name", "street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located", "phase",
    "workers", "contractor", "address", "started_on", "finished_on", "last_visit", "days", "due_on", "state", "row_id",
)  # fmt: skip


def construction_sites(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The construction sites between their start and their finish on the day asked about.

    Without a start day a site was always there; without a finish day it still is. A stopped site
    (停工) is bound to no cycle: its state is empty. They carry no kind of practice and no agency:
    those filters do not narrow them.

    Returns:
        ``COLUMNS``, by number: workers in 人 (Int64), last_visit and days since, due_on by the cycle
        ``construction`` from the last visit (else from the start), state ok, due, over, never or
        empty. None: no rows.
    """
    day, found = filters.as_of, existing_sites(database, filters, scope)
    visited = days_of(last_visits_of_targets(database, filters, scope, found["id"]))
    started = days_of(found["started_on"])
    seen = np.where(np.isnat(visited), started, visited)
    bound = np.where((found["phase"] == "stopped").to_numpy(bool), "", "construction").astype(object)
    due = dues_of(seen, bound, cycle_rules(database, filters, scope))
    state = np.where(bound == "", "", states_of(visited, seen, due, day))
    told = {
        "last_visit": visited.astype("datetime64[s]"), "due_on": due.astype("datetime64[s]"), "state": pd.array(state, dtype="str"),
        "days": days_since(visited, day).array,
    }  # fmt: skip
    return by_number(found, told, COLUMNS)


def existing_sites(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The construction sites between their start and their finish, before any visit is looked at: frame of ``OWN``."""
    day = filters.as_of
    rows = narrowed_register(database, filters, scope, t, OWN)
    there = between(rows["started_on"], rows["finished_on"], day) & (rows["phase"] != "finished")
    found = rows[there].reset_index(drop=True)
    found["finished_on"] = found["finished_on"].where(found["finished_on"] <= pd.Timestamp(day))
    return found
