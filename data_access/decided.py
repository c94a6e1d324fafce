"""What a meeting has decided since its facts were frozen, and what became of the decisions it was shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from data_access.database import Database
from data_access.decisions_write import KEPT, KIND, state_on
from data_access.meetings_seen import concerned
from data_access.organisations import agency_names
from data_access.plain import plain
from data_access.schema import decision, import_batch
from data_access.scope import known
from rules.request import Scope


def decided(database: Database, scope: Scope, meeting_id: str, ids: Iterable[str], day: dt.date) -> dict[str, dict[str, Any]]:
    """The decisions of a meeting, and others by id, that were written in the product, as they stand on a day; by id.

    What a file brings does not count: it waits for the next snapshot.

    Returns:
        Plain values in the shape of the facts' ``decisions`` (days as ISO text), with batch_id (the
        batch that wrote the version). Empty where there is none within the scope.
    """
    d = decision.c
    ours = select(import_batch.c.id).where(import_batch.c.district_code == scope.district, import_batch.c.kind == KIND)
    asked = select(d.id, d.batch_id, *(d[name] for name in KEPT)).where(
        known(decision, None), d.batch_id.in_(ours), d.day <= day, or_(d.meeting_id == meeting_id, d.id.in_(list(ids)))
    )
    with database.read() as connection:
        asked = asked.where(concerned(connection, scope))
        rows = connection.execute(asked.order_by(d.due_on, d.number)).all()
    known_ = agency_names(database, scope, day).set_index("code")[["name", "name_en", "area_code"]]
    names = {code: {"code": code, "name": name, "name_en": plain(name_en), "area_code": plain(area)} for code, name, name_en, area in known_.itertuples(name=None)}
    return {row.id: _plain(row, day, names) for row in rows}


def with_decided(facts: dict[str, Any], live: dict[str, dict[str, Any]], meeting_id: str) -> dict[str, Any]:
    """The frozen facts with the decisions that the meeting made after they were frozen, for its papers.

    Each stands as it was made, with its days counted from the day of the facts: what becomes of it
    later belongs to the next meeting, and a paper printed twice says the same.
    """
    frozen, day = {one["id"] for one in facts["decisions"]}, dt.date.fromisoformat(facts["as_of"])
    made = [
        {name: value for name, value in one.items() if name != "batch_id"}
        | {"state": "open", "feedback": None, "days_left": (dt.date.fromisoformat(one["due_on"]) - day).days if one["due_on"] else None}
        for one in live.values() if one["meeting_id"] == meeting_id and one["id"] not in frozen and one["state"] != "cancelled"
    ]  # fmt: skip
    return {**facts, "decisions": [*facts["decisions"], *made]}


def _plain(row: Any, day: dt.date, names: dict[str, dict[str, Any]]) -> dict[str, Any]:
    state = state_on(row, day)
    due = row.due_on
    named = [names.get(code, {"code": code, "name": code, "name_en": None, "area_code": None}) for code in (row.agency_code, *(row.support_agencies or ()))]
    return {
        "id": row.id, "number": row.number, "kind": row.kind or "decision", "text": plain(row.text), "done_when": plain(row.done_when), "day": row.day.isoformat(),
        "agency_code": row.agency_code, "agency": named[0]["name"], "agency_en": named[0]["name_en"], "agency_area": named[0]["area_code"], "support": named[1:], "grid_code": row.grid_code, "hotspot": row.hotspot,
        "street_code": row.street_code, "due_on": due and due.isoformat(), "state": state,
        "days_left": (due - day).days if due and state == "open" else None,
        "feedback": plain(row.feedback) if row.feedback_on and row.feedback_on <= day else None, "meeting_id": row.meeting_id, "carried": False, "batch_id": row.batch_id,
    }  # fmt: skip
