"""行政处罚: closures, penalties, fines and seizures of the period, each in its own unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import body, fact, facts
from dashboard.panels import Panel
from data_access.figures import figures
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

FIRST = ("K13", "K15", "K17")
SECOND = (("K12", N_("检查点位")), ("K16", N_("罚款户数")), ("K15_open", N_("调查中")))
THIRD = (("K18", N_("没收所得")), ("K19", N_("没收器械")), ("K20", N_("没收药品")))


def content(ask: Ask) -> tuple[Component, object]:
    t, found = ask.t, ask.get(figures, keys=(*FIRST, *(key for key, _ in (*SECOND, *THIRD)), "K19_*", "K20_*"))
    names = {"K13": N_("取缔"), "K15": N_("行政处罚"), "K17": N_("罚款"), **dict(SECOND), **dict(THIRD)}

    def shown(key: str) -> Component:
        figure = found[key]
        return fact(t(names[key]), number(ask, figure.value, figure.unit, rows=key, card=key, size="stat"))

    other = [figure for key, figure in found.items() if key.startswith(("K19_", "K20_")) and figure.value]
    rest = [
        html.Span([html.Span(t(figure.name)), number(ask, figure.value, figure.unit, rows=figure.key)], className="key-part")
        for figure in other
    ]
    return (
        body(
            facts(*map(shown, FIRST)),
            facts(*(shown(key) for key, _ in SECOND)),
            facts(*(shown(key) for key, _ in THIRD)),
            html.Div(rest, className="key is-wrapped") if rest else None,
        ),
        number_text.period_text(ask.filters.start, ask.filters.end, ask.lang),
    )


PANEL = Panel(
    name="penalties",
    title=N_("取缔与处罚"),
    side="street",
    tab="enforcement",
    order=20,
    content=content,
    questions=("figures",),
)
