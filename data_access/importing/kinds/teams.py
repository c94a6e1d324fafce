"""The teams (巡查队) that go out, and whose they are."""

from data_access.importing.kinds import NEIGHBOURHOOD, STREET, Column, Kind, agency, day
from rules.language import N_

KIND = Kind(
    name="teams", label=N_("巡查队"), table="team", order=15, key=("code",),
    columns=(
        Column(N_("队伍编号"), "code", required=True, aliases=("队伍代码", "巡查队编号", "班组编号"), example="QH-1"),
        Column(N_("队伍名称"), "name", required=True, aliases=("巡查队名称", "班组名称"), help=N_("队伍的名称，不写个人姓名"), example="青禾一队"),
        Column(N_("队伍英文名"), "name_en", example="Qinghe Team 1"),
        agency(N_("所属部门"), aliases=("管理部门",)),
        STREET,
        NEIGHBOURHOOD,
        day(N_("启用日期"), "valid_from"),
        day(N_("停用日期"), "valid_to"),
    ),
)
