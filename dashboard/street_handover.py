"""转派 and 退回: hands one duty of a place on to somebody else, or back, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html
from flask import Blueprint, Response, jsonify, request

from dashboard.figures_view import icon
from dashboard.marks import records
from dashboard.own_requests import only_ours
from dashboard.plain_json import json_object
from dashboard.street_state import home, street_of
from dashboard.street_worklist import owner_name, rules_of
from data_access.areas import areas
from data_access.assignments import ACTIONS, MOST_REASON, Owner, hand_over, handovers, teams
from data_access.obligations import obligations
from data_access.organisations import agency_names
from rules.language import N_, Refusal, translator
from rules.request import Filters, UnreadableRequest

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

PLACE = "/street/handover"
MOST_BYTES = 16 * 1024
REASSIGN = ACTIONS["reassign"]
TEXTS = ("rule_id", "target_kind", "target_id", "action", "to", "reason")


def handover_form(ask: Ask, kind: str, code: str, duties: pd.DataFrame) -> Component | None:
    """The button that opens the form; None where nothing of the place can be handed on.

    Args:
        duties: the rows of the obligations of this place.
    """
    if duties.empty:
        return None
    t = ask.t
    known = rules_of(ask)
    rules = dict.fromkeys(row["rule_id"] for row in records(duties))
    owners = owners_of(ask, _street_of_duties(duties))
    returns = _returns(ask, kind, code)
    fields: list[Any] = [
        html.Label([html.Span(t("哪一项")), html.Select(
            [html.Option(t(known[rule].name) if rule in known else rule, value=rule) for rule in rules], **{"data-field": "rule_id"})]),
        html.Label([html.Span(t("转给")), html.Select(
            [html.Optgroup([html.Option(name, value=value) for value, name in part], label=label) for label, part in owners if part],
            **{"data-field": "to"})]),
        html.Label([html.Span(t("理由（必填）")), html.Textarea(rows=3, maxLength=MOST_REASON, **{"data-field": "reason"})]),
    ]
    buttons = [html.Button(t(REASSIGN), type="button", className="btn is-primary", **{"data-handover": "reassign"})]
    buttons += [
        html.Button(t("退回 {who}", who=name), type="button", className="btn", **{"data-handover": "return", "data-to": f"{who.kind}:{who.code}", "data-rule": rule})
        for rule, who, name in returns
    ]
    return html.Details(
        [
            html.Summary([icon("send"), t("转派")], className="btn"),
            html.Div([*fields, html.Div(buttons, className="handover-buttons"), html.P(className="handover-said", role="alert")],
                     className="menu handover-form"),
        ],
        className="pop handover", **{"data-target-kind": kind, "data-target-id": code, "data-offline": t("连不上服务器：没有转派，请稍后重试。")},
    )


def _street_of_duties(duties: pd.DataFrame) -> str | None:
    """The street that a place's duties are of; None where they name none."""
    named = duties["street_code"].dropna()
    return str(named.iloc[0]) if len(named) else None


def owners_of(ask: Ask, street: str | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who may take a duty in a street, without one the screen's: (title, [(``kind:code``, name), ...]) of teams, neighbourhoods, agencies."""
    t, street = ask.t, street or street_of(ask, home(ask) or "")
    listed = teams(ask.database, ask.filters, ask.scope)
    listed = listed[listed["street_code"].isna() | (listed["street_code"] == street)]
    known = ask.look_up(areas, level="neighbourhood")
    known = known[known["street_code"] == street]
    offices = ask.look_up(agency_names)
    offices = offices[(offices["area_code"] == street) & offices["active"].fillna(True).astype("bool")]
    english = ask.lang == "en"
    return [
        (t("巡查队"), [(f"team:{row['code']}", (english and row["name_en"]) or row["name"]) for row in records(listed)]),
        (t("部门"), [(f"agency:{code}", ask.name(code)) for code in offices["code"]]),
        (t("村居"), [(f"neighbourhood:{code}", ask.name(code)) for code in known["code"]]),
    ]


def blueprint(context: Context) -> Blueprint:
    """``POST /street/handover``: a JSON object of ``TEXTS``; needs the header ``X-Onemap-Request``."""
    routes = Blueprint("street_handover", __name__)
    only_ours(routes, context, MOST_BYTES)

    @routes.post(PLACE)
    def answer() -> Response:
        t = translator("en" if request.args.get("lang") == "en" else context.language)
        asked = _body()
        actor, now = context.actor_of(), context.clock()
        day = now.date()
        came_from = _owes(context, Filters(day, day, day), actor.scope, asked)
        batch = hand_over(
            context.database, rule_id=asked["rule_id"], target_kind=asked["target_kind"], target_id=asked["target_id"],
            action=asked["action"], to=_owner(asked["to"]), reason=asked["reason"], day=day, actor=actor, now=now, came_from=came_from,
        )
        return jsonify({"batch": batch, "sentence": t(N_("已登记，责任人已更新。"))})

    return routes


def _returns(ask: Ask, kind: str, code: str) -> list[tuple[str, Owner, str]]:
    """(rule, who gets it back, name) of each duty of a place that was handed on last."""
    found = handovers(ask.database, ask.filters, ask.scope)
    found = found[(found["target_kind"] == kind) & (found["target_id"] == code)].drop_duplicates("rule_id")
    rows = [row for row in records(found) if row["action"] == "reassign" and row["from_code"]]
    return [(row["rule_id"], Owner(row["from_kind"], row["from_code"]), owner_name(ask, row["from_kind"], row["from_code"])) for row in rows]


def _owes(context: Context, filters: Filters, scope: Any, asked: dict[str, str]) -> Owner:
    """Who owes the duty until now.

    Raises:
        Refusal: there is no such duty for this person.
    """
    found = obligations(context.database, filters, scope)
    mine = found[(found["rule_id"] == asked["rule_id"]) & (found["target_kind"] == asked["target_kind"])
                 & (found["target_id"].astype("str") == asked["target_id"])]
    if mine.empty:
        raise Refusal(N_("找不到这个对象，或不在你的权限范围内。"))
    return Owner(mine["owner_kind"].iloc[0], mine["owner_code"].iloc[0])


def _owner(text: str) -> Owner:
    kind, _, code = text.partition(":")
    return Owner(kind, code)


def _body() -> dict[str, str]:
    body = json_object()
    for name in TEXTS:
        if not isinstance(body.get(name), str) or len(body[name]) > 2 * MOST_REASON:
            raise UnreadableRequest(f"{name}: expected a text")
    return {name: body[name] for name in TEXTS}
