"""FlatGeobuf: one layer."""

from data_access.importing.features import layers
from data_access.importing.formats import Format, Upload


def _recognises(upload: Upload) -> bool:
    return upload.data.startswith(b"fgb\x03")


FORMAT = Format("flatgeobuf", "FlatGeobuf", (".fgb",), _recognises, lambda upload: layers(upload, ".fgb"), order=10)
