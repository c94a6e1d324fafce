"""Takes visits recorded on the spot over HTTP and gives back what the record page needs; each answer within the scope.

A record carries an id that the device made: sent twice it is taken once, so that a device may send
again whenever it does not know whether the first time arrived.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from dashboard.own_requests import only_ours
from dashboard.visit_choices import areas_to_choose, places_of_the_day
from data_access.areas import areas
from data_access.joint_application import joint_application
from data_access.photos import MEDIA_TYPE, photo_content
from data_access.recording import OtherContent, Recorded, UnknownTarget, record_visit
from data_access.visit_edits import UnknownVisit, edit_visit, undo_visit, visit_of
from data_access.visit_history import Change, visit_history
from data_access.visit_targets import Target, agency_for, find_target
from rules.language import N_, Refusal, Translate
from rules.request import UnreadableRequest
from rules.visit_record import (
    MOST_PHOTO_BYTES,
    MOST_PHOTOS,
    OUTCOMES,
    TARGET_KINDS,
    UnreadableRecord,
    VisitRecord,
    read_changes,
    read_reason,
    read_record,
)
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from dashboard.question import Ask, Context
    from rules.request import Actor

WRITER = "X-Onemap-Actor"
"""Who wrote a record that waited on a device: nobody else's session sends it."""
OWNER = "X-Onemap-Owner"
"""For whom an answer is, as ``owner_of`` says it: what a device keeps for one is not shown to another."""
MOST_BYTES = MOST_PHOTOS * MOST_PHOTO_BYTES * 4 // 3 + 256 * 1024
MOST_OUTLINES = 60
AROUND = 0.35
"""How much is shown around the area of a target, as a share of its larger side."""
SIMPLE_DEGREES = 0.00002
STATUS: tuple[tuple[type[Refusal], int], ...] = ((UnknownTarget, 404), (UnknownVisit, 404), (OtherContent, 409), (UnreadableRecord, 422))
_TARGET = re.compile(rf"({'|'.join(TARGET_KINDS)}):([A-Za-z0-9_.\-]{{1,64}})")


def blueprint(context: Context) -> Blueprint:
    """The routes; every POST needs the header ``X-Onemap-Request``.

    ``GET /record/target?target=KIND:ID``, ``GET /record/areas?area=CODE``, ``POST /visits``,
    ``GET /visits/ID``, ``POST /visits/ID/edit``, ``POST /visits/ID/undo``, ``GET /visits/ID/application``,
    ``GET /visits/photos/ID``. A refusal is one sentence with the field to mend.
    """
    routes = Blueprint("visits", __name__)

    def ask() -> Ask:
        return context.ask(f"?lang={request.args['lang']}" if "lang" in request.args else "")

    only_ours(routes, context, MOST_BYTES)

    @routes.before_request
    def its_writers() -> tuple[Response, int] | None:
        if request.method != "POST":
            return None
        writer = request.headers.get(WRITER)
        if writer is not None and unquote(writer) != context.actor_of().id:
            return jsonify({"error": ask().t(N_("这条登记是另一位用户填写的：请由本人登录后上传。"))}), 403
        return None

    @routes.errorhandler(Refusal)
    def refused(error: Refusal) -> tuple[Response, int]:
        status = next((code for kind, code in STATUS if isinstance(error, kind)), None)
        if status is None:
            raise error
        return jsonify({"error": error.say(ask().t), "field": getattr(error, "field", None)}), status

    @routes.get("/record/target")
    def target() -> Response:
        asked = ask()
        named = _TARGET.fullmatch(request.args.get("target", ""))
        found = named and find_target(context.database, asked.scope, asked.today, named[1], named[2])
        if not found:
            raise UnknownTarget
        response = _private(jsonify(_shown_target(asked, found)))
        response.headers[OWNER] = owner_of(asked.actor)
        return response

    @routes.get("/record/areas")
    def choices() -> Response:
        asked, area = ask(), request.args.get("area", "")
        return _private(jsonify({"areas": areas_to_choose(asked, area), "today": places_of_the_day(asked, area)}))

    @routes.post("/visits")
    def record() -> Response:
        asked, (plain, photos) = ask(), _body()
        form = read_record(plain, photos, asked.now)
        done = record_visit(context.database, form, actor=asked.actor, now=asked.now)
        return jsonify(_told(asked, form, done))

    @routes.get("/visits/<visit_id>")
    def look(visit_id: str) -> Response:
        asked = ask()
        return _private(jsonify(_shown_visit(asked, visit_id)))

    @routes.post("/visits/<visit_id>/edit")
    def edit(visit_id: str) -> Response:
        asked, (plain, photos) = ask(), _body()
        reason = read_reason(plain.pop("reason", None))
        edit_visit(context.database, visit_id, read_changes(plain), photos, reason=reason, actor=asked.actor, now=asked.now)
        return jsonify(_shown_visit(asked, visit_id))

    @routes.post("/visits/<visit_id>/undo")
    def undo(visit_id: str) -> Response:
        asked, (plain, _) = ask(), _body()
        stands = undo_visit(context.database, visit_id, reason=read_reason(plain.get("reason")), actor=asked.actor, now=asked.now)
        sentence = N_("已撤销最后一次修改，之前的内容已恢复。") if stands else N_("已撤销这条登记。")
        return jsonify({"stands": stands, "sentence": asked.t(sentence)})

    @routes.get("/visits/<visit_id>/application")
    def application(visit_id: str) -> Response:
        asked = ask()
        return _private(jsonify(_shown_application(asked, visit_id)))

    @routes.get("/visits/photos/<photo_id>")
    def photo(photo_id: str) -> Response:
        content = photo_content(context.database, photo_id[:64], actor=context.actor_of(), now=context.clock())
        if content is None:
            abort(404)
        response = Response(content, mimetype=MEDIA_TYPE)
        response.headers.set("Content-Disposition", "inline", filename="photo.jpg")
        return _private(response)

    return routes


def owner_of(actor: Actor) -> str:
    """Sixteen letters that differ for every person and every scope, and tell nothing of either."""
    return hashlib.sha256(f"{actor.id}\n{actor.scope.to_json()}".encode()).hexdigest()[:16]


def _body() -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """The plain values of a request and its pictures.

    Raises:
        UnreadableRequest: no JSON object.
        UnreadableRecord: pictures that are none.
    """
    try:
        plain = request.get_json()
    except HTTPException as error:
        if error.code == 413:
            raise UnreadableRecord("photos", N_("照片太大：每张最大 {most} MB。"), most=MOST_PHOTO_BYTES // 2**20) from error
        raise UnreadableRequest("body: expected a JSON object") from error
    if not isinstance(plain, dict):
        raise UnreadableRequest("body: expected a JSON object")
    sent = plain.pop("photos", None) or []
    if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
        raise UnreadableRecord("photos", N_("照片已损坏，读不出来：请重新拍摄。"))
    if len(sent) > MOST_PHOTOS:
        raise UnreadableRecord("photos", N_("照片最多 {most} 张。"), most=MOST_PHOTOS)
    try:
        return plain, tuple(base64.b64decode(one, validate=True) for one in sent)
    except (binascii.Error, ValueError) as error:
        raise UnreadableRecord("photos", N_("照片已损坏，读不出来：请重新拍摄。")) from error


def _told(ask: Ask, form: VisitRecord, done: Recorded) -> dict[str, object]:
    """What became of a record, in words, with what is offered next."""
    t = ask.t
    sentences = [t(N_("这条登记已经收到过，没有重复计入。")) if done.already else t(N_("已登记，计 {n} 户次。"), n=form.visits)]
    if done.lead_number:
        sentences.append(t(N_("已形成线索 {number}。"), number=done.lead_number))
    if form.lead_result:
        sentences.append(t(N_("核查结果：{result}。"), result=ask.words("lead_result", form.lead_result)))
    if done.closed:
        sentences.append(t(N_("点位已登记为自行歇业。")))
    if done.off_m:
        sentences.append(t(N_("位置在 {area} 外约 {n} 米，已照实记下。"), area=done.grid_code or t(N_("所填区域")), n=round(done.off_m)))
    offers = []
    if form.outcome == "confirmed":
        offers.append({"kind": "joint", "label": t(N_("联合执法申请函")), "href": f"/visits/{done.visit_id}/application"})
    return {
        "id": done.visit_id, "already": done.already, "sentence": "".join(sentences), "offers": offers, "grid": done.grid_code,
        "lead": done.lead_id and {"id": done.lead_id, "number": done.lead_number}, "off_m": done.off_m,
    }


def _shown_target(ask: Ask, target: Target) -> dict[str, object]:
    place = [ask.name(code) for code in (target.street_code, target.neighbourhood_code) if code]
    return {
        "kind": target.kind, "id": target.id, "label": target.label or target.area_code or "", "kind_name": ask.words("target_kind", target.kind),
        "place": " ".join(place), "grid": target.grid_code, "area": target.area_code, "status": ask.words("site_status", target.status),
        "can_close": target.can_close, "mode": target.mode, "category": target.category, "premises": target.premises,
        "agency": ask.name(agency_for(ask.database, ask.scope, ask.today, target)),
        "point": None if target.lon is None or target.kind == "grid" else [target.lon, target.lat],
        "outlines": _outlines(ask, target), "now": ask.now.isoformat(timespec="seconds"),
    }


def _outlines(ask: Ask, target: Target) -> list[dict[str, object]]:
    """The area of a target and its neighbours of one level, for the small map: rings in degrees."""
    everything = areas(ask.database, ask.scope, ask.today)
    rows = everything[everything["geometry"].notna()]
    own = rows[rows["code"] == target.area_code]
    if own.empty:
        return []
    level = rows[rows["level"] == own["level"].iat[0]]
    west, south, east, north = own.geometry.iat[0].bounds
    room = AROUND * max(east - west, north - south)
    near = level.cx[west - room : east + room, south - room : north + room]
    near = near[near["code"] != target.area_code].head(MOST_OUTLINES - 1)
    return [
        {"code": row.code, "label": row.code if row.level == "grid" else row.name, "here": row.code == target.area_code,
         "rings": [_ring(part) for part in getattr(row.geometry, "geoms", [row.geometry])]}
        for frame in (own, near) for row in frame.itertuples(index=False)
    ]


def _ring(polygon: Any) -> list[list[float]]:
    simple = polygon.simplify(SIMPLE_DEGREES)
    return [[round(x, 6), round(y, 6)] for x, y in simple.exterior.coords]


def _shown_visit(ask: Ask, visit_id: str) -> dict[str, object]:
    visit = visit_of(ask.database, visit_id, actor=ask.actor, now=ask.now)
    values = visit.values
    target = values["target_id"] or values["grid_code"] or values["neighbourhood_code"] or values["street_code"]
    return {
        "id": visit.id, "target": f"{values['target_kind']}:{target}", "outcome": visit.outcome, "mode": values["mode"], "visits": values["visits"],
        "note": values["note"] or "", "at": _local(ask, values["at"]), "grid": values["grid_code"], "off_m": values["off_m"],
        "form": dict(visit.form), "photos": list(visit.photos), "free": visit.free, "masked": not ask.scope.personal,
        "close_site": visit.closes_site, "propose_case": visit.outcome == "confirmed" and visit.lead is not None,
        "lead": visit.lead and {"number": visit.lead[1], "result": ask.words("lead_result", visit.lead[2])},
        "lead_result": visit.lead_result, "category": visit.lead[3] if visit.lead else None, "premises": visit.lead[4] if visit.lead else None,
        "history": [_shown_change(ask, change) for change in visit_history(ask.database, visit_id, ask.scope)],
    }


ACTIONS = {"record": N_("登记"), "edit_record": N_("修改"), "undo_record": N_("撤销")}
FIELDS = {
    "finding": N_("巡查结果"), "access": N_("是否进入"), "seen_closed": N_("已关停"), "mode": N_("巡查方式"), "visits": N_("户次"),
    "note": N_("情况说明"), "photos": N_("照片"), "unit_name": N_("无证行医单位名称"), "people": N_("负责人及从业人员姓名"),
    "address": N_("行医地址"), "phone": N_("联系电话"), "school": N_("毕业院校"), "major": N_("所学专业"), "qualification": N_("从医资格"),
    "category": N_("诊治科目"), "premises": N_("场所类型"), "joint_wanted": N_("是否要联合查处"), "advised_to_stop": N_("已劝导停业"),
    "filled_by": N_("填表人"), "reviewed_by": N_("审核人"),
}
_TABLES = {"finding": "finding", "mode": "visit_mode", "qualification": "qualification", "category": "category", "premises": "premises"}


def _shown_change(ask: Ask, change: Change) -> dict[str, object]:
    return {
        "at": _local(ask, change.at), "who": ask.t(change.actor), "action": ask.t(ACTIONS[change.action]), "reason": change.reason or "",
        "fields": [{"name": ask.t(FIELDS[name]), "old": _said(ask, name, old), "new": _said(ask, name, new)} for name, old, new in change.fields],
    }


def _said(ask: Ask, name: str, value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return ask.t(N_("是") if value else N_("否"))
    return ask.t(name_of(_TABLES[name], str(value))) if name in _TABLES else str(value)


def _shown_application(ask: Ask, visit_id: str) -> dict[str, object]:
    found = joint_application(ask.database, visit_id, actor=ask.actor, now=ask.now)
    t = ask.t
    return {
        "title": t(N_("联合执法申请函")), "to": t(N_("区打非办")), "from": ask.name(found.street_code),
        "start": found.start.isoformat(), "end": found.end.isoformat(), "found": found.found, "unheeding": found.unheeding,
        "agencies": [ask.words("agency_system", system) for system in found.systems], "visit": visit_id,
    }


def _local(ask: Ask, at: dt.datetime | None) -> str:
    return "" if at is None else at.astimezone(ask.now.tzinfo).strftime("%Y-%m-%d %H:%M")


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def outcome_names(t: Translate) -> dict[str, str]:
    """What the buttons of the five outcomes say."""
    return {code: t(name) for code, name in OUTCOMES.items()}


