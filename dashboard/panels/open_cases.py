"""在办案件: how far each open case has come and how many days are left; nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import body, days_left, left_tone, listed, more, nothing_found, stages
from dashboard.figures_view import number
from dashboard.panels import Panel
from dashboard.view_state import go
from data_access.cases import open_cases
from rules.cycles import CASE_LIMIT_DAYS
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 6
STAGES = (N_("立案"), N_("调查"), N_("告知"), N_("决定"), N_("执行"))
REACHED = {
    "filed": 0, "investigating": 1, "suspended": 1, "resumed": 1, "extended": 1,
    "notified": 2, "decided": 3, "executed": 4, "closed": 4,
}  # fmt: skip


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(open_cases)
    if frame.empty:
        return nothing_found(ask, t("在办案件")), t("{n} 件", n=0)
    shown = frame.head(MOST)
    rows = [_row(ask, row) for row in shown.to_dict("records")]
    aside = [number(ask, len(frame), "件"), " · ", t("{n} 日办案期限", n=CASE_LIMIT_DAYS)]
    return body(*rows, more(ask, len(shown), len(frame), "cases", {"state": "open"}), kind="cases"), aside


def _row(ask: Ask, row: dict[str, object]) -> Component:
    t = ask.t
    where = ask.name(row["grid_code"]) if row["grid_code"] and ask.filters.area else ask.short_name(row["street_code"])
    what = listed([where, ask.words("category", row["category"]) or ask.words("case_kind", row["kind"])])
    moved = row["state"] == "transferred"
    steps: object = html.Span(
        listed([t("已移送公安"), t("等待反馈")]), className="case-moved"
    ) if moved else stages([t(name) for name in STAGES], REACHED.get(row["stage"], 0))
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
    questions=("open_cases",),
)
