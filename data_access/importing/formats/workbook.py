"""Spreadsheets: xlsx, xlsm and xls, with merged cells filled."""

from __future__ import annotations

import html
import io
import re

import python_calamine

from data_access.importing.archive import holds, names_in, unpacked
from data_access.importing.formats import Format, Sheet, Upload
from data_access.importing.limits import MAX_CELLS, MAX_ROWS
from data_access.importing.problems import ImportRefused, Note
from rules.language import N_

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FAR_CELL = re.compile(rb"""r=["']([A-Z]{3,}\d+|[A-Z]+\d{6,})["']""")
_FILLED_CELL = re.compile(rb"""<c [^>]*?r=["']([A-Z]+)(\d+)["'][^>]*?>(?!</c>)""")

_CELL = re.compile(rb"<c ([^>]*[^/>])>(.*?)</c>", re.S)
_PLACE = re.compile(rb"""r=["']([A-Z]+)(\d+)["']""")
_VALUE = re.compile(rb"<v[^>/]*>(.*?)</v>", re.S)
_FORMULA = re.compile(rb"<f(?:[^>]*/>|[^>]*>(.*?)</f>)", re.S)
_LINK = re.compile(rb"<Relationship [^>]*>")
_LINK_ID, _LINK_TARGET = re.compile(rb"""\bId=["']([^"']+)["']"""), re.compile(rb"""\bTarget=["']([^"']+)["']""")
_SHEET_LINK = re.compile(rb"""<(?:\w+:)?sheet [^>]*?r:id=["']([^"']+)["']""")
_FROM_1904 = re.compile(rb"""date1904=["'](?:1|true)["']""")


def _recognises(upload: Upload) -> bool:
    if upload.data.startswith(_COMPOUND):
        return upload.suffix not in {".doc", ".ppt"}
    return holds(upload.data, lambda name: name.startswith("xl/"))


def _read(upload: Upload) -> list[Sheet]:
    if not upload.data.startswith(_COMPOUND):
        _refuse_scattered(upload)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(upload.data))
        sheets = [sheet for name in book.sheet_names if (sheet := _sheet(book, name, upload.name))]
    except python_calamine.PasswordError as error:
        raise ImportRefused(N_("{file} 有密码保护：请去掉密码后再导入。"), file=upload.name) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise ImportRefused(
            N_("{file} 打不开，文件可能已损坏或没有下载完整：请重新另存后再导入。"), file=upload.name
        ) from error
    if not upload.data.startswith(_COMPOUND):
        _without_values(upload, sheets, book.sheet_names)
    return sheets


def _without_values(upload: Upload, sheets: list[Sheet], names: list[str]) -> None:
    """Write formulas that were never calculated and error values into their cells, which come empty.

    An empty cell would take the column's default and count; ``=1+2`` and ``#DIV/0!`` refuse their row.
    """
    entries = names_in(upload.data, upload.name)
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(entries):
        return
    book = unpacked(upload.data, entries["xl/workbook.xml"], upload.name)
    targets = {
        match[1]: target[1].decode().lstrip("/").removeprefix("xl/")
        for link in _LINK.findall(unpacked(upload.data, entries["xl/_rels/workbook.xml.rels"], upload.name))
        if (match := _LINK_ID.search(link)) and (target := _LINK_TARGET.search(link))
    }
    paths = dict(zip(names, (targets.get(one, "") for one in _SHEET_LINK.findall(book)), strict=False))
    for sheet in sheets:
        sheet.from_1904 = bool(_FROM_1904.search(book))
        entry = entries.get(f"xl/{paths.get(sheet.name, '')}")
        page = unpacked(upload.data, entry, upload.name) if entry else b""
        if b"<f" not in page and b't="e"' not in page:
            continue
        uncalculated = []
        for attributes, content in _CELL.findall(page):
            place, value, formula = _PLACE.search(attributes), _VALUE.search(content), _FORMULA.search(content)
            if place is None or not (formula or value):
                continue
            if b't="e"' in attributes and value:
                text = value[1].decode()
            elif formula and not (value and value[1]) and b't="str"' not in attributes:
                text = "=" + (html.unescape((formula[1] or b"").decode()) or "…")
                uncalculated.append((place[1] + place[2]).decode())
            else:
                continue
            _put(sheet.rows, int(place[2]) - 1, _index(place[1]) - 1, text)
        if uncalculated:
            sheet.notes.append(Note(N_("{count} 个公式没有保存计算结果（如 {cells}）：请用电子表格软件打开并保存一次后再导入。"),
                                    {"count": len(uncalculated), "cells": tuple(uncalculated[:3])}))


def _put(rows: list[list[object]], row: int, column: int, text: str) -> None:
    if row < len(rows) and column < len(rows[row]) and rows[row][column] in ("", None):
        rows[row][column] = text


def _sheet(book: python_calamine.CalamineWorkbook, name: str, file: str) -> Sheet | None:
    try:
        sheet = book.get_sheet_by_name(name)
    except python_calamine.WorksheetNotFound:
        return None
    if sheet.start is None:
        return Sheet(name, [])
    if sheet.total_height > MAX_ROWS:
        raise ImportRefused(N_("{file} 超过 {limit} 行：请按月份或街镇分成几个文件导入。"), file=file, limit=MAX_ROWS)
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _fill(rows, top, left, bottom, right)
    return Sheet(name, rows)


def _fill(rows: list[list[object]], top: int, left: int, bottom: int, right: int) -> None:
    """Repeat a vertically merged value in each of its rows; a merged title stays in its first cell."""
    if top >= len(rows) or left >= len(rows[top]) or bottom == top:
        return
    value = rows[top][left]
    for row in rows[top + 1 : bottom + 1]:
        if left < len(row) and row[left] in ("", None):
            row[left] = value


def _refuse_scattered(upload: Upload) -> None:
    """Refuse a sheet whose few filled cells span so wide a rectangle that memory would not hold it."""
    for name, entry in names_in(upload.data, upload.name).items():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        sheet = unpacked(upload.data, entry, upload.name)
        if not _FAR_CELL.search(sheet):
            continue
        width = height = 0
        for column, row in _FILLED_CELL.findall(sheet):
            width, height = max(width, _index(column)), max(height, int(row))
        if width * height > MAX_CELLS:
            raise ImportRefused(
                N_("{file} 的表格范围是 {height} 行 × {width} 列，远处有零散的单元格：请删去表格以外的内容后再导入。"),
                file=upload.name, height=height, width=width,
            )


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index


FORMAT = Format("workbook", N_("电子表格（xlsx、xls）"), (".xlsx", ".xlsm", ".xls", ".et"), _recognises, _read, order=20)
