"""The two lines above a street's screen: its tabs and tools; its name, its task, its grids by state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from babel import Locale
from dash import html

from dashboard import number_text
from dashboard.figures_view import icon, number, ratio, swatch
from dashboard.marks import GRID_STATES, listed
from dashboard.partial import drawn
from dashboard.street_state import TABS, at_home, home, office, several, street_of
from dashboard.street_task_meter import task_meter
from dashboard.view_state import go, write
from data_access.coverage import grid_states
from data_access.narrowing import OWN_AGENCIES
from data_access.sources import sources
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

TASK, STATES = N_("季度任务"), N_("网格巡查状态")
TONES = {"ok": None, "due": "warn", "over": "bad", "never": "never"}
REGISTERS = (
    ("grids", "table", N_("网格清单（xlsx）")),
    ("sites", "map-pin", N_("点位清单（xlsx）")),
    ("construction_sites", "hard-hat", N_("工地清单（xlsx）")),
    ("cases", "scale", N_("案件清单（xlsx）")),
    ("leads", "phone-call", N_("线索清单（xlsx）")),
    ("visits", "footprints", N_("巡查记录（xlsx）")),
)
"""The street's registers as files: row set, icon, words."""
TO_TAKE_ALONG = (
    ("/worklist/list.xlsx", "clipboard-check", N_("今日清单（xlsx，可打印填写）")),
    ("/worklist/map.html", "map", N_("今日清单离线地图（手机用）")),
)
"""The worklist as files: where from, icon, words."""


def top_bar(ask: Ask, *, tabbed: bool = True) -> Component:
    """Product name, tabs (where a street is open), import, export, who looks, language."""
    t = ask.t
    tabs = [
        html.Button(t(title), type="button", className="top-tab", **{"data-tab": name},
                    **go(tab=None if name == TABS[0][0] else name, rows=None, narrow=None, card=None, select=None))
        for name, title, _ in TABS
    ]
    other = "en" if ask.lang != "en" else "zh"
    query = write(ask.filters, ask.view.with_(select=None, rows=None, card=None, narrow=()))
    return html.Header(
        [
            html.A(t("打击无证行医"), href=f"/{query}", className="top-name", title=t("打开总览")),
            html.Nav(tabs, className="top-tabs", **{"aria-label": t("街镇工作")}) if tabbed else None,
            html.Div(
                [
                    html.A([icon("upload"), t("导入")], href=f"/import?lang={ask.lang}", className="btn"),
                    _export(ask),
                    html.A([icon("settings"), t("规则")], href="/rules?lang=en" if ask.lang == "en" else "/rules", className="btn top-rules"),
                    html.Span(who(ask), className="top-who"),
                    html.A([icon("languages"), "EN" if other == "en" else Locale("zh").display_name], href="?",
                           className="top-language", lang=other, hrefLang=other, title=t("切换语言"),
                           **{"data-reload": f'{{"lang": "{other}"}}'}),
                ],
                className="top-tools",
            ),
        ],
        className="top",
    )


def second_bar(ask: Ask) -> Component:
    """Street, date and freshness; the quarter's task; grids by state and 网格按期巡查率 with n/N."""
    return html.Section(
        [
            html.Div([_title(ask), html.Span(_day_and_time(ask), className="sum-day"),
                      html.Span(ask.t("演示数据"), className="sum-demo") if ask.context.demo else None,
                      html.Button(icon("search"), type="button", className="find-open sum-find", **{"aria-label": ask.t("在清单里查找"), "aria-expanded": "false", "data-find-open": ""})],
                     className="sum-name"),
            drawn(ask, TASK, task_meter),
            drawn(ask, STATES, _states),
        ],
        className="sum" if office(ask) is None else "sum is-office", **{"aria-label": ask.t("本街镇概况")},
    )


def _title(ask: Ask) -> Component:
    """Whose work is listed; for a person of several streets or agencies also the way between one and all of them."""
    own, mine = html.H1(_whose(ask)), several(ask)
    if not mine:
        return own
    key = "area" if ask.scope.areas else "agency"
    shown = getattr(ask.filters, key)
    named = [(None, _all_of(ask)), *((code, ask.short_name(code)) for code in mine)]
    links = [
        html.A(name, href=f"?{key}={code}" if code else "?", className="menu-item", **({"aria-current": "true"} if code == (shown if shown in mine else None) else {}),
               **{"data-reload": json.dumps({"area": None, "agency": None, "owner": None, "select": None, "start": None, key: code})})
        for code, name in named
    ]
    return html.Details(
        [html.Summary([own, icon("chevron-down")], title=ask.t("换一份清单")), html.Div(links, className="menu")],
        className="pop sum-switch",
    )


def _whose(ask: Ask) -> str:
    """The agency or all the agencies or areas whose work is listed; the area where one is asked about, or is the person's only one."""
    code, own = home(ask), office(ask)
    if ask.filters.area is None and several(ask) and own in (None, OWN_AGENCIES):
        return _all_of(ask)
    if own not in (None, OWN_AGENCIES) and (ask.filters.area is None or code == ask.scope.district):
        return ask.short_name(own)
    return ask.name(code) or ask.name(ask.scope.district)


def _all_of(ask: Ask) -> str:
    """我的 2 个部门, 我的 2 个街镇, 我的 3 个区域."""
    mine, t = several(ask), ask.t
    if not ask.scope.areas:
        return t("我的 {n} 个部门", n=len(mine))
    return t("我的 {n} 个街镇", n=len(mine)) if all(street_of(ask, code) == code for code in mine) else t("我的 {n} 个区域", n=len(mine))


def who(ask: Ask) -> str:
    """安亭镇 · 巡查组长: the scope and the role of the person who looks."""
    areas = [ask.name(code) for code in ask.scope.areas] or [ask.name(code) for code in ask.scope.agencies]
    return f"{number_text.listed(areas, ask.lang) or ask.name(ask.scope.district)} · {ask.t(ask.actor.role)}"


def _day_and_time(ask: Ask) -> str:
    """7月31日 周一 · 10:42 更新: the latest of the sources."""
    day = number_text.long_day_text(ask.filters.as_of, ask.lang)
    if ask.lang != "en":
        day = day.partition("年")[2] or day
    found = sources(ask.database, ask.scope, ask.now)
    taken = found["last_taken_at"].dropna()
    if taken.empty:
        return day
    at = taken.max().tz_convert(ask.now.tzinfo)
    when = f"{at:%H:%M}" if at.date() == ask.today else number_text.day_text(at.date(), ask.lang)
    return listed((day, ask.t("{time} 更新", time=when)))


def _states(ask: Ask) -> Component:
    found = at_home(ask).get(grid_states)["state"]
    counted = found.value_counts()
    cells: list[Any] = [
        html.Div([
            html.Span([swatch(f"cov-{state}"), ask.t(words)], className="sum-label"),
            number(ask, int(counted.get(state, 0)), rows="grids", narrow={"state": state}, tone=TONES[state], size="stat"),
        ], className="sum-state")
        for state, words in GRID_STATES.items()
    ]
    kept = int(counted.get("ok", 0) + counted.get("due", 0))
    cells.append(html.Div([
        html.Span(ask.t("网格按期巡查率"), className="sum-label"),
        ratio(ask, kept, len(found), rows="grids", narrow={}, card="coverage", size="stat"),
    ], className="sum-state is-rate"))
    if office(ask) is not None:
        cells.append(html.Small(ask.t("按我的各部门的巡查计") if several(ask) else ask.t("按本部门的巡查计"), className="sum-own quiet"))
    return html.Div(cells, className="sum-states")


def _export(ask: Ask) -> Component:
    links = [
        html.Button([icon(name), ask.t(words)], type="button", className="menu-item", **{"data-download": f"/export/{rows}.xlsx"})
        for rows, name, words in REGISTERS
    ]
    links[:0] = [
        html.Button([icon(name), ask.t(words)], type="button", className="menu-item", **{"data-download": address})
        for address, name, words in TO_TAKE_ALONG
    ]
    return html.Details(
        [html.Summary([icon("download"), ask.t("导出")], className="btn", title=ask.t("导出")),
         html.Div([*links, html.P(ask.t("导出内容限于你的范围，并记入审计日志。"), className="hint")], className="menu export-menu")],
        className="pop",
    )
