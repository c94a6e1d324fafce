"""Finds the table in a sheet: its headings under titles, its rows above footers, and whose register it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyproj
import shapely

from data_access.importing.cells import text_of
from data_access.importing.formats import Sheet
from data_access.importing.headings import Heading, likeliest, matched
from data_access.importing.kinds import Kind, kinds
from data_access.importing.problems import ImportRefused, Note, SeveralSheets, Term
from rules.language import LANGUAGES, N_, translator

HEADING_ROWS = 30
"""Rows at the top of a sheet among which the headings are looked for."""

EXAMPLE_MARK = N_("示例")
GUIDE_SHEET, LISTS_SHEET = N_("填写说明"), N_("代码表")
"""Sheets of a template that hold no rows."""
MARK_HEADING = N_("标记")
PROBLEM_HEADING = N_("问题")

_TOTAL = re.compile(r"^(本页|本月|全区|区|街镇)?\s*(合\s*计|总\s*计|小\s*计|累\s*计|共\s*计)\s*[:：]?(\s*\d[\d.,]*\s*\w{0,3})?$")
_FOOTER = re.compile(r"^(填表人|填报人|制表|审核|复核|填表日期|填报日期|填报单位|单位[（(]?盖章|单位负责人|联系人|注\s*[:：\d]|备注\s*[:：]|说明\s*[:：]|附注|数据来源|以下空白|【?注】?[:：])")
_GEOMETRY_NAMES = {"几何", "outline", "wkt", "geometry", "geom", "the_geom", "边界", "图形", "shape"}
LINES = "roads"
"""The register that asks for nothing but lines."""

_DAYS_TO_1904 = 1_462
_ORDINAL = re.compile(r"\d{1,6}")
_LINE = re.compile(r"\s*(MULTI)?LINESTRING\b", re.I)


@dataclass(slots=True)
class Table:
    """The rows of one register as the file has them.

    Attributes:
        kind: the register.
        sheet: name of the sheet or layer, or empty.
        cells: one column of texts per known field (texts of ``cells.text_of``); index is
            ``row_number``, from 1 below the headings.
        raw: the file's own cells under its own headings, same index.
        headings: the known headings by field.
        unused: headings that no column answers to.
        heading_row: row of the headings as a spreadsheet program counts it; 0 for named fields.
        geometry: shapely geometries aligned with ``cells``, or None.
        crs: declared coordinate system, or None.
        remarks: titles and footers, which may say what the coordinates are.
        notes: what was noticed.
        overlong: what a line of a text table has beyond its headings, by row number.
    """

    kind: Kind
    sheet: str
    cells: pd.DataFrame
    raw: pd.DataFrame
    headings: dict[str, Heading]
    unused: list[str]
    heading_row: int
    geometry: np.ndarray | None
    crs: pyproj.CRS | None
    remarks: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    overlong: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    score: float
    kind: Kind
    row: int
    rows: int
    headings: dict[str, Heading]
    sheet: Sheet


def chosen(sheets: list[Sheet], file: str, *, kind: str | None, sheet: str | None) -> Table:
    """The table of the sheet asked for, else of the only one that fits.

    A sheet fits where it has rows, every required column and half as many known headings as the
    best. Where none has every required one, the sheet
    with the most known headings is read, so that what is missing can be told.

    Args:
        kind: the register, or None to tell it from the headings.
        sheet: the sheet or layer to read, or None.

    Raises:
        SeveralSheets: more than one fits.
        ImportRefused: no such register or sheet, or no sheet has headings of a register.
    """
    if kind is not None and kind not in kinds():
        raise ImportRefused(N_("没有名为 {kind} 的登记表：可以是 {names}。"), kind=kind, names=tuple(kinds()))
    sheets = _named_apart(sheets)
    furniture = _in_each_language(GUIDE_SHEET) | _in_each_language(LISTS_SHEET)
    named = [one for one in sheets if (one.name == sheet if sheet is not None else one.name not in furniture)]
    if not named:
        raise ImportRefused(N_("{file} 里没有名为“{sheet}”的工作表或图层，只有：{names}。"),
                            file=file, sheet=sheet, names=tuple(one.name for one in sheets))
    texts = [(one, [[text_of(cell) for cell in row] for row in one.rows[: HEADING_ROWS + 2]]) for one in named]
    found = [best for one, rows in texts if (best := _best(one, rows, kind))]
    if not found:
        raise _nothing(file, named, kind)
    most = max(one.score for one in found)
    fitting = [one for one in found if _fits(one) and one.score >= most / 2]
    if kind is None:
        # Lines beside a register are tracks or a drawing more often than the district's roads.
        fitting = [one for one in fitting if one.kind.name != LINES] or fitting
    fitting = _different(fitting)
    if len(fitting) > 1:
        raise SeveralSheets(file, tuple(one.sheet.name for one in fitting))
    best = max(fitting or found, key=lambda one: (one.score, min(len(one.sheet.rows), 3)))
    table = _table(best)
    if kind is None:
        table.notes.insert(0, Note(N_("按表头认作“{kind}”。"), {"kind": Term(best.kind.label)}))
    headings_alone = [one.sheet for one in found if len(one.sheet.rows) <= one.row + one.rows]
    others = [one.name for one in named if one is not best.sheet and len(one.rows) > 1 and not any(one is empty for empty in headings_alone)]
    if table.sheet:
        table.notes.append(Note(N_("读取“{sheet}”。"), {"sheet": table.sheet}))
    if others and sheet is None:
        table.notes.append(Note(N_("没有读取：{sheets}；需要时请另行导入。"), {"sheets": tuple(others)}))
    return table


def _named_apart(sheets: list[Sheet]) -> list[Sheet]:
    """The sheets with a name of their own each, where a file has several: ``2`` and ``旧#2`` for want of one."""
    if len(sheets) < 2:
        return sheets
    seen: dict[str, int] = {}
    for place, one in enumerate(sheets, start=1):
        name = one.name or str(place)
        seen[name] = seen.get(name, 0) + 1
        one.name = name if seen[name] == 1 else f"{name}#{seen[name]}"
    return sheets


def _different(fitting: list[_Found]) -> list[_Found]:
    """The sheets that fit, without those whose rows another one holds too (a copy kept in the same book)."""
    kept: list[tuple[_Found, set[tuple[str, ...]]]] = []
    for one in sorted(fitting, key=lambda one: -len(one.sheet.rows)):
        drawn = one.sheet.geometry is not None
        rows = set() if drawn else {tuple(map(text_of, row)) for row in one.sheet.rows[one.row + one.rows :]}
        if drawn or not any(one.kind is other.kind and rows <= held for other, held in kept):
            kept.append((one, rows))
    chosen_ones = [one for one, _ in kept]
    return [one for one in fitting if one in chosen_ones]


def _fits(found: _Found) -> bool:
    """Whether a sheet has rows below its headings and every column that its register requires."""
    if len(found.sheet.rows) <= found.row + found.rows:
        return False
    if found.kind.geometry:
        drawn = found.sheet.geometry is None or _shape(found.sheet, []) == "polygon"
        return drawn and "code" in found.headings
    if found.kind.lines:
        return _shape(found.sheet, [text_of(cell) for cell in found.sheet.rows[found.row]]) == "line"
    return all(column.field in found.headings for column in found.kind.columns if column.required)


def _best(sheet: Sheet, rows: list[list[str]], kind: str | None) -> _Found | None:
    named = sheet.geometry is not None
    best: _Found | None = None
    for index in range(min(len(rows), 1 if named else HEADING_ROWS)):
        for height in (1, 2):
            if named and height == 2:
                continue
            texts = rows[index] if height == 1 else _joined(rows, index)
            if texts is None:
                continue
            scores = [(len(matched(kinds()[kind], texts, cut=sheet.cut_headings)), kind)] if kind else likeliest(
                texts, cut=sheet.cut_headings, geometry=_shape(sheet, texts))
            drawn = bool(scores) and kinds()[scores[0][1]].lines
            if not scores or (not named and scores[0][0] < (1 if kind else 2)):
                continue
            score, name = scores[0]
            if best is None or (score, -height) > (best.score, -best.rows):
                headings = matched(kinds()[name], texts, cut=sheet.cut_headings)
                if headings or (drawn and named):
                    best = _Found(score, kinds()[name], index, height, headings, sheet)
    return best


def _joined(rows: list[list[str]], index: int) -> list[str] | None:
    """Two heading rows as one: the lower text where there is one, else the upper."""
    if index + 1 >= len(rows):
        return None
    upper, lower = rows[index], rows[index + 1]
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    if not any(not a or a == b for a, b in zip(upper, lower, strict=True)):
        return None
    return [b or a for a, b in zip(upper, lower, strict=True)]


def _shape(sheet: Sheet, texts: list[str]) -> str:
    if sheet.geometry is None:
        return _shape_of_text(sheet, texts)
    kinds_found = shapely.get_type_id(sheet.geometry[:200])
    if np.isin(kinds_found, (3, 6)).any():
        return "polygon"
    if np.isin(kinds_found, (1, 5)).any():
        return "line"
    return "point" if np.isin(kinds_found, (0, 4)).any() else ""


def _shape_of_text(sheet: Sheet, texts: list[str]) -> str:
    """What a column of WKT holds, by its first texts; empty without such a column."""
    column = next((position for position, text in enumerate(texts) if text.lower() in _GEOMETRY_NAMES), None)
    if column is None:
        return ""
    cells = (text_of(row[column]) for row in sheet.rows[: HEADING_ROWS + 40] if column < len(row))
    return "line" if any(_LINE.match(text) for text in cells) else "polygon"


def _table(found: _Found) -> Table:
    sheet, first = found.sheet, found.row + found.rows
    top = [text_of(cell) for cell in sheet.rows[found.row]]
    if found.rows == 2:
        top = _joined([[text_of(cell) for cell in row] for row in sheet.rows[found.row : first]], 0)
    width = max(len(top), max((len(row) for row in sheet.rows[first:]), default=0))
    top += [""] * (width - len(top))
    wanted = {heading.column for heading in found.headings.values()}
    remarks = [" ".join(filter(None, map(text_of, row))) for row in sheet.rows[: found.row]]
    kept, footers, skipped = _rows(sheet, first, top, wanted)
    notes = list(sheet.notes)
    if skipped["example"]:
        notes.append(Note(N_("跳过 {count} 行示例。"), {"count": skipped["example"]}))
    if footers:
        notes.append(Note(N_("跳过 {count} 行合计、填表人或注释。"), {"count": len(footers)}))
    numbers = pd.Index([index - first + 1 for index in kept], name="row_number")
    rows = [sheet.rows[index] for index in kept]
    overlong = _overlong(sheet, found.row, kept, first)
    if any(len(row) != width for row in rows):
        rows = [row if len(row) == width else [*row, *([None] * (width - len(row)))] for row in rows]
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    if sheet.from_1904:
        for name, heading in found.headings.items():
            if found.kind.column(name).type in {"day", "instant"}:
                columns[heading.column] = tuple(_from_1900(cell) for cell in columns[heading.column])
    raw = pd.DataFrame({position: _objects(column) for position, column in enumerate(columns)}, index=numbers, dtype=object)
    raw.columns = _distinct(top)
    cells = pd.DataFrame({name: _texts(columns[heading.column]) for name, heading in found.headings.items()}, index=numbers, dtype=object)
    unused = [
        text for position, text in enumerate(top)
        if text and position not in wanted and text not in _in_each_language(MARK_HEADING) | _in_each_language(PROBLEM_HEADING)
    ]
    unused += [
        name for position, (text, name) in enumerate(zip(top, raw.columns, strict=True))
        if not text and sheet.geometry is None and any(text_of(cell) for cell in columns[position])
        and not (sheet.writing and position >= len(sheet.rows[found.row]))
    ]
    table = Table(
        found.kind, sheet.name, cells, raw, found.headings, unused,
        0 if sheet.geometry is not None else first, None, sheet.crs, remarks + footers, notes, overlong,
    )
    if sheet.geometry is not None:
        table.geometry = sheet.geometry[np.array(kept, dtype=int) - first]
    elif found.kind.geometry or found.kind.lines:
        _read_outlines(table)
    return table


def _overlong(sheet: Sheet, heading_row: int, kept: list[int], first: int) -> dict[int, str]:
    """What lines of a text table hold beyond its headings: a comma without quotes moves every cell behind it."""
    if "separator" not in sheet.writing:
        return {}
    width = len(sheet.rows[heading_row])
    return {
        index - first + 1: "、".join(beyond) for index in kept
        if len(sheet.rows[index]) > width and (beyond := list(filter(None, map(text_of, sheet.rows[index][width:]))))
    }


def _from_1900(cell: object) -> object:
    """A day's bare number in a workbook that counts from 1904, as others count it."""
    return cell + _DAYS_TO_1904 if isinstance(cell, (int, float)) and not isinstance(cell, bool) else cell


def _rows(sheet: Sheet, first: int, top: list[str], wanted: set[int]) -> tuple[list[int], list[str], dict[str, int]]:
    """Positions of the rows that hold data; the texts of footers; how many examples were skipped."""
    kept, footers, examples = [], [], 0
    named = sheet.geometry is not None
    mark = next((position for position, text in enumerate(top) if text in _in_each_language(MARK_HEADING)), None)
    if named:
        return list(range(first, len(sheet.rows))), [], {"example": 0}
    marks = _in_each_language(EXAMPLE_MARK)
    for index in range(first, len(sheet.rows)):
        row = sheet.rows[index]
        start = next((position for position, cell in enumerate(row) if cell is not None and cell != "" and text_of(cell)), None)
        if start is None:
            continue
        lead = text_of(row[start])
        if start not in wanted and _ORDINAL.fullmatch(lead):
            # A serial number may stand before 合计.
            lead = next(filter(None, map(text_of, row[start + 1 :])), lead)
            lead = lead if _TOTAL.match(lead) else text_of(row[start])
        if mark is not None and mark < len(row) and text_of(row[mark]) in marks:
            examples += 1
        elif _TOTAL.match(lead) or (_FOOTER.match(lead) and len(_filled(row)) <= max(3, len(wanted) // 2)):
            footers.append(" ".join(_filled(row).values()))
        elif start < len(top) and lead == top[start] and all(top[position : position + 1] == [text] for position, text in _filled(row).items()) and len(_filled(row)) > 1:
            continue
        elif len(lead) > 24 and start not in wanted and len(wanted) > 2 and len(_filled(row)) == 1:
            footers.append(lead)
        else:
            kept.append(index)
    return kept, footers, {"example": examples}


def _filled(row: list[object]) -> dict[int, str]:
    return {position: text for position, cell in enumerate(row) if (text := text_of(cell))}


def _texts(column: tuple[object, ...]) -> np.ndarray:
    """The texts of a column; each distinct text is cleaned once."""
    if all(type(cell) is str for cell in column):
        codes, uniques = pd.factorize(_objects(column))
        return _objects([text_of(text) for text in uniques])[codes] if len(uniques) else _objects(())
    return _objects([text_of(cell) for cell in column])


def _objects(values: Sequence[object]) -> np.ndarray:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _in_each_language(message: str) -> set[str]:
    return {translator(language)(message) for language in LANGUAGES}


def _read_outlines(table: Table) -> None:
    """Take outlines or lines from a column of WKT, where a table of areas or roads has one."""
    for name in table.raw.columns:
        if str(name).strip().lower() in _GEOMETRY_NAMES:
            texts = [text_of(cell) or None for cell in table.raw[name]]
            table.geometry = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
            table.unused = [one for one in table.unused if one != name]
            return


def _distinct(headings: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    made = []
    for position, text in enumerate(headings):
        name = text or f"列{position + 1}"
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return made


def _nothing(file: str, sheets: list[Sheet], kind: str | None) -> ImportRefused:
    if not any(len(sheet.rows) > 1 for sheet in sheets):
        return ImportRefused(N_("{file} 里没有数据行：请检查是否选对了文件。"), file=file)
    seen = tuple(text for sheet in sheets for cell in (sheet.rows[0] if sheet.rows else [])[:8] if (text := text_of(cell))[:20])
    if kind is None:
        return ImportRefused(
            N_("认不出 {file} 是哪种登记表（表头：{headings}）：请指明登记表，或用 python cli.py template 生成模板。"),
            file=file, headings=seen[:8],
        )
    return ImportRefused(
        N_("{file} 里没有“{kind}”的表头（找到：{headings}）：表头应有 {expected}；可用 python cli.py template {name} 生成模板。"),
        file=file, kind=Term(kinds()[kind].label), headings=seen[:8], name=kind,
        expected=tuple(Term(column.header) for column in kinds()[kind].columns if column.required) or (Term(kinds()[kind].columns[0].header),),
    )
