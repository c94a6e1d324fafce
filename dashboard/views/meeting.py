"""The joint meeting: last decisions, two periods, hotspots, new decisions, all from facts frozen when it opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dash import ClientsideFunction, Input, Output, State, dcc, html

from dashboard import meeting_map, meeting_packs, meeting_papers, meeting_server, states
from dashboard.live import STORE as REVISION
from dashboard.live import pulse_area
from dashboard.markup import as_markup
from dashboard.meeting_compare import compare_card, compare_panel
from dashboard.meeting_decisions import decide_card, last_card, register_panel
from dashboard.meeting_header import head
from dashboard.meeting_hotspot import hotspot_card, hotspot_period
from dashboard.meeting_opening import choosing, opening
from dashboard.meeting_state import STEPS, Room, part, room
from dashboard.meeting_words import script_words
from dashboard.partial import drawn
from dashboard.views import View
from data_access.meeting_record import UnknownMeeting
from rules.language import N_, Refusal
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

REQUEST = "meeting-request"
CARDS = (last_card, compare_card, hotspot_card, decide_card)
"""What the large card shows in each step of ``STEPS``."""


def layout(ask: Ask) -> Component:
    """The whole screen; the choice of a meeting, or its opening, while there are no facts."""
    try:
        found = None if "meeting=none" in ask.search else room(ask)
    except UnreadableRequest as error:
        return states.unreadable(ask.t, error.say(ask.t))
    except Refusal as refused:
        return _page(ask, choosing(ask), notice=refused.say(ask.t))
    if found is None:
        return _page(ask, choosing(ask))
    if found.facts is None:
        return _page(ask, opening(found))
    return _page(ask, [
        html.Header(as_markup(head(found)), id="meeting-head", className="meeting-head"),
        html.Main(
            [
                html.Section([html.Div([html.H2(ask.t("热点分布")), html.P(_map_caption(found))], className="meeting-map-title"),
                              drawn(ask, N_("地图"), lambda _: meeting_map.meeting_map(found)), _map_tools(found)], className="meeting-card meeting-map", **{"aria-label": ask.t("热点分布")}),
                html.Section(_card(found), id="meeting-card", className="meeting-card meeting-main", **{"data-step": str(found.state.step)}),
                html.Section(_compare(found), id="meeting-compare", className="meeting-card", **{"aria-label": ask.t("前后对比")}),
                html.Section(_register(found), id="meeting-register", className="meeting-card", **{"aria-label": ask.t("议定事项")}),
            ],
            className="meeting-board",
        ),
    ], found)  # fmt: skip


def register(app: Dash, context: Context) -> None:
    """One callback for what the URL changes; the routes of the map, of what is done, and of the papers."""
    for blueprint in (meeting_map.blueprint, meeting_server.blueprint, meeting_papers.blueprint, meeting_packs.blueprint):
        app.server.register_blueprint(blueprint(context))
    app.clientside_callback(
        ClientsideFunction("onemap_meeting", "split"), Output(REQUEST, "data"), Input("url", "search"), State(REQUEST, "data"), prevent_initial_call=True
    )

    @app.callback(
        Output("meeting-head", "children"), Output("meeting-card", "children"), Output("meeting-card", "data-step"), Output("meeting-compare", "children"),
        Output("meeting-register", "children"),
        Input(REQUEST, "data"), Input(REVISION, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def draw(search: str, _revision: object) -> tuple[object, ...]:
        found = room(context.ask(search or ""))
        if found is None or found.facts is None:
            raise UnknownMeeting(N_("这次会议还没有开，或您无权查看：请重新打开联席会议的页面。"))
        return as_markup(head(found)), _card(found), str(found.state.step), _compare(found), _register(found)

    app.clientside_callback(ClientsideFunction("onemap_meeting", "start"), Output("meeting-ready", "title"), Input("meeting-ready", "id"))


def _page(ask: Ask, children: list[Component], found: Room | None = None, notice: str = "") -> Component:
    told = html.P(notice, role="alert", className="meeting-notice") if notice else None
    told_room = {}
    if found:
        facts = found.facts
        asked = {"start": facts["start"], "end": facts["end"], "before_start": facts["before"]["start"], "before_end": facts["before"]["end"], "boundaries": facts["boundaries"]}
        told_room = {
            "data-meeting": found.state.meeting, "data-snapshot": found.state.snapshot, "data-number": str(facts["snapshot"]["number"]),
            "data-periods": json.dumps({**asked, "today": ask.today.isoformat()}),
        }  # fmt: skip
    return html.Div(
        [told, dcc.Store(id=REQUEST, data=part(ask.search)), *children, pulse_area(ask), html.Div(id="meeting-dialog", className="meeting-dialog", hidden=True), html.Div(id="meeting-said", className="meeting-said", role="status"), html.Div(id="meeting-ready", hidden=True),
         html.Footer(ask.t("演示数据 非公文"), className="meeting-demo") if ask.context.demo else None],
        className="meeting" if found else "meeting is-lobby",
        **{"data-words": json.dumps(script_words(ask.t), ensure_ascii=False), "data-lang": ask.lang, **told_room},
    )  # fmt: skip


def _map_caption(found: Room) -> str:
    return found.ask.t("{period} · 投诉、查处、巡查发现", period=hotspot_period(found))


def _map_tools(found: Room) -> Component | None:
    t = found.ask.t
    if not found.may_decide:
        return None
    return html.Div(
        [html.Button([t("框选网格")], type="button", className="btn", **{"data-lasso": "1", "aria-pressed": "false"}), html.Button(t("清除选择"), type="button", className="btn", **{"data-unpick": "1"})],
        className="meeting-map-tools",
    )  # fmt: skip


def _card(found: Room) -> object:
    step = found.state.step
    return drawn(found.ask, STEPS[step - 1], lambda _: as_markup(CARDS[step - 1](found)))


def _compare(found: Room) -> object:
    return drawn(found.ask, N_("前后对比"), lambda _: as_markup(compare_panel(found)))


def _register(found: Room) -> object:
    return drawn(found.ask, N_("议定事项"), lambda _: as_markup(register_panel(found)))


VIEW = View(path="/meeting", name="meeting", title=N_("联席会议"), layout=layout, register=register, theme="light")
