"""Reads the columns of a table into values: cells by type, agencies and references by what is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from sqlalchemy import String
from sqlalchemy.engine import Connection

from data_access.importing.agency_names import AgencyNames, dated_alias
from data_access.importing.cells import blank, parsed
from data_access.importing.days import CHINA
from data_access.importing.gazetteer import Gazetteer
from data_access.importing.kinds import Column, Kind
from data_access.importing.places import CLAIMS
from data_access.importing.problems import CellFault, Fault, Findings
from data_access.importing.references import TARGETS, Thing, things
from data_access.importing.secrecy import keyed_hash
from data_access.importing.tables import Table
from data_access.schema import FACTS
from rules.language import N_
from rules.request import Scope

LOOKED_UP = {"area", "areas", "agency", "agencies", "agency_counts", "reference"}
"""Column types that are read by looking up, after the plain ones."""


def plain_values(table: Table, texts: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Every column of the register whose cells speak for themselves; absent ones hold their default.

    Args:
        texts: texts by field, index ``row_number``.

    Returns:
        One object column per field of types other than ``LOOKED_UP``; None where empty or refused.
    """
    made = {}
    for column in table.kind.columns:
        if column.type in LOOKED_UP:
            continue
        if column.field not in texts:
            made[column.field] = pd.Series([column.default] * len(texts), index=texts.index, dtype=object)
            continue
        heading = table.headings.get(column.field)
        answer = parsed(
            column, texts[column.field], factor=heading.factor if heading else 1.0, unit=heading.unit if heading else "",
            max_length=_max_length(table.kind, column.field),
        )
        made[column.field] = answer.values
        for row, fault in answer.faults.items():
            findings.refuse(row, column.field, fault)
        for row, fault in answer.doubts.items():
            findings.doubt(row, column.field, fault)
    return pd.DataFrame(made, index=texts.index, dtype=object)


def _max_length(kind: Kind, field: str) -> int:
    lengths = [
        FACTS[name].c[field].type.length or 0
        for name in (kind.table, *(child.table for child in kind.children))
        if field in FACTS[name].c and isinstance(FACTS[name].c[field].type, String)
    ]
    return min((length for length in lengths if length), default=0)


def refuse_missing(kind: Kind, values: pd.DataFrame, texts: pd.DataFrame, findings: Findings) -> None:
    """Refuse rows in which a required cell is empty."""
    for column in kind.columns:
        if not column.required or column.field not in values:
            continue
        for row in values.index[values[column.field].isna()]:
            if not any(field == column.field for field, _ in findings.faults.get(row, ())):
                findings.refuse(row, column.field, Fault(N_("必填，但是空的"), N_("请补上")))


def with_instants(values: pd.DataFrame, texts: pd.DataFrame, day: str, findings: Findings) -> pd.DataFrame:
    """Join times of day with the row's day; without a column of times, take them from the day's own cells.

    Times are Beijing time. An instant on another day than the row's asks for confirmation.
    """
    if "at" not in values or day not in values:
        return values
    instants = []
    given = "at" in texts
    for row, at, on, text in zip(values.index, values["at"], values[day], texts.get(day, pd.Series("", index=values.index)), strict=True):
        if not given and on is not None and (found := re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text)):
            parts = [int(part or 0) for part in found.groups()]
            at = dt.time(*parts) if parts[0] < 24 and parts[1] < 60 and parts[2] < 60 else None
        if isinstance(at, dt.time):
            at = dt.datetime.combine(on, at, CHINA) if on is not None else None
        elif at is not None and on is not None and at.astimezone(CHINA).date() != on:
            findings.doubt(row, "at", Fault(N_("时间是 {at}，与日期 {day} 不是同一天"), N_("请核对"),
                                            {"at": at.astimezone(CHINA).isoformat(" ", "minutes")[:16], "day": on.isoformat()}))
        instants.append(at)
    return values.assign(at=pd.Series(instants, index=values.index, dtype=object))


def agency_values(
    kind: Kind, texts: pd.DataFrame, streets: pd.Series, days: pd.Series, agencies: AgencyNames, findings: Findings
) -> dict[str, pd.Series]:
    """Agency codes (or lists of them, or of people and vehicles) by field.

    Args:
        streets: street code of each row, None where unknown: tells 市场所 of which street.
        days: day of each row: tells names that changed hands.
    """
    readers: dict[str, Callable[[str, str | None, dt.date | None], object]] = {
        "agency": lambda text, street, day: agencies.find(text, street=street, day=day),
        "agencies": lambda text, street, day: [agencies.find(part, street=street, day=day) for part in _parts(text)],
        "agency_counts": lambda text, street, day: agencies.counts(text, street=street, day=day),
    }
    return {
        column.field: _looked_up(column, texts, streets, days, readers[column.type], findings)
        for column in kind.columns if column.type in readers
    }


def area_values(kind: Kind, texts: pd.DataFrame, gazetteer: Gazetteer, findings: Findings) -> dict[str, pd.Series]:
    """Area codes (or lists of them) of the columns that are no claim of the row's own place."""
    none = blank(texts.index)
    readers: dict[str, Callable[[str, object, object], object]] = {
        "area": lambda text, *_: gazetteer.find(text),
        "areas": lambda text, *_: [gazetteer.find(part) for part in _parts(text)],
    }
    return {
        column.field: _looked_up(column, texts, none, none, readers[column.type], findings)
        for column in kind.columns if column.type in readers and column.field not in CLAIMS
    }


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；\n]+", text) if part.strip()]


def _looked_up(column: Column, texts: pd.DataFrame, streets: pd.Series, days: pd.Series, read, findings: Findings) -> pd.Series:
    result = np.full(len(texts), None, dtype=object)
    if column.field in texts:
        cells = texts[column.field].to_numpy(dtype=object)
        answers: dict[tuple, object] = {}
        triples = list(zip(cells, streets.to_numpy(dtype=object), days.to_numpy(dtype=object), strict=True))
        for triple in set(triples):
            if triple[0] not in ("", "-", "—", "/", "无"):
                try:
                    answers[triple] = read(*triple)
                except CellFault as found:
                    answers[triple] = found.fault
        for position, triple in enumerate(triples):
            answer = answers.get(triple)
            if isinstance(answer, Fault):
                findings.refuse(texts.index[position], column.field, answer)
            else:
                result[position] = answer
    return pd.Series(result, index=texts.index, dtype=object)


def reference_values(
    connection: Connection, kind: Kind, texts: pd.DataFrame, values: pd.DataFrame, scope: Scope, source: str, findings: Findings
) -> tuple[dict[str, pd.Series], pd.DataFrame]:
    """Identifiers by field, and the places of what is referred to.

    Returns:
        The identifiers, and a frame of ``street_code``, ``neighbourhood_code``, ``grid_code`` (None
        where nothing is referred to): the first reference of a row that has a place.
    """
    found: dict[str, pd.Series] = {}
    places = np.full((len(texts), 3), None, dtype=object)
    for column in kind.columns:
        if column.type != "reference":
            continue
        result = np.full(len(texts), None, dtype=object)
        if column.field in texts:
            cells = texts[column.field].to_numpy(dtype=object)
            for register, positions in _by_register(column, cells, values).items():
                answers = things(connection, register, cells[positions], scope, source)
                for position in positions:
                    answer = answers[cells[position]]
                    if isinstance(answer, Thing):
                        result[position] = answer.id
                        if not any(places[position]):
                            places[position] = answer.places
                    else:
                        findings.refuse(texts.index[position], column.field, answer)
        found[column.field] = pd.Series(result, index=texts.index, dtype=object)
    return found, pd.DataFrame(places, index=texts.index, columns=list(CLAIMS), dtype=object)


def _by_register(column: Column, cells: np.ndarray, values: pd.DataFrame) -> dict[str, np.ndarray]:
    """Positions of the filled cells by the register that they refer to."""
    filled = np.array([text not in ("", "-", "—", "/", "无") for text in cells], dtype=bool)
    if column.refers != "target_kind":
        return {column.refers: np.flatnonzero(filled)} if filled.any() else {}
    targets = values["target_kind"].to_numpy(dtype=object)
    registers = {TARGETS[word]: np.flatnonzero(filled & (targets == word)) for word in TARGETS}
    return {register: positions for register, positions in registers.items() if positions.size}


def grid_targets(texts: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Let the 对象编号 of a row about a grid stand as the grid that it names, where it names none itself."""
    if "target_id" not in texts or "target_kind" not in values:
        return texts
    about_grid = (values["target_kind"] == "grid") & ~texts["target_id"].isin(["", "-"])
    named = texts.get("grid_code", pd.Series("", index=texts.index, dtype=object))
    return texts.assign(grid_code=named.where(~about_grid | (named != ""), texts["target_id"]))


def hashed(values: pd.DataFrame, kind: Kind, pepper: bytes) -> pd.DataFrame:
    """Keyed hashes in place of identity numbers, and beside telephone numbers."""
    made = values
    for column in kind.columns:
        if column.type in {"identity", "phone"}:
            digests = [None if text is None else keyed_hash(text, pepper) for text in values[column.field]]
            made = made.assign(**{f"{column.field}_hash": pd.Series(digests, index=values.index, dtype=object)})
        if column.type == "identity":
            made = made.drop(columns=column.field)
    return made


def agency_register(values: pd.DataFrame, agencies: AgencyNames, findings: Findings) -> pd.DataFrame:
    """Former names with their days, parents by code or name (of this file or known)."""
    by_name = {name: code for code, name in zip(values["code"], values["name"], strict=True) if code and name}
    codes = set(values["code"].dropna())
    aliases, parents = [], []
    for row, names, parent in zip(values.index, values["aliases"], values["parent_code"], strict=True):
        try:
            aliases.append([dated_alias(name) for name in names] if names else None)
        except CellFault as found:
            findings.refuse(row, "aliases", found.fault)
            aliases.append(None)
        try:
            parents.append(None if parent is None else parent if parent in codes else by_name.get(parent) or agencies.find(parent))
        except CellFault as found:
            findings.refuse(row, "parent_code", found.fault)
            parents.append(None)
    return values.assign(aliases=pd.Series(aliases, index=values.index, dtype=object), parent_code=pd.Series(parents, index=values.index, dtype=object))
