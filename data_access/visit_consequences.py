"""What follows from a recorded visit: the lead that a finding opens, the event of a site seen shut; both follow its changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Select, select

from data_access.columns import new_id
from data_access.schema import FACTS, patrol_visit
from data_access.visit_places import Place
from data_access.visit_targets import Target
from data_access.visit_writing import SOURCE, Writing
from rules.language import N_, Refusal
from rules.visit_record import VisitRecord

LEAD_PREFIX = "XC"
"""Leads found on patrol are numbered ``XC20230731-001``, by the day they were found on."""
USERS_OF_A_LEAD = (("case", "lead_id"), ("transfer", "lead_id"), ("patrol_visit", "target_id"), ("task_target", "target_id"))
"""Rows that show that somebody works on a lead: (table, column)."""


def open_lead(write: Writing, form: VisitRecord, target: Target, place: Place, agency: str | None) -> tuple[str, str] | None:
    """The lead that a finding opens, as (id, number); None where it opens none."""
    if not (form.outcome == "suspect" or form.propose_case) or target.kind == "lead":
        return None
    identifier, number = new_id(), _lead_number(write, form.day)
    confirmed = form.outcome == "confirmed"
    write.add("lead", identifier, {
        "number": number, "day": form.day, "at": form.at, "source": "patrol", "visit_id": form.id,
        "category": form.category or target.category, "premises": form.premises or target.premises,
        "site_id": target.site_id, "subject_id": target.subject_id, "agency_code": agency,
        "result": "confirmed" if confirmed else "pending", "checked_on": form.day if confirmed else None,
        "summary": form.note, **place.columns(),
    })
    return identifier, number


def closing(site_id: str, day: dt.date, agency: str | None) -> dict[str, object]:
    """The event by which a site seen shut is 自行歇业."""
    return {"site_id": site_id, "day": day, "event": "self_closed", "agency_code": agency}


def settle_lead(write: Writing, form: VisitRecord, target: Target, place: Place, agency: str | None, changed: bool) -> None:
    """Let the lead follow the finding; one that is being worked on stays, and holds what it follows from."""
    old = write.current("lead", "visit_id", form.id)
    if not changed:
        return
    wanted = form.outcome == "suspect" or form.propose_case
    if old is None:
        if wanted:
            open_lead(write, form, target, place, agency)
        return
    refuse_worked_on(write, old)
    if not wanted:
        write.end("lead", old)
        return
    confirmed = form.outcome == "confirmed"
    write.replace("lead", old, {"category": form.category or target.category, "premises": form.premises or target.premises,
                                "result": "confirmed" if confirmed else "pending", "checked_on": old["day"] if confirmed else None,
                                "summary": form.note})


def refuse_worked_on(write: Writing, lead: Mapping[str, object]) -> None:
    """Raise Refusal when somebody has begun to work on a lead."""
    worked = lead["source_code"] != SOURCE or lead["contacted_on"] or lead["street_notified_on"] or lead["feedback_on"]
    for name, column in USERS_OF_A_LEAD:
        table = FACTS[name]
        worked = worked or write.connection.execute(select(table.c.row_id).where(
            table.c.district_code == write.district, table.c[column] == lead["id"], table.c.superseded_at.is_(None)).limit(1)).first()
    if worked:
        raise Refusal(N_("这条登记形成的线索 {number} 已在办理，不能改动：请在线索里处理。"), number=str(lead["number"] or ""))


def settle_closing(write: Writing, form: VisitRecord, target: Target, agency: str | None) -> None:
    """Let the event 自行歇业 follow what the record says."""
    old = closing_event(write, form.id)
    if old is not None and not form.close_site:
        write.end("site_event", old)
    elif old is None and form.close_site and target.can_close:
        write.add("site_event", new_id(), closing(target.id, form.day, agency))


def closing_event(write: Writing, visit_id: str) -> dict[str, object] | None:
    """The current event that a record registered, or None."""
    table = FACTS["site_event"]
    row = write.connection.execute(select(table).where(
        table.c.district_code == write.district, table.c.batch_id.in_(batches_of(write.district, visit_id)), table.c.superseded_at.is_(None))).first()
    return None if row is None else dict(row._mapping)


def batches_of(district: str, visit_id: str) -> Select:
    """The batches in which a record was written."""
    v = patrol_visit
    return select(v.c.batch_id).where(v.c.district_code == district, v.c.id == visit_id)


def _lead_number(write: Writing, day: dt.date) -> str:
    """The next free number of a day; a number once given is not given again."""
    lead, begins = FACTS["lead"], f"{LEAD_PREFIX}{day:%Y%m%d}-"
    asked = select(lead.c.number).where(lead.c.district_code == write.district, lead.c.source_code == SOURCE,
                                        lead.c.number.startswith(begins, autoescape=True))
    given = [int(number.removeprefix(begins)) for number in write.connection.execute(asked).scalars()]
    return f"{begins}{max(given, default=0) + 1:03d}"
