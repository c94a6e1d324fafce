"""When a place or person must be seen again, and whether that was kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from rules.cycles import FEW_DAYS
from rules.due_days import due_after, months_later
from rules.event_line import NO_DAY, days_of
from rules.rulebook import Rule
from rules.working_days import WorkingCalendar


def monthly_due(last_seen: pd.Series) -> pd.Series:
    """The same day of the next month, clipped to its end: 31 January gives 28 or 29 February.

    Args:
        last_seen: days, NaT allowed.

    Source: DESIGN 12; S3 附件3 二.4.
    """
    return pd.Series(months_later(days_of(last_seen), 1).astype("datetime64[s]"), index=last_seen.index)


def site_cycle(status: pd.Series, risk: pd.Series) -> pd.Series:
    """The target (``Rule.target``) whose cycle binds a site; empty for a cleared one, which binds nobody.

    A closed or self-closed site is seen monthly whatever its grade (S3 附件3 二.4).
    """
    now, grade = status.to_numpy(object), risk.to_numpy(object)
    codes = np.select(
        [now == "cleared", (now == "closed") | (now == "self_closed"), grade == "high"],
        ["", "site_closed", "site_high"],
        default="site",
    )
    return pd.Series(codes.astype(object), index=status.index, dtype="str")


def subject_cycle(grade: pd.Series, of_closed: np.ndarray) -> pd.Series:
    """The target (``Rule.target``) whose cycle binds a listed person who is still active: the closest of those that do.

    Args:
        of_closed: whether a site of each stands closed; such a person is seen monthly (S3 附件3 二.4).
    """
    codes = np.select([(grade == "high").to_numpy(bool), of_closed], ["subject_high", "subject_closed"], default="subject")
    return pd.Series(codes.astype(object), index=grade.index, dtype="str")


def next_due(last_seen: pd.Series, cycle: pd.Series, rules: Mapping[str, Rule]) -> pd.Series:
    """The day by which each must be seen again; NaT where never seen or bound by no cycle.

    Args:
        last_seen: day of the last encounter.
        cycle: target of the cycle that binds each, or empty.
        rules: the rule of each target (``rules.cycles.cycles``).
    """
    due = dues_of(days_of(last_seen), cycle.to_numpy(object), rules)
    return pd.Series(due.astype("datetime64[s]"), index=last_seen.index)


def dues_of(seen: np.ndarray, codes: np.ndarray, rules: Mapping[str, Rule]) -> np.ndarray:
    """``next_due`` of arrays: days as datetime64[D], codes as objects."""
    due = np.full(len(seen), NO_DAY)
    for code in set(codes) & rules.keys():
        bound, rule = codes == code, rules[code]
        due[bound] = due_after(seen[bound], rule.amount or 0, rule.unit or "day", WorkingCalendar())
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
    state = states_of(days_of(last_visit), days_of(last_seen), days_of(due_on), as_of)
    return pd.Series(state, index=due_on.index, dtype="str")


def states_of(visited: np.ndarray, seen: np.ndarray, due: np.ndarray, as_of: dt.date) -> np.ndarray:
    """``duty_state`` of arrays of datetime64[D], as objects."""
    day = np.datetime64(as_of, "D")
    bound = ~np.isnat(due)
    left = np.where(bound, due - day, 0).astype("int64")
    length = np.where(bound & ~np.isnat(seen), due - seen, 0).astype("int64")
    late = left < 0
    return _STATES[np.select(
        [np.isnat(seen), ~bound, late & np.isnat(visited), late, left <= np.clip(length // 5, 1, FEW_DAYS)],
        [0, 1, 0, 2, 3],
        default=4,
    )]  # fmt: skip


def seen_within_cycle(state: pd.Series) -> pd.Series:
    """Whether each was seen within its own cycle (ok or due)."""
    return state.isin(["ok", "due"])


_STATES = np.array(["never", "", "over", "due", "ok"], dtype=object)
