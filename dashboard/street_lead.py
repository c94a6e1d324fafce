"""先行联系 and 答复: what was done about a complaint without a visit, written from its drawer and taken back."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from dash import html
from flask import Blueprint, Response, jsonify, request

from dashboard.figures_view import icon
from dashboard.marks import day, listed
from dashboard.own_requests import only_ours
from dashboard.plain_json import json_object
from data_access.importing.undoing import undo
from data_access.lead_steps import MISSED, Contact, last_contact, last_step, mark_lead
from rules.language import N_, Refusal, translator
from rules.lead_state import COMPLAINTS
from rules.request import UnreadableRequest
from rules.vocabulary import TABLES

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

PLACE = "/street/lead"
MOST_BYTES = 4 * 1024
CONTACT_RULE = "lead.contact"
STEPS = {"contacted": ("contacted_on", "phone-call", N_("登记先行联系")), "answered": ("feedback_on", "check", N_("登记已答复"))}


def lead_steps(ask: Ask, row: dict[str, Any]) -> Component | None:
    """The buttons of what is still open of a complaint; None where nothing is, or looking back at another day.

    Neither is the check: that is a visit (登记巡查).
    """
    if row["source"] not in COMPLAINTS or not may_record(ask):
        return None
    t = ask.t
    parts: list[Any] = [
        html.Button([icon(mark), t(words)], type="button", className="btn",
                    **({"data-contact": row["id"], "data-name": row["number"] or ""} if step == "contacted" else {"data-lead-step": step}))
        for step, (column, mark, words) in STEPS.items() if row[column] is None
    ]
    batch = last_step(ask.database, ask.scope, row["id"])
    if batch:
        parts.append(html.Button([icon("undo-2"), t("撤销上一步")], type="button", className="btn", **{"data-lead-step": "undo", "data-batch": batch}))
    tried = last_contact(ask.database, ask.scope, row["id"])
    if not parts and tried is None:
        return None
    said = html.P(t("上次联系：{told}", told=_told(ask, tried)), className="hint") if tried else None
    return html.Div([said, *parts, html.P(className="lead-said", role="alert")], className="lead-steps",
                    **{"data-lead": row["id"], "data-offline": t("连不上服务器：没有登记，请稍后重试。")})


def _told(ask: Ask, contact: Contact) -> str:
    at = contact.at.astimezone(ask.now.tzinfo)
    return listed((f"{day(ask, at.date())} {at:%H:%M}", ask.words("contact_how", contact.how), ask.words("contact_result", contact.result)))


def may_record(ask: Ask) -> bool:
    """Whether what is done now can be written on this screen: it shows today as known now."""
    return ask.filters.as_of == ask.today and ask.filters.known_at is None


def contact_button(ask: Ask, row: dict[str, Any]) -> Component | None:
    """先行联系 on the list's item of a complaint whose contact is still owed; None on every other."""
    if row["target_kind"] != "lead" or CONTACT_RULE not in (row["rule_ids"] or ()) or not may_record(ask):
        return None
    return html.Button([icon("phone-call"), ask.t("登记先行联系")], type="button", className="item-act",
                       **{"data-contact": row["target_id"], "data-name": row["label"] or ""})


def contact_words(ask: Ask) -> Component:
    """What the short sheet of a contact needs (assets/onemap/street_contact.js): its words, its lists, the time now."""
    t = ask.t
    words = {
        "title": t("登记先行联系"), "when": t("联系时间"), "how": t("联系方式"), "result": t("联系结果"), "save": t("保存"), "cancel": t("取消"), "undo": t("撤销"),
        "close": t("关闭"), "hint": t("没有联系上只记下这一次，先行联系仍未完成。"), "offline": t("连不上服务器：没有登记，请稍后重试。"), "choose": t("请选择联系方式和联系结果。"),
        "now": f"{ask.now:%Y-%m-%dT%H:%M}", "zone": f"{ask.now:%z}",
        "hows": [[word.code, t(word.name)] for word in TABLES["contact_how"]], "results": [[word.code, t(word.name)] for word in TABLES["contact_result"]],
    }
    return html.Div(id="contact-words", hidden=True, **{"data-words": json.dumps(words, ensure_ascii=False)})


def blueprint(context: Context) -> Blueprint:
    """``POST /street/lead``: ``{lead, step}`` or ``{batch, step: "undo"}``; needs the header ``X-Onemap-Request``.

    A contact may say ``at`` (ISO 8601 with its zone), ``how`` and ``result``.
    """
    routes = Blueprint("street_lead", __name__)
    only_ours(routes, context, MOST_BYTES)

    @routes.post(PLACE)
    def answer() -> Response:
        t = translator("en" if request.args.get("lang") == "en" else context.language)
        asked, actor, now = json_object(), context.actor_of(), context.clock()
        lead, step, batch = (str(asked.get(name, ""))[:64] for name in ("lead", "step", "batch"))
        if step == "undo":
            if not batch or last_step(context.database, actor.scope, lead) != batch:
                raise Refusal(N_("这一步之后又有改动，不能在这里撤销。"))
            undo(context.database, batch, actor=actor, now=now)
            return jsonify({"sentence": t(N_("已撤销，之前的内容已恢复。"))})
        contact = _contact(asked) if step == "contacted" and "result" in asked else None
        made = mark_lead(context.database, lead, step, actor=actor, now=now, contact=contact)
        missed = contact is not None and contact.result == MISSED
        return jsonify({"batch": made, "sentence": t(N_("已记下这一次，先行联系仍未完成。")) if missed else t(N_("已登记。"))})

    return routes


def _contact(asked: dict[str, Any]) -> Contact:
    """The contact that a body tells.

    Raises:
        UnreadableRequest: its instant cannot be read or has no zone.
    """
    try:
        at = dt.datetime.fromisoformat(str(asked.get("at", "")))
    except ValueError as error:
        raise UnreadableRequest("at: expected an instant (ISO 8601)") from error
    if at.tzinfo is None:
        raise UnreadableRequest("at: expected a time zone")
    return Contact(at, str(asked.get("how", ""))[:16], str(asked.get("result", ""))[:16])
