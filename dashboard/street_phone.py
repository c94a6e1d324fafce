"""What a phone shows besides map and list: its bottom tabs, 消息 (late and new things), 我的."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from babel import Locale
from dash import html

from dashboard.figures_view import icon
from dashboard.marks import as_day, day, days_left, left_tone, listed, records
from dashboard.street_header import who
from dashboard.street_state import TABS, at_home, home
from dashboard.street_worklist import FILES
from dashboard.view_state import go
from data_access.agencies import deadlines
from data_access.leads import leads
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

NEW_DAYS = 7
MOST = 30
PANES = (
    ("today", "list-checks", N_("今日")),
    ("map", "map", N_("地图")),
    ("record", "plus", N_("登记")),
    ("notes", "bell", N_("消息")),
    ("me", "user-round", N_("我的")),
)
"""Tabs below a phone's screen: name, icon, words; 登记 leads to another page."""


def bottom_tabs(ask: Ask) -> Component:
    """The five tabs; which is open is in the URL (``pane``) and set by the browser."""
    return html.Nav([_tab(ask, *pane) for pane in PANES], className="bottom-tabs", **{"aria-label": ask.t("页内导航")})


def _tab(ask: Ask, name: str, picture: str, words: str) -> Component:
    content = [icon(picture), html.Span(ask.t(words))]
    if name == "me":
        content.append(html.B(className="badge num", hidden=True, **{"data-waiting": "{n}"}))
    if name == "record":
        area = f"?area={home(ask)}" if home(ask) else ""
        return html.A(content, href=f"/record{area}", className="bottom-tab is-add")
    return html.Button(content, type="button", className="bottom-tab", **{"data-pane": name},
                       **go(pane=None if name == "today" else name, select=None, rows=None, narrow=None, card=None, tab=None))


def notes(ask: Ask) -> Component:
    """Matters past their day or due within a week, then leads received in the last week."""
    asked, t = at_home(ask), ask.t
    owed = asked.get(deadlines)
    owed = owed[owed["days_left"] <= NEW_DAYS].sort_values(["days_left", "due_on"], kind="stable").head(MOST)
    since = ask.filters.as_of - dt.timedelta(days=NEW_DAYS - 1)
    new = asked.with_(start=since, end=ask.filters.as_of).get(leads).head(MOST)
    parts: list[Any] = [html.H2(t("消息"))]
    if not len(owed) and not len(new):
        parts.append(html.Div([html.Span(icon("bell"), className="state-badge"), html.B(t("没有新消息")),
                               html.P(t("没有临期、逾期的事项，近 {n} 天没有新线索。", n=NEW_DAYS))], className="state is-done"))
    if len(owed):
        parts += [html.H3(t("逾期和临期")), html.Ul([_owed(ask, row) for row in records(owed)], className="note-list")]
    if len(new):
        parts += [html.H3(t("近 {n} 天新线索", n=NEW_DAYS)), html.Ul([_new(ask, row) for row in records(new)], className="note-list")]
    return html.Section(parts, className="pane pane-notes", **{"aria-label": t("消息")})


def mine(ask: Ask) -> Component:
    """Who looks at what, the registers, language, and the records that wait on this device."""
    t = ask.t
    other = "en" if ask.lang != "en" else "zh"
    registers = [
        html.Li(html.Button([t(title), icon("chevron-right")], type="button", className="me-row",
                            **go(tab=name, pane=None, rows=None, card=None, select=None)))
        for name, title, _ in TABS[1:]
    ]
    return html.Section(
        [
            html.H2(t("我的")),
            html.Dl([part for name, value in (
                (t("当前身份"), who(ask)),
                (t("本页范围"), ask.name(home(ask)) or ask.name(ask.scope.district)),
                (t("状态截至"), day(ask, ask.filters.as_of)),
            ) for part in (html.Dt(name), html.Dd(value))], className="me-facts"),
            html.Ul([
                *registers,
                *(html.Li(html.Button([t(words), icon("download")], type="button", className="me-row", **{"data-download": f"/worklist/{file}"}))
                  for file, _, words in FILES),
                html.Li(html.A([t("登记巡查与待传记录"), html.Span(className="waiting num", hidden=True, **{"data-waiting": t("待传 {n} 条", n="{n}")}), icon("chevron-right")], href=f"/record?lang={ask.lang}", className="me-row")),
                html.Li(html.A(["English" if other == "en" else Locale("zh").display_name, icon("languages")], href="?", className="me-row", lang=other,
                               **{"data-reload": f'{{"lang": "{other}"}}'})),
                html.Li(html.A([t("打开总览"), icon("chevron-right")], href="/", className="me-row")),
            ], className="me-list"),
        ],
        className="pane pane-me", **{"aria-label": t("我的")},
    )


def _owed(ask: Ask, row: dict[str, Any]) -> Component:
    what = [html.B(ask.words("deadline_kind", row["kind"])),
            html.Small(listed((row["title"] or row["number"] or "", ask.short_name(row["agency_code"]))))]
    when = [html.B(days_left(ask, row["days_left"]), className=f"tone-{left_tone(row['days_left'])}"), html.Small(day(ask, row["due_on"]), className="num")]
    cells = [html.Span(what, className="item-what"), html.Span(when, className="item-when")]
    if row["kind"] == "case":
        return html.Li(html.Button(cells, type="button", className="note", **go(select=f"case:{row['id']}", pane=None)))
    return html.Li(html.Button(cells, type="button", className="note", **go(rows="deadlines", narrow={"id": row["id"]}, card=None)))


def _new(ask: Ask, row: dict[str, Any]) -> Component:
    when = as_day(row["day"])
    what = [html.B(ask.words("lead_source", row["source"])),
            html.Small(listed((ask.name(row["grid_code"]), ask.words("category", row["category"]), ask.words("lead_result", row["result"]))))]
    cells = [html.Span(what, className="item-what"), html.Span([html.B(f"{when.month}.{when.day}", className="num"), html.Small(row["number"] or "")], className="item-when")]
    return html.Li(html.Button(cells, type="button", className="note", **go(select=f"lead:{row['id']}", pane=None)))
