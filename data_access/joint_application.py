"""The data of the 联合执法申请函 (S3 附件2) that a confirmed finding offers: what was found, who would not stop."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from data_access.audit import audit
from data_access.database import Database
from data_access.schema import patrol_visit, visit_form
from data_access.scope import known, within
from data_access.visit_edits import visit_of
from rules.quarter import quarter_days, quarter_of
from rules.request import Actor

SYSTEMS = ("health", "police", "market")
"""卫生、公安、市场监管: the agencies that the letter asks for. Source: S3 附件2."""


@dataclass(frozen=True, slots=True)
class JointApplication:
    """What the letter fills in.

    Attributes:
        street_code: who applies.
        start, end: 排查起止日期: from the beginning of the quarter to the day of the visit.
        found: 发现非法行医场所, 家: places with a confirmed finding in that time, each once.
        unheeding: 仍不听劝告, 家: those of them that were advised to stop, or for which joint handling is wanted.
        systems: agency systems asked for.
    """

    street_code: str | None
    start: dt.date
    end: dt.date
    found: int
    unheeding: int
    systems: tuple[str, ...] = SYSTEMS


def joint_application(database: Database, visit_id: str, *, actor: Actor, now: dt.datetime) -> JointApplication:
    """The letter's data for the street of a recorded visit; making it is written down.

    Raises:
        UnknownVisit: no such record within the actor's scope.
    """
    scope = actor.scope
    values = visit_of(database, visit_id, actor=actor, now=now).values
    day, street = values["day"], values["street_code"]
    start, _ = quarter_days(quarter_of(day))
    v, f = patrol_visit, visit_form
    place = func.coalesce(v.c.target_id, v.c.id)
    mine = (
        known(v, None), within(v, scope), v.c.finding == "confirmed", v.c.day >= start, v.c.day <= day,
        v.c.street_code == street if street else v.c.id == visit_id,
    )
    unheeding = v.c.id.in_(select(f.c.visit_id).where(known(f, None), within(f, scope), f.c.joint_wanted.is_(True) | f.c.advised_to_stop.is_(True)))
    with database.write() as connection:
        found = connection.execute(select(func.count(distinct(place))).where(*mine)).scalar_one()
        refusing = connection.execute(select(func.count(distinct(place))).where(*mine, unheeding)).scalar_one()
        audit(connection, actor, "look", now, subject_table="patrol_visit", subject_id=visit_id, detail={"for": "joint_application"})
    return JointApplication(street, start, day, found, refusing)
