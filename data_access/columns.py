"""Column types that mean the same on SQLite and on PostgreSQL: geometry, instants, identifiers."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
import uuid

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.elements import WKBElement
from sqlalchemy import DateTime, LargeBinary, String, types
from sqlalchemy.engine import Dialect

SRID = 4326


class Shape(types.TypeDecorator[shapely.Geometry]):
    """A shapely geometry in EPSG:4326 (lon, lat): WKB on SQLite, PostGIS geometry on PostgreSQL."""

    impl = LargeBinary
    cache_ok = True
    spatial_index = False
    """GeoAlchemy2 asks the type when a table is made; a migration makes the index."""

    def load_dialect_impl(self, dialect: Dialect | None) -> types.TypeEngine:
        # GeoAlchemy2 asks without a dialect whether a column is a raster.
        if dialect is not None and dialect.name == "postgresql":
            return dialect.type_descriptor(Geometry(srid=SRID, spatial_index=False))
        return LargeBinary()

    def process_bind_param(self, value: shapely.Geometry | None, dialect: Dialect) -> object:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return WKBElement(shapely.to_wkb(value, include_srid=False), srid=SRID)
        return shapely.to_wkb(value)

    def process_result_value(self, value: object, dialect: Dialect) -> shapely.Geometry | None:
        if value is None:
            return None
        data = value.data if isinstance(value, WKBElement) else value
        return shapely.from_wkb(bytes.fromhex(data) if isinstance(data, str) else bytes(data))


class Instant(types.TypeDecorator[dt.datetime]):
    """An aware instant, stored in UTC without its zone; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r}: an instant needs its time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


Code = String(64)
Id = String(36)

_lock = threading.Lock()
_last = 0


def new_id(at_milliseconds: int | None = None) -> str:
    """A UUIDv7 as text: sortable by time of making. Source: RFC 9562 section 5.7."""
    return new_ids(1, at_milliseconds)[0]


def new_ids(count: int, at_milliseconds: int | None = None) -> list[str]:
    """``count`` UUIDv7 texts in rising order, unique within and across processes."""
    global _last
    now = time.time_ns() // 1_000_000 if at_milliseconds is None else at_milliseconds
    with _lock:
        start = max(now << 12, _last + 1)
        _last = start + count
    noise = os.urandom(8 * count)
    made = []
    for index in range(count):
        stamp = start + index
        random = int.from_bytes(noise[8 * index : 8 * index + 8], "big") & ((1 << 62) - 1)
        value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random
        made.append(str(uuid.UUID(int=value)))
    return made
