"""Registers that change seldom, as a scope may see them, kept in memory until their data changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from sqlalchemy import select
from sqlalchemy.sql import FromClause

from data_access.database import Database
from data_access.schema import GROUP_OF
from data_access.scope import known, select_columns, within
from data_access.versions import versions
from rules.request import Filters, Scope

Answer = TypeVar("Answer")
ArrayLike = np.ndarray | ExtensionArray

WITH_PARENTS = {
    "case": ("case", "site"), "construction": ("construction",), "lead": ("lead",), "meeting": ("meeting",), "site": ("site",),
    "activity": ("activity",), "adverse": ("adverse",), "task": ("task",), "transfer": ("transfer", "case", "lead", "site"),
}  # fmt: skip
"""The groups on which the rows of a group depend through their parents."""


def register(
    database: Database, filters: Filters, scope: Scope, table: FromClause, names: tuple[str, ...]
) -> pd.DataFrame:
    """Every row of a small register that was known at ``filters.known_at`` and that the scope may see.

    The scope and the masks are applied in the query; the answer is kept by scope, instant and data
    version. The frame is the caller's own.

    Args:
        names: the columns wanted.
    """

    def rows() -> pd.DataFrame:
        mine = known(table, filters.known_at), within(table, scope, known_at=filters.known_at)
        return database.frame(select(*select_columns(table, names, scope)).where(*mine))

    return kept(database, filters, scope, table, (table.name, names), rows).copy(deep=False)


def narrowed_register(
    database: Database, filters: Filters, scope: Scope, table: FromClause, names: tuple[str, ...]
) -> pd.DataFrame:
    """``register`` narrowed to the area and the kind of practice asked about, kept likewise. The frame is the caller's own."""
    key = (table.name, names, filters.area if filters.area != scope.district else None, filters.category, filters.premises)
    if not any(key[2:]):
        return register(database, filters, scope, table, names)
    own = ("narrowed", scope, filters.known_at, _version(database, scope, table), *key)
    made = database.narrowed.get(own, lambda: narrowed(register(database, filters, scope, table, names), filters, scope))
    return made.copy(deep=False)


def kept_narrowed(database: Database, filters: Filters, scope: Scope, key: tuple, make: Callable[[], Answer]) -> Answer:
    """An answer that hangs on the area, the kind of practice and the key alone, whatever the days and agencies, kept by every data version."""
    version = tuple(sorted(versions(database, scope.district).items()))
    return database.narrowed.get((*key, scope, version, filters.known_at, filters.area, filters.category, filters.premises), make)


def kept(
    database: Database, filters: Filters, scope: Scope, table: FromClause, key: tuple, make: Callable[[], Answer]
) -> Answer:
    """An answer made of the register's group alone, kept by scope, instant and data version."""
    return database.kept.get(("register", scope, filters.known_at, _version(database, scope, table), *key), make)


def _version(database: Database, scope: Scope, table: FromClause) -> tuple[int, ...]:
    counters = versions(database, scope.district)
    # What an agency may see hangs on its visits, tasks and transfers too.
    groups = sorted(counters) if scope.agencies else WITH_PARENTS[GROUP_OF[table.name]]
    return tuple(counters[group] for group in groups)


def shared(
    database: Database, filters: Filters, scope: Scope, name: str, make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """An answer that several questions of one screen share, kept by request, scope and every data version.

    The frame is the caller's own.
    """
    version = tuple(sorted(versions(database, scope.district).items()))
    return database.recent.get((name, filters, scope, version), make).copy(deep=False)


def by_number(rows: pd.DataFrame, told: Mapping[str, ArrayLike], columns: tuple[str, ...]) -> pd.DataFrame:
    """The columns of a register's rows and of what is told of each beside them, by number and id; a missing number stands last."""
    number = rows["number"].fillna("\U0010ffff").to_numpy("U")
    order = np.lexsort((rows["id"].to_numpy("U"), number))
    return pd.DataFrame({name: (told[name] if name in told else rows[name].array).take(order) for name in columns})


def narrowed(rows: pd.DataFrame, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The rows in the area and of the kind of practice asked about, where they carry either."""
    if filters.area and filters.area != scope.district:
        places = [rows[name] == filters.area for name in ("street_code", "neighbourhood_code", "grid_code")]
        rows = rows[places[0] | places[1] | places[2]]
    for name in ("category", "premises"):
        asked = getattr(filters, name)
        if asked and name in rows:
            rows = rows[rows[name] == asked]
    return rows.reset_index(drop=True)


def between(first: pd.Series, last: pd.Series, day: dt.date) -> pd.Series:
    """Whether a day lies in a span, both ends included; an empty end is open."""
    at = pd.Timestamp(day)
    return (first.isna() | (first <= at)) & (last.isna() | (last >= at))
