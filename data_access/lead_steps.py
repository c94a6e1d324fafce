"""Writes what was done about a lead: its check on the spot, the first contact with the complainant, the answer.

Each is a version of the lead under its own batch and actor, audited, and taken back through the batch.
None stands for another: a contact is no check, a check is no contact (S1 先行联系 and 核查).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from data_access.audit import audit
from data_access.database import Database
from data_access.schema import FACTS, case, import_batch
from data_access.scope import known, within
from data_access.versions import raise_versions
from data_access.visit_writing import Writing, write_batch
from rules.language import N_, Refusal
from rules.request import Actor, Scope
from rules.vocabulary import TABLES

KIND = "lead_step"
MISSED = "missed"
"""The result of a contact (``vocabulary.CONTACT_RESULT``) that reached nobody: the duty stays open."""
STEPS = {"contacted": "contacted_on", "answered": "feedback_on"}
"""Steps that a person reports without a visit, and the day of the lead that each fills."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A try to reach the complainant.

    Attributes:
        at: when, with its time zone.
        how: a code of ``vocabulary.CONTACT_HOW``.
        result: a code of ``vocabulary.CONTACT_RESULT``; ``missed`` leaves the duty open.
    """

    at: dt.datetime
    how: str
    result: str


def mark_lead(database: Database, lead_id: str, step: str, *, actor: Actor, now: dt.datetime, contact: Contact | None = None) -> str:
    """Write that the complainant was contacted (``contacted``) or answered (``answered``).

    Args:
        contact: when, how and with what result, for ``contacted``; without it the step was done today.

    Returns:
        The id of the batch; ``data_access.importing.undo`` takes it back.

    Raises:
        Refusal: an unknown step, no such lead within the scope, the step has its day already, an unknown way or result
            of a contact, or one before the complaint or after now.
    """
    if step not in STEPS:
        raise Refusal(N_("没有这个步骤。"))
    column, lead, district = STEPS[step], FACTS["lead"], actor.scope.district
    with database.write() as connection:
        raise_versions(connection, district, ("lead", "import_batch"), now)
        row = connection.execute(select(lead).where(lead.c.id == lead_id, known(lead, None), within(lead, actor.scope), lead.c.day <= now.date())).first()
        if row is None:
            raise Refusal(N_("找不到这个对象，或不在你的权限范围内。"))
        old = dict(row._mapping)
        if old[column] is not None and old[column] <= now.date():
            raise Refusal(N_("这一步已在 {day} 登记过。"), day=old[column].isoformat())
        changes: dict[str, object] = {column: now.date()}
        if step == "contacted" and contact is not None:
            changes = _contacted(contact, old, now)
        batch = write_batch(connection, actor, now, "", str(old["number"] or lead_id), now.date(), changed=True, kind=KIND)
        Writing(connection, district, batch, now).replace("lead", old, changes)
        told = {"how": contact.how, "result": contact.result, "at": contact.at.isoformat()} if contact else {}
        audit(connection, actor, KIND, now, subject_table="import_batch", subject_id=batch, detail={"lead": lead_id, "step": step, **told})
        return batch


def _contacted(contact: Contact, old: dict[str, object], now: dt.datetime) -> dict[str, object]:
    """The columns that a contact fills; the day only where somebody was reached."""
    known_words = {"contact_how": contact.how, "contact_result": contact.result}
    if any(code not in {word.code for word in TABLES[name]} for name, code in known_words.items()):
        raise Refusal(N_("请选择联系方式和联系结果。"))
    at = contact.at.astimezone(now.tzinfo)
    if at > now:
        raise Refusal(N_("联系时间不能晚于现在。"))
    received = old["at"].astimezone(now.tzinfo) if isinstance(old["at"], dt.datetime) else None
    if at.date() < old["day"] or (received is not None and at < received.replace(second=0, microsecond=0)):
        raise Refusal(N_("联系时间不能早于受理时间。"))
    return {"contact_at": at, **known_words, **({} if contact.result == MISSED else {"contacted_on": at.date()})}


def last_contact(database: Database, scope: Scope, lead_id: str) -> Contact | None:
    """The last try to reach the complainant as it was recorded here; None where none was, or outside the scope."""
    lead = FACTS["lead"]
    asked = select(lead.c.contact_at, lead.c.contact_how, lead.c.contact_result).where(lead.c.id == lead_id, known(lead, None), within(lead, scope))
    with database.read() as connection:
        row = connection.execute(asked).first()
    return Contact(row.contact_at, row.contact_how, row.contact_result) if row is not None and row.contact_at is not None else None


def write_check(write: Writing, lead_id: str, result: str, day: dt.date) -> None:
    """Write the result of a check; ``pending`` (仍在核查) leaves its day open.

    Raises:
        Refusal: 不属实, but a case was filed on the lead.
    """
    old = write.current("lead", "id", lead_id)
    if old is None:
        return
    filed = select(case.c.row_id).where(case.c.district_code == write.district, case.c.lead_id == lead_id, case.c.superseded_at.is_(None)).limit(1)
    if result == "unfounded" and write.connection.execute(filed).first() is not None:
        raise Refusal(N_("线索 {number} 已立案，不能登记为不属实。"), number=str(old["number"] or ""))
    write.replace("lead", old, {"result": result, "checked_on": None if result == "pending" else day})


def take_back_check(write: Writing, lead_id: str, taken_at: dt.datetime) -> None:
    """Give a lead the result that it had before a check; what was written of it since then stays."""
    lead = FACTS["lead"]
    mine = lead.c.id == lead_id
    here = lead.c.district_code == write.district
    checked = write.connection.execute(select(lead.c.row_id).where(here, mine, lead.c.batch_id == write.batch_id)).first()
    before = write.connection.execute(select(lead).where(here, mine, lead.c.superseded_at == taken_at)).first()
    old = write.current("lead", "id", lead_id)
    if checked is None or before is None or old is None:
        return
    batch = before.batch_id if old["batch_id"] == write.batch_id else old["batch_id"]
    again = Writing(write.connection, write.district, str(batch), write.now)
    again.replace("lead", old, {"result": before.result, "checked_on": before.checked_on})


def last_step(database: Database, scope: Scope, lead_id: str) -> str | None:
    """The batch of the step that a lead's present version comes from; None where it comes from elsewhere."""
    lead, batch = FACTS["lead"], import_batch
    asked = (
        select(batch.c.id).join(lead, (lead.c.batch_id == batch.c.id) & (lead.c.district_code == batch.c.district_code))
        .where(lead.c.id == lead_id, known(lead, None), within(lead, scope), batch.c.kind == KIND)
    )
    with database.read() as connection:
        return connection.execute(asked).scalar()
