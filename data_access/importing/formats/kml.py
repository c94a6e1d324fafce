"""KML and zipped KML (KMZ): every folder a sheet, always WGS 84.

Source: OGC KML 2.3 (OGC 12-007r2). Read here and not through GDAL, which loses Chinese field names.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import pyproj
import shapely

from data_access.importing.archive import holds, is_zip, names_in, unpacked
from data_access.importing.features import features_sheet
from data_access.importing.formats import Format, Sheet, Upload
from data_access.importing.problems import ImportRefused
from rules.language import N_


def _recognises(upload: Upload) -> bool:
    if is_zip(upload.data):
        return holds(upload.data, lambda name: name.lower().endswith(".kml"))
    return b"<kml" in upload.data[:2048]


def _read(upload: Upload) -> list[Sheet]:
    data = upload.data
    if is_zip(data):
        inside = names_in(data, upload.name)
        name = next(name for name in sorted(inside, key=len) if name.lower().endswith(".kml"))
        data = unpacked(data, inside[name], upload.name)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ImportRefused(N_("{file} 里有实体定义，不安全：请从地图软件重新导出 KML。"), file=upload.name)
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, RecursionError) as error:
        raise ImportRefused(N_("{file} 打不开，文件可能已损坏或没有下载完整：请重新另存后再导入。"), file=upload.name) from error
    return [_sheet(name, marks) for name, marks in _folders(root) if marks]


def _folders(root: ElementTree.Element) -> Iterator[tuple[str, list[ElementTree.Element]]]:
    """The name and the placemarks of every folder and document that holds any directly."""
    for element in root.iter():
        if _tag(element) in {"Folder", "Document", "kml"}:
            yield _text(element, "name"), [one for one in element if _tag(one) == "Placemark"]


def _sheet(name: str, marks: list[ElementTree.Element]) -> Sheet:
    sheet = features_sheet(name, [_properties(one) for one in marks], [_geometry(one) for one in marks])
    sheet.crs = pyproj.CRS.from_epsg(4326)
    return sheet


def _properties(mark: ElementTree.Element) -> dict[str, str]:
    found = {"name": _text(mark, "name"), "description": _text(mark, "description")}
    for element in mark.iter():
        if _tag(element) == "Data":
            found[element.get("name", "")] = _text(element, "value")
        elif _tag(element) == "SimpleData":
            found[element.get("name", "")] = (element.text or "").strip()
    return {name: value for name, value in found.items() if name and value}


def _geometry(element: ElementTree.Element) -> shapely.Geometry | None:
    """The geometry of a placemark; several are a collection; None where there is none or it is broken."""
    parts = [made for child in element if (made := _part(child)) is not None]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)


def _part(element: ElementTree.Element) -> shapely.Geometry | None:
    try:
        match _tag(element):
            case "Point":
                return shapely.Point(_coordinates(element)[0])
            case "LineString" | "LinearRing":
                return shapely.LineString(_coordinates(element))
            case "Polygon":
                rings = [_coordinates(one) for kind in ("outerBoundaryIs", "innerBoundaryIs") for one in element if _tag(one) == kind]
                return shapely.Polygon(rings[0], rings[1:])
            case "MultiGeometry":
                return _geometry(element)
    except (ValueError, IndexError, shapely.errors.GEOSException):
        return None
    return None


def _coordinates(element: ElementTree.Element) -> list[tuple[float, float]]:
    text = next(one.text or "" for one in element.iter() if _tag(one) == "coordinates")
    return [(float(parts[0]), float(parts[1])) for word in text.split() if len(parts := word.split(",")) >= 2]


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element, name: str) -> str:
    return next(((one.text or "").strip() for one in element if _tag(one) == name), "")


FORMAT = Format("kml", N_("KML 和 KMZ"), (".kml", ".kmz"), _recognises, _read, order=15)
