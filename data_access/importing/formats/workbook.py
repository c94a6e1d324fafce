"""Spreadsheets: xlsx, xlsm and xls, with merged cells filled."""

from __future__ import annotations

import io
import re

import python_calamine

from data_access.importing.archive import holds, names_in, unpacked
from data_access.importing.formats import Format, Sheet, Upload
from data_access.importing.limits import MAX_CELLS, MAX_ROWS
from data_access.importing.problems import ImportRefused
from rules.language import N_

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FAR_CELL = re.compile(rb"""r=["']([A-Z]{3,}\d+|[A-Z]+\d{6,})["']""")
_FILLED_CELL = re.compile(rb"""<c [^>]*?r=["']([A-Z]+)(\d+)["'][^>]*?>(?!</c>)""")


def _recognises(upload: Upload) -> bool:
    if upload.data.startswith(_COMPOUND):
        return upload.suffix not in {".doc", ".ppt"}
    return holds(upload.data, lambda name: name.startswith("xl/"))


def _read(upload: Upload) -> list[Sheet]:
    if not upload.data.startswith(_COMPOUND):
        _refuse_scattered(upload)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(upload.data))
        return [sheet for name in book.sheet_names if (sheet := _sheet(book, name, upload.name))]
    except python_calamine.PasswordError as error:
        raise ImportRefused(N_("{file} 有密码保护：请去掉密码后再导入。"), file=upload.name) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise ImportRefused(
            N_("{file} 打不开，文件可能已损坏或没有下载完整：请重新另存后再导入。"), file=upload.name
        ) from error


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
