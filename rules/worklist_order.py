"""From duties to a list of places to go: one row a place, the most urgent duty first."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from rules.event_line import days_of
from rules.language import N_

COLUMNS = (
    "key", "rank", "title", "target_kind", "target_id", "label", "grid_code", "street_code", "neighbourhood_code",
    "lon", "lat", "state", "due_on", "days_left", "hours_left", "rule_ids", "reason", "facts", "risk", "category",
    "premises", "last_on", "owner_kind", "owner_code", "points", "adopted", "ours", "group",
)  # fmt: skip
GROUPS = {
    "lead": N_("投诉线索"),
    "site": N_("点位"),
    "construction": N_("工地"),
    "grid": N_("网格"),
    "subject": N_("重点人员"),
    "task": N_("季度任务"),
    "decision": N_("议定事项"),
    "police_transfer": N_("应移送"),
    "report": N_("材料报送"),
}
"""Kinds of place to go, in the order in which a list offers them, with their names; the last two ask for no journey."""
TITLES = {
    "lead": N_("核查新投诉"),
    "lead_contact": N_("先行联系投诉人"),
    "lead_verify": N_("核查投诉线索"),
    "site": N_("点位巡查"),
    "site_closed": N_("关停点位回访"),
    "site_high": N_("高风险点位"),
    "penalised": N_("处罚后复查"),
    "construction": N_("工地巡查"),
    "construction_first": N_("新开工工地首巡"),
    "grid": N_("网格巡查"),
    "subject": N_("重点人员走访"),
    "subject_closed": N_("关停点位人员回访"),
    "subject_high": N_("高风险人员走访"),
    "task": N_("季度任务"),
    "task_target": N_("季度任务对象"),
    "decision": N_("议定事项落实"),
    "police_transfer": N_("应移送公安"),
    "police_check": N_("核实从医资格"),
    "police_judge": N_("认定是否足以严重危害"),
    "report": N_("报送材料"),
}
"""What a row asks for, by its ``title`` code (Chinese source strings)."""
CHINA = ZoneInfo("Asia/Shanghai")
_RISKS = {"high": 0, "mid": 1}
_LEAST_RISK = 2


def worklist_of(
    duties: pd.DataFrame, as_of: dt.date, *, horizon_days: int = 1, now: dt.datetime | None = None, reference: bool = False
) -> pd.DataFrame:
    """The places to go on a day: late, never seen, or due within the horizon.

    Order: open complaints by the time left to them; then risk (high, then mid, then the others: a low
    grade is no more urgent than none); then days late, where what was never seen and has no due day
    counts as latest; then the due day; then the label. A place with several duties is one row that
    takes its most urgent one. Duties that nobody adopted (参考) bind nobody: they are left out, or
    with ``reference`` stand after all that bind.

    Args:
        duties: the obligations of the day, one row a rule and target; reason is what the rule is
            about (``Rule.target``).
        as_of: the day.
        horizon_days: how many days ahead a due day still calls: 0 is the day alone.
        now: the instant, with its time zone, for ``hours_left``.
        reference: whether places with duties that nobody adopted are listed too.

    Returns:
        ``COLUMNS``: adopted whether the first duty of the row binds; rank 1.. in the order; title a code of ``TITLES``; group a code of ``GROUPS``;
        rule_ids a tuple, the most urgent first; days_left Int64, negative when late; hours_left
        (float) for complaints until the end of the due day (民法典 第203条: 末日 24 时), NaN without
        ``now``; points the sum at stake now. Nothing to do: no rows.

    Raises:
        ValueError: ``horizon_days`` is negative, or ``now`` has no time zone.
    """
    if horizon_days < 0:
        raise ValueError(f"horizon_days: expected 0 or more, found {horizon_days}")
    if now is not None and now.tzinfo is None:
        raise ValueError("now: expected an instant with its time zone")
    left = duties["days_left"].astype("Int64")
    calls = (left <= horizon_days).fillna(False) | (duties["state"] == "never") & left.isna()
    binding = duties["target_kind"].isin(list(GROUPS)) & (duties["adopted"].astype("bool") | reference)
    found = duties[binding & calls.astype("bool")].copy()
    found["days_left"] = left[found.index]
    found["key"] = found["target_kind"] + ":" + found["target_id"].astype("str")
    found = found.take(urgency(found))
    found = found.sort_values("adopted", ascending=False, kind="stable", ignore_index=True)
    return _one_row_a_place(found, now)


def urgency(rows: pd.DataFrame) -> np.ndarray:
    """The positions of rows in the order of a worklist (see ``worklist_of``).

    Args:
        rows: target_kind, risk, state, days_left (Int64), due_on, label, rule_id.
    """
    complaint = (rows["target_kind"] == "lead").to_numpy()
    due = days_of(rows["due_on"])
    far = np.iinfo("int64").max
    due_number = np.where(np.isnat(due), far, due.astype("int64"))
    late = -rows["days_left"].astype("Int64").fillna(-far).to_numpy("int64")
    risk = rows["risk"].map(_RISKS).fillna(_LEAST_RISK).to_numpy("int64")
    clock = np.where(complaint, due_number, 0)
    label = pd.factorize(rows["label"].fillna("").astype("str"), sort=True)[0]
    rule = pd.factorize(rows["rule_id"].astype("str"), sort=True)[0]
    place = pd.factorize(rows["target_id"].astype("str"), sort=True)[0]
    return np.lexsort((rule, place, label, due_number, -late, np.where(complaint, 0, risk), clock, ~complaint))


def _one_row_a_place(found: pd.DataFrame, now: dt.datetime | None) -> pd.DataFrame:
    first = found.drop_duplicates("key").reset_index(drop=True)
    together = found.groupby("key", sort=False)
    first["rule_ids"] = together["rule_id"].agg(tuple).reindex(first["key"]).to_numpy(object)
    first["points"] = together["points"].sum().reindex(first["key"]).to_numpy("float64")
    first["rank"] = np.arange(1, len(first) + 1, dtype="int64")
    first["group"] = first["target_kind"]
    first["title"] = first["reason"].where(first["reason"].isin(list(TITLES)), first["target_kind"])
    first["hours_left"] = _hours_left(first, now)
    return first[list(COLUMNS)]


def _hours_left(rows: pd.DataFrame, now: dt.datetime | None) -> pd.Series:
    """Hours until the end of the due day of each complaint, negative when past; NaN for other rows."""
    if now is None:
        return pd.Series(np.nan, index=rows.index, dtype="float64")
    until = pd.to_datetime(rows["due_on"]).astype("datetime64[s]") + pd.Timedelta(days=1)
    at = pd.Timestamp(now.astimezone(CHINA).replace(tzinfo=None))
    hours = (until - at).dt.total_seconds() / 3600
    return hours.where(rows["target_kind"] == "lead").astype("float64")
