"""部门移送: what one agency handed to another, with the day by which an answer is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon, number, ratio
from dashboard.marks import body, day, days_left, fact, facts, left_tone, list_row, nothing_found, records
from dashboard.panels import Panel
from data_access.agencies import transfers
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 4


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(transfers)
    if frame.empty:
        return nothing_found(ask, t("部门移送")), t("{n} 件", n=0)
    waiting = frame[frame["feedback_on"].isna()].sort_values("due_on", na_position="last", kind="stable")
    late = int((waiting["days_left"] < 0).sum())
    top = facts(
        fact(t("移送"), number(ask, len(frame), "件", rows="transfers", size="stat")),
        fact(t("反馈率"), ratio(ask, len(frame) - len(waiting), len(frame), rows="transfers", card="transfer_feedback", size="stat")),
        fact(t("逾期未反馈"), number(ask, late, "件", rows="transfers", narrow={"days_left": "..-1"}, size="stat", tone="bad" if late else None)),
    )
    rows = [_row(ask, row) for row in records(waiting.head(MOST))]
    head = html.H4([t("待反馈"), " ", number(ask, len(waiting), "件", rows="transfers", narrow={"feedback_on": ""})], className="sub-title") if rows else html.P(t("全部移送都已反馈"), className="note")
    return (
        body(top, head, *rows),
        number_text.period_text(ask.filters.start, ask.filters.end),
    )


def _row(ask: Ask, row: dict[str, object]) -> Component:
    what = [ask.short_name(row["from_agency"]), icon("arrow-right"), ask.short_name(row["to_agency"])]
    detail = f"{ask.words('transfer_kind', row['kind'])} · {day(ask, row['day'])}"
    return list_row(what, detail, days_left(ask, row["days_left"]), tone=left_tone(row["days_left"]))


PANEL = Panel(
    name="transfers",
    title=N_("部门移送"),
    side="agency",
    tab="transfers",
    order=10,
    content=content,
    questions=("transfers",),
)
