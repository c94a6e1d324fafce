"""风险点存量 as an equation: 期初 + 新增 + 回潮 - 清除 = 期末; each number opens its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import definition_button, number
from dashboard.marks import body
from dashboard.panels import Panel
from data_access.sites import stock
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

TERMS = (
    ("opening", "", N_("期初")),
    ("added", "+", N_("新增")),
    ("relapsed", "+", N_("回潮")),
    ("cleared", "−", N_("清除")),
    ("closing", "=", N_("期末")),
)


def content(ask: Ask) -> tuple[Component, object]:
    t, found = ask.t, ask.get(stock)
    tones = {"relapsed": "bad" if found.relapsed else None, "closing": None}
    terms = []
    for part, sign, name in TERMS:
        if sign:
            terms.append(html.Span(sign, className="sign num", **{"aria-hidden": "true"}))
        value = number(ask, getattr(found, part), rows=f"stock_{part}", tone=tones.get(part), size="stat")
        terms.append(html.Div([html.Span(t(name), className="fact-label"), value], className="term"))
    change = found.closing - found.opening
    words = t("存量与期初持平") if not change else t("存量比期初少 {n} 个", n=-change) if change < 0 else t("存量比期初多 {n} 个", n=change)
    aside = html.Span([words, definition_button(ask, "K41")], className="tone-bad" if change > 0 else "")
    return body(html.Div(terms, className="equation")), aside


PANEL = Panel(
    name="site_stock",
    title=N_("风险点存量"),
    side="street",
    tab="sites",
    order=10,
    content=content,
    questions=("stock",),
)
