"""Chooses the period and the day whose states are shown: presets, campaigns, any two days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.view_state import go
from data_access.campaigns import campaigns
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask


def presets(today: dt.date) -> tuple[tuple[str, dt.date, dt.date], ...]:
    """(title, first day, last day) of the usual periods, each up to today.

    上月 and 上季 are whole; a week begins on Monday, a quarter on 1 January, April, July, October.
    """
    month = today.replace(day=1)
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    before_month = month - dt.timedelta(days=1)
    before_quarter = quarter - dt.timedelta(days=1)
    first_of_before = before_quarter.replace(month=before_quarter.month - 2, day=1)
    return (
        (N_("今日"), today, today),
        (N_("本周"), today - dt.timedelta(days=today.weekday()), today),
        (N_("本月"), month, today),
        (N_("本季"), quarter, today),
        (N_("本年"), today.replace(month=1, day=1), today),
        (N_("上月"), before_month.replace(day=1), before_month),
        (N_("上季"), first_of_before, before_quarter),
    )


def period_picker(ask: Ask) -> Component:
    """The button with the period of the moment, and its menu."""
    chosen = (ask.filters.start, ask.filters.end)
    words = number_text.period_text(*chosen, lang=ask.lang)
    looks_back = ask.filters.as_of != ask.today
    summary = [icon("calendar-clock"), html.Span(words, className="num")]
    if looks_back:
        day = number_text.day_text(ask.filters.as_of, ask.lang)
        summary.append(html.Span(ask.t("截至 {day}", day=day), className="looks-back"))
    sections: list[Any] = [
        html.H3(ask.t("时段")),
        html.Div([_choice(ask, ask.t(title), first, last, chosen) for title, first, last in presets(ask.today)],
                 className="choices"),
    ]
    running = ask.get(campaigns)
    if len(running):
        sections += [
            html.H3(ask.t("专项行动")),
            html.Div([_campaign(ask, row, chosen) for row in running.itertuples()], className="choices is-wide"),
        ]
    sections += [
        html.H3(ask.t("自选")),
        html.Div([_day(ask.t("从"), "from", ask.filters.start), _day(ask.t("到"), "to", ask.filters.end)],
                 className="days"),
        html.H3(ask.t("截至哪一天的状态")),
        html.Div([
            _day(ask.t("截至"), "as_of", ask.filters.as_of, ask.today),
            html.Button(ask.t("回到今天"), type="button", className="choice", disabled=not looks_back,
                        **go(as_of=None)),
        ], className="days"),
        html.P(ask.t("覆盖、点位和案件的状态按这一天计算；时段内的工作量按上面的时段计算。"), className="hint"),
    ]
    return html.Details(
        [html.Summary(summary, className="btn", title=ask.t("选择时段")),
         html.Div(sections, className="menu period-menu")],
        className="pop period", **{"data-key": "p"},
    )


def _choice(ask: Ask, words: str, first: dt.date, last: dt.date, chosen: tuple[dt.date, dt.date]) -> Component:
    return html.Button(
        [words, html.Small(number_text.period_text(first, last, ask.lang), className="num")],
        type="button", className="choice", **{"aria-pressed": str((first, last) == chosen).lower()},
        **go(**{"from": first, "to": last}),
    )


def _campaign(ask: Ask, row: Any, chosen: tuple[dt.date, dt.date]) -> Component:
    first = dt.date(row.start_on.year, row.start_on.month, row.start_on.day)
    last = first if number_text.is_missing(row.end_on) else dt.date(row.end_on.year, row.end_on.month, row.end_on.day)
    return _choice(ask, row.name, first, max(first, last), chosen)


def _day(label: str, key: str, day: dt.date, last: dt.date | None = None) -> Component:
    """A day's place; assets/onemap/url.js puts the browser's own date field into it."""
    until = {"data-max": last.isoformat()} if last else {}
    return html.Label(
        [html.Span(label), html.Span(className="day-field", **{"data-day": key, "data-value": day.isoformat()}, **until)],
        className="day",
    )
