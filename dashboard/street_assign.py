"""指派: gives a grid, or all grids of its neighbourhood, to a team, a neighbourhood or an office from today on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dash import html
from flask import Blueprint, Response, jsonify, request

from dashboard.figures_view import icon
from dashboard.own_requests import only_ours
from dashboard.plain_json import json_object
from dashboard.street_handover import owners_of
from dashboard.street_state import street_of
from dashboard.street_worklist import owner_name
from data_access.areas import areas
from data_access.assignments import Owner, assign_grids, grid_owners
from rules.language import N_, translator
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context
    from rules.request import Scope

PLACE = "/street/assign"
MOST_BYTES = 4 * 1024
REACHES = ("grid", "neighbourhood")


def assign_form(ask: Ask, code: str) -> Component | None:
    """The button that opens the form for one grid; None looking back at another day.

    Who holds the grid now stands in it; before the day of an assignment nothing changes.
    """
    if ask.filters.as_of != ask.today or ask.filters.known_at is not None:
        return None
    t = ask.t
    held = grid_owners(ask.database, ask.filters.with_(area=code), ask.scope)
    held = held[held["owner_code"].notna() & (held["owner_code"] != "")]
    now = t("现由 {who} 负责", who=owner_name(ask, held["owner_kind"].iloc[0], held["owner_code"].iloc[0])) if len(held) else t("还没有指派")
    fields: list[Any] = [
        html.P(now, className="hint"),
        html.Label([html.Span(t("指派给")), html.Select(
            [html.Optgroup([html.Option(name, value=value) for value, name in part], label=label) for label, part in owners_of(ask, street_of(ask, code)) if part],
            **{"data-field": "to"})]),
        html.Label([html.Span(t("范围")), html.Select(
            [html.Option(t("只这个网格"), value="grid"), html.Option(t("所在村居的全部网格"), value="neighbourhood")], **{"data-field": "reach"})]),
    ]
    button = html.Button(t("从今天起指派"), type="button", className="btn is-primary", **{"data-assign": code})
    return html.Details(
        [html.Summary([icon("users"), t("指派")], className="btn"),
         html.Div([*fields, html.Div([button], className="handover-buttons"), html.P(className="handover-said", role="alert")], className="menu handover-form")],
        className="pop assign", **{"data-offline": t("连不上服务器：没有指派，请稍后重试。")},
    )


def blueprint(context: Context) -> Blueprint:
    """``POST /street/assign``: ``{grid, reach, to}``; needs the header ``X-Onemap-Request``."""
    routes = Blueprint("street_assign", __name__)
    only_ours(routes, context, MOST_BYTES)

    @routes.post(PLACE)
    def answer() -> Response:
        t = translator("en" if request.args.get("lang") == "en" else context.language)
        body, actor, now = json_object(), context.actor_of(), context.clock()
        asked = {name: str(body.get(name, ""))[:64] for name in ("grid", "reach", "to")}
        if asked["reach"] not in REACHES:
            raise UnreadableRequest(f"reach: expected one of {', '.join(REACHES)}")
        kind, _, code = asked["to"].partition(":")
        grids = _reached(context, actor.scope, now.date(), asked["grid"], asked["reach"])
        batch = assign_grids(context.database, grids, Owner(kind, code), valid_from=now.date(), actor=actor, now=now)
        return jsonify({"batch": batch, "grids": len(grids), "sentence": t(N_("已指派 {n} 个网格，从今天起生效。"), n=len(grids))})

    return routes


def _reached(context: Context, scope: Scope, day: dt.date, grid: str, reach: str) -> list[str]:
    """The grid alone, or every grid of its neighbourhood on the day; whether they are the actor's is asked later."""
    if reach == "grid":
        return [grid]
    known = areas(context.database, scope, day, "grid")
    own = known.loc[known["code"] == grid, "neighbourhood_code"].dropna()
    return [grid] if own.empty else known.loc[known["neighbourhood_code"] == own.iloc[0], "code"].tolist()
