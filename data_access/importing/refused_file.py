"""Gives refused rows back in the form in which they came, with a column that says what is wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import orjson
import pandas as pd
import pyogrio
import shapely
import xlsxwriter

from data_access.importing.cells import EMPTY, text_of
from data_access.importing.previewing import Preview
from data_access.importing.projections import SHIFTED
from data_access.importing.tables import PROBLEM_HEADING
from rules.language import translator

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EXCEL_CELL = 32_767


def write_refused(preview: Preview, path: Path | str, language: str = "zh_CN") -> Path:
    """Write the refused rows under their own headings, with a 问题 column, ready to be mended and imported.

    Text tables keep their encoding and separator, spreadsheets become xlsx, GeoJSON stays GeoJSON,
    other layers become GeoPackage. A remark that names a shifted coordinate system goes with them.

    Args:
        path: where to; its ending is changed where the form asks for another.

    Returns:
        The path written.
    """
    t = translator(language)
    told: dict[int, list[str]] = {}
    for problem in preview.refused:
        told.setdefault(problem.row_number, []).append(problem.sentence(t))
    frame = preview.table.raw.loc[[row for row in told if row in preview.table.raw.index]].copy()
    frame = frame.drop(columns=[name for name in frame if name in {PROBLEM_HEADING, t(PROBLEM_HEADING)}])
    frame[t(PROBLEM_HEADING)] = ["；".join(told[row]) for row in frame.index]
    path = Path(path)
    if preview.table.geometry is not None and preview.format != "delimited" and preview.format != "workbook":
        return _write_layer(preview, frame, path)
    remarks = [text for text in preview.table.remarks if SHIFTED.search(text)]
    if preview.format == "workbook":
        return _write_workbook(frame, remarks, preview.table.sheet, path.with_suffix(".xlsx"))
    return _write_text(frame, remarks, preview.writing, path)


def safe(cell: object) -> str:
    """Text that no spreadsheet program takes for a formula; reading it back drops the mark again."""
    text = text_of(cell)
    if text.startswith(_FORMULA_STARTS) and text not in EMPTY and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _write_text(frame: pd.DataFrame, remarks: list[str], writing: dict[str, str], path: Path) -> Path:
    encoding = writing.get("encoding", "utf-8-sig")
    # A spreadsheet program opens UTF-8 rightly only when it is marked.
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=writing.get("separator", ","))
        writer.writerows([safe(remark)] for remark in remarks)
        writer.writerow([safe(name) for name in frame.columns])
        writer.writerows([safe(cell) for cell in row] for row in frame.itertuples(index=False))
    return path


def _write_workbook(frame: pd.DataFrame, remarks: list[str], sheet: str, path: Path) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        page = book.add_worksheet(sheet[:31] or None)
        heading = book.add_format({"bold": True, "text_wrap": True})
        problem = book.add_format({"font_color": "#C00000", "text_wrap": True})
        top = len(remarks)
        for row, remark in enumerate(remarks):
            page.write_string(row, 0, safe(remark))
        for column, name in enumerate(frame.columns):
            page.write_string(top, column, safe(name), heading)
        for row, cells in enumerate(frame.itertuples(index=False), start=top + 1):
            for column, cell in enumerate(cells):
                page.write_string(row, column, safe(cell)[:_EXCEL_CELL], problem if column == len(frame.columns) - 1 else None)
        page.freeze_panes(top + 1, 0)
        page.set_column(0, max(len(frame.columns) - 2, 0), 16)
        page.set_column(len(frame.columns) - 1, len(frame.columns) - 1, 60)
    return path


def _write_layer(preview: Preview, frame: pd.DataFrame, path: Path) -> Path:
    table = preview.table
    positions = table.raw.index.get_indexer(frame.index)
    shapes = np.array([table.geometry[position] for position in positions], dtype=object)
    if preview.format == "geojson":
        return _write_geojson(frame, shapes, table.crs, path)
    path = path.with_suffix(".gpkg")
    path.unlink(missing_ok=True)
    columns = [np.array([text_of(cell) for cell in frame[name]], dtype=object) for name in frame.columns]
    crs = table.crs.to_wkt() if table.crs is not None else None
    pyogrio.raw.write(path, shapely.to_wkb(shapes), columns, [str(name) for name in frame.columns], layer=table.sheet or "rows",
                      driver="GPKG", geometry_type="Unknown", crs=crs)
    return path


def _write_geojson(frame: pd.DataFrame, shapes: np.ndarray, crs, path: Path) -> Path:
    features = [
        {"type": "Feature", "properties": {str(name): text_of(cell) for name, cell in zip(frame.columns, row, strict=True)},
         "geometry": None if shape is None else orjson.Fragment(shapely.to_geojson(shape))}
        for row, shape in zip(frame.itertuples(index=False), shapes, strict=True)
    ]
    content: dict[str, object] = {"type": "FeatureCollection", "features": features}
    if crs is not None and (epsg := crs.to_epsg()):
        content["crs"] = {"type": "name", "properties": {"name": f"EPSG:{epsg}"}}
    path.write_bytes(orjson.dumps(content))
    return path
