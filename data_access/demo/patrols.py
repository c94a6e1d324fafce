"""Patrol visits of the demo: every day who went where; July 2023 adds up to what S0 counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.agencies import INSPECTORATE, of_committee, of_unit
from data_access.demo.geography import SPLIT_ON, Geography
from data_access.demo.patrol_plan import GRAVITY, JULY, day_totals, plan_of, slots_of, with_targets
from data_access.demo.sites import Sites
from data_access.demo.story import Stage
from data_access.demo.timeline import MONTHS, TODAY, VISITS, Moment, position
from data_access.demo.units import Unit

# 户次 of the other months from January 2022.
_MONTHS = (
    2390, 2140, 2760, 2680, 2810, 2840, 2900, 2870, 2850, 2790, 2880, 2820,
    2610, 2450, 2990, 2960, 3040, 3090, 3175, 2980, 2910,
)  # fmt: skip
_OUTSIDE = ((121.0312, 31.2871), (121.4625, 31.4433), (121.2571, 31.1902))
"""Points in no area of the district."""


def patrol_visits(
    geography: Geography, units: tuple[Unit, ...], stage: Stage, sites: Sites,
    construction: pd.DataFrame, persons: pd.DataFrame, leads: pd.DataFrame, seed: int,
) -> pd.DataFrame:
    """Every visit in the order of its time: the fields of ``kinds/visits.py``; ``day`` and ``at``."""  # fmt: skip
    rng = np.random.default_rng([seed, 10])
    plan = plan_of(geography, units, stage, sites, construction, persons, leads, rng, seed)
    parts = []
    for month, total in zip(MONTHS, _MONTHS, strict=True):
        totals = day_totals(month, total, rng)
        loose = _loose(month, totals, geography, rng)
        slots = slots_of(plan, geography, month, totals - loose["day"].value_counts().reindex(totals.index, fill_value=0), rng)
        slots = with_targets(slots, plan, sites, month, rng)
        parts += [_in_rows(slots), loose]
    frame = pd.concat(parts, ignore_index=True)
    frame = _with_words(frame, geography, rng)
    frame = frame.sort_values(["day", "at"], kind="stable", ignore_index=True)
    month = frame["day"].dt.strftime("%y%m")
    frame["number"] = "V" + month + "-" + (frame.groupby(month).cumcount() + 1).map("{:05d}".format)
    return frame


def _loose(month: pd.Period, totals: pd.Series, geography: Geography, rng: np.random.Generator) -> pd.DataFrame:
    """The visits whose row names only a street, or whose point lies outside every area (DESIGN 10)."""
    working = totals.index[totals.index.day_of_week < 5][:-1]
    streets = geography.grids["street_code"].unique()
    rows = [{"street_code": str(rng.choice(streets)), "point": None} for _ in range(14 if month == JULY else 5)]
    rows += [{"street_code": None, "point": point} for point in (_OUTSIDE if month == JULY else _OUTSIDE[:1])]
    frame = pd.DataFrame(rows).assign(kind="grid", number=None, mode="patrol", finding="none", visits=1, grid=-1)
    return frame.assign(day=rng.choice(working, len(frame)))


def _in_rows(slots: pd.DataFrame) -> pd.DataFrame:
    """Join the 户次 spent on one grid as a whole on one day into one row; the others are a row each."""
    plain = slots["kind"] == "grid"
    ranked = slots[plain].assign(rank=pd.Categorical(slots["finding"][plain], GRAVITY).codes)
    joined = ranked.groupby(["day", "grid"], as_index=False).agg(visits=("rank", "size"), rank=("rank", "max"))
    joined = joined.assign(kind="grid", mode="patrol", finding=np.array(GRAVITY, dtype=object)[joined["rank"]]).drop(columns="rank")
    return pd.concat([joined.assign(number=None, point=None), slots[~plain].assign(visits=1)], ignore_index=True)


def _with_words(frame: pd.DataFrame, geography: Geography, rng: np.random.Generator) -> pd.DataFrame:
    """Add who went, when, where exactly, how many and whether with the mobile application."""
    grids, n = geography.grids, len(frame)
    grid = frame["grid"].to_numpy(dtype=int)
    inside = grid >= 0
    street = grids["street_code"].to_numpy(dtype=object)[grid]
    frame["street_code"] = np.where(inside, street, frame["street_code"])
    points = np.full((n, 2), np.nan)
    points[inside] = geography.points_in(rng, grid[inside])
    fixed = frame["point"].notna().to_numpy()
    points[fixed] = np.array(frame["point"][fixed].tolist()) + rng.integers(-40, 41, (fixed.sum(), 2)) * 1e-6
    exact = fixed | (inside & frame["kind"].isin(["grid", "lead"]).to_numpy() & (rng.random(n) < 0.9))
    frame["lon"] = np.where(exact, points[:, 0].round(6), np.nan)
    frame["lat"] = np.where(exact, points[:, 1].round(6), np.nan)
    code = grids["code"].to_numpy(dtype=object)[grid]
    young = np.isin(code, geography.successors) & (frame["day"] < SPLIT_ON).to_numpy()
    frame["grid_code"] = np.where(inside & ~exact, np.where(young, geography.predecessor, code), None)
    frame["agency_code"] = _agencies(frame, grids["neighbourhood_code"].to_numpy(dtype=object)[grid], rng)
    today = (frame["day"] == TODAY).to_numpy()
    minutes = np.where(today, rng.uniform(7.9 * 60, 10.65 * 60, n), np.clip(rng.normal(13.2, 2.6, n), 7.8, 20.5) * 60)
    frame["at"] = frame["day"] + pd.to_timedelta(minutes.astype(int), unit="min")
    frame["officers"] = rng.integers(1, 4, n) + (frame["mode"] == "inspection")
    month = (frame["day"].dt.year - 2022) * 12 + frame["day"].dt.month
    frame["mobile"] = rng.random(n) < 0.52 + 0.02 * month
    return frame.drop(columns=["point", "grid"]).rename(columns={"kind": "target_kind", "number": "target_id"})


_DOERS = {
    "grid": {"JM": 0.5, "WSZX": 0.16, "ZFD": 0.1, "PAB": 0.12, "PCS": 0.06, "SCS": 0.06},
    "site": {"WSZX": 0.5, "JM": 0.3, INSPECTORATE: 0.2},
    "construction": {"GLB": 0.62, "WSZX": 0.2, "JGZX": 0.18},
    "subject": {"PCS": 0.4, "WSZX": 0.4, "JM": 0.2},
    "lead": {INSPECTORATE: 0.55, "WSZX": 0.45},
}  # fmt: skip


def _agencies(frame: pd.DataFrame, committees: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    doers = np.empty(len(frame), dtype=object)
    for kind, shares in _DOERS.items():
        rows = (frame["kind"] == kind).to_numpy()
        doers[rows] = rng.choice(list(shares), rows.sum(), p=list(shares.values()))
    doers[(frame["mode"] == "inspection").to_numpy()] = INSPECTORATE
    found = []
    for body, street, committee, known in zip(doers, frame["street_code"], committees, frame["grid"] >= 0, strict=True):
        if body == INSPECTORATE or not isinstance(street, str):
            found.append(INSPECTORATE)
        elif body == "JM":
            found.append(of_committee(committee) if known else of_unit(street, "ZZB"))
        else:
            found.append(of_unit(street, body))
    return np.array(found, dtype=object)


CORRECTED_MONTH = pd.Period("2023-06")


def handed_in(frame: pd.DataFrame) -> list[tuple[Moment, pd.DataFrame]]:
    """The visits month by month; five rows of June came back corrected with those of July."""
    place = position(frame["day"], VISITS)
    june = frame.index[(frame["day"].dt.to_period("M") == CORRECTED_MONTH) & (frame["visits"] >= 2)][:5]
    first = frame.loc[june].assign(visits=frame.loc[june, "visits"] + 2)
    parts = []
    for index, one in enumerate(VISITS):
        rows = frame[place == index]
        if one.through == pd.Timestamp("2023-06-30"):
            rows = pd.concat([rows.drop(june), first]).sort_index()
        if one.through == TODAY:
            rows = pd.concat([rows, frame.loc[june].assign(note="更正户次")])
        parts.append((one, rows))
    return parts
