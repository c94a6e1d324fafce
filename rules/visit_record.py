"""What a record made on the spot (登记巡查) may hold: reads it from plain values and refuses what cannot be.

The five outcomes of the form and what each means for the register:

* ``none`` 无异常, ``suspect`` 发现疑似, ``confirmed`` 确认有发现: the finding of that name.
* ``closed`` 已关停: nothing found, and the place was seen shut (``seen_closed``).
* ``no_access`` 进不去: nobody could get in (``access`` false). It counts in 户次 and discharges nothing: 到过，未进入.

Source of the form's fields: S3 附件1 (《非法行医巡查登记表》).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.language import N_, Refusal
from rules.vocabulary import TABLES

TARGET_KINDS = ("grid", "site", "construction", "subject", "lead")
OUTCOMES = {
    "none": N_("无异常"), "suspect": N_("发现疑似"), "confirmed": N_("确认有发现"),
    "closed": N_("已关停"), "no_access": N_("进不去"),
}
FINDINGS = {"none": "none", "suspect": "suspect", "confirmed": "confirmed", "closed": "none", "no_access": "none"}
"""The finding that an outcome is kept as."""

FORM_TEXTS = {
    "unit_name": 120, "people": 240, "address": 240, "phone": 60, "school": 120, "major": 120,
    "filled_by": 120, "reviewed_by": 120,
}
"""Free texts of the form and their greatest length in characters."""
FORM_WORDS = {"qualification": "qualification", "category": "category", "premises": "premises"}
FORM_BOOLS = ("joint_wanted", "advised_to_stop")
FORM_FIELDS = (*FORM_TEXTS, *FORM_WORDS, *FORM_BOOLS)

MOST_PHOTOS = 4
MOST_PHOTO_BYTES = 8 * 2**20
MOST_VISITS = 99
LONGEST_NOTE = 1_000
LONGEST_REASON = 200
AHEAD = dt.timedelta(minutes=10)
"""How far a device's clock may run ahead of the product's."""
OLDEST_DAYS = 366
WEST, SOUTH, EAST, NORTH = 73.0, 17.0, 136.0, 54.0
"""The box that every position in China lies in, degrees."""

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TARGET = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


class UnreadableRecord(Refusal):
    """A record cannot be taken as it is; ``field`` names what must be mended."""

    def __init__(self, field: str, message: str, /, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


@dataclass(frozen=True, slots=True)
class Position:
    """Where somebody stood.

    Attributes:
        lon, lat: degrees, EPSG:4326.
        how: ``device`` (the device measured it) or ``tapped`` (on the small map).
        accuracy_m: radius of 68 % confidence that the device gives, m; None where tapped.
    """

    lon: float
    lat: float
    how: str
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One visit as it was written down on the spot.

    Attributes:
        id: UUID of version 4 or 7 that the device made; the same id is never taken twice.
        at: the instant of the visit, in the product's time zone; ``day`` is its day there.
        target_kind, target_id: what was visited; for ``grid`` the code of the area.
        outcome: a code of ``OUTCOMES``.
        mode: a code of ``vocabulary.VISIT_MODE``.
        visits: 户次, at least 1.
        note: what was seen; free text.
        category, premises: of what was suspected, codes, or None.
        position: None where neither measured nor tapped.
        form: the fields of S3 附件1 that were filled (``FORM_FIELDS``).
        photos: pictures as the device sent them.
        close_site: register the site as 自行歇业 (outcome ``closed`` only).
        propose_case: report a confirmed finding as a confirmed lead, for a case to be filed.
        lead_result: what the check of a lead came to (``vocabulary.LEAD_RESULT``; pending is 仍在核查);
            None for other targets.
    """

    id: str
    at: dt.datetime
    target_kind: str
    target_id: str
    outcome: str
    mode: str
    visits: int = 1
    note: str | None = None
    category: str | None = None
    premises: str | None = None
    position: Position | None = None
    form: Mapping[str, object] = field(default_factory=dict)
    photos: tuple[bytes, ...] = ()
    close_site: bool = False
    propose_case: bool = False
    lead_result: str | None = None

    @property
    def day(self) -> dt.date:
        return self.at.date()

    @property
    def finding(self) -> str:
        """A code of ``vocabulary.FINDING``."""
        return FINDINGS[self.outcome]

    def digest(self) -> str:
        """SHA-256 of everything the record says: two records with one id and one digest are one."""
        position = self.position and [self.position.lon, self.position.lat, self.position.how, self.position.accuracy_m]
        said = {
            "id": self.id, "at": self.at.astimezone(dt.UTC).isoformat(), "target": [self.target_kind, self.target_id],
            "outcome": self.outcome, "mode": self.mode, "visits": self.visits, "note": self.note,
            "category": self.category, "premises": self.premises, "position": position, "form": dict(self.form),
            "photos": [hashlib.sha256(photo).hexdigest() for photo in self.photos],
            "close_site": self.close_site, "propose_case": self.propose_case,
            **({"lead_result": self.lead_result} if self.lead_result else {}),
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_record(plain: object, photos: tuple[bytes, ...], now: dt.datetime) -> VisitRecord:
    """A record from the plain values of a request.

    Args:
        plain: ``id``, ``at`` (ISO 8601 with zone), ``target`` ({kind, id}), ``outcome`` and optionally
            ``mode``, ``visits``, ``note``, ``category``, ``premises``, ``position`` ({lon, lat, how,
            accuracy_m}), ``form``, ``close_site``, ``propose_case``, ``lead_result`` (of a lead; absent
            is pending); other keys are refused.
        photos: contents of the pictures sent with it.
        now: the product's instant, in its time zone.

    Raises:
        UnreadableRecord: the first thing that cannot be, with its field.
    """
    if not isinstance(plain, dict):
        raise UnreadableRecord("record", N_("登记的格式不对。"))
    unknown = sorted(set(map(str, plain)) - _KEYS)
    if unknown:
        raise UnreadableRecord("record", N_("登记里有不认识的项：{name}。"), name=_quoted(unknown[0]))
    kind, target = _target(plain.get("target"))
    outcome = _one_of(plain.get("outcome"), "outcome", OUTCOMES)
    if outcome is None:
        raise UnreadableRecord("outcome", N_("请选择巡查结果。"))
    if outcome == "closed" and kind != "site":
        raise UnreadableRecord("outcome", N_("只有历史点位能登记为已关停。"))
    identifier = plain.get("id")
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        raise UnreadableRecord("id", N_("登记没有有效的编号。"))
    found = outcome in {"suspect", "confirmed"}
    return VisitRecord(
        id=identifier, at=_at(plain.get("at"), now), target_kind=kind, target_id=target, outcome=outcome,
        mode=_word(plain.get("mode"), "mode", "visit_mode") or "patrol",
        visits=_visits(plain.get("visits", 1)), note=_text(plain.get("note"), "note", LONGEST_NOTE),
        category=_word(plain.get("category"), "category", "category") if found else None,
        premises=_word(plain.get("premises"), "premises", "premises") if found else None,
        position=_position(plain.get("position")), form=read_form(plain.get("form")), photos=_photos(photos),
        close_site=outcome == "closed" and _bool(plain.get("close_site"), "close_site"),
        propose_case=outcome == "confirmed" and _bool(plain.get("propose_case"), "propose_case"),
        lead_result=lead_result(outcome, _word(plain.get("lead_result"), "lead_result", "lead_result") or "pending") if kind == "lead" else None,
    )


def lead_result(outcome: str, result: str) -> str:
    """The result of a lead's check, where it can go with what was found on the spot.

    Raises:
        UnreadableRecord: 不属实 with a confirmed finding, or a result where nobody got in.
    """
    if outcome == "confirmed" and result == "unfounded":
        raise UnreadableRecord("lead_result", N_("确认有发现时，核查结果不能是不属实。"))
    if outcome == "no_access" and result != "pending":
        raise UnreadableRecord("lead_result", N_("没有进去，核查结果只能是核查中。"))
    return result


def read_changes(plain: object) -> dict[str, object]:
    """What an edit changes: ``outcome``, ``mode``, ``visits``, ``note``, ``category``, ``premises``, ``form``,
    ``close_site``, ``propose_case``, ``lead_result``, ``remove_photos`` (ids); what is absent stays.

    Raises:
        UnreadableRecord: a key that cannot be changed, or a value that cannot be.
    """
    if not isinstance(plain, dict):
        raise UnreadableRecord("record", N_("登记的格式不对。"))
    unknown = sorted(set(map(str, plain)) - _READERS.keys())
    if unknown:
        raise UnreadableRecord("record", N_("这一项不能修改：{name}。请撤销后重新登记。"), name=_quoted(unknown[0]))
    return {name: _READERS[name](value) for name, value in plain.items()}


def read_form(plain: object) -> dict[str, object]:
    """The filled fields of the registration form; an empty one is left out.

    Raises:
        UnreadableRecord: an unknown field, or a value that cannot be.
    """
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise UnreadableRecord("form", N_("登记的格式不对。"))
    unknown = sorted(set(map(str, plain)) - set(FORM_FIELDS))
    if unknown:
        raise UnreadableRecord("form", N_("登记里有不认识的项：{name}。"), name=_quoted(unknown[0]))
    found: dict[str, object] = {}
    for name, value in plain.items():
        if name in FORM_TEXTS:
            read = _text(value, name, FORM_TEXTS[name])
        elif name in FORM_WORDS:
            read = _word(value, name, FORM_WORDS[name])
        else:
            read = None if value is None else _bool(value, name)
        if read is not None:
            found[name] = read
    return found


def read_reason(plain: object) -> str | None:
    """Why something is changed; None where nothing is said.

    Raises:
        UnreadableRecord: not a text, or too long.
    """
    return _text(plain, "reason", LONGEST_REASON)


def _target(plain: object) -> tuple[str, str]:
    if not isinstance(plain, dict) or plain.get("kind") not in TARGET_KINDS:
        raise UnreadableRecord("target", N_("没有写明巡查对象。"))
    if not isinstance(plain.get("id"), str) or not _TARGET.fullmatch(plain["id"]):
        raise UnreadableRecord("target", N_("没有写明巡查对象。"))
    return plain["kind"], plain["id"]


def _at(plain: object, now: dt.datetime) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(plain) if isinstance(plain, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise UnreadableRecord("at", N_("登记没有有效的时间。"))
    try:
        at = at.astimezone(now.tzinfo)
        ahead, age = at - now, now - at
    except OverflowError as error:
        raise UnreadableRecord("at", N_("登记没有有效的时间。")) from error
    if ahead > AHEAD:
        raise UnreadableRecord("at", N_("登记的时间晚于现在：请核对手机的时钟。"))
    if age > dt.timedelta(days=OLDEST_DAYS):
        raise UnreadableRecord("at", N_("登记的时间早于一年前：请改用导入。"))
    return min(at, now)


def _position(plain: object) -> Position | None:
    if plain is None:
        return None
    if not isinstance(plain, dict) or plain.get("how") not in ("device", "tapped"):
        raise UnreadableRecord("position", N_("位置的格式不对。"))
    lon, lat = _number(plain.get("lon"), "position"), _number(plain.get("lat"), "position")
    if lon is None or lat is None or not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        raise UnreadableRecord("position", N_("位置不在中国境内：请重新定位，或在小地图上点选。"))
    accuracy = _number(plain.get("accuracy_m"), "position") if plain["how"] == "device" else None
    if accuracy is not None and not 0 <= accuracy <= 1_000_000:
        raise UnreadableRecord("position", N_("位置的格式不对。"))
    return Position(round(lon, 7), round(lat, 7), plain["how"], None if accuracy is None else round(accuracy, 1))


def _number(value: object, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e9 or not math.isfinite(value):
        raise UnreadableRecord(name, N_("位置的格式不对。"))
    return float(value)


def _visits(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_VISITS:
        raise UnreadableRecord("visits", N_("户次应为 1 到 {most} 的整数。"), most=MOST_VISITS)
    return value


def _text(value: object, name: str, longest: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or any(unicodedata.category(one) == "Cs" for one in value):
        raise UnreadableRecord(name, N_("这一项不是文字。"))
    kept = "".join(one for one in value if one == "\n" or unicodedata.category(one) not in {"Cc", "Cf"}).strip()
    if len(kept) > longest:
        raise UnreadableRecord(name, N_("这一项最多 {most} 个字，现有 {count} 个。"), most=longest, count=len(kept))
    return kept or None


def _word(value: object, name: str, table: str) -> str | None:
    return _one_of(value, name, {word.code for word in TABLES[table]})


def _one_of(value: object, name: str, known: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in known:  # type: ignore[operator]
        raise UnreadableRecord(name, N_("这一项没有这个选项：{found}。"), found=_quoted(value))
    return value


def _quoted(value: object) -> str:
    """A few characters of what was sent, fit to be sent back."""
    return str(value).encode("utf-8", "replace").decode()[:40]


def _bool(value: object, name: str) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise UnreadableRecord(name, N_("这一项应为是或否。"))
    return value


def _photos(photos: tuple[bytes, ...]) -> tuple[bytes, ...]:
    if len(photos) > MOST_PHOTOS:
        raise UnreadableRecord("photos", N_("照片最多 {most} 张。"), most=MOST_PHOTOS)
    if any(len(photo) > MOST_PHOTO_BYTES for photo in photos):
        raise UnreadableRecord("photos", N_("一张照片最大 {most} MB。"), most=MOST_PHOTO_BYTES // 2**20)
    return photos


def _photo_ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_PHOTOS or not all(isinstance(one, str) for one in value):
        raise UnreadableRecord("remove_photos", N_("登记的格式不对。"))
    return tuple(value)


def _outcome(value: object) -> str:
    found = _one_of(value, "outcome", OUTCOMES)
    if found is None:
        raise UnreadableRecord("outcome", N_("请选择巡查结果。"))
    return found


_READERS = {
    "outcome": _outcome,
    "mode": lambda value: _word(value, "mode", "visit_mode") or "patrol",
    "visits": _visits,
    "note": lambda value: _text(value, "note", LONGEST_NOTE),
    "category": lambda value: _word(value, "category", "category"),
    "premises": lambda value: _word(value, "premises", "premises"),
    "form": lambda value: _form_changes(value),
    "close_site": lambda value: _bool(value, "close_site"),
    "propose_case": lambda value: _bool(value, "propose_case"),
    "lead_result": lambda value: _word(value, "lead_result", "lead_result") or "pending",
    "remove_photos": _photo_ids,
}
_KEYS = {"id", "at", "target", "outcome", "mode", "visits", "note", "category", "premises", "position", "form", "close_site", "propose_case", "lead_result"}


def _form_changes(value: object) -> dict[str, object]:
    """As ``read_form``, but an emptied field stands there as None."""
    read = read_form(value)
    emptied = {name: None for name in value if name not in read} if isinstance(value, dict) else {}
    return {**emptied, **read}
