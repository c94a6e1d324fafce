"""How the hot spots came and went over the months: new, persistent, intensifying, receding, sporadic, historical."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data_access.database import Database
from data_access.events import events
from data_access.hotspots import Hotspots, neighbours_of
from data_access.relocated import relocated, successors
from rules.emerging import CODES, HOT_Z, classify
from rules.hotspots import area_significance
from rules.request import Filters, Scope

HOT_P = 0.05
"""An area is hot in a month below this p of its exact count, too: that of ``rules.emerging.HOT_Z``."""

MONTHS = 12
"""Months looked at, one period each: ArcGIS advises ten periods or more for such classes."""

STEADY = tuple(code for code in CODES.values() if code != "none")


@dataclass(frozen=True, slots=True)
class HotspotTrend:
    """The class of every area over the months.

    Attributes:
        months: first day of each period, the oldest first.
        classes: code of ``rules.emerging.CODES`` by code of the area; areas that never were hot are left out.
    """

    months: tuple[dt.date, ...]
    classes: dict[str, str]

    def of(self, members: tuple[str, ...] | list[str]) -> str:
        """The class that most of some areas have, the first of ``CODES`` among equals; ``none`` where none was ever hot."""
        counted = Counter(self.classes[code] for code in members if code in self.classes)
        return max(STEADY, key=lambda code: (counted[code], -STEADY.index(code))) if counted else "none"


def hotspot_trend(database: Database, filters: Filters, scope: Scope, found: Hotspots) -> HotspotTrend:
    """The classes of the areas of an answer over the ``MONTHS`` months up to its last day.

    Each month's Gi* is that of ``area_significance`` with today's outlines, neighbours and people; an
    area that its exact count does not call unlikely is not hot that month (a month has few events, and
    by Gi* alone some would be by chance). A month without any event has no hot area.
    """
    end = pd.Timestamp(found.last) + pd.Timedelta(days=1)
    edges = [end - pd.DateOffset(months=n) for n in range(MONTHS, -1, -1)]
    wide = filters.with_(start=edges[0].date(), end=found.last, agency=None, system=None)
    matters = events(database, wide, replace(scope, exact_points=True), found.kinds)
    heirs = successors(database, scope, filters.as_of, found.level, known_at=filters.known_at)
    column = f"{found.level}_code" if found.level != "district" else "street_code"
    place = pd.Index(found.units["code"]).get_indexer(relocated(matters, found.units, column, heirs))
    month = np.searchsorted(np.array(edges[1:-1], dtype="datetime64[s]"), matters["day"].to_numpy("datetime64[s]"), side="right")
    neighbours = neighbours_of(database, filters, scope, found.units)
    size = len(found.units)
    z = np.full((size, MONTHS), np.nan)
    for n in range(MONTHS if size else 0):
        counts = np.bincount(place[(month == n) & (place >= 0)], minlength=size).astype("float64")
        # People are where something happened, whatever the register of residents says.
        exposure = np.where((found.units["exposure"].to_numpy("float64") > 0) | (counts == 0), found.units["exposure"].to_numpy("float64"), 1.0)
        if counts.sum():
            tested = area_significance(counts, exposure, neighbours)
            score = tested["z"].to_numpy()
            z[:, n] = np.where(tested["p"] < HOT_P, score, np.minimum(score, np.nextafter(HOT_Z, 0)))
    classes = [CODES[word] for word in classify(z)] if size else []
    return HotspotTrend(tuple(edge.date() for edge in edges[:-1]), {code: one for code, one in zip(found.units["code"], classes, strict=True) if one != "none"})
