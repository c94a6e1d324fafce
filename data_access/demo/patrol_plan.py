"""What each patrol was for: the 户次 of a month laid on days and grids, and what was due there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_access.demo.geography import Geography
from data_access.demo.grid_days import last_days
from data_access.demo.sites import Sites
from data_access.demo.story import PATCHES, Stage
from data_access.demo.timeline import TODAY, VISITS, month_days
from data_access.demo.units import Unit

JULY = pd.Period("2023-07")
JULY_DAYS = (
    62, 34, 128, 119, 124, 131, 116, 36, 33, 122, 134, 186, 139, 127, 41, 35, 121, 115, 130, 133, 171,
    44, 37, 118, 136, 129, 158, 124, 40, 35, 117,
)  # fmt: skip
"""户次 of each day of July 2023: the shape of the pictures, 3175 in all (S0), 117 on the 31st."""

INSPECTIONS_JULY = 50
"""检查无证行医点 in July 2023, 户次 (S0)."""

_ALWAYS = pd.Timestamp("2100-01-01")
_BEFORE = pd.Timestamp("2021-12-01")
GRAVITY = ["none", "suspect", "confirmed"]
"""Findings from the least to the gravest."""

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
    seen: pd.Timestamp = _BEFORE


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


def plan_of(
    geography: Geography, units: tuple[Unit, ...], stage: Stage, sites: Sites,
    construction: pd.DataFrame, persons: pd.DataFrame, leads: pd.DataFrame, rng: np.random.Generator, seed: int,
) -> Plan:
    """What there is to see in each grid, how much of the patrols it gets, and when it was last seen."""  # fmt: skip
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


def day_totals(month: pd.Period, total: int, rng: np.random.Generator) -> pd.Series:
    """户次 of each day; weekends are lower."""
    days = month_days(month, working=False)
    if month == JULY:
        return pd.Series(JULY_DAYS, index=days)
    share = np.where(days.day_of_week < 5, 1.0, 0.3) * rng.uniform(0.8, 1.2, len(days))
    counts = np.floor(share / share.sum() * total).astype(int)
    counts[np.argmax(counts)] += total - counts.sum()
    return pd.Series(counts, index=days)


def slots_of(plan: Plan, geography: Geography, month: pd.Period, totals: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
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


def with_targets(slots: pd.DataFrame, plan: Plan, sites: Sites, month: pd.Period, rng: np.random.Generator) -> pd.DataFrame:
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
