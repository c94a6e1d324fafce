"""案件查处: cases of the period by what became of them, and the streets that have the most."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import bar_row, body, codes, fact, facts, nothing_found, words_that_open
from dashboard.panels import Panel
from dashboard.place import place
from data_access.cases import cases
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST_STREETS = 6
STATES = ("transferred", "decided", "closed", "withdrawn")


def content(ask: Ask) -> tuple[Component, object]:
    t, frame = ask.t, ask.get(cases)
    if frame.empty:
        return nothing_found(ask, t("案件")), t("{n} 件", n=0)
    filters = ask.filters
    start, end = pd.Timestamp(filters.start), pd.Timestamp(filters.end)
    filed = int(frame["filed_on"].between(start, end).sum())
    decided = int(frame["decided_on"].between(start, end).sum())
    period = f"{filters.start}..{filters.end}"
    counts = Counter(codes(frame["state"]))
    now = counts["open"]
    top = facts(
        fact(t("期内立案"), number(ask, filed, "件", rows="cases", narrow={"filed_on": period}, size="stat")),
        fact(t("期内决定"), number(ask, decided, "件", rows="cases", narrow={"decided_on": period}, size="stat")),
        fact(t("在办"), number(ask, now, "件", rows="cases", narrow={"state": "open"}, size="stat")),
    )
    key = html.Div(
        [
            html.Span([html.Span(ask.words("case_state", state)), number(ask, counts[state], "件", rows="cases", narrow={"state": state})], className="key-part")
            for state in STATES
            if counts[state]
        ],
        className="key is-wrapped",
    )
    aside = words_that_open(t("历年 {n} 件", n=number_text.count(len(frame), ask.lang)), "cases")
    return body(top, key, *_by_street(ask, frame)), aside


def _by_street(ask: Ask, frame: pd.DataFrame) -> list[Component]:
    """Bars of the open cases by street over the whole district; nothing once one street is asked for."""
    if place(ask).level != "district":
        return []
    counts = Counter(codes(frame.loc[frame["state"] == "open", "street_code"])).most_common(MOST_STREETS)
    return [
        bar_row(
            ask.name(code), count / counts[0][1],
            number(ask, count, "件", rows="cases", narrow={"state": "open", "street_code": code}, size="row"),
            area=code, select=None,
        )
        for code, count in counts
        if code
    ]


PANEL = Panel(
    name="case_counts",
    title=N_("案件"),
    side="street",
    tab="enforcement",
    order=10,
    content=content,
    questions=("cases",),
)
