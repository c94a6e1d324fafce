"""Patrol visits (巡查): who went where on which day, and what was found."""

from data_access.importing.kinds import NOTE, PLACE, Column, Kind, agency, day, number
from rules.language import N_

KIND = Kind(
    name="visits", label=N_("巡查记录"), table="patrol_visit", order=40, located=True, day="day",
    look_alike=("day", "at", "target_kind", "target_id", "grid_code", "agency_code", "lon", "lat"),
    columns=(
        number("巡查编号", "检查编号", required=False),
        day(N_("巡查日期"), required=True, aliases=("日期", "检查日期", "巡查时间", "检查时间", "排查日期", "排查时间")),
        Column(N_("时间"), "at", "instant", aliases=("巡查时刻",), help=N_("如 2023-07-31 09:12 或 09:12"), example="09:12"),
        agency(N_("巡查部门"), aliases=("部门", "巡查单位", "单位")),
        Column(N_("对象类别"), "target_kind", "word", words="target_kind", default="grid", aliases=("巡查对象类别", "目标类别"), example="历史点位"),
        Column(N_("对象编号"), "target_id", "reference", refers="target_kind", aliases=("点位编号", "工地编号", "巡查对象编号"), help=N_("点位、工地、人员或线索的编号；网格巡查留空")),
        Column(N_("巡查方式"), "mode", "word", words="visit_mode", default="patrol", aliases=("方式", "检查方式"), example="日常巡查"),
        Column(N_("巡查结果"), "finding", "word", True, words="finding", aliases=("结果", "检查结果", "是否发现", "排查结果", "排查情况", "巡查情况"), example="无发现"),
        Column(N_("户次"), "visits", "int", default=1, unit="户次", aliases=("巡查户次", "巡排查户次"), help=N_("留空为 1"), example="1"),
        Column(N_("巡查人员"), "officers", "int", unit="人次", aliases=("人次",)),
        Column(N_("移动端"), "mobile", "bool", aliases=("是否移动端",)),
        NOTE,
        *PLACE,
    ),
)
