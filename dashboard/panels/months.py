"""近 12 个月: leads received and cases filed month by month (a chart)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import number_text
from dashboard.charts import bars, graph
from dashboard.marks import as_day, body, nothing
from dashboard.panels import Panel
from data_access.figures import monthly
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

HEIGHT_REM = 10.0
SERIES = (("leads", N_("线索"), "neutral-bar"), ("cases", N_("立案"), "accent"), ("penalties", N_("处罚"), "warn"))


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(monthly, months=12)
    counted = [key for key, _, _ in SERIES]
    if frame.empty or not frame[counted].to_numpy().sum():
        return nothing(t("近 12 个月没有线索、案件或处罚")), ""
    months = [as_day(value) for value in frame["month"]]
    places = [month.isoformat() for month in months]
    traces = []
    for key, name, colour in SERIES:
        said = [
            t("{month} {name} {n} 件", month=f"{month.year}.{month.month}", name=t(name), n=int(value))
            for month, value in zip(months, frame[key], strict=True)
        ]
        traces.append(bars(ask.view.theme, places, frame[key].astype(int).tolist(), colour, said, name=t(name)))
    label = t("近 12 个月线索 {leads} 件，立案 {cases} 件，处罚 {penalties} 件", **{key: int(frame[key].sum()) for key in counted})
    layout = {
        "xaxis": {"type": "date", "tickformat": "%-m", "dtick": "M1", "ticks": ""},
        "yaxis": {"tickformat": ",d"},
        "margin": {"l": 4, "r": 4, "t": 26, "b": 4},
        "barmode": "group",
    }
    chart = graph("months", traces, theme=ask.view.theme, label=label, height_rem=HEIGHT_REM, layout=layout)
    ends = number_text.period_text(months[0], months[-1]).replace(".1 ", " ").removesuffix(".1")
    return body(chart), t("{months} 月 · 单位 件", months=ends)


PANEL = Panel(
    name="months",
    title=N_("线索与查处"),
    side="street",
    tab="trend",
    order=20,
    content=content,
    questions=("monthly",),
)
