"""The figures of a period (K1, K2, ...), in all, by street, by agency, by day and by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import case as choose
from sqlalchemy import exists, func, select

from data_access import schema as s
from data_access.areas import areas
from data_access.database import Database
from data_access.evidence import KEYS, totals
from data_access.evidence_bases import Asked
from data_access.months import coverage_at, month_starts
from data_access.narrowing import asked_agencies, by_agencies, in_period, last_day, rows_of
from data_access.scope import known
from data_access.sites import stock
from data_access.tasks import task_totals
from data_access.versions import versions
from data_access.visit_columns import GRAVITY, VisitColumns, visit_columns
from rules.indicators import (
    ALWAYS,
    DEVICE_UNITS,
    DRUG_UNIT,
    INDICATORS,
    Figure,
    figure,
    ratio_figure,
)
from rules.request import Filters, Scope

_REGISTERS = {
    "K22": s.activity, "K23": s.case_event, "K24": s.case_event, "K25": s.site_event, "K26": s.lead,
    "K26_answered": s.lead, "K27": s.lead, "K28": s.task_list, "K29": s.patrol_visit,
    "K34": s.licensed_institution, "K36": s.adverse_event, "K36_disability": s.adverse_event,
    "K37": s.adverse_event, "K38": s.adverse_event, "K41": s.site,
}  # fmt: skip
"""Which register must have rows for a figure that is not always shown."""


def figures(
    database: Database, filters: Filters, scope: Scope, keys: Iterable[str] | None = None
) -> dict[str, Figure]:
    """The figures of the period, by the definitions of ``rules.indicators`` (DESIGN 12).

    Args:
        keys: those wanted; None gives K1 to K21, K15_open and K18_sites always, the others where
            their register has rows, and seized goods in further units as ``K19_箱``, ``K20_瓶``, ...;
            ``K19_*`` and ``K20_*`` ask for those further units alone.

    Returns:
        Figures by key in the order of the KPI dictionary; 0 is a true zero, a ratio without a
        denominator has the value None.
    """
    asked = Asked(database, filters, scope)
    wanted = list(_named(asked, keys)) if keys is not None else _shown(asked)
    counted = [key for key in wanted if key in KEYS or key not in INDICATORS]
    found = totals(asked, counted).set_index("key") if counted else pd.DataFrame()
    made = {}
    for key in wanted:
        if key == "K41":
            made[key] = figure(key, stock(database, filters, scope).closing)
        elif key == "K28":
            made[key] = ratio_figure(key, *task_totals(database, filters, scope))
        elif INDICATORS.get(key) and INDICATORS[key].unit == "%":
            base = found.at[key, "base"]
            made[key] = ratio_figure(key, int(found.at[key, "counts"]), 0 if pd.isna(base) else int(base))
        else:
            made[key] = figure(key, found.at[key, "counts"])
    return made


def figures_by_street(database: Database, filters: Filters, scope: Scope, keys: Iterable[str]) -> pd.DataFrame:
    """Figures of every street; totals of published indicators are open to every scope (DESIGN 12).

    Args:
        keys: figures that count rows (no ratios, not K28, not K41).

    Returns:
        frame[street_code, one column a key], by code, every street of the day, 0 where no row
        counts. Rows that belong to no street are in no row.

    Raises:
        ValueError: a key does not count rows.
    """
    keys = list(keys)
    if wrong := [key for key in keys if key not in KEYS or INDICATORS[key].unit == "%"]:
        raise ValueError(f"figures by street: expected keys that count rows, found {', '.join(wrong)}")
    wide = replace(scope, areas=(), agencies=())
    every = filters.with_(area=None)
    asked = Asked(database, every, wide)
    streets = areas(database, scope, filters.as_of, "street", known_at=filters.known_at)["code"]
    found = totals(asked, keys, "street").pivot(index="group", columns="key", values="counts")
    found = found.reindex(index=streets, columns=keys).fillna(0.0)
    return _whole(found).rename_axis(index="street_code", columns=None).reset_index()


def figures_by_agency(database: Database, filters: Filters, scope: Scope, keys: Iterable[str]) -> pd.DataFrame:
    """Figures that add up over agencies (K1 to K7, K11 to K13, K15, K17 to K21): frame[agency_code, K..].

    Only agencies with rows; the agency performs (K1 to K7, K11) or handles (the others). What
    ``TOOK_PART`` (K8 to K10) is by the agency that led, handled or convened.
    """
    keys = list(keys)
    asked = Asked(database, filters, scope)
    found = totals(asked, keys, "agency").dropna(subset=["group"])
    found = found.pivot(index="group", columns="key", values="counts").reindex(columns=keys).fillna(0.0)
    return _whole(found).rename_axis(index="agency_code", columns=None).reset_index()


def daily_visits(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """户次 of every day of the period up to the day asked about, and how they ended.

    Returns:
        frame[day, visits, none, suspect, confirmed]: one row a day, zeros included; visits is the
        sum of the other three, each in 户次. A period that lies ahead has no rows.
    """
    v = s.patrol_visit
    agencies = asked_agencies(database, filters, scope)
    days = pd.date_range(filters.start, last_day(filters), freq="D", unit="s", name="day")
    columns = None if filters.category or filters.premises else visit_columns(database, filters, scope)
    if columns is not None:
        return _daily(columns, filters, scope, agencies, days)
    parts = [func.sum(choose((v.c.finding == word, v.c.visits), else_=0)).label(word) for word in ("none", "suspect", "confirmed")]
    rows = database.frame(
        select(v.c.day, func.sum(v.c.visits).label("visits"), *parts)
        .where(in_period(v.c.day, filters), rows_of(v, filters, scope), *by_agencies(v.c.agency_code, agencies))
        .group_by(v.c.day)
    )  # fmt: skip
    return rows.set_index("day").reindex(days, fill_value=0).astype("int64").reset_index()


def _daily(
    columns: VisitColumns, filters: Filters, scope: Scope, agencies: tuple[str, ...] | None, days: pd.DatetimeIndex
) -> pd.DataFrame:
    rows = columns.between(filters.start, last_day(filters))
    area = None if filters.area == scope.district else filters.area
    among = columns.chosen(rows, "agency_code", agencies) & columns.inside(rows, area)
    at = columns.day[rows][among] - np.datetime64(filters.start, "D").astype("int64")
    visits, finding = columns.visits[rows][among], columns.finding[rows][among]
    found = {"visits": np.bincount(at, visits, len(days))}
    found |= {word: np.bincount(at, visits * (finding == rank), len(days)) for word, rank in GRAVITY.items()}
    return pd.DataFrame(found, index=days).astype("int64").reset_index()


def monthly(database: Database, filters: Filters, scope: Scope, months: int = 12) -> pd.DataFrame:
    """The last months up to the day asked about, the running month included as far as it has come.

    Returns:
        frame[month, visits, leads, cases, penalties, coverage]: month is its first day; visits in
        户次 (K1), leads received, 无证行医 cases filed, penalties in 户次 (K15); coverage is
        网格按期巡查率 at the month's end (today's, for the running month), 0..1, NaN without grids.
    """
    starts = month_starts(filters.as_of, months)
    whole = filters.with_(start=starts[0].date(), end=filters.as_of)
    asked = Asked(database, whole, scope)
    named = {"K1": "visits", "leads": "leads", "filed": "cases", "K15": "penalties"}
    counted = totals(asked, named, "day")
    months_of = pd.to_datetime(counted["group"]).to_numpy("datetime64[M]")
    table = counted.groupby([months_of, "key"])["counts"].sum().unstack("key")
    table = table.reindex(index=pd.DatetimeIndex(starts, name="month"), columns=list(named)).fillna(0).astype("int64")
    found = table.rename(columns=named).rename_axis(columns=None).reset_index()
    found["coverage"] = coverage_at(database, filters, scope, starts)
    return found


def _whole(found: pd.DataFrame) -> pd.DataFrame:
    """Integers where every value of a figure is whole: counts, and money without 分."""
    return found.astype({key: "int64" for key in found.columns if (found[key] % 1 == 0).all()})


def _shown(asked: Asked) -> list[str]:
    district = asked.scope.district
    there = _REGISTERS
    registers = {table.name: table for table in there.values()}

    def asked_now() -> dict[str, bool]:
        rows = asked.database.frame(
            select(*(
                exists().where(t.c.district_code == district, known(t, asked.filters.known_at)).label(name)
                for name, t in registers.items()
            ))
        )  # fmt: skip
        return {name: bool(rows[name].iloc[0]) for name in registers}

    version = tuple(sorted(versions(asked.database, district).items()))
    row = asked.database.kept.get(("registers with rows", district, asked.filters.known_at, version), asked_now)
    shown = [key for key in INDICATORS if key in ALWAYS or (key in there and row[there[key].name])]
    further = _other_units(asked)
    return [one for key in shown for one in (key, *further.get(key, ()))]


def _named(asked: Asked, keys: Iterable[str]) -> Iterator[str]:
    keys = list(keys)
    further = _other_units(asked) if any(key.endswith("_*") for key in keys) else {}
    for key in keys:
        yield from further.get(key.removesuffix("_*"), ()) if key.endswith("_*") else (key,)


def _other_units(asked: Asked) -> dict[str, list[str]]:
    t, base = s.seizure, asked.base("seizures")
    units = asked.database.frame(select(t.c.kind, t.c.unit).select_from(base.source).where(*base.clauses).distinct())
    own = {"K19": ("device", DEVICE_UNITS), "K20": ("drug", (DRUG_UNIT,))}
    return {
        key: [f"{key}_{unit}" for unit in sorted(set(units.loc[units["kind"] == kind, "unit"]) - set(known_units))]
        for key, (kind, known_units) in own.items()
    }
