"""风险点存量: how many sites are at risk, and by which flows that changed: 期初 + 新增 + 回潮 - 清除 = 期末."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rules.site_status import GONE, changes, first_known, in_order

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
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
    ids = pd.Index(sites["id"])
    line = in_order(ids, events)
    began = first_known(sites, line)
    opened = np.flatnonzero(np.isnat(began) | (began <= last))
    changed = changes(line.where(line.day <= last))
    owner = np.concatenate([opened, changed.owner])
    day = np.concatenate([began[opened], changed.day])
    at_risk = np.concatenate([np.ones(len(opened), dtype=bool), ~np.isin(changed.event, GONE)])
    begins = np.arange(len(owner)) < len(opened)
    row = np.lexsort((np.arange(len(owner)), ~begins, owner))
    owner, day, at_risk, begins = owner[row], day[row], at_risk[row], begins[row]
    moved = begins | (at_risk != np.roll(at_risk, 1))
    owner, day, at_risk, begins = owner[moved], day[moved], at_risk[moved], begins[moved]
    part = np.where(begins, "added", np.where(at_risk, "relapsed", "cleared"))
    inside = ~np.isnat(day) & (day >= first)
    opening = _last_of_each(owner, ~inside) & at_risk
    closing = _last_of_each(owner, np.ones(len(owner), dtype=bool)) & at_risk
    picked = np.concatenate([np.flatnonzero(mask) for mask in (opening, inside, closing)])
    parts = np.concatenate([np.full(opening.sum(), "opening"), part[inside], np.full(closing.sum(), "closing")])
    return pd.DataFrame(
        {
            "site_id": pd.Series(ids.to_numpy(object)[owner[picked]], dtype="str"),
            "day": day[picked].astype("datetime64[s]"),
            "part": pd.Series(parts.astype(object), dtype="str"),
        }
    )


def _last_of_each(owner: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Among the masked rows (in order of owner), each owner's last."""
    rows = np.flatnonzero(mask)
    last = np.zeros(len(owner), dtype=bool)
    if len(rows):
        of = owner[rows]
        last[rows[np.append(of[1:] != of[:-1], True)]] = True
    return last


def stock_of(moves: pd.DataFrame) -> Stock:
    """The figures of the moves; an empty frame gives zeros."""
    counts = moves["part"].value_counts()
    return Stock(*(int(counts.get(part, 0)) for part in PARTS))
