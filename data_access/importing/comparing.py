"""Compares what a file says with what is known: new, the same, or a new version of a known row."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sqlalchemy import Table, and_, literal, select, true
from sqlalchemy.engine import Connection

from data_access.columns import new_ids
from data_access.importing.kinds import Child, Kind, kinds
from data_access.importing.problems import Fault
from data_access.importing.references import CHUNK, things
from data_access.schema import FACTS, import_batch
from data_access.scope import known, within
from rules.language import N_
from rules.request import Scope

CLAIM = "claim"
"""Column that holds what a row itself says about its place; what was derived from it is no content."""
_DERIVED = {"street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located"}
_GEOMETRY = {"geometry", "west", "south", "east", "north", "label_lon", "label_lat", "area_km2"}
_LINKS = {"parent_row", "parent_key", "local_key", CLAIM}
_CHILDREN = uuid.UUID("6f0a86bb-2f0c-5d0c-9a6e-2b9f0e6c7d11")
"""Namespace of the ids of child rows, which follow from their parent's. Source: RFC 9562 section 5.5."""


@dataclass(slots=True)
class Compared:
    """What is to be written.

    Attributes:
        records: frames by table, parents first, indexed by row number: the table's columns and
            ``id``, ``content_hash``, ``outcome`` (new, changed, same), ``old_row_id`` (or None).
        ended: ``row_id`` of owned children that a new version no longer names, by table and row number.
        faults: (row number, field, ``Fault``) of rows that the scope or a missing parent refuses.
    """

    records: dict[str, pd.DataFrame]
    ended: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    faults: list[tuple[int, str, Fault]] = field(default_factory=list)

    def states(self, rows: pd.Index) -> pd.Series:
        """``changed``, ``new`` or ``same`` for each row number."""
        rank = pd.Series(0, index=rows, dtype=int)
        for frame in self.records.values():
            for word, number in (("new", 1), ("changed", 2)):
                hit = frame.index[frame["outcome"] == word].unique()
                rank.loc[hit] = np.maximum(rank.loc[hit], number)
        for ended in self.ended.values():
            rank.loc[[row for row, _ in ended]] = np.maximum(rank.loc[[row for row, _ in ended]], 2)
        return rank.map({0: "same", 1: "new", 2: "changed"})


def compared(
    connection: Connection, kind: Kind, frames: dict[str, pd.DataFrame], *, source: str, file_hash: str, scope: Scope
) -> Compared:
    """Find the known row of each record by its key.

    Args:
        frames: the answer of ``Kind.spread``, or the frame of ``Kind.table`` alone.
        source: source of the file; a 编号 is unique within it.
        file_hash: hash of the file: with the row number the key of rows without a 编号.
        scope: of the person; a known row outside it refuses the new one.
    """
    result = Compared({})
    for name, frame in frames.items():
        child = next((one for one in kind.children if one.table == name), None)
        made = frame.copy()
        if child is None:
            old = _known_main(connection, kind, name, made, source, file_hash, scope)
        else:
            made = _with_parents(connection, child, made, result, source, scope)
            old = _by_id(connection, FACTS[name], made["id"], scope)
        made["content_hash"] = content_hashes(made)
        _settle(made, old, result)
        result.records[name] = made.drop(columns=[one for one in _LINKS if one in made])
        if child is not None and child.owned:
            parents = result.records[child.parent]
            result.ended[name] = _ended(connection, FACTS[name], child.column, made, parents)
            # The parent gets a new version too, so that the batch shows where something ended.
            parents.loc[parents.index.isin([row for row, _ in result.ended[name]]), "outcome"] = "changed"
    return result


def content_hashes(frame: pd.DataFrame) -> list[str]:
    """SHA-256 of what each row says: every given field, and its place as it claims it."""
    left_out = _GEOMETRY | {"number", "id", "content_hash", "parent_row", "parent_key", "local_key"}
    if CLAIM in frame:
        left_out |= _DERIVED
    columns = sorted(name for name in frame.columns if name not in left_out)
    parts = [_parts(name, frame[name].tolist()) for name in columns]
    return [hashlib.sha256("".join(row).encode()).hexdigest() for row in zip(*parts, strict=True)]


def _parts(name: str, values: list) -> list[str]:
    """``name=value`` of each row, nothing where it is empty."""
    if any(isinstance(value, (list, dict)) for value in values):
        values = [value if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True) for value in values]
    return ["" if value is None or value != value else f"{name}={value}\x1f" for value in values]


def _settle(made: pd.DataFrame, old: dict[object, tuple], result: Compared) -> None:
    """Write ``id``, ``outcome`` and ``old_row_id`` from the known rows by position."""
    fresh = iter(new_ids(len(made)))
    given = made["id"].tolist() if "id" in made else [None] * len(made)
    ids, states, olds = [], [], []
    for position, (row, digest) in enumerate(zip(made.index, made["content_hash"], strict=True)):
        found = old.get(position)
        if found is None:
            ids.append(given[position] or next(fresh))
            states.append("new")
            olds.append(None)
            continue
        identifier, row_id, known_hash, mine = found
        if not mine:
            result.faults.append((row, "number", Fault(N_("这个编号的记录不在你的权限范围内"), N_("请由所属街镇或部门导入"))))
        ids.append(identifier)
        states.append("same" if known_hash == digest else "changed")
        olds.append(row_id)
    for name, values in (("id", ids), ("outcome", states), ("old_row_id", olds)):
        made[name] = pd.Series(values, index=made.index, dtype=object)


def _known_main(
    connection: Connection, kind: Kind, name: str, frame: pd.DataFrame, source: str, file_hash: str, scope: Scope
) -> dict[int, tuple]:
    """(id, row_id, content_hash, whether in scope) of the known row, by position in the frame."""
    table = FACTS[name]
    if "number" not in {column.field for column in kind.columns} and name == kind.table:
        keys = list(zip(*(frame[key] for key in kind.key), strict=True))
        rows = _select(connection, table, scope, [table.c[key] for key in kind.key], true())
        by_key = {row[:-4]: row[-4:] for row in rows}
        return {position: by_key[key] for position, key in enumerate(keys) if key in by_key}
    numbers = frame["number"].tolist()
    by_number = {}
    for part in _chunks(sorted({number for number in numbers if number is not None})):
        clause = and_(table.c.source_code == source, table.c.number.in_(part))
        by_number |= {row[0]: tuple(row[1:]) for row in _select(connection, table, scope, [table.c.number], clause)}
    found = {position: by_number[number] for position, number in enumerate(numbers) if number in by_number}
    if name == kind.table and any(number is None for number in numbers):
        by_row = _known_by_row(connection, table, file_hash, scope)
        found |= {
            position: by_row[row] for position, (row, number) in enumerate(zip(frame.index, numbers, strict=True))
            if number is None and row in by_row
        }
    return found


def _known_by_row(connection: Connection, table: Table, file_hash: str, scope: Scope) -> dict[int, tuple]:
    """Current versions of the rows without 编号 that the same file brought before, by row number."""
    earlier = select(import_batch.c.id).where(
        import_batch.c.district_code == scope.district, import_batch.c.file_hash == file_hash, import_batch.c.undone_at.is_(None)
    )
    batches = list(connection.execute(earlier).scalars())
    if not batches:
        return {}
    brought = select(table.c.id, table.c.row_number).where(
        table.c.district_code == scope.district, table.c.batch_id.in_(batches), table.c.number.is_(None)
    )
    row_of = dict(map(tuple, connection.execute(brought)))
    found = {}
    for part in _chunks(sorted(row_of)):
        for identifier, *rest in _select(connection, table, scope, [], table.c.id.in_(part)):
            found[row_of[identifier]] = (identifier, *rest)
    return found


def _by_id(connection: Connection, table: Table, ids: pd.Series, scope: Scope) -> dict[int, tuple]:
    found = {}
    for part in _chunks(sorted(set(ids.dropna()))):
        found |= {row[0]: tuple(row) for row in _select(connection, table, scope, [], table.c.id.in_(part))}
    return {position: found[one] for position, one in enumerate(ids) if one in found}


def _select(connection: Connection, table: Table, scope: Scope, columns: Sequence, clause) -> list[tuple]:
    mine = literal(True) if scope.is_whole_district else within(table, scope)
    asked = select(*columns, table.c.id, table.c.row_id, table.c.content_hash, mine.label("mine")).where(
        table.c.district_code == scope.district, known(table, None), clause
    )
    return list(map(tuple, connection.execute(asked)))


def _with_parents(connection: Connection, child: Child, frame: pd.DataFrame, result: Compared, source: str, scope: Scope) -> pd.DataFrame:
    """The children with the id of their parent and their own; those without a parent are refused."""
    parents = result.records[child.parent]
    if "parent_row" in frame:
        ids = [parents["id"].get(row) for row in frame["parent_row"]]
    else:
        by_number = dict(zip(parents["number"], parents["id"], strict=True))
        missing = {key for key in frame["parent_key"] if key not in by_number}
        if missing:
            elsewhere = things(connection, _kind_of(child.parent), missing, scope, source)
            for row in frame.index[frame["parent_key"].isin(missing)]:
                answer = elsewhere[frame.at[row, "parent_key"]]
                if isinstance(answer, Fault):
                    result.faults.append((row, "", answer))
            by_number |= {number: answer.id for number, answer in elsewhere.items() if not isinstance(answer, Fault)}
        ids = [by_number.get(key) for key in frame["parent_key"]]
    frame = frame.assign(**{child.column: pd.Series(ids, index=frame.index, dtype=object)})
    frame = frame[frame[child.column].notna()]
    own = [str(uuid.uuid5(_CHILDREN, f"{child.table}/{parent}/{local}")) for parent, local in zip(frame[child.column], frame["local_key"], strict=True)]
    return frame.assign(id=own)


def _kind_of(table: str) -> str:
    return next(kind.name for kind in kinds().values() if kind.table == table)


def _ended(connection: Connection, table: Table, column: str, made: pd.DataFrame, parents: pd.DataFrame) -> list[tuple[int, str]]:
    """Current children of known parents in the file that the file no longer names."""
    row_of = {identifier: row for row, identifier, state in zip(parents.index, parents["id"], parents["outcome"], strict=True) if state != "new"}
    named = set(made["id"])
    ended = []
    for part in _chunks(sorted(row_of)):
        asked = select(table.c[column], table.c.id, table.c.row_id).where(known(table, None), table.c[column].in_(part))
        ended += [(row_of[parent], row_id) for parent, identifier, row_id in connection.execute(asked) if identifier not in named]
    return ended


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
