"""Writes down who did what, when, to which rows: one row an action, never changed afterwards."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from data_access.columns import new_id
from data_access.schema import audit_event
from rules.request import Actor


def audit(
    connection: Connection,
    actor: Actor,
    action: str,
    now: dt.datetime,
    *,
    subject_table: str | None = None,
    subject_id: str | None = None,
    detail: dict | None = None,
) -> str:
    """Add one audit row inside the caller's transaction.

    Args:
        action: ``import``, ``undo``, ``export``, ``look``, ``setting``, ``demo``, ...
        now: the instant of the action, with its time zone.
        subject_table, subject_id: the table and thing it was done to, where there is one.
        detail: anything JSON can hold; no personal data.

    Returns:
        The id of the audit row.
    """
    made = new_id()
    connection.execute(
        insert(audit_event).values(
            district_code=actor.scope.district,
            id=made,
            at=now,
            actor_id=actor.id,
            actor_name=actor.name,
            actor_role=actor.role,
            scope=json.loads(actor.scope.to_json()),
            action=action,
            subject_table=subject_table,
            subject_id=subject_id,
            detail=detail,
        )
    )
    return made
