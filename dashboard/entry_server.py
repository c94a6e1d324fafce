"""Takes what a person enters on the score page: a judgement of an item of the rubric, a paper handed in; and takes it back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from dashboard.own_requests import only_ours
from dashboard.plain_json import json_object
from data_access import reports_given, score_entries
from rules.language import LANGUAGES, N_, Refusal, Translate, translator
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dashboard.question import Context

MOST_BYTES = 16 * 1024


def blueprint(context: Context) -> Blueprint:
    """The routes under ``/entries/``; every POST needs the header ``X-Onemap-Request``."""
    routes = Blueprint("entries", __name__, url_prefix="/entries")

    only_ours(routes, context, MOST_BYTES)

    @routes.post("/score")
    def score() -> Response:
        body = json_object()
        batch = score_entries.judge(
            context.database, street_code=_text(body, "street"), item=_text(body, "item"), day=_day(body, "day"), points=_points(body),
            document=_text(body, "document"), note=_text(body, "note"), actor=context.actor_of(), now=context.clock(),
        )  # fmt: skip
        return jsonify({"batch": batch, "sentence": _t(context)(N_("已评定。"))})

    @routes.post("/score/undo")
    def withdrawn() -> Response:
        score_entries.withdraw(context.database, _text(json_object(), "batch"), actor=context.actor_of(), now=context.clock())
        return jsonify({"sentence": _t(context)(N_("已撤销"))})

    @routes.post("/report")
    def report() -> Response:
        body = json_object()
        batch = reports_given.hand_in(
            context.database, rule_id=_text(body, "rule"), target_id=_text(body, "target"), day=_day(body, "day"),
            document=_text(body, "document"), actor=context.actor_of(), now=context.clock(),
        )  # fmt: skip
        return jsonify({"batch": batch, "sentence": _t(context)(N_("已登记报送。"))})

    @routes.post("/report/undo")
    def taken_back() -> Response:
        reports_given.take_back(context.database, _text(json_object(), "batch"), actor=context.actor_of(), now=context.clock())
        return jsonify({"sentence": _t(context)(N_("已撤销"))})

    return routes


def _t(context: Context) -> Translate:
    asked = request.args.get("lang", "")
    return translator(asked if asked in LANGUAGES else context.language)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > 1000:
        raise UnreadableRequest(f"{name}: expected a text of at most 1000 characters")
    return value


def _points(body: dict[str, Any]) -> float:
    try:
        return float(_text(body, "points"))
    except ValueError:
        raise Refusal(N_("请填写扣分。")) from None


def _day(body: dict[str, Any], name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(_text(body, name))
    except ValueError:
        raise Refusal(N_("请填写日期。")) from None
