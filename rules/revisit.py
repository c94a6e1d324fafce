"""When a place or person must be seen again, and whether that was kept."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.cycles import CYCLES, FEW_DAYS


def monthly_due(last_seen: pd.Series) -> pd.Series:
    """The same day of the next month, clipped to its end: 31 January gives 28 or 29 February.

    Args:
        last_seen: days, NaT allowed.

    Source: DESIGN 12; S3 附件3 二.4.
    """
    months = last_seen.to_numpy("datetime64[M]")
    first = months.astype("datetime64[D]")
    next_first = (months + 1).astype("datetime64[D]")
    next_length = (months + 2).astype("datetime64[D]") - next_first
    within = last_seen.to_numpy("datetime64[D]") - first
    due = next_first + np.minimum(within, next_length - np.timedelta64(1, "D"))
    return pd.Series(due.astype("datetime64[s]"), index=last_seen.index)


def site_cycle(status: pd.Series, risk: pd.Series) -> pd.Series:
    """The code in ``CYCLES`` that binds a site; empty for a cleared one, which binds nobody.

    A closed or self-closed site is seen monthly whatever its grade (S3 附件3 二.4).
    """
    codes = np.select(
        [status == "cleared", status.isin(["closed", "self_closed"]), risk == "high"],
        ["", "site_closed", "site_high"],
        default="site",
    )
    return pd.Series(codes, index=status.index, dtype="str")


def subject_cycle(grade: pd.Series) -> pd.Series:
    """The code in ``CYCLES`` that binds a listed person who is still active."""
    return pd.Series(np.where(grade == "high", "subject_high", "subject"), index=grade.index, dtype="str")


def next_due(last_seen: pd.Series, cycle: pd.Series, grid_cycle_days: int) -> pd.Series:
    """The day by which each must be seen again; NaT where never seen or bound by no cycle.

    Args:
        last_seen: day of the last encounter.
        cycle: codes of ``CYCLES``, or empty.
        grid_cycle_days: what a cycle without its own days takes.
    """
    due = pd.Series(pd.NaT, index=last_seen.index, dtype="datetime64[s]")
    for code in cycle.unique():
        if not code:
            continue
        bound = cycle == code
        rule = CYCLES[code]
        if rule.monthly:
            due[bound] = monthly_due(last_seen[bound])
        else:
            due[bound] = last_seen[bound] + pd.Timedelta(days=rule.days or grid_cycle_days)
    return due


def duty_state(last_visit: pd.Series, last_seen: pd.Series, due_on: pd.Series, as_of: dt.date) -> pd.Series:
    """ok, due, over or never, as for a grid; empty where nothing binds.

    An encounter that is no visit (the day it was found or closed) starts the clock. Who was never
    visited stays within the first cycle until its due day has passed, then is ``never``.

    Args:
        last_visit: day of the last patrol visit, NaT where none.
        last_seen: day of the last visit or other encounter, NaT where unknown.
        due_on: from ``next_due``.
        as_of: the day asked about.
    """
    day = pd.Timestamp(as_of)
    left = (due_on - day).dt.days
    length = (due_on - last_seen).dt.days
    window = np.clip(length // 5, 1, FEW_DAYS)
    unseen = last_seen.isna()
    state = np.select(
        [unseen, due_on.isna(), (left < 0) & last_visit.isna(), left < 0, left <= window],
        ["never", "", "never", "over", "due"],
        default="ok",
    )
    return pd.Series(state, index=due_on.index, dtype="str")


def seen_within_cycle(state: pd.Series) -> pd.Series:
    """Whether each was seen within its own cycle (ok or due)."""
    return state.isin(["ok", "due"])
