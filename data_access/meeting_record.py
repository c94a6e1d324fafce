"""A joint meeting with the names of those concerned, and the decisions that it looks at."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from data_access.areas import area_names
from data_access.database import Database
from data_access.meetings import decisions
from data_access.organisations import agency_names
from data_access.plain import plain
from data_access.registers import between
from data_access.schema import decision, liaison, meeting
from data_access.scope import known, select_columns, within
from rules.language import N_, Refusal
from rules.request import Filters, Scope


class UnknownMeeting(Refusal):
    """No meeting of that id is known, or the scope may not see it."""


def meeting_record(database: Database, filters: Filters, scope: Scope, meeting_id: str) -> dict[str, object]:
    """One meeting in plain values: who convened, who belongs to it, who came, each unit's liaison.

    Agencies are ``{code, name, name_en, area_code}``; absent are members who did not come, known only where
    somebody was written down as present. Liaisons are those valid on the day of the meeting, their
    names masked unless the scope may see them; of several of one unit the one who came into office last.

    Raises:
        UnknownMeeting: there is none of that id.
    """
    own = ("id", "number", "day", "level", "name", "convener", "street_code", "members", "invited", "present", "minutes_number")
    rows = database.frame(
        select(*(meeting.c[name] for name in own)).where(
            meeting.c.id == meeting_id, known(meeting, filters.known_at), within(meeting, scope, known_at=filters.known_at)
        )
    )
    if rows.empty:
        raise UnknownMeeting(N_("没有编号为 {id} 的联席会议，或您无权查看。"), id=meeting_id)
    row = rows.iloc[0]
    named = _agencies(database, filters, scope)
    members, present = (list(row[name] or ()) for name in ("members", "present"))
    made = {name: plain(row[name]) for name in ("id", "number", "day", "level", "name", "street_code", "minutes_number")}
    return {
        **made,
        "convener": named(row["convener"]),
        "members": [named(code) for code in members],
        "invited": [named(code) for code in row["invited"] or ()],
        "present": [named(code) for code in present],
        "absent": [named(code) for code in members if code not in present] if present else [],
        "liaisons": _liaisons(database, filters, scope, row["day"], {*members, *present, *(row["invited"] or ())}),
    }


def decision_facts(database: Database, filters: Filters, scope: Scope, meeting_id: str | None) -> list[dict[str, object]]:
    """Decisions of the period and earlier ones that were open when it began, overdue first, in plain values.

    ``carried``: made before the period, or by another meeting than the one asked about.
    """
    found = decisions(database, filters, scope)
    more = database.frame(
        select(decision.c.row_id, decision.c.kind, decision.c.done_when, decision.c.target_kind, decision.c.target_id, decision.c.hotspot).where(
            decision.c.district_code == scope.district, decision.c.row_id.in_(found["row_id"].tolist())
        )
    )
    known_ = [name for name in more if name in found and name != "row_id"]
    found = found.drop(columns=known_).merge(more, on="row_id", how="left")
    found = found[found["state"] != "cancelled"]
    rank = found["state"].map({"open": 0, "answered": 1, "done": 2})
    late = (found["state"] == "open") & (found["days_left"] < 0).fillna(False)
    ordered = found.assign(late=~late, rank=rank).sort_values(["late", "rank", "due_on", "number"], kind="stable")
    named, areas = _agencies(database, filters, scope), area_names(database, scope, filters.as_of, known_at=filters.known_at)
    return [
        plain({
            "id": row.id, "number": row.number, "kind": row.kind if isinstance(row.kind, str) else "decision", "text": row.text,
            "done_when": row.done_when, "day": row.day, "agency_code": row.agency_code, "agency": (named(row.agency_code) or {}).get("name"),
            "agency_en": (named(row.agency_code) or {}).get("name_en"), "agency_area": (named(row.agency_code) or {}).get("area_code"), "support": [named(code) for code in row.support_agencies or ()],
            "street_code": row.street_code, "street": areas.get(row.street_code, (None,))[0], "grid_code": row.grid_code,
            "due_on": row.due_on, "state": row.state, "days_left": row.days_left, "feedback": row.feedback, "feedback_on": row.feedback_on,
            "closed_on": row.closed_on, "carried": bool(row.carried_over) or (meeting_id is not None and row.meeting_id != meeting_id),
            "meeting_id": row.meeting_id, "target_kind": row.target_kind, "target_id": row.target_id, "hotspot": row.hotspot,
        })
        for row in ordered.itertuples()
    ]  # fmt: skip


def _agencies(database: Database, filters: Filters, scope: Scope):
    names = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")[["name", "name_en", "area_code"]]
    known_ = {code: plain({"code": code, **row}) for code, row in names.to_dict("index").items()}

    def named(code: object) -> dict[str, object] | None:
        return known_.get(code, {"code": code, "name": code, "name_en": None, "area_code": None}) if isinstance(code, str) else None

    return named


def _liaisons(database: Database, filters: Filters, scope: Scope, day: pd.Timestamp, codes: set[str]) -> list[dict[str, object]]:
    t, named = liaison, _agencies(database, filters, scope)
    rows = database.frame(
        select(t.c.agency_code, *select_columns(t, ("name",), scope), t.c.valid_from, t.c.valid_to).where(
            t.c.district_code == scope.district, known(t, filters.known_at), t.c.agency_code.in_(sorted(codes))
        )
    )
    # One a unit: whoever came into office last.
    valid = rows[between(rows["valid_from"], rows["valid_to"], day.date())].sort_values(["agency_code", "valid_from"]).drop_duplicates("agency_code", keep="last")
    return [
        plain({"agency_code": row.agency_code, "agency": named(row.agency_code)["name"], "agency_en": named(row.agency_code)["name_en"], "name": row.name})
        for row in valid.itertuples(index=False)
    ]
