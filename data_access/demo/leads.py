"""Leads (线索) of the demo: complaints, findings and transfers, with their clocks and results."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.agencies import INSPECTORATE, MARKET, of_unit
from data_access.demo.geography import Geography
from data_access.demo.sites import Site, Sites
from data_access.demo.story import PATCHES, PREMISES, Stage
from data_access.demo.timeline import LEADS, MONTHS, TODAY, Moment, month_days, news
from rules import vocabulary

# Matters received a month from January 2022, 件.
_A_MONTH = (40, 31, 46, 44, 49, 47, 52, 50, 46, 48, 44, 39, 43, 37, 55, 53, 59, 66, 47, 46, 44)
_SOURCES = {
    "hotline_12345": 0.55, "hotline_12320": 0.05, "letter": 0.06, "patrol": 0.12, "transfer": 0.06, "internet": 0.08,
    "comparison": 0.04, "undercover": 0.01, "reward": 0.03,
}  # fmt: skip
_PATCH_MONTHS = pd.period_range("2023-02", "2023-07", freq="M")
_PATCH_SHARES = np.array([0.12, 0.15, 0.17, 0.18, 0.22, 0.16])
_OF_SITE = ("site_id", "subject_id")


def leads(geography: Geography, sites: Sites, stage: Stage, person_numbers: list[str], seed: int) -> pd.DataFrame:
    """Every lead as it ended: the fields of ``kinds/leads.py`` in the order of receipt.

    Column ``grid`` is the position of its grid, ``site`` that of its site in ``sites.all`` (-1: none),
    ``found`` whether the site was found or relapsed through it.
    """
    rng = np.random.default_rng([seed, 7])
    rows = [*_complaints(sites), *_findings(sites, rng)]
    rows += _in_patches(rows, sites, stage, rng)
    rows += _elsewhere(rows, geography, sites, stage, rng)
    frame = pd.DataFrame(rows).sort_values(["day", "grid"], kind="stable", ignore_index=True)
    frame = _with_clocks(frame, rng)
    frame = _with_place(frame, geography, sites, rng)
    frame = _with_words(frame, sites, person_numbers)
    frame["number"] = [f"X-{day:%Y}-{n:04d}" for day, n in zip(frame["day"], frame.groupby(frame["day"].dt.year).cumcount() + 1, strict=True)]
    return frame


def _lead(day: pd.Timestamp, grid: int, site: int, *, found: bool = False, result: str = "", source: str = "", lag: int = -1) -> dict:
    return {"day": day, "grid": grid, "site": site, "found": found, "result": result, "source": source, "lag": lag}


def _complaints(sites: Sites) -> list[dict]:
    """The complaints of the story; the one just before a finding led to it."""
    rows = []
    position = {site.key: n for n, site in enumerate(sites.all) if site.key}
    for one in PREMISES:
        starts = [pd.Timestamp(day) for day, event in one.events if event in {"found", "relapsed"}]
        for day in map(pd.Timestamp, one.complaints):
            ahead = [(start - day).days for start in starts if 0 <= (start - day).days <= 5]
            active = sites.all[position[one.key]].active(day)
            source = "hotline_12345" if one.key != "63 days" else "hotline_12320"
            rows.append(_lead(day, sites.all[position[one.key]].grid, position[one.key], found=bool(ahead), source=source,
                              result="confirmed" if ahead or active else "unfounded", lag=ahead[0] if ahead else -1))  # fmt: skip
    return rows


def _findings(sites: Sites, rng: np.random.Generator) -> list[dict]:
    """Most sites found or relapsed since 2022 came from a lead one to four days before."""
    rows = []
    for position, site in enumerate(sites.all):
        for day, event in site.events if not site.key else ():
            if day >= pd.Timestamp("2022-01-06") and event in {"found", "relapsed"} and rng.random() < 0.8:
                lag = int(rng.integers(0, 5))
                rows.append(_lead(day - pd.Timedelta(days=lag), site.grid, position, found=True, result="confirmed", lag=lag))
    return rows


def _in_patches(rows: list[dict], sites: Sites, stage: Stage, rng: np.random.Generator) -> list[dict]:
    """Fill each patch up to its planted number of leads from February to July 2023."""
    made = []
    for patch, grids in zip(PATCHES, stage.patches, strict=True):
        there = sum(row["grid"] in set(grids) and row["day"].to_period("M") in _PATCH_MONTHS for row in rows)
        for _ in range(max(0, patch.leads - there)):
            month = _PATCH_MONTHS[rng.choice(6, p=_PATCH_SHARES)]
            days = month_days(month, working=False)
            day = days[rng.integers(len(days) - 1)]
            grid = int(grids[min(int(rng.exponential(3.5)), len(grids) - 1)])
            known = [n for n, site in enumerate(sites.all) if site.grid == grid and not site.key and site.first_seen < day]
            site = int(rng.choice(known)) if known and rng.random() < 0.5 else -1
            made.append(_lead(day, grid, site, result="unfounded" if site >= 0 or rng.random() < 0.6 else "confirmed"))
    return made


def _elsewhere(rows: list[dict], geography: Geography, sites: Sites, stage: Stage, rng: np.random.Generator) -> list[dict]:
    """The rest of each month's number, spread as people live; a fifth about a known site."""
    weight = geography.grids["people"].to_numpy() * rng.lognormal(0, 0.25, len(geography.grids))
    weight[np.concatenate(stage.patches)] *= 0.4
    weight /= weight.sum()
    old = [n for n, site in enumerate(sites.all) if not site.key and site.first_seen < pd.Timestamp("2022-01-01") and site.last(TODAY) != "cleared"
           and site.grid not in set(np.concatenate(stage.patches))]  # fmt: skip
    made = []
    for month, number in zip(MONTHS, _A_MONTH, strict=True):
        days = month_days(month, working=False)
        chance = np.where(days.day_of_week < 5, 1.0, 0.45)
        if month == TODAY.to_period("M"):
            chance[-1] = 0
        number -= month == TODAY.to_period("M")
        for _ in range(number - sum(row["day"].to_period("M") == month for row in rows)):
            day = days[rng.choice(len(days), p=chance / chance.sum())]
            site = int(rng.choice(old)) if rng.random() < 0.2 else -1
            grid = sites.all[site].grid if site >= 0 else int(rng.choice(len(weight), p=weight))
            active = site >= 0 and sites.all[site].active(day)
            made.append(_lead(day, grid, site, result="confirmed" if active or (site < 0 and rng.random() < 0.12) else "unfounded"))
    ticker = geography.grids.index[geography.grids["street_code"] == "990114008"]
    return [*made, _lead(TODAY, int(rng.choice(ticker)), -1, result="unfounded", source="hotline_12345")]


def _with_clocks(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Receipt time, first contact, check, notice to the street, feedback.

    The demo's 12345 leads must be checked by the next day (as the pictures show: 24 小时内核查), the
    others within seven days; these are values of the rows, the rules are the product's.
    """
    n = len(frame)
    drawn = rng.choice(list(_SOURCES), n, p=list(_SOURCES.values()))
    frame["source"] = np.where(frame["source"] == "", drawn, frame["source"])
    hotline = (frame["source"] == "hotline_12345").to_numpy()
    quick = rng.choice([0, 1, 2, 3, 5], n, p=[0.24, 0.64, 0.06, 0.04, 0.02])
    lag = np.where(frame["lag"] >= 0, frame["lag"], np.where(hotline, quick, rng.integers(0, 9, n)))
    frame["checked_on"] = frame["day"] + pd.to_timedelta(lag, unit="D")
    frame["contacted_on"] = (frame["day"] + pd.to_timedelta(np.minimum(lag, rng.choice([0, 1], n, p=[0.8, 0.2])), unit="D")).where(
        frame["source"].isin(["hotline_12345", "hotline_12320", "letter", "reward"]))
    frame["due_on"] = frame["day"] + pd.to_timedelta(np.where(hotline, 1, 7), unit="D")
    frame["street_notified_on"] = (frame["day"] + pd.to_timedelta(rng.integers(0, 2, n), unit="D")).where(rng.random(n) < 0.9)
    frame["feedback_on"] = (frame["checked_on"] + pd.to_timedelta(rng.integers(0, 6, n), unit="D")).where(rng.random(n) < 0.94)
    minutes = np.clip(rng.normal(13.0, 3.2, n), 7.5, 21.5) * 60
    today = np.flatnonzero(frame["day"] == TODAY)
    minutes[today] = [9 * 60 + 12, 10 * 60 + 21][: len(today)]
    frame["at"] = frame["day"] + pd.to_timedelta(minutes.astype(int), unit="min")
    forgotten = np.flatnonzero((frame["day"] >= TODAY - pd.Timedelta(days=9)) & (frame["day"] <= TODAY - pd.Timedelta(days=4))
                               & (frame["result"] == "unfounded") & hotline)[:3]  # fmt: skip
    late = pd.Timestamp("2023-08-04")
    frame.loc[forgotten, ["checked_on", "feedback_on"]] = late
    frame.loc[today, "checked_on"] = TODAY + pd.Timedelta(days=1)
    frame.loc[today, "feedback_on"] = TODAY + pd.Timedelta(days=3)
    return frame.drop(columns="lag")


def _with_place(frame: pd.DataFrame, geography: Geography, sites: Sites, rng: np.random.Generator) -> pd.DataFrame:
    """Most leads have coordinates, some only a grid or a street, three lie outside every area."""
    grids = geography.grids
    n = len(frame)
    points = geography.points_in(rng, frame["grid"].to_numpy())
    of_site = frame["site"].to_numpy()
    for row in np.flatnonzero(of_site >= 0):
        site: Site = sites.all[of_site[row]]
        if site.lon is not None:
            points[row] = site.lon, site.lat
    how = rng.choice(["point", "grid", "street"], n, p=[0.82, 0.12, 0.06])
    planted = frame["site"].map(lambda position: position >= 0 and bool(sites.all[position].key)).to_numpy()
    how = np.where(planted | (frame["day"] == TODAY), "point", how)
    young = grids["code"].isin(geography.successors).to_numpy()[frame["grid"]]
    how = np.where(young & (how == "grid"), "point", how)
    outside = np.flatnonzero((of_site < 0) & (frame["day"] >= pd.Timestamp("2023-03-01")) & (frame["day"] < TODAY) & (how == "point")
                             & (frame["result"] == "unfounded"))[[5, 20, 35]]  # fmt: skip
    points[outside] = [(121.0312, 31.2871), (121.4625, 31.4433), (121.2571, 31.1902)]
    frame["lon"] = np.where(how == "point", points[:, 0], np.nan)
    frame["lat"] = np.where(how == "point", points[:, 1], np.nan)
    frame["street_code"] = grids["street_code"].to_numpy(dtype=object)[frame["grid"]]
    frame["grid_code"] = np.where(how == "grid", grids["code"].to_numpy(dtype=object)[frame["grid"]], None)
    frame.loc[outside, "street_code"] = None
    return frame


def _with_words(frame: pd.DataFrame, sites: Sites, person_numbers: list[str]) -> pd.DataFrame:
    kinds = [(sites.all[n].category, sites.all[n].premises, sites.all[n].number, person_numbers[sites.all[n].person]) if n >= 0
             else _CYCLE[row % len(_CYCLE)] + (None, None) for row, n in enumerate(frame["site"])]  # fmt: skip
    frame[["category", "premises", "site_id", "subject_id"]] = pd.DataFrame(kinds, index=frame.index)
    beauty = frame["premises"].isin(["beauty", "hotel"]) & (frame["source"] == "internet")
    street_body = frame["source"].isin(["patrol", "comparison"]) & frame["street_code"].notna()
    frame["agency_code"] = INSPECTORATE
    frame.loc[beauty, "agency_code"] = MARKET
    frame.loc[street_body, "agency_code"] = [of_unit(street, "WSZX") for street in frame.loc[street_body, "street_code"]]
    words = [f"反映{vocabulary.name_of('premises', place)}内{vocabulary.name_of('category', what)}（演示第{n}件）"
             for n, (what, place) in enumerate(zip(frame["category"], frame["premises"], strict=True), start=1)]  # fmt: skip
    frame["summary"] = words
    return frame


_CYCLE = (
    ("infusion", "rental"), ("cosmetic", "beauty"), ("internal", "rental"), ("dental", "shopfront"), ("infusion", "construction"),
    ("tcm", "wellness"), ("infusion", "industrial_park"), ("cosmetic", "residence"), ("drug_sale", "pharmacy"), ("dental", "market"),
    ("infusion", "residence"), ("other", "other"), ("cosmetic", "office"), ("internal", "market"), ("tcm", "shopfront"),
)  # fmt: skip
_DATES = ("contacted_on", "checked_on", "street_notified_on", "feedback_on")


def handed_in(frame: pd.DataFrame, site_known: pd.Series, person_known: pd.Series) -> list[tuple[Moment, pd.DataFrame]]:
    """The leads as known at each moment: new ones, and those of which more was known than before.

    Args:
        site_known, person_known: day on which each site or person was handed in, by number.
    """
    parts: list[tuple[Moment, pd.DataFrame]] = []
    before: dict[str, tuple] = {}
    site_day = frame["site_id"].map(site_known)
    person_day = frame["subject_id"].map(person_known)
    for one in LEADS:
        day = pd.Timestamp(one.now.date())
        seen = frame[frame["day"] <= one.through].copy()
        for column in _DATES:
            seen[column] = seen[column].where(seen[column] <= one.through)
        seen["result"] = seen["result"].where(seen["checked_on"].notna(), "pending")
        seen["site_id"] = seen["site_id"].where(site_day[seen.index] <= day, None)
        seen["subject_id"] = seen["subject_id"].where(person_day[seen.index] <= day, None)
        part, before = news(seen, [*_DATES, "result", *_OF_SITE], before)
        parts.append((one, part))
    return parts
