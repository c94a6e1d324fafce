"""Writes visits recorded on the spot: the visit, its form and photographs, the lead and the event that follow, in one transaction.

What a record says is kept in versions like every other fact; each writing is a batch of kind
``recorded_visit`` with its actor, so that it can be taken back (``docs/decisions/recording.md``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.audit import audit
from data_access.columns import new_id
from data_access.database import Database
from data_access.importing.known import known as known_district
from data_access.lead_steps import write_check
from data_access.partitions import ensure_partitions
from data_access.photos import Photo, clean_photo, keep_photo
from data_access.schema import FACTS, import_batch, patrol_visit, visit_photo
from data_access.scope import known, within
from data_access.versions import raise_versions
from data_access.visit_consequences import closing, open_lead
from data_access.visit_places import Place, metres_between, place_of
from data_access.visit_targets import Target, agency_for, find_target
from data_access.visit_writing import TABLES, Writing, write_batch
from rules.language import N_, Refusal
from rules.request import Actor, Scope
from rules.visit_record import VisitRecord


class UnknownTarget(Refusal):
    """What was to be visited is not there, or not within the scope: the same answer."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个巡查对象，或不在你的权限范围内。"))


class OtherContent(Refusal):
    """The id was taken before, with other content."""

    def __init__(self) -> None:
        super().__init__(N_("这个编号已登记过另一份内容：请核对后作为新的登记提交。"))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a record.

    Attributes:
        visit_id: the id of the record.
        already: whether it had been taken before; then nothing was written.
        lead_id, lead_number: the lead that it opened, or None.
        closed: whether 自行歇业 was registered for the site.
        grid_code: grid that the visit counts for.
        off_m: metres from the position to the area named; 0 inside, None where one of them is unknown.
    """

    visit_id: str
    already: bool
    lead_id: str | None = None
    lead_number: str | None = None
    closed: bool = False
    grid_code: str | None = None
    off_m: float | None = None


def record_visit(database: Database, form: VisitRecord, *, actor: Actor, now: dt.datetime) -> Recorded:
    """Take a record once, however often it is sent.

    A suspect finding opens a lead (source 巡查发现); a confirmed one does where the record proposes a
    case, as a confirmed lead: a case is never filed by itself. A finding at a lead's own check opens
    no second lead: the lead itself takes the result of the check. ``close_site`` adds the event 自行歇业. What is written counts for the area named,
    also where the position lies beyond it (``off_m``).

    Args:
        form: the record; its photographs are read and written again without metadata.
        actor: who sends it; rows outside the actor's scope are not reached.
        now: the instant of taking, with its time zone.

    Raises:
        UnknownTarget: no such target within the scope.
        OtherContent: the id was taken before with other content.
        UnreadableRecord: a photograph cannot be read.
        Refusal: the check says 不属实 of a lead on which a case was filed.
    """
    digest, district = form.digest(), actor.scope.district
    if (earlier := _earlier(database, actor.scope, form.id)) is not None:
        return _already(database, actor, form, digest, earlier)
    target = find_target(database, actor.scope, now.date(), form.target_kind, form.target_id)
    if target is None:
        raise UnknownTarget
    photos = [clean_photo(content) for content in form.photos]
    place = place_of(known_district(database, district).gazetteer, target, form.position, form.day)
    agency = agency_for(database, actor.scope, form.day, target)
    with database.write() as connection:
        # Raising the counters first makes a second sender of the same record wait here.
        raise_versions(connection, district, TABLES, now)
        taken = connection.execute(_batch_of_first(district, form.id)).first()
        if taken is None:
            batch = write_batch(connection, actor, now, digest, target.label, form.day)
            write = Writing(connection, district, batch, now)
            ensure_partitions(connection, {form.day})
            write.add("patrol_visit", form.id, _visit(form, target, place, agency))
            if form.form:
                write.add("visit_form", new_id(), {"visit_id": form.id, "filled_on": form.day, **form.form})
            lead = open_lead(write, form, target, place, agency)
            if form.close_site and target.can_close:
                write.add("site_event", new_id(), closing(form.target_id, form.day, agency))
            if form.lead_result:
                write_check(write, form.target_id, form.lead_result, form.day)
            _keep_photos(write, form.id, photos, place)
            audit(connection, actor, "record", now, subject_table="patrol_visit", subject_id=form.id,
                  detail={"batch": batch, "target": f"{target.kind}:{target.id}", "outcome": form.outcome,
                          "lead": lead and lead[0], "lead_result": form.lead_result, "photos": len(photos), "off_m": place.off_m})
            return Recorded(form.id, False, *(lead or (None, None)), form.close_site and target.can_close,
                            place.grid_code, place.off_m)
    return _already(database, actor, form, digest, taken[0])


def visit_values(form: VisitRecord) -> dict[str, object]:
    """The columns of a visit that its outcome decides."""
    return {
        "finding": form.finding, "access": False if form.outcome == "no_access" else None,
        "seen_closed": True if form.outcome == "closed" else None,
    }


def _visit(form: VisitRecord, target: Target, place: Place, agency: str | None) -> dict[str, object]:
    position = form.position
    return {
        "day": form.day, "at": form.at, "agency_code": agency, "target_kind": target.kind,
        "target_id": None if target.kind == "grid" else target.id, "mode": form.mode, "visits": form.visits, "mobile": True,
        "note": form.note, "position": position and position.how, "accuracy_m": position and position.accuracy_m,
        "off_m": place.off_m, **visit_values(form), **place.columns(),
    }


def _keep_photos(write: Writing, visit_id: str, photos: Iterable[Photo], place: Place) -> None:
    for photo in photos:
        keep_photo(write.connection, write.district, new_id(), visit_id, photo, metres_between(photo, place), write.now)


def _batch_of_first(district: str, visit_id: str):
    v, b = patrol_visit, import_batch
    return (
        select(b.c.file_hash).join(v, (v.c.batch_id == b.c.id) & (v.c.district_code == b.c.district_code))
        .where(v.c.district_code == district, v.c.id == visit_id).order_by(v.c.recorded_at, v.c.row_id).limit(1)
    )


def _earlier(database: Database, scope: Scope, visit_id: str) -> str | None:
    """The digest that an id within the scope was first taken with; None where it never was."""
    asked = _batch_of_first(scope.district, visit_id).where(within(patrol_visit, scope))
    with database.read() as connection:
        found = connection.execute(asked).first()
    return None if found is None else found[0]


def _already(database: Database, actor: Actor, form: VisitRecord, digest: str, earlier: str) -> Recorded:
    if earlier != digest:
        raise OtherContent
    lead, visit = FACTS["lead"], patrol_visit
    district = actor.scope.district
    with database.read() as connection:
        opened = connection.execute(select(lead.c.id, lead.c.number).where(
            lead.c.district_code == district, lead.c.visit_id == form.id, known(lead, None))).first()
        row = connection.execute(select(visit.c.grid_code, visit.c.off_m).where(
            visit.c.district_code == district, visit.c.id == form.id).order_by(visit.c.recorded_at).limit(1)).one()
    return Recorded(form.id, True, *(opened or (None, None)), form.close_site, row.grid_code, row.off_m)


def photos_of(connection: Connection, district: str, visit_id: str) -> list[str]:
    """The ids of a visit's pictures that were not removed, oldest first."""
    p = visit_photo
    asked = select(p.c.id).where(p.c.district_code == district, p.c.visit_id == visit_id, p.c.removed_at.is_(None))
    return list(connection.execute(asked.order_by(p.c.recorded_at, p.c.id)).scalars())


