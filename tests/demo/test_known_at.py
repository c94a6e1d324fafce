"""On the day shown, what the demo hides by the day of the fact is what was not yet recorded."""

from __future__ import annotations

import datetime as dt

from data_access.cases import cases
from data_access.coverage import grid_states
from data_access.database import Database
from data_access.figures import figures
from data_access.leads import leads
from data_access.sites import sites, stock
from rules.request import Filters, Scope

WHOLE = Scope("990114")
JULY = Filters(dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 7, 31))
THEN = JULY.with_(known_at=dt.datetime.fromisoformat("2023-07-31T10:46+08:00"))


def test_both_clocks_give_the_same_figures_and_states(demo_database: Database) -> None:
    assert figures(demo_database, THEN, WHOLE) == figures(demo_database, JULY, WHOLE)
    assert stock(demo_database, THEN, WHOLE) == stock(demo_database, JULY, WHOLE)
    for question in (grid_states, sites, cases, leads):
        then, now = (question(demo_database, asked, WHOLE) for asked in (THEN, JULY))
        kept = [name for name in now.columns if name != "row_id"]
        assert then[kept].to_csv() == now[kept].to_csv(), question.__name__
