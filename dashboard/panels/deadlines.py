"""到期事项: everything that somebody owes by a day, overdue first, then by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import number
from dashboard.marks import body, day, days_left, left_tone, list_row, nothing, opening, records
from dashboard.panels import Panel
from data_access.agencies import deadlines
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 4
SELECTED = {"case": "case"}
"""Kinds that can be selected on the map, and what the selection calls them."""


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(deadlines)
    if frame.empty:
        return nothing(t("没有待办的期限")), t("{n} 项", n=0)
    frame = frame.sort_values(["days_left", "due_on"], kind="stable")
    shown = frame.head(MOST)
    rows = [_row(ask, row) for row in records(shown)]
    late = int((frame["days_left"] < 0).sum())
    aside = [
        number(ask, len(frame), "项", rows="deadlines"), " · ",
        number(ask, late, "项", rows="deadlines", narrow={"days_left": "..-1"}, prefix=t("逾期"), tone="bad" if late else None),
    ]
    return body(*rows), aside


def _row(ask: Ask, row: dict[str, object]) -> Component:
    what = ask.words("deadline_kind", row["kind"])
    detail = html.Span(ask.short_name(row["agency_code"]) or ask.short_name(row["street_code"]), title=day(ask, row["due_on"]))
    selects = row["kind"] in SELECTED
    changes = {"select": f"{SELECTED[row['kind']]}:{row['id']}"} if selects else opening("deadlines", {"id": row["id"]})
    return list_row(what, detail, days_left(ask, row["days_left"]), tone=left_tone(row["days_left"]), changes=changes)


PANEL = Panel(
    name="deadlines",
    title=N_("到期事项"),
    side="agency",
    tab="cases",
    order=20,
    content=content,
    questions=("deadlines",),
)
