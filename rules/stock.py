"""风险点存量: how many sites are at risk, and by which flows that changed: 期初 + 新增 + 回潮 - 清除 = 期末."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from rules.site_status import GONE, status_changes

PARTS = ("opening", "added", "relapsed", "cleared", "closing")


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of sites at risk over a period, in 个; ``opening + added + relapsed - cleared == closing``.

    Attributes:
        opening: at risk before the first day.
        added: found for the first time in the period.
        relapsed: at risk again after having been closed.
        cleared: closed (取缔), self-closed or cleared.
        closing: at risk after the last day.
    """

    opening: int
    added: int
    relapsed: int
    cleared: int
    closing: int


def stock_moves(sites: pd.DataFrame, events: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    """Every site in the opening stock and every move of the period: frame[site_id, day, part].

    A site is at risk from the first day it is known of (first seen or first event) until it is
    closed, self-closed or cleared, and again from a relapse. ``part`` is one of ``PARTS``; the
    parts' row counts are the figures of ``Stock``. A site known without any day was always there.

    Args:
        sites: id, first_seen.
        events: site_id, day, event.
        start, end: first and last day, both inclusive.
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    past = events[events["day"] <= last]
    ids = pd.Index(sites["id"])
    first_event = events.groupby("site_id")["day"].min().reindex(ids).astype("datetime64[s]")
    first_seen = pd.Series(pd.to_datetime(sites["first_seen"]).to_numpy("datetime64[s]"), index=ids)
    began = pd.concat([first_seen, first_event], axis=1).min(axis=1)
    opened = pd.DataFrame({"site_id": ids, "day": began.to_numpy(), "at_risk": True, "step": 0})
    changes = status_changes(past[past["site_id"].isin(ids)])
    changed = pd.DataFrame(
        {"site_id": changes["site_id"], "day": changes["day"].astype("datetime64[s]"), "at_risk": ~changes["status"].isin(GONE), "step": 1}
    )
    line = pd.concat([opened[opened["day"].isna() | (opened["day"] <= last)], changed])
    line = line.sort_values(["site_id", "step", "day"], kind="stable", na_position="first")
    before = line.groupby("site_id")["at_risk"].shift()
    line = line[(line["step"] == 0) | (line["at_risk"] != before)]
    part = pd.Series("relapsed", index=line.index, dtype="str")
    part = part.mask(~line["at_risk"].astype(bool), "cleared").mask(line["step"] == 0, "added")
    moves = line.assign(part=part)[["site_id", "day", "part"]]
    within = moves["day"] >= first
    ends = line.drop_duplicates("site_id", keep="last")
    closing = ends[ends["at_risk"].astype(bool)]
    earlier = line[~(line["day"] >= first)].drop_duplicates("site_id", keep="last")
    opening = earlier[earlier["at_risk"].astype(bool)]
    return pd.concat(
        [
            opening[["site_id", "day"]].assign(part="opening"),
            moves[within],
            closing[["site_id", "day"]].assign(part="closing"),
        ],
        ignore_index=True,
    )


def stock_of(moves: pd.DataFrame) -> Stock:
    """The figures of the moves; an empty frame gives zeros."""
    counts = moves["part"].value_counts()
    return Stock(*(int(counts.get(part, 0)) for part in PARTS))
