"""How many people live and work in each area of a level: what events are held against."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import select

from data_access.areas import areas
from data_access.database import Database
from data_access.schema import area_population
from data_access.scope import known
from data_access.versions import versions
from rules.language import N_
from rules.request import LEVELS, Scope

BASES = {
    "own": N_("按各区域常住人口与从业人员"),
    "spread": N_("人口按上级区域的数字、以面积分摊"),
    "area": N_("没有人口数字，按面积"),
    "equal": N_("没有人口和面积数字，各区域视为相同"),
}
"""What the exposure of an answer rests on, by code; the weakest basis of any area speaks."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What events are held against.

    Attributes:
        units: frame[code, name, street_code, neighbourhood_code, label_lon, label_lat, geometry,
            exposure, spread]: exposure in 人 (residents and workers) where ``basis`` is own or
            spread, else km2 or 1; spread says that the number was not the area's own.
        level: of the areas, one of ``LEVELS``.
        basis: a key of ``BASES``.
        year: of the population, None without any.
    """

    units: pd.DataFrame
    level: str
    basis: str
    year: int | None


def exposure(
    database: Database, scope: Scope, day: dt.date, level: str | None = None, *, people_on: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> Exposure:  # fmt: skip
    """Residents and workers of every area of the district at a level on a day.

    The numbers of the newest year up to the day's count (else of the first year there is). An area
    without its own number has the sum of those directly inside it, if all of them have one; else it
    shares what its neighbourhood, street or district has beyond the areas inside it that have one,
    by their sizes in km2.

    Args:
        level: one of ``LEVELS``; None is the finest level that the district has.
        people_on: whose year's people count, where that is another day than that of the boundaries.

    Returns:
        Every area of the level, whatever the scope; none on the day: no rows.
    """
    found = areas(database, scope, day, known_at=known_at)
    chosen = level or next((one for one in reversed(LEVELS) if (found["level"] == one).any()), "district")
    people, year = _people(database, scope, people_on or day, known_at)
    own = _summed_up(found, found["code"].map(people).astype("float64"))
    units = found[found["level"] == chosen]
    spread = _spread(found, units, own)
    basis = "own"
    if spread.isna().all() or not spread.sum() > 0:
        size = units["area_km2"]
        basis = "area" if size.notna().all() and size.gt(0).all() else "equal"
        spread = size.astype("float64") if basis == "area" else pd.Series(1.0, index=units.index)
    elif own[units.index].isna().any():
        basis = "spread"
    kept = ["code", "name", "street_code", "neighbourhood_code", "label_lon", "label_lat", "geometry"]
    made = pd.DataFrame(units[kept]).assign(exposure=spread.fillna(0.0).astype("float64"), spread=own[units.index].isna())
    return Exposure(made.reset_index(drop=True), chosen, basis, year if basis in {"own", "spread"} else None)


def _people(database: Database, scope: Scope, day: dt.date, known_at: dt.datetime | None) -> tuple[dict[str, float], int | None]:
    t = area_population
    version = versions(database, scope.district)["area"]
    asked = select(t.c.area_code, t.c.year, t.c.residents, t.c.workers).where(t.c.district_code == scope.district, known(t, known_at))
    rows = database.kept.get(("population", scope.district, version, known_at), lambda: database.frame(asked))
    rows = rows[rows["residents"].notna() | rows["workers"].notna()]
    if rows.empty:
        return {}, None
    until = rows.loc[rows["year"] <= day.year, "year"]
    year = int(until.max() if len(until) else rows["year"].min())
    of_year = rows[rows["year"] == year].drop_duplicates("area_code", keep="last")
    people = of_year[["residents", "workers"]].astype("float64").sum(axis=1)
    return dict(zip(of_year["area_code"], people, strict=True)), year


def _summed_up(found: pd.DataFrame, own: pd.Series) -> pd.Series:
    """The numbers with those of areas whose every part has one."""
    for level in ("neighbourhood", "street", "district"):
        parts = own.groupby(found["parent_code"]).agg(lambda each: each.sum(skipna=False))
        missing = own.isna() & (found["level"] == level)
        own = own.where(~missing, found["code"].map(parts))
    return own


def _spread(found: pd.DataFrame, units: pd.DataFrame, own: pd.Series) -> pd.Series:
    """The units' own numbers, else their share of what the smallest area around them has left."""
    values = own[units.index].astype("float64")
    codes = found["code"].to_numpy(object)
    number = dict(zip(codes, own.to_numpy("float64"), strict=True))
    district = found.loc[found["level"] == "district", "code"].head(1).tolist()
    around = [
        [row.neighbourhood_code, row.street_code, *district] for row in units[["neighbourhood_code", "street_code"]].itertuples(index=False)
    ]
    for step in range(3):
        parent = pd.Series([way[step] if step < len(way) else None for way in around], index=units.index, dtype="str")
        total = parent.map(number)
        rest = (total - values.groupby(parent).transform("sum")).clip(lower=0.0)
        open_ = values.isna() & total.notna() & (parent != units["code"])
        size = units["area_km2"].astype("float64").where(open_)
        size = size.fillna(size.mean() if size.notna().any() else 1.0).where(open_)
        share = size / size.groupby(parent).transform("sum")
        values = values.where(~open_, rest * share)
    return values.replace([np.inf, -np.inf], np.nan)
