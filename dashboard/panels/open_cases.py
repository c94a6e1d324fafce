"""在办案件: how far each open case has come and how many days are left; nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import number
from dashboard.marks import body, days_left, left_tone, listed, nothing_found, records, stages
from dashboard.panels import Panel
from dashboard.steps import STEPS, reached
from dashboard.view_state import go
from data_access.cases import cases, open_ones
from rules.cycles import CASE_LIMIT_DAYS
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 5


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = open_ones(ask.get(cases))
    if frame.empty:
        return nothing_found(ask, t("在办案件")), t("{n} 件", n=0)
    shown = frame.head(MOST)
    rows = [_row(ask, row) for row in records(shown)]
    aside = [number(ask, len(frame), "件", rows="cases", narrow={"state": "open"}), " · ", t("{n} 日办案期限", n=CASE_LIMIT_DAYS)]
    return body(*rows, kind="cases"), aside


def _row(ask: Ask, row: dict[str, object]) -> Component:
    t = ask.t
    where = ask.name(row["grid_code"]) if row["grid_code"] and ask.filters.area else ask.short_name(row["street_code"])
    what = listed([where, ask.words("category", row["category"]) or ask.words("case_kind", row["kind"])])
    moved = row["state"] == "transferred"
    steps: object = html.Span(
        listed([t("已移送公安"), t("等待反馈")]), className="case-moved"
    ) if moved else stages([t(step) for step in STEPS], reached(row["stage"]))
    return html.Button(
        [
            html.Span(what, className="case-what"),
            html.Span(ask.short_name(row["agency_code"]), className="case-agency"),
            days_left(ask, row["days_left"]),
            steps,
        ],
        type="button",
        className="case-row" + (f" is-{left_tone(row['days_left'])}" if left_tone(row["days_left"]) else ""),
        **go(select=f"case:{row['id']}"),
    )


PANEL = Panel(
    name="open_cases",
    title=N_("在办案件"),
    side="agency",
    tab="cases",
    order=10,
    content=content,
    questions=("cases",),
)
