"""GeoJSON: one FeatureCollection, with null and empty geometries kept as such."""

from __future__ import annotations

import orjson
import pyproj
import shapely

from data_access.importing.features import features_sheet
from data_access.importing.formats import Format, Sheet, Upload
from data_access.importing.problems import ImportRefused, Note
from data_access.importing.text_encoding import decoded
from rules.language import N_


def _recognises(upload: Upload) -> bool:
    head = upload.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return upload.suffix in FORMAT.suffixes or head.startswith(b"{")


def _read(upload: Upload) -> list[Sheet]:
    text, encoding = decoded(upload.data)
    try:
        content = orjson.loads(text.lstrip("\ufeff"))
    except orjson.JSONDecodeError as error:
        raise ImportRefused(N_("{file} 不是完整的 GeoJSON（第 {line} 行第 {column} 列附近）：请重新导出后再导入。"),
                            file=upload.name, line=error.lineno, column=error.colno) from error
    features = _features(content)
    if features is None:
        raise ImportRefused(N_("{file} 是 JSON，但不是 GeoJSON 的要素集合（FeatureCollection）：请从地图软件导出 GeoJSON。"), file=upload.name)
    properties = [feature.get("properties") or {} for feature in features]
    if not all(isinstance(one, dict) for one in properties):
        raise ImportRefused(N_("{file} 的要素属性（properties）不是名称和值：请从地图软件重新导出。"), file=upload.name)
    sheet = features_sheet("", properties, [_geometry(feature.get("geometry")) for feature in features])
    sheet.crs = _crs(content)
    sheet.notes.append(Note(N_("按 {encoding} 编码读取 {count} 个要素。"), {"encoding": encoding, "count": len(features)}))
    return [sheet]


def _features(content: object) -> list[dict] | None:
    if isinstance(content, dict) and content.get("type") == "Feature":
        content = {"features": [content]}
    found = content.get("features") if isinstance(content, dict) else None
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None


def _geometry(geometry: object) -> shapely.Geometry | None:
    if not isinstance(geometry, dict):
        return None
    try:
        return shapely.from_geojson(orjson.dumps(geometry))
    except (shapely.errors.GEOSException, ValueError):
        return None


def _crs(content: dict) -> pyproj.CRS | None:
    """The old ``crs`` member; without one None (RFC 7946 says WGS 84, files often say otherwise)."""
    declared = content.get("crs")
    named = declared.get("properties") if isinstance(declared, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    try:
        return pyproj.CRS.from_user_input(name) if isinstance(name, str) else None
    except pyproj.exceptions.CRSError:
        return None


FORMAT = Format("geojson", "GeoJSON", (".geojson", ".json"), _recognises, _read, order=30)
