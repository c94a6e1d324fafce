"""近 12 个月: leads received and cases filed month by month (a chart)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dashboard import number_text
from dashboard.charts import bars, graph
from dashboard.marks import as_day, body, month_end, month_span, nothing, opening
from dashboard.panels import Panel
from data_access.figures import monthly
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

HEIGHT_REM = 8.2
SERIES = (
    ("leads", N_("线索"), "neutral-bar", "leads"), ("cases", N_("立案"), "accent", "cases"), ("penalties", N_("处罚"), "warn", "K15"),
)  # fmt: skip
"""Column, name, colour, and the row set behind a bar."""


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(monthly, months=12)
    counted = [key for key, *_ in SERIES]
    if frame.empty or not frame[counted].to_numpy().sum():
        return nothing(t("近 12 个月没有线索、案件或处罚")), ""
    months = [as_day(value) for value in frame["month"]]
    places = [month.isoformat() for month in months]
    traces = []
    for key, name, colour, rows in SERIES:
        said = [
            t("{month} {name} {n} 件", month=number_text.month_text(month, ask.lang), name=t(name), n=int(value))
            for month, value in zip(months, frame[key], strict=True)
        ]
        changes = [opening(rows, _narrow(rows, month)) for month in months]
        traces.append(bars(ask.view.theme, places, frame[key].astype(int).tolist(), colour, said, name=t(name), changes=changes))
    label = t("近 12 个月线索 {leads} 件，立案 {cases} 件，处罚 {penalties} 件", **{key: int(frame[key].sum()) for key in counted})
    layout = {
        "xaxis": {"type": "date", "tickformat": "%-m", "dtick": "M1", "ticks": ""},
        "yaxis": {"tickformat": ",d"},
        "margin": {"l": 4, "r": 4, "t": 26, "b": 4},
        "barmode": "group",
    }
    chart = graph("months", traces, theme=ask.view.theme, label=label, height_rem=HEIGHT_REM, layout=layout)
    ends = number_text.months_text(months[0], months[-1], ask.lang)
    return body(chart), t("{months} 月 · 单位 件", months=ends)


def _narrow(rows: str, month: dt.date) -> dict[str, object]:
    """The rows of one month, whatever period the screen shows."""
    if rows == "cases":
        return {"kind": "unlicensed", "filed_on": month_span(month)}
    return {"start": month, "end": month_end(month)}


PANEL = Panel(
    name="months",
    title=N_("线索与查处"),
    side="street",
    tab="trend",
    order=20,
    content=content,
    questions=("monthly",),
)
