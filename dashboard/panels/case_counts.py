"""案件查处: cases of the period by what became of them, and the streets that have the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import bar_row, body, fact, facts, nothing_found
from dashboard.panels import Panel
from dashboard.place import place
from data_access.cases import cases
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST_STREETS = 12
STATES = (("open", N_("在办")), ("transferred", N_("已移送公安")), ("decided", N_("已决定")), ("closed", N_("已结案")), ("withdrawn", N_("已撤案")))


def content(ask: Ask) -> tuple[Component, object]:
    t, frame = ask.t, ask.get(cases)
    if frame.empty:
        return nothing_found(ask, t("案件")), t("{n} 件", n=0)
    filters = ask.filters
    start, end = pd.Timestamp(filters.start), pd.Timestamp(filters.end)
    filed = int(frame["filed_on"].between(start, end).sum())
    decided = int(frame["decided_on"].between(start, end).sum())
    counts = frame["state"].value_counts()
    now = int(counts.get("open", 0))
    top = facts(
        fact(t("期内立案"), number(ask, filed, "件", size="stat")),
        fact(t("期内决定"), number(ask, decided, "件", size="stat")),
        fact(t("在办"), number(ask, now, "件", rows="cases", narrow={"state": "open"}, size="stat")),
    )
    key = html.Div(
        [
            html.Span([html.Span(t(name)), number(ask, int(counts[state]), "件", rows="cases", narrow={"state": state})], className="key-part")
            for state, name in STATES
            if counts.get(state, 0)
        ],
        className="key is-wrapped",
    )
    aside = t("历年 {n} 件", n=number_text.count(len(frame), ask.lang))
    return body(top, key, *_by_street(ask, frame)), aside


def _by_street(ask: Ask, frame: pd.DataFrame) -> list[Component]:
    """Bars of the open cases by street over the whole district; nothing once one street is asked for."""
    if place(ask).level != "district":
        return []
    counts = frame.loc[frame["state"] == "open", "street_code"].value_counts()
    counts = counts[counts > 0].head(MOST_STREETS)
    return [
        bar_row(
            ask.name(code), count / counts.iloc[0],
            number(ask, int(count), "件", rows="cases", narrow={"state": "open", "street_code": code}, size="row"),
            area=code, select=None,
        )
        for code, count in counts.items()
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
