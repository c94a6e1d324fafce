"""Opens a file of any readable format, and says which forms are readable where it is none of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from data_access.importing.archive import is_zip, names_in
from data_access.importing.formats import Format, Sheet, Upload, formats
from data_access.importing.limits import MAX_BYTES
from data_access.importing.problems import ImportRefused, Term
from rules.language import N_

READABLE = ("xlsx", "xls", "csv", "txt", "GeoJSON", "GeoPackage", "FlatGeobuf", "KML", "KMZ", "Shapefile (zip)")
_NOT_READ = {
    ".parquet": N_("请在地图软件里另存为 GeoPackage 或 GeoJSON。"),
    ".gml": N_("请在地图软件里另存为 GeoPackage 或 GeoJSON。"),
    ".dxf": N_("CAD 图没有代码和名称：请在地图软件里连上属性后另存为 GeoPackage 或 GeoJSON。"),
    ".dwg": N_("CAD 图没有代码和名称：请在地图软件里连上属性后另存为 GeoPackage 或 GeoJSON。"),
    ".gpx": N_("轨迹文件不是登记表：请整理成 csv 或 xlsx。"),
    ".rar": N_("请解压后逐个导入，Shapefile 请打包成 zip。"),
    ".7z": N_("请解压后逐个导入，Shapefile 请打包成 zip。"),
    ".dbf": N_("请把同名的 .shp、.shx、.dbf、.prj 一起打包成 zip。"),
    ".shx": N_("请把同名的 .shp、.shx、.dbf、.prj 一起打包成 zip。"),
    ".pdf": N_("请把表格整理成 xlsx 或 csv。"),
    ".doc": N_("请把表格整理成 xlsx 或 csv。"),
    ".docx": N_("请把表格整理成 xlsx 或 csv。"),
}


def uploaded(file: Path | tuple[str, bytes]) -> Upload:
    """The file in memory, with its sister files where it is an unzipped Shapefile.

    Raises:
        ImportRefused: missing, empty or larger than ``MAX_BYTES``.
    """
    if isinstance(file, tuple):
        upload = Upload(Path(file[0].replace("\\", "/")).name, file[1])
    else:
        upload = _from_disk(Path(file))
    if len(upload.data) > MAX_BYTES:
        raise _too_large(upload.name, len(upload.data))
    if not upload.data:
        raise ImportRefused(N_("{file} 是空文件：请检查是否下载或另存完整。"), file=upload.name)
    return upload


def file_hash(upload: Upload) -> str:
    """SHA-256 of the file and its sister files, in hexadecimal."""
    made = hashlib.sha256(upload.data)
    for suffix in sorted(upload.parts):
        made.update(suffix.encode() + upload.parts[suffix])
    return made.hexdigest()


def opened(upload: Upload) -> tuple[Format, list[Sheet]]:
    """The format of an upload and its tables.

    Raises:
        ImportRefused: no format reads it, or it is broken.
    """
    if upload.suffix not in _NOT_READ:
        for one in formats():
            if one.recognises(upload):
                return one, one.read(upload)
    if is_zip(upload.data) and upload.suffix not in _NOT_READ:
        names = tuple(names_in(upload.data, upload.name))[:5]
        raise ImportRefused(
            N_("{file} 里没有 Shapefile（只有 {names}）：请解压后逐个导入。"), file=upload.name, names=names
        )
    if upload.suffix in _NOT_READ:
        raise ImportRefused(
            N_("{file} 这种格式读不了（能读 {readable}）：{advice}"),
            file=upload.name, readable=READABLE, advice=Term(_NOT_READ[upload.suffix]),
        )
    raise ImportRefused(N_("{file} 这种格式读不了：请另存为 {readable} 之一。"), file=upload.name, readable=READABLE)


def _from_disk(path: Path) -> Upload:
    if path.is_dir():
        inside = sorted(path.glob("*.shp"))
        if len(inside) != 1:
            raise ImportRefused(N_("{file} 是文件夹：请给出其中的文件。"), file=path.name)
        path = inside[0]
    if not path.is_file():
        raise ImportRefused(N_("找不到文件 {file}：请检查路径。"), file=path)
    if path.stat().st_size > MAX_BYTES:
        raise _too_large(path.name, path.stat().st_size)
    parts = {}
    if path.suffix.lower() == ".shp":
        sisters = (one for one in path.parent.iterdir() if one.stem == path.stem and one != path)
        parts = {one.suffix.lower(): one.read_bytes() for one in sisters if one.stat().st_size <= MAX_BYTES}
    return Upload(path.name, path.read_bytes(), parts)


def _too_large(name: str, size: int) -> ImportRefused:
    return ImportRefused(
        N_("{file} 有 {size} MB，超过 {limit} MB 的上限：请按月份或街镇分成几个文件导入。"),
        file=name, size=-(-size >> 20), limit=MAX_BYTES >> 20,
    )
