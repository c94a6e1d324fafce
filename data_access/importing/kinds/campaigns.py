"""Special campaigns (专项行动): their days, stages, milestones and targets."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data_access.importing.kinds import Child, Column, Kind, day, number
from data_access.importing.problems import Fault
from rules.language import N_

NEEDED = {
    "campaign": ("start_on", "end_on"), "stage": ("start_on",), "milestone": ("start_on",), "target": ("indicator", "target"),
}
"""What each kind of row must hold."""


def check(frame: pd.DataFrame) -> Iterator[tuple[int, str, Fault]]:
    """Rows without what their 行类别 needs, and ends before beginnings."""
    for row in frame.itertuples():
        for field in NEEDED.get(row.row, ()):
            if getattr(row, field) is None:
                yield row.Index, field, Fault(N_("这一类行必须填写本列"), N_("请补上"))
        if row.start_on is not None and row.end_on is not None and row.end_on < row.start_on:
            yield row.Index, "end_on", Fault(N_("结束日期早于开始日期"), N_("请改正其中一个"))


def spread(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One row of the register is a campaign, one of its stages and milestones, or one of its targets."""
    campaigns = frame[frame["row"] == "campaign"]
    steps = frame[frame["row"].isin(["stage", "milestone"])]
    targets = frame[frame["row"] == "target"]
    return {
        "campaign": campaigns[["name", "start_on", "end_on", "area_codes"]].assign(number=campaigns["campaign_number"]),
        "campaign_milestone": steps[["number", "name", "start_on", "end_on"]].assign(
            kind=steps["row"], parent_key=steps["campaign_number"], local_key=steps["number"]),
        "campaign_target": targets[["number", "indicator", "target", "unit"]].assign(
            parent_key=targets["campaign_number"], local_key=targets["indicator"]),
    }


KIND = Kind(
    name="campaigns", label=N_("专项行动"), table="campaign", order=18, day="start_on", key=("campaign_number", "number"),
    columns=(
        Column(N_("行动编号"), "campaign_number", required=True, aliases=("代号",), example="LD9"),
        number("行编号", "节点编号"),
        Column(N_("行类别"), "row", "word", words="campaign_row", default="campaign", example="行动"),
        Column(N_("名称"), "name", required=True, example="蓝盾9号"),
        day(N_("开始日期"), "start_on"),
        day(N_("结束日期"), "end_on"),
        Column(N_("实施区域"), "area_codes", "areas", help=N_("街镇代码或名称，多个用顿号隔开；留空为全区")),
        Column(N_("指标"), "indicator", help=N_("指标编号，如 K1"), example="K1"),
        Column(N_("目标值"), "target", "number", example="3200"),
        Column(N_("单位"), "unit", example="户次"),
    ),
    spread=spread, check=check,
    children=(Child("campaign_milestone", "campaign_id", "campaign"), Child("campaign_target", "campaign_id", "campaign")),
)
