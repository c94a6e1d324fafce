"""The duties of a day: what must be seen or finished, by whom, by when, how far it is, what it costs."""

from __future__ import annotations

import pandas as pd

from data_access.cycles import asked_cycle
from data_access.database import Database
from data_access.duty_evidence import evidence_of
from data_access.duty_owners import with_owners
from data_access.narrowing import asked_agencies
from data_access.registers import shared
from data_access.rulebooks import rulebook_of, working_days
from rules.obligations import COLUMNS, counted, counted_by_rule
from rules.obligations import obligations as duties_of
from rules.request import Filters, Scope
from rules.rulebook import Rulebook


def obligations(database: Database, filters: Filters, scope: Scope, book: Rulebook | None = None) -> pd.DataFrame:
    """Every duty of every target in the scope on the day asked about: one row a rule and target.

    As of ``filters.as_of``, as known at ``filters.known_at``; the period does not matter.
    ``filters.area``, ``category`` and ``premises`` narrow the targets, ``agency`` and ``system`` to
    those that owe. Places are seen whoever went there: the visits of every agency count.

    Args:
        book: another rulebook than the district's of that day, to see what a change would do.

    Returns:
        ``rules.obligations.COLUMNS``: target_kind grid, site, subject, construction, lead, case,
        transfer, decision, street or task (an entry of the quarter's list that names no place);
        target_id the thing's id (a grid's or street's code); label what people read, no personal
        data; state ok, due, over, never; days_left Int64, negative when late, missing without a due
        day; owner_kind and owner_code (``data_access.duty_owners``); points at stake; adopted False
        where the rule is only 参考 there; reason the rule's target; facts a dict of plain values.
    """
    asked = filters.with_(start=filters.as_of, end=filters.as_of)
    if book is not None:
        return _obligations(database, asked, scope, book)
    return shared(database, asked, scope, "obligations", lambda: _obligations(database, asked, scope, rulebook_of(database, asked, scope)))


def duty_counts(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The duties by rule, most late first: answer of ``rules.obligations.counted``."""
    asked = filters.of_day()

    def made() -> pd.DataFrame:
        if asked_agencies(database, asked, scope) is not None:
            return counted(obligations(database, asked, scope), asked.as_of)
        book, calendar = rulebook_of(database, asked, scope), working_days(database, scope, asked.known_at)
        return counted_by_rule(evidence_of(database, asked, scope, book), book, asked.as_of, calendar=calendar, grid_cycle_days=asked_cycle(asked))

    return shared(database, asked, scope, "duty counts", made)


def _obligations(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    known = evidence_of(database, filters, scope, book)
    calendar = working_days(database, scope, filters.known_at)
    found = duties_of(known, book, filters.as_of, calendar=calendar, grid_cycle_days=asked_cycle(filters))
    found = with_owners(database, filters, scope, found, book)
    agencies = asked_agencies(database, filters, scope)
    if agencies is not None:
        found = found[(found["owner_kind"] == "agency") & found["owner_code"].isin(agencies)].reset_index(drop=True)
    return found[list(COLUMNS)]
