"""按期办结: by system of agencies, what fell due in the period and was answered in time (a chart)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import number_text
from dashboard.charts import bars, graph
from dashboard.figures_view import ratio
from dashboard.marks import body, nothing
from dashboard.panels import Panel
from data_access.agencies import agency_work
from rules.language import N_
from rules.vocabulary import AGENCY_SYSTEM

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask


def content(ask: Ask) -> tuple[Component, object]:
    t, theme = ask.t, ask.view.theme
    frame = ask.with_(system=None, agency=None).get(agency_work, by="system")
    frame = frame[frame["on_time_N"] > 0]
    period = number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)
    if frame.empty:
        return nothing(t("这个时段没有到期的案件、移送或线索"), t("可换一个时段")), period
    order = {word.code: place for place, word in enumerate(AGENCY_SYSTEM)}
    frame = frame.sort_values("code", key=lambda codes: -codes.map(order))
    names = [ask.words("agency_system", code) for code in frame["code"]]
    kept = frame["on_time_n"].astype(int).tolist()
    late = (frame["on_time_N"] - frame["on_time_n"]).astype(int).tolist()
    said = [
        t("{name}：按期 {n} 件，共到期 {all} 件", name=name, n=n, all=n + missed)
        for name, n, missed in zip(names, kept, late, strict=True)
    ]
    changes = [{"system": code, "agency": None} for code in frame["code"]]
    traces = [
        bars(theme, names, kept, "neutral-bar", said, name=t("按期"), changes=changes, lying=True),
        bars(theme, names, late, "cov-over", said, name=t("逾期"), changes=changes, lying=True),
    ]
    layout = {
        "barmode": "stack",
        "legend": {"traceorder": "normal"},
        "margin": {"l": 4, "r": 8, "t": 26, "b": 4},
        "xaxis": {"rangemode": "tozero", "tickformat": ",d", "nticks": 5, "showgrid": True},
        "yaxis": {"ticklabelstandoff": 8},
    }
    whole, base = sum(kept), sum(kept) + sum(late)
    label = t("按期办结 {n}/{all} 件", n=whole, all=base)
    chart = graph("agency_chart", traces, theme=theme, label=label, height_rem=3.0 + 1.7 * len(names), layout=layout)
    return body(chart), ratio(ask, whole, base, rows="matters_due", narrow={"system": "", "agency_code": "*"}, card="on_time")


PANEL = Panel(
    name="agency_chart",
    title=N_("按期办结"),
    side="agency",
    tab="transfers",
    order=30,
    content=content,
    questions=("agency_work",),
)
