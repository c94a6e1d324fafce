"""在办案件: how far each open case has come and how many days are left; nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import number
from dashboard.marks import body, days_left, left_tone, listed, nothing_found, records, stages
from dashboard.panels import Panel
from dashboard.steps import STEPS, clock, reached
from dashboard.view_state import go
from data_access.cases import cases
from rules.cycles import CASE_LIMIT_DAYS
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 5


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(cases)
    state = frame["state"]
    mine = records(frame[(state == "open") | ((state == "transferred") & frame["feedback_due"].notna())])
    if not mine:
        return nothing_found(ask, t("在办案件")), t("{n} 件", n=0)
    timed = [(clock(row, ask.filters.as_of), row) for row in mine]
    timed.sort(key=lambda pair: (pair[0] is None, pair[0] or 0, pair[1]["number"] or ""))
    moved = sum(row["state"] == "transferred" for row in mine)
    aside = [number(ask, len(mine) - moved, "件", rows="cases", narrow={"state": "open"}), " · ", t("{n} 日办案期限", n=CASE_LIMIT_DAYS)]
    if moved:
        waiting = {"state": "transferred", "feedback_due": ".."}
        aside[1:] = [" · ", number(ask, moved, "件", rows="cases", narrow=waiting, prefix=t("待反馈"))]
    return body(*(_row(ask, row, left) for left, row in timed[:MOST]), kind="cases"), aside


def _row(ask: Ask, row: dict[str, object], left: int | None) -> Component:
    t = ask.t
    where = ask.name(row["grid_code"]) if row["grid_code"] and ask.filters.area else ask.short_name(row["street_code"])
    what = listed([where, ask.words("category", row["category"]) or ask.words("case_kind", row["kind"])])
    steps: Component = stages([t(step) for step in STEPS], reached(row["stage"]))
    if row["state"] == "transferred":
        steps = html.Span(listed([t("已移送公安"), t("等待反馈")]), className="case-moved")
    tone = left_tone(left)
    return html.Button(
        [
            html.Span(what, className="case-what"),
            html.Span(ask.short_name(row["agency_code"]), className="case-agency"),
            days_left(ask, left),
            steps,
        ],
        type="button",
        className="case-row" + (f" is-{tone}" if tone else ""),
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
