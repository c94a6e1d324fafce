"""Which facts of a meeting may leave it for a reader of less than the district: whatever is not named here stays behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from data_access.versions import GROUPS
from rules.emerging import CODES

VALUE = "value"
"""A text, a number, yes or no, nothing, or a list of these."""

Shape = Any
"""``VALUE``; names with the shape of each; ``Each``; ``ByKey``."""


@dataclass(frozen=True, slots=True)
class Each:
    """A list of objects of one shape."""

    of: Shape


@dataclass(frozen=True, slots=True)
class ByKey:
    """An object whose keys are data, such as codes.

    Attributes:
        known: whether a key or a value is one; any other goes with what stands under it.
        of: shape of what stands under a key.
    """

    known: Callable[[str, Any], bool]
    of: Shape = VALUE


def _fields(names: str, **more: Shape) -> dict[str, Shape]:
    return {**dict.fromkeys(names.split(), VALUE), **more}


BOTH = _fields("zh en")
UNIT = _fields("code name name_en area_code")
PERIOD = _fields("start end")

PUBLISHED = _fields(
    "code name name_en short_name grids ok due over never coverage key_n key_N visits penalties "
    "events_before events_after exposure exposure_before exposure_after ratio low high p verdict stands"
)
"""What every street may know of every other: published indicators (DESIGN 12)."""

DISTRICT = PUBLISHED | _fields("open_cases sites high_sites")
STREET = DISTRICT | {"overdue_grids": Each(_fields("code days state"))}

NAMED = _fields("code name name_en system")
"""What an agency may know of the work of another: that it is there."""

AGENCY = NAMED | _fields("visits people joint_actions cases_handled transfers_in transfers_out feedback_n feedback_N on_time_n on_time_N overdue")

HOTSPOT_ELSEWHERE = _fields(
    "rank kind name name_en street_codes level members observed expected relative_risk llr p simulations class matters sites high_risk_sites "
    "construction_sites overdue_grids must_transfer watch effort due_effort thin_effort lead_system support_systems lon lat radius_m trend suppressed",
    histogram=_fields("edges counts own"), sentence=BOTH, detail=BOTH, reason=BOTH,
)  # fmt: skip
HOTSPOT = HOTSPOT_ELSEWHERE | {"repeat": Each(_fields("grid premises count")), "open_cases": Each(_fields("street_code street days_left"))}

DECISION = _fields(
    "id number kind text done_when day agency_code agency agency_en agency_area street_code street grid_code due_on state days_left feedback "
    "feedback_on closed_on carried meeting_id target_kind target_id",
    support=Each(UNIT), hotspot=_fields("snapshot rank name observed expected p class members"),
)  # fmt: skip
PERSON = _fields("subject penalties last_penalty_on again_on age_days street_code street agency_code agency agency_en reason ground article")
TRACKERS = dict.fromkeys(("must_transfer", "check_qualification", "watch"), Each(PERSON))
CASE = _fields("number kind category street_code street stage days_left due_on agency_code agency agency_en")
DEADLINE = _fields("kind number title street_code street agency_code agency agency_en from_code from_agency from_agency_en due_on days_left")
FORM_ROW = _fields("street_code street unit_name people address phone school major qualification category joint_wanted advised_to_stop day")
MOVE = _fields("from_street to_street by count from_name to_name suppressed")

_FIGURE = re.compile(r"K\d{1,2}(_.{1,40})?")
_CODE = re.compile(r"[\w.\-]{1,64}")
CLASSES = frozenset({"very_high", "high", "tending_high", "none", "low", "under_patrolled"})
"""Those of ``data_access.hotspots``, which takes seconds to import."""

FIGURES = ByKey(lambda key, _: bool(_FIGURE.fullmatch(key)), _fields("name unit value n N"))

OPEN = _fields(
    "version demo as_of start end boundaries taken_at",
    district=DISTRICT,
    scope=_fields("areas agencies"),
    before=_fields("start end records_from"),
    data_version=ByKey(lambda key, _: key in GROUPS),
    meeting=_fields(
        "id number day level name street_code minutes_number", convener=UNIT,
        **dict.fromkeys(("members", "invited", "present", "absent"), Each(UNIT)), liaisons=Each(_fields("agency_code agency agency_en name")),
    ),
    figures=FIGURES, figures_before=FIGURES,
    hotspot_map=_fields("start end level basis year kinds events unplaced simulations"),
    grid_classes=ByKey(lambda key, value: bool(_CODE.fullmatch(key)) and value in CLASSES),
    emerging={"months": VALUE, "classes": ByKey(lambda key, value: bool(_CODE.fullmatch(key)) and value in CODES.values())},
    recurrence=_fields(
        "since closures returned censored median_days longest_days located", sentence=BOTH, intervals=Each(_fields("days n N")),
        near_repeat=Each(_fields("distance_from_m distance_m days_from days observed expected ratio p")),
    ),
    campaign_effect=_fields(
        "campaign id start end area_codes before during after later control ratio low high p verdict", sentence=BOTH,
        spans=dict.fromkeys(("before", "during", "after"), PERIOD | _fields("events control")),
    ),
    snapshot=_fields("id number taken_at hash"),
)  # fmt: skip
"""What every reader who was called gets whole; rows of streets, agencies, persons and cases are not among it (``facts_cut``)."""

ROWS = {
    "streets": Each(STREET), "agencies": Each(AGENCY), "hotspots": Each(HOTSPOT), "decisions": Each(DECISION), "trackers": TRACKERS, "cases": Each(CASE),
    "cases_elsewhere": Each(_fields("street_code street open_cases")), "deadlines": Each(DEADLINE), "registered_places": Each(FORM_ROW),
    "joint_needs": ByKey(lambda key, _: bool(_CODE.fullmatch(key)), _fields("found unheeding")),
}  # fmt: skip
"""What the owner of a row gets of it."""

DENSITY = _fields("west south east north columns rows cells peak bandwidth_m events")

KNOWN: dict[str, Shape] = OPEN | ROWS | {"density": DENSITY, "recurrence": OPEN["recurrence"] | {"displaced": Each(MOVE)}, "district": STREET}
"""Every fact that anybody below the district may ever get: all of a street's own meeting."""


def allowed(shape: Shape, value: Any) -> Any:
    """A copy of a value with what its shape names, at every depth; a value of another shape is nothing, a list's is left out."""
    if isinstance(shape, Each):
        return [allowed(shape.of, one) for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []
    if isinstance(shape, ByKey):
        return {key: allowed(shape.of, one) for key, one in value.items() if _plain(one) == (shape.of == VALUE) and shape.known(key, one)} if isinstance(value, dict) else {}
    if isinstance(shape, dict):
        return {name: allowed(shape[name], one) for name, one in value.items() if name in shape} if isinstance(value, dict) else None
    if isinstance(value, list | tuple):
        return [one for one in value if _plain(one)]
    return value if _plain(value) else None


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
