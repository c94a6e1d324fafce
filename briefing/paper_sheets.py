"""An Excel file to print: titled, marked on every page, stamped, with no formula in any cell."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import east_asian_width

import xlsxwriter

from briefing.paper_words import Reader
from briefing.worklist_xlsx import plain

A4 = 9
PAGE, MOST_WIDER = 124.0, 1.7
"""Characters of Latin type across a landscape page, and how far columns are drawn out to fill it."""

LINE_PT = 16.5
HIGHEST_PT = 409
"""No row of Excel is higher."""
NOTHING = ("—", "*")
RATIO = re.compile(r"\d+(\.\d+)?%|\d+/\d+")
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its head, its width in characters of Latin type, and how its numbers are written."""

    head: str
    width: float
    form: str = "General"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        name: on the tab, at most 31 characters.
        title: in the first row, over all columns.
        columns: left to right.
        rows: values in the order of the columns; None leaves a cell empty.
        notes: below the table, one row each.
        blank: so many empty ruled rows at least.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    notes: Sequence[str] = ()
    blank: int = 0


def _filling(sheet: Sheet) -> Sheet:
    """The sheet with its columns drawn out to the width of a page, where they would leave a part of it free."""
    wide = sum(column.width for column in sheet.columns)
    more = min(PAGE / wide, MOST_WIDER)
    return sheet if more <= 1 else replace(sheet, columns=[replace(one, width=round(one.width * more, 1)) for one in sheet.columns])


def _head(column: Column) -> str:
    """A head that needs two lines breaks before its unit."""
    head = plain(column.head)
    return head if lines(head, column.width + 1) == 1 else head.replace("（", "\n（").replace(" (", "\n(")


@lru_cache(maxsize=20_000)
def lines(text: str, width: float) -> int:
    """Lines that a text takes in a column: a Chinese sign is as wide as two of Latin type."""
    signs = sum(2 if east_asian_width(sign) in "WF" else 1.1 for sign in text)
    return max(1, math.ceil(signs / max(1.0, width - 2)))


def workbook(reader: Reader, sheets: Sequence[Sheet], *, stamped: bool = True) -> bytes:
    """The file: A4 landscape, one page wide, heads repeated, the mark in the page head and in the sheet.

    Args:
        stamped: whether the stamp stands in the sheet's second row, too (it always is on the page's foot).
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        book.set_properties({"title": sheets[0].title, "author": reader.issuer, "comments": reader.mark, "created": reader.taken_at})
        face = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter", "text_wrap": True}
        forms = {
            "title": book.add_format({"font_name": "方正小标宋简体", "font_size": 18, "align": "center", "valign": "vcenter"}),
            "said": book.add_format({"font_name": "仿宋", "font_size": 10, "font_color": "#5F6C77", "text_wrap": True, "valign": "top"}),
            "note": book.add_format({"font_name": "仿宋", "font_size": 11, "text_wrap": True, "valign": "vcenter"}),
            "mark": book.add_format({"font_name": "黑体", "font_size": 10, "font_color": "#B2360F", "align": "right"}),
            "head": book.add_format(face | {"font_name": "黑体", "align": "center", "border": 1, "bg_color": "#E6F1F0"}),
            "text": book.add_format(face | {"border": 1, "indent": 1}),
            "middle": book.add_format(face | {"border": 1, "align": "center"}),
            "ratio": book.add_format(face | {"border": 1, "align": "right", "indent": 1}),
        }
        numbers: dict[str, object] = {}
        for sheet in sheets:
            _write(book, book.add_worksheet(sheet.name[:31]), sheet, reader, forms, numbers, face, stamped)
    return made.getvalue()


def _write(book, page, sheet: Sheet, reader: Reader, forms: dict, numbers: dict, face: dict, stamped: bool) -> None:
    last = len(sheet.columns) - 1
    sheet = _filling(sheet)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.merge_range(0, 0, 0, last, plain(sheet.title), forms["title"])
    page.set_row(0, 34)
    half = max(1, (last + 1) * 2 // 3)
    if stamped:
        page.merge_range(1, 0, 1, half - 1, plain(reader.stamp), forms["said"]) if half > 1 else page.write_string(1, 0, plain(reader.stamp), forms["said"])
    if half < last:
        page.merge_range(1, half, 1, last, reader.mark, forms["mark"])
    else:
        page.write_string(1, last, reader.mark, forms["mark"])
    page.set_row(1, 28)
    for place, column in enumerate(sheet.columns):
        page.write_string(2, place, _head(column), forms["head"])
    page.set_row(2, LINE_PT * max([1.5, *(sum(lines(part, column.width + 1) for part in _head(column).split("\n")) for column in sheet.columns)]) + 4)
    at = 3
    for row in sheet.rows:
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if place == 0 and isinstance(value, int):
                page.write_number(at, place, value, forms["middle"])
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                if column.form not in numbers:
                    numbers[column.form] = book.add_format(face | {"border": 1, "num_format": column.form, "align": "right", "indent": 1, "text_wrap": False})
                page.write_number(at, place, value, numbers[column.form])
            else:
                page.write_string(at, place, plain(value), forms["middle" if value in NOTHING else "ratio" if RATIO.fullmatch(str(value)) else "text"])
        page.set_row(at, min(HIGHEST_PT, LINE_PT * max([1.3, *(lines(value, column.width) for value, column in zip(row, sheet.columns, strict=True) if isinstance(value, str))])))
        at += 1
    while at < 3 + sheet.blank:
        for place in range(last + 1):
            page.write_blank(at, place, None, forms["text"])
        page.set_row(at, 26)
        at += 1
    for note in sheet.notes:
        page.merge_range(at, 0, at, last, plain(note), forms["note"])
        page.set_row(at, LINE_PT * max(1.3, lines(note, sum(column.width for column in sheet.columns))))
        at += 1
    page.freeze_panes(3, 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    page.center_horizontally()
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
    # An ampersand begins a code in Excel's page heads.
    page.set_header(f"&R{reader.mark}" if reader.mark else "")
    page.set_footer(f"&L&8{reader.stamp.replace('&', '&&')}&R&P / &N"[:255])
