"""What cases are on a day, from their events and penalties on record."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data_access import schema as s
from data_access.database import Database
from data_access.organisations import agency_names
from data_access.registers import kept, register
from data_access.rulebooks import rulebook_of
from data_access.versions import versions
from rules.case_clock import case_clock, with_decisions
from rules.request import Filters, Scope
from rules.rulebook import Rulebook

OWN = (
    "id", "row_id", "number", "kind", "category", "premises", "title", "site_id", "subject_id", "street_code",
    "neighbourhood_code", "grid_code", "lon", "lat", "located", "agency_code", "joint", "joint_on", "limit_days",
)  # fmt: skip


def case_rows(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every case that the scope may see, whatever the day: frame of ``OWN``."""
    return register(database, filters, scope, s.case, OWN)


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

    def states() -> pd.DataFrame:
        events = register(database, filters, scope, s.case_event, ("case_id", "day", "event", "until", "document"))
        penalties = register(database, filters, scope, s.penalty, ("case_id", "day"))
        cases = case_rows(database, filters, scope)
        systems = agency_names(database, scope, as_of, known_at=filters.known_at).set_index("code")["system"]
        limit = cases["agency_code"].map(systems).map(by_system).fillna(rule.amount).astype("Int64")
        with_limits = cases.assign(limit_days=cases["limit_days"].astype("Int64").fillna(limit))
        return case_clock(with_limits, with_decisions(events, penalties), as_of)

    key = ("case_states", as_of, rule.amount, tuple(sorted(by_system.items())), versions(database, scope.district)["agency"])
    return kept(database, filters, scope, s.case, key, states).copy(deep=False)
