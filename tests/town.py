"""A small known town whose every number can be counted by hand; loaded straight through the schema.

Two streets, three neighbourhoods, six grids, the day is 2023-07-31::

    DJ-003 DJ-004                A 东街道: A1 (DJ-001, DJ-002), A2 (DJ-003, DJ-004)
    DJ-001 DJ-002 XZ-001 XZ-002  B 西镇: B1 (XZ-001, XZ-002)

DJ-003 and DJ-004 were DJ-030 until 2022-12-31. Ids say what a thing is: ``site-S1``, ``case-A2``.
The comments below give the counts of July 2023.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import shapely

from data_access.database import Database
from data_access.schema import FACTS, data_version, metadata
from rules.request import Filters, Scope

DISTRICT = "990199"
STREET_A, STREET_B = "990199001", "990199002"
TODAY = dt.date(2023, 7, 31)
JULY = Filters(dt.date(2023, 7, 1), dt.date(2023, 7, 31), TODAY)
WHOLE = Scope(DISTRICT)
ONLY_A = Scope(DISTRICT, areas=(STREET_A,))
ONLY_B = Scope(DISTRICT, areas=(STREET_B,))
POLICE = Scope(DISTRICT, agencies=("GAJ", "PCS1"))
CHINA = ZoneInfo("Asia/Shanghai")

SIDE = 0.01
CORNERS = {
    "DJ-001": (121.00, 31.00), "DJ-002": (121.01, 31.00), "DJ-003": (121.00, 31.01), "DJ-004": (121.01, 31.01),
    "XZ-001": (121.02, 31.00), "XZ-002": (121.03, 31.00),
}  # fmt: skip
PLACES = {
    "DJ-001": (STREET_A, "A1"), "DJ-002": (STREET_A, "A1"), "DJ-003": (STREET_A, "A2"), "DJ-004": (STREET_A, "A2"),
    "DJ-030": (STREET_A, "A2"), "XZ-001": (STREET_B, "B1"), "XZ-002": (STREET_B, "B1"),
}  # fmt: skip


def build_town(database: Database) -> None:
    """Make the tables where they are missing and write the town into an empty database."""
    if not database.state().is_ready:
        database.migrate()
    with database.write() as connection:
        for table, rows in town_rows().items():
            names = set().union(*rows)
            connection.execute(FACTS[table].insert(), [{name: row.get(name) for name in names} for row in rows])
        groups = ("area", "agency", "site", "lead", "case", "transfer", "construction", "visit", "task", "activity", "campaign", "meeting", "adverse", "setting", "source")
        connection.execute(
            data_version.insert(),
            [{"district_code": DISTRICT, "group": group, "counter": 1, "changed_at": _at("2023-07-31")} for group in groups],
        )
    assert set(town_rows()) <= set(metadata.tables)


def town_rows() -> dict[str, list[dict]]:
    """Every row of the town by table, complete."""
    found = {
        "area": _areas(), "agency": _agencies(), "area_population": _population(), "subject": _subjects(),
        "list_check": _list_checks(), "site": _sites(), "site_event": _site_events(), "lead": _leads(), "case": _cases(),
        "case_event": _case_events(), "penalty": _penalties(), "seizure": _seizures(), "transfer": _transfers(),
        "construction_site": _construction_sites(), "patrol_visit": _visits(), "task_list": _task_lists(),
        "task_target": _task_targets(), "activity": _activities(), "activity_agency": _activity_agencies(),
        "campaign": _campaigns(), "campaign_milestone": _milestones(), "campaign_target": _targets(),
        "meeting": _meetings(), "decision": _decisions(), "adverse_event": _adverse_events(),
    }  # fmt: skip
    return {table: [_complete(table, place, row) for place, row in enumerate(rows)] for table, rows in found.items()}


def row(table: str, place: int = 900, **values: object) -> dict:
    """One more complete row for a table, for tests that add to the town."""
    return _complete(table, place, values)


def _complete(table: str, place: int, values: dict) -> dict:
    number = values.get("number") or f"{table}-{place}"
    made = {
        "district_code": DISTRICT, "row_id": f"{table}-row-{place}"[:36], "id": values.get("id") or f"{table}-{number}"[:36],
        "number": number, "source_code": table, "batch_id": "batch-town", "row_number": place + 1,
        "content_hash": f"{place:064d}", "recorded_at": _recorded(values), "superseded_at": None,
    }  # fmt: skip
    return made | values


def _recorded(values: dict) -> dt.datetime:
    day = values.get("day")
    return _at(day.isoformat()) + dt.timedelta(days=1) if isinstance(day, dt.date) else _at("2021-01-01")


def _at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=CHINA)


def d(text: str | None) -> dt.date | None:
    """``07-20`` is that day of 2023; a whole date is itself."""
    if text is None:
        return None
    return dt.date.fromisoformat(text if len(text) > 5 else f"2023-{text}")


def _in(grid: str | None, *, street: str | None = None, point: bool = True) -> dict:
    if grid is None:
        return {"street_code": street, "located": "area" if street else "outside", **({} if street else {"lon": 122.5, "lat": 32.5})}
    street_code, neighbourhood = PLACES[grid]
    lon, lat = CORNERS.get(grid, CORNERS["DJ-004"])
    place = {"street_code": street_code, "neighbourhood_code": neighbourhood, "grid_code": grid}
    if not point:
        return place | {"located": "area"}
    return place | {"lon": lon + SIDE / 2, "lat": lat + SIDE / 2, "located": "point"}


def _square(*grids: str) -> shapely.Geometry:
    boxes = [shapely.box(x, y, round(x + SIDE, 2), round(y + SIDE, 2)) for x, y in (CORNERS[grid] for grid in grids)]
    return shapely.unary_union(boxes)


def _area(code: str, level: str, name: str, parent: str | None, grids: tuple[str, ...], **more: object) -> dict:
    shape = _square(*grids)
    west, south, east, north = shape.bounds
    return {
        "id": f"area-{code}", "number": code, "code": code, "level": level, "name": name, "parent_code": parent, "geometry": shape,
        "geometry_hash": str(abs(hash((code, shape.wkt))))[:16], "west": west, "south": south, "east": east, "north": north,
        "label_lon": shape.representative_point().x, "label_lat": shape.representative_point().y, "area_km2": 1.06 * len(grids),
        "aliases": [], "predecessors": [], "priority": False, "valid_from": dt.date(2020, 1, 1), "valid_to": None, **more,
    }  # fmt: skip


def _areas() -> list[dict]:
    a, b = ("DJ-001", "DJ-002", "DJ-003", "DJ-004"), ("XZ-001", "XZ-002")
    cut = {"valid_from": dt.date(2023, 1, 1), "predecessors": ["DJ-030"]}
    return [
        _area(DISTRICT, "district", "小镇区", None, a + b, name_en="Small Town District"),
        _area(STREET_A, "street", "东街道", DISTRICT, a, name_en="East Subdistrict", short_name="东街", type="street", aliases=["东街路街道"]),
        _area(STREET_B, "street", "西镇", DISTRICT, b, name_en="West Town", short_name="西镇", type="town"),
        _area("A1", "neighbourhood", "一居委", STREET_A, a[:2], type="committee"),
        _area("A2", "neighbourhood", "二居委", STREET_A, a[2:], type="committee"),
        _area("B1", "neighbourhood", "三居委", STREET_B, b, type="committee"),
        _area("DJ-001", "grid", "DJ-001", "A1", a[:1]),
        _area("DJ-002", "grid", "DJ-002", "A1", a[1:2]),
        _area("DJ-003", "grid", "DJ-003", "A2", a[2:3], **cut),
        _area("DJ-004", "grid", "DJ-004", "A2", a[3:], **cut),
        _area("DJ-030", "grid", "DJ-030", "A2", a[2:], valid_to=dt.date(2022, 12, 31)),
        _area("XZ-001", "grid", "XZ-001", "B1", b[:1]),
        _area("XZ-002", "grid", "XZ-002", "B1", b[1:]),
    ]


def _agencies() -> list[dict]:
    listed = [
        ("DFB", "区打非办", "leading", None, None), ("WJW", "区卫健委", "health", None, None),
        ("WJS", "区卫监所", "health", "WJW", None), ("GAJ", "区公安分局", "police", None, None),
        ("PCS1", "东街派出所", "police", "GAJ", STREET_A), ("SJJ", "区市场监管局", "market", None, None),
        ("CGJ", "区城管执法局", "urban", None, None), ("JD-A", "东街道办事处", "street", None, STREET_A),
        ("JD-B", "西镇人民政府", "street", None, STREET_B),
    ]  # fmt: skip
    return [
        {"number": code, "code": code, "name": name, "short_name": name[1:], "system": system, "parent_code": parent, "area_code": area,
         "level": "street" if area else "district", "aliases": [{"name": "区工商局", "to": "2018-12-31"}] if code == "SJJ" else []}
        for code, name, system, parent, area in listed
    ]  # fmt: skip


def _population() -> list[dict]:
    return [
        {"number": f"{area}-2023", "area_code": area, "year": 2023, "residents": residents, "residents_from_elsewhere": residents // 4}
        for area, residents in (("A1", 2000), ("A2", 3000), ("B1", 1000))
    ]


def _subjects() -> list[dict]:
    """Still active: P1 (high, last seen 07-10, so over since 07-24) and P3 (never seen); P2 has left."""
    person = {"kind": "person", "qualification": "none", "listed_on": d("2023-01-01")}
    return [
        {"id": "subject-P1", "number": "P1", "name": "示例甲", "phone": "000-0000-0001", "address": "示例路1号", "residence": "resident", "category": "infusion", "prior_penalties": 1, **person, **_in("DJ-001")},
        {"id": "subject-P2", "number": "P2", "name": "示例乙", "residence": "left", "category": "infusion", **person, **_in("XZ-001")},
        {"id": "subject-P3", "number": "P3", "name": "示例丙", "residence": "resident", "category": "dental", **person, **_in(None, street=STREET_B)},
    ]


def _list_checks() -> list[dict]:
    return [
        {"number": "P1", "subject_id": "subject-P1", "system_checked_on": d("03-01"), "field_checked_on": d("03-02"), "still_active": True, "graded_on": d("03-05"), "grade": "high", **_in("DJ-001")},
        {"number": "P2", "subject_id": "subject-P2", "system_checked_on": d("03-01"), "still_active": False, **_in("XZ-001")},
    ]


def _sites() -> list[dict]:
    """On 07-31: S1 active, S2 closed, S3 self-closed, S4 cleared, S5 unknown; S6 is not yet known."""
    return [
        {"id": "site-S1", "number": "S1", "name": "示例诊所一", "address": "示例路1号", "category": "infusion", "premises": "rental", "subject_id": "subject-P1", "first_seen": d("02-01"), "stubborn": True, "itinerant": False, **_in("DJ-001")},
        {"id": "site-S2", "number": "S2", "name": "示例诊所二", "address": "示例路2号", "category": "dental", "premises": "shopfront", "first_seen": d("2022-05-10"), "stubborn": False, "itinerant": False, **_in("DJ-004")},
        {"id": "site-S3", "number": "S3", "name": "示例美容三", "address": "示例路3号", "category": "cosmetic", "premises": "beauty", "first_seen": d("07-03"), **_in("XZ-001")},
        {"id": "site-S4", "number": "S4", "name": "示例诊所四", "address": "示例路4号", "category": "infusion", "premises": "rental", "subject_id": "subject-P2", "first_seen": d("2021-12-31"), **_in("XZ-001")},
        {"id": "site-S5", "number": "S5", "name": "示例诊所五", "category": "tcm", "premises": "rental", "first_seen": d("05-05"), **_in(None, street=STREET_B)},
        {"id": "site-S6", "number": "S6", "name": "示例诊所六", "category": "other", "premises": "stall", "first_seen": d("08-10"), "itinerant": True, **_in(None)},
    ]


def _site_events() -> list[dict]:
    """Stock of July: 2 (S1, S5) + 1 (S3) + 1 (S2) - 2 (S2, S3) = 2 (S1, S5). K13: S2 on 07-15."""
    listed = [
        ("S1", "02-01", "found", None, "WJS"), ("S1", "02-05", "graded", "high", "WJW"),
        ("S2", "2022-05-10", "found", None, "JD-A"), ("S2", "2022-06-01", "closed", None, "WJS"),
        ("S2", "2022-06-10", "graded", "mid", "WJW"), ("S2", "07-10", "relapsed", None, "WJS"),
        ("S2", "07-15", "closed", None, "WJS"), ("S3", "07-03", "found", None, "SJJ"),
        ("S3", "07-04", "ordered", None, "WJS"), ("S3", "07-25", "self_closed", None, "JD-B"),
        ("S4", "2021-12-31", "found", None, "WJS"), ("S4", "2022-02-28", "closed", None, "WJS"),
        ("S4", "07-12", "cleared", None, "JD-B"), ("S6", "08-10", "found", None, "WJS"),
    ]  # fmt: skip
    return [
        {"number": f"{site}-{place}", "site_id": f"site-{site}", "day": d(day), "event": event, "risk": risk, "agency_code": agency}
        for place, (site, day, event, risk, agency) in enumerate(listed)
    ]


def _leads() -> list[dict]:
    """July: L1, L2, L3; notified 2/3, confirmed 1/2, answered 1/3; complaints L1, L2."""
    return [
        {"number": "L1", "id": "lead-L1", "day": d("07-02"), "source": "hotline_12345", "category": "infusion", "premises": "rental", "site_id": "site-S1", "agency_code": "WJS", "due_on": d("07-17"), "checked_on": d("07-20"), "result": "confirmed", "street_notified_on": d("07-03"), "feedback_on": d("07-21"), "summary": "反映出租房内输液", **_in("DJ-001")},
        {"number": "L2", "id": "lead-L2", "day": d("07-10"), "source": "reward", "category": "dental", "premises": "shopfront", "agency_code": "JD-B", "due_on": d("08-01"), "checked_on": d("08-02"), "result": "confirmed", **_in(None, street=STREET_B)},
        {"number": "L3", "id": "lead-L3", "day": d("07-12"), "source": "patrol", "category": "cosmetic", "premises": "beauty", "site_id": "site-S3", "agency_code": "SJJ", "due_on": d("07-20"), "checked_on": d("07-14"), "result": "unfounded", "street_notified_on": d("07-12"), **_in("XZ-001")},
        {"number": "L4", "id": "lead-L4", "day": d("06-30"), "source": "letter", "category": "dental", "premises": "shopfront", "agency_code": "WJS", "due_on": d("07-05"), "checked_on": d("07-05"), "result": "confirmed", **_in("DJ-004")},
    ]


def _cases() -> list[dict]:
    """On 07-31 open: A1 (1 day left), A2 (69 days), A4 (64 days); A5 waits for the police until 08-10."""
    listed = [
        ("A1", "unlicensed", "infusion", "rental", "S1", "P1", "WJS", None, None, None, "DJ-001"),
        ("A2", "unlicensed", "dental", "shopfront", "S2", None, "WJS", True, ["GAJ"], None, "DJ-004"),
        ("A3", "unlicensed", "cosmetic", "beauty", "S3", None, "WJS", False, None, None, "XZ-001"),
        ("A4", "advert", "cosmetic", "beauty", None, None, "SJJ", False, None, None, "XZ-002"),
        ("A5", "unlicensed", "infusion", "rental", "S4", "P2", "WJS", False, None, None, "XZ-001"),
        ("A6", "advert", "other", "office", None, None, "WJS", False, None, None, "DJ-002"),
        ("A7", "unlicensed", "infusion", "rental", None, None, "WJS", True, ["SJJ"], "08-03", "DJ-002"),
        ("A8", "unlicensed", "dental", "shopfront", "S2", None, "WJS", True, ["GAJ", "SJJ"], "07-19", "DJ-004"),
    ]  # fmt: skip
    return [
        {"number": number, "id": f"case-{number}", "kind": kind, "category": category, "premises": premises, "title": f"示例案{number}",
         "site_id": site and f"site-{site}", "subject_id": subject and f"subject-{subject}", "agency_code": agency,
         "joint": joint, "joint_agencies": among, "joint_on": d(joint_on), **_in(grid)}
        for number, kind, category, premises, site, subject, agency, joint, among, joint_on, grid in listed
    ]  # fmt: skip


def _case_events() -> list[dict]:
    listed = [
        ("A1", "05-03", "filed"), ("A1", "05-10", "investigating"),
        ("A2", "07-10", "filed"), ("A2", "07-12", "investigating"),
        ("A3", "06-20", "filed"), ("A3", "07-18", "decided"), ("A3", "07-28", "executed"),
        ("A4", "07-05", "filed"),
        ("A5", "03-01", "filed"), ("A5", "07-11", "transferred"),
        ("A6", "07-06", "filed"), ("A6", "07-30", "closed"),
        ("A7", "08-02", "filed"),
        ("A8", "06-01", "filed"), ("A8", "06-20", "decided"), ("A8", "07-22", "closed"),
    ]  # fmt: skip
    return [
        {"number": f"{case}-{place}", "case_id": f"case-{case}", "day": d(day), "event": event, "agency_code": "SJJ" if case == "A4" else "WJS"}
        for place, (case, day, event) in enumerate(listed)
    ]


def _penalties() -> list[dict]:
    """July, 无证行医: N1 and N3; N2 is of an advert case, N4 of June."""
    return [
        {"number": "N1", "case_id": "case-A3", "day": d("07-18"), "kind": "fine", "agency_code": "WJS", "fine_yuan": 50000, "confiscated_yuan": 100, "street_code": STREET_B},
        {"number": "N2", "case_id": "case-A4", "day": d("07-25"), "kind": "fine", "agency_code": "SJJ", "fine_yuan": 9999},
        {"number": "N3", "site_id": "site-S2", "day": d("07-15"), "kind": "warning", "agency_code": "WJS", "street_code": STREET_A},
        {"number": "N4", "case_id": "case-A8", "day": d("06-20"), "kind": "fine", "agency_code": "WJS", "fine_yuan": 20000},
    ]


def _seizures() -> list[dict]:
    listed = [
        ("Z1", "income", None, 430, "元"), ("Z2", "device", "血压计", 12, "件"), ("Z3", "device", "牙科椅", 3, "台件"),
        ("Z4", "drug", "抗生素", 9, "盒"), ("Z5", "drug", "输液", 4, "瓶"),
    ]  # fmt: skip
    return [
        {"number": number, "site_id": "site-S2", "day": d("07-15"), "kind": kind, "item": item, "quantity": quantity, "unit": unit, "agency_code": "WJS", "street_code": STREET_A}
        for number, kind, item, quantity, unit in listed
    ]


def _transfers() -> list[dict]:
    return [
        {"number": "T1", "kind": "case", "case_id": "case-A5", "day": d("07-11"), "from_agency": "WJS", "to_agency": "GAJ", "due_on": d("08-10"), "street_code": STREET_B},
        {"number": "T2", "kind": "lead", "lead_id": "lead-L3", "day": d("07-12"), "from_agency": "JD-B", "to_agency": "SJJ", "due_on": d("07-19"), "accepted_on": d("07-13"), "feedback_on": d("07-14"), "feedback": "已核查", "street_code": STREET_B},
        {"number": "T3", "kind": "lead", "lead_id": "lead-L4", "day": d("07-01"), "from_agency": "WJS", "to_agency": "PCS1", "due_on": d("07-10"), "feedback_on": d("08-04"), "street_code": STREET_A},
    ]


def _construction_sites() -> list[dict]:
    """On 07-31: C1 over (07-20), C2 ok (07-31), C4 within its first week; C3 is finished."""
    listed = [("C1", "structure", "2022-10-01", None, "DJ-001"), ("C2", "fitting", "2022-11-01", None, "DJ-004"), ("C3", "fitting", "2022-01-01", "06-30", "DJ-002"), ("C4", "foundation", "07-28", None, "DJ-002")]
    return [
        {"number": number, "id": f"construction-{number}", "name": f"示例工地{number}", "phase": phase, "workers": 100, "started_on": d(start), "finished_on": d(end), **_in(grid)}
        for number, phase, start, end, grid in listed
    ]


def _visits() -> list[dict]:
    """July: 18 户次, A 12, B 5, outside 1; JD-A 6, WJS 6, JD-B 5, PCS1 1. K12: V2, V3, V5 = 4 户次.

    Last visits on 07-31: DJ-001 07-20 (11 days), DJ-002 07-06 (25), DJ-003 2022-12-20 (in DJ-030),
    DJ-004 07-31 (0), XZ-001 06-30 (31), XZ-002 never.
    """
    listed = [
        ("V2", "07-10", "WJS", "site", "site-S2", "inspection", "confirmed", 1, "DJ-004"),
        ("V3", "07-15", "WJS", "site", "site-S2", "inspection", "confirmed", 1, "DJ-004"),
        ("V4", "07-31", "WJS", "site", "site-S2", "inspection", "none", 1, "DJ-004"),
        ("V5", "07-20", "WJS", "site", "site-S1", "inspection", "suspect", 2, "DJ-001"),
        ("V6", "06-30", "JD-B", "site", "site-S4", "revisit", "none", 1, "XZ-001"),
        ("V9", "2022-12-20", "JD-A", "grid", None, "patrol", "none", 1, "DJ-030"),
        ("V10", "08-05", "JD-A", "grid", None, "patrol", "none", 4, "DJ-003"),
        ("V11", "07-20", "WJS", "lead", "lead-L1", "verification", "confirmed", 1, "DJ-001"),
        ("V15", "07-10", "JD-A", "subject", "subject-P1", "patrol", "none", 1, "DJ-001"),
    ]  # fmt: skip
    visits = [
        {"number": number, "day": d(day), "agency_code": agency, "target_kind": kind, "target_id": target, "mode": mode, "finding": finding, "visits": visits, **_in(grid)}
        for number, day, agency, kind, target, mode, finding, visits, grid in listed
    ]
    patrol = {"target_kind": "grid", "mode": "patrol", "finding": "none"}
    first = {"id": "visit-V1", "number": "V1", "day": d("07-06"), "agency_code": "JD-A", **patrol, **_in("DJ-002")}
    return [
        {**first, "row_id": "visit-V1-a", "visits": 7, "recorded_at": _at("2023-07-07"), "superseded_at": _at("2023-07-09")},
        {**first, "row_id": "visit-V1-b", "visits": 3, "recorded_at": _at("2023-07-09")},
        *visits,
        {"number": "V7", "day": d("07-31"), "agency_code": "JD-B", "visits": 5, **patrol, **_in(None, street=STREET_B)},
        {"number": "V8", "day": d("07-18"), "agency_code": "PCS1", "visits": 1, **patrol, "finding": "suspect", **_in(None)},
        {"number": "V13", "day": d("07-20"), "agency_code": "JD-A", "visits": 1, **patrol, "target_kind": "construction", "target_id": "construction-C1", "mobile": True, **_in("DJ-001")},
        {"number": "V14", "day": d("07-31"), "agency_code": "JD-A", "visits": 1, **patrol, "target_kind": "construction", "target_id": "construction-C2", "mobile": False, **_in("DJ-004")},
    ]


def _task_lists() -> list[dict]:
    """Third quarter on 07-31: TL1 2 of 3 targets, TL2 5 of 20 户次."""
    return [
        {"number": "TL1", "id": "list-TL1", "quarter": "2023Q3", "street_code": STREET_A, "agency_code": "JD-A", "issued_on": d("07-01"), "due_on": d("09-30")},
        {"number": "TL2", "id": "list-TL2", "quarter": "2023Q3", "street_code": STREET_B, "agency_code": "JD-B", "issued_on": d("07-01"), "due_on": d("09-30"), "quota": 20},
    ]


def _task_targets() -> list[dict]:
    listed = [("1", "grid", None, "DJ-001"), ("2", "grid", None, "DJ-003"), ("3", "site", "site-S2", None)]
    return [
        {"number": number, "id": f"target-{number}", "task_list_id": "list-TL1", "target_kind": kind, "target_id": target, "grid_code": grid, "street_code": STREET_A}
        for number, kind, target, grid in listed
    ]


def _activities() -> list[dict]:
    """July: K2 2, K3 150, K4 1, K5 30, K8 2, K11 1, K22 1."""
    listed = [
        ("X1", "07-04", "publicity", "JD-A", 100, None, _in("DJ-001")), ("X2", "07-06", "publicity", "JD-B", 50, None, _in(None, street=STREET_B)),
        ("X3", "07-08", "training", "WJS", None, 30, _in(None, street=STREET_A)), ("X4", "07-15", "joint_enforcement", "WJS", None, None, _in("DJ-004")),
        ("X5", "07-22", "joint_enforcement", "JD-B", None, None, _in(None, street=STREET_B)), ("X6", "07-25", "drill", "DFB", None, None, _in(None, street=STREET_A)),
        ("X7", "07-26", "assistance", "GAJ", None, None, _in(None, street=STREET_A)), ("X8", "08-01", "publicity", "JD-A", 500, None, _in("DJ-001")),
        ("X9", "06-30", "publicity", "JD-A", 10, None, _in("DJ-001")),
    ]  # fmt: skip
    return [
        {"number": number, "id": f"activity-{number}", "day": d(day), "kind": kind, "name": f"示例活动{number}", "agency_code": agency, "materials": materials, "attendees": attendees, **place}
        for number, day, kind, agency, materials, attendees, place in listed
    ]


def _activity_agencies() -> list[dict]:
    """K6 15: 卫生监督 4, 公安 6, 城管执法 2, 街镇 3; K7 3."""
    listed = [("X1", "JD-A", "lead", 2, None), ("X4", "WJS", "lead", 4, 2), ("X4", "GAJ", "support", 3, 1), ("X4", "CGJ", "support", 2, None), ("X5", "JD-B", "lead", 1, None), ("X5", "PCS1", "support", 2, None), ("X7", "GAJ", "lead", 1, None)]
    return [
        {"number": f"{activity}-{agency}", "activity_id": f"activity-{activity}", "agency_code": agency, "role": role, "people": people, "vehicles": vehicles}
        for activity, agency, role, people, vehicles in listed
    ]


def _campaigns() -> list[dict]:
    return [{"number": "LD", "id": "campaign-LD", "name": "示例行动", "start_on": d("07-01"), "end_on": d("07-31"), "area_codes": [STREET_A]}]


def _milestones() -> list[dict]:
    listed = [("1", "启动", "07-01"), ("2", "联合执法", "07-15")]
    return [{"number": number, "campaign_id": "campaign-LD", "kind": "milestone", "name": name, "start_on": d(day)} for number, name, day in listed]


def _targets() -> list[dict]:
    return [{"number": key, "campaign_id": "campaign-LD", "indicator": key, "target": target, "unit": unit} for key, target, unit in (("K1", 24, "户次"), ("K2", 1, "次"))]


def _meetings() -> list[dict]:
    return [
        {"number": "M1", "id": "meeting-M1", "day": d("07-05"), "level": "district", "name": "区联席会议", "convener": "DFB", "members": ["WJS", "GAJ", "SJJ"], "invited": [], "present": ["WJS", "GAJ"]},
        {"number": "M2", "id": "meeting-M2", "day": d("07-20"), "level": "street", "name": "东街联席会议", "convener": "JD-A", "street_code": STREET_A, "members": ["PCS1"], "invited": [], "present": ["PCS1"]},
        {"number": "M3", "id": "meeting-M3", "day": d("08-03"), "level": "district", "name": "区联席会议", "convener": "DFB", "members": [], "invited": [], "present": []},
    ]


def _decisions() -> list[dict]:
    """On 07-31: D1 overdue 11 days, D2 answered in time, D3 carried over from June and overdue 21 days."""
    return [
        {"number": "D1", "id": "decision-D1", "meeting_id": "meeting-M1", "text": "示例事项一", "day": d("07-05"), "agency_code": "GAJ", "support_agencies": ["JD-A"], "due_on": d("07-20"), "state": "open", **_in(None, street=STREET_A)},
        {"number": "D2", "id": "decision-D2", "meeting_id": "meeting-M1", "text": "示例事项二", "day": d("07-05"), "agency_code": "WJS", "support_agencies": [], "due_on": d("07-28"), "state": "answered", "feedback_on": d("07-27"), "feedback": "已办", **_in(None, street=STREET_B)},
        {"number": "D3", "id": "decision-D3", "text": "示例事项三", "day": d("06-01"), "agency_code": "JD-B", "support_agencies": [], "due_on": d("07-10"), "state": "done", "closed_on": d("08-05"), **_in(None, street=STREET_B)},
    ]


def _adverse_events() -> list[dict]:
    return [
        {"number": "E1", "day": d("07-09"), "kind": "media", "count": 1, "level": "省级", "verified": True, **_in(None, street=STREET_A)},
        {"number": "E2", "day": d("07-11"), "kind": "undercover", "count": 2, "level": "省级", "verified": True, **_in("XZ-001")},
        {"number": "E3", "day": d("07-13"), "kind": "media", "count": 1, "level": "区级", "verified": True, **_in("XZ-001")},
    ]
