"""Writes what a person enters in the product itself: the rows, their batch, the audit, the versions raised."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from data_access.audit import audit
from data_access.columns import new_id, new_ids
from data_access.importing.taking import supersede
from data_access.schema import FACTS, import_batch, source
from data_access.versions import raise_versions
from rules.request import Actor


def enter(
    connection: Connection,
    rows: Mapping[str, list[dict]],
    *,
    kind: str,
    words: str,
    actor: Actor,
    now: dt.datetime,
    ended: Mapping[str, Iterable[str]] | None = None,
    detail: dict | None = None,
    demo: bool = False,
) -> str:
    """Write rows and end the versions they replace, inside the caller's transaction.

    The batch can be undone like an import. The counters are raised first, so that on PostgreSQL a
    second writer waits for the first.

    Args:
        rows: table name -> rows (columns of the fact alone; ``id`` where the thing is there already).
        kind: of the batch, its source and the audit row: ``rule_change``, ``adoption``, ...
        words: a few words that tell people what it was; stands where a file's name would.
        ended: table name -> row ids of the versions that end now.
        detail: for the audit row; no personal data.

    Returns:
        The id of the batch.
    """
    district = actor.scope.district
    ended = {table: list(ids) for table, ids in (ended or {}).items()}
    raise_versions(connection, district, [*rows, *ended, "import_batch"], now)
    _ensure_source(connection, district, kind)
    batch_id = new_id()
    counted = sum(len(some) for some in rows.values())
    changed = sum("id" in row for some in rows.values() for row in some)
    connection.execute(
        insert(import_batch).values(
            district_code=district, id=batch_id, kind=kind, source_code=kind, file_name=words[:240],
            file_hash=_digest(dict(rows)), taken_at=now, actor_id=actor.id,
            actor_name=actor.name, rows_read=counted, rows_new=counted - changed, rows_changed=changed, rows_same=0,
            rows_refused=0, demo=demo,
        )
    )
    for table, row_ids in ended.items():
        supersede(connection, FACTS[table], district, row_ids, now)
    for table, some in rows.items():
        made = [_row(row, district, kind, batch_id, now, *pair) for row, *pair in zip(some, new_ids(len(some)), new_ids(len(some)), strict=True)]
        if made:
            connection.execute(insert(FACTS[table]), made)
    audit(connection, actor, kind, now, subject_table="import_batch", subject_id=batch_id, detail=detail)
    return batch_id


def _row(row: dict, district: str, kind: str, batch_id: str, now: dt.datetime, row_id: str, thing_id: str) -> dict:
    kept = {"number": None, "row_number": None, "superseded_at": None, "id": thing_id}
    mine = {"district_code": district, "source_code": kind, "batch_id": batch_id, "row_id": row_id, "recorded_at": now}
    return {**kept, **row, **mine, "content_hash": _digest(row)}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _ensure_source(connection: Connection, district: str, code: str) -> None:
    """What is entered by hand has no rhythm, and no age to show."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    row = dialect.insert(source).values(district_code=district, code=code, name=code, kind=code, shown=False)
    connection.execute(row.on_conflict_do_nothing(index_elements=["district_code", "code"]))
