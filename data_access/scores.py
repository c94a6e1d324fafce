"""考核沙盘: the score of each street now, its demerits with their rows, and what some visits would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data_access.conduct import conduct_of
from data_access.coverage import grid_states, key_places
from data_access.database import Database
from data_access.obligations import obligations
from data_access.registers import shared
from data_access.rulebooks import rulebook_of
from rules.ratio import ratio
from rules.request import Filters, Scope
from rules.rubric import Conduct, after_visits, by_hand, misses, scored, totals
from rules.rulebook import Rulebook

Targets = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WhatIf:
    """What a street's figures would be if some targets were visited on the day asked about.

    Attributes:
        scores: the demerits, as ``scores`` gives them.
        totals: as ``score_totals`` gives them.
        coverage: frame[street_code, grids, n, coverage, key_N, key_n, key_coverage]; ratios 0..1.
    """

    scores: pd.DataFrame
    totals: pd.DataFrame
    coverage: pd.DataFrame


def scores(database: Database, filters: Filters, scope: Scope, readings: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The demerits of the scope's streets in the calendar year up to the day asked about.

    Args:
        readings: rule id of an item to one of its readings; without, the rulebook's own.

    Returns:
        ``rules.rubric.COLUMNS``: one row a street, item and whether it can still be avoided; evidence
        is a list of (table, id); targets what would have to be visited until ``until``.
    """
    asked = filters.of_day()

    def made() -> pd.DataFrame:
        book, conduct = rulebook_of(database, asked, scope), _conduct(database, asked, scope)
        return scored(misses(conduct, book), book, len(conduct.months), readings)

    return made() if readings else shared(database, asked, scope, "scores", made)


def score_totals(
    database: Database, filters: Filters, scope: Scope, readings: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The score of each street: frame[street_code, base, lost, at_risk, score, score_if_idle]; only adopted items count."""
    book, conduct = rulebook_of(database, filters, scope), _conduct(database, filters, scope)
    return totals(scores(database, filters, scope, readings), conduct.streets, book)


def totals_under(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    """``score_totals`` under another rulebook than the district's of that day, to see what a change would do."""
    asked = filters.of_day()
    conduct = conduct_of(database, asked, scope, book)
    return totals(scored(misses(conduct, book), book, len(conduct.months)), conduct.streets, book)


def lost_under(database: Database, filters: Filters, scope: Scope, item: str, reading: str) -> tuple[float, float]:
    """Points of one item lost and still at risk, of all streets asked about, under one of its readings.

    Raises:
        ValueError: a reading that the item does not have.
    """
    found = scores(database, filters, scope, {item: reading})
    mine = found[found["item"] == item]
    return float(mine.loc[~mine["avoidable"], "points"].sum()), float(mine.loc[mine["avoidable"], "points"].sum())


def not_judged(database: Database, filters: Filters, scope: Scope) -> frozenset[str]:
    """Items of which nothing is known for the streets asked about, so that no points lost do not mean that none were.

    Those that a person judges, without an entry this year; the forms, where nobody fills them in this system.
    """
    conduct = _conduct(database, filters, scope)
    entered = {item if item.startswith("score.") else f"score.{item}" for item in conduct.entries["item"]}
    open_ = {rule.id for rule in by_hand(rulebook_of(database, filters, scope))} - entered
    return frozenset(open_ | ({"score.R2.2b"} if conduct.forms_late is None else set()))


def what_if(
    database: Database, filters: Filters, scope: Scope, visits: Targets, readings: Mapping[str, str] | None = None
) -> WhatIf:
    """The same with some targets visited on the day asked about; nothing is written.

    Args:
        visits: (target_kind, target_id): a grid by its code, a site, construction site or person.
    """
    book = rulebook_of(database, filters, scope)
    duties = obligations(database, filters, scope)
    keys = pd.MultiIndex.from_frame(duties[["target_kind", "target_id"]])
    ticked = duties[keys.isin(list(visits))] if visits else duties.iloc[:0]
    conduct = after_visits(_conduct(database, filters, scope), visits, ticked["street_code"].dropna().unique())
    found = scored(misses(conduct, book), book, len(conduct.months), readings)
    seen = set(ticked["grid_code"].dropna()) | {target for kind, target in visits if kind == "grid"}
    return WhatIf(found, totals(found, conduct.streets, book), _coverage(database, filters, scope, conduct, seen, visits))


def _coverage(database: Database, filters: Filters, scope: Scope, conduct: Conduct, grids: set[str], visits: Targets) -> pd.DataFrame:
    states, key = grid_states(database, filters, scope), key_places(database, filters, scope)
    kept = states["state"].isin(["ok", "due"]) | states["code"].isin(grids)
    ticked = pd.MultiIndex.from_frame(key[["kind", "id"]]).isin(list(visits)) if visits else False
    seen = key["seen"] | ticked
    streets = pd.Index(conduct.streets, name="street_code", dtype="str")

    def count(rows: pd.DataFrame, mask: pd.Series | None = None) -> pd.Series:
        return (rows if mask is None else rows[mask])["street_code"].value_counts().reindex(streets).fillna(0).astype("int64")

    found = pd.DataFrame({"grids": count(states), "n": count(states, kept), "key_N": count(key), "key_n": count(key, seen)})
    found = found.rename_axis("street_code").reset_index()
    return found.assign(coverage=ratio(found["n"], found["grids"]), key_coverage=ratio(found["key_n"], found["key_N"]))


def _conduct(database: Database, filters: Filters, scope: Scope) -> Conduct:
    asked = filters.with_(start=filters.as_of, end=filters.as_of)
    book = rulebook_of(database, asked, scope)
    return shared(database, asked, scope, "conduct", lambda: _Held(conduct_of(database, asked, scope, book))).conduct


@dataclass(frozen=True)
class _Held:
    """A conduct that the kept answers hand out as it is: nobody writes into it."""

    conduct: Conduct

    def copy(self, deep: bool = False) -> _Held:
        return self
