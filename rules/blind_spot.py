"""盲区: where risk is known and nobody has been for long; 未巡查 never counts as 无发现."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rules.language import N_

CLASSES = {
    "never": N_("从未巡查"),
    "high_late": N_("高风险 · 逾期"),
    "mid_late": N_("中风险 · 逾期"),
    "low_late": N_("低风险 · 逾期"),
    "high_kept": N_("高风险 · 按期"),
    "mid_kept": N_("中风险 · 按期"),
    "low_kept": N_("低风险 · 按期"),
}
"""Risk crossed with whether somebody came within the cycle, the gravest first; never visited stands apart."""
BLIND = ("never", "high_late", "mid_late")
"""What is called a blind spot: risk known and nobody there in time, or nobody there ever."""
WEIGHTS = {"high": 3.0, "mid": 2.0, "low": 1.0}
"""Weight of a standing site by its grade; an ungraded one counts 1. This system's own choice."""
ACTIVE_WEIGHT = 2.0
"""How much more a site still practising weighs than a closed one."""
LEAD_WEIGHT = 1.0
"""Weight of a lead of the last ``LEAD_DAYS`` days that was not found unfounded."""
LEAD_DAYS = 180
HIGH, MID = 3.0, 1.5
"""From these weights on a grid counts as high or middle risk."""


def grid_risk(codes: pd.Series, sites: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """The weight and level of risk of every grid, from what is known there.

    Args:
        codes: every grid.
        sites: grid_code, status, risk of the sites not cleared.
        leads: grid_code, result of the leads of the last ``LEAD_DAYS`` days.

    Returns:
        frame[code, sites, leads, weight, risk], in the order of ``codes``: risk high, mid or low.
    """
    places = pd.Index(codes)
    weight = sites["risk"].map(WEIGHTS).fillna(1.0) * np.where(sites["status"] == "active", ACTIVE_WEIGHT, 1.0)
    open_leads = leads[leads["result"] != "unfounded"]
    counted = _sum(places, sites["grid_code"]), _sum(places, open_leads["grid_code"])
    total = _sum(places, sites["grid_code"], weight.to_numpy("float64")) + LEAD_WEIGHT * counted[1]
    risk = np.select([total >= HIGH, total >= MID], ["high", "mid"], default="low")
    return pd.DataFrame({
        "code": codes.to_numpy(), "sites": counted[0].astype("int64"), "leads": counted[1].astype("int64"), "weight": total,
        "risk": pd.array(risk.astype(object), dtype="str"),
    })  # fmt: skip


def blind_spot(risk: pd.Series, state: pd.Series) -> pd.Series:
    """The class of each grid (``CLASSES``) from its risk and the state of its patrol.

    Args:
        risk: high, mid or low.
        state: ok, due, over or never (``rules.grid_state``).
    """
    late = np.where(state.to_numpy(object) == "over", "_late", "_kept")
    crossed = (risk.to_numpy(object) + late).astype(object)
    found = np.where(state.to_numpy(object) == "never", "never", crossed)
    return pd.Series(found.astype(object), index=risk.index, dtype="str")


def _sum(places: pd.Index, codes: pd.Series, weights: np.ndarray | None = None) -> np.ndarray:
    at = places.get_indexer(pd.Index(codes))
    kept = at >= 0
    return np.bincount(at[kept], None if weights is None else weights[kept], minlength=len(places)).astype("float64")
