"""Writes the outlines of a day's areas once into a file of vector tiles, and reads tiles from it.

Layers ``street``, ``neighbourhood`` and ``grid``; every feature has the properties ``fid``
(``areas.fids``, use it with MapLibre's ``promoteId``), ``code`` and ``parent``. Values are not in
the tiles: they follow as feature-state.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from data_access.areas import DRAWN_LEVELS, areas, fids, geometry_version
from data_access.database import Database
from data_access.file_lock import locked
from rules.request import Scope

MIN_ZOOM, MAX_ZOOM = 7, 13
"""At zoom 13 a step of the tile is 1 m on the ground: the map enlarges these tiles beyond it."""
COARSE_ZOOM = 10
"""Up to this zoom outlines are simplified to about half a pixel of it."""
COARSE_TOLERANCE_DEG = 0.0003
RECIPE = f"2|{MIN_ZOOM}|{COARSE_ZOOM}|{MAX_ZOOM}|{COARSE_TOLERANCE_DEG}"
"""Changes whenever the same outlines would give other tiles."""


def tile_file(
    database: Database, scope: Scope, day: dt.date, folder: Path, *, known_at: dt.datetime | None = None
) -> Path:
    """The tile file (MBTiles) of a day's geometry version; made when absent.

    One process makes it, others wait; a file under its final name is always whole.

    Args:
        folder: where tile files are kept; made when absent.
        known_at: the instant whose knowledge of the areas counts; None is now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{tiles_version(database, scope, day, known_at=known_at)}.mbtiles"
    if path.exists():
        return path
    with locked(folder / f".{path.stem}.lock"):
        if not path.exists():
            numbers = fids(database, scope, day, known_at=known_at)[["code", "fid"]]
            found = areas(database, scope, day, known_at=known_at).merge(numbers)
            write_tiles(gpd.GeoDataFrame(found, geometry="geometry", crs="EPSG:4326"), path)
    return path


def tiles_version(
    database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None
) -> str:
    """What stands in a tile's address: changes with the outlines or with how tiles are made."""
    outlines = geometry_version(database, scope, day, known_at=known_at)
    return hashlib.blake2b(f"{outlines}|{RECIPE}".encode(), digest_size=8).hexdigest()


def write_tiles(found: gpd.GeoDataFrame, path: Path) -> None:
    """Write areas with ``level``, ``fid``, ``code``, ``parent_code`` and outlines to a tile file.

    Areas without an outline are left out; without any the file holds no tile. Neighbours keep
    their common boundary at every zoom (coverage simplification, then rounding to the tile's
    4096 steps, which treats equal points equally). Nobody else may be writing the same file.
    """
    begun = f".making-{path.stem}-"
    for stopped in path.parent.glob(f"{begun}*"):
        shutil.rmtree(stopped, ignore_errors=True)
    # A server that is told to stop meanwhile goes at once; what it leaves is removed above, the next time.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=begun, ignore_cleanup_errors=True) as made_in:
        whole = Path(made_in) / "whole.mbtiles"
        parts = [
            part
            for level in DRAWN_LEVELS
            for part in _level_parts(found[found["level"] == level], level, Path(made_in))
        ]
        _join(parts, whole, _bounds(found))
        os.replace(whole, path)


def tile(path: Path, z: int, x: int, y: int) -> bytes | None:
    """One tile by zoom, column and row counted from the north (XYZ), or None where nothing lies.

    Returns:
        A Mapbox vector tile, gzip-compressed: send it with ``Content-Encoding: gzip``.
    """
    if not (0 <= z <= 30 and 0 <= x < 2**z and 0 <= y < 2**z):
        return None
    return _open(path).tile(z, x, y)


def tile_bounds(path: Path) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees of everything in a tile file; None when it is empty."""
    return _open(path).bounds


class _TileFile:
    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        asked = self._connection.execute("SELECT value FROM metadata WHERE name = 'bounds'")
        found = asked.fetchone()
        self.bounds = tuple(float(v) for v in found[0].split(",")) if found else None

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        row = (z, x, 2**z - 1 - y)
        with self._lock:
            found = self._connection.execute(
                "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                row,
            ).fetchone()
        return found[0] if found else None

    def __del__(self) -> None:
        self._connection.close()


@lru_cache(maxsize=8)
def _open(path: Path) -> _TileFile:
    return _TileFile(path)


def _level_parts(found: gpd.GeoDataFrame, level: str, folder: Path) -> Iterator[Path]:
    outlines = shapely.force_2d(found.geometry.to_numpy())
    drawable = ~(shapely.is_missing(outlines) | shapely.is_empty(outlines))
    if not drawable.any():
        return
    rows = pd.DataFrame({
        "fid": found["fid"].to_numpy(dtype="int32"),
        "code": found["code"].to_numpy(dtype=object),
        "parent": found["parent_code"].fillna("").to_numpy(dtype=object),
    })[drawable]  # fmt: skip
    fine = outlines[drawable]
    coarse = shapely.coverage_simplify(fine, COARSE_TOLERANCE_DEG)
    for zooms, drawn in (((MIN_ZOOM, COARSE_ZOOM), coarse), ((COARSE_ZOOM + 1, MAX_ZOOM), fine)):
        part = folder / f"{level}-{zooms[0]}.mbtiles"
        pyogrio.write_dataframe(
            gpd.GeoDataFrame(rows, geometry=drawn, crs="EPSG:4326"),
            part,
            driver="MVT",
            layer=level,
            # GDAL drops features from tiles above its limits; ours must never miss one.
            dataset_options={
                "FORMAT": "MBTILES", "MINZOOM": str(zooms[0]), "MAXZOOM": str(zooms[1]),
                "MAX_SIZE": "1000000000", "MAX_FEATURES": "100000000",
                "TEMPORARY_DB": str(folder / f"{level}-{zooms[0]}.temp"),
            },
        )  # fmt: skip
        yield part


def _join(parts: list[Path], whole: Path, bounds: tuple[float, ...] | None) -> None:
    """Put the layers of the parts into one file: a tile of several layers is their bytes in a row.

    Source: Mapbox Vector Tile Specification 2.1, section 4.1 (layers is a repeated field).
    """
    connection = sqlite3.connect(whole)
    try:
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT);"
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER,"
            " tile_data BLOB);"
        )
        tiles: dict[tuple[int, int, int], bytes] = {}
        for part in parts:
            source = sqlite3.connect(part)
            try:
                for z, x, y, data in source.execute("SELECT * FROM tiles"):
                    tiles[z, x, y] = tiles.get((z, x, y), b"") + gzip.decompress(data)
            finally:
                source.close()
        connection.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            ((*at, gzip.compress(data, 6, mtime=0)) for at, data in sorted(tiles.items())),
        )
        connection.execute("CREATE UNIQUE INDEX place ON tiles (zoom_level, tile_column, tile_row)")
        named = {"format": "pbf", "minzoom": str(MIN_ZOOM), "maxzoom": str(MAX_ZOOM)}
        if bounds is not None:
            named["bounds"] = ",".join(f"{value:.6f}" for value in bounds)
        connection.executemany("INSERT INTO metadata VALUES (?, ?)", named.items())
        connection.commit()
    finally:
        connection.close()


def _bounds(found: gpd.GeoDataFrame) -> tuple[float, ...] | None:
    drawn = found[found["level"].isin(DRAWN_LEVELS)].geometry
    total = drawn.total_bounds
    return None if pd.isna(total).any() else tuple(float(value) for value in total)
