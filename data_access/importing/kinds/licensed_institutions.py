"""Licensed institutions (有证医疗机构) with the day of their last inspection."""

from data_access.importing.kinds import PLACE, Column, Kind, day, number
from rules.language import N_

KIND = Kind(
    name="licensed_institutions", label=N_("有证医疗机构"), table="licensed_institution", order=24, located=True, look_alike=("name",),
    columns=(
        number("机构编号", "机构代码", "机构登记号"),
        Column(N_("机构名称"), "name", required=True, aliases=("名称", "医疗机构名称", "单位名称"), example="示例门诊部"),
        Column(N_("机构类别"), "kind", aliases=("类别", "机构类型", "医疗机构类别"), example="门诊部"),
        Column(N_("执业许可证号"), "licence", aliases=("许可证号", "登记号", "执业许可证登记号"), example="示例000001"),
        day(N_("监督检查日期"), "checked_on", aliases=("最近检查日期", "检查日期", "最近监督检查日期"), help=N_("最近一次监督检查的日期；没有检查过留空")),
        *PLACE,
    ),
)
