"""Reads what every question looks at before anybody asks, so that the first person waits no longer than the next."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
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
from data_access.versions import revision
from rules.language import Refusal

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.question import Context

log = structlog.get_logger("readiness")
KEYS = {"street": "tab", "agency": "tab_agency"}
LOOK_S = 0.5
REST_S, REST = 30.0, 10
COLLECT_AFTER = 20_000
"""Objects made since the last collection: an answer makes some hundred thousand, most of which nobody else holds."""


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


class Readiness:
    """Keeps a process ready: after the data or the day changed it reads again, aside, before anybody asks.

    It looks at the revision every ``LOOK_S`` (several processes each for themselves). Quick small writes
    are taken together: between two readings lies at least ``REST_S``, and ``REST`` times as long as the last took.
    """

    def __init__(self, context: Context, make: Callable[[Context], None] = make_ready) -> None:
        self.context = context
        self._make = make
        self._ready = ""
        self._rests_until = float("-inf")

    def look(self) -> bool:
        """Make ready where something has changed and the rest is over; whether it was made.

        Raises:
            DatabaseProblem: the database is away.
        """
        began = time.monotonic()
        if began < self._rests_until:
            return False
        context = self.context
        found = revision(context.database, context.actor_of().scope.district, context.clock().date())
        if found == self._ready:
            return False
        self._make(context)
        is_first, self._ready = not self._ready, found
        if is_first:
            # What is there now stays: the collector need not walk through it again and again.
            gc.collect()
            gc.freeze()
            gc.set_threshold(COLLECT_AFTER, 20, 50)
        took = time.monotonic() - began
        self._rests_until = began + took + (0.0 if is_first else max(REST_S, REST * took))
        return True

    def keep(self, server: Flask, stopped: threading.Event) -> None:
        """Look again and again until the process stops; a problem is told once, until it is another."""
        told = ""
        while True:
            try:
                with server.app_context():
                    self.look()
                told = ""
            except Exception as error:  # the door of this thread: the next look may find the database back
                if told != (told := type(error).__name__):
                    log.warning("not made ready", problem=told)
            if stopped.wait(LOOK_S):
                return
