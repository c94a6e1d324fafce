"""The overview: the map in the middle, figures by street at its left, by agency at its right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import map_view, rows_drawer
from dashboard.column import column
from dashboard.figures_view import icon
from dashboard.footer import footer
from dashboard.header import header
from dashboard.kpi_strip import kpi_strip
from dashboard.live import STORE as REVISION
from dashboard.live import pulse_area
from dashboard.markup import as_markup
from dashboard.partial import drawn
from dashboard.view_state import part
from dashboard.views import View
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

KPIS, FOOT, MAP = N_("主要数字"), N_("提醒"), N_("地图")
REQUESTS = {"street": "street-request", "agency": "agency-request", "drawer": "drawer-request"}


AGE_OF_A_FOOT_S = 60
"""The line of sources tells what is late; a minute later it is drawn again."""


def layout(ask: Ask) -> Component:
    """The whole screen for a question; the map is mounted once and never made again."""
    return html.Div(
        [
            *(dcc.Store(id=store, data=part(ask.search, name)) for name, store in REQUESTS.items()),
            pulse_area(ask),
            html.Div(as_markup(header(ask)), id="overview-header", className="area-head"),
            html.Section(as_markup(drawn(ask, KPIS, kpi_strip)), id="kpi-strip", className="area-kpis", **{"aria-label": ask.t("主要数字")}),
            html.Aside(as_markup(column(ask, "street")), id="street-column", className="column area-street",
                       **{"aria-label": ask.t("按街镇")}),
            html.Main(drawn(ask, MAP, map_view.map_area), id="map-place", className="area-map"),
            html.Aside(as_markup(column(ask, "agency")), id="agency-column", className="column area-agency",
                       **{"aria-label": ask.t("按部门")}),
            html.Div(as_markup(drawn(ask, FOOT, footer)), id="overview-footer", className="area-foot"),
            html.Div(rows_drawer.content(ask), id="drawer", className="drawer-place"),
            _bottom_bar(ask),
            html.Div(className="sr-only", id="announcer", role="status"),
        ],
        className="overview",
    )


def register(app: Dash, context: Context) -> None:
    """The two panel callbacks; what they depend on is cut from the URL in the browser."""
    app.clientside_callback(
        ClientsideFunction("onemap", "split"),
        *(Output(store, "data") for store in REQUESTS.values()),
        Input("url", "search"),
        *(State(store, "data") for store in REQUESTS.values()),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("street-column", "children"),
        Output("overview-header", "children"),
        Output("kpi-strip", "children"),
        Input(REQUESTS["street"], "data"),
        Input(REVISION, "data"),
        prevent_initial_call=True,
    )
    def street(search: str, _revision: object) -> tuple[list[Component], Component, Component]:
        ask = context.ask(search)

        def parts() -> tuple[list[Component], Component, Component]:
            return as_markup(column(ask, "street")), as_markup(header(ask)), as_markup(drawn(ask, KPIS, kpi_strip))

        with ask.database.snapshot():
            return ask.drawing("street", parts)

    @app.callback(
        Output("agency-column", "children"),
        Output("overview-footer", "children"),
        Input(REQUESTS["agency"], "data"),
        Input(REVISION, "data"),
        prevent_initial_call=True,
    )
    def agency(search: str, _revision: object) -> tuple[list[Component], Component]:
        ask = context.ask(search)

        def parts() -> tuple[list[Component], Component]:
            return as_markup(column(ask, "agency")), as_markup(drawn(ask, FOOT, footer))

        with ask.database.snapshot():
            return ask.drawing("agency", parts, ask.now.timestamp() // AGE_OF_A_FOOT_S)

    rows_drawer.register(app, context)
    map_view.register(app, context)


def _bottom_bar(ask: Ask) -> Component:
    """On a phone: where the three parts of the screen are."""
    places = (("map-place", "map", ask.t("地图")), ("street-column", "list", ask.t("街镇")),
              ("agency-column", "users", ask.t("部门")))
    return html.Nav(
        [html.Button([icon(name), words], type="button", **{"data-scroll": place}) for place, name, words in places],
        className="bottom-bar", **{"aria-label": ask.t("页内导航")},
    )


VIEW = View(path="/", name="overview", title=N_("总览"), layout=layout, register=register)
