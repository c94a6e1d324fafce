"""The small town with a mark of its own in every row, so that whoever sees a row of elsewhere is found out."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any

import pypdf
from sqlalchemy import String, select

from data_access.database import Database
from data_access.schema import FACTS
from data_access.scope import REFERENCE, known, within
from rules.request import Scope
from tests.town import STREET_A, STREET_B, d, row, town_rows

FREE_TEXT = 60
"""Columns of texts at least this long are people's own words; shorter ones hold codes of a list."""
CODED = re.compile(r"(_code|_agency|_hash|_id)$|^(row_id|id|code|number|convener|content_hash)$")
MARK = re.compile(r"z[0-9a-f]{9}z")
GZIPPED, ZIPPED, PDF = b"\x1f\x8b", b"PK\x03\x04", b"%PDF"


def marked_rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of the town and of the registers it leaves empty; ids, numbers and free texts carry the row's mark."""
    rows = town_rows()
    for table, more in _more().items():
        rows.setdefault(table, []).extend(row(table, 800 + place, **values) for place, values in enumerate(more))
    ids = {one["id"]: f"{one['id'][:24]}{_mark(table, one['row_id'])}" for table, listed in rows.items() for one in listed}
    return {table: [_marked(table, one, ids) for one in listed] for table, listed in rows.items()}


def of_elsewhere(database: Database, scope: Scope) -> set[str]:
    """The marks of every row that the scope may not see."""
    return _marks(database, None) - _marks(database, scope)


def texts_of(answer: bytes) -> Iterable[str]:
    """Everything that can be read in a body: unpacked, the parts of an office file, the pages of a PDF."""
    if answer.startswith(GZIPPED):
        answer = zlib.decompress(answer, wbits=31)
    if answer.startswith(ZIPPED):
        with zipfile.ZipFile(io.BytesIO(answer)) as packed:
            for name in packed.namelist():
                yield from texts_of(packed.read(name))
    elif answer.startswith(PDF):
        yield from (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer)).pages)
    else:
        yield answer.decode("utf-8", "replace")


def marks_in(answer: bytes) -> set[str]:
    """The marks that a body shows."""
    return {mark for text in texts_of(answer) for mark in MARK.findall(text)}


def _mark(table: str, row_id: str) -> str:
    return f"z{hashlib.sha256(f'{table} {row_id}'.encode()).hexdigest()[:9]}z"


def _marked(table: str, one: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    if table in REFERENCE:
        return one
    mark, columns = _mark(table, one["row_id"]), FACTS[table].columns
    made = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in one.items()}
    made["number"] = f"{one['number']}{mark}"
    for column in columns:
        long = isinstance(column.type, String) and (column.type.length or 999) >= FREE_TEXT
        if long and not CODED.search(column.name) and column.name not in {"kind", "source", "licence"}:
            made[column.name] = f"{one.get(column.name) or ''}{mark}"
    return made


def _marks(database: Database, scope: Scope | None) -> set[str]:
    """The marks of the rows that a scope may see (None: of all rows), and of what they name."""
    found: set[str] = set()
    for name, table in FACTS.items():
        if name not in REFERENCE:
            asked = select(table).where(known(table, None))
            rows = database.frame(asked if scope is None else asked.where(within(table, scope)))
            found.update(mark for value in rows.to_numpy().ravel() if isinstance(value, str) for mark in MARK.findall(value))
    return found


def _more() -> dict[str, list[dict[str, Any]]]:
    """Rows of the registers that the town leaves empty, one for each street."""
    streets = ((STREET_A, "A1", "DJ-001", "V2"), (STREET_B, "B1", "XZ-001", "V6"))
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in (
        "rented_premises", "licensed_institution", "assignment", "handover", "visit_form", "meeting", "score_entry")}  # fmt: skip
    for street, neighbourhood, grid, visit in streets:
        place = {"street_code": street, "neighbourhood_code": neighbourhood, "grid_code": grid, "located": "area"}
        made["rented_premises"].append({"number": f"R{grid}", "id": f"rented-{grid}", "address": "示例路", "landlord": "甲", "tenant": "乙", "registered_on": d("06-01"), **place})
        made["licensed_institution"].append({"number": f"LI{grid}", "id": f"licensed-{grid}", "name": "示例医院", "checked_on": d("06-01"), **place})
        made["assignment"].append({"number": f"AS{grid}", "id": f"assign-{grid}", "grid_code": grid, "street_code": street, "owner_kind": "neighbourhood", "owner_code": neighbourhood, "valid_from": d("06-01")})
        made["handover"].append({
            "number": f"HO{grid}", "id": f"hand-{grid}", "day": d("07-20"), "action": "reassign", "rule_id": "visit.grid", "target_kind": "grid", "target_id": grid, "street_code": street,
            "grid_code": grid, "from_kind": "agency", "from_code": "JD-A", "to_kind": "neighbourhood", "to_code": neighbourhood, "reason": "转给村居",
        })  # fmt: skip
        made["visit_form"].append({"number": f"VF{grid}", "id": f"form-{grid}", "visit_id": f"patrol_visit-{visit}", "unit_name": "示例单位", "people": "甲", "address": "示例路", "filled_on": d("07-20")})
        made["meeting"].append({
            "number": f"MS{grid}", "id": f"meeting-{grid}", "day": d("07-22"), "level": "street", "name": "街镇会议", "convener": "JD-A" if street == STREET_A else "JD-B",
            "street_code": street, "members": [], "invited": [], "present": [],
        })  # fmt: skip
        made["score_entry"].append({"number": f"SE{grid}", "id": f"score-{grid}", "street_code": street, "day": d("07-20"), "item": "R2.4", "points": -1.0})
    return made
