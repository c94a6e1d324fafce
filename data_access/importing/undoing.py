"""Takes an import back: its rows end, what they replaced is known again; and lists what was imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import Connection

from data_access.audit import audit
from data_access.columns import new_ids
from data_access.database import Database
from data_access.importing.bulk import insert_columns
from data_access.importing.kinds import kinds
from data_access.importing.problems import ImportRefused, Term
from data_access.importing.taking import Batch, supersede
from data_access.later_versions import refuse_carried_on
from data_access.schema import FACTS, audit_event, import_batch
from data_access.versions import raise_versions, wait_for_turn
from rules.language import N_
from rules.request import Actor, Scope

CHUNK = 900
ENTERED = {
    "rule_change": N_("规则修改"), "adoption": N_("规则采纳"), "calendar": N_("工作日历"), "recorded_visit": N_("登记巡查"),
    "handover": N_("转派与退回"), "assignment": N_("责任分工"), "lead_step": N_("线索办理"),
    "score_entry": N_("考核评定"), "report_entry": N_("材料报送"),
}  # fmt: skip
"""Kinds of batch that were entered in the product itself: their names."""
PLACE_COLUMNS = ("street_code", "neighbourhood_code", "grid_code")
AGENCY_COLUMNS = ("agency_code", "from_agency", "to_agency", "convener")
REFERRING = {
    "subject": (("site", "subject_id"), ("lead", "subject_id"), ("case", "subject_id"), ("penalty", "subject_id"), ("adverse_event", "subject_id"), ("patrol_visit", "target_id"), ("task_target", "target_id")),
    "site": (("site_event", "site_id"), ("lead", "site_id"), ("case", "site_id"), ("penalty", "site_id"), ("seizure", "site_id"), ("adverse_event", "site_id"), ("patrol_visit", "target_id"), ("task_target", "target_id")),
    "lead": (("case", "lead_id"), ("transfer", "lead_id"), ("patrol_visit", "target_id"), ("task_target", "target_id")),
    "case": (("case_event", "case_id"), ("penalty", "case_id"), ("seizure", "case_id"), ("transfer", "case_id"), ("site_event", "case_id"), ("adverse_event", "case_id")),
    "construction_site": (("patrol_visit", "target_id"), ("task_target", "target_id")),
    "campaign": (("campaign_milestone", "campaign_id"), ("campaign_target", "campaign_id"), ("activity", "campaign_id")),
    "meeting": (("decision", "meeting_id"),),
    "task_list": (("task_target", "task_list_id"),),
    "licensed_institution": (("institution_check", "institution_id"),),
}  # fmt: skip
"""(table, column) pairs that refer to the things of a table."""


def undo(database: Database, batch_id: str, *, actor: Actor, now: dt.datetime, only: Collection[str] | None = None) -> Batch:
    """Take one import back in one transaction; what was known before ``now`` stays reproducible.

    Rows of the batch end at ``now``; the versions that they had replaced come back as new versions
    recorded at ``now``.

    Args:
        only: kinds of batch that are meant; one of another kind counts as unknown. None takes any.

    Raises:
        ImportRefused: unknown, already undone, outside the actor's scope, or later imports build on it.
    """
    district = actor.scope.district
    with database.write() as connection:
        wait_for_turn(connection, district)
        found = connection.execute(select(import_batch).where(import_batch.c.district_code == district, import_batch.c.id == batch_id)).first()
        meant = found is not None and (only is None or found.kind in only)
        if not meant or not _may_see(connection, actor.scope, [batch_id])[batch_id]:
            raise ImportRefused(N_("没有编号为 {batch} 的导入批次，或不在你的权限范围内。"), batch=batch_id)
        if found.undone_at is not None:
            raise ImportRefused(N_("这个批次已经撤销过了。"))
        touched = [name for name, table in FACTS.items() if _first(connection, table, district, batch_id)]
        touched += [name for name, child in OWNED.items() if child.parent in touched and name not in touched]
        for name in touched:
            _refuse_built_on(connection, name, district, batch_id, found.kind)
        for name in touched:
            _take_back(connection, name, district, batch_id, found.taken_at, now)
        connection.execute(update(import_batch).where(import_batch.c.district_code == district, import_batch.c.id == batch_id)
                           .values(undone_at=now, undone_by=actor.id))
        raise_versions(connection, district, [*touched, "import_batch"], now)
        audit(connection, actor, "undo", now, subject_table="import_batch", subject_id=batch_id, detail={"kind": found.kind, "file": found.file_name})
        return _batch(found, undone_at=now)


def batches(database: Database, scope: Scope, limit: int = 50) -> pd.DataFrame:
    """The latest imports that a scope may see, newest first.

    Returns:
        ``id``, ``kind``, ``kind_label`` (source string), ``source``, ``file_name``, ``taken_at``
        (UTC), ``actor_name``, ``read``, ``new``, ``changed``, ``same``, ``refused``, ``first_day``,
        ``last_day``, ``undone_at``, ``demo``. Empty: the same columns.
    """
    b = import_batch.c
    asked = (
        select(b.id, b.kind, b.source_code.label("source"), b.file_name, b.taken_at, b.actor_name, b.rows_read.label("read"),
               b.rows_new.label("new"), b.rows_changed.label("changed"), b.rows_same.label("same"), b.rows_refused.label("refused"),
               b.first_day, b.last_day, b.undone_at, b.demo)
        .where(b.district_code == scope.district, b.kind.in_(kinds()))
        .order_by(b.taken_at.desc(), b.id.desc())
        .limit(limit if scope.is_whole_district else 50 * limit)
    )
    frame = database.frame(asked)
    if not scope.is_whole_district and len(frame):
        with database.read() as connection:
            seen = _may_see(connection, scope, frame["id"].tolist())
        frame = frame[[seen[one] for one in frame["id"]]].head(limit).reset_index(drop=True)
    labels = [kinds()[kind].label if kind in kinds() else ENTERED.get(kind, kind) for kind in frame["kind"]]
    frame.insert(2, "kind_label", pd.Series(labels, dtype="str"))
    return frame


def _may_see(connection: Connection, scope: Scope, ids: list[str]) -> dict[str, bool]:
    """Whether each batch was taken with a scope that lies within this one."""
    if scope.is_whole_district:
        return dict.fromkeys(ids, True)
    found = dict.fromkeys(ids, False)
    for start in range(0, len(ids), CHUNK):
        asked = select(audit_event.c.subject_id, audit_event.c.scope).where(
            audit_event.c.district_code == scope.district, audit_event.c.action != "undo",
            audit_event.c.subject_table == "import_batch", audit_event.c.subject_id.in_(ids[start : start + CHUNK]),
        )
        for batch_id, taken in connection.execute(asked):
            areas, agencies = set(taken.get("areas", ())), set(taken.get("agencies", ()))
            inside = (not scope.areas or (areas and areas <= set(scope.areas))) and (not scope.agencies or (agencies and agencies <= set(scope.agencies)))
            found[batch_id] = bool(inside)
    return found


def _first(connection: Connection, table, district: str, batch_id: str) -> bool:
    return connection.execute(select(table.c.row_id).where(table.c.district_code == district, table.c.batch_id == batch_id).limit(1)).first() is not None


def _refuse_built_on(connection: Connection, name: str, district: str, batch_id: str, kind: str) -> None:
    """Refuse when a later batch changed these things, or refers to things that only this batch brought."""
    table = FACTS[name]
    mine = select(table.c.id).where(table.c.district_code == district, table.c.batch_id == batch_id)
    later = (
        select(import_batch.c.file_name, import_batch.c.id, func.count())
        .join(table, (table.c.batch_id == import_batch.c.id) & (table.c.district_code == import_batch.c.district_code))
        .where(table.c.district_code == district, table.c.superseded_at.is_(None), table.c.batch_id != batch_id, table.c.id.in_(mine))
        .group_by(import_batch.c.file_name, import_batch.c.id)
    )
    for file, other, count in connection.execute(later):
        raise ImportRefused(N_("后来的导入“{file}”（批次 {batch}）改动了这一批的 {count} 行：请先撤销那一批。"), file=file, batch=other, count=count)
    if name == "rule_version":
        refuse_carried_on(connection, district, batch_id)
    gone = _only_here(connection, table, district, batch_id)
    if name == "area" and kind == "areas":
        _refuse_users(connection, district, batch_id, gone["code"], LOCATED_COLUMNS)
    elif name == "agency":
        _refuse_users(connection, district, batch_id, gone["code"], AGENCY_USERS)
    else:
        _refuse_users(connection, district, batch_id, gone["id"], REFERRING.get(name, ()))


def _only_here(connection: Connection, table, district: str, batch_id: str) -> dict[str, list[str]]:
    """Ids (and codes) of things of which no version of another batch remains to come back."""
    columns = [table.c.id, *([table.c.code] if "code" in table.c else [])]
    mine = list(connection.execute(select(*columns).where(table.c.district_code == district, table.c.batch_id == batch_id)))
    ids = sorted({row[0] for row in mine})
    kept: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        kept |= set(connection.execute(select(table.c.id).where(table.c.district_code == district, table.c.batch_id != batch_id, table.c.id.in_(part))).scalars())
    gone = [row for row in mine if row[0] not in kept]
    codes = sorted({row[1] for row in gone}) if "code" in table.c else []
    if codes:
        others = set(connection.execute(select(table.c.code).where(
            table.c.district_code == district, table.c.batch_id != batch_id, table.c.superseded_at.is_(None))).scalars())
        codes = [code for code in codes if code not in others]
    return {"id": [row[0] for row in gone], "code": codes}


def _refuse_users(connection: Connection, district: str, batch_id: str, values: list[str], users) -> None:
    for name, column in users:
        table = FACTS[name]
        for start in range(0, len(values), CHUNK):
            asked = select(func.count()).select_from(table).where(
                table.c.district_code == district, table.c.superseded_at.is_(None), table.c.batch_id != batch_id,
                table.c[column].in_(values[start : start + CHUNK]),
            )
            if count := connection.execute(asked).scalar():
                raise ImportRefused(N_("{kind}里有 {count} 行用到这一批：请先撤销那些导入。"), kind=_label(name), count=count)


def _label(table: str) -> Term:
    owner = next((kind.label for kind in kinds().values() if table in (kind.table, *(child.table for child in kind.children))), table)
    return Term(owner)


LOCATED_COLUMNS = tuple(
    (name, column) for name, table in FACTS.items() for column in (*PLACE_COLUMNS, *(("area_code",) if name != "agency" else ())) if column in table.c
)
AGENCY_USERS = tuple((name, column) for name, table in FACTS.items() for column in AGENCY_COLUMNS if column in table.c)


def _take_back(connection: Connection, name: str, district: str, batch_id: str, taken_at: dt.datetime, now: dt.datetime) -> None:
    """End the batch's versions in one table and write again those that it had replaced or ended."""
    table = FACTS[name]
    asked = select(table.c.id, table.c.row_id).where(table.c.district_code == district, table.c.batch_id == batch_id, table.c.superseded_at.is_(None))
    mine = list(connection.execute(asked))
    supersede(connection, table, district, [row_id for _, row_id in mine], now)
    first = _first_row(connection, name, district, batch_id)
    replaced: dict[str, dict] = {}
    for clause, values in _ended_by(connection, name, district, batch_id, [identifier for identifier, _ in mine]):
        for start in range(0, len(values), CHUNK):
            asked = select(table).where(
                table.c.district_code == district, table.c.superseded_at == taken_at, table.c.batch_id != batch_id,
                clause.in_(values[start : start + CHUNK]),
            )
            for row in (dict(one._mapping) for one in connection.execute(asked)):
                # Of rows of the very same instant, those written after the batch cannot have been replaced by it.
                if row["recorded_at"] >= taken_at and first is not None and row["row_id"] > first:
                    continue
                if row["id"] not in replaced or row["row_id"] > replaced[row["id"]]["row_id"]:
                    replaced[row["id"]] = row
    made = [row | {"row_id": row_id, "recorded_at": now, "superseded_at": None}
            for row, row_id in zip(replaced.values(), new_ids(len(replaced)), strict=True)]
    if made:
        insert_columns(connection, table, {column: [row[column] for row in made] for column in made[0]})


def _first_row(connection: Connection, name: str, district: str, batch_id: str) -> str | None:
    """The first ``row_id`` that a batch wrote into a table, or into that of the parents of its rows; they rise as rows are written."""
    tables = [FACTS[name], *([FACTS[OWNED[name].parent]] if name in OWNED else [])]
    for table in tables:
        asked = select(table.c.row_id).where(table.c.district_code == district, table.c.batch_id == batch_id).order_by(table.c.row_id).limit(1)
        if found := connection.execute(asked).scalar():
            return found
    return None


def _ended_by(connection: Connection, name: str, district: str, batch_id: str, ids: list[str]) -> list[tuple[ColumnElement, list[str]]]:
    """The columns and values by which rows that the batch ended are found: its own ids, or its parents'."""
    table = FACTS[name]
    if name not in OWNED:
        return [(table.c.id, ids)]
    child = OWNED[name]
    parent = FACTS[child.parent]
    parents = connection.execute(select(parent.c.id).where(parent.c.district_code == district, parent.c.batch_id == batch_id)).scalars()
    return [(table.c.id, ids), (table.c[child.column], sorted(set(parents)))]


OWNED = {child.table: child for kind in kinds().values() for child in kind.children if child.owned}
"""Tables whose rows may end with a newer version of their parent without being replaced."""


def _batch(found, *, undone_at: dt.datetime | None) -> Batch:
    return Batch(found.id, found.kind, found.source_code, found.file_name, found.taken_at, found.rows_read, found.rows_new,
                 found.rows_changed, found.rows_same, found.rows_refused, found.first_day, found.last_day, undone_at)

