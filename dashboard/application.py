"""Makes the application: one shell, the view of the path asked for, every callback, every route."""

from __future__ import annotations

import html as markup
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from dash import Dash, Input, Output, State, dcc, html
from flask import Blueprint, Flask, Response

from dashboard import (
    charts,
    compression,
    door,
    health,
    icons,
    live,
    problems,
    record_page,
    states,
    worklist_files,
)
from dashboard.known_ids import every_id
from dashboard.plain_json import PlainJson
from dashboard.view_state import LANGUAGES, THEMES
from dashboard.views import View, views
from rules.language import N_, Refusal, translator
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Context

ASSETS = Path(__file__).resolve().parent.parent / "assets"
VENDOR = ASSETS / "vendor"
NOT_LOADED_AT_ONCE = ["^vendor$", "^map$", "^record$"]
"""Folders of assets whose files are fetched when they are asked for: modules, fonts, folium's parts."""

INDEX = """<!doctype html>
<html lang="{lang}" data-theme="{theme}" data-view="{view}">
<head>
{metas}
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/vendor/fonts.css">
<link rel="stylesheet" href="/icons.css">
{css}
</head>
<body>
{app_entry}
<noscript>{noscript}</noscript>
<footer>
{config}
{scripts}
{renderer}
</footer>
</body>
</html>"""


def create_app(context: Context) -> Dash:
    """A new application over a context; two in one process know nothing of each other.

    Raises:
        Refusal: what the browser loads was never built.
    """
    check_build()
    server = Flask("onemap", static_folder=None)
    server.json = PlainJson(server)
    server.json.ensure_ascii = False
    app = Page(context, server)
    compression.register(server)
    found = views()
    door.guard(app, tuple(view.path.rstrip("/") for view in found), context.language)
    problems.register(server, context)
    context.answers.start(server)
    health.register(server, context)
    live.register(app, context)
    charts.register(app)
    server.register_blueprint(_icons())
    server.register_blueprint(worklist_files.blueprint(context))
    record_page.register(app, context, ASSETS)
    app.layout = shell
    _register_page(app, context, found)
    for view in found:
        view.register(app, context)
    app.validation_layout = every_id(app)
    return app


def check_build() -> None:
    """Raise Refusal when assets/vendor (fonts, icons, the map engine) is not there."""
    if not (VENDOR / "fonts.css").exists():
        raise Refusal(N_("缺少 assets/vendor（地图引擎与字体）：请先运行 make setup。"))


def shell() -> Component:
    """What every view lives in: the address, and the place for the view with a skeleton in it."""
    return html.Div(
        [dcc.Location(id="url", refresh="callback-nav"), html.Div(_skeleton(), id="page")], id="shell"
    )


class Page(Dash):
    """Dash with our index: language, theme and view of the request, no versions, nothing foreign."""

    def __init__(self, context: Context, server: Flask) -> None:
        self.context = context
        super().__init__(
            "onemap",
            server=server,
            assets_folder=str(ASSETS),
            assets_path_ignore=NOT_LOADED_AT_ONCE,
            serve_locally=True,
            include_pages_meta=False,
            update_title=None,
            enable_mcp=False,
            add_log_handler=False,
            meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"},
                       {"name": "robots", "content": "noindex"}],
        )

    def interpolate_index(self, **parts: str) -> str:
        """The page's document for the present request."""
        from flask import request

        lang = LANGUAGES.get(request.args.get("lang", ""), self.context.language)
        asked = request.args.get("theme")
        view = next((v for v in views() if v.path == (request.path.rstrip("/") or "/")), None)
        theme = (view.theme if view else None) or (asked if asked in THEMES else THEMES[0])
        t = translator(lang)
        words = [t(view.title)] if view else []
        return INDEX.format(
            lang="en" if lang == "en" else "zh-CN", theme=theme, view=view.name if view else "",
            title=markup.escape(" · ".join([*words, t("打非一张图")])),
            noscript=t("请启用 JavaScript 后再打开本页。"),
            **{name: parts[name] for name in ("metas", "css", "app_entry", "config", "scripts", "renderer")},
        )

    def _config(self) -> dict[str, Any]:
        hidden = ("python_version", "dash_version_url", "ddk_version", "plotly_version")
        return {**super()._config(), **dict.fromkeys(hidden)}


def _register_page(app: Dash, context: Context, found: tuple[View, ...]) -> None:
    by_path = {view.path: view for view in found}

    @app.callback(Output("page", "children"), Input("url", "pathname"), State("url", "search"))
    def page(path: str | None, search: str | None) -> Component:
        view = by_path.get((path or "/").rstrip("/") or "/")
        try:
            ask = context.ask(search)
        except UnreadableRequest as error:
            english = "en" in parse_qs((search or "").removeprefix("?")).get("lang", ())
            t = translator("en" if english else context.language)
            return states.unreadable(t, error.say(t))
        if view is None:
            return states.unreadable(ask.t, ask.t("没有这个页面"))
        return html.Div(view.layout(ask), className=f"view view-{view.name}")


def _skeleton() -> Component:
    """The real layout in grey while the first answer is on its way."""
    bars = [html.I(className="bone") for _ in range(7)]
    return html.Div(
        [html.Div(className="area-head"), html.Aside(bars, className="column area-street"),
         html.Main(className="area-map"), html.Aside(bars, className="column area-agency")],
        className="overview is-skeleton", **{"aria-busy": "true"},
    )


def _icons() -> Blueprint:
    sheet = icons.style_sheet(VENDOR)
    routes = Blueprint("icons", __name__)

    @routes.get("/icons.css")
    def answer() -> Response:
        response = Response(sheet, mimetype="text/css")
        response.headers["Cache-Control"] = "max-age=3600"
        return response

    return routes
