"""点位回访: the known sites that must be visited again, most overdue first; a press selects on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import body, list_row, listed, nothing, records
from dashboard.panels import Panel
from data_access.sites import sites
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 4


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(sites)
    late = frame[frame["state"].isin(["over", "never"])].sort_values(["state", "due_on"], ascending=[True, True])
    if frame.empty:
        return nothing(t("还没有历史点位"), t("导入点位后显示回访期限")), ""
    if late.empty:
        return nothing(t("全部点位都在周期内回访过")), t("逾期 {n} 户", n=0)
    as_of = ask.filters.as_of
    shown = late.head(MOST)
    rows = []
    for row in records(shown):
        due = row["due_on"]
        days = 0 if number_text.is_missing(due) else (as_of - due.date()).days
        right = t("从未回访") if row["state"] == "never" else t("逾期 {n} 天", n=days)
        what = listed([ask.short_name(row["street_code"]), ask.words("category", row["category"])])
        detail = html.Span(ask.words("risk", row["risk"]), className=f"risk-{row['risk']}")
        rows.append(
            list_row(what, detail, right, tone="never" if row["state"] == "never" else "bad", changes={"select": f"site:{row['id']}"})
        )
    base = [t("逾期"), " ", number(ask, len(late), "户", rows="sites", narrow={"state": "over,never"}, tone="bad")]
    return body(*rows), base


PANEL = Panel(
    name="site_visits",
    title=N_("点位回访"),
    side="street",
    tab="sites",
    order=30,
    content=content,
    questions=("sites",),
)
