"""防走过场: what in the visits a supervisor may want to ask about; it proves nothing and accuses nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely

from rules.event_line import days_of
from rules.language import N_
from rules.quarter import quarter_days, quarter_of
from rules.route import distances_km

KINDS = {
    "same_minute": N_("同一分钟、相距较远的巡查"),
    "quarter_end": N_("季末集中的巡查"),
    "copied_note": N_("文字相同的巡查记录"),
    "outside": N_("位置不在所填网格内的巡查"),
}
EXPLAINED = {
    "same_minute": N_("可能是分组行动、补录或时间取整，请向单位了解当时情况"),
    "quarter_end": N_("可能是任务下达较晚或集中行动，请了解任务安排"),
    "copied_note": N_("可能使用了统一用语，请了解现场所见"),
    "outside": N_("可能是定位误差、边界处对象或填错网格，请核对位置"),
}
"""Innocent reasons first: every entry is 需要了解的情况, not a finding."""
MOST_KM_A_DEGREE = 112.0
"""A degree of longitude or latitude is nowhere longer."""
COLUMNS = ("kind", "agency_code", "street_code", "day", "count", "measure", "limit", "ids", "facts")


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is listed; all are this system's own defaults.

    Attributes:
        apart_km: two visits of one agency in one minute are listed from this distance on.
        end_days: the last days of a quarter that are looked at.
        end_share: share of the quarter's visits in those days from which they are listed (an even
            quarter has 10 of 91 days, 0.11).
        end_visits: fewest visits in the quarter.
        note_length: fewest characters of a text that is compared.
        note_places: different places with the same text from which it is listed.
        outside_m: metres beyond the grid's edge, or the device's own accuracy where that is greater.
    """

    apart_km: float = 1.0
    end_days: int = 10
    end_share: float = 0.4
    end_visits: int = 20
    note_length: int = 8
    note_places: int = 4
    outside_m: float = 100.0


def to_ask_about(
    visits: pd.DataFrame, grids: Mapping[str, shapely.Geometry], start: dt.date, end: dt.date, limits: Limits | None = None
) -> pd.DataFrame:
    """Every matter to ask about in the visits of a period, each with its evidence.

    Args:
        visits: id, day, at (instant or NaT), agency_code, street_code, grid_code, target_id, lon, lat
            (EPSG:4326, NaN where unknown), note, off_m, accuracy_m; for ``quarter_end`` all visits of the
            quarters that the period touches, else those of the period are looked at.
        grids: outline of each grid by code, EPSG:4326.
        start, end: the period, both days inclusive; days after ``end`` are not looked at.
        limits: from where on; None takes the defaults.

    Returns:
        ``COLUMNS``, the latest first: count visits in the evidence; measure what was met (km, share 0..1,
        places, m) and limit what it is compared with; ids of the visits, sorted; facts plain values for
        the words. Nothing: no rows.
    """
    return candidates(visits, grids, limits).between(start, end)


@dataclass(frozen=True)
class Candidates:
    """What may have to be asked about in some visits, whatever the period and whichever of them are looked at.

    Attributes:
        visits: id, day, agency_code, street_code of every visit.
        together: visits of which another of the same agency has the same minute, with that minute.
        alike: visits whose text stands at several places of their agency, with text and place.
        outside: visits beyond the edge of their grid, with metres.
        limits: from where on something is listed.
    """

    visits: pd.DataFrame
    together: pd.DataFrame
    alike: pd.DataFrame
    outside: pd.DataFrame
    limits: Limits

    @cached_property
    def day(self) -> np.ndarray:
        """The day of each visit, datetime64[D]."""
        return days_of(self.visits["day"])

    @cached_property
    def agency(self) -> tuple[np.ndarray, int]:
        """The number of each visit's agency in the order of their codes, -1 for none, and how many there are."""
        numbers, agencies = pd.factorize(self.visits["agency_code"], sort=True)
        return numbers, len(agencies)

    def between(self, start: dt.date, end: dt.date, among: np.ndarray | None = None) -> pd.DataFrame:
        """The answer of ``to_ask_about``.

        Args:
            among: which visits are looked at, a bool a visit; None is all.
        """
        day = self.day
        looked_at = day <= np.datetime64(end, "D")
        looked_at = looked_at if among is None else looked_at & among
        period = looked_at & (day >= np.datetime64(start, "D"))
        together, alike, outside = (rows[period[rows.index]] for rows in (self.together, self.alike, self.outside))
        rows = [
            *_same_minute(together, self.limits), *_quarter_end(self, looked_at, start, end),
            *_copied(alike, self.limits), *_outside(outside, self.limits),
        ]  # fmt: skip
        return _in_order(rows)


def candidates(visits: pd.DataFrame, grids: Mapping[str, shapely.Geometry], limits: Limits | None = None) -> Candidates:
    """What may have to be asked about; arguments as of ``to_ask_about``."""
    limits, visits = limits or Limits(), visits.reset_index(drop=True)
    return Candidates(visits[["id", "day", "agency_code", "street_code"]], _together(visits, limits), _alike(visits, limits), _beyond(visits, grids, limits), limits)


def _in_order(rows: list[dict]) -> pd.DataFrame:
    """The matters as ``COLUMNS``, the latest first."""
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    found["day"] = pd.to_datetime(found["day"]).astype("datetime64[s]")
    place = found["kind"].map({kind: order for order, kind in enumerate(KINDS)})
    order = found.assign(place=place, first=found["ids"].map(lambda ids: ids[0]))
    order = order.sort_values(["day", "place", "agency_code", "first"], ascending=[False, True, True, True], kind="stable")
    return order[list(COLUMNS)].reset_index(drop=True)


def _row(kind: str, part: pd.DataFrame, measure: float, limit: float, **facts: object) -> dict:
    streets = part["street_code"].dropna().unique()
    return {
        "kind": kind, "agency_code": part["agency_code"].iloc[0], "street_code": streets[0] if len(streets) == 1 else None,
        "day": part["day"].max(), "count": len(part), "measure": float(measure), "limit": float(limit), "ids": tuple(sorted(part["id"])),
        "facts": facts,
    }  # fmt: skip


def _together(visits: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    timed = visits[(visits["at"].notna() & visits["lon"].notna() & visits["lat"].notna() & visits["agency_code"].notna()).to_numpy(bool)]
    # Whole hours are written where the minute was not known.
    seconds = timed["at"].to_numpy("datetime64[s]").astype("int64")
    timed = timed.assign(minute=timed["at"].dt.floor("min"))[seconds % 3600 != 0]
    timed = timed[timed.duplicated(["agency_code", "minute"], keep=False)]
    if timed.empty:
        return timed
    box = timed.groupby(["agency_code", "minute"])[["lon", "lat"]]
    width = box.transform("max") - box.transform("min")
    # No two of them, nor of a part of them, lie farther apart than the corners of what holds them all.
    return timed[(np.hypot(width["lon"], width["lat"]) * MOST_KM_A_DEGREE >= limits.apart_km).to_numpy(bool)]


def _same_minute(timed: pd.DataFrame, limits: Limits) -> list[dict]:
    """Visits of one agency in one minute of which the farthest two are at least ``apart_km`` apart."""
    together = timed[timed.duplicated(["agency_code", "minute"], keep=False)]
    found = []
    for (_, minute), part in together.groupby(["agency_code", "minute"], sort=True):
        away = distances_km(part[["lon", "lat"]].to_numpy("float64"))
        if away.max() >= limits.apart_km:
            far = part[(away >= limits.apart_km).any(axis=1)]
            found.append(_row("same_minute", far, away.max(), limits.apart_km, at=minute.isoformat()))
    return found


def _quarter_end(every_visit: Candidates, looked_at: np.ndarray, start: dt.date, end: dt.date) -> list[dict]:
    """Quarters that ended in the period with a great share of an agency's visits in their last days."""
    found, begin = [], start
    visits, day, limits = every_visit.visits, every_visit.day, every_visit.limits
    agency, agencies = every_visit.agency
    while begin <= end:
        first, last = quarter_days(quarter_of(begin))
        if last <= end:
            inside = looked_at & (day >= np.datetime64(first, "D")) & (day <= np.datetime64(last, "D")) & (agency >= 0)
            late = inside & (day > np.datetime64(last - dt.timedelta(days=limits.end_days), "D"))
            every, at_end = (np.bincount(agency[mask], minlength=agencies) for mask in (inside, late))
            share = at_end / np.maximum(every, 1)
            for code in np.flatnonzero((every >= limits.end_visits) & (share >= limits.end_share)):
                part = visits.take(np.flatnonzero(late & (agency == code)))
                found.append(_row("quarter_end", part, share[code], limits.end_share, quarter=quarter_of(last), visits=int(every[code]), days=limits.end_days))
        begin = last + dt.timedelta(days=1)
    return found


def _alike(visits: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    text = visits["note"].fillna("").astype("str").str.replace(r"[\s，。,.;；、!！]+", "", regex=True)
    long = visits.assign(text=text)[((text.str.len() >= limits.note_length) & visits["agency_code"].notna()).to_numpy(bool)]
    long = long.assign(place=long["target_id"].fillna(long["grid_code"]).fillna(long["id"]))
    return long[long.groupby(["agency_code", "text"])["place"].transform("nunique") >= limits.note_places]


def _copied(long: pd.DataFrame, limits: Limits) -> list[dict]:
    """The same text, spaces and full stops apart, about several places of one agency."""
    found = []
    for (_, _), part in long.groupby(["agency_code", "text"], sort=True):
        places = part["place"].nunique()
        if places >= limits.note_places:
            found.append(_row("copied_note", part, places, limits.note_places, note=str(part["note"].iloc[0])[:60]))
    return found


def _beyond(visits: pd.DataFrame, grids: Mapping[str, shapely.Geometry], limits: Limits) -> pd.DataFrame:
    placed = visits[(visits["grid_code"].isin(list(grids)) & visits["lon"].notna() & visits["lat"].notna()).to_numpy(bool)]
    placed = placed.assign(metres=_metres_off(placed, grids))
    stated = visits[(visits["off_m"].notna() & visits["grid_code"].notna()).to_numpy(bool) & ~visits.index.isin(placed.index)]
    both = pd.concat([placed, stated.assign(metres=stated["off_m"])]) if len(stated) else placed
    metres = np.fmax(both["metres"].to_numpy("float64"), both["off_m"].to_numpy("float64"))
    return both.assign(metres=metres)[metres > np.fmax(limits.outside_m, both["accuracy_m"].to_numpy("float64"))]


def _outside(far: pd.DataFrame, limits: Limits) -> list[dict]:
    """Visits whose point lies beyond the edge of the grid that they name."""
    return [_row("outside", far.loc[[index]], far.at[index, "metres"], limits.outside_m, grid=far.at[index, "grid_code"]) for index in far.index]


def _metres_off(placed: pd.DataFrame, grids: Mapping[str, shapely.Geometry]) -> np.ndarray:
    """Metres from each point to its grid, 0 inside; degrees are scaled at the point's latitude (fine within a few km)."""
    if placed.empty:
        return np.empty(0)
    lon, lat = placed["lon"].to_numpy("float64"), placed["lat"].to_numpy("float64")
    points, shapes = shapely.points(lon, lat), np.array([grids[code] for code in placed["grid_code"]], dtype=object)
    metres = np.zeros(len(placed))
    off = ~shapely.intersects(shapes, points)
    if off.any():
        nearest = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(shapes[off], points[off]), 0))
        east = (lon[off] - nearest[:, 0]) * 111_320 * np.cos(np.radians(lat[off]))
        metres[off] = np.hypot(east, (lat[off] - nearest[:, 1]) * 110_574)
    return metres
