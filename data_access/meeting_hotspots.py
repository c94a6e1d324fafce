"""What the meeting is told about each hot spot: the sentence, the evidence on the spot, who should act."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data_access.areas import areas
from data_access.cases import open_cases
from data_access.construction import construction_sites
from data_access.coverage import grid_states
from data_access.database import Database
from data_access.hotspots import Hotspot, Hotspots
from data_access.plain import plain
from data_access.relocated import relocated, successors
from data_access.sites import sites
from data_access.transfer_tracker import transfer_tracker
from rules.day_words import days_words
from rules.hotspots import simulation_histogram
from rules.places import part_of
from rules.proposals import Evidence, propose
from rules.request import Filters, Scope
from rules.sentences import (
    both,
    hotspot_detail,
    hotspot_sentence,
    under_patrolled_detail,
    under_patrolled_sentence,
)

REPEATED = 2
"""Complaints about one kind of premises in one area from which they are repeated."""


class HotspotFacts:
    """Everything around the hot spots of one answer, read once.

    Args:
        found: the answer.
    """

    def __init__(self, database: Database, filters: Filters, scope: Scope, found: Hotspots) -> None:
        self.found, self.filters, self.scope = found, filters, scope
        column = f"{found.level}_code" if found.level != "district" else "street_code"
        heirs = successors(database, scope, filters.as_of, found.level, known_at=filters.known_at)
        rows = {
            "sites": sites(database, filters, scope), "construction": construction_sites(database, filters, scope),
            "cases": open_cases(database, filters, scope), "people": transfer_tracker(database, filters, scope),
        }  # fmt: skip
        self.rows = {name: _lying(one, found.units, column, heirs) for name, one in rows.items()}
        grids = grid_states(database, filters, scope)
        grids["unit"] = grids["code"] if found.level == "grid" else grids.get(column, grids["street_code"])
        self.rows["overdue"] = grids[grids["state"].isin(["over", "never"])]
        self.streets = areas(database, scope, filters.as_of, "street", known_at=filters.known_at).set_index("code")
        self.units = found.units.set_index("code")

    def each(self) -> list[dict[str, object]]:
        """The hot spots by rank, in plain values."""
        return [self.of(one) for one in self.found.found]

    def of(self, spot: Hotspot) -> dict[str, object]:
        """One hot spot in plain values."""
        members = list(spot.members)
        there = {name: rows[rows["unit"].isin(members)] for name, rows in self.rows.items()}
        matters = self.found.events[self.found.events["unit"].isin(members)]
        persons = there["people"]["state"].value_counts()
        evidence = Evidence(
            spot.kind, len(matters), _counts(matters["premises"]), _counts(matters["category"]), len(there["construction"]),
            int(persons.get("must_transfer", 0)), int(persons.get("watch", 0)), len(there["overdue"]),
        )  # fmt: skip
        proposal = propose(evidence)
        centre = self.units.loc[members[0]]
        names = self._name(spot)
        standing = there["sites"][there["sites"]["status"] != "cleared"]
        made = {
            "rank": spot.rank, "kind": spot.kind, "name": names["zh"], "name_en": names["en"],
            "street_codes": sorted(self.units.loc[members, "street_code"].dropna().unique()),
            "level": self.found.level, "members": members, "observed": spot.cluster.observed, "expected": spot.cluster.expected,
            "relative_risk": spot.cluster.relative_risk, "llr": spot.cluster.log_likelihood_ratio, "p": spot.cluster.p,
            "simulations": len(spot.cluster.simulated), "histogram": _histogram(spot), "class": spot.code,
            "sentence": both(lambda t: self._sentence(spot, t)), "detail": both(lambda t: self._detail(spot, t)),
            "repeat": _repeated(matters), "matters": len(matters), "sites": len(standing),
            "high_risk_sites": int((standing["risk"] == "high").sum()), "construction_sites": evidence.construction_sites,
            "overdue_grids": evidence.overdue_grids, "must_transfer": evidence.must_transfer, "watch": evidence.watch,
            "open_cases": [
                {"street_code": row.street_code, "street": self._street(row.street_code), "days_left": row.days_left}
                for row in there["cases"].itertuples()
            ],
            "effort": spot.effort, "due_effort": spot.due_effort, "thin_effort": spot.thin,
            "lead_system": proposal.lead, "support_systems": list(proposal.support), "reason": both(proposal.sentence),
            "lon": centre["label_lon"], "lat": centre["label_lat"], "radius_m": spot.cluster.radius,
        }  # fmt: skip
        return plain(made)

    def _street(self, code: object) -> str | None:
        return self.streets["name"].get(code) if isinstance(code, str) else None

    def _name(self, spot: Hotspot) -> dict[str, str]:
        """The part of the street it lies in: 荷渡西片."""
        there = self.units.loc[list(spot.members)]
        street = there["street_code"].mode()
        lon, lat = there["label_lon"].mean(), there["label_lat"].mean()
        if street.empty or street.iloc[0] not in self.streets.index:
            return {"zh": spot.members[0], "en": spot.members[0]}
        row = self.streets.loc[street.iloc[0]]
        middle = (row["label_lon"], row["label_lat"]) if row["geometry"] is None else row["geometry"].envelope.centroid.coords[0]
        east = (lon - middle[0]) * np.cos(np.radians(lat)) * 111.32
        north = (lat - middle[1]) * 110.574
        size = float(row["area_km2"] or 0) ** 0.5
        called = {"zh": row["short_name"] or row["name"], "en": row["name_en"] or row["name"]}
        return {language: both(lambda t, own=own: part_of(own, east, north, size, t))[language] for language, own in called.items()}

    def _sentence(self, spot: Hotspot, t) -> str:
        say = under_patrolled_sentence if spot.kind == "under_patrolled" else hotspot_sentence
        return say(spot.cluster, t, days=days_words(self.found.first, self.found.last, t), basis=self.found.basis)

    def _detail(self, spot: Hotspot, t) -> str:
        if spot.kind == "under_patrolled":
            found = int(self.units.loc[list(spot.members), "findings"].sum())
            return under_patrolled_detail(spot.cluster, t, effort=spot.effort, due_effort=spot.due_effort, found=found)
        total = int(self.found.units["events"].sum())
        return hotspot_detail(spot.cluster, t, total=total, basis=self.found.basis, effort=spot.effort, due_effort=spot.due_effort, thin=spot.thin)


def _lying(rows: pd.DataFrame, units: pd.DataFrame, column: str, heirs: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    points = rows if "lon" in rows else rows.assign(lon=np.nan, lat=np.nan)
    if column not in points:
        return rows.assign(unit=pd.Series(None, index=rows.index, dtype="str"))
    return rows.assign(unit=relocated(points, units, column, dict(heirs)))


def _counts(codes: pd.Series) -> dict[str, int]:
    return {str(code): int(number) for code, number in codes.dropna().value_counts().items()}


def _repeated(matters: pd.DataFrame) -> list[dict[str, object]]:
    """Areas and premises with several complaints, the most first."""
    complaints = matters[(matters["leads"] > 0) & matters["premises"].notna()]
    counted = complaints.groupby(["unit", "premises"]).size()
    rows = [{"grid": unit, "premises": premises, "count": int(number)} for (unit, premises), number in counted.items() if number >= REPEATED]
    return sorted(rows, key=lambda row: (-row["count"], row["grid"], row["premises"]))


def _histogram(spot: Hotspot) -> dict[str, object] | None:
    if not len(spot.cluster.simulated):
        return None
    edges, counts, own = simulation_histogram(spot.cluster)
    return {"edges": edges, "counts": counts, "own": own}
