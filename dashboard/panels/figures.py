"""指标: the whole KPI dictionary as a list; every figure opens its rows and its definition card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import body
from dashboard.panels import Panel
from data_access.figures import figures
from rules.indicators import INDICATORS
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    found = ask.get(figures)
    lines = [
        html.Div(
            [
                html.Span(t(figure.name), className="figure-name"),
                number(
                    ask, figure.value, figure.unit, n=figure.n, N=figure.N, size="row",
                    rows=figure.key, card=card_of(figure.key),
                ),
            ],
            className="figure-line",
        )
        for figure in found.values()
    ]
    period = number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)
    return body(*lines, kind="figures-list"), t("{n} 项 · {period}", n=len(found), period=period)


def card_of(key: str) -> str:
    """The key of a figure's card: seized goods in a further unit (``K20_瓶``) share that of K20."""
    return key if key in INDICATORS else key.partition("_")[0]


PANEL = Panel(
    name="figures",
    title=N_("全部指标"),
    side="agency",
    tab="figures",
    order=10,
    content=content,
    questions=("figures",),
)
