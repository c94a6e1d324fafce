"""联席会议决定: what the joint meeting decided, who owns it and by when; open ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import number
from dashboard.marks import body, days_left, left_tone, list_row, nothing, opening, records
from dashboard.panels import Panel
from data_access.meetings import decisions
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 4


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(decisions)
    if frame.empty:
        return nothing(t("还没有联席会议决定"), t("导入会议和决定后显示办理情况")), t("{n} 项", n=0)
    frame = frame.assign(is_open=frame["state"] == "open")
    frame = frame.sort_values(["is_open", "due_on"], ascending=[False, True], na_position="last", kind="stable")
    open_now = int(frame["is_open"].sum())
    shown = frame.head(MOST)
    rows = [_row(ask, row) for row in records(shown)]
    return body(*rows), [t("办理中"), " ", number(ask, open_now, "项", rows="decisions", narrow={"state": "open"})]


def _row(ask: Ask, row: dict[str, object]) -> Component:
    right: object = ask.words("decision_state", row["state"])
    tone = ""
    if row["is_open"]:
        right, tone = days_left(ask, row["days_left"]), left_tone(row["days_left"])
    what = html.Span(row["text"], className="clipped", title=row["text"])
    return list_row(what, ask.short_name(row["agency_code"]), right, tone=tone, changes=opening("decisions", {"id": row["id"]}))


PANEL = Panel(
    name="decisions",
    title=N_("联席会议决定"),
    side="agency",
    tab="transfers",
    order=20,
    content=content,
    questions=("decisions",),
)
