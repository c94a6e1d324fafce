"""The seven large figures of the district, each with its rows and its definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import words_that_open
from data_access.figures import daily_visits, figures
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask


@dataclass(frozen=True, slots=True)
class Large:
    """One large figure: its key, its label (DOMAIN 2) and the smaller figure beside the label."""

    key: str
    label: str
    beside: str = ""
    beside_label: str = ""


LARGE = (
    Large("K1", N_("巡排查")),
    Large("K12", N_("检查无证行医点")),
    Large("K13", N_("取缔")),
    Large("K17", N_("罚款"), "K15", N_("处罚 {n} {unit}")),
    Large("K6", N_("出动执法人员")),
    Large("K8", N_("联合执法"), "K9", N_("办案 {n} {unit}")),
    Large("K3", N_("宣传资料"), "K2", N_("宣传 {n} {unit}")),
)


KEYS = tuple(key for large in LARGE for key in (large.key, large.beside) if key)


def kpi_strip(ask: Ask) -> Component:
    """The strip at district level; an empty, hidden one below it, where the map takes its place."""
    if ask.filters.area is not None:
        return html.Div(className="kpis is-away")
    found = ask.get(figures, keys=KEYS)
    return html.Div(
        [_large(ask, large, found) for large in LARGE], className="kpis", role="group",
        **{"aria-label": ask.t("七项主要数字")},
    )


def _large(ask: Ask, large: Large, found: dict[str, Any]) -> Component:
    figure = found[large.key]
    beside: Component | None = None
    if large.key == "K1":
        as_of = ask.filters.as_of
        today = visits_on(ask.get(daily_visits), pd.Timestamp(as_of))
        if today is not None:
            beside = words_that_open(ask.t("当日 +{n}", n=number_text.count(today, ask.lang)), "K1", {"day": as_of})
    elif large.beside:
        second = found[large.beside]
        words = ask.t(large.beside_label, n=number_text.count(second.value, ask.lang), unit=ask.t(second.unit))
        beside = words_that_open(words, large.beside)
    label = [html.Span(ask.t(large.label), className="kpi-label")]
    if beside is not None:
        label.append(html.Em(beside))
    return html.Div(
        [html.Div(label, className="kpi-head"),
         number(ask, figure.value, figure.unit, rows=large.key, card=large.key, size="kpi")],
        className="kpi",
    )


def visits_on(daily: pd.DataFrame, day: pd.Timestamp) -> int | None:
    """户次 of one day of the daily frame; None when the day is outside the period."""
    of_day = daily.loc[pd.to_datetime(daily["day"]) == day, "visits"]
    return int(of_day.iloc[0]) if len(of_day) else None
