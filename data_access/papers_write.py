"""Writes down every paper that left the house, and who confirmed which paper of which snapshot."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from data_access.audit import audit
from data_access.columns import new_id
from data_access.database import Database
from data_access.schema import audit_event, paper, snapshot
from data_access.versions import wait_for_turn
from rules.language import N_, Refusal
from rules.request import Actor, Scope

CONFIRM, WITHDRAW = "confirm", "undo"


class PaperRefused(Refusal):
    """A paper that cannot be confirmed, or a confirmation that cannot be taken back; says why."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a person has read a paper and answers for it.

    Attributes:
        id: of its row in ``paper``.
        kind: of the paper.
        at: instant, with its time zone.
        actor_id, name: of the person.
    """

    id: str
    kind: str
    at: dt.datetime
    actor_id: str
    name: str


def keep_paper(
    database: Database, *, snapshot_id: str | None, meeting_id: str | None, kind: str, file_name: str, digest: str, actor: Actor, now: dt.datetime,
    confirmed: Confirmation | None = None, detail: dict[str, object] | None = None,
) -> str:  # fmt: skip
    """One row and one audit row for a paper that was handed out.

    Args:
        snapshot_id, meeting_id: None where the paper was made from facts taken just then.
        digest: SHA-256 of the file, in hexadecimal.
        confirmed: whose confirmation it was printed under; None for a 草稿.
        detail: more for the audit row; no personal data.

    Returns:
        The id of the row.
    """
    made = new_id()
    about = {"kind": kind, "snapshot": snapshot_id, "hash": digest, **(detail or {})}
    with database.write() as connection:
        connection.execute(insert(paper).values(
            district_code=actor.scope.district, id=made, snapshot_id=snapshot_id, meeting_id=meeting_id, kind=kind, file_name=file_name, hash=digest,
            scope=json.loads(actor.scope.to_json()), made_at=now, made_by=actor.id,
            confirmed_at=confirmed and confirmed.at, confirmed_by=confirmed and confirmed.actor_id,
        ))  # fmt: skip
        audit(connection, actor, "export", now, subject_table="paper", subject_id=made, detail=about | ({"confirmation": confirmed.id} if confirmed else {}))
    return made


def confirm_paper(
    database: Database, *, snapshot_id: str, meeting_id: str, kind: str, file_name: str, digest: str, demo: bool, actor: Actor, now: dt.datetime
) -> Confirmation:
    """Write down that the actor has read a paper and answers for it: it is no 草稿 any more (DESIGN 12).

    It holds for these facts alone: ``digest`` (``paper_facts.digest_of``) is kept as the row's hash,
    the snapshot's own hash in the audit row. Confirmed once, it stays as it is.

    Raises:
        PaperRefused: demo data, or no such snapshot.
    """
    if demo:
        raise PaperRefused(N_("演示数据的材料不是公文，不能确认。"))
    district = actor.scope.district
    with database.write() as connection:
        wait_for_turn(connection, district)
        frozen = connection.execute(select(snapshot.c.hash).where(snapshot.c.district_code == district, snapshot.c.id == snapshot_id)).scalar()
        if frozen is None:
            raise PaperRefused(N_("没有这份快照，或不在你的权限范围内。"))
        held = connection.execute(_confirmed(district, snapshot_id, meeting_id, digest).where(paper.c.kind == kind)).first()
        if held is not None:
            return Confirmation(*held)
        made = Confirmation(new_id(), kind, now, actor.id, actor.name)
        connection.execute(insert(paper).values(
            district_code=district, id=made.id, snapshot_id=snapshot_id, meeting_id=meeting_id, kind=kind, file_name=file_name, hash=digest,
            scope=json.loads(actor.scope.to_json()), made_at=now, made_by=actor.id, confirmed_at=now, confirmed_by=actor.id,
        ))  # fmt: skip
        audit(connection, actor, CONFIRM, now, subject_table="paper", subject_id=made.id, detail={"kind": kind, "snapshot": snapshot_id, "snapshot_hash": frozen, "printed_hash": digest})
    return made


def withdraw_paper(database: Database, confirmation_id: str, snapshot_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take a confirmation back: the paper is a 草稿 again; the audit keeps both acts.

    Raises:
        PaperRefused: no confirmation of that snapshot has this id, or it was taken back.
    """
    district = actor.scope.district
    with database.write() as connection:
        wait_for_turn(connection, district)
        asked = select(paper.c.kind, paper.c.hash).select_from(paper.join(audit_event, _its_act())).where(
            paper.c.district_code == district, paper.c.id == confirmation_id, paper.c.snapshot_id == snapshot_id, paper.c.confirmed_at.is_not(None)
        )
        held = connection.execute(asked).first()
        if held is None:
            raise PaperRefused(N_("没有这项确认，或已经撤销。"))
        connection.execute(update(paper).where(paper.c.district_code == district, paper.c.id == confirmation_id).values(confirmed_at=None, confirmed_by=None))
        audit(connection, actor, WITHDRAW, now, subject_table="paper", subject_id=confirmation_id, detail={"kind": held.kind, "snapshot": snapshot_id, "printed_hash": held.hash})


def confirmations(database: Database, scope: Scope, snapshot_id: str, meeting_id: str, digest: str) -> dict[str, Confirmation]:
    """The confirmations that hold for what is printed, by kind of paper."""
    with database.read() as connection:
        rows = connection.execute(_confirmed(scope.district, snapshot_id, meeting_id, digest)).all()
    return {row.kind: Confirmation(*row) for row in rows}


def _confirmed(district: str, snapshot_id: str, meeting_id: str, digest: str):
    return select(paper.c.id, paper.c.kind, paper.c.confirmed_at, audit_event.c.actor_id, audit_event.c.actor_name).select_from(paper.join(audit_event, _its_act())).where(
        paper.c.district_code == district, paper.c.snapshot_id == snapshot_id, paper.c.meeting_id == meeting_id, paper.c.hash == digest,
        paper.c.confirmed_at.is_not(None),
    )  # fmt: skip


def _its_act():
    """The audit row of a confirmation; a paper that was merely handed out has none."""
    a = audit_event.c
    return (a.district_code == paper.c.district_code) & (a.subject_table == "paper") & (a.subject_id == paper.c.id) & (a.action == CONFIRM)
