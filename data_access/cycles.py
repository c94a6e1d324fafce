"""The cycles of the day: how often each kind of place is to be seen, from the rulebook or the request."""

from __future__ import annotations

from data_access.database import Database
from data_access.rulebooks import rulebook_of
from rules.cycles import cycles
from rules.request import DEFAULT_CYCLE_DAYS, Filters, Scope
from rules.rulebook import Rule

DAYS = {"day": 1, "working_day": 1, "month": 30, "quarter": 91, "year": 365}
"""Days that a unit counts for where a cycle must be a number of days: the grid's."""


def asked_cycle(filters: Filters) -> int | None:
    """The grid's cycle that the request asks for; None where it leaves it to the rulebook."""
    return None if filters.cycle_days == DEFAULT_CYCLE_DAYS else filters.cycle_days


def cycle_rules(database: Database, filters: Filters, scope: Scope) -> dict[str, Rule]:
    """The rule of each target of ``rules.cycles.PLACES``, as of the day and as known at the instant."""
    return cycles(rulebook_of(database, filters, scope), asked_cycle(filters))


def with_cycle(database: Database, filters: Filters, scope: Scope) -> Filters:
    """The request with the grid's cycle filled in: its own, else the rulebook's of the day."""
    rule = cycle_rules(database, filters, scope).get("grid")
    if rule is None or not rule.amount:
        return filters
    return filters.with_(cycle_days=min(366, rule.amount * DAYS[rule.unit or "day"]))
