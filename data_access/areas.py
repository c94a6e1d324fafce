"""The district's areas as they were on any day: reference data, the same for every scope."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Callable, Hashable
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import select

from data_access.database import Database
from data_access.epochs import change_days
from data_access.schema import area
from data_access.scope import known
from data_access.versions import versions
from rules.request import LEVELS, Scope

Answer = TypeVar("Answer")

COLUMNS = (
    "code", "level", "type", "parent_code", "street_code", "neighbourhood_code", "name", "name_en",
    "short_name", "prefix", "priority", "label_lon", "label_lat", "area_km2", "geometry",
)  # fmt: skip
DRAWN_LEVELS = LEVELS[1:]
"""Levels that the tiles hold and that have a fid: street, neighbourhood, grid."""
SUFFIXES = ("街道办事处", "镇人民政府", "人民政府", "管委会", "街道", "镇", "乡")


def areas(
    database: Database, scope: Scope, day: dt.date, level: str | None = None, *, known_at: dt.datetime | None = None
) -> gpd.GeoDataFrame:
    """The areas that existed on a day, ordered by level (district first) and code.

    Args:
        level: one of ``rules.request.LEVELS``, or None for all.
        known_at: the instant whose knowledge counts (here and below); None is now.

    Returns:
        One row an area with ``COLUMNS``, EPSG:4326. ``street_code`` and ``neighbourhood_code`` are
        those it lies in (its own code at that level), ``prefix`` the letters before the dash of the
        grid codes (of its grids, for a street), ``area_km2`` in km2, ``geometry`` None where no
        boundary is known. No areas: no rows. The frame is the caller's own.
    """
    found = _on(database, scope, day, known_at).areas
    return (found if level is None else found[found["level"] == level]).reset_index(drop=True)


def areas_kept(
    database: Database, scope: Scope, day: dt.date, name: Hashable, make: Callable[[gpd.GeoDataFrame], Answer], *, known_at: dt.datetime | None = None
) -> Answer:
    """What ``make`` gives of ``areas``, made once for all days on which they are the same; shared, never to be changed."""
    key, _ = _epoch(database, scope, day, known_at)
    return database.kept.get((*key, name), lambda: make(_on(database, scope, day, known_at).areas))


def places(database: Database, scope: Scope, day: dt.date, level: str, *, known_at: dt.datetime | None = None) -> pd.DataFrame:
    """The areas of one level on a day without their outlines: an answer a hundred times as quick as ``areas``.

    Returns:
        ``code``, ``name``, ``street_code``, ``neighbourhood_code``, by code. The frame is the caller's own.
    """
    return _on(database, scope, day, known_at).places[level].copy(deep=False)


def area_names(
    database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None
) -> dict[str, tuple[str, str | None, str | None]]:
    """Name, English name and short name of every area of a day, by code."""
    return _on(database, scope, day, known_at).names


def geometry_version(database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None) -> str:
    """Sixteen characters that change with any outline, code or parent valid on the day."""
    return _on(database, scope, day, known_at).version


def fids(database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None) -> pd.DataFrame:
    """The number of each drawn area in its geometry version: 0.. in the order of level and code.

    Returns:
        ``code``, ``level``, ``fid`` (int64); one row a street, neighbourhood or grid.
    """
    return _on(database, scope, day, known_at).fids.copy()


def children(
    database: Database,
    scope: Scope,
    day: dt.date,
    code: str | None = None,
    level: str | None = None,
    known_at: dt.datetime | None = None,
) -> gpd.GeoDataFrame:
    """The areas directly inside an area, or all of a level inside it.

    Args:
        code: the area asked about; None is the district.
        level: ``street``, ``neighbourhood`` or ``grid``; None gives the direct children.

    Returns:
        As ``areas``; an unknown code has none.
    """
    found = _on(database, scope, day, known_at).areas
    if code is None or code == scope.district:
        inside = found["level"] == (level or "street")
    elif level is None:
        inside = found["parent_code"] == code
    else:
        within = (found["street_code"] == code) | (found["neighbourhood_code"] == code)
        inside = (found["level"] == level) & (within | (found["code"] == code))
    return found[inside].reset_index(drop=True)


def path_to(
    database: Database, scope: Scope, day: dt.date, code: str, *, known_at: dt.datetime | None = None
) -> list[tuple[str, str]]:
    """The way from the district down to an area: ``[("district", ...), ("street", ...), ...]``.

    An area that did not exist on the day gives an empty list.
    """
    return list(_on(database, scope, day, known_at).paths.get(code, ()))


def area_code_of(
    database: Database, scope: Scope, day: dt.date, text: str, *, known_at: dt.datetime | None = None
) -> str | None:
    """The code of the area that a code, name, short name, English name or alias means.

    A street is found with or without its kind (青禾, 青禾街道). None where nothing or more than
    one area answers to the text.
    """
    called = _on(database, scope, day, known_at).called
    text = _plain(text)
    codes = called.get(text) or called.get(_bare(text)) or set()
    return next(iter(codes)) if len(codes) == 1 else None


class _Day:
    """Everything about the areas of one day, made once."""

    def __init__(self, rows: pd.DataFrame) -> None:
        rows = _ordered(rows)
        parents = dict(zip(rows["code"], rows["parent_code"], strict=True))
        levels = dict(zip(rows["code"], rows["level"], strict=True))
        self.paths = {code: _path(code, parents, levels) for code in levels}
        for name, level in (("street_code", "street"), ("neighbourhood_code", "neighbourhood")):
            inside = [dict(self.paths[code]).get(level) for code in rows["code"]]
            rows[name] = pd.Series(inside, dtype="str", index=rows.index)
        rows["prefix"] = _prefixes(rows)
        self.called = _called(rows)
        self.version = _version(rows)
        self.areas = gpd.GeoDataFrame(rows[list(COLUMNS)], geometry="geometry", crs="EPSG:4326")
        plain = pd.DataFrame(rows[["code", "name", "street_code", "neighbourhood_code", "level"]])
        self.places = {level: plain[plain["level"] == level].drop(columns="level").reset_index(drop=True) for level in LEVELS}
        named = rows[["name", "name_en", "short_name"]].astype(object)
        named = named.where(named.notna(), None)
        self.names = dict(zip(rows["code"], named.itertuples(index=False, name=None), strict=True))
        drawn = rows.loc[rows["level"].isin(DRAWN_LEVELS), ["code", "level"]].reset_index(drop=True)
        self.fids = drawn.assign(fid=np.arange(len(drawn), dtype="int64"))


def _on(database: Database, scope: Scope, day: dt.date, known_at: dt.datetime | None) -> _Day:
    key, rows = _epoch(database, scope, day, known_at)
    return database.kept.get(key, lambda: _Day(_valid_on(rows, day)))


def _epoch(database: Database, scope: Scope, day: dt.date, known_at: dt.datetime | None) -> tuple[tuple, pd.DataFrame]:
    """The key of all days on which the areas are the same, and every version of every area."""
    version = versions(database, scope.district)["area"]
    key = ("areas", scope.district, version, known_at)
    rows, changes = database.kept.get(key, lambda: _register(database, scope.district, known_at))
    return (*key, bisect_right(changes, day)), rows


def _register(database: Database, district: str, known_at: dt.datetime | None) -> tuple[pd.DataFrame, list[dt.date]]:
    """Every known version of every area, and the days on which anything begins or ends."""
    names = (
        "code", "level", "type", "parent_code", "name", "name_en", "short_name", "aliases", "priority",
        "valid_from", "valid_to", "geometry", "geometry_hash", "label_lon", "label_lat", "area_km2",
        "recorded_at",
    )  # fmt: skip
    asked = select(*(area.c[name] for name in names)).where(
        area.c.district_code == district, known(area, known_at)
    )
    rows = database.frame(asked)
    return rows, change_days(rows)


def _valid_on(rows: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    at = pd.Timestamp(day)
    valid = (rows["valid_from"] <= at) & (rows["valid_to"].isna() | (rows["valid_to"] >= at))
    newest = rows[valid].sort_values(["valid_from", "recorded_at"], kind="stable")
    return newest.drop_duplicates("code", keep="last")


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    rank = rows["level"].map({level: place for place, level in enumerate(LEVELS)})
    return (
        rows.assign(_rank=rank)
        .sort_values(["_rank", "code"])
        .drop(columns="_rank")
        .reset_index(drop=True)
    )


def _path(
    code: str, parents: dict[str, str], levels: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    steps: list[tuple[str, str]] = []
    at: str | None = code
    while isinstance(at, str) and at in levels and (levels[at], at) not in steps:
        steps.append((levels[at], at))
        at = parents[at]
    return tuple(reversed(steps))


def _prefixes(rows: pd.DataFrame) -> pd.Series:
    begins = rows["code"].str.extract(r"^([^\W\d_]+)-", expand=False).where(rows["level"] == "grid")
    by_street = begins[begins.notna()].groupby(rows["street_code"])
    common = {street: letters.mode().iloc[0] for street, letters in by_street}
    of_street = rows["code"].map(common).where(rows["level"] == "street").astype("str")
    return begins.fillna(of_street).fillna("").astype("str")


def _called(rows: pd.DataFrame) -> dict[str, set[str]]:
    """Codes by everything an area may be called; the full names win over the bare ones."""
    full: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for row in rows[["code", "level", "name", "name_en", "short_name", "aliases"]].itertuples():
        own = [row.name, row.name_en, row.short_name, *(row.aliases or ())]
        texts = {_plain(text) for text in own if isinstance(text, str) and text.strip()}
        for text in texts:
            full.setdefault(text, set()).add(row.code)
        if row.level == "street":
            for text in texts:
                bare.setdefault(_bare(text), set()).add(row.code)
    by_code = {_plain(code): {code} for code in rows["code"]}
    return bare | full | by_code


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _bare(text: str) -> str:
    for suffix in SUFFIXES:
        if text.endswith(suffix) and len(text) > len(suffix):
            return text.removesuffix(suffix)
    return text


def _version(rows: pd.DataFrame) -> str:
    digest = hashlib.blake2b(digest_size=8)
    drawn = rows[rows["level"].isin(DRAWN_LEVELS)]
    for row in drawn[["code", "level", "parent_code", "geometry_hash", "geometry"]].itertuples():
        outline = row.geometry_hash
        if not isinstance(outline, str) and row.geometry is not None:
            outline = hashlib.blake2b(shapely.to_wkb(row.geometry), digest_size=8).hexdigest()
        digest.update(f"{row.code}|{row.level}|{row.parent_code}|{outline}\n".encode())
    return digest.hexdigest()
