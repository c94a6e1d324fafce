"""部门移送: what one agency handed to another, with the day by which an answer is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon, number, ratio
from dashboard.marks import (
    body,
    days_left,
    fact,
    facts,
    left_tone,
    list_row,
    nothing_found,
    opening,
    records,
)
from dashboard.panels import Panel
from data_access.agencies import deadlines, transfers
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 3
WAITING = {"kind": "transfer"}


def content(ask: Ask) -> tuple[Component, object]:
    """Transfers sent in the period, and those of any age that still wait for their answer."""
    t = ask.t
    frame, due = ask.get(transfers), ask.get(deadlines)
    waiting = due[due["kind"] == "transfer"]
    period = number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)
    if frame.empty and waiting.empty:
        return nothing_found(ask, t("部门移送")), period
    answered, late = int(frame["feedback_on"].notna().sum()), int((waiting["days_left"] < 0).sum())
    top = facts(
        fact(t("期内移送"), number(ask, len(frame), "件", rows="transfers", size="stat")),
        fact(t("反馈率"), ratio(ask, answered, len(frame), rows="transfers", card="transfer_feedback", size="stat")),
        fact(
            t("逾期未反馈"),
            number(ask, late, "件", rows="deadlines", narrow=WAITING | {"days_left": "..-1"}, size="stat", tone="bad" if late else None),
        ),
    )
    if waiting.empty:
        return body(top, html.P(t("全部移送都已反馈"), className="note")), period
    head = html.H4([t("待反馈"), " ", number(ask, len(waiting), "件", rows="deadlines", narrow=WAITING)], className="sub-title")
    return body(top, head, *(_row(ask, row) for row in records(waiting.head(MOST)))), period


def _row(ask: Ask, row: dict[str, object]) -> Component:
    what = [icon("arrow-right"), ask.short_name(row["agency_code"])]
    detail = f"{ask.t(row['title'])} · {ask.short_name(row['street_code']) or ask.t('全区')}"
    opens = opening("deadlines", WAITING | {"id": row["id"]})
    return list_row(what, detail, days_left(ask, row["days_left"]), tone=left_tone(row["days_left"]), changes=opens)


PANEL = Panel(
    name="transfers",
    title=N_("部门移送"),
    side="agency",
    tab="transfers",
    order=10,
    content=content,
    questions=("transfers", "deadlines"),
)
