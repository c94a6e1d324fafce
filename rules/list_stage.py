"""名单清查: how far each listed person has come, and the funnel of a street."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.event_line import NO_DAY, days_of
from rules.language import N_

STAGES = {
    "listed": N_("列入名单"),
    "system_checked": N_("系统比对"),
    "field_checked": N_("实地核查"),
    "active": N_("仍在活动"),
    "graded": N_("风险研判"),
    "controlled": N_("落实管控"),
    "joint_action": N_("联合执法"),
}
"""The stages in their order. Source: S0 二.2 (清查, 风险等级研判, 分类管控, 中高风险联合执法)."""
BASES = {
    "listed": N_("历史名单全部人员"), "system_checked": N_("名单全部人员"), "field_checked": N_("名单全部人员"), "active": N_("已实地核查人员"),
    "graded": N_("仍在活动人员"), "controlled": N_("仍在活动人员"), "joint_action": N_("仍在活动的中高风险人员"),
}  # fmt: skip
"""Of whom each stage counts."""
STEPS = ("system_checked", "field_checked", "graded", "controlled", "joint_action")
"""Stages that somebody must do; the others are findings."""
_DAYS = {"system_checked": "system_checked_on", "field_checked": "field_checked_on", "graded": "graded_on", "controlled": "control_on", "joint_action": "joint_action_on"}


def list_stages(listed: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """What has been done about each listed person by a day.

    Args:
        listed: listed_on, system_checked_on, field_checked_on, still_active (missing: not known),
            graded_on, grade, control_measure, control_on, joint_action_on, due_on; one row a person.
            A step dated later has not been done; a measure or grade without a day counts as written.
        as_of: the day asked about.

    Returns:
        The rows with, for each stage but ``listed``, two bools: ``asked_<stage>`` whether the person
        is in its base and ``<stage>`` whether it is done; pending, the first step that is asked and
        not done (empty: none); overdue, whether that step is past ``due_on``.
    """
    done = {stage: _by(listed[column], as_of) for stage, column in _DAYS.items()}
    undated = listed["graded_on"].isna() & listed["grade"].isin(["high", "mid", "low"])
    graded = done["graded"] | undated.to_numpy(bool)
    measured = listed["control_on"].isna() & (listed["control_measure"].fillna("").astype("str").str.strip() != "")
    controlled = done["controlled"] | measured.to_numpy(bool)
    everyone = np.ones(len(listed), dtype=bool)
    active = done["field_checked"] & listed["still_active"].fillna(False).to_numpy(bool)
    serious = active & graded & listed["grade"].isin(["high", "mid"]).to_numpy(bool)
    asked = {
        "system_checked": everyone, "field_checked": everyone, "active": done["field_checked"], "graded": active,
        "controlled": active, "joint_action": serious,
    }  # fmt: skip
    met = {**done, "active": active, "graded": graded, "controlled": controlled}
    found = listed.copy()
    for stage, base in asked.items():
        found[f"asked_{stage}"], found[stage] = base, base & met[stage]
    waiting = [asked[step] & ~met[step] for step in STEPS]
    found["pending"] = pd.Series(np.select(waiting, list(STEPS), default="").astype(object), index=listed.index, dtype="str")
    due = days_of(listed["due_on"])
    found["overdue"] = (found["pending"] != "").to_numpy() & ~np.isnat(due) & (due < np.datetime64(as_of, "D"))
    return found


def funnel(staged: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """n of N of every stage, by an area column or in all.

    Args:
        staged: of ``list_stages``.
        by: column to group by, or None.

    Returns:
        frame[code, stage, n, N, pending, overdue, next_due], by code and in the order of ``STAGES``:
        pending who wait for this stage first, overdue of them past their day, next_due the earliest
        day of those not yet past (NaT where none). Nobody: no rows by a column, else zeros.
    """
    place, codes = (np.zeros(len(staged), dtype="int64"), [""]) if by is None else pd.factorize(staged[by], sort=True)
    size = len(codes)

    def counted(mask: np.ndarray) -> np.ndarray:
        return np.bincount(place[mask & (place >= 0)], minlength=size)

    waiting, late, due = staged["pending"].to_numpy(object), staged["overdue"].to_numpy(bool), days_of(staged["due_on"])
    everyone = counted(np.ones(len(staged), dtype=bool))
    parts = {name: np.empty((size, len(STAGES)), dtype="int64") for name in ("n", "N", "pending", "overdue")}
    next_due = np.full((size, len(STAGES)), NO_DAY)
    for at, stage in enumerate(STAGES):
        waits = waiting == stage
        parts["n"][:, at] = everyone if stage == "listed" else counted(staged[stage].to_numpy(bool))
        parts["N"][:, at] = everyone if stage == "listed" else counted(staged[f"asked_{stage}"].to_numpy(bool))
        parts["pending"][:, at], parts["overdue"][:, at] = counted(waits), counted(waits & late)
        ahead = waits & ~late & (place >= 0)
        np.fmin.at(next_due[:, at], place[ahead], due[ahead])
    return pd.DataFrame({
        "code": pd.array(np.repeat(np.asarray(codes, dtype=object), len(STAGES)), dtype="str"),
        "stage": pd.array(list(STAGES) * size, dtype="str"), **{name: counts.ravel() for name, counts in parts.items()},
        "next_due": next_due.ravel().astype("datetime64[s]"),
    })  # fmt: skip


def _by(days: pd.Series, as_of: dt.date) -> np.ndarray:
    found = days_of(days)
    return ~np.isnat(found) & (found <= np.datetime64(as_of, "D"))
