"""What the map asks for, made once a data version: colours of areas, points, places, outlines, tables."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np
import orjson
import pandas as pd

from dashboard.map_wire import (
    ABSENT,
    MISSING,
    class_bytes,
    message,
    packed,
    scale_of,
    values,
)
from data_access.areas import DRAWN_LEVELS, areas, fids
from data_access.places import places
from data_access.tiles import tiles_version
from data_access.versions import versions
from layers import Layer, layers
from rules.merged_points import merged_points
from rules.request import Filters, Scope, UnreadableRequest

if TYPE_CHECKING:
    from data_access.database import Database

DEGREES = 1_000_000
"""Coordinates cross the wire as whole millionths of a degree (about 0.1 m), 180 degrees added."""
NOWHERE = 4_294_967_295
LABELLED = "street_state"
"""The layer whose values stand beside the names of the streets."""

Answer = tuple[str, bytes]
"""An ETag and a gzipped body."""


def layer_named(name: str, *, point: bool) -> Layer:
    """Raises UnreadableRequest when no such layer is declared."""
    layer = layers().get(name)
    if layer is None or layer.is_point is not point:
        known = ", ".join(one.name for one in layers().values() if one.is_point is point)
        raise UnreadableRequest(f"layer: expected one of {known}; found {name[:40]!r}")
    return layer


def area_answer(database: Database, filters: Filters, scope: Scope, name: str) -> Answer:
    """One class byte and one number for every area of the layer's level, in fid order.

    Areas outside the scope or the area asked about are ``ABSENT``.
    """
    return paint_answer(database, filters, scope, layer_named(name, point=False))


def paint_answer(database: Database, filters: Filters, scope: Scope, layer: Layer) -> Answer:
    """The same for a layer that is not of the registry, e.g. one whose frame was frozen."""
    first, codes = _level(database, filters, scope, layer.geometry)
    head = {**_head(database, filters, scope), "layer": layer.name, "level": layer.geometry, "first": first}
    return packed(message(head, _area_arrays("", layer, layer.ask(database, filters, scope), codes)))


def names_answer(database: Database, filters: Filters, scope: Scope) -> Answer:
    """No points, and the names of the streets without any number beside them."""
    first, codes = _level(database, filters, scope, "street")
    head = {**_head(database, filters, scope), "streets": {"first": first}, "layers": {}}
    nothing = np.full(len(codes), MISSING, dtype=np.int16)
    return packed(message(head, [("streets.class", "u8", np.full(len(codes), ABSENT, dtype=np.uint8)), ("streets.value", "i16", nothing)]))


def points_answer(
    database: Database, filters: Filters, scope: Scope, names: tuple[str, ...], today: str
) -> Answer:
    """The classes and values of every point of the layers, in the order of ``places_answer``.

    With them come the street totals that stand beside the street names. Where exact points must
    not leave (wall, meeting), points are merged per area and the place is the area's label point.
    """
    first, codes = _level(database, filters, scope, "street")
    street = layer_named(LABELLED, point=False)
    arrays = _area_arrays("streets.", street, street.ask(database, filters.with_(area=None), scope), codes)
    head = {**_head(database, filters, scope), "streets": {"first": first}, "layers": {}}
    for name in names:
        layer = layer_named(name, point=True)
        frame = layer.ask(database, filters, scope)
        if scope.exact_points:
            about, more = _exact(database, filters, scope, layer, frame, today)
        else:
            about, more = _merged(database, filters, scope, layer, frame)
        head["layers"][name] = about
        arrays += [(f"{name}.{field}", kind, numbers) for field, kind, numbers in more]
    return packed(message(head, arrays))


def places_answer(
    database: Database, filters: Filters, scope: Scope, names: tuple[str, ...], today: str
) -> Answer:
    """Where the points of the layers stand and what they are called; the same for every period."""
    found = {}
    for name in names if scope.exact_points else ():
        layer = layer_named(name, point=True)
        version, frame = _places(database, filters, scope, layer, today)
        found[name] = {
            "version": version,
            "ids": frame["id"].tolist(),
            "labels": frame[layer.label_field].fillna("").tolist(),
            "lon": _whole(frame["lon"]),
            "lat": _whole(frame["lat"]),
            "areas": _listed(frame["grid_code"].fillna(frame["street_code"])),
            "facts": {fact.field: _listed(frame[fact.field]) for fact in layer.facts},
        }
    return packed(orjson.dumps({"layers": found}))


def areas_answer(database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None) -> Answer:
    """Codes, names, label points and boxes of every street, neighbourhood and grid, in fid order; ``priority`` the fids of 重点村居."""
    found = areas(database, scope, day, known_at=known_at)
    found = found[found["level"].isin(DRAWN_LEVELS)].reset_index(drop=True)
    fid_of = pd.Series(np.arange(len(found)), index=found["code"])
    box = found.geometry.bounds.to_numpy(dtype=float) if len(found) else np.empty((0, 4))
    arrays = [(name, "u32", _fixed(found[f"label_{name}"])) for name in ("lon", "lat")]
    arrays += [(side, "u32", _fixed(box[:, at])) for at, side in enumerate(("west", "south", "east", "north"))]
    for level in ("street", "neighbourhood"):
        above = found[f"{level}_code"].map(fid_of)
        arrays.append((level, "u32", above.fillna(NOWHERE).to_numpy(dtype=np.int64)))
    names = found["name"].where(found["name"] != found["code"])
    levels = found["level"].tolist()
    head = {
        "version": tiles_version(database, scope, day, known_at=known_at),
        "levels": {level: [levels.index(level), levels.count(level)] for level in dict.fromkeys(levels)},
        "codes": found["code"].tolist(),
        "names": _texts(names),
        "names_en": _texts(found["name_en"]),
        "short": _texts(found["short_name"].where(found["level"] == "street")),
        "drawn": sorted(set(found.loc[found.geometry.notna(), "level"])),
        "priority": np.flatnonzero(found["priority"].fillna(False).astype("bool")).tolist(),
    }
    return packed(message(head, arrays))


def day_asked(filters: Filters) -> str:
    """What stands after ``as_of=`` in the address of the areas: the day, and the instant of knowledge if one is asked."""
    day = filters.as_of.isoformat()
    return f"{day}&known_at={quote(filters.known_at.isoformat())}" if filters.known_at else day


def box_of(
    database: Database, scope: Scope, day: dt.date, code: str | None, *, known_at: dt.datetime | None = None
) -> list[float] | None:
    """West, south, east, north (degrees) of an area, or of all; None where no outline is known."""
    found = areas(database, scope, day, known_at=known_at)
    inside = found[found["code"] == code] if code else found
    inside = inside[inside.geometry.notna()]
    return [round(float(edge), 6) for edge in inside.total_bounds] if len(inside) else None


def _head(database: Database, filters: Filters, scope: Scope) -> dict[str, object]:
    return {
        "geometry": tiles_version(database, scope, filters.as_of, known_at=filters.known_at),
        "as_of": day_asked(filters),
        "cycle": filters.cycle_days,
        "merged": not scope.exact_points,
    }


def _level(database: Database, filters: Filters, scope: Scope, level: str) -> tuple[int, pd.Index]:
    """The first fid of a level and its codes in fid order."""
    known = fids(database, scope, filters.as_of, known_at=filters.known_at)
    of_level = known[known["level"] == level]
    first = int(of_level["fid"].iloc[0]) if len(of_level) else 0
    return first, pd.Index(of_level["code"])


def _area_arrays(
    prefix: str, layer: Layer, frame: pd.DataFrame, codes: pd.Index
) -> list[tuple[str, str, np.ndarray]]:
    return [
        (f"{prefix}class", "u8", class_bytes(layer, frame, codes)),
        (f"{prefix}value", "i16", values(frame, codes, scale_of(layer))),
    ]


def _exact(
    database: Database, filters: Filters, scope: Scope, layer: Layer, frame: pd.DataFrame, today: str
) -> tuple[dict[str, object], list[tuple[str, str, np.ndarray]]]:
    version, found = _places(database, filters, scope, layer, today)
    ids = pd.Index(found["id"])
    classes = class_bytes(layer, frame, ids)
    about: dict[str, object] = {"places": version}
    labels = frame.set_index("feature_id")["label"]
    if labels.astype(bool).any():
        about["labels"] = labels.reindex(ids[classes != ABSENT]).fillna("").tolist()
    return about, [("class", "u8", classes), ("value", "i16", values(frame, ids))]


def _merged(
    database: Database, filters: Filters, scope: Scope, layer: Layer, frame: pd.DataFrame
) -> tuple[dict[str, object], list[tuple[str, str, np.ndarray]]]:
    """Points per area; a case before its decision is told by its street alone (DESIGN 12)."""
    at = frame["street_code"] if layer.names_street_only else frame["grid_code"].fillna(frame["street_code"])
    weights = {one.key: one.weight for one in layer.classes}
    merged = merged_points(frame, weights, at)
    known = fids(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["fid"]
    merged = merged[merged["area"].isin(known.index)].assign(feature_id=lambda found: found["area"])
    ids = pd.Index(merged["area"])
    return {"places": None}, [
        ("at", "u32", known.reindex(ids).to_numpy()),
        ("class", "u8", class_bytes(layer, merged, ids)),
        ("value", "i16", values(merged, ids)),
        ("count", "u32", merged["count"].to_numpy()),
    ]


def _places(
    database: Database, filters: Filters, scope: Scope, layer: Layer, today: str
) -> tuple[str, pd.DataFrame]:
    """The version (a hash of the content) and the frame of a layer's places, kept while data stand."""
    day = dt.date.fromisoformat(today)
    asked = Filters(day, day, day, known_at=filters.known_at)
    fields = tuple(dict.fromkeys((layer.label_field, *(fact.field for fact in layer.facts))))

    def make() -> tuple[str, pd.DataFrame]:
        found = places(database, asked, scope, layer.table, fields)
        found["id"] = found["id"].astype(str)
        text = found.to_csv(index=False).encode()
        return hashlib.blake2b(text, digest_size=8).hexdigest(), found

    counted = tuple(sorted(versions(database, scope.district).items()))
    return database.kept.get(("places", layer.name, asked, scope, counted), make)


def _fixed(degrees: pd.Series | np.ndarray) -> np.ndarray:
    plain = np.asarray(pd.to_numeric(pd.Series(degrees), errors="coerce").astype(float))
    return np.where(np.isnan(plain), NOWHERE, np.rint((np.nan_to_num(plain) + 180) * DEGREES)).astype(np.int64)


def _whole(degrees: pd.Series) -> list[int | None]:
    plain = pd.to_numeric(degrees, errors="coerce").astype(float)
    return [None if np.isnan(degree) else round(degree * DEGREES) for degree in plain]


def _listed(column: pd.Series) -> dict[str, list]:
    """A column as the list of its different values and the place of each row's value in it."""
    codes, found = pd.factorize(column.astype(object).where(column.notna(), None), use_na_sentinel=True)
    return {"of": [value.item() if hasattr(value, "item") else value for value in found], "at": codes.tolist()}


def _texts(column: pd.Series) -> list[str | None]:
    return [text if isinstance(text, str) and text else None for text in column]

