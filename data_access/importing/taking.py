"""Writes what a preview found, in one transaction: new rows, new versions, the batch, the refused rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Table, insert, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from data_access.audit import audit
from data_access.columns import new_id, new_ids
from data_access.database import Database
from data_access.district_settings import put_setting
from data_access.importing.boundaries import DRAWN_ROW
from data_access.importing.bulk import insert_columns
from data_access.importing.cells import text_of
from data_access.importing.comparing import Compared, compared
from data_access.importing.kinds import Kind, kinds
from data_access.importing.previewing import Preview
from data_access.importing.problems import ImportRefused, Note
from data_access.importing.relocating import relocate
from data_access.importing.secrecy import SETTING, kept_pepper
from data_access.partitions import ensure_partitions
from data_access.planner import MANY_ROWS, tell_planner
from data_access.schema import FACTS, GROUP_OF, import_batch, refused_row
from data_access.sources import ensure_source
from data_access.versions import raise_versions, versions_on
from rules.language import N_, translator
from rules.request import Actor

CHUNK = 5_000
"""Rows of one statement."""

SUPERSEDED = 500
"""Versions ended by one statement: without an index on ``row_id`` alone each statement reads the table."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One import as it was taken.

    Attributes:
        id, kind, source, file_name: which file of which register.
        taken_at: when; ``undone_at``: when it was undone, or None.
        read, new, changed, same, refused: data rows by what became of them; rows left to confirm
            count among the refused of ``read`` only.
        first_day, last_day: days of the facts, or None.
        notes: what else was done (rows that a new boundary relocated).
    """

    id: str
    kind: str
    source: str
    file_name: str
    taken_at: dt.datetime
    read: int
    new: int
    changed: int
    same: int
    refused: int
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    undone_at: dt.datetime | None = None
    notes: tuple[Note, ...] = field(default=())


def take(
    database: Database, preview: Preview, *, actor: Actor, now: dt.datetime, confirm: bool = False, demo: bool = False
) -> Batch:
    """Write the good and changed rows, and with ``confirm`` those to confirm.

    What somebody else imported since the preview is compared again, so that the same file taken
    twice never doubles a row.

    Args:
        actor: who takes it; of the district and with the scope of the preview.
        now: the instant of the import, with its time zone; rows are known from then on.
        demo: whether the batch is demonstration data.

    Raises:
        ImportRefused: areas, agencies or what rows refer to have changed since the preview.
    """
    if actor.scope != preview.scope:
        raise ImportRefused(N_("预览时的权限范围与现在的不同：请重新预览。"))
    kind = kinds()[preview.kind]
    tables = [kind.table, *(child.table for child in kind.children)]
    try:
        with database.write() as connection:
            return _take(connection, preview, kind, tables, actor, now, confirm, demo)
    except IntegrityError as error:
        raise ImportRefused(N_("有人同时导入了相同的编号：请重新预览后再导入。")) from error


def _take(
    connection: Connection, preview: Preview, kind: Kind, tables: list[str], actor: Actor, now: dt.datetime, confirm: bool, demo: bool
) -> Batch:
    district = preview.district
    before = versions_on(connection, district)
    # Raising the counters first makes a second writer on PostgreSQL wait here for the first.
    raise_versions(connection, district, [*tables, "import_batch"], now)
    answer = preview.compared
    raised = {GROUP_OF[name] for name in (*tables, "import_batch")}
    after = versions_on(connection, district)
    moved = {group for group, counter in after.items() if counter - (group in raised) != preview.versions.get(group, 0)} | {
        group for group, counter in before.items() if counter != preview.versions.get(group, 0)}
    _refuse_moved(kind, moved)
    if moved & {GROUP_OF[name] for name in tables}:
        answer = compared(connection, kind, preview.frames, source=preview.source, file_hash=preview.file_hash, scope=preview.scope)
    states = preview.rows
    wanted = states.index[states.isin(["good", "changed", *(["to_confirm"] if confirm else [])])]
    refused_now = {row for row, *_ in answer.faults}
    wanted = wanted[~wanted.isin(list(refused_now))]
    own = answer.states(pd.Index(sorted({*states.index, *(row for frame in answer.records.values() for row in frame.index)})))
    tally = own.loc[wanted].value_counts()
    batch_id = new_id()
    days = [day for day in preview.days.reindex(wanted) if isinstance(day, dt.date)]
    counts = preview.counts()
    batch = Batch(
        batch_id, preview.kind, preview.source, preview.file_name, now, counts["read"], int(tally.get("new", 0)),
        int(tally.get("changed", 0)), counts["same"] + int(tally.get("same", 0)), counts["refused"],
        min(days, default=None), max(days, default=None),
    )
    _write_batch(connection, batch, preview, actor, demo)
    if preview.pepper is not None and {"identity", "phone"} & {column.type for column in kind.columns}:
        if kept_pepper(connection, district) not in (None, preview.pepper):
            raise ImportRefused(N_("预览之后，区域、部门或所引用的登记有了变化：请重新预览后再导入。"))
        put_setting(connection, district, SETTING, preview.pepper.hex(), changed_by=actor.id, now=now)
    _write_records(connection, answer, kind, wanted, batch, district, now)
    if batch.new + batch.changed >= MANY_ROWS:
        tell_planner(connection, tables)
    notes: tuple[Note, ...] = ()
    if kind.geometry and (batch.new or batch.changed):
        moved_rows = relocate(connection, district, batch_id, now)
        raise_versions(connection, district, moved_rows, now)
        if moved_rows:
            notes = (Note(N_("按新的边界重新归入 {count} 条有坐标的记录。"), {"count": sum(moved_rows.values())}),)
    audit(connection, actor, "import", now, subject_table="import_batch", subject_id=batch_id,
          detail={"kind": preview.kind, "source": preview.source, "file": preview.file_name, "new": batch.new, "changed": batch.changed,
                  "same": batch.same, "refused": batch.refused, "confirmed": confirm})
    return Batch(**{name: getattr(batch, name) for name in Batch.__slots__ if name != "notes"}, notes=notes)


def _refuse_moved(kind: Kind, moved: set[str]) -> None:
    """Refuse when what the rows were read by is no longer what it was."""
    leaned_on = {"area", "agency", *(GROUP_OF[kinds()[column.refers].table] for column in kind.columns
                                     if column.type == "reference" and column.refers in kinds())}
    if any(column.refers == "target_kind" for column in kind.columns):
        leaned_on |= {"site", "construction", "lead"}
    if kind.name not in {"areas", "agencies"}:
        leaned_on -= {GROUP_OF[kind.table]}
    if moved & leaned_on:
        raise ImportRefused(N_("预览之后，区域、部门或所引用的登记有了变化：请重新预览后再导入。"))


def _write_batch(connection: Connection, batch: Batch, preview: Preview, actor: Actor, demo: bool) -> None:
    district = preview.district
    ensure_source(connection, district, batch.source, name=preview.kind_label if batch.source == preview.kind else batch.source, kind=batch.kind)
    connection.execute(insert(import_batch).values(
        district_code=district, id=batch.id, kind=batch.kind, source_code=batch.source, file_name=batch.file_name[:240],
        file_hash=preview.file_hash, taken_at=batch.taken_at, actor_id=actor.id, actor_name=actor.name, rows_read=batch.read,
        rows_new=batch.new, rows_changed=batch.changed, rows_same=batch.same, rows_refused=batch.refused,
        first_day=batch.first_day, last_day=batch.last_day, demo=demo,
    ))
    rows = _refused_rows(preview)
    for start in range(0, len(rows), CHUNK):
        connection.execute(insert(refused_row), [{"district_code": district, "batch_id": batch.id, **row} for row in rows[start : start + CHUNK]])


def _refused_rows(preview: Preview) -> list[dict]:
    """The refused rows as the file has them, without identity and telephone numbers."""
    t = translator("zh_CN")
    secret = {heading.column for name, heading in preview.table.headings.items()
              if preview.table.kind.column(name).type in {"identity", "phone"}}
    told: dict[int, list[str]] = {}
    for one in preview.refused:
        told.setdefault(one.row_number, []).append(one.sentence(t))
    raw = preview.table.raw
    made = []
    for row, sentences in told.items():
        cells = raw.loc[row] if row in raw.index else []
        content = {str(name): text for position, (name, cell) in enumerate(zip(raw.columns, cells, strict=False))
                   if position not in secret and (text := text_of(cell))}
        made.append({"row_number": row, "problem": "；".join(sentences), "content": content})
    return made


def _write_records(
    connection: Connection, answer: Compared, kind: Kind, wanted: pd.Index, batch: Batch, district: str, now: dt.datetime
) -> None:
    rows = set(wanted)
    if kind.geometry and rows:
        rows.add(DRAWN_ROW)
    by_key = {child.table: child for child in kind.children}
    needed: dict[str, set[str]] = {}
    for name, child in by_key.items():
        frame = answer.records[name]
        needed.setdefault(child.parent, set()).update(frame.loc[frame.index.isin(rows), child.column])
    for name, frame in answer.records.items():
        chosen = frame.index.isin(rows) | frame["id"].isin(needed.get(name, set()))
        written = frame[chosen & (frame["outcome"] != "same")]
        ended = [row_id for row, row_id in answer.ended.get(name, ()) if row in rows]
        supersede(connection, FACTS[name], district, [*written["old_row_id"].dropna(), *ended], now)
        _insert(connection, FACTS[name], written, batch, district, now)


def supersede(connection: Connection, table: Table, district: str, row_ids: Iterable[str], now: dt.datetime) -> None:
    """End the current versions with these row ids."""
    old = list(row_ids)
    for start in range(0, len(old), SUPERSEDED):
        some = table.c.row_id.in_(old[start : start + SUPERSEDED])
        connection.execute(update(table).where(table.c.district_code == district, some).values(superseded_at=now))


def _insert(connection: Connection, table: Table, frame: pd.DataFrame, batch: Batch, district: str, now: dt.datetime) -> None:
    if frame.empty:
        return
    count = len(frame)
    fixed = {"district_code": district, "source_code": batch.source, "batch_id": batch.id, "recorded_at": now, "superseded_at": None}
    if "located" in table.c and "located" not in frame:
        fixed["located"] = "area"
    columns = {name: [value] * count for name, value in fixed.items()}
    columns |= {name: frame[name].tolist() for name in frame.columns if name in table.c}
    if table.name == "patrol_visit":
        ensure_partitions(connection, set(frame["day"]))
    columns |= {"row_id": new_ids(count), "row_number": [int(row) for row in frame.index]}
    insert_columns(connection, table, columns)
