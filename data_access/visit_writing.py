"""Adds and replaces versions of what a record made on the spot says, all of one batch with its actor."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from data_access.columns import new_id
from data_access.schema import FACTS, import_batch
from data_access.sources import ensure_source
from rules.language import N_
from rules.request import Actor

KIND = "recorded_visit"
SOURCE = "recorded"
SOURCE_NAME = N_("现场登记")
TABLES = ("patrol_visit", "visit_form", "lead", "site_event", "visit_photo", "import_batch")


class Writing:
    """Adds first versions and replaces current ones, all of one batch."""

    def __init__(self, connection: Connection, district: str, batch_id: str, now: dt.datetime) -> None:
        self.connection, self.district, self.batch_id, self.now = connection, district, batch_id, now

    def add(self, name: str, identifier: str, values: Mapping[str, object]) -> None:
        """One version of a thing."""
        table = FACTS[name]
        fixed = {
            "district_code": self.district, "row_id": new_id(), "id": identifier, "source_code": SOURCE, "batch_id": self.batch_id,
            "recorded_at": self.now, "superseded_at": None, "content_hash": _hash(values),
        }
        if "located" in table.c and "located" not in values:
            fixed["located"] = "area"
        self.connection.execute(insert(table).values(**{**fixed, **values}))

    def current(self, name: str, column: str, value: str) -> dict[str, object] | None:
        """The current version by one column, as plain values."""
        table = FACTS[name]
        asked = select(table).where(table.c.district_code == self.district, table.c[column] == value, table.c.superseded_at.is_(None))
        row = self.connection.execute(asked.order_by(table.c.recorded_at.desc())).first()
        return None if row is None else dict(row._mapping)

    def replace(self, name: str, old: Mapping[str, object], changes: Mapping[str, object]) -> None:
        """End a version and write it again with changes.

        An imported row keeps its source and the mark of the file's content: the same file imported
        again changes nothing.
        """
        self.end(name, old)
        kept = {key: value for key, value in old.items() if key not in _BY_VERSION or (key in _BY_IMPORT and old["source_code"] != SOURCE)}
        self.add(name, str(old["id"]), {**kept, **changes})

    def end(self, name: str, old: Mapping[str, object]) -> None:
        """End a version: from now on it is not known."""
        table = FACTS[name]
        self.connection.execute(update(table).where(table.c.district_code == self.district, table.c.row_id == old["row_id"])
                                .values(superseded_at=self.now))


def write_batch(connection: Connection, actor: Actor, now: dt.datetime, digest: str, label: str, day: dt.date, changed: bool = False, kind: str = KIND) -> str:
    """The batch of one writing; gives its id."""
    district, identifier = actor.scope.district, new_id()
    ensure_source(connection, district, SOURCE, name=SOURCE_NAME, kind=KIND)
    connection.execute(insert(import_batch).values(
        district_code=district, id=identifier, kind=kind, source_code=SOURCE, file_name=label[:240] or KIND, file_hash=digest,
        taken_at=now, actor_id=actor.id, actor_name=actor.name, rows_read=1, rows_new=0 if changed else 1,
        rows_changed=1 if changed else 0, rows_same=0, rows_refused=0, first_day=day, last_day=day, demo=False,
    ))
    return identifier


def _hash(values: Mapping[str, object]) -> str:
    said = {key: value for key, value in values.items() if value is not None}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


_BY_VERSION = {"district_code", "row_id", "id", "source_code", "batch_id", "row_number", "content_hash", "recorded_at", "superseded_at"}
_BY_IMPORT = {"source_code", "row_number", "content_hash"}
