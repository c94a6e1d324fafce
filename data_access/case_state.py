"""What cases are on a day, from their events and penalties on record."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from data_access import schema as s
from data_access.database import Database
from data_access.organisations import agencies_kept
from data_access.registers import kept, narrowed_register, register
from data_access.rulebooks import rulebook_of
from data_access.versions import versions
from rules.case_clock import CaseHistory, history_of, with_decisions
from rules.request import Filters, Scope
from rules.rulebook import Rulebook

OWN = (
    "id", "row_id", "number", "kind", "category", "premises", "title", "site_id", "subject_id", "street_code",
    "neighbourhood_code", "grid_code", "lon", "lat", "located", "agency_code", "joint", "joint_on", "limit_days",
)  # fmt: skip


def case_rows(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every case that the scope may see, whatever the day: frame of ``OWN``."""
    return register(database, filters, scope, s.case, OWN)


def asked_cases(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """``case_rows`` in the area and of the kind of practice asked about."""
    return narrowed_register(database, filters, scope, s.case, OWN)


def case_states(
    database: Database, filters: Filters, scope: Scope, as_of: dt.date, book: Rulebook | None = None
) -> pd.DataFrame:
    """``rules.case_clock.case_clock`` of every case that the scope may see.

    A case without a limit of its own takes the rulebook's: that of its agency's system where one is
    set, else the one of all. The law binds whether or not the rule was adopted.

    Args:
        as_of: the day asked about.
        book: another rulebook than the district's of that day.
    """

    rule = (book or rulebook_of(database, filters.with_(as_of=as_of), scope))["clock.case"]
    by_system = rule.options.get("days_by_system", {})
    law = rule.amount, tuple(sorted(by_system.items()))
    own = (scope, filters.known_at, tuple(sorted(versions(database, scope.district).items())), *law)

    def states() -> pd.DataFrame:
        return case_history(database, filters, scope).on(as_of, agencies_kept(database, scope, as_of, ("limits of cases", *own), limits, known_at=filters.known_at))

    def limits(agencies: pd.DataFrame) -> np.ndarray:
        cases = case_rows(database, filters, scope)
        limit = cases["agency_code"].map(agencies.set_index("code")["system"]).map(by_system).fillna(rule.amount).astype("Int64")
        return cases["limit_days"].astype("Int64").fillna(limit).to_numpy("float64", na_value=np.nan)

    return database.recent.get(("case states", as_of, *own), states).copy(deep=False)


def case_history(database: Database, filters: Filters, scope: Scope) -> CaseHistory:
    """What happened to every case that the scope may see, whatever the day."""

    def made() -> CaseHistory:
        events = register(database, filters, scope, s.case_event, ("case_id", "day", "event", "until", "document"))
        penalties = register(database, filters, scope, s.penalty, ("case_id", "day"))
        return history_of(case_rows(database, filters, scope)["id"], with_decisions(events, penalties))

    return kept(database, filters, scope, s.case, ("case history",), made)
