"""Construction sites (建筑工地) with phase and workers."""

from data_access.importing.kinds import PLACE, Column, Kind, day, number
from rules.language import N_

KIND = Kind(
    name="construction_sites", label=N_("建筑工地"), table="construction_site", order=24, located=True, look_alike=("name",),
    columns=(
        number("工地编号", "项目编号"),
        Column(N_("名称"), "name", required=True, aliases=("工地名称", "项目名称"), example="示例工地"),
        Column(N_("地址"), "address", aliases=("工地地址",)),
        Column(N_("施工阶段"), "phase", "word", words="construction_phase", aliases=("阶段",), example="主体结构"),
        Column(N_("工人人数"), "workers", "int", unit="人", aliases=("人数", "施工人数"), example="320"),
        Column(N_("施工单位"), "contractor", aliases=("承包单位",)),
        day(N_("开工日期"), "started_on"),
        day(N_("竣工日期"), "finished_on"),
        *PLACE,
    ),
)
