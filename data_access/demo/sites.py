"""Premises where unlicensed practice was found, and what happened at them month by month."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data_access.demo.agencies import COMMISSION, INSPECTORATE, of_unit
from data_access.demo.geography import Geography
from data_access.demo.story import PREMISES, Premises, Stage
from data_access.demo.timeline import FIRST, MONTHS, REGISTERS, TODAY, known_from, month_days
from data_access.demo.units import Unit

COUNT_TODAY = 430
"""Sites known by the day the demo shows, 户."""

# By month from January 2022: about 72 closures a year (DESIGN 8); July 2023 is S0's 6.
_FOUND = (5, 3, 5, 6, 5, 4, 5, 4, 5, 5, 4, 3, 4, 4, 6, 5, 7, 6, 5, 4, 5)
_CLOSED = (6, 4, 6, 7, 6, 6, 7, 6, 6, 7, 6, 5, 5, 5, 7, 6, 7, 6, 6, 5, 6)
_SELF_CLOSED = (1, 1, 2, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 1, 2, 1, 1, 2, 1, 1, 1)
_RELAPSED = (1, 1, 2, 1, 1, 2, 1, 1, 2, 2, 1, 1, 2, 1, 2, 1, 2, 2, 2, 1, 1)
_CLEARED = (2, 2, 3, 2, 3, 3, 2, 3, 3, 2, 3, 3, 2, 2, 3, 3, 3, 3, 3, 3, 3)

_CATEGORIES = {
    "infusion": 0.33, "internal": 0.12, "cosmetic": 0.16, "dental": 0.12, "tcm": 0.11, "drug_sale": 0.04,
    "maternal": 0.03, "sex_identification": 0.02, "sex_selection": 0.015, "reproduction": 0.005, "std": 0.02,
    "eye": 0.02, "other": 0.01,
}  # fmt: skip
_PREMISES = {
    "infusion": {"rental": 0.42, "construction": 0.16, "residence": 0.1, "industrial_park": 0.12, "shopfront": 0.12, "market": 0.08},
    "internal": {"rental": 0.4, "shopfront": 0.25, "residence": 0.15, "market": 0.1, "industrial_park": 0.1},
    "cosmetic": {"beauty": 0.45, "residence": 0.15, "hotel": 0.15, "office": 0.17, "shopfront": 0.08},
    "dental": {"shopfront": 0.48, "rental": 0.27, "market": 0.25},
    "tcm": {"wellness": 0.45, "shopfront": 0.3, "rental": 0.15, "stall": 0.1},
    "drug_sale": {"pharmacy": 1.0},
    "reproduction": {"office": 0.6, "hotel": 0.4},
    "other": {"wellness": 0.5, "other": 0.5},
}  # fmt: skip
_ELSEWHERE = {"rental": 0.5, "shopfront": 0.25, "residence": 0.25}

# Sites per unit as the pictures spread them: more in the two large border towns.
_UNIT_PULL = {"005": 1.45, "006": 1.1, "007": 1.0, "008": 1.3, "001": 1.5, "011": 0.7, "009": 0.6, "012": 0.55, "010": 0.65}

ACTIVE_AFTER = {"found": True, "warned": True, "ordered": True, "relapsed": True,
                "closed": False, "self_closed": False, "cleared": False}  # fmt: skip


@dataclass
class Site:
    """One site while its life is made up: its grid, kinds, person, and events in order."""

    grid: int
    category: str
    premises: str
    person: int
    key: str = ""
    itinerant: bool = False
    stubborn: bool = False
    events: list[tuple[pd.Timestamp, str]] = field(default_factory=list)
    grades: list[tuple[pd.Timestamp, str]] = field(default_factory=list)
    number: str = ""
    lon: float | None = None
    lat: float | None = None

    def add(self, day: pd.Timestamp, event: str) -> None:
        self.events.append((day, event))

    def last(self, day: pd.Timestamp) -> str:
        """The last event up to a day (a grading is none); empty before the first."""
        at = bisect_right(self.events, day, key=lambda event: event[0])
        return self.events[at - 1][1] if at else ""

    def active(self, day: pd.Timestamp) -> bool:
        return ACTIVE_AFTER.get(self.last(day), False)

    @property
    def first_seen(self) -> pd.Timestamp:
        return self.events[0][0]


@dataclass(frozen=True)
class Sites:
    """Every site of the demo in the order of their discovery, and how many persons they name."""

    all: tuple[Site, ...]
    persons: int

    def by_key(self, key: str) -> Site:
        return next(site for site in self.all if site.key == key)

    def known_from(self) -> pd.Series:
        """Day on which each site was handed in, indexed by its number."""
        days = pd.Series({site.number: site.first_seen for site in self.all})
        return known_from(days, REGISTERS).where(days >= FIRST, FIRST)


def sites(geography: Geography, units: tuple[Unit, ...], stage: Stage, seed: int) -> Sites:
    """Make the sites: those of the story, the historic ones, and those found month by month."""
    rng = np.random.default_rng([seed, 3])
    made = [_planted(one, stage, person) for person, one in enumerate(PREMISES)]
    places = _Places(geography, stage, rng)
    people = _People(len(made), rng)
    until_today = MONTHS.index(TODAY.to_period("M")) + 1
    before = COUNT_TODAY - sum(_FOUND[:until_today]) - sum(site.first_seen < FIRST for site in made)
    made += [_historic(places, people, rng, still_active=n < 42) for n in range(before)]
    for index, month in enumerate(MONTHS):
        _one_month(made, index, month, places, people, rng)
    made.sort(key=lambda site: site.first_seen)
    points = geography.points_in(rng, np.array([site.grid for site in made]))
    young = set(geography.grids.index[geography.grids["code"].isin(geography.successors)])
    for number, (site, (lon, lat)) in enumerate(zip(made, points, strict=True), start=1):
        site.number = f"D-{number:04d}"
        site.itinerant = not site.key and rng.random() < 0.07
        site.itinerant = site.itinerant and site.grid not in young
        if not site.itinerant:
            site.lon, site.lat = float(lon), float(lat)
    _grade(made, rng)
    return Sites(tuple(made), people.count)


class _Places:
    """Draws grids for new sites: by people and unit, half of those since February 2023 in a patch."""

    def __init__(self, geography: Geography, stage: Stage, rng: np.random.Generator) -> None:
        pull = geography.grids["street_code"].str[-3:].map(_UNIT_PULL).fillna(1.0).to_numpy()
        weight = geography.grids["people"].to_numpy() * pull * rng.lognormal(0, 0.5, len(pull))
        self._weight = weight / weight.sum()
        self._patches = stage.patches[:4]
        self._rng = rng

    def draw(self, day: pd.Timestamp) -> int:
        if pd.Timestamp("2023-02-01") <= day <= TODAY and self._rng.random() < 0.4:
            return int(self._rng.choice(self._patches[self._rng.choice(4, p=[0.36, 0.26, 0.2, 0.18])]))
        return int(self._rng.choice(len(self._weight), p=self._weight))


class _People:
    """Hands out persons: mostly new ones, sometimes somebody found elsewhere before."""

    def __init__(self, planted: int, rng: np.random.Generator) -> None:
        self.count = self._planted = planted
        self._rng = rng

    def draw(self) -> int:
        if self.count > self._planted + 20 and self._rng.random() < 0.1:
            return int(self._rng.integers(self._planted, self.count))
        self.count += 1
        return self.count - 1


def _planted(one: Premises, stage: Stage, person: int) -> Site:
    site = Site(stage.premises[one.key], one.category, one.premises, person, one.key, stubborn=one.stubborn)
    for day, event in one.events:
        site.add(pd.Timestamp(day), event)
    return site


def _kinds(rng: np.random.Generator) -> tuple[str, str]:
    category = str(rng.choice(list(_CATEGORIES), p=np.array(list(_CATEGORIES.values())) / sum(_CATEGORIES.values())))
    shares = _PREMISES.get(category, _ELSEWHERE)
    return category, str(rng.choice(list(shares), p=list(shares.values())))


def _historic(places: _Places, people: _People, rng: np.random.Generator, *, still_active: bool) -> Site:
    """A site found before 2022: found, perhaps warned and ordered, ended unless it is still active."""
    earliest = pd.Timestamp("2020-06-01" if still_active else "2013-03-01")
    span = (pd.Timestamp("2021-12-10") - earliest).days
    day = earliest + pd.Timedelta(days=int(span * rng.beta(1.6, 1.0)))
    site = Site(places.draw(day), *_kinds(rng), people.draw())
    site.add(day, "found")
    day = _later(site, day, "warned", 0.4, rng, (1, 8))
    day = _later(site, day, "ordered", 0.5, rng, (2, 15))
    if still_active:
        site.stubborn = rng.random() < 0.2
        return site
    day = _later(site, day, "closed" if rng.random() < 0.72 else "self_closed", 1.0, rng, (1, 60))
    if rng.random() < 0.16 and day < pd.Timestamp("2021-06-01"):
        day = _later(site, day, "relapsed", 1.0, rng, (60, 180))
        day = _later(site, day, "closed", 1.0, rng, (1, 20))
    if day < pd.Timestamp("2019-01-01") and rng.random() < 0.3:
        _later(site, day, "cleared", 1.0, rng, (400, 900))
    return site


def _later(site: Site, day: pd.Timestamp, event: str, chance: float, rng: np.random.Generator, days: tuple[int, int]) -> pd.Timestamp:
    if rng.random() >= chance:
        return day
    after = min(day + pd.Timedelta(days=int(rng.integers(*days))), FIRST - pd.Timedelta(days=1))
    site.add(after, event)
    return after


def _one_month(made: list[Site], index: int, month: pd.Period, places: _Places, people: _People, rng: np.random.Generator) -> None:
    """Let sites be found, relapse, close and be cleared, in the numbers of the tables above."""
    days = month_days(month)
    days = days[:-2] if month == TODAY.to_period("M") else days

    def wanted(numbers: tuple[int, ...], event: str) -> int:
        return numbers[index] - sum(day.to_period("M") == month and what == event for site in made for day, what in site.events if site.key)

    for _ in range(wanted(_FOUND, "found")):
        day = days[rng.integers(len(days))]
        site = Site(places.draw(day), *_kinds(rng), people.draw())
        site.add(day, "found")
        made.append(site)
    free = [site for site in made if not site.key]
    start = days[0]
    for event, numbers, state, rest_days in (
        ("closed", _CLOSED, ("found", "warned", "ordered", "relapsed"), 4),
        ("self_closed", _SELF_CLOSED, ("found", "warned", "ordered", "relapsed"), 4),
        ("relapsed", _RELAPSED, ("closed", "self_closed"), 75),
        ("cleared", _CLEARED, ("closed", "self_closed"), 400),
    ):
        ready = [site for site in free if site.last(start) in state and site.events[-1][0] + pd.Timedelta(days=rest_days) < start]
        if event == "relapsed":
            ready = [site for site in ready if site.events[-1][0] > start - pd.Timedelta(days=900)]
        for position in rng.permutation(len(ready))[: wanted(numbers, event)]:
            site = ready[position]
            site.add(days[rng.integers(len(days))], event)
    for site in free:
        if site.last(start) in {"found", "relapsed"} and site.events[-1][0] < start and rng.random() < 0.25:
            site.add(days[rng.integers(len(days))], "ordered" if rng.random() < 0.6 else "warned")


def _grade(made: list[Site], rng: np.random.Generator) -> None:
    """Grade most sites: the last grades are 14 % high, 36 % middle, 50 % low (the pictures' shares)."""
    known = [site for site in made if site.first_seen <= TODAY]
    graded = [site for site in known if site.key in {"3 days", "34 days", "relapse after two penalties"}
              or rng.random() < (0.95 if site.first_seen < FIRST else 0.8 if site.first_seen < TODAY - pd.Timedelta(days=25) else 0.2)]  # fmt: skip
    danger = [2.0 * site.active(TODAY) + 0.9 * (site.category in {"infusion", "cosmetic"}) + 1.2 * bool(site.key)
              - 1.5 * (site.last(TODAY) == "cleared") + rng.normal(0, 0.9) for site in graded]  # fmt: skip
    order = np.argsort(danger)[::-1]
    high, middle = round(0.14 * len(order)), round(0.50 * len(order))
    for rank, position in enumerate(order):
        site = graded[position]
        grade = "high" if rank < high else "mid" if rank < middle else "low"
        earlier = grade if rng.random() < 0.75 else "mid"
        rounds = (("2022-03-07", earlier, 0.9), ("2023-03-06", grade if rng.random() < 0.8 else earlier, 0.8), ("2023-07-05", grade, 0.35))
        for day, given, chance in rounds:
            day = pd.Timestamp(day) + pd.Timedelta(days=int(rng.integers(0, 18)))
            if site.first_seen < day - pd.Timedelta(days=5) and rng.random() < chance:
                site.grades.append((day, given))
        if not site.grades:
            site.grades.append((min(site.first_seen + pd.Timedelta(days=int(rng.integers(4, 20))), TODAY - pd.Timedelta(days=3)), grade))
        elif site.grades[-1][1] != grade:
            site.grades[-1] = (site.grades[-1][0], grade)


def site_frame(made: Sites, geography: Geography, person_numbers: list[str]) -> pd.DataFrame:
    """The register of sites: the fields of ``kinds/sites.py``, and ``day`` of the first finding."""
    grids = geography.grids
    rows = []
    for site in made.all:
        located = site.lon is not None
        rows.append({
            "number": site.number, "name": f"示例诊疗点{site.number[2:]}", "address": f"示例路{int(site.number[2:]) * 3 + 1}号",
            "premises": site.premises, "category": site.category, "itinerant": site.itinerant, "stubborn": site.stubborn,
            "plan": "一点一方案：每半月回访，联合蹲守，掌握行医规律后清除" if site.stubborn else None,
            "first_seen": site.first_seen, "subject_id": person_numbers[site.person],
            "street_code": grids["street_code"][site.grid], "grid_code": None if located else grids["code"][site.grid],
            "lon": site.lon, "lat": site.lat, "day": site.first_seen,
        })  # fmt: skip
    return pd.DataFrame(rows)


def event_frame(made: Sites, geography: Geography) -> pd.DataFrame:
    """The register of site events in day order: the fields of ``kinds/site_events.py``."""
    rows = []
    for site in made.all:
        street = geography.grids["street_code"][site.grid]
        doer = {"found": INSPECTORATE, "closed": INSPECTORATE, "ordered": INSPECTORATE, "relapsed": INSPECTORATE}
        rows += [{"site_id": site.number, "day": day, "event": event, "risk": None,
                  "agency_code": doer.get(event, of_unit(street, "WSZX"))} for day, event in site.events]  # fmt: skip
        rows += [{"site_id": site.number, "day": day, "event": "graded", "risk": risk, "agency_code": COMMISSION}
                 for day, risk in site.grades]  # fmt: skip
    frame = pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)
    frame.insert(0, "number", [f"S-{n:05d}" for n in range(1, len(frame) + 1)])
    return frame
