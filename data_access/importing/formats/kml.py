"""KML and zipped KML (KMZ): every folder a sheet, always WGS 84."""

from __future__ import annotations

from data_access.importing.archive import holds, names_in, unpacked
from data_access.importing.features import layers
from data_access.importing.formats import Format, Sheet, Upload
from rules.language import N_

_FURNITURE = {"id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon"}


def _recognises(upload: Upload) -> bool:
    return b"<kml" in upload.data[:2048] or holds(upload.data, lambda name: name.lower().endswith(".kml"))


def _read(upload: Upload) -> list[Sheet]:
    if b"<kml" not in upload.data[:2048]:
        inside = names_in(upload.data, upload.name)
        name = next(name for name in sorted(inside, key=len) if name.lower().endswith(".kml"))
        upload = Upload(upload.name, unpacked(upload.data, inside[name], upload.name))
    return [_without_furniture(sheet) for sheet in layers(upload, ".kml")]


def _without_furniture(sheet: Sheet) -> Sheet:
    kept = [index for index, name in enumerate(sheet.rows[0]) if name not in _FURNITURE]
    sheet.rows = [[row[index] for index in kept] for row in sheet.rows]
    return sheet


FORMAT = Format("kml", N_("KML 和 KMZ"), (".kml", ".kmz"), _recognises, _read, order=15)
