"""The rows that figures count, of every day, kept as arrays: the totals of a period are sums over them.

A figure is one statement a register, and a screen asks forty; building and running them costs a hundred
milliseconds, summing the same rows from arrays a few. The rows come from the same declaration
(``evidence_parts``); what hangs on the day asked about or on the visits of a period stays with SQL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

import numpy as np
import pandas as pd
from sqlalchemy import union_all

from data_access.evidence_bases import Asked
from data_access.evidence_parts import KEYS, Part, parts_of
from data_access.narrowing import last_day
from data_access.placed import Placed, placed
from data_access.schema import patrol_visit
from data_access.versions import versions
from data_access.visit_columns import visit_columns
from rules.indicators import indicator

BY_DAY = frozenset({"K15_open", "K26_answered", "K27"})
"""Figures whose rows or counts hang on the day asked about."""
OF_VISITS = frozenset({"K1", "K12", "K29"})
"""Figures that count visits: K1 is summed from ``visit_columns``, K12 kept by their version, K29 left to SQL."""
GROUPS = ("site", "lead", "case", "activity", "meeting", "adverse", "agency")
"""Version groups whose rows figures count or look at."""
INSPECTED = ("inspection", "site")
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
PLACED_BY = {"case_event": "case", "institution_check": "licensed_institution"}
"""Rows that lie where another register's row lies, the one named in ``one``."""


@dataclass(frozen=True)
class Entries:
    """Every row that a figure counts, whatever its day.

    Attributes:
        day: days since 1970-01-01, int64.
        codes: by ``street``, ``agency`` and ``one``: place of each row's value in ``names``, -1 for none.
        names: the values.
        counts, base: what each row adds to the figure (or numerator) and to the denominator.
        places: the registers that tell where the rows lie: the register, the rows here, their places there.
        is_ratio: whether the figure has a denominator.
    """

    day: np.ndarray
    codes: dict[str, np.ndarray]
    names: dict[str, np.ndarray]
    counts: np.ndarray
    base: np.ndarray
    places: tuple[tuple[Placed, np.ndarray, np.ndarray], ...]
    is_ratio: bool

    def among(self, asked: Asked) -> np.ndarray:
        """The rows of the period, the area and the kind of practice asked about."""
        first, last = (np.datetime64(day, "D").astype("int64") for day in (asked.filters.start, last_day(asked.filters)))
        mask = (self.day >= first) & (self.day <= last)
        for rows, here, there in self.places:
            wanted = _wanted(asked, rows)
            if wanted is not None:
                mask[here] &= wanted[there]
        return np.flatnonzero(mask)

    def sums(self, asked: Asked, by: str | None, shared: bool) -> Iterator[tuple[object, float, float]]:
        """Group, counts and base: of a shared figure each ``one`` counts once a group."""
        rows = self.among(asked)
        if by is None:
            yield None, *self._added(rows, shared)
            return
        group = self.day[rows] if by == "day" else self.codes[by][rows]
        for value in np.unique(group):
            counts, base = self._added(rows[group == value], shared)
            if counts or base:
                yield self._named(by, int(value)), counts, base

    def _added(self, rows: np.ndarray, shared: bool) -> tuple[float, float]:
        if shared:
            one = self.codes["one"][rows]
            return float(len(np.unique(one[one >= 0]))), fsum(self.base[rows])
        return fsum(self.counts[rows]), fsum(self.base[rows])

    def _named(self, by: str, value: int) -> object:
        if by == "day":
            return np.datetime64(value, "D").astype(object)
        return None if value < 0 else self.names[by][value]


def can_tell(asked: Asked, key: str) -> bool:
    """Whether a figure of the question can be summed from arrays."""
    if key == "K1":
        return not _kinds(asked) and visit_columns(asked.database, asked.filters, asked.scope) is not None
    if asked.agencies is not None or key in BY_DAY or key == "K29":
        return False
    if key == "K12":
        return not _kinds(asked) and visit_columns(asked.database, asked.filters, asked.scope) is not None
    return True


def told(asked: Asked, key: str, by: str | None) -> tuple[list[tuple[object, float, float]], bool]:
    """Group, counts and base of a figure, and whether it is a ratio; ``can_tell`` must hold."""
    if key == "K1":
        return list(_visits(asked, by)), False
    entries = _entries(asked, key)
    return list(entries.sums(asked, by, key.startswith("K") and indicator(key).shared)), entries.is_ratio


def warm(asked: Asked) -> None:
    """Read every figure's rows before anybody asks."""
    for key in (*KEYS, "filed", "leads"):
        if can_tell(asked, key):
            told(asked, key, None)


def _kinds(asked: Asked) -> bool:
    return bool(asked.filters.category or asked.filters.premises)


def _version(asked: Asked, *more: str) -> tuple[int, ...]:
    counters = versions(asked.database, asked.scope.district)
    # What an agency may see hangs on everything that it works on.
    groups = sorted(counters) if asked.scope.agencies else (*GROUPS, *more)
    return tuple(counters[group] for group in groups)


def _wanted(asked: Asked, rows: Placed) -> np.ndarray | None:
    found = asked.wanted.get(id(rows))
    if found is None:
        # The register is held beside its mask, so that its number cannot pass to another.
        found = asked.wanted[id(rows)] = (rows, rows.asked(asked.filters, asked.scope))
    return found[1]


def _entries(asked: Asked, key: str) -> Entries:
    more = ("visit",) if key in OF_VISITS else ()
    held = ("ledger", key, asked.scope, asked.filters.known_at, _version(asked, *more))
    return asked.database.ledger.get(held, lambda: _read(asked, key))


def _read(asked: Asked, key: str) -> Entries:
    plain = asked.filters.with_(start=FIRST, end=LAST, as_of=LAST, area=None, category=None, premises=None, agency=None, system=None)
    always = Asked(asked.database, plain, asked.scope)
    parts = parts_of(always, key)
    rows = _rows(always, parts)
    codes, names = {}, {}
    for name, column in (("street", "street_code"), ("agency", "agency_code"), ("one", "one")):
        codes[name], names[name] = pd.factorize(rows[column].to_numpy(object))
    register = rows["register"].to_numpy(object)
    places = []
    for table in dict.fromkeys(part.base.table.name for part in parts):
        here = np.flatnonzero(register == table)
        there = _placed(asked, PLACED_BY.get(table, table))
        column, index = ("one", there.id) if table in PLACED_BY else ("row_id", there.row_id)
        places.append((there, here, index.get_indexer(pd.Index(rows[column].to_numpy(object)[here]))))
    return Entries(
        rows["day"].to_numpy("datetime64[D]").astype("int64"), codes, names, rows["counts"].to_numpy("float64"),
        rows["base"].fillna(0.0).to_numpy("float64"), tuple(places), any(part.denominator is not None for part in parts),
    )  # fmt: skip


def _rows(asked: Asked, parts: tuple[Part, ...]) -> pd.DataFrame:
    each = [part.rows() for part in parts]
    return asked.database.frame(each[0] if len(each) == 1 else union_all(*each))


def _placed(asked: Asked, table: str) -> Placed:
    v, where, more = patrol_visit, (), ()
    if table == v.name:
        where, more = (v.c.mode == INSPECTED[0], v.c.target_kind == INSPECTED[1]), ("visit",)
    held = ("placed", table, asked.scope.district, asked.filters.known_at, _version(asked, *more))
    return asked.database.ledger.get(held, lambda: placed(asked.database, asked.filters, asked.scope, table, *where))


def _visits(asked: Asked, by: str | None) -> Iterator[tuple[object, float, float]]:
    """户次 of the period (K1) from the arrays of visits."""
    filters = asked.filters
    columns = visit_columns(asked.database, filters, asked.scope)
    rows = columns.between(filters.start, last_day(filters))
    area = None if filters.area == asked.scope.district else filters.area
    among = columns.chosen(rows, "agency_code", asked.agencies) & columns.inside(rows, area)
    visits = columns.visits[rows][among]
    if by is None:
        yield None, float(visits.sum()), 0.0
        return
    group = columns.day[rows][among] if by == "day" else columns.codes[f"{by}_code"][rows][among]
    values, place = np.unique(group, return_inverse=True)
    for value, counts in zip(values.tolist(), np.bincount(place, visits, len(values)).tolist(), strict=True):
        if counts:
            name = np.datetime64(value, "D").astype(object) if by == "day" else None if value < 0 else columns.names[f"{by}_code"][value]
            yield name, counts, 0.0
