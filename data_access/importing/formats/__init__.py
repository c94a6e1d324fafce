"""A format is one way in which files arrive; every other file of this folder is one format."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath

import numpy as np
import pyproj

from data_access.importing.problems import Note


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived, in memory.

    Attributes:
        name: its name, without folders.
        data: its bytes; for an unzipped Shapefile those of the ``.shp``.
        parts: other files that belong to it, by lower-case suffix (``.dbf``, ``.prj``, ...).
    """

    name: str
    data: bytes
    parts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        return PurePath(self.name).stem


@dataclass(slots=True)
class Sheet:
    """One table of a file, before anything is understood.

    Attributes:
        name: name of the sheet or layer; empty where the format has none.
        rows: rows of cells as the format gives them (text, numbers, days, None); for a format with
            named fields the first row holds the names.
        geometry: shapely geometries (None where missing), one for each row below the first, or None
            for a format without geometry.
        crs: coordinate system that the file declares, or None.
        cut_headings: whether headings may have been cut short by the format.
        notes: what was noticed while reading (encoding, separator, ...).
        writing: what a file of the same form needs: ``encoding``, ``separator``.
        from_1904: whether bare numbers of days count from 1904 (workbooks of old Macs).
    """

    name: str
    rows: list[list[object]]
    geometry: np.ndarray | None = None
    crs: pyproj.CRS | None = None
    cut_headings: bool = False
    notes: list[Note] = field(default_factory=list)
    writing: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One readable form of file.

    Attributes:
        name: one word.
        label: name that people read.
        suffixes: what its files end with, lower case.
        recognises: whether an upload is of this form, by its content.
        read: every table of an upload; raises ``ImportRefused`` for a broken file.
        order: formats with a lower number are asked first.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Upload], bool]
    read: Callable[[Upload], list[Sheet]]
    order: int = 50


@cache
def formats() -> tuple[Format, ...]:
    """Every readable format, in the order in which they are asked."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").FORMAT
        for module in pkgutil.iter_modules(__path__)
    ]
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))
