"""The status and risk of a site on a day, from what happened there up to that day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

GONE = ("closed", "self_closed", "cleared")
"""Statuses of a site where nobody practises."""

ORDER = {"found": 0, "relapsed": 1, "warned": 2, "ordered": 3, "self_closed": 4, "closed": 5, "cleared": 6, "graded": 7}
"""The order of events of one day: what is found and closed on a day ends it closed."""

_STATUS = {"found": "active", "relapsed": "active", "closed": "closed", "self_closed": "self_closed", "cleared": "cleared"}


def in_order(events: pd.DataFrame) -> pd.DataFrame:
    """The events by site, day and order within the day; row order of the input does not matter.

    Args:
        events: site_id, day (datetime), event, and any further columns.
    """
    ranked = events.assign(_rank=events["event"].map(ORDER))
    keys = ["site_id", "day", "_rank", *(name for name in ("risk",) if name in events)]
    return ranked.sort_values(keys, kind="stable").drop(columns="_rank").reset_index(drop=True)


def status_changes(events: pd.DataFrame) -> pd.DataFrame:
    """The events that set a status, in order: frame[site_id, day, event, status].

    A warning or an order leaves the status as it is; as a site's first event it means that the
    site was found active.
    """
    ordered = in_order(events[events["event"] != "graded"])
    soft = ordered["event"].isin(["warned", "ordered"])
    first = ~ordered.duplicated("site_id")
    kept = ordered[~soft | first].copy()
    kept["status"] = kept["event"].map(_STATUS).fillna("active")
    return kept[["site_id", "day", "event", "status"]]


def site_status(sites: pd.DataFrame, events: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """What each site is on a day.

    Args:
        sites: id, first_seen (datetime, NaT allowed).
        events: site_id, day, event, risk; later days than ``as_of`` are not looked at.
        as_of: the day asked about.

    Returns:
        One row a site that is known on that day, indexed by id: status (active, closed,
        self_closed, cleared, unknown where nothing but its being listed is known), status_since,
        risk (high, mid, low, ungraded), began_on (the first day it is known of, NaT where the
        register gives no day), last_event_on (last encounter: every event but a grading).
    """
    day = pd.Timestamp(as_of)
    ids = pd.Index(sites["id"], name="id")
    every = events[["site_id", "day"]].groupby("site_id")["day"].min().reindex(ids)
    first_seen = pd.Series(pd.to_datetime(sites["first_seen"]).to_numpy("datetime64[s]"), index=ids)
    began = pd.concat([first_seen, every.astype("datetime64[s]")], axis=1).min(axis=1)
    past = events[events["day"] <= day]
    changes = status_changes(past).drop_duplicates("site_id", keep="last").set_index("site_id")
    graded = in_order(past[past["event"] == "graded"]).drop_duplicates("site_id", keep="last").set_index("site_id")
    met = past[past["event"] != "graded"].groupby("site_id")["day"].max()
    found = pd.DataFrame(
        {
            "status": changes["status"].reindex(ids).astype("str").fillna("unknown"),
            "status_since": changes["day"].reindex(ids).astype("datetime64[s]").fillna(began),
            "risk": graded["risk"].reindex(ids).astype("str").fillna("ungraded"),
            "began_on": began,
            "last_event_on": met.reindex(ids).astype("datetime64[s]"),
        },
        index=ids,
    )
    found.loc[~found["risk"].isin(["high", "mid", "low"]), "risk"] = "ungraded"
    return found[found["began_on"].isna() | (found["began_on"] <= day)]


def closed_all_day(visits: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Whether the visited site was closed, self-closed or cleared during the whole day of the visit.

    A visit on the day of 取缔 met an open site: it was not closed when entered. So did a visit on
    the day of 回潮.

    Args:
        visits: site_id, day.
        events: site_id, day, event of (at least) those sites.

    Returns:
        A bool on the index of ``visits``; False for a site of which nothing is known.
    """
    changes = status_changes(events)
    reopened = changes[changes["status"] == "active"].drop_duplicates(["site_id", "day"])
    before = _status_before(visits, changes)
    met = visits[["site_id", "day"]].merge(
        reopened[["site_id", "day"]].assign(reopened=True), on=["site_id", "day"], how="left"
    )["reopened"]
    return pd.Series(before.isin(GONE).to_numpy() & met.isna().to_numpy(), index=visits.index)


def _status_before(visits: pd.DataFrame, changes: pd.DataFrame) -> pd.Series:
    asked = visits[["site_id", "day"]].assign(_row=np.arange(len(visits))).dropna(subset=["site_id"])
    asked = asked.assign(site_id=asked["site_id"].astype("str"), day=asked["day"].astype("datetime64[s]"))
    known = changes.assign(site_id=changes["site_id"].astype("str"), day=changes["day"].astype("datetime64[s]"))
    last = known.drop_duplicates(["site_id", "day"], keep="last").sort_values("day", kind="stable")
    joined = pd.merge_asof(
        asked.sort_values("day", kind="stable"), last[["site_id", "day", "status"]],
        on="day", by="site_id", allow_exact_matches=False,
    )  # fmt: skip
    return joined.set_index("_row")["status"].reindex(range(len(visits)))
