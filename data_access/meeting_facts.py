"""The facts of a joint meeting in one value: all that its screen shows and its papers print."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from data_access.agencies import deadlines
from data_access.areas import area_names
from data_access.cases import open_cases
from data_access.comparison import first_record
from data_access.database import Database
from data_access.districts import is_demo
from data_access.event_density import event_density
from data_access.facts_cut import cut
from data_access.hotspot_trend import hotspot_trend
from data_access.hotspots import Hotspots, hotspots
from data_access.meeting_effects import campaign_facts, recurrence_facts
from data_access.meeting_hotspots import HotspotFacts
from data_access.meeting_record import decision_facts, meeting_record
from data_access.meeting_streets import agency_facts, figure_facts, short_names, street_facts
from data_access.narrowing import last_day
from data_access.organisations import agency_names
from data_access.placed import seen
from data_access.plain import plain, plain_rows
from data_access.registered_places import joint_needs, registered_places
from data_access.schema import transfer
from data_access.transfer_tracker import transfer_tracker
from data_access.versions import versions
from rules.request import Filters, Scope

__all__ = ["cut", "hotspot_window", "meeting_facts"]

VERSION = 1
HOTSPOT_MONTHS = 6
"""Months that hot spots look back over: one month holds too few events to tell a place from chance (DESIGN 8)."""


def meeting_facts(
    database: Database, filters: Filters, scope: Scope, *, before: tuple[dt.date, dt.date], meeting_id: str | None = None, now: dt.datetime,
    boundaries: str = "now", simulations: int = 999,
) -> dict[str, object]:  # fmt: skip
    """Everything a meeting looks at, as JSON holds it: the same rows give the same value.

    Hot spots are of the last ``HOTSPOT_MONTHS`` months up to the last day of the period (of the
    period itself where it is longer); all else is of the period, of the period before, or as of
    the day. Names of persons are masked whatever the scope. A street's meeting looks at its own
    street, whoever opens it.

    Args:
        before: first and last day of the period it is held against, of any length and age.
        meeting_id: the meeting that asks, or None.
        now: the instant at which the facts are taken, with its time zone.
        boundaries: ``now`` or ``then`` (``data_access.comparison``).
        simulations: of the scan.

    Returns:
        The fields of docs/decisions/meeting-facts.md; days as ISO text, missing and infinite numbers
        null, money in 元, ratios 0..1, coordinates EPSG:4326.

    Raises:
        UnknownMeeting: ``meeting_id`` is not known.
        ValueError: ``now`` has no time zone, or ``before`` ends before it begins.
    """
    if now.tzinfo is None:
        raise ValueError("now: expected an instant with its time zone")
    masked = replace(scope, personal=False)
    held = meeting_record(database, filters, masked, meeting_id) if meeting_id else None
    if held and held["level"] == "street" and held["street_code"] and masked.is_whole_district:
        masked = replace(masked, areas=(held["street_code"],))
    earlier = filters.with_(start=before[0], end=before[1], as_of=min(before[1], filters.as_of))
    streets, district = street_facts(database, filters, masked, before, boundaries)
    begins = first_record(database, masked)
    figures_now, figures_then = figure_facts(database, filters, earlier, masked)
    window = hotspot_window(filters)
    found = hotspots(database, window, masked, simulations=simulations)
    trend = hotspot_trend(database, window, masked, found)
    names = area_names(database, masked, filters.as_of, known_at=filters.known_at).get(scope.district, (scope.district, None, None))
    return {
        "version": VERSION,
        "district": {**district, "code": scope.district, "name": names[0], "name_en": names[1]},
        "demo": is_demo(database, scope.district),
        "scope": {"areas": list(masked.areas), "agencies": list(masked.agencies)},
        "as_of": plain(filters.as_of), "start": plain(filters.start), "end": plain(filters.end),
        "before": {"start": plain(before[0]), "end": plain(before[1]), "records_from": plain(begins) if begins and before[0] < begins else None}, "boundaries": boundaries,
        "taken_at": now.isoformat(), "data_version": dict(sorted(versions(database, scope.district).items())),
        "meeting": held,
        "figures": figures_now, "figures_before": figures_then,
        "streets": streets,
        "agencies": agency_facts(database, filters, masked),
        "hotspot_map": _map_facts(found),
        "density": event_density(found),
        "grid_classes": dict(zip(found.units["code"], found.units["class"], strict=True)),
        "emerging": {"months": [plain(day) for day in trend.months], "classes": trend.classes},
        "hotspots": [{**one, "trend": trend.of(one["members"])} for one in HotspotFacts(database, window, masked, found).each()],
        "decisions": decision_facts(database, filters, masked, meeting_id),
        "trackers": _trackers(database, filters, masked),
        "recurrence": recurrence_facts(database, window, masked),
        "campaign_effect": campaign_facts(database, filters, masked),
        "cases": _cases(database, filters, masked),
        "deadlines": _deadlines(database, filters, masked),
        "registered_places": plain(registered_places(database, filters, masked)),
        "joint_needs": plain(joint_needs(database, filters, masked)),
    }  # fmt: skip


def hotspot_window(filters: Filters) -> Filters:
    """The same question over the days that hot spots look back over."""
    last = pd.Timestamp(last_day(filters))
    first = (last + pd.Timedelta(days=1) - pd.DateOffset(months=HOTSPOT_MONTHS)).date()
    return filters.with_(start=min(filters.start, first), end=last.date())


def _map_facts(found: Hotspots) -> dict[str, object]:
    """What the significance map rests on."""
    return plain({
        "start": found.first, "end": found.last, "level": found.level, "basis": found.basis, "year": found.year, "kinds": list(found.kinds),
        "events": len(found.events), "unplaced": found.unplaced, "simulations": found.simulations,
    })  # fmt: skip


def _trackers(database: Database, filters: Filters, scope: Scope) -> dict[str, list[dict[str, object]]]:
    found = transfer_tracker(database, filters, scope)
    found = _with_names(database, filters, scope, found)
    subject = found["name"].fillna("").astype("str")
    found["subject"] = (found["number"].fillna("").astype("str") + " " + subject).str.strip()
    columns = ("subject", "penalties", "last_penalty_on", "again_on", "age_days", "street_code", "street", "agency_code", "agency", "agency_en", "reason", "ground", "article")
    return {state: plain_rows(found[found["state"] == state], columns) for state in ("must_transfer", "check_qualification", "watch")}


def _cases(database: Database, filters: Filters, scope: Scope) -> list[dict[str, object]]:
    """Open cases, the most urgent first: no grid, no place, no name before the decision (DESIGN 12)."""
    found = _with_names(database, filters, scope, open_cases(database, filters, scope))
    return plain_rows(found, ("number", "kind", "category", "street_code", "street", "stage", "days_left", "due_on", "agency_code", "agency", "agency_en"))


def _deadlines(database: Database, filters: Filters, scope: Scope) -> list[dict[str, object]]:
    """What is due, the most urgent first; of a transfer, who sent it (``from_agency``), too."""
    found = _with_names(database, filters, scope, deadlines(database, filters, scope))
    sent = seen(database, filters, scope, transfer, ("id", "from_agency")).set_index("id")["from_agency"]
    sender, named = found["id"].map(sent).where(found["kind"] == "transfer"), _named_agencies(database, filters, scope)
    found = found.assign(from_code=sender, from_agency=sender.map(named["name"]), from_agency_en=sender.map(named["name_en"]))
    return plain_rows(found, ("kind", "number", "title", "street_code", "street", "agency_code", "agency", "agency_en", "from_code", "from_agency", "from_agency_en", "due_on", "days_left"))


def _with_names(database: Database, filters: Filters, scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    agencies = _named_agencies(database, filters, scope)
    return rows.assign(street=rows["street_code"].map(short_names(database, filters, scope)), agency=rows["agency_code"].map(agencies["name"]), agency_en=rows["agency_code"].map(agencies["name_en"]))


def _named_agencies(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    return agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")[["name", "name_en"]]
