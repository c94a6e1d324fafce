"""Whether the list would have led to the sites that were confirmed later, tried on past data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select

from data_access.database import Database
from data_access.events import KINDS, events
from data_access.exposure import exposure
from data_access.hotspots import neighbours_of
from data_access.narrowing import inside
from data_access.plain import plain, plain_rows
from data_access.registers import narrowed, register
from data_access.relocated import relocated, successors
from data_access.schema import lead, patrol_visit, site_event
from data_access.scope import known, within
from data_access.sites import known_sites
from rules.language import N_, Refusal, Translate
from rules.list_order import (
    TOP_SHARE,
    HitRate,
    by_historic_list,
    expected_matters,
    hit_rate,
    places_at_top,
)
from rules.request import FIRST_YEAR, Filters, Scope
from rules.sentences import backtest_sentence

LOOKED_BACK_MONTHS = 6
"""Months of events that a list rests on."""


@dataclass(frozen=True)
class Backtest:
    """What the lists of several past days were worth.

    Attributes:
        rounds: frame[first, last, places, top, confirmed, ours, theirs], a row a round, the oldest
            first: the list of the day before ``first``, tried on the sites confirmed up to ``last``.
        rate: all rounds together.
        level: of the areas listed.
    """

    rounds: pd.DataFrame
    rate: HitRate
    level: str

    def sentence(self, t: Translate) -> str:
        """The shares in words, with the interval."""
        last = self.rounds.iloc[-1] if len(self.rounds) else {"places": 0, "top": 0}
        return backtest_sentence(
            t, confirmed=self.rate.confirmed, ours=self.rate.ours, theirs=self.rate.theirs, low=self.rate.interval[0],
            high=self.rate.interval[1], places=int(last["places"]), top=int(last["top"]), p=self.rate.p,
        )  # fmt: skip


    def to_json(self) -> dict[str, object]:
        """The rounds and all of them together, in plain values."""
        rate = self.rate
        return plain({
            "level": self.level, "rounds": plain_rows(self.rounds), "confirmed": rate.confirmed, "ours": rate.ours, "theirs": rate.theirs,
            "ours_low": rate.interval[0], "ours_high": rate.interval[1], "theirs_low": rate.their_interval[0],
            "theirs_high": rate.their_interval[1], "p": rate.p,
        })  # fmt: skip


def backtest(
    database: Database, filters: Filters, scope: Scope, *, rounds: int = 4, months: int = 3, top_share: float = TOP_SHARE,
    kinds: tuple[str, ...] = KINDS,
) -> Backtest:  # fmt: skip
    """The share of sites confirmed later that lay inside the top of the list, against the historic list's order.

    The list orders the areas (grids, else the finest there are) by ``rules.list_order.expected_matters``
    of the ``LOOKED_BACK_MONTHS`` before; the historic list by its known sites. Confirmed is a site
    found, relapsed, seen practising on a visit, or of a lead that proved true; each counts once a
    round, also where it was on no list. What happened is taken by its day, whenever it was
    recorded: past imports brought whole years at once. ``filters.known_at`` is respected all the same.

    Args:
        rounds: how many periods, the last ending on the day asked about; those with no event or
            site to make a list of are left out.
        months: length of a period.
        top_share: of the areas, above 0, at most 1.

    Raises:
        ValueError: an argument out of its range.
        Refusal: the first period would begin before any record.
    """
    if filters.as_of.year - rounds * months // 12 - 1 < FIRST_YEAR:
        raise Refusal(N_("回测的第一期早于 {first} 年：请减少期数或每期的月数，或换一个日期。"), first=FIRST_YEAR)
    if rounds < 1 or months < 1 or not 0 < top_share <= 1:
        raise ValueError(f"rounds, months, top_share: expected at least 1, 1 and a share up to 1, found {rounds}, {months}, {top_share}")
    rows, marks, level = [], [], "grid"
    for back in range(rounds, 0, -1):
        first, last = _day_after(filters.as_of, -months * back), _day_after(filters.as_of, -months * (back - 1))
        found = _round(database, filters, scope, (first + dt.timedelta(days=1), last), top_share, kinds)
        if found is not None:
            row, mark, level = found
            rows.append(row)
            marks.append(mark)
    columns = ["first", "last", "places", "top", "confirmed", "ours", "theirs"]
    every = pd.concat(marks, ignore_index=True) if marks else pd.DataFrame({"ours": [], "theirs": []})
    return Backtest(pd.DataFrame(rows, columns=columns), hit_rate(every["ours"], every["theirs"]), level)


def _day_after(day: dt.date, months: int) -> dt.date:
    """The same day some months on; the last of a month stays the last."""
    end = pd.Timestamp(day) + pd.Timedelta(days=1) + pd.DateOffset(months=months)
    return (end - pd.Timedelta(days=1)).date()


def _round(
    database: Database, filters: Filters, scope: Scope, period: tuple[dt.date, dt.date], top_share: float, kinds: tuple[str, ...]
) -> tuple[dict[str, object], pd.DataFrame, str] | None:
    before = period[0] - dt.timedelta(days=1)
    asked = filters.with_(start=_day_after(before, -LOOKED_BACK_MONTHS) + dt.timedelta(days=1), end=before, as_of=before)
    around = exposure(database, scope, before, known_at=filters.known_at)
    units = inside(around.units, asked, scope)
    column = f"{around.level}_code" if around.level != "district" else "street_code"
    matters = events(database, asked, scope, kinds)
    standing = known_sites(database, asked, scope)
    standing = standing[standing["status"] != "cleared"]
    if units.empty or (matters.empty and standing.empty):
        return None
    heirs = successors(database, scope, before, around.level, known_at=filters.known_at)
    matters["unit"] = relocated(matters, units, column, heirs)
    standing = standing.assign(unit=relocated(standing, units, column, heirs))
    counted = [rows["unit"].value_counts().reindex(units["code"]).fillna(0).to_numpy() for rows in (matters, standing)]
    ours = places_at_top(expected_matters(*counted, units["exposure"], neighbours_of(database, asked, scope, units)), top_share)
    theirs = places_at_top(*_in_order(standing, units, top_share))
    later = filters.with_(start=period[0], end=period[1], as_of=period[1])
    confirmed = confirmed_sites(database, later, scope)
    after = successors(database, scope, period[1], around.level, known_at=filters.known_at)
    at = relocated(confirmed, units, column, {new: (old,) for old, many in after.items() for new in many})
    mark = pd.DataFrame({"ours": at.isin(units["code"].iloc[ours]), "theirs": at.isin(units["code"].iloc[theirs])})
    row = {
        "first": period[0], "last": period[1], "places": len(units), "top": len(ours), "confirmed": len(mark),
        "ours": int(mark["ours"].sum()), "theirs": int(mark["theirs"].sum()),
    }  # fmt: skip
    return row, mark, around.level


def _in_order(standing: pd.DataFrame, units: pd.DataFrame, top_share: float) -> tuple[object, float, object]:
    score, ties = by_historic_list(standing, units["code"])
    return score, top_share, ties


def confirmed_sites(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The sites at which unlicensed practice was confirmed in the period: frame[id, place columns, lon, lat], one row a site."""
    first, last = pd.Timestamp(filters.start), pd.Timestamp(filters.end)
    steps = register(database, filters, scope, site_event, ("site_id", "day", "event"))
    steps = steps[steps["event"].isin(["found", "relapsed"]) & steps["day"].between(first, last)]
    v = patrol_visit
    seen = database.frame(
        select(v.c.target_id.label("site_id")).where(
            known(v, filters.known_at), within(v, scope, known_at=filters.known_at), v.c.day.between(filters.start, filters.end),
            v.c.target_kind == "site", v.c.finding == "confirmed", v.c.target_id.is_not(None),
        )
    )  # fmt: skip
    told = register(database, filters, scope, lead, ("site_id", "day", "result", "checked_on"))
    checked = told["checked_on"].fillna(told["day"])
    told = told[(told["result"] == "confirmed") & checked.between(first, last) & told["site_id"].notna()]
    ids = set(steps["site_id"]) | set(seen["site_id"]) | set(told["site_id"])
    sites = narrowed(known_sites(database, filters, scope), filters, scope)
    found = sites[sites["id"].isin(ids)]
    return found[["id", "street_code", "neighbourhood_code", "grid_code", "lon", "lat"]].drop_duplicates("id").reset_index(drop=True)
