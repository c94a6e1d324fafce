"""Shapefiles, zipped or with their sister files, whatever encoding their table is in."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path, PurePosixPath

import numpy as np
import pyogrio
import pyproj
import shapely

from data_access.importing.archive import holds, names_in, unpacked
from data_access.importing.dbf import dbf_rows
from data_access.importing.formats import Format, Sheet, Upload
from data_access.importing.problems import ImportRefused, Note
from rules.language import N_

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MAGIC = struct.pack(">i", 9994)


def _recognises(upload: Upload) -> bool:
    return upload.data.startswith(_MAGIC) or holds(upload.data, lambda name: name.lower().endswith(".shp"))


def _read(upload: Upload) -> list[Sheet]:
    if upload.data.startswith(_MAGIC):
        return [_layer(upload.stem, {".shp": upload.data, **upload.parts}, upload.name)]
    inside = names_in(upload.data, upload.name)
    found: dict[str, dict[str, bytes]] = {}
    for name, entry in inside.items():
        path = PurePosixPath(name)
        if path.suffix.lower() in _PARTS:
            parts = found.setdefault(str(path.with_suffix("")), {})
            parts[path.suffix.lower()] = unpacked(upload.data, entry, upload.name)
    return [_layer(PurePosixPath(stem).name, parts, upload.name) for stem, parts in sorted(found.items()) if ".shp" in parts]


def _layer(name: str, parts: dict[str, bytes], file: str) -> Sheet:
    if ".dbf" not in parts:
        raise ImportRefused(N_("{file} 里 {layer} 只有图形没有属性表：请把同名的 .dbf 文件一起打包。"), file=file, layer=name)
    rows, encoding = dbf_rows(parts[".dbf"], parts.get(".cpg", b""), file)
    geometry = _shapes(parts, file)
    if len(geometry) != len(rows) - 1:
        raise ImportRefused(
            N_("{file} 里 {layer} 的图形有 {shapes} 个、属性有 {rows} 行，对不上：请重新导出。"),
            file=file, layer=name, shapes=len(geometry), rows=len(rows) - 1,
        )
    return Sheet(
        name, rows, geometry=geometry, crs=_crs(parts.get(".prj")), cut_headings=True,
        notes=[Note(N_("属性表按 {encoding} 编码读取。"), {"encoding": encoding})], writing={"encoding": encoding},
    )


def _shapes(parts: dict[str, bytes], file: str) -> np.ndarray:
    with tempfile.TemporaryDirectory(prefix="onemap-import-") as folder:
        for suffix in (".shp", ".shx"):
            if suffix in parts:
                (Path(folder) / f"upload{suffix}").write_bytes(parts[suffix])
        try:
            if ".shx" not in parts:
                pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
            shapes = pyogrio.raw.read(Path(folder) / "upload.shp", columns=[])[2]
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
                pyogrio.errors.GeometryError) as error:
            raise ImportRefused(
                N_("{file} 打不开，文件可能已损坏或没有下载完整：请重新另存后再导入。"), file=file
            ) from error
        finally:
            if ".shx" not in parts:
                pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    return shapely.force_2d(shapely.from_wkb(shapes, on_invalid="ignore"))


def _crs(text: bytes | None) -> pyproj.CRS | None:
    try:
        return pyproj.CRS.from_user_input(text.decode("utf-8", "replace").strip()) if text else None
    except pyproj.exceptions.CRSError:
        return None


FORMAT = Format("shapefile", N_("Shapefile（打包成 zip）"), (".zip", ".shp"), _recognises, _read, order=15)
