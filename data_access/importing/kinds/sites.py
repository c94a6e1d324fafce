"""Premises where unlicensed practice was found (历史点位)."""

from data_access.importing.kinds import (
    CATEGORY,
    PLACE,
    PREMISES,
    Column,
    Kind,
    day,
    number,
    reference,
)
from rules.language import N_

KIND = Kind(
    name="sites", label=N_("历史点位"), table="site", order=22, located=True, look_alike=("name", "address"),
    columns=(
        number("点位编号", "窝点编号", "案件编号", "序号编号"),
        Column(N_("名称"), "name", aliases=("点位名称", "无证行医单位名称", "场所名称"), help=N_("个人信息，默认遮蔽"), example="示例诊所"),
        Column(N_("地址"), "address", aliases=("行医地址", "点位地址", "详细地址"), help=N_("个人信息，默认遮蔽"), example="示例路1号"),
        PREMISES,
        CATEGORY,
        Column(N_("流动行医"), "itinerant", "bool", aliases=("是否流动",), example="否"),
        Column(N_("钉子户"), "stubborn", "bool", aliases=("顽固点位",), example="否"),
        Column(N_("一点一方案"), "plan", aliases=("整治方案", "一点（人）一方案")),
        day(N_("首次发现日期"), "first_seen", aliases=("发现日期", "首次查见日期", "案发日期")),
        reference(N_("当事人编号"), "subject_id", "persons", aliases=("对象编号", "人员编号")),
        *PLACE,
    ),
)
