"""Answers what is done in a meeting: open, freeze again, who came, decide, answer, close, take back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify

from dashboard.meeting_decisions import agencies_offered, kinds_offered
from dashboard.meeting_evidence import evidence_tables
from dashboard.meeting_state import room
from dashboard.own_requests import asked_language, language_of, only_ours
from dashboard.plain_json import json_object
from data_access.decisions_write import (
    DecisionEntry,
    answer_decision,
    change_decision,
    close_decision,
    make_decision,
    standing,
)
from data_access.importing.cells import cleaned
from data_access.meeting_facts import meeting_facts
from data_access.meetings_write import (
    MeetingEntry,
    MeetingRefused,
    may_convene,
    meeting_of,
    open_meeting,
    take_back,
)
from data_access.plain import readable
from data_access.snapshots import read_snapshot, snapshots_of, take_snapshot
from rules.language import N_, Refusal
from rules.request import FIRST_YEAR, LAST_YEAR, Actor, Filters, Scope, UnreadableRequest
from rules.snapshot_changes import snapshot_changes

if TYPE_CHECKING:
    from dashboard.question import Context

MOST_BYTES = 64 * 1024


def blueprint(context: Context) -> Blueprint:
    """The routes under ``/meeting/``; every POST needs the header ``X-Onemap-Request`` and a JSON object."""
    routes = Blueprint("meeting", __name__, url_prefix="/meeting")

    only_ours(routes, context, MOST_BYTES)

    @routes.post("/new")
    def new() -> Response:
        body = json_object()
        entry = MeetingEntry(
            day=_day(body, "day"), level=_text(body, "level"), name=_text(body, "name"), convener=_text(body, "convener"),
            street_code=(_text(body, "street") or None) if body.get("level") == "street" else None, members=_codes(body, "members"), invited=_codes(body, "invited"),
        )  # fmt: skip
        made, _ = open_meeting(context.database, entry, actor=context.actor_of(), now=context.clock(), demo=context.demo)
        return jsonify({"meeting": made})

    @routes.post("/open")
    def open_() -> Response:
        """Freeze the facts of the periods for a meeting; says what differs from its last snapshot."""
        body, t, actor, now = json_object(), asked_language(context), context.actor_of(), context.clock()
        meeting = _text(body, "meeting")
        shared = replace(actor.scope, personal=False, exact_points=False)
        entry = meeting_of(context.database, shared, meeting)
        if not may_convene(actor.scope, entry.level, entry.street_code):
            raise MeetingRefused(N_("区级会议由区打非办召集，街镇只能召集本街镇的会议。"))
        filters, before = _periods(body, now.date(), context)
        with context.database.snapshot():
            facts = meeting_facts(context.database, filters, shared, before=before, meeting_id=meeting, now=now, boundaries=_boundaries(body))
        last = snapshots_of(context.database, actor.scope, meeting)
        told = snapshot_changes(read_snapshot(context.database, actor.scope, last["id"].iloc[0]), facts) if len(last) else []
        made = take_snapshot(context.database, facts, meeting, actor=actor, now=now)
        return jsonify({"meeting": meeting, "snapshot": made.id, "number": made.number, "changes": [t(text, **{name: t(value) if isinstance(value, str) else value for name, value in values.items()}) for text, values in told]})

    @routes.post("/attend")
    def attend() -> Response:
        body, actor = json_object(), context.actor_of()
        entry = meeting_of(context.database, actor.scope, _text(body, "meeting"))
        changed = replace(entry, present=_codes(body, "present"), minutes_number=_text(body, "minutes_number") or None)
        open_meeting(context.database, changed, meeting_id=_text(body, "meeting"), actor=actor, now=context.clock(), demo=context.demo)
        return jsonify({"sentence": asked_language(context)(N_("已记下到会情况。"))})

    @routes.get("/attend/<meeting>")
    def attendance(meeting: str) -> Response:
        ask = context.ask(f"?lang={language_of(context)}")
        entry = meeting_of(context.database, ask.scope, meeting)
        called = dict.fromkeys((*entry.members, *entry.invited))
        return jsonify({"called": [[code, ask.name(code), code in entry.present] for code in called], "minutes_number": entry.minutes_number or ""})

    @routes.post("/decide")
    def decide() -> Response:
        body, actor = json_object(), context.actor_of()
        _, batch = make_decision(context.database, _text(body, "meeting"), _entry(context, body, actor), actor=actor, now=context.clock(), demo=context.demo)
        return jsonify({"sentence": asked_language(context)(N_("已记入议定事项，责任单位和配合单位的清单里会看到。")), "batch": batch})

    @routes.get("/decision/<decision>")
    def held(decision: str) -> Response:
        """A decision as its forms show it, and whom they offer."""
        ask = context.ask(f"?lang={language_of(context)}")
        found = standing(ask.database, ask.scope, decision, ask.today)
        entry = found.entry
        return jsonify({
            "kind": entry.kind, "text": entry.text, "done_when": entry.done_when, "owner": entry.agency_code, "support": entry.support,
            "due_on": entry.due_on and entry.due_on.isoformat(), "grids": entry.grids, "kinds": kinds_offered(ask.t), "agencies": agencies_offered(ask),
            "feedback": found.feedback, "version": found.version,
        })  # fmt: skip

    @routes.post("/change")
    def change() -> Response:
        """Other words, owner, support or day for an open decision; where it stands stays unless ``grids`` are given."""
        body, actor = json_object(), context.actor_of()
        entry = replace(
            standing(context.database, actor.scope, _text(body, "id"), context.clock().date()).entry, kind=_text(body, "kind"), text=_text(body, "text"), done_when=_text(body, "done_when"),
            agency_code=_text(body, "owner"), due_on=_day(body, "due_on"), support=_codes(body, "support"),
        )  # fmt: skip
        if "grids" in body:
            entry = replace(entry, grids=_codes(body, "grids"), street_code=None)
        batch = change_decision(context.database, _text(body, "id"), entry, actor=actor, now=context.clock(), seen=_seen(body), demo=context.demo)
        return jsonify({"sentence": asked_language(context)(N_("已修改，原来的内容保留在记录里，可以撤销。")), "batch": batch})

    @routes.get("/evidence/<meeting>/<snapshot>")
    def evidence(meeting: str, snapshot: str) -> Response:
        """The tables behind the sentences, as frozen."""
        found = room(context.ask("?" + urlencode({"meeting": meeting, "snapshot": snapshot, "lang": language_of(context)})))
        return jsonify({"tables": evidence_tables(found)})

    @routes.post("/answer")
    def answer() -> Response:
        body = json_object()
        batch = answer_decision(context.database, _text(body, "id"), _text(body, "feedback"), actor=context.actor_of(), now=context.clock(), seen=_seen(body), demo=context.demo)
        return jsonify({"sentence": asked_language(context)(N_("已记下反馈。")), "batch": batch})

    @routes.post("/close")
    def close() -> Response:
        body = json_object()
        batch = close_decision(context.database, _text(body, "id"), cancelled=body.get("cancelled") is True, actor=context.actor_of(), now=context.clock(), demo=context.demo)
        return jsonify({"sentence": asked_language(context)(N_("已办结。")), "batch": batch})

    @routes.post("/undo")
    def undo() -> Response:
        take_back(context.database, _text(json_object(), "batch"), actor=context.actor_of(), now=context.clock())
        return jsonify({"sentence": asked_language(context)(N_("已撤销，之前的内容已恢复。"))})

    return routes


def _entry(context: Context, body: dict[str, Any], actor: Actor) -> DecisionEntry:
    """The decision of a form; the hotspot is taken from the snapshot, never from the browser."""
    rank, snapshot = body.get("hotspot"), _text(body, "snapshot")
    spot = _spot(context, actor.scope, snapshot, rank) if rank is not None else None
    return DecisionEntry(
        kind=_text(body, "kind"), text=_text(body, "text"), done_when=_text(body, "done_when"), agency_code=_text(body, "owner"), due_on=_day(body, "due_on"),
        support=_codes(body, "support"), grids=_codes(body, "grids") or (tuple(spot["members"]) if spot else ()),
        hotspot=spot and {"snapshot": snapshot, **{name: spot[name] for name in ("rank", "name", "observed", "expected", "p", "class")}},
    )  # fmt: skip


def _spot(context: Context, scope: Scope, snapshot: str, rank: object) -> dict[str, Any]:
    facts = read_snapshot(context.database, scope, snapshot)
    found = next((one for one in facts["hotspots"] if one["rank"] == rank), None) if type(rank) is int else None
    if found is None:
        raise UnreadableRequest(f"hotspot: the snapshot has none of rank {rank!r}")
    return found


def _periods(body: dict[str, Any], today: dt.date, context: Context) -> tuple[Filters, tuple[dt.date, dt.date]]:
    start, end, first, last = (_day(body, name) for name in ("start", "end", "before_start", "before_end"))
    if start > end or first > last:
        raise Refusal(N_("起始日不能晚于结束日。"))
    if end > today:
        raise Refusal(N_("本期不能晚于今天 {day}。"), day=today.isoformat())
    if first <= end and start <= last:
        raise Refusal(N_("两期不能重叠。"))
    return Filters(start, end, end, cycle_days=context.cycle_days), (first, last)


def _boundaries(body: dict[str, Any]) -> str:
    asked = _text(body, "boundaries") or "now"
    if asked not in {"now", "then"}:
        raise UnreadableRequest(f"boundaries: expected now or then, found {asked[:20]!r}")
    return asked


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > 2000:
        raise UnreadableRequest(f"{name}: expected a text of at most 2000 characters")
    return cleaned(readable(value))


def _seen(body: dict[str, Any]) -> str | None:
    """The version that the form was opened with."""
    return _text(body, "version") or None


def _codes(body: dict[str, Any], name: str) -> tuple[str, ...]:
    value = body.get(name, [])
    if not isinstance(value, list) or len(value) > 500 or not all(isinstance(one, str) and 0 < len(one) <= 64 for one in value):
        raise UnreadableRequest(f"{name}: expected a list of codes")
    return tuple(dict.fromkeys(value))


def _day(body: dict[str, Any], name: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(_text(body, name))
    except ValueError:
        raise Refusal(N_("请填写日期。")) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal(N_("日期 {day} 不在 {first} 至 {last} 之间。"), day=day.isoformat(), first=f"{FIRST_YEAR}-01-01", last=f"{LAST_YEAR}-12-31")
    return day
