"""Answers the rules page: one rule with what may be changed, the effect of a change, the change itself."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, request

from dashboard.number_text import is_missing
from dashboard.own_requests import asked_language, language_of, only_ours
from dashboard.plain_json import json_object
from dashboard.rule_text import (
    MOST_ROWS,
    changes_text,
    day_words,
    effect_rows,
    effect_sentences,
    is_worse,
)
from data_access import rulebooks
from data_access.later_versions import next_version_on
from data_access.rule_effect import effect_of_adoption, effect_of_change
from rules.language import N_, Refusal, Translate
from rules.request import Filters, UnreadableRequest
from rules.rule_changes import SYSTEMS, editable, units
from rules.rule_words import FIELDS, POINTS_UNITS, READINGS, UNITS, points, term
from rules.rulebook import Rule, shipped
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from dashboard.question import Context

MOST_BYTES = 32 * 1024
MOST_DAYS = 31
"""The longest holiday that is entered at once."""
_WORDS = {"unit": UNITS, "points_unit": POINTS_UNITS, "options.reading": READINGS}


def blueprint(context: Context) -> Blueprint:
    """The routes under ``/rules/``; every POST needs the header ``X-Onemap-Request``."""
    routes = Blueprint("rules", __name__, url_prefix="/rules")

    only_ours(routes, context, MOST_BYTES)

    @routes.get("/item/<rule_id>")
    def item(rule_id: str) -> Response:
        if rule_id not in shipped():
            abort(404)
        return jsonify(_item(context, rule_id, asked_language(context)))

    @routes.post("/effect")
    def effect() -> Response:
        body, t, actor = json_object(), asked_language(context), context.actor_of()
        _allowed(actor.scope)
        filters = _filters(context)
        if "rules" in body:
            found = effect_of_adoption(context.database, filters, actor.scope, tuple(_texts(body, "rules")))
        else:
            found = effect_of_change(context.database, filters, actor.scope, _text(body, "rule"), _changes(body))
        names = context.ask(f"?lang={language_of(context)}").name
        sentences = [*_until(context, body, t), *effect_sentences(found, t)]
        return jsonify({"sentences": sentences, "worse": is_worse(found), "rows": effect_rows(found, t, names), "more": max(0, len(found.rows) + len(found.scores) - MOST_ROWS)})

    @routes.post("/change")
    def change() -> Response:
        body, t = json_object(), asked_language(context)
        changes = _changes(body)
        if not changes:
            raise Refusal(N_("没有改动。"))
        rulebooks.change_rule(
            context.database, _text(body, "rule"), changes, _day(body, "valid_from"), _text(body, "reason"),
            actor=context.actor_of(), now=context.clock(), mark=_text(body, "mark"),
        )  # fmt: skip
        return jsonify({"sentence": t(N_("已保存为新版本，可在历史中撤销。"))})

    @routes.post("/adopt")
    def adopt() -> Response:
        body, t = json_object(), asked_language(context)
        rulebooks.adopt(
            context.database, _texts(body, "rules"), adopter=_text(body, "adopter"), document=_text(body, "document"),
            valid_from=_day(body, "valid_from"), valid_to=_day(body, "valid_to") if body.get("valid_to") else None,
            actor=context.actor_of(), now=context.clock(),
        )  # fmt: skip
        return jsonify({"sentence": t(N_("已采纳。"))})

    @routes.post("/end")
    def end() -> Response:
        body, t = json_object(), asked_language(context)
        rulebooks.end_adoption(context.database, _text(body, "rule"), _day(body, "last_day"), actor=context.actor_of(), now=context.clock())
        return jsonify({"sentence": t(N_("采纳已定截止日，之后只作参考。"))})

    @routes.post("/days")
    def days() -> Response:
        body, t = json_object(), asked_language(context)
        first = _day(body, "day")
        last = _day(body, "last_day") if body.get("last_day") else first
        if not 0 <= (last - first).days < MOST_DAYS:
            raise Refusal(N_("截止日不能早于起始日，一次最多 {n} 天。"), n=MOST_DAYS)
        if not isinstance(worked := body.get("working"), bool):
            raise UnreadableRequest("working: expected true or false")
        listed = {first + dt.timedelta(days=n): worked for n in range((last - first).days + 1)}
        rulebooks.set_calendar_days(context.database, listed, _text(body, "name"), actor=context.actor_of(), now=context.clock())
        return jsonify({"sentence": t(N_("工作日历已更新。"))})

    @routes.post("/undo")
    def undo() -> Response:
        body, t = json_object(), asked_language(context)
        rulebooks.undo_change(context.database, _text(body, "batch"), actor=context.actor_of(), now=context.clock())
        return jsonify({"sentence": t(N_("已撤销，之前的内容已恢复。"))})

    return routes


def _until(context: Context, body: dict[str, Any], t: Translate) -> list[str]:
    """That a later version stands already, before which a change ends."""
    if "rules" in body or not body.get("valid_from"):
        return []
    later = next_version_on(context.database, context.actor_of().scope, _text(body, "rule"), _day(body, "valid_from"))
    if later is None:
        return []
    return [t(N_("{day} 起已有另一个版本：这次修改只管到 {last}，那个版本不变"), day=later.isoformat(), last=(later - dt.timedelta(days=1)).isoformat())]


def _item(context: Context, rule_id: str, t: Translate) -> dict[str, object]:
    """One rule as the drawer shows it."""
    actor, filters = context.actor_of(), _filters(context)
    book = rulebooks.rulebook_of(context.database, filters, actor.scope)
    rule, original = book[rule_id], shipped()[rule_id]
    facts = (
        (N_("数值"), term(rule, t)), (N_("每次遗漏"), points(rule, t) if rule.kind != "score" else ""), (N_("出处"), t(rule.source)),
        (N_("文件"), t(rule.document)), (N_("印发单位"), t(rule.issuer)), (N_("适用地区"), t(rule.territory)), (N_("原文时期"), t(rule.period)),
        (N_("责任单位"), " · ".join(dict.fromkeys(filter(None, (t(rule.owner), t(name_of("agency_system", rule.owner_system)) if rule.owner_system else ""))))),
        (N_("口径说明"), t(rule.note)),
    )  # fmt: skip
    return {
        "id": rule.id, "name": t(rule.name), "clause": t(rule.clause), "ours": rule.ours, "adopted": book.is_adopted(rule.id),
        "facts": [[t(label), text] for label, text in facts if text],
        "fields": [_field(name, rule, original, t) for name in editable(original)],
        "mark": rulebooks.change_mark(context.database, actor.scope, rule.id),
        "editable": rulebooks.may_change(actor.scope), "today": filters.as_of.isoformat(),
        "adoptions": _adoptions(context, rule_id, t), "history": _history(context, rule_id, original, t),
    }  # fmt: skip


def _field(name: str, rule: Rule, original: Rule, t: Translate) -> dict[str, object]:
    value, default = _value(rule, name), _value(original, name)
    found: dict[str, object] = {"name": name, "label": t(FIELDS.get(name, name)), "value": value, "default": default}
    if name == "owner_system":
        choices = [("", t(N_("不指定")))] + [(code, t(name_of("agency_system", code))) for code in SYSTEMS]
    elif name in _WORDS:
        allowed = original.options["readings"] if name == "options.reading" else units(original) if name == "unit" else list(_WORDS[name])
        choices = [(code, t(_WORDS[name][code])) for code in allowed]
    elif isinstance(default, dict):
        return {**found, "kind": "systems", "systems": [[code, t(name_of("agency_system", code))] for code in SYSTEMS]}
    else:
        words = isinstance(default, str)
        return {**found, "kind": "text" if words else "number", **({"shown": t(value), "shown_default": t(default)} if words else {})}
    return {**found, "kind": "choice", "choices": [list(one) for one in choices]}


def _value(rule: Rule, name: str) -> Any:
    value = rule.options.get(name.removeprefix("options.")) if name.startswith("options.") else getattr(rule, name)
    return "" if value is None else value


def _adoptions(context: Context, rule_id: str, t: Translate) -> list[dict[str, object]]:
    actor = context.actor_of()
    found = rulebooks.adoptions(context.database, actor.scope)
    together = found["batch_id"].value_counts()
    named = context.ask(f"?lang={language_of(context)}").name
    return [
        {
            "adopter": t(row.adopter), "document": "" if is_missing(row.document) else t(row.document),
            "where": t(N_("全区")) if is_missing(row.area_code) else named(row.area_code),
            "from": day_words(row.valid_from), "to": day_words(row.valid_to), "batch": row.batch_id,
            "together": int(together[row.batch_id]),
        }
        for row in found[found["rule_id"] == rule_id].itertuples(index=False)
    ]  # fmt: skip


def _history(context: Context, rule_id: str, original: Rule, t: Translate) -> list[dict[str, object]]:
    zone = context.clock().tzinfo
    found = rulebooks.rule_history(context.database, context.actor_of().scope, rule_id)
    found = found[found["recorded_at"] <= context.clock()]
    return [
        {
            "from": day_words(row.valid_from), "changes": changes_text(original, row.content or {}, t), "who": t(row.actor_name),
            "at": row.recorded_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"), "reason": "" if is_missing(row.reason) else row.reason,
            "undone": not is_missing(row.undone_at), "replaced": not is_missing(row.superseded_at), "batch": row.batch_id,
        }
        for row in found.itertuples(index=False)
    ]  # fmt: skip


def _allowed(scope: Any) -> None:
    if not rulebooks.may_change(scope):
        raise Refusal(rulebooks.ONLY_THE_DISTRICT)


def _filters(context: Context) -> Filters:
    """The day that the page shows, today where it names none."""
    today = context.clock().date()
    try:
        asked = dt.date.fromisoformat(request.args["as_of"]) if request.args.get("as_of") else today
    except ValueError as error:
        raise UnreadableRequest(f"as_of: {error}") from error
    day = min(asked, today)
    return Filters(day, day, day)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > 1000:
        raise UnreadableRequest(f"{name}: expected a text of at most 1000 characters")
    return value


def _texts(body: dict[str, Any], name: str) -> list[str]:
    value = body.get(name)
    if not isinstance(value, list) or len(value) > 500 or not all(isinstance(one, str) for one in value):
        raise UnreadableRequest(f"{name}: expected a list of texts")
    return value


def _changes(body: dict[str, Any]) -> dict[str, Any]:
    value = body.get("changes")
    if not isinstance(value, dict) or len(value) > 40 or not all(isinstance(name, str) for name in value):
        raise UnreadableRequest("changes: expected an object")
    return value


def _day(body: dict[str, Any], name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(_text(body, name))
    except ValueError:
        raise Refusal(N_("请填写日期。")) from None
