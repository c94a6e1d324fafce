"""What can be visited: finds the target of a record within the scope, with what the form must show of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import or_, select

from data_access.areas import areas
from data_access.database import Database
from data_access.organisations import agency_names
from data_access.schema import FACTS, site_event
from data_access.scope import known, within
from rules.request import Scope
from rules.site_status import GONE, site_status

TABLES = {"site": "site", "construction": "construction_site", "subject": "subject", "lead": "lead"}
BEGINS = {"site": "first_seen", "construction": "started_on", "subject": "listed_on", "lead": "day"}
"""The column that says since when a thing is known; it is no target before that day."""
MODES = {"grid": "patrol", "site": "patrol", "construction": "patrol", "subject": "revisit", "lead": "verification"}
_PLACE = ("street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located")


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that can be visited, without personal data.

    Attributes:
        kind, id: as in the worklist's key ``KIND:ID``; for ``grid`` the code of an area.
        label: code or number that people read; empty where the thing has none.
        street_code, neighbourhood_code, grid_code: where it lies, as far as known.
        lon, lat: degrees; None where unknown or the scope sees no exact points.
        mode: how it is visited unless said otherwise (``vocabulary.VISIT_MODE``).
        status: of a site on the day (``vocabulary.SITE_STATUS``), else empty.
        category, premises: of a site or lead, or None.
        site_id, subject_id: what a lead found there would name, or None.
    """

    kind: str
    id: str
    label: str
    street_code: str | None
    neighbourhood_code: str | None
    grid_code: str | None
    lon: float | None = None
    lat: float | None = None
    mode: str = "patrol"
    status: str = ""
    category: str | None = None
    premises: str | None = None
    site_id: str | None = None
    subject_id: str | None = None

    @property
    def area_code(self) -> str | None:
        """The smallest area it is known to lie in."""
        return self.grid_code or self.neighbourhood_code or self.street_code

    @property
    def can_close(self) -> bool:
        """Whether 自行歇业 could be registered: a site that is not yet gone."""
        return self.kind == "site" and self.status not in GONE


def find_target(database: Database, scope: Scope, day: dt.date, kind: str, identifier: str) -> Target | None:
    """The target, or None: unknown and outside the scope are the same answer.

    Args:
        day: the product's day; areas and status are those of it.
        kind: one of ``rules.visit_record.TARGET_KINDS``.
    """
    if kind == "grid":
        return _area(database, scope, day, identifier)
    if kind not in TABLES:
        return None
    table = FACTS[TABLES[kind]]
    named = [name for name in ("number", "category", "premises", "site_id", "subject_id") if name in table.c]
    begins = table.c[BEGINS[kind]]
    asked = select(*(table.c[name] for name in (*named, *_PLACE))).where(
        table.c.id == identifier, known(table, None), within(table, scope), or_(begins.is_(None), begins <= day)
    )
    with database.read() as connection:
        row = connection.execute(asked).first()
    if row is None:
        return None
    found = row._mapping
    exact = scope.exact_points and found["located"] == "point"
    status = _status(database, scope, identifier, day) if kind == "site" else ""
    return Target(
        kind, identifier, found["number"] or "", found["street_code"], found["neighbourhood_code"], found["grid_code"],
        found["lon"] if exact else None, found["lat"] if exact else None,
        "revisit" if status in GONE else MODES[kind], status, found.get("category"), found.get("premises"),
        identifier if kind == "site" else found.get("site_id"), identifier if kind == "subject" else found.get("subject_id"),
    )


def agency_for(database: Database, scope: Scope, day: dt.date, target: Target) -> str | None:
    """The agency that a record counts for: the scope's own, else the office of the target's street; None where neither is known."""
    if scope.agencies:
        return scope.agencies[0]
    agencies = agency_names(database, scope, day)
    own = agencies[(agencies["system"] == "street") & (agencies["area_code"] == target.street_code)]
    return None if own.empty or target.street_code is None else str(own.sort_values("code")["code"].iat[0])


def _area(database: Database, scope: Scope, day: dt.date, code: str) -> Target | None:
    everything = areas(database, scope, day)
    rows = everything[(everything["code"] == code) & (everything["level"] != "district")]
    if rows.empty:
        return None
    row = rows.iloc[0]
    grid = code if row["level"] == "grid" else None
    inside = [one for one in (row["street_code"], row["neighbourhood_code"], grid) if isinstance(one, str)]
    if scope.areas and not set(inside) & set(scope.areas):
        return None
    if scope.agencies and not set(inside) & _territory(database, scope, day, inside):
        return None
    street, neighbourhood = (one if isinstance(one, str) else None for one in (row["street_code"], row["neighbourhood_code"]))
    label = code if grid else str(row["name"])
    return Target("grid", code, label, street, neighbourhood, grid, *_label_point(row), mode="patrol")


def _territory(database: Database, scope: Scope, day: dt.date, inside: list[str]) -> set[str]:
    """The areas of the scope's agencies; an agency of the whole district works everywhere."""
    agencies = agency_names(database, scope, day)
    own = agencies.loc[agencies["code"].isin(scope.agencies), "area_code"]
    return set(inside) if own.isna().any() or (own == scope.district).any() else set(own)


def _label_point(row: pd.Series) -> tuple[float | None, float | None]:
    lon, lat = row["label_lon"], row["label_lat"]
    return (None, None) if pd.isna(lon) or pd.isna(lat) else (float(lon), float(lat))


def _status(database: Database, scope: Scope, site_id: str, day: dt.date) -> str:
    e = site_event
    asked = select(e.c.site_id, e.c.day, e.c.event, e.c.risk).where(
        e.c.district_code == scope.district, e.c.site_id == site_id, e.c.day <= day, known(e, None)
    )
    thing = pd.DataFrame({"id": [site_id], "first_seen": pd.to_datetime([day])})
    status = site_status(thing, database.frame(asked), day)
    return "" if status.empty else str(status["status"].iat[0])
