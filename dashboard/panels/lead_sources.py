"""线索来源: leads by where they came from, with 通报街镇率, 查实率 and 反馈率, each with its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import number, ratio
from dashboard.marks import body, cell, fact, facts, nothing_found, rate_cell, records
from dashboard.panels import Panel
from data_access.leads import leads, rates_by
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 5
RATES = (("notified", N_("通报街镇率"), {}), ("confirmed", N_("查实率"), {"checked": "true"}), ("feedback", N_("反馈率"), {}))
"""Rate, its name, and what narrows the leads to its denominator."""


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = rates_by(ask.get(leads), "source")
    if frame.empty:
        return nothing_found(ask, t("线索")), t("{n} 件", n=0)
    total = int(frame["leads"].sum())
    rates = facts(
        *(fact(t(name), ratio(ask, frame[f"{key}_n"].sum(), frame[f"{key}_N"].sum(), rows="leads", narrow=base, card=f"lead_{key}", size="stat")) for key, name, base in RATES)
    )
    head = html.Tr([html.Th(t("来源"), scope="col"), html.Th(t("件"), scope="col"), *(html.Th(t(name), scope="col") for _, name, _ in RATES)])
    rows = [_row(ask, row, int(frame["leads"].max())) for row in records(frame)]
    table = html.Table([html.Thead(head), html.Tbody(rows[:MOST])], className="table is-leads")
    rest = None
    if rows[MOST:]:
        further = html.Table(html.Tbody(rows[MOST:]), className="table is-leads is-further")
        rest = html.Details([html.Summary(t("其余 {n} 类", n=len(rows) - MOST)), further], className="further")
    return body(rates, table, rest), [number(ask, total, "件", rows="leads")]


def _row(ask: Ask, row: dict[str, object], longest: int) -> Component:
    code = row["code"]
    name = html.Th(
        [html.Span(ask.words("lead_source", code) or ask.t("来源不明")), html.Span(className="bar", style={"--share": f"{row['leads'] / longest * 100:.1f}%"})],
        scope="row",
        className="with-bar",
    )
    rates = [rate_cell(row[f"{key}_n"], row[f"{key}_N"], "leads", {"source": code} | base) for key, _, base in RATES]
    return html.Tr([name, cell(ask, row["leads"], "leads", {"source": code}), *rates])


PANEL = Panel(
    name="lead_sources",
    title=N_("线索来源"),
    side="street",
    tab="leads",
    order=10,
    content=content,
    questions=("leads",),
)
