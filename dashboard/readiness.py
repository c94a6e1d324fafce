"""Reads what every question looks at before anybody asks, so that the first person waits no longer than the next."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import structlog

from dashboard.column import column
from dashboard.footer import footer
from dashboard.header import header
from dashboard.kpi_strip import kpi_strip
from dashboard.markup import as_markup
from dashboard.panels import TABS
from data_access import ledger
from data_access.areas import places
from data_access.evidence_bases import Asked
from rules.language import Refusal

if TYPE_CHECKING:
    from dashboard.question import Context

log = structlog.get_logger("readiness")
KEYS = {"street": "tab", "agency": "tab_agency"}


def make_ready(context: Context) -> None:
    """Draw the tabs of the overview and one street once, and throw the drawings away.

    What stays in the process is what is kept by data version: registers, the arrays of visits, the rows
    that figures count, names, rules, compiled statements. A database that is away is only noted: the
    first request meets the same problem and tells the person.
    """
    try:
        ask = context.ask("")
        with ask.database.snapshot():
            ledger.warm(Asked(ask.database, ask.filters, ask.scope))
            streets = places(ask.database, ask.scope, ask.filters.as_of, "street", known_at=ask.filters.known_at)["code"]
            as_markup(header(ask))
            as_markup(kpi_strip(ask))
            as_markup(footer(ask))
        for side, tabs in TABS.items():
            for query in (*(f"?{KEYS[side]}={tab.name}" for tab in tabs), *(f"?area={code}" for code in streets[:1])):
                asked = context.ask(query)
                with asked.database.snapshot():
                    as_markup(column(asked, side))
    except (Refusal, OSError) as problem:
        log.warning("not made ready yet", problem=type(problem).__name__)
    # What is there now stays: the collector need not walk through it again and again.
    gc.collect()
    gc.freeze()
