"""On which day each grid was last visited, so that the day shown has the planned states."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.geography import Geography
from data_access.demo.story import LONG_UNSEEN, VISITED, Stage
from data_access.demo.timeline import TODAY
from data_access.demo.units import Unit

NEVER = pd.NaT
DUE_SHARE = 0.095
"""Share of a unit's grids in the last days of their cycle."""


def last_days(
    geography: Geography, units: tuple[Unit, ...], stage: Stage, demand: np.ndarray, days: pd.Series, seed: int
) -> pd.Series:
    """The planned last visit of each grid up to the day shown, NaT for the never visited.

    By DESIGN 12 with a cycle of 30 days: 逾期 is later than 30 days, 临期 25 to 30, 按期 below 25.

    Args:
        demand: places to be seen in each grid a month; the busiest grids were seen last.
        days: 户次 of each day of July 2023, indexed by day; limits how many grids end on a day.

    Returns:
        Days in the order of ``geography.grids``.
    """
    rng = np.random.default_rng([seed, 9])
    grids = geography.grids
    near = np.zeros(len(grids))
    for patch in stage.patches:
        near[patch] = 1.2
    must_be_seen = {stage.premises[key] for key in VISITED}
    fixed = {stage.premises[key]: pd.Timestamp(day) for key, day in LONG_UNSEEN.items()}
    young = set(grids.index[grids["code"].isin(geography.successors)])
    score = rng.gumbel(0, 1.0, len(grids)) + near - 0.35 * demand
    last = pd.Series(pd.NaT, index=grids.index, dtype="datetime64[ns]")
    state = pd.Series("ok", index=grids.index)
    for unit in units:
        inside = grids.index[grids["street_code"] == unit.code]
        free = [n for n in inside if n not in must_be_seen | set(fixed) | young]
        order = sorted(free, key=lambda n: -score[n])
        held = [n for n in fixed if n in set(inside)]
        late = order[: unit.overdue - len(held)]
        rest = order[len(late) :]
        unseen = sorted(rest, key=lambda n: demand[n])[: unit.never]
        due = [n for n in rest if n not in set(unseen)][: round(DUE_SHARE * len(inside))]
        state[late + held], state[unseen], state[due] = "over", "never", "due"
    over = state.index[state == "over"]
    last[over] = TODAY - pd.to_timedelta(np.minimum(31 + rng.exponential(8, len(over)).astype(int), 58), unit="D")
    for grid, day in fixed.items():
        last[grid] = day
    due = state.index[state == "due"]
    last[due] = _spread(due, days[days.index <= TODAY - pd.Timedelta(days=25)], 0.45, demand, rng, lean=0.0)
    ok = state.index[state == "ok"]
    last[ok] = _spread(ok, days[days.index > TODAY - pd.Timedelta(days=25)], 0.62, demand, rng, lean=0.11)
    return last


def _spread(grids: pd.Index, days: pd.Series, room: float, demand: np.ndarray, rng: np.random.Generator, *, lean: float) -> np.ndarray:
    """Give each grid one of the days: late days more often, and to the grids with most to be seen."""
    wanted = days * np.exp(lean * (days.index - days.index[-1]).days)
    wanted = wanted / wanted.sum() * len(grids)
    most = np.floor(days * room).to_numpy()
    counts = np.minimum(np.floor(wanted).to_numpy(), most)
    while counts.sum() < len(grids):
        open_ = counts < most
        if not open_.any():
            raise AssertionError("July has too few visits for the planned grid states")
        counts[rng.choice(np.flatnonzero(open_), p=(wanted[open_] / wanted[open_].sum()).to_numpy())] += 1
    drawn = np.repeat(days.index.to_numpy(), counts.astype(int))
    order = np.argsort(demand[grids] + rng.normal(0, 1.2, len(grids)), kind="stable")
    result = np.empty(len(grids), dtype="datetime64[ns]")
    result[order] = np.sort(drawn)
    return result
