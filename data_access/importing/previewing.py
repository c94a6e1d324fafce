"""Reads a file against what is known and says what would happen: good, changed, same, to confirm, refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from data_access.database import Database
from data_access.importing.boundaries import district_outline, finished, levelled
from data_access.importing.cells import blank
from data_access.importing.comparing import CLAIM, Compared, compared
from data_access.importing.file_points import shifted_system, with_points
from data_access.importing.kinds import Kind
from data_access.importing.known import Known, known
from data_access.importing.look_alikes import doubt_look_alikes
from data_access.importing.opening import file_hash, opened, uploaded
from data_access.importing.outlines import COLUMNS as OUTLINE_COLUMNS
from data_access.importing.outlines import outlines
from data_access.importing.overlaps import doubt_overlaps
from data_access.importing.places import CLAIMS, claimed_areas, coordinates, place
from data_access.importing.problems import Fault, Findings, ImportRefused, Note, Problem, Term
from data_access.importing.projections import asked_crs
from data_access.importing.reach import refuse_foreign, refuse_narrow
from data_access.importing.repeats import refuse_repeated
from data_access.importing.road_lines import roads
from data_access.importing.secrecy import new_pepper
from data_access.importing.shifted_outlines import without_shift
from data_access.importing.tables import Table, chosen
from data_access.importing.values import (
    agency_register,
    agency_values,
    area_values,
    grid_targets,
    hashed,
    plain_values,
    reference_values,
    refuse_missing,
    with_instants,
)
from data_access.schema import FACTS, LOCATED
from data_access.schema import area as area_table
from rules.language import N_
from rules.request import Scope


@dataclass(slots=True)
class Preview:
    """What taking a file would do; nothing has been written.

    Attributes:
        kind: name of the register.
        source: source code; a 编号 is unique within it.
        file_name, file_hash: the file.
        good: new rows, columns by field, index ``row_number``.
        changed: ``row_number``, ``number`` and ``changes``: a list of ``{field, header, old, new}``.
        same: rows that are known with the same content.
        to_confirm: rows that a person should look at, as ``good``, with ``reasons`` (list of ``Problem``).
        refused: what is wrong with the refused rows, in their order; a row may have several.
        notes: what was noticed about the file (encoding, coordinate system, unused columns, ...).
    """

    kind: str
    source: str
    file_name: str
    file_hash: str
    good: pd.DataFrame
    changed: pd.DataFrame
    same: int
    to_confirm: pd.DataFrame
    refused: list[Problem]
    notes: list[Note]
    district: str
    kind_label: str
    rows: pd.Series = field(repr=False)
    """State of every data row by row number: good, changed, same, to_confirm, refused."""
    table: Table = field(repr=False)
    frames: dict[str, pd.DataFrame] = field(repr=False)
    compared: Compared = field(repr=False)
    versions: dict[str, int] = field(repr=False)
    pepper: bytes | None = field(repr=False)
    days: pd.Series = field(repr=False)
    scope: Scope = field(repr=False)
    format: str = ""
    writing: dict[str, str] = field(default_factory=dict, repr=False)

    def counts(self) -> dict[str, int]:
        """Data rows in all and by what would happen to them."""
        tally = self.rows.value_counts()
        words = ("good", "changed", "same", "to_confirm", "refused")
        return {"read": len(self.rows)} | {word: int(tally.get(word, 0)) for word in words}


def preview(
    database: Database, file: Path | tuple[str, bytes], *, kind: str | None = None, source: str | None = None,
    level: str | None = None, crs: str | None = None, scope: Scope, sheet: str | None = None,
    today: dt.date | None = None, pepper: bytes | None = None,
) -> Preview:
    """Read a file and compare it with what is known; writes nothing.

    Args:
        file: path (a ``.shp`` brings its sister files), or name and bytes.
        kind: register; None tells it from the headings.
        source: source code; None is the name of the register.
        level: level of every row of a file of areas.
        crs: coordinate system that the person knows (``EPSG:4528``, ``CGCS2000``).
        scope: what the person may see and write.
        sheet: sheet or layer; None takes the one that fits best.
        today: last day on which a fact may lie; None does not ask.
        pepper: key of the hashes of identity and telephone numbers; None takes the district's own.

    Raises:
        ImportRefused: the file as a whole cannot be read, with what to do.
    """
    upload = uploaded(file)
    asked = asked_crs(crs) if crs else None
    format_, sheets = opened(upload)
    table = chosen(sheets, upload.name, kind=kind, sheet=sheet)
    refuse_narrow(table.kind, scope)
    now = known(database, scope.district)
    key = pepper or now.pepper or new_pepper()
    findings = Findings()
    findings.notes += table.notes
    origin = source or table.kind.name
    digest = file_hash(upload)
    if table.kind.geometry:
        values, days = _areas(database, table, level, asked, scope, now, findings)
    elif table.kind.lines:
        values, days = roads(table, now.gazetteer, findings, asked=asked)
    else:
        values, days = _rows(database, table, asked, origin, scope, now, key, findings)
    for row, found in table.overlong.items():
        findings.doubt(row, "", Fault(N_("这一行比表头多出“{found}”，可能有逗号没有放在引号里，各列错了位"), N_("请核对这一行的各列"), {"found": found}))
    if today is not None:
        _doubt_future(table.kind, values, today, findings)
    refuse_repeated(table.kind, values, findings)
    fit = values[~values.index.isin(list(findings.faults))]
    frames = _frames(table.kind, fit, scope, now)
    with database.read() as connection:
        answer = compared(connection, table.kind, frames, source=origin, file_hash=digest, scope=scope)
        for row, name, fault in answer.faults:
            findings.refuse(row, name, fault)
        main = answer.records[table.kind.table]
        doubt_look_alikes(connection, table.kind, main[~main.index.isin(list(findings.faults))], origin, scope, findings)
        changes = _changes(connection, table.kind, answer)
    if table.unused:
        findings.note(N_("没有采用的列：{columns}。"), columns=tuple(table.unused[:30]))
    rows = _states(values.index, answer, findings)
    return Preview(
        kind=table.kind.name, source=origin, file_name=upload.name, file_hash=digest,
        good=_shown(values, rows.index[rows == "good"]),
        changed=changes[changes["row_number"].isin(rows.index[rows == "changed"])].reset_index(drop=True),
        same=int((rows == "same").sum()),
        to_confirm=_to_confirm(values, rows, table, findings),
        refused=_problems(table, findings.faults), notes=findings.notes,
        district=scope.district, kind_label=table.kind.label, rows=rows, table=table, frames=frames, compared=answer,
        versions=now.versions, pepper=key if now.pepper is None else None, days=days, scope=scope,
        format=format_.name, writing=_writing(sheets, table),
    )


def _writing(sheets, table: Table) -> dict[str, str]:
    return next((one.writing for one in sheets if one.name == table.sheet), {})


def _rows(database: Database, table: Table, asked, source: str, scope: Scope, now: Known, key: bytes, findings: Findings):
    """Values of every register but areas, and the day of each row."""
    kind = table.kind
    _refuse_absent(kind, table.cells.columns, table)
    texts = with_points(table)
    values = plain_values(table, texts, findings)
    values = with_instants(values, texts, kind.day or "day", findings)
    texts = grid_targets(texts, values)
    days = values[kind.day] if kind.day in values else blank(values.index)
    claims = claimed_areas(texts, now.gazetteer, findings)
    with database.read() as connection:
        references, places = reference_values(connection, kind, texts, values, scope, source, findings)
    claim = pd.Series(["/".join(map(str, row)) for row in zip(*(claims[name].fillna("") for name in CLAIMS), strict=True)], index=texts.index)
    _inherit(claims, places, values, now)
    if any(column.field == "street_code" for column in kind.columns):
        streets = claims["street_code"]
    else:
        streets = places["street_code"]
    if {"lon", "lat"} <= set(values.columns):
        named = claims[list(CLAIMS)].notna().any(axis=1)
        lon, lat = coordinates(values["lon"], values["lat"], named, now.gazetteer, findings, asked=asked)
        placed = place(claims, lon, lat, days, now.gazetteer, findings, required=kind.located, shifted=shifted_system(table, asked))
        values = values.assign(**{name: placed.frame[name] for name in (*CLAIMS, "located")})
        values["lon"], values["lat"] = _plain(placed.frame["lon"]), _plain(placed.frame["lat"])
        if kind.table in LOCATED:
            values["located"] = values["located"].where(values["located"].notna(), "area")
        values[CLAIM] = [f"{one}|{x}|{y}" for one, x, y in zip(claim, values["lon"], values["lat"], strict=True)]
        streets = values["street_code"].where(values["street_code"].notna(), streets)
    elif own_places := [column.field for column in kind.columns if column.field in CLAIMS]:
        values = values.assign(**{name: claims[name] for name in own_places})
        values[CLAIM] = claim
    for name, column in (*agency_values(kind, texts, streets, days, now.agencies, findings).items(), *references.items()):
        values[name] = column
    for name, column in area_values(kind, texts, now.gazetteer, findings).items():
        values[name] = column
    refuse_missing(kind, values, texts, findings)
    if kind.name == "agencies":
        values = agency_register(values, now.agencies, findings)
    if kind.check is not None:
        for row, name, fault in kind.check(values):
            findings.refuse(row, name, fault)
    values = hashed(values, kind, key)
    refuse_foreign(kind, values, places, scope, findings)
    return values, days


def _plain(numbers: pd.Series) -> pd.Series:
    """Numbers as Python floats, None where missing."""
    return pd.Series([None if one != one else one for one in numbers.tolist()], index=numbers.index, dtype=object)


def _refuse_absent(kind: Kind, present, table: Table) -> None:
    absent = [column.header for column in kind.columns if column.required and column.field not in present]
    if absent and len(table.cells):
        raise ImportRefused(
            N_("“{kind}”缺少必填的列：{columns}（找到的表头：{found}）；可用 python cli.py template {name} 生成模板。"),
            kind=Term(kind.label), columns=tuple(map(Term, absent)), name=kind.name,
            found=tuple(map(str, list(table.raw.columns)[:12])),
        )


def _inherit(claims: pd.DataFrame, places: pd.DataFrame, values: pd.DataFrame, now: Known) -> None:
    """Rows without a place of their own take that of the thing they are about; a street is made finer."""
    if places.empty or not places.notna().to_numpy().any():
        return
    pointed = values["lon"].notna() if "lon" in values else pd.Series(False, index=values.index)
    named = claims[list(CLAIMS)].notna().any(axis=1)
    bare = ~named & ~pointed & places.notna().any(axis=1)
    only_street = claims["street_code"].notna() & claims[["neighbourhood_code", "grid_code"]].isna().all(axis=1)
    same = only_street & ~pointed & (claims["street_code"] == places["street_code"]) & ("lon" in values)
    for name in CLAIMS:
        claims.loc[bare | same, name] = places.loc[bare | same, name]


def _areas(database: Database, table: Table, level: str | None, asked, scope: Scope, now: Known, findings: Findings):
    """Values of the register of areas; no row has a day."""
    texts = levelled(table, level, now.gazetteer, findings)
    if "code" not in texts and len(texts):
        _refuse_absent(table.kind, texts.columns, table)
    values = plain_values(table, texts, findings)
    shapes = None
    if table.geometry is not None:
        shapes = outlines(table.geometry, values.index, now.gazetteer, findings, declared=table.crs, asked=asked)
        shapes = without_shift(shapes, values, now.gazetteer, findings)
    values = finished(values, shapes, scope.district, now.gazetteer, findings)
    if shapes is not None:
        doubt_overlaps(values, shapes, findings)
    else:
        values = _with_known_outlines(database, values, scope.district)
    return values, blank(values.index)


def _with_known_outlines(database: Database, values: pd.DataFrame, district: str) -> pd.DataFrame:
    """Keep the outlines that are known where a table brings names only."""
    asked = select(area_table.c.code, area_table.c.valid_from, *(area_table.c[name] for name in OUTLINE_COLUMNS)).where(
        area_table.c.district_code == district, area_table.c.superseded_at.is_(None)
    )
    with database.read() as connection:
        rows = {(row[0], row[1]): row[2:] for row in connection.execute(asked)}
    values = values.copy()
    for row, code, start in zip(values.index, values["code"], values["valid_from"], strict=True):
        for name, value in zip(OUTLINE_COLUMNS, rows.get((code, start), ()), strict=False):
            values.at[row, name] = value
    return values


def _doubt_future(kind: Kind, values: pd.DataFrame, today: dt.date, findings: Findings) -> None:
    if kind.day in values and kind.name not in {"campaigns", "tasks"}:
        for row in values.index[[day is not None and day > today for day in values[kind.day]]]:
            findings.doubt(row, kind.day, Fault(N_("日期 {day} 在今天（{today}）之后"), N_("请核对年份和月份"),
                                                {"day": values.at[row, kind.day].isoformat(), "today": today.isoformat()}))


def _frames(kind: Kind, fit: pd.DataFrame, scope: Scope, now: Known) -> dict[str, pd.DataFrame]:
    """Frames by table, with the columns that the table has (and what compares them)."""
    if kind.geometry:
        frame = fit
        if "district" not in set(fit["level"]) and not now.district_given:
            made = district_outline(fit, scope.district, now.gazetteer)
            if made is not None:
                frame = pd.concat([fit, made]) if len(fit) else made
        return {kind.table: frame.astype(object).where(frame.notna(), None)}
    spread = kind.spread(fit) if kind.spread is not None else {kind.table: fit}
    frames = {}
    for name, frame in spread.items():
        table = FACTS[name]
        kept = [column for column in frame.columns if column in table.c or column in {"parent_row", "parent_key", "local_key"}]
        made = frame[kept].copy()
        if CLAIM in fit and ("located" in made or kind.spread is None):
            made[CLAIM] = fit.loc[made.index, CLAIM]
        if "number" not in made:
            made["number"] = None
        for column in ("located", *CLAIMS, "lon", "lat"):
            if column in table.c and column not in made:
                made[column] = None
        frames[name] = made.astype(object).where(made.notna(), None)
    return frames


def _changes(connection, kind: Kind, answer: Compared) -> pd.DataFrame:
    """Old and new content of the changed records of the register's own tables."""
    found = []
    for name, frame in answer.records.items():
        changed = frame[frame["outcome"] == "changed"]
        if changed.empty:
            continue
        table = FACTS[name]
        columns = [column for column in changed.columns if column in table.c and column not in {"id", "row_id", "content_hash", "geometry"}]
        old: dict[str, dict] = {}
        wanted = changed["old_row_id"].tolist()
        for start in range(0, len(wanted), 900):
            asked = select(table.c.row_id, *(table.c[column] for column in columns)).where(table.c.row_id.in_(wanted[start : start + 900]))
            old |= {row.row_id: row._mapping for row in connection.execute(asked)}
        headers = {column.field: column.header for column in kind.columns}
        for row, record in zip(changed.index, changed.to_dict("records"), strict=True):
            before = old.get(record["old_row_id"], {})
            differing = [
                {"field": column, "header": headers.get(column, column), "old": before.get(column), "new": record[column]}
                for column in columns if not _equal(before.get(column), record[column])
            ]
            found.append({"row_number": row, "number": record.get("number") or record.get("code"), "changes": differing})
    return pd.DataFrame(found, columns=["row_number", "number", "changes"])


def _equal(old: object, new: object) -> bool:
    if isinstance(old, (int, float)) and isinstance(new, (int, float)) and not isinstance(old, bool):
        return abs(old - new) < 1e-9
    return old == new or str(old) == str(new)


def _states(index: pd.Index, answer: Compared, findings: Findings) -> pd.Series:
    states = pd.Series("refused", index=index, dtype=object)
    fit = index[~index.isin(list(findings.faults))]
    own = answer.states(pd.Index(sorted({*index, *(row for frame in answer.records.values() for row in frame.index)})))
    states.loc[fit] = own.loc[fit].map({"new": "good", "changed": "changed", "same": "same"})
    doubted = [row for row in findings.doubts if row in fit and states[row] in {"good", "changed"}]
    states.loc[doubted] = "to_confirm"
    return states


def _shown(values: pd.DataFrame, rows: pd.Index) -> pd.DataFrame:
    hidden = [name for name in (CLAIM, "identity_hash", "phone_hash") if name in values]
    return values.loc[rows].drop(columns=hidden)


def _to_confirm(values: pd.DataFrame, rows: pd.Series, table: Table, findings: Findings) -> pd.DataFrame:
    wanted = rows.index[rows == "to_confirm"]
    problems = _problems(table, {row: findings.doubts[row] for row in wanted})
    reasons: dict[int, list[Problem]] = {}
    for one in problems:
        reasons.setdefault(one.row_number, []).append(one)
    return _shown(values, wanted).assign(reasons=pd.Series([reasons[row] for row in wanted], index=wanted, dtype=object))


def _problems(table: Table, faults: dict[int, list[tuple[str, Fault]]]) -> list[Problem]:
    secret = {column.field for column in table.kind.columns if column.type in {"identity"}}
    headers = {column.field: column.header for column in table.kind.columns}
    made = []
    for row in sorted(faults):
        for name, fault in faults[row]:
            heading = table.headings.get(name)
            cell = "" if name in secret or heading is None or row not in table.cells.index else table.cells.at[row, name]
            made.append(Problem(row, heading.text if heading else headers.get(name, ""), cell, fault.message, fault.values, fault.mend,
                                row + table.heading_row))
    return made
