"""巡查率走势: 网格按期巡查率 at the end of each of the last 12 months with the target (a chart)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import number_text
from dashboard.charts import graph, line, tokens
from dashboard.marks import as_day, body, month_end, nothing, opening
from dashboard.panels import Panel
from data_access.figures import monthly
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

HEIGHT_REM = 6.8


def content(ask: Ask) -> tuple[Component, object]:
    t, theme, target = ask.t, ask.view.theme, ask.context.target
    frame = ask.get(monthly, months=12)
    known = frame[frame["coverage"].notna()] if len(frame) else frame
    goal = t("目标 {target}%", target=number_text.percent(target).removesuffix(".0"))
    if known.empty:
        return nothing(t("还没有网格巡查率")), goal
    months = [as_day(value) for value in frame["month"]]
    shares = [None if number_text.is_missing(value) else round(float(value) * 100, 1) for value in frame["coverage"]]
    said = [
        t("{month} 网格按期巡查率 {share}%", month=f"{month.year}.{month.month}", share=number_text.NONE if share is None else f"{share:.1f}")
        for month, share in zip(months, shares, strict=True)
    ]
    changes = [opening("grids", {"as_of": min(month_end(month), ask.filters.as_of)}) for month in months]
    traces = [line(theme, [month.isoformat() for month in months], shares, "good", said, changes=changes)]
    low = min(70.0, min(share for share in shares if share is not None) // 10 * 10)
    layout = {
        "xaxis": {"type": "date", "tickformat": "%-m", "dtick": "M1", "ticks": ""},
        "yaxis": {"range": [low, 101], "ticksuffix": "%", "nticks": 4},
        "shapes": [
            {
                "type": "line", "name": "t3", "xref": "paper", "x0": 0, "x1": 1, "y0": target * 100, "y1": target * 100,
                "line": {"color": tokens(theme)["t3"], "width": 1, "dash": "dash"},
            }
        ],
    }
    label = t("近 12 个月网格按期巡查率，最近 {share}%", share=number_text.percent(known["coverage"].iloc[-1]))
    return body(graph("coverage_trend", traces, theme=theme, label=label, height_rem=HEIGHT_REM, layout=layout)), goal


PANEL = Panel(
    name="coverage_trend",
    title=N_("巡查率走势"),
    side="street",
    tab="trend",
    order=30,
    content=content,
    questions=("monthly",),
)
