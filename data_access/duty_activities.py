"""What was done about the duties to do something so often, and the papers that were handed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
from sqlalchemy import and_, select

from data_access import schema as s
from data_access.areas import places
from data_access.database import Database
from data_access.organisations import agencies_kept, agency_names
from data_access.registers import register
from data_access.scope import known
from data_access.versions import versions
from rules.duties.counted import ACTIVITY
from rules.duties.papers import LOOK
from rules.request import Filters, Scope


def activities(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Trainings, joint actions... of this year and the last: one row a street that took part, by its place or by its agencies.

    Typical cases are the district's, whether told as an activity or as a step of a case. Totals of
    streets are published: a joint action counts for each street, whoever asks.
    """
    wide = replace(scope, areas=(), agencies=())
    counters = versions(database, scope.district)
    streets = frozenset(places(database, wide, filters.as_of, "street", known_at=filters.known_at)["code"])
    name = ("activities of streets", counters["activity"], counters["case"], streets)

    def made(agencies: pd.DataFrame) -> pd.DataFrame:
        return _of_streets(database, filters, wide, streets, agencies.set_index("code")["area_code"])

    every = agencies_kept(database, wide, filters.as_of, name, made, known_at=filters.known_at)
    return _between(every, dt.date(filters.as_of.year - 1, 1, 1), filters.as_of)


def papers_given(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The papers on record (活动 材料报送): code of the street that handed each in, or of the district."""
    wide = replace(scope, areas=(), agencies=())
    streets = frozenset(places(database, wide, filters.as_of, "street", known_at=filters.known_at)["code"])
    name = ("papers given", versions(database, scope.district)["activity"], streets)

    def made(agencies: pd.DataFrame) -> pd.DataFrame:
        rows = register(database, filters, wide, s.activity, ("id", "number", "name", "day", "kind", "street_code", "agency_code"))
        rows = rows[rows["kind"] == "report"]
        of_agency = rows["agency_code"].map(agencies.set_index("code")["area_code"])
        own = rows["street_code"].fillna(of_agency.where(of_agency.isin(streets)))
        return _by_day(rows.assign(code=own.fillna(scope.district))[["id", "number", "name", "day", "code"]])

    every = agencies_kept(database, wide, filters.as_of, name, made, known_at=filters.known_at)
    return _between(every, filters.as_of - 2 * LOOK, filters.as_of)


def bodies(database: Database, filters: Filters, scope: Scope, streets: pd.DataFrame) -> pd.DataFrame:
    """Who hands papers in: frame[code, level, label, street_code]: streets, the district, the city where it has an office here.

    Args:
        streets: the streets asked about, and the district where all of it is: id, level, label, street_code.
    """
    rows = pd.DataFrame({"code": streets["id"], "level": streets["level"], "label": streets["label"], "street_code": streets["street_code"]})
    district = rows[rows["level"] == "district"]
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at)
    if len(district) and (agencies["level"] == "city").any():
        rows = pd.concat([rows, district.assign(level="city")], ignore_index=True)
    return rows


def _of_streets(database: Database, filters: Filters, wide: Scope, streets: frozenset[str], of_agency: pd.Series) -> pd.DataFrame:
    """id, day, kind, street_code of every activity that counts, by day."""
    t, part = s.activity, s.activity_agency
    held = register(database, filters, wide, t, ("id", "day", "kind", "street_code", "agency_code"))
    held = held[held["kind"].isin(list(ACTIVITY.values()))]
    joined = part.join(t, and_(part.c.activity_id == t.c.id, part.c.district_code == t.c.district_code))
    took_part = database.frame(
        select(t.c.id, t.c.day, t.c.kind, part.c.agency_code).select_from(joined).where(
            t.c.district_code == wide.district, known(t, filters.known_at), t.c.kind == ACTIVITY["joint_action"], known(part, filters.known_at)
        )
    )
    told = register(database, filters, wide, s.case_event, ("case_id", "day", "event"))
    typical = told[told["event"] == "typical_case"].rename(columns={"case_id": "id"})[["id", "day"]].assign(kind="typical_case", street_code=wide.district)
    own = held["street_code"].fillna(held["agency_code"].map(of_agency)).where(held["kind"] != "typical_case", wide.district)
    rows = pd.concat(
        [held.assign(street_code=own), took_part.assign(street_code=took_part["agency_code"].map(of_agency)), typical], ignore_index=True
    )[["id", "day", "kind", "street_code"]]
    return _by_day(rows[rows["street_code"].isin({*streets, wide.district})])


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("day", kind="stable", ignore_index=True)


def _between(rows: pd.DataFrame, first: dt.date, last: dt.date) -> pd.DataFrame:
    """The rows, in order of day, of the days from one to another, both included."""
    begin, end = rows["day"].searchsorted(pd.Timestamp(first), "left"), rows["day"].searchsorted(pd.Timestamp(last), "right")
    return rows.iloc[begin:end].reset_index(drop=True)
