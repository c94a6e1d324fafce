"""The street's screen: what to visit today, on the map, and what happened where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from flask import Response, request

from dashboard import (
    map_view,
    states,
    street_assign,
    street_drawer,
    street_handover,
    street_lead,
    street_phone,
    street_registers,
)
from dashboard.figures_view import icon
from dashboard.live import STORE as REVISION
from dashboard.live import pulse_area
from dashboard.markup import as_markup
from dashboard.partial import drawn
from dashboard.permission import closed, is_outside
from dashboard.rows_drawer import rows_page
from dashboard.street_chooser import chooser
from dashboard.street_header import second_bar, top_bar
from dashboard.street_state import at_home, home, part, read_street
from dashboard.street_worklist import find_row, listed_work
from dashboard.views import View
from dashboard.visit_server import owner_of
from data_access.areas import path_to
from rules.language import N_
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

WORK, DETAIL, OVER, MAP, NOTES = N_("今日清单"), N_("所选对象"), N_("登记簿"), N_("地图"), N_("消息")
REQUESTS = {"work": "street-work-request", "detail": "street-detail-request", "over": "street-over-request"}


def layout(ask: Ask) -> Component:
    """The whole screen; a chooser where neither the URL nor the scope says which street."""
    try:
        read_street(ask.search)
    except UnreadableRequest as error:
        return states.unreadable(ask.t, error.say(ask.t))
    code = home(ask)
    if code is None or (code == ask.scope.district and ask.scope.is_whole_district):
        return html.Div([pulse_area(ask), top_bar(ask, tabbed=False), chooser(ask)], className="street is-choosing")
    if not ask.look_up(path_to, code):
        return states.unreadable(ask.t, ask.t("没有这个区域：{code}", code=code))
    if is_outside(ask):
        return html.Div([pulse_area(ask), top_bar(ask, tabbed=False), html.Main(closed(ask), className="street-closed")], className="street is-choosing")
    asked = at_home(ask)
    return html.Div(
        [
            *(dcc.Store(id=store, data=part(ask.search, name)) for name, store in REQUESTS.items()),
            pulse_area(ask),
            as_markup(html.Div(top_bar(ask), className="street-top")),
            html.Div(as_markup(second_bar(ask)), id="street-sum", className="street-sum"),
            html.Aside(_work(ask), id="street-work", className="street-work", **{"aria-label": ask.t(WORK)}),
            as_markup(find_row(ask)),
            html.Main([drawn(asked, MAP, lambda one: map_view.map_area(one, street=True)), as_markup(_map_tools(ask))],
                      id="street-map", className="street-map"),
            html.Aside(_detail(ask), id="street-detail", className="street-detail", **{"aria-label": ask.t(DETAIL)}),
            street_drawer.away(ask),
            html.Div(_over(ask), id="street-over", className="street-over"),
            html.Div(_panes(ask), id="street-panes", className="street-panes"),
            as_markup(street_phone.bottom_tabs(ask)),
            html.Div(className="sr-only", id="announcer", role="status"),
        ],
        className="street", id="street", **{"data-home": "" if ask.filters.area else code, "data-owner": owner_of(ask.actor)},
    )


def register(app: Dash, context: Context) -> None:
    """One callback a part; what each depends on is cut from the URL in the browser."""
    app.server.register_blueprint(street_handover.blueprint(context))
    app.server.register_blueprint(street_lead.blueprint(context))
    app.server.register_blueprint(street_assign.blueprint(context))

    @app.server.after_request
    def may_ask_where_one_stands(response: Response) -> Response:
        # The round may begin where the device stands (street_start.js).
        if request.path == VIEW.path:
            response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"
        return response

    app.clientside_callback(
        ClientsideFunction("onemap_street", "split"),
        *(Output(store, "data") for store in REQUESTS.values()),
        Input("url", "search"),
        *(State(store, "data") for store in REQUESTS.values()),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("street-sum", "children"),
        Output("street-work", "children"),
        Output("street-panes", "children"),
        Input(REQUESTS["work"], "data"),
        Input(REVISION, "data"),
        prevent_initial_call=True,
    )
    def work(search: str, _revision: object) -> tuple[Component, Component, list[Component]]:
        ask = context.ask(search)
        return as_markup(second_bar(ask)), _work(ask), _panes(ask)

    @app.callback(
        Output("street-detail", "children"),
        Input(REQUESTS["detail"], "data"),
        Input(REVISION, "data"),
        prevent_initial_call=True,
    )
    def detail(search: str, _revision: object) -> Component | list[Component]:
        return _emptied(_detail(context.ask(search)))

    @app.callback(
        Output("street-over", "children"), Input(REQUESTS["over"], "data"), prevent_initial_call=True
    )
    def over(search: str) -> Component | list[Component]:
        return _emptied(_over(context.ask(search)))

    @app.callback(
        Output(street_registers.GRID, "getRowsResponse"),
        Input(street_registers.GRID, "getRowsRequest"),
        State(REQUESTS["over"], "data"),
        prevent_initial_call=True,
    )
    def page(asked: dict[str, Any] | None, search: str | None) -> dict[str, Any]:
        opened = street_registers.opened_rows(context.ask(search))
        return rows_page(opened[0], asked) if opened else {"rowData": [], "rowCount": 0}


def _emptied(found: Component | None) -> Component | list[Component]:
    """Never None, as in ``rows_drawer.register``. A component without children is false, so it is asked for by name."""
    return [] if found is None else found


def _work(ask: Ask) -> Component:
    return as_markup(drawn(ask, WORK, lambda one: listed_work(one, read_street(one.search))))


def _detail(ask: Ask) -> Component | None:
    return as_markup(drawn(ask, DETAIL, street_drawer.drawer))


def _over(ask: Ask) -> Component | None:
    return as_markup(drawn(ask, OVER, street_registers.over))


def _panes(ask: Ask) -> list[Component]:
    return as_markup([drawn(ask, NOTES, street_phone.notes), street_phone.mine(ask)])


def _map_tools(ask: Ask) -> Component:
    return html.Div(
        [
            html.Button([icon("layers"), ask.t("图层")], type="button", className="btn", **{"data-toggle": "layers"}),
            html.Button([icon("route"), html.Span(ask.t("规划路线"))], type="button", className="btn", **{"data-route-switch": "1", "aria-pressed": "false"}),
        ],
        className="map-tools",
    )


VIEW = View(path="/street", name="street", title=N_("我的网格"), layout=layout, register=register, theme="light")
