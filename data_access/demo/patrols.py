"""Patrol visits of the demo: every day who went where; July 2023 adds up to what S0 counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_access.demo.agencies import INSPECTORATE, of_committee, of_unit
from data_access.demo.geography import SPLIT_ON, Geography
from data_access.demo.grid_days import last_days
from data_access.demo.sites import Sites
from data_access.demo.story import PATCHES, Stage
from data_access.demo.timeline import MONTHS, TODAY, VISITS, Moment, month_days, position
from data_access.demo.units import Unit

JULY = pd.Period("2023-07")
JULY_DAYS = (
    62, 34, 128, 119, 124, 131, 116, 36, 33, 122, 134, 186, 139, 127, 41, 35, 121, 115, 130, 133, 171,
    44, 37, 118, 136, 129, 158, 124, 40, 35, 117,
)  # fmt: skip
"""户次 of each day of July 2023: the shape of the pictures, 3175 in all (S0), 117 on the 31st."""

INSPECTIONS_JULY = 50
"""检查无证行医点 in July 2023, 户次 (S0)."""

# 户次 of the other months from January 2022.
_MONTHS = (
    2390, 2140, 2760, 2680, 2810, 2840, 2900, 2870, 2850, 2790, 2880, 2820,
    2610, 2450, 2990, 2960, 3040, 3090, 3175, 2980, 2910,
)  # fmt: skip
_OUTSIDE = ((121.0312, 31.2871), (121.4625, 31.4433), (121.2571, 31.1902))
"""Points in no area of the district."""

_ALWAYS = pd.Timestamp("2100-01-01")
_GRAVITY = ["none", "suspect", "confirmed"]
_A_MONTH = {"site": 1.0, "construction": 3.6, "subject": 1.1}
"""Visits that a place or person of each kind asks for in a month."""

_CYCLE_DAYS = {"active": 7, "site": 24, "construction": 6, "subject": 22}


@dataclass
class Target:
    """Something to be seen in a grid.

    Attributes:
        kind, number: what a visit writes as its target.
        since, until: it can be visited after the one and before the other.
        known: day on which its register was handed in; a visit handed in earlier cannot name it.
        position: of a site in ``Sites.all``, else -1.
        point: lon, lat, or None where it has none or they are nobody's business.
        seen: day of its last visit so far.
    """

    kind: str
    number: str
    since: pd.Timestamp
    until: pd.Timestamp
    known: pd.Timestamp
    position: int = -1
    point: tuple[float, float] | None = None
    seen: pd.Timestamp = pd.Timestamp("2021-12-01")


@dataclass(frozen=True)
class Plan:
    """What the visits are drawn from.

    Attributes:
        targets: for each grid its targets.
        last: planned last day of each grid up to the day shown, NaT where nobody came.
        weight: how much of the patrols each grid gets, a month.
        checks: (day, grid, lead number, confirmed) of leads to be verified on the spot.
    """

    targets: list[list[Target]]
    last: pd.Series
    weight: np.ndarray
    checks: pd.DataFrame


def patrol_visits(
    geography: Geography, units: tuple[Unit, ...], stage: Stage, sites: Sites,
    construction: pd.DataFrame, persons: pd.DataFrame, leads: pd.DataFrame, seed: int,
) -> pd.DataFrame:
    """Every visit in the order of its time: the fields of ``kinds/visits.py``; ``day`` and ``at``."""  # fmt: skip
    rng = np.random.default_rng([seed, 10])
    plan = _plan(geography, units, stage, sites, construction, persons, leads, rng, seed)
    parts = []
    for month, total in zip(MONTHS, _MONTHS, strict=True):
        totals = _day_totals(month, total, rng)
        loose = _loose(month, totals, geography, rng)
        slots = _slots(plan, geography, month, totals - loose["day"].value_counts().reindex(totals.index, fill_value=0), rng)
        slots = _with_targets(slots, plan, sites, month, rng)
        parts += [_in_rows(slots), loose]
    frame = pd.concat(parts, ignore_index=True)
    frame = _with_words(frame, geography, rng)
    frame = frame.sort_values(["day", "at"], kind="stable", ignore_index=True)
    month = frame["day"].dt.strftime("%y%m")
    frame["number"] = "V" + month + "-" + (frame.groupby(month).cumcount() + 1).map("{:05d}".format)
    return frame


def _plan(geography, units, stage, sites, construction, persons, leads, rng, seed) -> Plan:
    targets: list[list[Target]] = [[] for _ in range(len(geography.grids))]
    known = sites.known_from()
    for at, site in enumerate(sites.all):
        point = (site.lon, site.lat) if site.lon is not None else None
        targets[site.grid].append(Target("site", site.number, site.first_seen, _ALWAYS, known[site.number], at, point))
    for row in construction.itertuples():
        targets[row.grid].append(Target("construction", row.number, row.day, row.finished_on, row.day, point=(row.lon, row.lat)))
    here = persons[(persons["residence"] == "resident") & (persons["day"] <= TODAY)]
    for row in here.itertuples():
        since = row.day + pd.Timedelta(days=100)
        targets[row.grid].append(Target("subject", row.number, since, _ALWAYS, since))
    demand = np.array([sum(_A_MONTH[one.kind] * (one.until > TODAY) for one in some) for some in targets])
    july = pd.Series(JULY_DAYS, index=month_days(JULY, working=False))
    last = last_days(geography, units, stage, demand, july, seed)
    weight = rng.gamma(2.4, 1.0, len(targets)) / 2.4 * 2.6 + 0.85 * demand
    weight *= geography.grids["street_code"].map({unit.code: 0.8 if unit.never > 2 else 1.0 for unit in units}).to_numpy()
    weight *= np.where(last < TODAY - pd.Timedelta(days=30), 0.55, 1.0)
    for patch, grids in zip(PATCHES, stage.patches, strict=True):
        weight[grids] *= patch.patrolled
    checks = leads[["checked_on", "grid", "number", "result", "grid_code", "lon"]].rename(columns={"checked_on": "day"})
    checks = checks[leads["lon"].notna() & leads["street_code"].notna()]
    return Plan(targets, last, weight, checks)


def _day_totals(month: pd.Period, total: int, rng: np.random.Generator) -> pd.Series:
    """户次 of each day; weekends are lower."""
    days = month_days(month, working=False)
    if month == JULY:
        return pd.Series(JULY_DAYS, index=days)
    share = np.where(days.dayofweek < 5, 1.0, 0.3) * rng.uniform(0.8, 1.2, len(days))
    counts = np.floor(share / share.sum() * total).astype(int)
    counts[np.argmax(counts)] += total - counts.sum()
    return pd.Series(counts, index=days)


def _slots(plan: Plan, geography: Geography, month: pd.Period, totals: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """One row a 户次: day and grid; each grid's planned last day is kept, none is visited after it."""
    grids = geography.grids
    before_today = month.start_time <= TODAY
    last = plan.last if before_today else pd.Series(pd.Timestamp("2100-01-01"), index=plan.last.index)
    last = last.fillna(pd.Timestamp("1900-01-01"))
    forced = [(day, grid) for grid, day in last.items() if day in totals.index]
    room = totals - pd.Series([day for day, _ in forced], dtype="datetime64[ns]").value_counts().reindex(totals.index, fill_value=0)
    for check in plan.checks[plan.checks["day"].isin(totals.index)].itertuples():
        if last[check.grid] >= check.day and room[check.day] > 2 and (check.day, check.grid) not in forced:
            forced.append((check.day, check.grid))
            room[check.day] -= 1
    quota = _quota(grids, int(totals.sum()), forced)
    streets = pd.factorize(grids["street_code"])[0]
    for day in totals.index[::-1]:
        weight = np.where((last >= day).to_numpy(), plan.weight, 0)
        inside = np.bincount(streets, weight, len(quota)) > 0
        left = np.maximum(quota, 0) * inside
        if left.sum() < room[day]:
            left = left + int(room[day]) * inside
        for street, count in enumerate(rng.multivariate_hypergeometric(left, int(room[day]))):
            share = np.where(streets == street, weight, 0)
            forced += [(day, int(grid)) for grid in rng.choice(len(share), count, p=share / share.sum())] if count else []
            quota[street] -= count
    return pd.DataFrame(forced, columns=["day", "grid"]).sort_values("day", kind="stable", ignore_index=True)


def _quota(grids: pd.DataFrame, total: int, forced: list) -> np.ndarray:
    """户次 still to be given to each unit: in proportion to its grids."""
    streets = pd.factorize(grids["street_code"])[0]
    share = np.bincount(streets) / len(grids) * total
    whole = np.floor(share).astype(int)
    whole[np.argsort(share - whole)[::-1][: int(total - whole.sum())]] += 1
    return whole - np.bincount(streets[[grid for _, grid in forced]], minlength=len(whole))


def _with_targets(slots: pd.DataFrame, plan: Plan, sites: Sites, month: pd.Period, rng: np.random.Generator) -> pd.DataFrame:
    """Say what each slot was for: a lead to verify, a place whose turn it was, or the grid itself."""
    n = len(slots)
    kind, number, mode, finding = (np.full(n, word, dtype=object) for word in ("grid", None, "patrol", "none"))
    at = np.full(n, -1)
    points: list[tuple[float, float] | None] = [None] * n
    recorded = pd.Timestamp(next(one.now.date() for one in VISITS if one.through >= min(month.end_time.normalize(), VISITS[-1].through)))
    checks = {(check.day, check.grid): check for check in plan.checks.itertuples()}
    chosen = _inspections(slots, plan, sites, rng) if month == JULY else {}
    chance = rng.random(n)
    for row, (day, grid) in enumerate(zip(slots["day"], slots["grid"], strict=True)):
        check = checks.pop((day, grid), None)
        if row in chosen:
            target, mode[row] = chosen[row], "inspection"
        elif check is not None and row not in chosen:
            kind[row], number[row], mode[row] = "lead", check.number, "verification"
            finding[row] = "confirmed" if check.result == "confirmed" else "none"
            continue
        elif chance[row] < 0.85:
            target = _most_urgent(plan.targets[grid], sites, day, recorded)
        else:
            target = None
        if target is None:
            continue
        kind[row], number[row], at[row] = target.kind, target.number, target.position
        points[row] = target.point
        target.seen = day
        if target.kind == "site" and mode[row] == "patrol":
            site = sites.all[target.position]
            if not site.active(day):
                mode[row] = "revisit"
            elif month != JULY and rng.random() < 0.6 and not any(event_day == day for event_day, _ in site.events):
                mode[row] = "inspection"
    active = np.array([position >= 0 and sites.all[position].active(day) for position, day in zip(at, slots["day"], strict=True)])
    doubt = rng.random(n)
    finding = np.where((finding == "none") & np.where(active, doubt < 0.3, doubt < 0.012), "suspect", finding)
    finding = np.where(active & (mode == "inspection") & (doubt < 0.16), "confirmed", finding)
    return slots.assign(kind=kind, number=number, mode=mode, finding=finding, point=points)


def _most_urgent(targets: list[Target], sites: Sites, day: pd.Timestamp, recorded: pd.Timestamp) -> Target | None:
    """The target that has waited longest against its cycle; None where all were seen lately."""
    best, longest = None, 0.75
    for target in targets:
        if target.since < day < target.until and target.known <= recorded:
            open_site = target.kind == "site" and sites.all[target.position].active(day)
            waited = (day - target.seen).days / (_CYCLE_DAYS["active"] if open_site else _CYCLE_DAYS[target.kind])
            if waited > longest:
                best, longest = target, waited
    return best


def _inspections(slots: pd.DataFrame, plan: Plan, sites: Sites, rng: np.random.Generator) -> dict[int, Target]:
    """Choose the visits of July that inspect an active site: none on a day on which something happened there."""
    checks = {(check.day, check.grid) for check in plan.checks.itertuples()}
    found: list[tuple[int, Target]] = []
    for row in rng.permutation(len(slots)):
        day, grid = slots["day"][row], slots["grid"][row]
        for target in plan.targets[grid] if (day, grid) not in checks else []:
            if target.kind == "site":
                site = sites.all[target.position]
                busy = any(abs((event_day - day).days) < 1 for event_day, _ in site.events)
                if site.active(day) and not busy and sum(one is target for _, one in found) < 4:
                    found.append((int(row), target))
                    break
        if len(found) == INSPECTIONS_JULY:
            return dict(found)
    raise AssertionError("July has too few visits at active sites for the inspections of S0")


def _loose(month: pd.Period, totals: pd.Series, geography: Geography, rng: np.random.Generator) -> pd.DataFrame:
    """The visits whose row names only a street, or whose point lies outside every area (DESIGN 10)."""
    working = totals.index[totals.index.dayofweek < 5][:-1]
    streets = geography.grids["street_code"].unique()
    rows = [{"street_code": str(rng.choice(streets)), "point": None} for _ in range(14 if month == JULY else 5)]
    rows += [{"street_code": None, "point": point} for point in (_OUTSIDE if month == JULY else _OUTSIDE[:1])]
    frame = pd.DataFrame(rows).assign(kind="grid", number=None, mode="patrol", finding="none", visits=1, grid=-1)
    return frame.assign(day=rng.choice(working, len(frame)))


def _in_rows(slots: pd.DataFrame) -> pd.DataFrame:
    """Join the 户次 spent on one grid as a whole on one day into one row; the others are a row each."""
    plain = slots["kind"] == "grid"
    ranked = slots[plain].assign(rank=pd.Categorical(slots["finding"][plain], _GRAVITY).codes)
    joined = ranked.groupby(["day", "grid"], as_index=False).agg(visits=("rank", "size"), rank=("rank", "max"))
    joined = joined.assign(kind="grid", mode="patrol", finding=np.array(_GRAVITY, dtype=object)[joined["rank"]]).drop(columns="rank")
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
