"""Writes down every paper that left the house: from which snapshot, whose rows it holds, who made it."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import insert

from data_access.audit import audit
from data_access.columns import new_id
from data_access.database import Database
from data_access.schema import paper
from rules.request import Actor


def keep_paper(
    database: Database, *, snapshot_id: str, meeting_id: str, kind: str, file_name: str, digest: str, actor: Actor, now: dt.datetime
) -> str:
    """One row and one audit row for a paper that was handed out; it is a 草稿 until somebody confirms it.

    Args:
        digest: SHA-256 of the file, in hexadecimal.

    Returns:
        The id of the row.
    """
    made = new_id()
    with database.write() as connection:
        connection.execute(insert(paper).values(
            district_code=actor.scope.district, id=made, snapshot_id=snapshot_id, meeting_id=meeting_id, kind=kind, file_name=file_name, hash=digest,
            scope=json.loads(actor.scope.to_json()), made_at=now, made_by=actor.id,
        ))  # fmt: skip
        audit(connection, actor, "export", now, subject_table="paper", subject_id=made, detail={"kind": kind, "snapshot": snapshot_id, "hash": digest})
    return made
