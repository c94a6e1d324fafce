"""巡查趋势: patrol visits day by day in the period, or month by month where it is long (a chart)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dashboard import number_text
from dashboard.charts import bars, graph
from dashboard.marks import (
    as_day,
    body,
    month_span,
    nothing_found,
    opening,
    records,
    words_that_open,
)
from dashboard.panels import Panel
from data_access.figures import daily_visits
from rules.language import N_

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask

LONGEST_IN_DAYS = 92
HEIGHT_REM = 7.8


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(daily_visits)
    period = number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)
    total = int(frame["visits"].sum()) if len(frame) else 0
    if not total:
        return nothing_found(ask, t("巡查记录")), period
    days = [as_day(value) for value in frame["day"]]
    traces = _by_day(ask, frame, days) if len(days) <= LONGEST_IN_DAYS else _by_month(ask, frame, days)
    found = int(frame["suspect"].sum() + frame["confirmed"].sum())
    label = t("{period} 巡排查 {n} 户次，其中发现疑似或确认 {found} 户次", period=period, n=total, found=found)
    chart = graph("trend", traces, theme=ask.view.theme, label=label, height_rem=HEIGHT_REM, layout=_layout(days))
    past = max((min(ask.filters.end, ask.filters.as_of) - ask.filters.start).days + 1, 1)
    words = t("日均 {n} 户次", n=number_text.count(round(total / past), ask.lang))
    return body(chart), words_that_open(words, "K1")


def _by_day(ask: Ask, frame: pd.DataFrame, days: list[dt.date]) -> list[dict[str, object]]:
    """One bar a day: weekends dimmer, the day asked about in the strongest ink."""
    t, theme, as_of = ask.t, ask.view.theme, ask.filters.as_of
    colours = ["t1" if day == as_of else "line-2" if day.weekday() >= 5 else "neutral-bar" for day in days]
    said = [
        t(
            "{day}：{n} 户次，疑似 {suspect}，确认 {confirmed}",
            day=number_text.period_text(day, day, ask.lang),
            n=number_text.count(row["visits"], ask.lang), suspect=int(row["suspect"]), confirmed=int(row["confirmed"]),
        )
        for day, row in zip(days, records(frame), strict=True)
    ]
    places = [day.isoformat() for day in days]
    changes = [opening("K1", {"day": place}) for place in places]
    return [bars(theme, places, frame["visits"].astype(int).tolist(), colours, said, changes=changes)]


def _by_month(ask: Ask, frame: pd.DataFrame, days: list[dt.date]) -> list[dict[str, object]]:
    months = frame.assign(month=[day.replace(day=1).isoformat() for day in days]).groupby("month")["visits"].sum()
    said = [ask.t("{month}：{n} 户次", month=month[:7], n=number_text.count(n, ask.lang)) for month, n in months.items()]
    changes = [opening("K1", {"day": month_span(dt.date.fromisoformat(month))}) for month in months.index]
    return [bars(ask.view.theme, list(months.index), months.astype(int).tolist(), "neutral-bar", said, changes=changes)]


def _layout(days: list[dt.date]) -> dict[str, object]:
    long = len(days) > LONGEST_IN_DAYS
    axis = {"type": "date", "tickformat": "%Y.%-m" if long else "%-m.%-d", "nticks": 7, "ticks": ""}
    return {"xaxis": axis, "yaxis": {"tickformat": ",d"}, "hovermode": "closest"}


PANEL = Panel(
    name="trend",
    title=N_("巡查趋势"),
    side="street",
    tab="trend",
    order=10,
    content=content,
    questions=("daily_visits",),
)
