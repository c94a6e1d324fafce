"""The agencies and bodies that fight unlicensed practice, with parent, level and former names."""

from data_access.importing.kinds import Column, Kind, day
from rules.language import N_

KIND = Kind(
    name="agencies", label=N_("部门机构"), table="agency", order=12, key=("code",),
    columns=(
        Column(N_("代码"), "code", required=True, aliases=("编号", "部门代码", "机构代码"), example="WJS"),
        Column(N_("名称"), "name", required=True, aliases=("部门名称", "机构名称", "单位名称"), example="区卫生健康委员会监督所"),
        Column(N_("系统"), "system", "word", True, words="agency_system", aliases=("所属系统", "条线"), example="卫生监督"),
        Column(N_("层级"), "level", "word", True, words="agency_level", aliases=("级别",), example="区级"),
        Column(N_("上级代码"), "parent_code", aliases=("上级部门", "上级"), help=N_("上级部门的代码或名称")),
        Column(N_("所在区域"), "area_code", "area", aliases=("辖区", "所属街镇", "街镇"), help=N_("全区性部门留空")),
        Column(N_("英文名"), "name_en", aliases=("英文名称",)),
        Column(N_("简称"), "short_name"),
        Column(N_("别名"), "aliases", "names", aliases=("曾用名",), help=N_("多个用顿号隔开；可写 名称(起始日~截止日)"), example="区卫生监督所(~2018-12-31)"),
        day(N_("成立日期"), "valid_from"),
        day(N_("撤销日期"), "valid_to"),
    ),
)
