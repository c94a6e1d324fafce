"""Changes recorded visits and takes changes back; every version is kept and shown.

On the day of the record whoever made it changes it freely; later, or by somebody else, with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from data_access.audit import audit
from data_access.columns import new_id
from data_access.database import Database
from data_access.lead_steps import take_back_check, write_check
from data_access.photos import clean_photo, keep_photo
from data_access.recording import photos_of, visit_values
from data_access.schema import (
    FACTS,
    audit_event,
    import_batch,
    patrol_visit,
    visit_form,
    visit_photo,
)
from data_access.scope import known, select_columns, within
from data_access.versions import raise_versions
from data_access.visit_consequences import (
    batches_of,
    closing_event,
    refuse_worked_on,
    settle_closing,
    settle_lead,
)
from data_access.visit_history import ACTIONS, VISIT_FIELDS
from data_access.visit_places import Place, metres_between
from data_access.visit_targets import Target, find_target
from data_access.visit_writing import SOURCE, TABLES, Writing, write_batch
from rules.language import N_, Refusal
from rules.request import Actor, Scope
from rules.visit_record import (
    FORM_FIELDS,
    MOST_PHOTOS,
    Position,
    UnreadableRecord,
    VisitRecord,
    lead_result,
)


class UnknownVisit(Refusal):
    """No such record, or not within the scope: the same answer."""

    def __init__(self) -> None:
        super().__init__(N_("没有这条登记，或不在你的权限范围内。"))


@dataclass(frozen=True, slots=True)
class Visit:
    """A record as it stands.

    Attributes:
        values: the columns of the visit that people read.
        form: the filled fields of S3 附件1, personal ones masked by scope.
        photos: ids of its pictures.
        lead: (id, number, result, category, premises) of the lead it opened, or None.
        lead_result: result of the lead that it checked, as it stands; None for other targets.
        outcome: a code of ``rules.visit_record.OUTCOMES``.
        closes_site: whether it registered 自行歇业.
        free: whether the actor may change it without a reason.
    """

    id: str
    values: Mapping[str, object]
    form: Mapping[str, object]
    photos: tuple[str, ...]
    lead: tuple[str, str | None, str | None, str | None, str | None] | None
    lead_result: str | None
    outcome: str
    closes_site: bool
    free: bool


def visit_of(database: Database, visit_id: str, *, actor: Actor, now: dt.datetime) -> Visit:
    """A record as it stands; looking at a filled form is written down.

    Raises:
        UnknownVisit: there is none within the scope, or it was taken back.
    """
    scope = actor.scope
    v, f, lead, event = patrol_visit, visit_form, FACTS["lead"], FACTS["site_event"]
    names = ("day", "at", "agency_code", "target_kind", "target_id", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
             "located", "position", "accuracy_m", "off_m", "source_code", *VISIT_FIELDS)
    with database.write() as connection:
        row = connection.execute(select(*select_columns(v, names, scope)).where(
            v.c.id == visit_id, known(v, None), within(v, scope), v.c.source_code == SOURCE)).first()
        if row is None:
            raise UnknownVisit
        filled = connection.execute(select(*select_columns(f, FORM_FIELDS, scope)).where(
            f.c.visit_id == visit_id, known(f, None), within(f, scope))).first()
        if filled is not None:
            audit(connection, actor, "look", now, subject_table="visit_form", subject_id=visit_id)
        opened = connection.execute(select(lead.c.id, lead.c.number, lead.c.result, lead.c.category, lead.c.premises).where(
            lead.c.visit_id == visit_id, known(lead, None), within(lead, scope))).first()
        result = connection.execute(select(lead.c.result).where(
            lead.c.id == row.target_id, known(lead, None), within(lead, scope))).scalar() if row.target_kind == "lead" else None
        closed = connection.execute(select(event.c.id).where(
            event.c.district_code == scope.district, event.c.batch_id.in_(batches_of(scope.district, visit_id)), known(event, None))).first()
        pictures = photos_of(connection, scope.district, visit_id)
        free = _is_free(connection, actor, visit_id, now)
    values = dict(row._mapping)
    form = {} if filled is None else {name: value for name, value in filled._mapping.items() if value is not None}
    return Visit(visit_id, values, form, tuple(pictures), opened and tuple(opened), result, outcome_of(values), closed is not None, free)


def edit_visit(
    database: Database, visit_id: str, changes: Mapping[str, object], photos: tuple[bytes, ...] = (), *,
    reason: str | None = None, actor: Actor, now: dt.datetime,
) -> None:
    """Change a record; what follows from it (lead, 自行歇业) follows the change.

    Args:
        changes: answer of ``rules.visit_record.read_changes``; what is absent stays.
        photos: pictures to add.
        reason: why; needed after the day of the record, and for somebody else's record.

    Raises:
        UnknownVisit: there is none within the scope, or it was taken back.
        UnreadableRecord: no reason where one is needed, an outcome the target cannot have, too many pictures.
        Refusal: the lead that the record opened is already being worked on.
    """
    district = actor.scope.district
    cleaned = [clean_photo(content) for content in photos]
    with database.write() as connection:
        raise_versions(connection, district, TABLES, now)
        now = _after(connection, district, visit_id, now)
        old = _current(connection, actor.scope, visit_id)
        if reason is None and not _is_free(connection, actor, visit_id, now):
            raise UnreadableRecord("reason", N_("不是当天本人的登记：请写明修改的理由。"))
        target = _target_of(database, actor.scope, old, now)
        batch = write_batch(connection, actor, now, "", target.label, old["day"], changed=True)
        write = Writing(connection, district, batch, now)
        outcome = str(changes.get("outcome", outcome_of(old)))
        if outcome == "closed" and target.kind != "site":
            raise UnreadableRecord("outcome", N_("只有历史点位能登记为已关停。"))
        form = _as_record(visit_id, old, target, outcome, changes, write)
        write.replace("patrol_visit", old, {"mode": form.mode, "visits": form.visits, "note": form.note, **visit_values(form)})
        _edit_form(write, visit_id, old["day"], changes.get("form"))
        place = Place(*(old[name] for name in ("street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located")), off_m=None)
        settle_lead(write, form, target, place, old["agency_code"], changed=bool(changes.keys() & {"outcome", "category", "premises", "propose_case"}))
        settle_closing(write, form, target, old["agency_code"])
        _edit_check(write, target, outcome, changes)
        removed = changes.get("remove_photos") or ()
        kept = [one for one in photos_of(connection, district, visit_id) if one not in removed]
        if len(kept) + len(cleaned) > MOST_PHOTOS:
            raise UnreadableRecord("photos", N_("照片最多 {most} 张。"), most=MOST_PHOTOS)
        connection.execute(update(visit_photo).where(
            visit_photo.c.district_code == district, visit_photo.c.visit_id == visit_id, visit_photo.c.id.in_(removed),
            visit_photo.c.removed_at.is_(None)).values(removed_at=now))
        for photo in cleaned:
            keep_photo(connection, district, new_id(), visit_id, photo, metres_between(photo, place), now)
        audit(connection, actor, "edit_record", now, subject_table="patrol_visit", subject_id=visit_id,
              detail={"batch": batch, "reason": reason, "changed": sorted(changes), "photos": len(cleaned)})


def undo_visit(database: Database, visit_id: str, *, reason: str | None = None, actor: Actor, now: dt.datetime) -> bool:
    """Take back the last writing of a record: an edit gives back what stood before, the record itself goes with what it opened.

    Returns:
        Whether the record still stands.

    Raises:
        UnknownVisit: there is none within the scope, or it was taken back already.
        UnreadableRecord: no reason where one is needed.
        Refusal: the lead that would go is already being worked on.
    """
    district = actor.scope.district
    with database.write() as connection:
        raise_versions(connection, district, TABLES, now)
        now = _after(connection, district, visit_id, now)
        visit = _current(connection, actor.scope, visit_id)
        if reason is None and not _is_free(connection, actor, visit_id, now):
            raise UnreadableRecord("reason", N_("不是当天本人的登记：请写明撤销的理由。"))
        batch = connection.execute(
            select(import_batch).where(import_batch.c.district_code == district, import_batch.c.id.in_(batches_of(district, visit_id)),
                                       import_batch.c.undone_at.is_(None))
            .order_by(import_batch.c.taken_at.desc(), import_batch.c.id.desc()).limit(1)
        ).one()
        write = Writing(connection, district, batch.id, now)
        stands = False
        checked = str(visit["target_id"]) if visit["target_kind"] == "lead" else None
        for name in ("patrol_visit", "visit_form", "lead", "site_event"):
            stands |= _take_back(write, name, batch.taken_at, but=checked) and name == "patrol_visit"
        if checked:
            take_back_check(write, checked, batch.taken_at)
        photo = visit_photo
        own = (photo.c.district_code == district) & (photo.c.visit_id == visit_id)
        connection.execute(update(photo).where(own, photo.c.recorded_at == batch.taken_at).values(removed_at=now))
        connection.execute(update(photo).where(own, photo.c.removed_at == batch.taken_at).values(removed_at=None))
        connection.execute(update(import_batch).where(import_batch.c.district_code == district, import_batch.c.id == batch.id)
                           .values(undone_at=now, undone_by=actor.id))
        audit(connection, actor, "undo_record", now, subject_table="patrol_visit", subject_id=visit_id,
              detail={"batch": batch.id, "reason": reason})
    return stands


def outcome_of(values: Mapping[str, object]) -> str:
    """The outcome that a visit's columns stand for."""
    if values["access"] is False:
        return "no_access"
    return "closed" if values["seen_closed"] else str(values["finding"])


def _current(connection: Connection, scope: Scope, visit_id: str) -> dict[str, object]:
    v = patrol_visit
    row = connection.execute(select(v).where(v.c.id == visit_id, known(v, None), within(v, scope), v.c.source_code == SOURCE)).first()
    if row is None:
        raise UnknownVisit
    return dict(row._mapping)


def _is_free(connection: Connection, actor: Actor, visit_id: str, now: dt.datetime) -> bool:
    """Whether this is the actor's own record of today."""
    first = connection.execute(
        select(import_batch.c.actor_id, import_batch.c.taken_at)
        .where(import_batch.c.district_code == actor.scope.district, import_batch.c.id.in_(batches_of(actor.scope.district, visit_id)))
        .order_by(import_batch.c.taken_at, import_batch.c.id).limit(1)
    ).one()
    return first.actor_id == actor.id and first.taken_at.astimezone(now.tzinfo).date() == now.date()


def _after(connection: Connection, district: str, visit_id: str, now: dt.datetime) -> dt.datetime:
    """``now``, or just after the last writing: two versions of one instant would hide each other."""
    a = audit_event
    last = connection.execute(select(func.max(a.c.at)).where(
        a.c.district_code == district, a.c.subject_table == "patrol_visit", a.c.subject_id == visit_id, a.c.action.in_(ACTIONS))).scalar()
    if last is None:
        return now
    return max(now, (last + dt.timedelta(microseconds=1)).astimezone(now.tzinfo))


def _target_of(database: Database, scope: Scope, old: Mapping[str, object], now: dt.datetime) -> Target:
    area = old["grid_code"] or old["neighbourhood_code"] or old["street_code"]
    identifier = old["target_id"] if old["target_kind"] != "grid" else area
    found = find_target(database, scope, now.date(), str(old["target_kind"]), str(identifier))
    if found is not None:
        return found
    return Target(str(old["target_kind"]), str(identifier), str(area or ""), old["street_code"], old["neighbourhood_code"], old["grid_code"])


def _as_record(
    visit_id: str, old: Mapping[str, object], target: Target, outcome: str, changes: Mapping[str, object], write: Writing
) -> VisitRecord:
    """The record as it is after the change."""
    lead = write.current("lead", "visit_id", visit_id) or {}
    found = outcome in {"suspect", "confirmed"}
    position = None if old["lon"] is None else Position(old["lon"], old["lat"], str(old["position"] or "tapped"), old["accuracy_m"])
    proposes = changes.get("propose_case", outcome_of(old) == "confirmed" and bool(lead))
    closes = changes.get("close_site", closing_event(write, visit_id) is not None)
    return VisitRecord(
        visit_id, old["at"].astimezone(write.now.tzinfo), target.kind, target.id, outcome, str(changes.get("mode", old["mode"])), int(changes.get("visits", old["visits"])),
        changes.get("note", old["note"]), changes.get("category", lead.get("category")) if found else None,
        changes.get("premises", lead.get("premises")) if found else None, position,
        close_site=outcome == "closed" and bool(closes), propose_case=outcome == "confirmed" and bool(proposes),
    )


def _edit_form(write: Writing, visit_id: str, day: dt.date, fields: object) -> None:
    if not isinstance(fields, Mapping) or not fields:
        return
    old = write.current("visit_form", "visit_id", visit_id)
    if old is None:
        if any(value is not None for value in fields.values()):
            write.add("visit_form", new_id(), {"visit_id": visit_id, "filled_on": day, **fields})
    elif any(old[name] != value for name, value in fields.items()):
        write.replace("visit_form", old, fields)


def _edit_check(write: Writing, target: Target, outcome: str, changes: Mapping[str, object]) -> None:
    """Let a lead follow the result of its check that is written now."""
    if target.kind != "lead":
        return
    if "lead_result" in changes:
        write_check(write, target.id, lead_result(outcome, str(changes["lead_result"])), write.now.date())
    elif "outcome" in changes:
        old = write.current("lead", "id", target.id) or {}
        lead_result(outcome, str(old.get("result") or "pending"))


def _take_back(write: Writing, name: str, taken_at: dt.datetime, *, but: str | None = None) -> bool:
    """End a batch's versions in one table and give back what they had replaced; whether anything came back.

    Args:
        but: the thing of the table ``lead`` that the record checked: it is not the record's own.
    """
    table = FACTS[name]
    ids = select(table.c.id).where(table.c.district_code == write.district, table.c.batch_id == write.batch_id)
    if name == "lead" and but:
        ids = ids.where(table.c.id != but)
    mine = [dict(row._mapping) for row in write.connection.execute(select(table).where(
        table.c.district_code == write.district, table.c.id.in_(ids), table.c.superseded_at.is_(None)))]
    if name == "lead":
        for row in mine:
            refuse_worked_on(write, row)
    for row in mine:
        write.end(name, row)
    ended_then = (table.c.district_code == write.district) & (table.c.superseded_at == taken_at) & (table.c.source_code == SOURCE)
    followers = table.c.id.in_(ids) if name == "patrol_visit" else _same_visit(write, table, ids)
    before = [dict(row._mapping) for row in write.connection.execute(select(table).where(ended_then, followers))]
    for row in before:
        # The version that comes back keeps its own batch, so that it can be taken back in its turn.
        again = Writing(write.connection, write.district, str(row["batch_id"]), write.now)
        again.replace(name, row | {"row_id": ""}, {})
    return bool(before)


def _same_visit(write: Writing, table, ids):
    """Rows that the visit of the batch owns: its form and lead by its id, its event by its batches."""
    v = patrol_visit
    visits = select(v.c.id).where(v.c.district_code == write.district, v.c.batch_id == write.batch_id)
    if "visit_id" in table.c:
        return table.c.visit_id.in_(visits)
    return table.c.batch_id.in_(select(v.c.batch_id).where(v.c.district_code == write.district, v.c.id.in_(visits)))
