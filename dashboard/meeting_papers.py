"""Hands out the papers of a meeting: each made from its snapshot and the decisions of the day, one at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, request, send_file

from briefing.documents import PaperSettings, make, papers
from dashboard.meeting_map import as_frozen
from data_access.areas import areas
from data_access.decided import decided, with_decided
from data_access.papers_write import keep_paper
from data_access.registered_places import joint_needs, registered_places
from data_access.snapshots import read_snapshot
from rules.language import LANGUAGES, translator

if TYPE_CHECKING:
    from dashboard.question import Context

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pdf": "application/pdf", "html": "text/html; charset=utf-8", "zip": "application/zip",
}  # fmt: skip


def blueprint(context: Context) -> Blueprint:
    """``GET /meeting/papers`` lists what there is; ``GET /meeting/paper/SNAPSHOT/MEETING/KIND`` makes one."""
    routes = Blueprint("meeting_papers", __name__, url_prefix="/meeting")

    @routes.get("/papers")
    def listed() -> Response:
        t = translator(_language(context))
        return jsonify({"papers": [{"kind": one.kind, "label": t(one.label), "extension": one.extension} for one in papers()]})

    @routes.get("/paper/<snapshot>/<meeting>/<kind>")
    def paper(snapshot: str, meeting: str, kind: str) -> Response:
        found = next((one for one in papers() if one.kind == kind), None)
        if found is None:
            abort(404)
        ask = context.ask(f"?lang={_language(context)}")
        shared = replace(ask.scope, personal=False, exact_points=False)
        facts = read_snapshot(ask.database, shared, snapshot)
        frozen = as_frozen(ask.with_scope(personal=False, exact_points=False), facts)
        live = decided(ask.database, shared, meeting, [one["id"] for one in facts["decisions"]], ask.today)
        content = make(kind, with_decided(facts, live, meeting), _settings(context, facts, frozen, ask.lang))
        name = found.file_name(facts, ask.t)
        keep_paper(ask.database, snapshot_id=snapshot, meeting_id=meeting, kind=kind, file_name=name, digest=hashlib.sha256(content).hexdigest(), actor=ask.actor, now=ask.now)
        response = send_file(io.BytesIO(content), mimetype=MEDIA.get(found.extension, "application/octet-stream"), as_attachment=True, download_name=name)
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _settings(context: Context, facts: dict[str, Any], frozen: Any, lang: str) -> PaperSettings:
    told = facts["snapshot"]
    notices = " ".join(filter(None, (context.notices.boundary, context.notices.source, context.notices.approval)))
    asked = frozen.filters.with_(start=dt.date.fromisoformat(facts["start"]), end=dt.date.fromisoformat(facts["end"]))
    return PaperSettings(
        forms=registered_places(frozen.database, asked, frozen.scope), joint_needs=joint_needs(frozen.database, asked, frozen.scope),
        demo=context.demo or bool(facts.get("demo")), language=lang, snapshot=f"{told['number']} · {told['hash'][:12]}", outlines=frozen.look_up(areas),
        **({"map_notice": notices} if notices else {}),
    )  # fmt: skip


def _language(context: Context) -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else context.language
