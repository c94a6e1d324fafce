"""Which area of a chosen day a thing of any other day lies in: by its point, else by what its area became."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import select

from data_access.database import Database
from data_access.schema import area
from data_access.scope import known
from data_access.versions import versions
from rules.request import Scope


def relocated(rows: pd.DataFrame, units: pd.DataFrame, column: str, heirs: dict[str, tuple[str, ...]]) -> pd.Series:
    """The code of the unit that each row lies in.

    A row whose own code is one of the units stays there. Another lies in the unit that holds its
    point; without a point in the unit that its area became, if that is a single one.

    Args:
        rows: ``column`` (the code on entry), lon, lat (EPSG:4326).
        units: code, geometry (EPSG:4326, None where unknown).
        column: ``street_code``, ``neighbourhood_code`` or ``grid_code``.
        heirs: an area's code to those cut from it (``successors``).

    Returns:
        Codes on the index of ``rows``, missing where nothing can be said.
    """
    own = rows[column].astype("object")
    codes = set(units["code"])
    found = own.where(own.isin(codes))
    lost = found.isna()
    drawn = units[units["geometry"].map(lambda one: one is not None and not one.is_empty).astype("bool")]
    placed = lost & rows["lon"].notna() & rows["lat"].notna()
    if placed.any() and len(drawn):
        points = shapely.points(rows.loc[placed, "lon"], rows.loc[placed, "lat"])
        point, outline = shapely.STRtree(drawn["geometry"].to_numpy()).query(points, predicate="intersects")
        first, at = np.unique(point, return_index=True)
        index = rows.index[placed][first]
        found.loc[index] = drawn["code"].to_numpy(object)[outline[at]]
    became = {code: next(iter(there)) for code, many in heirs.items() if len(there := codes.intersection(_last(many, heirs))) == 1}
    return found.fillna(own.map(became)).astype("str")


def successors(database: Database, scope: Scope, day: dt.date, level: str, *, known_at: dt.datetime | None = None) -> dict[str, tuple[str, ...]]:
    """Codes of a level to the codes that were cut or merged from each by a day."""
    version = versions(database, scope.district)["area"]

    def cuts() -> pd.DataFrame:
        asked = select(area.c.code, area.c.level, area.c.valid_from, area.c.predecessors)
        mine = area.c.district_code == scope.district, known(area, known_at), area.c.predecessors.is_not(None)
        return database.frame(asked.where(*mine))

    rows = database.kept.get(("successors", scope.district, version, known_at), cuts)
    made: dict[str, tuple[str, ...]] = {}
    for row in rows[(rows["level"] == level) & (rows["valid_from"] <= pd.Timestamp(day))].itertuples():
        for before in row.predecessors or ():
            made[before] = tuple(sorted({*made.get(before, ()), row.code}))
    return made


def shared_out(totals: pd.DataFrame, units: pd.DataFrame, heirs: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Sums by area, those of an area that is gone given to its heirs in equal parts.

    Args:
        totals: numbers by the code on entry.
        units: code.

    Returns:
        The same columns, one row a unit in their order, 0 where there is nothing.
    """
    codes = set(units["code"])
    parts = [totals[totals.index.isin(codes)]]
    for code in totals.index.difference(list(codes)):
        there = sorted(codes.intersection(_last((code,), heirs)))
        parts += [(totals.loc[[code]] / len(there)).set_axis([heir]) for heir in there]
    return pd.concat(parts).groupby(level=0).sum().reindex(units["code"]).fillna(0.0)


def _last(codes: tuple[str, ...], heirs: dict[str, tuple[str, ...]], depth: int = 8) -> set[str]:
    """The codes and everything cut from them."""
    found, reached = set(codes), set(codes)
    for _ in range(depth):
        reached = {heir for code in reached for heir in heirs.get(code, ())} - found
        found |= reached
    return found
