"""Licensed institutions (有证医疗机构) and the days on which they were inspected."""

from __future__ import annotations

import pandas as pd

from data_access.importing.kinds import PLACE, Child, Column, Kind, day, number
from rules.language import N_

INSTITUTION = ("number", "name", "kind", "licence", "checked_on", "street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located")


def spread(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The institutions, and one check for every day that a file names: an earlier file's day stays."""
    checked = frame[frame["checked_on"].notna()]
    days = checked["checked_on"].astype(str).str[:10]
    checks = pd.DataFrame({"day": checked["checked_on"], "parent_row": checked.index, "local_key": days}, index=checked.index)
    return {"licensed_institution": frame[list(INSTITUTION)], "institution_check": checks}


KIND = Kind(
    name="licensed_institutions", label=N_("有证医疗机构"), table="licensed_institution", order=24, located=True, look_alike=("name",),
    columns=(
        number("机构编号", "机构代码", "机构登记号"),
        Column(N_("机构名称"), "name", required=True, aliases=("名称", "医疗机构名称", "单位名称"), example="示例门诊部"),
        Column(N_("机构类别"), "kind", aliases=("类别", "机构类型", "医疗机构类别"), example="门诊部"),
        Column(N_("执业许可证号"), "licence", aliases=("许可证号", "登记号", "执业许可证登记号"), example="示例000001"),
        day(N_("监督检查日期"), "checked_on", aliases=("最近检查日期", "检查日期", "最近监督检查日期"), help=N_("监督检查的日期；以前交来的日期都保留，各算一次；没有检查过留空")),
        *PLACE,
    ),
    spread=spread, children=(Child("institution_check", "institution_id", "licensed_institution"),),
)
