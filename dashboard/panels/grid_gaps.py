"""网格间隔: how long ago each grid was visited, sorted, with the line of the cycle; a press selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import body, nothing, records, words_that_open
from dashboard.panels import Panel
from dashboard.place import place
from dashboard.view_state import go
from data_access.coverage import grid_states
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST_BARS = 130


def content(ask: Ask) -> tuple[Component, object] | None:
    """Bars, one a grid, of a street or a 村居; the district has 间隔分布 in its trend tab instead."""
    if place(ask).level in {"district", "grid"}:
        return None
    frame = ask.get(grid_states)
    t = ask.t
    if frame.empty:
        return nothing(t("这个区域还没有网格")), ""
    aside = words_that_open(t("{n} 个网格", n=len(frame)), "grids")
    frame = frame.sort_values("days", na_position="last", kind="stable").tail(MOST_BARS)
    cycle = ask.filters.cycle_days
    top = max(2 * cycle, 1)
    line = html.Span(t("周期 {n} 天", n=cycle), className="gap-cycle", style={"--at": f"{cycle / top * 100:.2f}%"})
    bars = html.Div([line, *(_bar(ask, row, top) for row in records(frame))], className="gap-bars")
    scale = html.Div([html.Span(t("距上次巡查 短")), html.Span(t("长"))], className="gap-scale")
    return body(bars, scale), aside


def _bar(ask: Ask, row: dict[str, object], top: int) -> Component:
    never = row["state"] == "never"
    height = 1.0 if never else min(float(row["days"]), top) / top
    said = ask.t("从未巡查") if never else ask.t("上次巡查 {n} 天前", n=int(row["days"]))
    label = ask.t("{name}：{words}", name=ask.name(row["code"]), words=said)
    return html.Button(
        type="button",
        className=f"gap-bar swatch-cov-{row['state']}",
        style={"height": f"{max(height, 0.02) * 100:.1f}%"},
        title=label,
        **{"aria-label": label},
        **go(select=f"grid:{row['code']}"),
    )



PANEL = Panel(
    name="grid_gaps",
    title=N_("网格间隔"),
    side="street",
    tab="coverage",
    order=15,
    content=content,
    questions=("grid_states",),
)
