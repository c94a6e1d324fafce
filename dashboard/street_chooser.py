"""Where somebody sees the whole district: which street to open, with how each stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.figures_view import ratio
from dashboard.marks import coverage_tone, records
from data_access.coverage import coverage
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask


def chooser(ask: Ask) -> Component:
    """Every street of the scope with its 网格按期巡查率 (n/N), most grids late first."""
    t = ask.t
    frame = ask.get(coverage, by="street")
    rows = records(frame.sort_values(["over", "never", "code"], ascending=[False, False, True], kind="stable"))
    return html.Main(
        [html.H1(t("选择街镇")), html.P([t("打开一个街镇的今日清单。"), html.Span(t("演示数据 非公文"), className="sum-demo") if ask.context.demo else None], className="quiet"),
         html.Div([html.Span(t(name)) for name in (N_("街镇"), N_("网格"), N_("网格按期巡查率"))], className="choose-heads", **{"aria-hidden": "true"}),
         html.Ul([_street(ask, row) for row in rows], className="choose-list")],
        className="choose",
    )


def _street(ask: Ask, row: dict[str, Any]) -> Component:
    t = ask.t
    late = [t("逾期 {n}", n=row["over"]), t("从未巡查 {n}", n=row["never"]), t("临期 {n}", n=row["due"])]
    return html.Li(html.A(
        [
            html.B(ask.name(row["code"])),
            html.Small(" · ".join(late), className="num"),
            ratio(ask, row["n"], row["grids"], tone=coverage_tone(ask, row["coverage"])),
        ],
        href=f"/street?area={row['code']}", className="choose-row", **{"data-reload": json.dumps({"area": row["code"]})},
    ))
