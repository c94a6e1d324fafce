"""A hamlet of two streets, four neighbourhoods and eight grids, as files that a district would send.

青禾街道 (990114001) is the western square 121.20 to 121.24, 古溪路街道 (990114002) the eastern one to
121.28, both from 31.30 to 31.34. Each has a southern and a northern neighbourhood, each of those a
western and an eastern grid of 0.02 by 0.02 degrees (about 1.9 by 2.2 km): QH-01 to QH-04, GX-01 to GX-04.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence

import openpyxl

from data_access.database import Database
from data_access.importing import Batch, Preview, preview, take
from rules.request import Actor, Scope

DISTRICT = "990114"
WHOLE = Scope(DISTRICT, personal=True)
OFFICE = Actor("office", "区打非办", "office", WHOLE)
NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=dt.timezone(dt.timedelta(hours=8)))
LATER = NOW + dt.timedelta(hours=1)

Square = tuple[float, float, float, float]
STREETS: dict[str, tuple[str, Square]] = {
    "990114001": ("青禾街道", (121.20, 31.30, 121.24, 31.34)),
    "990114002": ("古溪路街道", (121.24, 31.30, 121.28, 31.34)),
}
NEIGHBOURHOODS: dict[str, tuple[str, str, Square]] = {
    "990114001001": ("南苑居委会", "990114001", (121.20, 31.30, 121.24, 31.32)),
    "990114001002": ("北苑居委会", "990114001", (121.20, 31.32, 121.24, 31.34)),
    "990114002001": ("南苑居委会", "990114002", (121.24, 31.30, 121.28, 31.32)),
    "990114002002": ("溪北村", "990114002", (121.24, 31.32, 121.28, 31.34)),
}
GRIDS: dict[str, tuple[str, Square]] = {
    f"{prefix}-0{number}": (parent, (west, south, west + 0.02, south + 0.02))
    for prefix, left in (("QH", 121.20), ("GX", 121.24))
    for number, (parent_end, west, south) in enumerate(
        (("001", left, 31.30), ("001", left + 0.02, 31.30), ("002", left, 31.32), ("002", left + 0.02, 31.32)), start=1
    )
    for parent in (f"99011400{1 if prefix == 'QH' else 2}{parent_end}",)
}


def ring(square: Square) -> list[list[float]]:
    west, south, east, north = square
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(square: Square) -> dict:
    return {"type": "Polygon", "coordinates": [ring(square)]}


def geojson(features: Sequence[tuple[dict, dict | None]], **members: object) -> bytes:
    made = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]
    return json.dumps({"type": "FeatureCollection", "features": made, **members}, ensure_ascii=False).encode()


def streets_file() -> tuple[str, bytes]:
    return "街镇.geojson", geojson([({"街镇代码": code, "街镇名称": name}, polygon(square)) for code, (name, square) in STREETS.items()])


def neighbourhoods_file() -> tuple[str, bytes]:
    return "村居.geojson", geojson(
        [({"村居代码": code, "村居名称": name, "街镇代码": street}, polygon(square)) for code, (name, street, square) in NEIGHBOURHOODS.items()])


def grids_file() -> tuple[str, bytes]:
    return "网格.geojson", geojson([({"网格编号": code, "村居代码": parent}, polygon(square)) for code, (parent, square) in GRIDS.items()])


def agencies_file() -> tuple[str, bytes]:
    return table("部门.csv", "代码,名称,系统,层级,上级代码,所在区域,别名", [
        "WJS,区卫生监督所,卫生监督,区级,,,",
        "SCJ,区市场监管局,市场监管,区级,,,工商分局(~2018-12-31)、区食药监局",
        "GA,区公安分局,公安,区级,,,",
        "SCS1,青禾市场所,市场监管,街镇级,SCJ,青禾街道,市场所",
        "SCS2,古溪市场所,市场监管,街镇级,区市场监管局,990114002,市场所",
    ])


def table(name: str, headings: str, rows: Sequence[str], *, encoding: str = "utf-8") -> tuple[str, bytes]:
    """A csv file from its lines."""
    return name, "\n".join([headings, *rows, ""]).encode(encoding)


def rows_file(name: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> tuple[str, bytes]:
    """A csv file from cells, quoted where needed."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return name, text.getvalue().encode()


def workbook(name: str, sheets: dict[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> tuple[str, bytes]:
    """An xlsx file; ``merged`` ranges are of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    data = io.BytesIO()
    book.save(data)
    return name, data.getvalue()


def bring(database: Database, file: tuple[str, bytes], *, actor: Actor = OFFICE, now: dt.datetime = NOW, confirm: bool = False, **options: object) -> Batch:
    """Import a file that must have nothing refused."""
    found = preview(database, file, scope=actor.scope, **options)
    assert not found.refused, said(found)
    return take(database, found, actor=actor, now=now, confirm=confirm)


def said(found: Preview) -> list[str]:
    """The refusals of a preview as sentences: ``3 街镇：...``."""
    return [f"{one.row_number} {one.sentence(plain)}" for one in found.refused]


def doubted(found: Preview) -> dict[int, str]:
    """The reasons of the rows to confirm by row number."""
    return {row: "；".join(one.sentence(plain) for one in reasons) for row, reasons in found.to_confirm["reasons"].items()}


def noted(found: Preview) -> str:
    return "\n".join(one.sentence(plain) for one in found.notes)


def plain(message: str, /, **values: object) -> str:
    """The Chinese source itself, filled in."""
    return message.format(**values) if values else message
