"""Writes registers the way a customer would hand them in: xlsx and csv with Chinese headings, maps as GeoJSON."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from data_access.importing.kinds import Column, kinds
from rules import vocabulary

_MADE_ON = dt.datetime(2023, 7, 31)


def sheet(kind: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The register in words: the template's headings, names instead of codes, days as text.

    Args:
        kind: name of an importable kind.
        frame: any of the kind's fields; further columns are left out.

    Returns:
        As many rows, text or numbers only; empty cells are None.
    """
    columns = [column for column in kinds()[kind].columns if column.field in frame]
    return pd.DataFrame({column.header: pd.Series(_cells(column, frame[column.field]), dtype=object) for column in columns})


def _cells(column: Column, values: pd.Series) -> list:
    there = values.notna().tolist()
    if column.type in {"day", "instant"}:
        unit = "D" if column.type == "day" else "m"
        texts = np.datetime_as_string(pd.to_datetime(values).to_numpy("datetime64[s]"), unit).tolist()
        return [text.replace("T", " ") if known else None for text, known in zip(texts, there, strict=True)]
    plain = [value if known else None for value, known in zip(values.tolist(), there, strict=True)]
    if column.type == "word":
        names = {word.code: word.name for word in vocabulary.TABLES[column.words]}
        return [None if value is None else names[value] for value in plain]
    if column.type == "bool":
        return [None if value is None else "是" if value else "否" for value in plain]
    if column.type in {"int", "yuan"}:
        return [None if value is None else int(value) for value in plain]
    return ["、".join(value) if isinstance(value, list) else value for value in plain]


def write(kind: str, frame: pd.DataFrame, path: Path) -> Path:
    """Write a register; the suffix of ``path`` says how: .xlsx, .csv, .geojson or .gpkg.

    The same frame gives the same cells. Overwrites.
    """
    path.unlink(missing_ok=True)
    table = sheet(kind, frame)
    if path.suffix in {".geojson", ".gpkg"}:
        shapes = gpd.GeoDataFrame(table, geometry=frame["geometry"].to_numpy(), crs=4326)
        driver, options = ("GPKG", {}) if path.suffix == ".gpkg" else ("GeoJSON", {"COORDINATE_PRECISION": 6})
        shapes.to_file(path, driver=driver, **options)
    elif path.suffix == ".csv":
        table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    else:
        _write_xlsx(kinds()[kind].label, table, path)
    return path


def _write_xlsx(label: str, table: pd.DataFrame, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": label, "comments": "演示数据，界线为示意", "created": _MADE_ON})
        page = book.add_worksheet(label)
        page.write_row(0, 0, list(table.columns))
        for number, row in enumerate(table.itertuples(index=False, name=None), start=1):
            for place, value in enumerate(row):
                if value is not None:
                    page.write(number, place, value)
