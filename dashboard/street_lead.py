"""先行联系 and 答复: what was done about a complaint without a visit, written from its drawer and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html
from flask import Blueprint, Response, jsonify, request

from dashboard.deliveries import MARK
from dashboard.figures_view import icon
from dashboard.plain_json import json_object
from data_access.importing.undoing import undo
from data_access.lead_steps import last_step, mark_lead
from rules.language import N_, Refusal, translator
from rules.lead_state import COMPLAINTS

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

PLACE = "/street/lead"
MOST_BYTES = 4 * 1024
STEPS = {"contacted": ("contacted_on", "phone-call", N_("登记先行联系")), "answered": ("feedback_on", "check", N_("登记已答复"))}


def lead_steps(ask: Ask, row: dict[str, Any]) -> Component | None:
    """The buttons of what is still open of a complaint; None where nothing is, or looking back at another day.

    Neither is the check: that is a visit (登记巡查).
    """
    if row["source"] not in COMPLAINTS or ask.filters.as_of != ask.today or ask.filters.known_at is not None:
        return None
    t = ask.t
    parts: list[Any] = [
        html.Button([icon(mark), t(words)], type="button", className="btn", **{"data-lead-step": step})
        for step, (column, mark, words) in STEPS.items() if row[column] is None
    ]
    batch = last_step(ask.database, ask.scope, row["id"])
    if batch:
        parts.append(html.Button([icon("undo-2"), t("撤销上一步")], type="button", className="btn", **{"data-lead-step": "undo", "data-batch": batch}))
    if not parts:
        return None
    return html.Div([*parts, html.P(className="lead-said", role="alert")], className="lead-steps",
                    **{"data-lead": row["id"], "data-offline": t("连不上服务器：没有登记，请稍后重试。")})


def blueprint(context: Context) -> Blueprint:
    """``POST /street/lead``: ``{lead, step}`` or ``{batch, step: "undo"}``; needs the header ``X-Onemap-Request``."""
    routes = Blueprint("street_lead", __name__)

    @routes.post(PLACE)
    def answer() -> tuple[Response, int] | Response:
        t = translator("en" if request.args.get("lang") == "en" else context.language)
        if MARK not in request.headers:
            return jsonify({"error": t(N_("请求不是本页发出的。"))}), 403
        request.max_content_length = MOST_BYTES
        asked, actor, now = json_object(), context.actor_of(), context.clock()
        lead, step, batch = (str(asked.get(name, ""))[:64] for name in ("lead", "step", "batch"))
        if step == "undo":
            if not batch or last_step(context.database, actor.scope, lead) != batch:
                raise Refusal(N_("这一步之后又有改动，不能在这里撤销。"))
            undo(context.database, batch, actor=actor, now=now)
            return jsonify({"sentence": t(N_("已撤销，之前的内容已恢复。"))})
        made = mark_lead(context.database, lead, step, actor=actor, now=now)
        return jsonify({"batch": made, "sentence": t(N_("已登记。"))})

    return routes
