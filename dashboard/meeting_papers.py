"""Hands out the papers of a meeting, each made from its snapshot; a person confirms them, one at a time."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, request, send_file

from briefing.documents import Paper, PaperSettings, make, papers
from dashboard.meeting_map import as_frozen
from dashboard.own_requests import only_ours
from dashboard.plain_json import json_object
from data_access.areas import areas
from data_access.meetings_write import may_convene, meeting_of
from data_access.paper_facts import digest_of, printed_facts
from data_access.papers_write import (
    Confirmation,
    PaperRefused,
    confirm_paper,
    confirmations,
    keep_paper,
    withdraw_paper,
)
from data_access.plain import readable
from rules.language import LANGUAGES, N_, translator
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dashboard.question import Ask, Context

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pdf": "application/pdf", "html": "text/html; charset=utf-8", "zip": "application/zip",
}  # fmt: skip
PACKS = "packs"
"""Stands where a paper's kind would, for the packs of all streets together."""

MOST_BYTES = 8 * 1024
MOST_NUMBER = 60
"""Signs of a 文号."""

_WORD = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed for whom.

    Attributes:
        ask: the question under a shared screen's scope, as of the snapshot.
        facts: frozen, with what the meeting decided on them, cut to their reader.
        street: code of the street that they are cut to; empty for all that the scope holds.
        digest: of the facts (``paper_facts.digest_of``).
        confirmed: the confirmations that hold, by kind.
    """

    ask: Ask
    facts: dict[str, Any]
    meeting: str
    street: str
    digest: str
    confirmed: dict[str, Confirmation]

    @property
    def snapshot(self) -> str:
        return self.facts["snapshot"]["id"]

    @property
    def is_demo(self) -> bool:
        return self.ask.context.demo or bool(self.facts["demo"])


def asked_print(context: Context, given: dict[str, Any]) -> Print:
    """What a request asks to print: ``snapshot``, ``meeting`` and, optionally, ``street``.

    Raises:
        UnreadableRequest: one of them is no id.
        Refusal: no such snapshot, meeting or street within the scope.
    """
    snapshot, meeting, street = (_word(given, name) for name in ("snapshot", "meeting", "street"))
    ask = context.ask(f"?lang={_language(context)}").with_scope(personal=False, exact_points=False)
    facts = printed_facts(ask.database, ask.scope, snapshot, meeting, ask.today, street=street)
    digest = digest_of(facts)
    return Print(as_frozen(ask, facts), facts, meeting, street, digest, confirmations(ask.database, ask.scope, snapshot, meeting, digest))


def settings_of(context: Context, print_: Print, confirmed: Confirmation | None, *, red_head: bool = False, number: str = "") -> PaperSettings:
    """How the paper is made; demo data prints no red head and no number whatever is asked (DESIGN 12)."""
    told = print_.facts["snapshot"]
    notices = " ".join(filter(None, (context.notices.boundary, context.notices.source, context.notices.approval)))
    return PaperSettings(
        demo=print_.is_demo, language=print_.ask.lang, snapshot=f"{told['number']} · {told['hash'][:12]}", outlines=print_.ask.look_up(areas),
        confirmed_by=confirmed.name if confirmed and not print_.is_demo else "", with_red_head=red_head, number=number,
        **({"map_notice": notices} if notices else {}),
    )  # fmt: skip


def blueprint(context: Context) -> Blueprint:
    """``GET /meeting/papers`` lists what there is and who confirmed it; ``GET /meeting/paper/SNAPSHOT/MEETING/KIND`` makes one.

    ``POST /meeting/papers/confirm`` and ``/withdraw`` need the header ``X-Onemap-Request``.
    """
    routes = Blueprint("meeting_papers", __name__, url_prefix="/meeting")

    only_ours(routes, context, MOST_BYTES)

    @routes.get("/papers")
    def listed() -> Response:
        t = translator(_language(context))
        if not request.args.get("snapshot"):
            return jsonify({"papers": [_told(one, t) for one in papers()]})
        print_ = asked_print(context, request.args)
        whole = not print_.street and not print_.facts["scope"]["areas"] and not _is_agency(print_)
        return jsonify({
            "papers": [_told(one, t) | {"confirmed": _confirmed(print_, one.kind)} for one in papers() if _is_for(one, print_)],
            "packs": {"confirmed": _confirmed(print_, PACKS)} if not print_.street and not _is_agency(print_) else None,
            "streets": [[row["code"], print_.ask.name(row["code"])] for row in print_.facts["streets"]] if whole or print_.street else [],
            "demo": print_.is_demo, "may_confirm": not print_.is_demo and _may_confirm(context, print_.meeting), "digest": print_.digest,
        })  # fmt: skip

    @routes.get("/paper/<snapshot>/<meeting>/<kind>")
    def paper(snapshot: str, meeting: str, kind: str) -> Response:
        found = next((one for one in papers() if one.kind == kind), None)
        if found is None:
            abort(404)
        print_ = asked_print(context, {"snapshot": snapshot, "meeting": meeting, "street": request.args.get("street", "")})
        if not _is_for(found, print_):
            abort(404)
        number = readable(request.args.get("number", "")).strip()[:MOST_NUMBER]
        confirmed = print_.confirmed.get(kind)
        settings = settings_of(context, print_, confirmed, red_head=request.args.get("red_head") == "1", number=number)
        content = make(kind, print_.facts, settings)
        ask, name = print_.ask, found.file_name(print_.facts, print_.ask.t)
        keep_paper(
            ask.database, snapshot_id=snapshot, meeting_id=meeting, kind=kind, file_name=name, digest=hashlib.sha256(content).hexdigest(), actor=ask.actor, now=ask.now,
            confirmed=confirmed, detail={name: value for name, value in (("street", print_.street), ("number", number)) if value},
        )  # fmt: skip
        return attached(content, name, found.extension)

    @routes.post("/papers/confirm")
    def confirm() -> Response:
        body = json_object()
        print_ = asked_print(context, body)
        kind = _word(body, "kind")
        found = next((one for one in papers() if one.kind == kind), None)
        if found is None and kind != PACKS:
            abort(404)
        _check_right(context, print_)
        if body.get("digest") != print_.digest:
            raise PaperRefused(N_("议定事项已有变化：请重新打开材料清单，看过新的草稿再确认。"))
        ask = print_.ask
        made = confirm_paper(
            ask.database, snapshot_id=print_.snapshot, meeting_id=print_.meeting, kind=kind, file_name=found.file_name(print_.facts, ask.t) if found else "packs.zip",
            digest=print_.digest, demo=print_.is_demo, actor=ask.actor, now=ask.now,
        )  # fmt: skip
        return jsonify({"confirmed": _said(made, ask), "sentence": ask.t(N_("已确认，此后生成的不再是草稿。"))})

    @routes.post("/papers/withdraw")
    def withdraw() -> Response:
        body = json_object()
        print_ = asked_print(context, body)
        _check_right(context, print_)
        withdraw_paper(print_.ask.database, _word(body, "id"), print_.snapshot, actor=print_.ask.actor, now=print_.ask.now)
        return jsonify({"sentence": print_.ask.t(N_("已撤销确认，材料仍为草稿。"))})

    return routes


def attached(content: bytes, name: str, extension: str) -> Response:
    """An answer that the browser saves under the name."""
    response = send_file(io.BytesIO(content), mimetype=MEDIA.get(extension, "application/octet-stream"), as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_agency(print_: Print) -> bool:
    return bool(print_.ask.scope.agencies)


def _is_for(one: Paper, print_: Print) -> bool:
    """Whether a paper is made for this reader; the office hands out each."""
    return ("agency" in one.readers) if _is_agency(print_) else not print_.street or "street" in one.readers


def _told(one: Paper, t: Any) -> dict[str, Any]:
    return {"kind": one.kind, "label": t(one.label), "extension": one.extension, "red_head": one.red_head}


def _confirmed(print_: Print, kind: str) -> dict[str, str] | None:
    return _said(print_.confirmed[kind], print_.ask) if kind in print_.confirmed else None


def _said(made: Confirmation, ask: Ask) -> dict[str, str]:
    return {"id": made.id, "who": ask.t(made.name), "at": made.at.astimezone(ask.now.tzinfo).strftime("%Y-%m-%d %H:%M")}


def _may_confirm(context: Context, meeting: str) -> bool:
    scope = replace(context.actor_of().scope, personal=False, exact_points=False)
    entry = meeting_of(context.database, scope, meeting)
    return may_convene(scope, entry.level, entry.street_code)


def _check_right(context: Context, print_: Print) -> None:
    if not _may_confirm(context, print_.meeting):
        raise PaperRefused(N_("材料由召集会议的一方确认。"))


def _word(given: Any, name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or (value and not _WORD.fullmatch(value)) or (not value and name != "street"):
        raise UnreadableRequest(f"{name}: expected an id")
    return value


def _language(context: Context) -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else context.language
