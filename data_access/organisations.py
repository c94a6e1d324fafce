"""The agencies: their names, their systems, who stands under whom, what they were called before."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Hashable
from typing import TypeVar

import pandas as pd
from sqlalchemy import select

from data_access.database import Database
from data_access.epochs import change_days
from data_access.schema import agency
from data_access.scope import known
from data_access.versions import versions
from rules.request import Scope

Answer = TypeVar("Answer")

COLUMNS = (
    "code", "name", "name_en", "short_name", "system", "level", "parent_code", "area_code", "active",
)  # fmt: skip


def agency_names(
    database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None
) -> pd.DataFrame:
    """Every agency of the district, ordered by system and code; reference data for every scope.

    Args:
        known_at: the instant whose knowledge counts (here and below); None is now.

    Returns:
        ``COLUMNS``; ``active`` says whether it existed on the day. Agencies of the past stay, for
        their cases keep their name. No agencies: no rows.
    """
    return _of_epoch(database, scope, day, known_at)[0].copy(deep=False)


def agency_texts(
    database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None
) -> dict[str, tuple[str, str | None, str | None]]:
    """Name, English name and short name of every agency, by code; shared, never to be changed."""
    return _of_epoch(database, scope, day, known_at)[1]


def system_of(database: Database, scope: Scope, day: dt.date, *, known_at: dt.datetime | None = None) -> pd.Series:
    """The system of every agency by code; shared, never to be changed."""
    return _of_epoch(database, scope, day, known_at)[2]


def agencies_kept(
    database: Database, scope: Scope, day: dt.date, name: Hashable, make: Callable[[pd.DataFrame], Answer], *, known_at: dt.datetime | None = None
) -> Answer:
    """What ``make`` gives of ``agency_names``, made once for all days on which they are the same; shared, never to be changed."""
    key, found = _epoch(database, scope, day, known_at)[0], agency_names(database, scope, day, known_at=known_at)
    return database.kept.get((*key, name), lambda: make(found))


def _epoch(database: Database, scope: Scope, day: dt.date, known_at: dt.datetime | None) -> tuple[tuple, pd.DataFrame]:
    """The key of all days on which the agencies are the same, and every agency's rows."""
    version = versions(database, scope.district)["agency"]
    rows = _register(database, scope.district, known_at)
    changes = database.kept.get(("agency epochs", scope.district, version, known_at), lambda: change_days(rows))
    return ("agency names", scope.district, version, known_at, bisect_right(changes, day)), rows


def _of_epoch(database: Database, scope: Scope, day: dt.date, known_at: dt.datetime | None) -> tuple[pd.DataFrame, dict, pd.Series]:
    """``agency_names``, ``agency_texts`` and ``system_of``: the same from one beginning or end of an agency to the next."""
    key, rows = _epoch(database, scope, day, known_at)

    def made() -> tuple[pd.DataFrame, dict, pd.Series]:
        found = _on(rows, day)
        named = found[["code", "name", "name_en", "short_name"]].astype(object)
        texts = {code: tuple(names) for code, *names in named.where(named.notna(), None).itertuples(index=False)}
        return found, texts, found.set_index("code")["system"]

    return database.kept.get(key, made)


def _on(rows: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    at = pd.Timestamp(day)
    begun = rows["valid_from"].isna() | (rows["valid_from"] <= at)
    active = begun & (rows["valid_to"].isna() | (rows["valid_to"] >= at))
    ranked = rows.assign(active=active).sort_values(
        ["code", "active", "valid_from", "recorded_at"], kind="stable", na_position="first"
    )
    newest = ranked.drop_duplicates("code", keep="last")
    return newest.sort_values(["system", "code"])[list(COLUMNS)].reset_index(drop=True)


def agencies_under(
    database: Database, scope: Scope, day: dt.date, code: str, *, known_at: dt.datetime | None = None
) -> tuple[str, ...]:
    """An agency and everything under it, by code; an unknown one is alone."""
    rows = agency_names(database, scope, day, known_at=known_at)
    found, reached = {code}, {code}
    while reached:
        reached = set(rows.loc[rows["parent_code"].isin(reached), "code"]) - found
        found |= reached
    return tuple(sorted(found))


def agencies_of(
    database: Database, scope: Scope, day: dt.date, system: str, *, known_at: dt.datetime | None = None
) -> tuple[str, ...]:
    """The codes of a system's agencies (``vocabulary.AGENCY_SYSTEM``)."""
    rows = agency_names(database, scope, day, known_at=known_at)
    return tuple(sorted(rows.loc[rows["system"] == system, "code"]))


def agency_code_of(database: Database, scope: Scope, text: str) -> str | None:
    """The code that a code, name, short name, English name or former name means, or None."""
    rows = _register(database, scope.district)
    plain = _plain(text)
    called: dict[str, set[str]] = {}
    for row in rows[["code", "name", "name_en", "short_name", "aliases"]].itertuples():
        former = [one.get("name") if isinstance(one, dict) else one for one in row.aliases or ()]
        for one in (row.name, row.name_en, row.short_name, *former):
            if isinstance(one, str):
                called.setdefault(_plain(one), set()).add(row.code)
    called |= {_plain(code): {code} for code in rows["code"]}
    codes = called.get(plain, set())
    return next(iter(codes)) if len(codes) == 1 else None


def _register(database: Database, district: str, known_at: dt.datetime | None = None) -> pd.DataFrame:
    version = versions(database, district)["agency"]
    names = [name for name in COLUMNS if name != "active"]

    def rows() -> pd.DataFrame:
        asked = select(*(agency.c[name] for name in (*names, "aliases", "valid_from", "valid_to", "recorded_at")))
        return database.frame(asked.where(agency.c.district_code == district, known(agency, known_at)))

    return database.kept.get(("agencies", district, version, known_at), rows)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
