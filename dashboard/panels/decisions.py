"""联席会议决定: what the joint meeting decided, who owns it and by when; open ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import as_day, body, days_left, left_tone, list_row, more, nothing, records
from dashboard.panels import Panel
from data_access.meetings import decisions
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 6
OPEN_STATES = ("open",)


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(decisions)
    if frame.empty:
        return nothing(t("还没有联席会议决定"), t("导入会议和决定后显示办理情况")), t("{n} 项", n=0)
    frame = frame.assign(is_open=frame["state"].isin(OPEN_STATES))
    frame = frame.sort_values(["is_open", "due_on"], ascending=[False, True], na_position="last", kind="stable")
    open_now = int(frame["is_open"].sum())
    shown = frame.head(MOST)
    rows = [_row(ask, row) for row in records(shown)]
    return body(*rows, more(ask, len(shown), len(frame), "decisions")), t("办理中 {n} 项 · 共 {all} 项", n=open_now, all=len(frame))


def _row(ask: Ask, row: dict[str, object]) -> Component:
    due = as_day(row["due_on"])
    if row["is_open"]:
        left = None if due is None else (due - ask.filters.as_of).days
        right: object = days_left(ask, left)
        tone = left_tone(left)
    else:
        right, tone = ask.words("decision_state", row["state"]), ""
    what = html.Span(row["text"], className="clipped", title=row["text"])
    return list_row(what, ask.short_name(row["agency_code"]), right, tone=tone)


PANEL = Panel(
    name="decisions",
    title=N_("联席会议决定"),
    side="agency",
    tab="transfers",
    order=20,
    content=content,
    questions=("decisions",),
)
