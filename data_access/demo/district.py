"""The demo district in full: every register, and each file with the moment at which it is handed in."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data_access.demo import construction, leads, meetings, patrols, persons, sites
from data_access.demo.activities import activities
from data_access.demo.agencies import agencies
from data_access.demo.case_registers import case_registers, cases_handed_in, transfers_handed_in
from data_access.demo.cases import cases
from data_access.demo.geography import Geography, draw
from data_access.demo.population import population
from data_access.demo.story import stage
from data_access.demo.tasks import tasks
from data_access.demo.teams import assignments, teams
from data_access.demo.timeline import (
    ACTIVITIES,
    CASES,
    FIRST,
    LAST,
    MEETINGS,
    OPENING,
    PENALTIES,
    REGISTERS,
    SITE_EVENTS,
    Moment,
    by_moment,
    known_from,
    moment,
)
from data_access.demo.units import units
from data_access.importing.kinds import kinds


@dataclass(frozen=True, slots=True)
class Source:
    """A feed as the screens name it.

    Attributes:
        code, name: of the feed.
        kind: the kind that it brings most of.
        expected_every_hours: None where no rhythm is expected.
        shown: whether the screens show its age.
    """

    code: str
    name: str
    kind: str
    expected_every_hours: int | None = None
    shown: bool = False


SOURCES = (
    Source("patrol", "巡查", "visits", 24, True),
    Source("hotline", "12345热线", "leads", 24, True),
    Source("penalty", "行政处罚", "cases", 24, True),
    Source("construction", "工地名录", "construction_sites", 48, True),
    Source("areas", "区域边界", "areas"),
    Source("agencies", "部门机构", "agencies"),
    Source("population", "区域人口", "population"),
    Source("teams", "巡查队", "teams"),
    Source("persons", "历年被查处对象名单", "persons"),
    Source("sites", "历史点位", "sites"),
    Source("tasks", "季度排查任务", "tasks"),
    Source("activities", "活动与行动", "activities"),
    Source("meetings", "联席会议", "meetings"),
    Source("campaigns", "专项行动", "campaigns"),
    Source("adverse", "负面事件", "adverse_events"),
)
_SOURCE_OF = {source.kind: source.code for source in SOURCES} | {
    "case_events": "penalty", "penalties": "penalty", "seizures": "penalty", "transfers": "penalty",
    "site_events": "sites", "decisions": "meetings", "liaisons": "meetings", "assignments": "teams",
}  # fmt: skip
STAFFING = moment("2023-01-01T08:30")
_SUFFIX = {"areas": ".geojson", "visits": ".csv"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as a customer would hand it in.

    Attributes:
        moment: when.
        kind: which register.
        frame: its rows, by the kind's fields.
        suffix: how it is written.
    """

    moment: Moment
    kind: str
    frame: pd.DataFrame
    suffix: str

    @property
    def source(self) -> str:
        return _SOURCE_OF[self.kind]

    @property
    def file_name(self) -> str:
        return f"{self.moment.now:%Y%m%d-%H%M}-{self.kind}{self.suffix}"


def deliveries(seed: int, names: str) -> list[Delivery]:
    """Every file of the demo in the order of handing in; the same seed gives the same rows.

    Args:
        seed: of all random numbers.
        names: see ``units.units``.
    """
    of_units = units(names)
    geography = draw(of_units, names, seed)
    scene = stage(geography, of_units)
    found = sites.sites(geography, of_units, scene, seed)
    numbers = persons.person_numbers(found.persons)
    people = persons.persons(found, geography, of_units, seed)
    building = construction.construction_sites(geography, {unit.code: unit.type for unit in of_units}, seed)
    reported = leads.leads(geography, found, scene, numbers, seed)
    handled = case_registers(cases(geography, found, seed), geography, found, reported, numbers, seed)
    seen = patrols.patrol_visits(geography, of_units, scene, found, building, people, reported, seed)
    done = activities(geography, of_units, found, meetings.CAMPAIGN_UNITS, seed)
    held = meetings.meetings(of_units, seed)
    person_known = known_from(people.set_index("number")["day"], REGISTERS).where(people.set_index("number")["day"] >= FIRST, FIRST)
    register = sites.site_frame(found, geography, numbers)
    parts: dict[str, list[tuple[Moment, pd.DataFrame]]] = {
        "areas": _areas(geography),
        "agencies": [(OPENING, agencies(of_units, geography, names))],
        "population": _population(population(geography, of_units, seed)),
        "teams": [(STAFFING, teams(of_units))],
        "assignments": [(STAFFING, assignments(of_units, geography))],
        "liaisons": [(STAFFING, meetings.liaisons(of_units))],
        "campaigns": _campaigns(meetings.campaigns(seen, done)),
        "persons": persons.handed_in(people, seed),
        "sites": _with_opening(register, REGISTERS),
        "construction_sites": construction.handed_in(building),
        "leads": leads.handed_in(reported, found.known_from(), person_known),
        "cases": cases_handed_in(handled.cases),
        "site_events": _with_opening(sites.event_frame(found, geography), SITE_EVENTS),
        "case_events": by_moment(handled.case_events, CASES),
        "penalties": by_moment(handled.penalties, PENALTIES),
        "seizures": by_moment(handled.seizures, PENALTIES),
        "transfers": transfers_handed_in(handled.transfers, PENALTIES),
        "visits": patrols.handed_in(seen),
        "tasks": tasks(geography, of_units, found, building, seen, seed),
        "activities": by_moment(done, ACTIVITIES),
        "meetings": by_moment(held, MEETINGS),
        "decisions": meetings.decisions_handed_in(meetings.decisions(held, geography, scene, seed)),
        "adverse_events": by_moment(meetings.adverse_events(geography, scene, seed), MEETINGS),
    }
    order = list(kinds())
    made = [Delivery(one, kind, frame, _SUFFIX.get(kind, ".xlsx")) for kind, handed in parts.items() for one, frame in handed if len(frame)]
    return sorted(made, key=lambda delivery: (delivery.moment.now, order.index(delivery.kind)))


def _areas(geography: Geography) -> list[tuple[Moment, pd.DataFrame]]:
    """The map of 2022, and the sheet that split one grid on the first day of 2023."""
    areas = geography.areas.assign(aliases=None, predecessors=[[code] if isinstance(code, str) else None for code in geography.areas["predecessors"]])
    young = areas["code"].isin(geography.successors)
    before = areas[~young].assign(valid_to=None)
    split = areas[young | (areas["code"] == geography.predecessor)]
    return [(OPENING, before), (moment("2023-01-01T07:30"), split)]


def _population(frame: pd.DataFrame) -> list[tuple[Moment, pd.DataFrame]]:
    return [(one, frame[frame["year"] == year]) for year, one in ((2022, OPENING), (2023, moment("2023-01-01T08:00")))]


def _campaigns(frame: pd.DataFrame) -> list[tuple[Moment, pd.DataFrame]]:
    start = frame.groupby("campaign_number")["start_on"].transform("min")
    return [(moment(f"{(day - pd.Timedelta(days=4)).date()}T09:00"), frame[start == day]) for day in sorted(start.unique())]


def _with_opening(frame: pd.DataFrame, moments: tuple[Moment, ...]) -> list[tuple[Moment, pd.DataFrame]]:
    """What lies before 2022 at the opening, the rest as it happened; nothing after the demo's end."""
    old = frame["day"] < FIRST
    return [(OPENING, frame[old]), *by_moment(frame[~old & (frame["day"] <= LAST)], moments)]

