"""优先补巡: the grids to visit next, the never visited first, then by days overdue; a press selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import number
from dashboard.marks import body, list_row, more, nothing, records
from dashboard.panels import Panel
from data_access.coverage import grid_states
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 6


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(grid_states)
    if frame.empty:
        return nothing(t("这个区域还没有网格"), t("导入网格边界后显示补巡次序")), ""
    late = frame[frame["state"].isin(["never", "over"])].sort_values(["state", "days"], ascending=[True, False])
    if late.empty:
        return nothing(t("没有逾期或从未巡查的网格")), t("{n} 个网格", n=0)
    never = late["state"] == "never"
    shown = (late[never].head(MOST // 2) if never.any() else late.head(0)).index
    shown = late.loc[[*shown, *[i for i in late.index[~never] if i not in shown][: MOST - len(shown)]]]
    rows = []
    for row in records(shown):
        first = row["state"] == "never"
        detail = t("从未巡查") if first else t("上次 {n} 天前", n=int(row["days"]))
        right = t("首次巡查") if first else t("逾期 {n} 天", n=int(row["days"]) - ask.filters.cycle_days)
        what = [html.Span(ask.name(row["code"]), className="num"), html.Small(ask.short_name(row["street_code"]), className="where")]
        rows.append(list_row(what, detail, right, tone="never" if first else "bad", changes={"select": f"grid:{row['code']}"}))
    aside = [t("从未"), " ", number(ask, int(never.sum()), rows="grids", narrow={"state": "never"}), " · ", t("逾期"), " "]
    aside.append(number(ask, int((~never).sum()), rows="grids", narrow={"state": "over"}))
    return body(*rows, more(ask, len(shown), len(late), "grids", {"state": "over,never"})), aside


PANEL = Panel(
    name="priority_grids",
    title=N_("优先补巡"),
    side="agency",
    tab="agencies",
    order=20,
    content=content,
    questions=("grid_states",),
)
