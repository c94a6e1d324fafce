"""Special campaigns (专项行动): their days, stages, milestones and targets."""

from data_access.importing.kinds import NUMBER, Column, Kind, day
from rules.language import N_

KIND = Kind(
    name="campaigns", label=N_("专项行动"), table="campaign", order=18, day="start_on", key=("campaign_number", "number"),
    columns=(
        Column(N_("行动编号"), "campaign_number", required=True, aliases=("代号",), example="LD9"),
        NUMBER,
        Column(N_("行类别"), "row", "word", words="campaign_row", default="campaign", example="行动"),
        Column(N_("名称"), "name", required=True, example="蓝盾9号"),
        day(N_("开始日期"), "start_on"),
        day(N_("结束日期"), "end_on"),
        Column(N_("实施区域"), "area_codes", "names", help=N_("街镇代码或名称，多个用顿号隔开；留空为全区")),
        Column(N_("指标"), "indicator", help=N_("指标编号，如 K1"), example="K1"),
        Column(N_("目标值"), "target", "number", example="3200"),
        Column(N_("单位"), "unit", example="户次"),
    ),
)
