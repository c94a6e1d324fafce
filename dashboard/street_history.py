"""What happened at a place of a street's screen: visits by month, and events as a timeline."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.marks import as_day, listed, month_end, records
from dashboard.panels.selection import EVERYWHERE, visit_rows
from dashboard.view_state import go
from data_access.grid_history import history, said

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask

MONTHS = 12
MOST_EVENTS = 40
RINGS = {"lead": "bad", "case": "ink", "activity": "ink", "suspect": "warn", "confirmed": "bad", "relapsed": "bad"}
"""Ring of an event of the timeline by what it found or else by its kind; a visit without finding is grey."""


def grid_timeline(ask: Ask, code: str) -> tuple[Component, ...]:
    """Visits of a grid by month, and what happened in it, newest first."""
    months, events = ask.get(history, code, months=MONTHS)
    return (_months(ask, code, months), _timeline(ask, events))


def _months(ask: Ask, code: str, months: pd.DataFrame) -> Component:
    """户次 of each of the last twelve months; a month without a visit stands out."""
    rows = records(months)
    missed = sum(1 for row in rows if not row["visits"])
    cells = []
    for row in rows:
        first = as_day(row["month"])
        narrow = {"start": first, "end": month_end(first), "area": code}
        label = ask.t("{year}年{month}月 {n} 户次", year=first.year, month=first.month, n=int(row["visits"]))
        cells.append(html.Button(
            [html.B(number_text.count(row["visits"], ask.lang)), html.Small(str(first.month))], type="button",
            className="month num" + ("" if row["visits"] else " is-zero"), title=label,
            **go(rows="K1", narrow=narrow, card=None, **EVERYWHERE),
        ))
    head = html.Div([html.H3(ask.t("近 12 个月巡查户次（按月）")), html.Span(ask.t("缺 {n} 个月", n=missed) if missed else "")], className="part-head")
    return html.Section([head, html.Div(cells, className="months")], className="detail-part")


def _timeline(ask: Ask, events: pd.DataFrame) -> Component:
    rows = records(events.head(MOST_EVENTS))
    if not rows:
        return html.P(ask.t("这里还没有记录"), className="detail-part quiet")
    return html.Ol([_event(ask, row) for row in rows], className="timeline", **{"aria-label": ask.t("经过")})


def _event(ask: Ask, row: dict[str, Any]) -> Component:
    when, title = as_day(row["day"]), row["title"]
    year = "" if when.year == ask.filters.as_of.year else html.Small(str(when.year), className="num")
    return html.Li([
        html.Time([f"{when.month}.{when.day:02d}", year], dateTime=when.isoformat(), className="num"),
        html.I(className=f"ring tone-{_ring(row)}", **{"aria-hidden": "true"}),
        html.Span([html.B(ask.t(title)), html.Small(said(row["detail"], ask.t))]),
    ])


def _ring(row: dict[str, Any]) -> str:
    return RINGS.get(row["code"] or "") or RINGS.get(row["kind"], "quiet")


def visit_timeline(ask: Ask, target: str) -> tuple[Component, ...]:
    """The visits of the last year to a target, newest first, as a timeline."""
    as_of = ask.filters.as_of
    frame = ask.with_(start=as_of - dt.timedelta(days=365), end=as_of).get(visit_rows, target_id=target)
    if frame.empty:
        said = ask.t("本部门近一年没有巡查记录") if ask.scope.agencies else ask.t("近一年没有巡查记录")
        return (html.P(said, className="detail-part quiet"),)
    rows = records(frame.sort_values("day", ascending=False, kind="stable").head(MOST_EVENTS))
    items = []
    for row in rows:
        when = as_day(row["day"])
        items.append(html.Li([
            html.Time(f"{when.month}.{when.day:02d}", dateTime=when.isoformat(), className="num"),
            html.I(className=f"ring tone-{RINGS.get(row['finding'], 'quiet')}", **{"aria-hidden": "true"}),
            html.Span([html.B(ask.words("visit_mode", row["mode"])), html.Small(listed((ask.words("finding", row["finding"]), ask.short_name(row["agency_code"]))))]),
        ]))
    return (html.Ol(items, className="timeline", **{"aria-label": ask.t("经过")}),)
