"""Turns named features (attributes and a geometry each) into a sheet, and reads layers through GDAL."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from data_access.importing.formats import Sheet, Upload
from data_access.importing.limits import MAX_ROWS
from data_access.importing.problems import ImportRefused
from rules.language import N_


def features_sheet(name: str, properties: Sequence[dict], geometry: Sequence[shapely.Geometry | None]) -> Sheet:
    """A sheet whose first row holds the attribute names in the order of their first appearance."""
    names = list(dict.fromkeys(key for one in properties for key in one))
    rows: list[list[object]] = [list(names)]
    rows += [[_plain(one.get(key)) for key in names] for one in properties]
    shapes = np.empty(len(properties), dtype=object)
    shapes[:] = list(geometry)
    return Sheet(name, rows, geometry=shapely.force_2d(shapes) if len(shapes) else shapes)


def layers(upload: Upload, suffix: str) -> list[Sheet]:
    """Every layer of a file that GDAL reads.

    Args:
        suffix: how the temporary file is named, so that no other driver answers.

    Raises:
        ImportRefused: GDAL cannot read it, or a layer has too many rows.
    """
    if b"VRTDataset" in upload.data[:4096] or b"OGRVRT" in upload.data[:4096]:
        raise _unreadable(upload)
    with tempfile.TemporaryDirectory(prefix="onemap-import-") as folder:
        path = Path(folder) / f"upload{suffix}"
        path.write_bytes(upload.data)
        try:
            found = [_layer(path, str(name), upload) for name, _ in pyogrio.list_layers(path)]
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
                pyogrio.errors.GeometryError, UnicodeDecodeError, ValueError) as error:
            raise _unreadable(upload) from error
    if not found:
        raise _unreadable(upload)
    return found


def _layer(path: Path, name: str, upload: Upload) -> Sheet:
    meta, _, shapes, values = pyogrio.raw.read(path, layer=name, max_features=MAX_ROWS + 1)
    count = len(values[0]) if len(values) else 0 if shapes is None else len(shapes)
    if count > MAX_ROWS:
        raise ImportRefused(N_("{file} 超过 {limit} 行：请按月份或街镇分成几个文件导入。"), file=upload.name, limit=MAX_ROWS)
    promised = pyogrio.read_info(path, layer=name)["features"]
    if 0 <= count < promised:
        raise _unreadable(upload)
    columns = [_column(one) for one in values]
    rows = [list(map(str, meta["fields"])), *map(list, zip(*columns, strict=True))]
    if not columns:
        rows += [[] for _ in range(count)]
    geometry = None if shapes is None else shapely.force_2d(shapely.from_wkb(shapes, on_invalid="ignore"))
    declared = meta["crs"]
    return Sheet(name, rows, geometry=geometry, crs=pyproj.CRS.from_user_input(declared) if declared else None)


def _column(values: np.ndarray) -> list[object]:
    if values.dtype.kind == "M":
        return [None if pd.isna(one) else one.to_pydatetime() for one in pd.Series(values).astype(object)]
    return [_plain(one) for one in values.tolist()]


def _plain(value: object) -> object:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, (list, tuple)):
        return "、".join(str(part) for part in value)
    return str(value) if isinstance(value, (dict, bytes)) else value


def _unreadable(upload: Upload) -> ImportRefused:
    return ImportRefused(
        N_("{file} 打不开，文件可能已损坏或没有下载完整：请重新另存后再导入。"), file=upload.name
    )
