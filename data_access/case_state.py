"""What cases are on a day, from their events and penalties on record."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data_access import schema as s
from data_access.database import Database
from data_access.registers import kept, register
from rules.case_clock import case_clock, with_decisions
from rules.request import Filters, Scope

OWN = (
    "id", "row_id", "number", "kind", "category", "premises", "title", "site_id", "subject_id", "street_code",
    "neighbourhood_code", "grid_code", "lon", "lat", "located", "agency_code", "joint", "joint_on", "limit_days",
)  # fmt: skip


def case_rows(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every case that the scope may see, whatever the day: frame of ``OWN``."""
    return register(database, filters, scope, s.case, OWN)


def case_states(database: Database, filters: Filters, scope: Scope, as_of: dt.date) -> pd.DataFrame:
    """``rules.case_clock.case_clock`` of every case that the scope may see.

    Args:
        as_of: the day asked about.
    """

    def states() -> pd.DataFrame:
        events = register(database, filters, scope, s.case_event, ("case_id", "day", "event", "until"))
        penalties = register(database, filters, scope, s.penalty, ("case_id", "day"))
        return case_clock(case_rows(database, filters, scope), with_decisions(events, penalties), as_of)

    return kept(database, filters, scope, s.case, ("case_states", as_of), states).copy(deep=False)
