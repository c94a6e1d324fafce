"""The line above everything: where we are, what the screen is called, and its tools."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from babel import Locale
from dash import html

from dashboard import number_text
from dashboard.breadcrumb import breadcrumb, way_down
from dashboard.figures_view import icon
from dashboard.period_picker import period_picker
from dashboard.view_state import go, write
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

KEYS = (
    ("Esc", N_("关闭窗口，或回到上一层")),
    ("P", N_("选择时段")),
    ("L", N_("图层")),
    ("G", N_("切换网格与上一级区域")),
    ("T", N_("深色与浅色")),
    ("E", N_("导出")),
    ("+ / −", N_("放大、缩小地图（先点地图）")),
    ("?", N_("打开这份说明")),
)


def title(ask: Ask) -> str:
    """示范区打击无证行医态势."""
    return ask.t("{district}打击无证行医态势", district=ask.name(ask.scope.district))


def header(ask: Ask) -> Component:
    """Breadcrumb, title and tools for the question of the moment."""
    return html.Header(
        [breadcrumb(ask), html.Div([html.H1(title(ask)), *_caption(ask)], className="head-title"),
         html.Div(_tools(ask), className="tools")],
        className="head",
    )


def _caption(ask: Ask) -> list[Component]:
    """演示数据 with its day, and the day looked back to, below the title; nothing when neither holds."""
    said: list[Any] = []
    if ask.context.demo:
        day = number_text.long_day_text(ask.today, ask.lang)
        said += [html.B(ask.t("演示数据")), html.Span(ask.t("演示日期 {day}", day=day))]
    if ask.filters.as_of != ask.today:
        day = number_text.long_day_text(ask.filters.as_of, ask.lang)
        said.append(html.B(ask.t("状态截至 {day}", day=day)))
    return [html.P(said, className="caption")] if said else []


def _tools(ask: Ask) -> list[Any]:
    other = "en" if ask.lang != "en" else "zh"
    return [
        _street(ask),
        html.A(icon("users"), href="/meeting?lang=en" if ask.lang == "en" else "/meeting", className="btn btn-square", title=ask.t("联席会议"),
               **{"aria-label": ask.t("联席会议")}),
        _area_switch(ask),
        period_picker(ask),
        html.Button(
            [icon("layers"), html.Span(ask.t("图层"), className="wide")], type="button", className="btn",
            title=ask.t("图层"), **{"data-toggle": "layers", "data-key": "l", "aria-label": ask.t("图层")},
        ),
        _export(ask),
        html.A(icon("settings"), href="/rules?lang=en" if ask.lang == "en" else "/rules", className="btn btn-square", title=ask.t("规则"),
               **{"aria-label": ask.t("规则")}),
        _icon_button(ask, "sun", ask.t("深色与浅色"), {"data-theme-switch": "1", "data-key": "t"}),
        html.A(
            "EN" if other == "en" else _own_name(other), href=write(ask.filters, ask.view.with_(lang=other if other == "en" else "zh_CN")),
            className="btn btn-language", lang=other, hrefLang=other, title=ask.t("切换语言"),
            **{"data-reload": f'{{"lang": "{other}"}}'},
        ),
        _help(ask),
    ]


@cache
def _own_name(lang: str) -> str:
    """中文: a language as it calls itself."""
    return Locale(lang).display_name


def _street(ask: Ask) -> Component:
    """The way to the street's own screen, of the area drilled to where there is one."""
    asked = {"area": ask.filters.area, "lang": "en" if ask.lang == "en" else None}
    query = urlencode({key: value for key, value in asked.items() if value})
    return html.A(
        [icon("footprints"), html.Span(ask.t("我的网格"), className="wide")], href=f"/street?{query}" if query else "/street", className="btn",
        title=ask.t("街镇的今日清单"), **{"aria-label": ask.t("我的网格")},
    )


def _area_switch(ask: Ask) -> Component:
    """街镇/网格 over the district (what is coloured), 村居/网格 below (what a street is cut into)."""
    if ask.filters.area is None:
        choices = ((ask.t("街镇"), {"paint": "street_state"}), (ask.t("网格"), {"paint": None}))
    else:
        choices = ((ask.t("村居"), {"by": "neighbourhood"}), (ask.t("网格"), {"by": None}))
    buttons = [
        html.Button(words, type="button", **{"aria-pressed": "false", "data-state": "1"}, **go(**changes))
        for words, changes in choices
    ]
    return html.Div(buttons, className="seg", role="group", **{"aria-label": ask.t("地图单元"), "data-key": "g"})


def _export(ask: Ask) -> Component:
    links = [
        _link(ask, "export", "xlsx", "file-spreadsheet", ask.t("主要数字（xlsx）"), "figures"),
        _link(ask, "export", "csv", "file-text", ask.t("主要数字（csv）"), "figures"),
        _link(ask, "export", "xlsx", "table", ask.t("网格清单（xlsx）"), "grids"),
        _link(ask, "export", "xlsx", "map-pin", ask.t("点位清单（xlsx）"), "sites"),
        _link(ask, "export", "xlsx", "scale", ask.t("案件清单（xlsx）"), "cases"),
    ]
    return html.Details(
        [html.Summary([icon("download"), html.Span(ask.t("导出"), className="wide")], className="btn",
                      title=ask.t("导出"), **{"aria-label": ask.t("导出")}),
         html.Div([*links, html.P(ask.t("导出内容限于你的范围，并记入审计日志。"), className="hint")],
                  className="menu export-menu")],
        className="pop", **{"data-key": "e"},
    )


def _link(ask: Ask, route: str, form: str, icon_name: str, words: str, rows: str) -> Component:
    """A download of the rows of the moment; the browser adds the query of the moment."""
    return html.Button(
        [icon(icon_name), words], type="button", className="menu-item",
        **{"data-download": f"/{route}/{rows}.{form}"},
    )


def _icon_button(ask: Ask, name: str, label: str, marks: dict[str, str]) -> Component:
    return html.Button(
        icon(name), type="button", className="btn btn-square", title=label, **{"aria-label": label}, **marks
    )


def _help(ask: Ask) -> Component:
    rows = [html.Tr([html.Th(html.Kbd(key), scope="row"), html.Td(ask.t(what))]) for key, what in KEYS]
    return html.Details(
        [html.Summary(icon("keyboard"), className="btn btn-square wide", title=ask.t("键盘"),
                      **{"aria-label": ask.t("键盘")}),
         html.Div([html.H3(ask.t("键盘")), html.Table(html.Tbody(rows), className="keys")], className="menu")],
        className="pop wide", **{"data-key": "?"},
    )


def level_of(ask: Ask) -> str:
    """The level of the area asked about: district, street, neighbourhood or grid."""
    return way_down(ask)[-1][0]
