"""部门移送: what one agency handed to another, with the day by which an answer is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon, number, ratio
from dashboard.marks import as_day, body, day, days_left, fact, facts, left_tone, list_row, more, nothing_found, records
from dashboard.panels import Panel
from data_access.agencies import transfers
from rules.language import N_

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 6


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(transfers)
    if frame.empty:
        return nothing_found(ask, t("部门移送")), t("{n} 件", n=0)
    waiting = frame[frame["feedback_on"].isna()].sort_values("due_on", na_position="last", kind="stable")
    late = int((days_to(ask, waiting) < 0).sum())
    top = facts(
        fact(t("移送"), number(ask, len(frame), "件", rows="transfers", size="stat")),
        fact(t("反馈率"), ratio(ask, len(frame) - len(waiting), len(frame), size="stat")),
        fact(t("逾期未反馈"), number(ask, late, "件", size="stat", tone="bad" if late else None)),
    )
    rows = [_row(ask, row) for row in records(waiting.head(MOST))]
    head = html.H4(t("待反馈"), className="sub-title") if rows else html.P(t("全部移送都已反馈"), className="note")
    return (
        body(top, head, *rows, more(ask, len(rows), len(frame), "transfers")),
        number_text.period_text(ask.filters.start, ask.filters.end),
    )


def days_to(ask: Ask, frame: pd.DataFrame) -> pd.Series:
    """Days from the day asked about to each row's due day; missing where none is set."""
    return frame["due_on"].map(lambda due: None if as_day(due) is None else (as_day(due) - ask.filters.as_of).days).astype("Float64")


def _row(ask: Ask, row: dict[str, object]) -> Component:
    due = as_day(row["due_on"])
    left = None if due is None else (due - ask.filters.as_of).days
    what = [ask.short_name(row["from_agency"]), icon("arrow-right"), ask.short_name(row["to_agency"])]
    detail = f"{ask.words('transfer_kind', row['kind'])} · {day(ask, row['day'])}"
    return list_row(what, detail, days_left(ask, left), tone=left_tone(left))


PANEL = Panel(
    name="transfers",
    title=N_("部门移送"),
    side="agency",
    tab="transfers",
    order=10,
    content=content,
    questions=("transfers",),
)
