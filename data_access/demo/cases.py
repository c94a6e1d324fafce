"""Cases of the demo: what each is about, and its steps from filing to closing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data_access.demo.agencies import HOUSING, INSPECTORATE, MARKET, URBAN
from data_access.demo.geography import Geography
from data_access.demo.sites import Sites
from data_access.demo.story import CASES, PlantedCase
from data_access.demo.timeline import LAST, MONTHS, TODAY, month_days

JULY_2023 = pd.Timestamp("2023-07-01")
LAST_BEFORE_JULY = pd.Timestamp("2023-06-28")
"""Ordinary cases are decided by then, so that July's decisions are those of the notice."""

_ADVERTS = ("2023-06-29", "2023-07-06", "2023-07-13")



@dataclass
class Case:
    """One case while it is made up; ``steps`` are (day, case event) in order."""

    kind: str
    grid: int
    agency: str
    steps: list[tuple[pd.Timestamp, str]]
    site: int = -1
    category: str = "other"
    premises: str = "other"
    joint_on: pd.Timestamp | None = None
    fine_yuan: int | None = None
    penalty: str = "fine"
    number: str = field(default="", compare=False)

    def day_of(self, event: str) -> pd.Timestamp | None:
        return next((day for day, what in self.steps if what == event), None)

    @property
    def filed_on(self) -> pd.Timestamp:
        return self.steps[0][0]


def cases(geography: Geography, sites: Sites, seed: int) -> list[Case]:
    """Make every case, in the order of filing, from what was found at the sites.

    In July 2023 exactly one 无证行医 case is filed, two are decided (310 000 元), two 广告 cases
    are filed by 市场监管; on the 31st seven cases are open (DESIGN 10, S0).
    """
    rng = np.random.default_rng([seed, 8])
    made = [_planted(one, sites) for one in CASES]
    made += _of_findings(sites, made, rng)
    made += _adverts(geography, rng)
    made += _others(geography, rng)
    made.sort(key=lambda case: case.filed_on)
    counts: dict[int, int] = {}
    for case in made:
        year = case.filed_on.year
        counts[year] = counts.get(year, 0) + 1
        case.number = f"A-{year}-{counts[year]:03d}"
    return made


def _planted(one: PlantedCase, sites: Sites) -> Case:
    at = next(n for n, site in enumerate(sites.all) if site.key == one.premises)
    site = sites.all[at]
    steps = [(pd.Timestamp(day), event) for day, event in one.steps]
    return Case("unlicensed", site.grid, INSPECTORATE, steps, at, site.category, site.premises,
                pd.Timestamp(one.joint_on) if one.joint_on else None, one.fine_yuan)  # fmt: skip


def _of_findings(sites: Sites, planted: list[Case], rng: np.random.Generator) -> list[Case]:
    """About half of what was found led to a case; those found from April to July 2023 are the story's."""
    taken: set[int] = {sites.all[case.site].person for case in planted}
    made = []
    for at, site in enumerate(sites.all):
        for day, event in site.events:
            quiet = pd.Timestamp("2023-04-10") < day <= TODAY
            if day < pd.Timestamp("2022-01-01") or event not in {"found", "relapsed"} or quiet or site.person in taken or rng.random() < 0.42:
                continue
            steps = _steps(working_day(day + pd.Timedelta(days=int(rng.integers(1, 5)))), rng)
            if not steps:
                continue
            taken.add(site.person)
            joint = steps[0][0] + pd.Timedelta(days=2) if rng.random() < 0.35 else None
            fine = int(rng.choice([20_000, 30_000, 50_000, 60_000, 80_000, 100_000, 140_000], p=[0.24, 0.24, 0.22, 0.12, 0.1, 0.06, 0.02]))
            made.append(Case("unlicensed", site.grid, INSPECTORATE, steps, at, site.category, site.premises, joint, fine))
    return made


def working_day(day: pd.Timestamp) -> pd.Timestamp:
    return day + pd.Timedelta(days={5: 2, 6: 1}.get(day.day_of_week, 0))


def _steps(filed: pd.Timestamp, rng: np.random.Generator, longest: int = 82) -> list[tuple[pd.Timestamp, str]]:
    """An ordinary case: decided within its term, one in twelve late, some withdrawn; nothing after the demo's end."""
    term = int(rng.integers(28, longest))
    late = rng.random() < 0.08 and filed < pd.Timestamp("2023-02-01")
    decided = working_day(filed + pd.Timedelta(days=96 if late else term))
    if filed < JULY_2023:
        decided = min(decided, LAST_BEFORE_JULY)
    steps = [(filed, "filed"), (working_day(filed + pd.Timedelta(days=int(rng.integers(2, 8)))), "investigating")]
    if rng.random() < 0.06:
        return [*steps, (decided, "withdrawn")]
    steps += [(working_day(decided - pd.Timedelta(days=14)), "notified"), (decided, "decided")]
    if filed < JULY_2023:
        executed = min(working_day(decided + pd.Timedelta(days=int(rng.integers(8, 26)))), pd.Timestamp("2023-07-26"))
        steps += [(executed, "executed"), (min(executed + pd.Timedelta(days=2), pd.Timestamp("2023-07-28")), "closed")]
    return [step for step in steps if step[0] <= LAST]


def _adverts(geography: Geography, rng: np.random.Generator) -> list[Case]:
    """广告 cases by 市场监管: one or two a month, those of July settled by a warning within the month."""
    made = []
    for month in MONTHS:
        days = month_days(month)
        if month in (pd.Period("2023-06"), pd.Period("2023-07")):
            continue
        for _ in range(int(rng.integers(1, 3))):
            filed = days[rng.integers(len(days))]
            steps = _steps(filed, rng, 45)
            if steps[-1][1] != "closed" and filed < JULY_2023:
                steps = [*steps[:1], (filed + pd.Timedelta(days=20), "decided"), (filed + pd.Timedelta(days=24), "closed")]
            made.append(_advert(geography, rng, steps, int(rng.choice([3_000, 5_000, 10_000, 20_000]))))
    for text in _ADVERTS:
        filed = pd.Timestamp(text)
        steps = [(filed, "filed")]
        if filed.month == 7:
            steps += [(filed + pd.Timedelta(days=4), "investigating"), (pd.Timestamp("2023-07-24"), "decided"), (pd.Timestamp("2023-07-27"), "closed")]
        case = _advert(geography, rng, steps, None)
        if filed.month == 6:
            inside = geography.grids.index[geography.grids["street_code"] == "990114001"]
            case.grid = int(inside[len(inside) // 2])
        made.append(case)
    return made


def _advert(geography: Geography, rng: np.random.Generator, steps: list, fine: int | None) -> Case:
    grid = int(rng.integers(len(geography.grids)))
    premises = str(rng.choice(["beauty", "office", "wellness", "hotel"]))
    return Case("advert", grid, MARKET, steps, -1, "cosmetic" if premises == "beauty" else "other", premises, None, fine,
                "fine" if fine else "warning")  # fmt: skip


def _others(geography: Geography, rng: np.random.Generator) -> list[Case]:
    """A few cases of other kinds, each by the body that answers for them (S1 三)."""
    made = []
    for kind, agency, count, premises in (("licensed", INSPECTORATE, 6, "shopfront"), ("drug", MARKET, 5, "pharmacy"),
                                          ("rental", HOUSING, 5, "rental"), ("other", URBAN, 3, "stall")):  # fmt: skip
        for _ in range(count):
            filed = working_day(pd.Timestamp("2022-01-10") + pd.Timedelta(days=int(rng.integers(0, 440))))
            steps = _steps(filed, rng, 60)
            made.append(Case(kind, int(rng.integers(len(geography.grids))), agency, steps, -1, "other", premises, None, 5_000))
    return made


