"""The state of a grid on a day: 按期 (ok), 临期 (due), 逾期 (over) or 从未巡查 (never)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rules.cycles import warning_days


def grid_state(days: pd.Series, cycle_days: int) -> pd.Series:
    """The state by days since the last visit, for a cycle of ``c`` days (DESIGN 12).

    With w = max(1, min(5, c // 5)): ok d < c - w; due c - w <= d <= c; over d > c; never no visit.

    Args:
        days: whole days since the last visit, missing where there was none.
        cycle_days: c, at least 1.

    Returns:
        Strings ``ok``, ``due``, ``over``, ``never`` on the index of ``days``.

    Raises:
        ValueError: ``cycle_days`` is below 1, or a visit lies after the day asked about.
    """
    if cycle_days < 1:
        raise ValueError(f"cycle_days: expected at least 1, found {cycle_days}")
    d = days.astype("Float64").to_numpy("float64", na_value=np.nan)
    if (d < 0).any():
        raise ValueError("a last visit lies after the day asked about")
    opening = cycle_days - warning_days(cycle_days)
    state = np.select(
        [np.isnan(d), d > cycle_days, d >= opening], ["never", "over", "due"], default="ok"
    )
    return pd.Series(state, index=days.index, dtype="str")


def inherited(last_visit: pd.Series, predecessors: Mapping[str, Sequence[str]]) -> pd.Series:
    """The last visit of every grid, counting those of the grids that it was cut from or merged from.

    Args:
        last_visit: day of the last visit by grid code, today's grids and their predecessors;
            NaT where there was none.
        predecessors: grid code to the codes of the grids before it, over any number of steps.

    Returns:
        The same index; a grid without predecessors keeps its own day.
    """
    heirs = {code: older for code, older in ancestors(predecessors).items() if code in last_visit.index}
    if not heirs:
        return last_visit.copy()
    index, own = last_visit.index, last_visit.to_numpy("datetime64[s]")
    found = own.copy()
    for code, older in heirs.items():
        at = index.get_indexer([code, *older])
        found[at[0]] = np.fmax.reduce(own[at[at >= 0]])
    return pd.Series(found, index=index, name=last_visit.name)


def ancestors(predecessors: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """Every grid before each grid that was cut from or merged from others, over any number of steps."""
    found = {}
    for code in predecessors:
        older: set[str] = set()
        ahead = list(predecessors[code])
        while ahead:
            before = ahead.pop()
            if before not in older and before != code:
                older.add(before)
                ahead.extend(predecessors.get(before, ()))
        found[code] = frozenset(older)
    return found
