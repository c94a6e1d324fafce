"""Every writing of a recorded visit, with what it changed: taken from the versions that are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.database import Database
from data_access.schema import audit_event, patrol_visit, visit_form, visit_photo
from data_access.scope import select_columns, within
from data_access.visit_writing import SOURCE
from rules.request import Scope
from rules.visit_record import FORM_FIELDS

VISIT_FIELDS = ("finding", "access", "seen_closed", "mode", "visits", "note")
ACTIONS = ("record", "edit_record", "undo_record")
"""What the audit calls the writings of a record."""


@dataclass(frozen=True, slots=True)
class Change:
    """One writing of a record.

    Attributes:
        at: instant, UTC.
        actor: name of who wrote it.
        action: ``record``, ``edit_record`` or ``undo_record``.
        reason: what was said why, or None.
        fields: (field, old, new) of what it changed, values as kept, personal ones masked by scope;
            ``photos`` counts pictures.
    """

    at: dt.datetime
    actor: str
    action: str
    reason: str | None
    fields: tuple[tuple[str, object, object], ...]


def visit_history(database: Database, visit_id: str, scope: Scope) -> list[Change]:
    """Every writing of a record, oldest first, also of one that was taken back; none where it is not within the scope."""
    v, f, a, p = patrol_visit, visit_form, audit_event, visit_photo
    with database.read() as connection:
        if connection.execute(select(v.c.id).where(v.c.id == visit_id, v.c.source_code == SOURCE, within(v, scope)).limit(1)).first() is None:
            return []
        said = connection.execute(select(a).where(
            a.c.district_code == scope.district, a.c.subject_table == "patrol_visit", a.c.subject_id == visit_id, a.c.action.in_(ACTIONS),
        ).order_by(a.c.at, a.c.id)).all()
        stood = [(VISIT_FIELDS, _versions(connection, v, v.c.id, visit_id, VISIT_FIELDS, scope)),
                 (FORM_FIELDS, _versions(connection, f, f.c.visit_id, visit_id, FORM_FIELDS, scope))]
        pictures = connection.execute(select(p.c.recorded_at, p.c.removed_at).where(
            p.c.district_code == scope.district, p.c.visit_id == visit_id)).all()
    changes = []
    for row in said:
        before = {name: value for names, rows in stood for name, value in _as_known(names, rows, row.at, before=True).items()}
        after = {name: value for names, rows in stood for name, value in _as_known(names, rows, row.at, before=False).items()}
        # Compared by what is kept, shown as the scope may see it: a masked change is still a change.
        changed = [name for name in after if before[name] != after[name]]
        fields = [(name, _shown(stood, name, row.at, before=True), _shown(stood, name, row.at, before=False)) for name in changed]
        pictures_before = sum(one < row.at and (gone is None or gone >= row.at) for one, gone in pictures)
        pictures_after = sum(one <= row.at and (gone is None or gone > row.at) for one, gone in pictures)
        if pictures_before != pictures_after:
            fields.append(("photos", pictures_before, pictures_after))
        changes.append(Change(row.at, row.actor_name, row.action, (row.detail or {}).get("reason"), tuple(fields)))
    return changes


def _versions(connection: Connection, table, column, visit_id: str, names: tuple[str, ...], scope: Scope) -> list[dict[str, object]]:
    kept = [table.c[name].label(f"kept_{name}") for name in names]
    asked = select(table.c.recorded_at, table.c.superseded_at, *kept, *select_columns(table, names, scope)).where(
        table.c.district_code == scope.district, column == visit_id)
    return [dict(row._mapping) for row in connection.execute(asked.order_by(table.c.recorded_at, table.c.row_id))]


def _as_known(
    names: tuple[str, ...], rows: list[dict[str, object]], at: dt.datetime, *, before: bool, prefix: str = "kept_"
) -> dict[str, object]:
    """The fields as they were known at an instant, or just before it."""
    for row in reversed(rows):
        begun = row["recorded_at"] < at if before else row["recorded_at"] <= at
        stands = row["superseded_at"] is None or (row["superseded_at"] >= at if before else row["superseded_at"] > at)
        if begun and stands:
            return {name: row[prefix + name] for name in names}
    return dict.fromkeys(names)


def _shown(stood: list[tuple[tuple[str, ...], list[dict[str, object]]]], name: str, at: dt.datetime, *, before: bool) -> object:
    names, rows = next((names, rows) for names, rows in stood if name in names)
    return _as_known(names, rows, at, before=before, prefix="")[name]
