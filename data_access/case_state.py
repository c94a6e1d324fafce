"""What cases are on a day, from their events and penalties on record."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Select, and_, select

from data_access import schema as s
from data_access.database import Database
from data_access.scope import known
from rules.case_clock import case_clock, with_decisions
from rules.request import Filters, Scope


def clocks(database: Database, filters: Filters, scope: Scope, ids: Select, as_of: dt.date) -> pd.DataFrame:
    """``rules.case_clock.case_clock`` of the cases whose ids a statement gives.

    Args:
        ids: a statement of one column, the ids of cases that the scope may see.
        as_of: the day asked about.
    """
    c, e, p = s.case, s.case_event, s.penalty

    def mine(table: object) -> object:
        return and_(table.c.district_code == scope.district, known(table, filters.known_at))

    cases = database.frame(select(c.c.id, c.c.limit_days).where(mine(c), c.c.id.in_(ids)))
    events = database.frame(
        select(e.c.case_id, e.c.day, e.c.event, e.c.until).where(mine(e), e.c.case_id.in_(ids))
    )
    penalties = database.frame(select(p.c.case_id, p.c.day).where(mine(p), p.c.case_id.in_(ids)))
    return case_clock(cases, with_decisions(events, penalties), as_of)
