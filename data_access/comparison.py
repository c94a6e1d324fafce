"""Two periods side by side, street by street, with a verdict that chance must allow."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pandas as pd
from sqlalchemy import func, select

from data_access.database import Database
from data_access.events import KINDS, events
from data_access.exposure import exposure
from data_access.hotspots import effort_by_area
from data_access.narrowing import inside, last_day
from data_access.relocated import relocated, shared_out, successors
from data_access.schema import case_event, lead, patrol_visit
from data_access.scope import known
from rules.compare import two_periods
from rules.language import N_
from rules.request import Filters, Scope

BOUNDARIES = {"then": N_("各期当时的区划"), "now": N_("今天的区划")}
"""By whose boundaries a period's events are given to streets."""

PER = {"people": N_("按人口和天数折算"), "visits": N_("按巡查户次折算")}
"""What events are held against: residents and workers times days, or 户次."""

NOT_COMPARABLE = N_("无从比较")
"""The verdict where a street had nothing to hold events against in one of the periods, or the register begins after the earlier one."""

NOTHING_KNOWN = (math.nan, math.nan, math.nan, math.nan, NOT_COMPARABLE)

COLUMNS = (
    "code", "name", "events_before", "events_after", "exposure_before", "exposure_after", "ratio", "low", "high", "p", "verdict",
)  # fmt: skip


def compare_streets(
    database: Database, filters: Filters, scope: Scope, before: tuple[dt.date, dt.date], *, kinds: tuple[str, ...] = KINDS,
    per: str = "people", boundaries: str = "now",
) -> pd.DataFrame:  # fmt: skip
    """Events of the period against those of an earlier one, by street and in all.

    Both periods are of any length and any years apart: events are held against what there was of
    people and days (or 户次) in each. The district's row holds every event of the scope, also those
    that lie in no street.

    Args:
        before: first and last day of the earlier period.
        kinds: which events count (``data_access.events.KINDS``).
        per: key of ``PER``; findings are fairly held against ``visits``.
        boundaries: key of ``BOUNDARIES``: ``now`` gives earlier events to today's streets, by their
            points, else by what their street became; ``then`` leaves them where they were counted.

    Returns:
        ``COLUMNS``, the scope's streets by code, then the district's code: exposure in thousand
        person-days (days alone where nobody counted the people in one of the periods; none before the first record) or in 户次, a street whose people were counted
        in the year of one period alone has them in both (``now``); missing like the events in a period in which the street did not exist or nothing was recorded yet; ratio, low, high (NaN
        or infinite where nothing happened) and p of ``rules.compare.two_periods``; verdict a Chinese
        source string. All of it is ``NOT_COMPARABLE`` where the earlier period ends before the
        district's first record.

    Raises:
        ValueError: another ``per`` or ``boundaries``, or a period that ends before it begins.
    """
    if per not in PER or boundaries not in BOUNDARIES:
        raise ValueError(f"per, boundaries: expected one of {tuple(PER)} and of {tuple(BOUNDARIES)}, found {per!r} and {boundaries!r}")
    if before[0] > before[1]:
        raise ValueError(f"before: {before[0]} is after {before[1]}")
    after_day = filters.as_of if boundaries == "now" else last_day(filters)
    before_day = filters.as_of if boundaries == "now" else before[1]
    earlier = filters.with_(start=before[0], end=before[1])
    begins = first_record(database, scope)
    was, people_then = _period(database, earlier, scope, kinds, per, before_day, begins)
    is_, people_now = _period(database, filters, scope, kinds, per, after_day, begins)
    if per == "people" and people_then != people_now:
        # People of one period alone are no measure of both.
        was, is_ = (one.assign(exposure=one["exposure"] / one["weight"]) for one in (was, is_))
    elif per == "people" and boundaries == "now":
        was, is_ = _with_people_of(was, is_, scope.district), _with_people_of(is_, was, scope.district)
    was, is_ = (one.drop(columns="weight") for one in (was, is_))
    found = was.merge(is_, on="code", how="outer", suffixes=("_before", "_after"))
    found["name"] = found["name_after"].fillna(found["name_before"])
    counts = ["events_before", "events_after", "exposure_before", "exposure_after"]
    last = found["code"] == scope.district
    found = pd.concat([found[~last].sort_values("code"), found[last]], ignore_index=True)
    if begins is None or before[1] < begins:
        # Nothing was recorded yet: no events then is no zero.
        found[["events_before", "exposure_before"]] = math.nan
    verdicts = [_compared(*row) for row in found[counts].itertuples(index=False, name=None)]
    made = pd.DataFrame(verdicts, columns=["ratio", "low", "high", "p", "verdict"], index=found.index)
    made = pd.concat([found, made], axis=1)[list(COLUMNS)]
    return made.astype({"events_before": "Int64", "events_after": "Int64", "code": "str", "name": "str", "verdict": "str"})


def _with_people_of(one: pd.DataFrame, other: pd.DataFrame, district: str) -> pd.DataFrame:
    """A period in which a street that nobody counted has the people of the other: else its events alone would be in the district's sum."""
    streets = one["code"] != district
    people = one["weight"].where(one["weight"] > 0, one["code"].map(other.set_index("code")["weight"]))
    people = people.where(streets, people[streets].sum())
    days = (one["exposure"] / one["weight"]).max()
    return one.assign(exposure=people * days) if days == days else one


def first_record(database: Database, scope: Scope) -> dt.date | None:
    """The day of the district's first patrol visit, lead or step of a case; None where there is none."""
    with database.read() as connection:
        days = [connection.execute(select(func.min(one.c.day)).where(one.c.district_code == scope.district, known(one, None))).scalar() for one in (patrol_visit, lead, case_event)]
    return min(filter(None, days), default=None)


def _period(
    database: Database, filters: Filters, scope: Scope, kinds: tuple[str, ...], per: str, day: dt.date, begins: dt.date | None
) -> tuple[pd.DataFrame, bool]:
    """code, name, events, exposure and what a day of it weighs of each street and of the district, and whether people were counted.

    Days before the first record are no days without events: they are not held against anything.
    """
    days = max(0, (last_day(filters) - max(filters.start, begins or filters.start)).days + 1)
    people = exposure(database, scope, day, "street", people_on=last_day(filters), known_at=filters.known_at)
    units = inside(people.units, filters, scope)
    heirs = successors(database, scope, day, "street", known_at=filters.known_at)
    # Points decide where an event lies today; nothing but counts leaves.
    matters = events(database, filters, replace(scope, exact_points=True), kinds)
    lying = relocated(matters, units, "street_code", heirs)
    found = units[["code", "name"]].copy()
    found["events"] = lying.value_counts().reindex(found["code"]).fillna(0).to_numpy("int64")
    counted = people.basis in {"own", "spread"}
    found["weight"] = units["exposure"] / 1000 if counted else 1.0
    if per == "visits":
        worked = effort_by_area(database, filters, scope, "street_code")["visits"]
        found["exposure"] = shared_out(worked.to_frame(), units, heirs)["visits"].to_numpy()
        everything = float(worked.sum())
    else:
        found["exposure"] = found["weight"].to_numpy() * days
        everything = float(found["exposure"].sum()) if counted else float(days)
    district = exposure(database, scope, day, "district", people_on=last_day(filters), known_at=filters.known_at).units
    name = district["name"].iloc[0] if len(district) else scope.district
    heavy = float(found["weight"].sum()) if counted else 1.0
    whole = pd.DataFrame({"code": [scope.district], "name": [name], "events": [len(matters)], "exposure": [everything], "weight": [heavy]})
    return pd.concat([found, whole], ignore_index=True), counted


def _compared(before: float, after: float, exposure_before: float, exposure_after: float) -> tuple[float, float, float, float, str]:
    # A missing exposure is not above zero either.
    if not (exposure_before > 0 and exposure_after > 0):
        return NOTHING_KNOWN
    found = two_periods(int(before), int(after), exposure_before, exposure_after)
    return found.ratio, *found.interval, found.p, found.verdict
