"""Says what a number counts: what, unit, filter, source, as of when, how fresh."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon, number
from dashboard.view_state import go
from data_access.figures import figures
from data_access.narrowing import OWN_AGENCIES
from rules.definitions import DEFINITIONS
from rules.indicators import Indicator, indicator
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

NOT_DESCRIBED = N_("这个数字还没有口径说明。")


def definition_card(ask: Ask, key: str, with_value: bool = True) -> Component:
    """The card of one indicator; says so when nobody has described it.

    Args:
        key: a figure's key (``rules.indicators.indicator``) or one of ``rules.definitions``.
        with_value: whether the value of the moment and the button to its rows stand above it.
    """
    described = DEFINITIONS.get(key) or _of_figure(key)
    if described is None:
        return html.P(ask.t(NOT_DESCRIBED), className="hint")
    head: list[Any] = [html.H3(ask.t(described.name))]
    if with_value and key not in DEFINITIONS:
        figure = ask.get(figures, keys=(key,))[key]
        head.append(number(ask, figure.value, figure.unit, n=figure.n, N=figure.N, rows=key, size="stat"))
    facts = (
        (ask.t("口径"), ask.t(described.counts)),
        (ask.t("单位"), ask.t("比率") if described.unit in {"", "%"} else ask.t(described.unit)),
        (ask.t("筛选"), ask.t(described.filter) if described.filter else ""),
        (ask.t("部门"), ask.t(described.agency_note) if described.agency_note else ""),
        (ask.t("依据"), ask.t(described.source) if described.source else ""),
        (ask.t("时段"), number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)),
        (ask.t("状态截至"), number_text.long_day_text(ask.filters.as_of, ask.lang)),
        (ask.t("数据时间"), _data_time(ask)),
        (ask.t("范围"), scope_words(ask)),
    )
    rows = [part for name, value in facts if value for part in (html.Dt(name), html.Dd(value))]
    return html.Section([html.Div(head, className="card-head"), html.Dl(rows, className="facts")],
                        className="card", **{"aria-label": ask.t(described.name)})


def _of_figure(key: str) -> Indicator | None:
    try:
        return indicator(key)
    except KeyError:
        return None


def scope_words(ask: Ask) -> str:
    """Whose rows are counted, in words: the area, the agency, and what the person may see."""
    parts = [ask.name(ask.filters.area) if ask.filters.area else ask.t("全区")]
    if ask.filters.agency and ask.filters.agency != OWN_AGENCIES:
        parts.append(ask.name(ask.filters.agency))
    elif ask.filters.system:
        parts.append(ask.words("agency_system", ask.filters.system))
    for table in ("category", "premises"):
        if getattr(ask.filters, table):
            parts.append(ask.words(table, getattr(ask.filters, table)))
    if not ask.scope.is_whole_district:
        seen = number_text.listed([ask.name(code) for code in (*ask.scope.areas, *ask.scope.agencies)], ask.lang)
        parts.append(ask.t("限于{names}的记录", names=seen))
    return " · ".join(parts)


def _data_time(ask: Ask) -> str:
    if ask.filters.known_at is not None:
        known: dt.datetime = ask.filters.known_at
        return ask.t("只计 {time} 已录入的记录", time=f"{known:%Y-%m-%d %H:%M}")
    return f"{ask.now:%Y-%m-%d %H:%M}"


def close_button(ask: Ask) -> Component:
    """The button that closes what is open over the map."""
    return html.Button(
        icon("x"), type="button", className="btn btn-square drawer-close", title=ask.t("关闭"),
        **{"aria-label": ask.t("关闭"), "data-close": "1"}, **go(rows=None, narrow=None, card=None),
    )
