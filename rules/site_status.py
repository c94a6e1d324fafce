"""The status and risk of a site on a day, from what happened there up to that day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rules.event_line import NO_DAY, Line, days_of, event_line, scattered

GONE = ("closed", "self_closed", "cleared")
"""Statuses of a site where nobody practises."""

ORDER = {"found": 0, "relapsed": 1, "warned": 2, "ordered": 3, "self_closed": 4, "closed": 5, "cleared": 6, "graded": 7}
"""The order of events of one day: what is found and closed on a day ends it closed."""

_RISK_RANK = {"low": 1, "mid": 2, "high": 3}
_SOFT = ("warned", "ordered")


def changes(line: Line) -> Line:
    """The events that set a status; ``event`` becomes the status.

    A warning or an order leaves the status as it is; as a site's first event it means that the
    site was found active.
    """
    line = line.where(line.event != "graded")
    kept = line.where(~np.isin(line.event, _SOFT) | line.first())
    status = np.where(np.isin(kept.event, GONE), kept.event, "active")
    return Line(kept.owner, kept.day, status, kept.row)


def in_order(ids: pd.Index, events: pd.DataFrame) -> Line:
    """The events of the sites in order; two grades of one day end with the higher."""
    risk = events["risk"].to_numpy(object) if "risk" in events else np.full(len(events), None)
    tie = np.fromiter((_RISK_RANK.get(code, 0) for code in risk), dtype="int64", count=len(risk))
    return event_line(ids, events, "site_id", ORDER, tie)


def first_known(sites: pd.DataFrame, line: Line) -> np.ndarray:
    """The first day each site is known of: first seen or first event; NaT where there is neither."""
    first = line.first()
    begun = scattered(len(sites), line.owner[first], line.day[first], NO_DAY)
    return np.fmin(days_of(sites["first_seen"]), begun)


def site_status(sites: pd.DataFrame, events: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """What each site is on a day.

    Args:
        sites: id (unique), first_seen (datetime, NaT allowed).
        events: site_id, day, event, risk; later days than ``as_of`` are not looked at.
        as_of: the day asked about.

    Returns:
        One row a site that is known on that day, indexed by id: status (active, closed,
        self_closed, cleared, unknown where nothing but its being listed is known), status_since,
        risk (high, mid, low, ungraded), began_on (the first day it is known of, NaT where the
        register gives no day), last_event_on (last encounter: every event but a grading).
    """
    return history_of(sites, events).on(as_of)


@dataclass(frozen=True, slots=True)
class SiteHistory:
    """What happened to some sites, in order, so that their status on many days is quickly told.

    Attributes:
        ids: the sites.
        began: the first day each is known of, NaT where the register gives no day.
        changed: the events that set a status (``changes``).
        met: every event but a grading.
        graded: the gradings, with the grade of each in ``grades``.
    """

    ids: pd.Index
    began: np.ndarray
    changed: Line
    met: Line
    graded: Line
    grades: np.ndarray

    def on(self, as_of: dt.date) -> pd.DataFrame:
        """The answer of ``site_status``."""
        day, size = np.datetime64(as_of, "D"), len(self.ids)
        last, met = (line.where(line.day <= day) for line in (self.changed, self.met))
        last, met = last.where(last.last()), met.where(met.last())
        past = self.graded.day <= day
        graded, grades = self.graded.where(past), self.grades[past]
        newest = graded.last()
        graded, risk = graded.where(newest), grades[newest]
        known = np.isin(risk.astype(str), list(_RISK_RANK))
        since = scattered(size, last.owner, last.day, NO_DAY)
        found = pd.DataFrame(
            {
                "status": pd.array(scattered(size, last.owner, last.event.astype(object), "unknown"), dtype="str"),
                "status_since": np.where(np.isnat(since), self.began, since).astype("datetime64[s]"),
                "risk": pd.array(scattered(size, graded.owner[known], risk[known], "ungraded"), dtype="str"),
                "began_on": self.began.astype("datetime64[s]"),
                "last_event_on": scattered(size, met.owner, met.day, NO_DAY).astype("datetime64[s]"),
            },
            index=self.ids,
        )
        return found[np.isnat(self.began) | (self.began <= day)]


def history_of(sites: pd.DataFrame, events: pd.DataFrame) -> SiteHistory:
    """The history of some sites: id (unique) and first_seen of each; site_id, day, event, risk of the events."""
    ids = pd.Index(sites["id"], name="id")
    line = in_order(ids, events)
    graded = line.where(line.event == "graded")
    grades = events["risk"].to_numpy(object)[graded.row] if len(graded) else graded.event
    return SiteHistory(ids, first_known(sites, line), changes(line), line.where(line.event != "graded"), graded, grades)


def closed_all_day(visits: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Whether the visited site was closed, self-closed or cleared during the whole day of the visit.

    A visit on the day of 取缔 met an open site: it was not closed when entered. So did a visit on
    the day of 回潮.

    Args:
        visits: site_id (missing where the record names none), day.
        events: site_id, day, event of (at least) those sites.

    Returns:
        A bool on the index of ``visits``; False for a site of which nothing is known.
    """
    ids = pd.Index(visits["site_id"].dropna().unique())
    line = changes(in_order(ids, events))
    gone = np.isin(line.event, GONE)
    owner, day = ids.get_indexer(pd.Index(visits["site_id"])), days_of(visits["day"])
    # One number a (site, day), so that one search finds the last change before the day.
    stamp = line.owner.astype("int64") * 1_000_000 + line.day.astype("int64")
    asked = owner.astype("int64") * 1_000_000 + day.astype("int64")
    before = np.searchsorted(stamp, asked, side="left") - 1
    if not len(line):
        return pd.Series(False, index=visits.index)
    was_gone = (before >= 0) & (line.owner[before] == owner) & gone[before]
    reopened = np.isin(asked, stamp[~gone])
    return pd.Series(was_gone & ~reopened & (owner >= 0), index=visits.index)
