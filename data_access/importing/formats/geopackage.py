"""GeoPackage: every layer a sheet, each with its own coordinate system."""

from data_access.importing.features import layers
from data_access.importing.formats import Format, Upload


def _recognises(upload: Upload) -> bool:
    return upload.data.startswith(b"SQLite format 3\x00")


FORMAT = Format("geopackage", "GeoPackage", (".gpkg",), _recognises, lambda upload: layers(upload, ".gpkg"), order=10)
