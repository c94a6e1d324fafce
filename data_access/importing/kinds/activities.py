"""Publicity, training, drills, joint enforcement and other actions, with counts and their units."""

from __future__ import annotations

import pandas as pd

from data_access.importing.kinds import PLACE, Child, Column, Kind, agency, day, number, reference
from rules.language import N_

ACTIVITY = (
    "number", "day", "kind", "name", "agency_code", "materials", "attendees", "campaign_id",
    "street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located",
)


def spread(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """An activity, and one row for each agency that led it or took part."""
    shares = []
    for row in frame.itertuples():
        parts = [{"agency": row.agency_code, "people": row.people, "vehicles": row.vehicles, "role": "lead"}] if row.agency_code else []
        parts += [{**one, "role": "support"} for one in row.supporting or ()]
        shares += [{**one, "parent_row": row.Index} for one in parts]
    agencies = pd.DataFrame(shares, columns=["agency", "people", "vehicles", "role", "parent_row"], dtype=object)
    agencies.index = pd.Index(agencies["parent_row"].astype(int), name=frame.index.name)
    agencies = agencies.rename(columns={"agency": "agency_code"}).assign(local_key=agencies["agency"] + "/" + agencies["role"])
    return {"activity": frame[list(ACTIVITY)], "activity_agency": agencies}


KIND = Kind(
    name="activities", label=N_("活动与行动"), table="activity", order=44, located=True, day="day", look_alike=("day", "kind", "name", "street_code"),
    columns=(
        number("活动编号", required=False),
        day(N_("日期"), required=True, aliases=("活动日期",)),
        Column(N_("类别"), "kind", "word", True, words="activity_kind", aliases=("活动类别",), example="联合执法"),
        Column(N_("名称"), "name", aliases=("活动名称", "主题")),
        agency(N_("牵头部门"), aliases=("主办部门", "部门")),
        Column(N_("出动执法人员"), "people", "int", unit="人次", aliases=("执法人员", "出动人员"), help=N_("牵头部门出动的人次"), example="4"),
        Column(N_("出动车辆"), "vehicles", "int", unit="台次", aliases=("车辆",)),
        Column(N_("参与部门"), "supporting", "agency_counts", aliases=("配合部门",), help=N_("写作 部门:人次 或 部门:人次:台次，多个用分号隔开"), example="区公安分局:3;区市场监管局:2"),
        Column(N_("发放资料"), "materials", "int", unit="份", aliases=("宣传资料",)),
        Column(N_("参加人数"), "attendees", "int", unit="人", aliases=("培训人数",)),
        reference(N_("行动代号"), "campaign_id", "campaigns", aliases=("专项行动",)),
        *PLACE,
    ),
    spread=spread, children=(Child("activity_agency", "activity_id", "activity", owned=True),),
)
