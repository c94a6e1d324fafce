"""Residents and workers of an area in a year, the exposure of every rate."""

from data_access.importing.kinds import Column, Kind
from rules.language import N_

KIND = Kind(
    name="population", label=N_("区域人口"), table="area_population", order=14, key=("area_code", "year"),
    columns=(
        Column(N_("区域"), "area_code", "area", True, aliases=("区域代码", "街镇", "网格编号", "村居"), example="990114001"),
        Column(N_("年份"), "year", "int", True, aliases=("年度",), example="2023"),
        Column(N_("常住人口"), "residents", "int", unit="人", aliases=("人口", "常住人口数"), example="52000"),
        Column(N_("外来人口"), "residents_from_elsewhere", "int", unit="人", aliases=("流动人口", "来沪人员"), example="21000"),
        Column(N_("从业人员"), "workers", "int", unit="人", aliases=("就业人口",), example="18000"),
    ),
)
