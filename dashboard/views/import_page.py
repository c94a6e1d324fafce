"""The import page: a file in, counts first, good rows taken, refused rows back, undo, templates."""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING

from dash import ClientsideFunction, Input, Output, html

from dashboard import deliveries
from dashboard.deliveries import level_names
from dashboard.figures_view import icon
from dashboard.live import pulse_area
from dashboard.view_state import write
from dashboard.views import View
from data_access.importing.kinds import kinds
from data_access.importing.limits import MAX_BYTES
from rules.language import N_

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

WORDS = {
    "reading": N_("正在读取 {file}"), "taking": N_("正在导入"), "read": N_("{n} 行"),
    "good": N_("可导入"), "changed": N_("有更新"), "same": N_("与已有相同"), "refused": N_("有错误"), "to_confirm": N_("请核对"),
    "row": N_("行"), "content": N_("内容"), "problem": N_("问题与改法"), "empty": N_("空"),
    "refused_head": N_("错误 {n} 行，不会导入"), "confirm_head": N_("请核对 {n} 行，确认后导入"),
    "changes_head": N_("更新 {n} 行，旧内容留有记录"), "more": N_("还有 {n} 行，请下载问题行查看"),
    "take": N_("导入 {n} 行"), "nothing": N_("没有可导入的行"), "confirm": N_("连同请核对的 {n} 行一起导入"),
    "download": N_("下载问题行"), "again": N_("重新选择"), "failed": N_("没有成功"), "offline": N_("连不上服务器：文件没有导入，请稍后重试。"),
    "done": N_("导入完成"), "undo": N_("撤销"), "undo_ask": N_("确认撤销？"), "undone": N_("已撤销 {at}"), "batch_rows": N_("新增 {new} · 更新 {changed} · 相同 {same} · 错误 {refused}"),
    "no_batches": N_("还没有导入过文件"), "kind_is": N_("识别为：{kind}"), "map_link": N_("看总览"), "too_large": N_("文件超过 {n} MB：请拆成几个文件再导入。"),
}
"""What the page's script says."""

ACCEPTED = ".xlsx,.xls,.csv,.txt,.geojson,.json,.gpkg,.zip,.kml,.kmz,.fgb,.parquet,.gml,.dxf"


def layout(ask: Ask) -> Component:
    t = ask.t
    words = {name: t(text, **{part: "{" + part + "}" for part in _parts(text)}) for name, text in WORDS.items()}
    home = "/" + write(ask.filters, ask.view)
    return html.Div(
        [
            html.Header(
                [
                    html.A([icon("arrow-left"), t("返回总览")], href=home, className="import-home"),
                    html.H1(t("导入数据")),
                    html.Span(t("演示数据 非公文"), className="demo-mark") if ask.context.demo else None,
                ],
                className="import-head",
            ),
            html.Main(
                [
                    html.Section([_chooser(ask), html.Div(id="import-result", className="import-result", **{"aria-live": "polite"})],
                                 className="import-card"),
                    html.Aside([_templates(ask), _history(ask)], className="import-side"),
                ],
                className="import-body",
            ),
            pulse_area(ask),
            html.Div(id="import-ready", hidden=True),
        ],
        className="import-page",
        **{"data-words": json.dumps(words, ensure_ascii=False), "data-most": str(MAX_BYTES), "data-lang": ask.lang, "data-accept": ACCEPTED},
    )


def register(app: Dash, context: Context) -> None:
    """The routes behind the page, and its script once the page stands."""
    app.server.register_blueprint(deliveries.blueprint(context))
    app.clientside_callback(
        ClientsideFunction("onemap_import", "start"), Output("import-ready", "title"), Input("import-ready", "id")
    )


def _chooser(ask: Ask) -> Component:
    t = ask.t
    kinds_there = [html.Option(t("自动识别"), value="")] + [html.Option(t(kind.label), value=kind.name) for kind in kinds().values()]
    levels = [html.Option(t("按文件中的层级列"), value="")] + [html.Option(t(name), value=level) for level, name in level_names()]
    return html.Div(
        [
            html.Button(
                [html.Span(icon("upload"), className="state-badge"), html.B(t("选择文件，或拖到这里")),
                 html.Span(t("xlsx、csv、GeoJSON、GeoPackage、压缩的 Shapefile；先预览，不会直接写入"))],
                id="import-drop", className="import-drop", type="button",
            ),
            html.Div(
                [
                    html.Label([html.Span(t("登记种类")), html.Select(kinds_there, id="import-kind")]),
                    html.Label([html.Span(t("区域层级")), html.Select(levels, id="import-level")], id="import-level-field", hidden=True),
                ],
                className="import-options",
            ),
        ],
        id="import-chooser",
    )


def _templates(ask: Ask) -> Component:
    t = ask.t
    links = [
        html.Li(html.A([icon("download"), t(kind.label)], href=f"/import/template/{kind.name}?lang={ask.lang}", download=""))
        for kind in kinds().values()
    ]
    return html.Section([html.H2(t("下载模板")), html.P(t("每张表带示例行、填写说明和代码表")), html.Ul(links, className="import-templates")],
                        className="import-panel")


def _history(ask: Ask) -> Component:
    return html.Section([html.H2(ask.t("已导入的文件")), html.Div(id="import-batches")], className="import-panel")


def _parts(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


VIEW = View(path="/import", name="import", title=N_("导入数据"), layout=layout, register=register, theme="light")
