"""What was confiscated: income, devices, drugs, each with its unit."""

from data_access.importing.kinds import OPTIONAL_NUMBER, STREET, Column, Kind, agency, day, reference
from rules.language import N_

KIND = Kind(
    name="seizures", label=N_("没收物品"), table="seizure", order=36, day="day",
    columns=(
        OPTIONAL_NUMBER,
        reference(N_("案件编号"), "case_id", "cases"),
        reference(N_("点位编号"), "site_id", "sites"),
        day(N_("日期"), required=True, aliases=("没收日期",)),
        Column(N_("种类"), "kind", "word", True, words="seizure_kind", aliases=("物品种类",), example="药品"),
        Column(N_("物品"), "item", aliases=("物品名称",)),
        Column(N_("数量"), "quantity", "number", True, aliases=("金额",), example="9"),
        Column(N_("单位"), "unit", required=True, help=N_("件、台件、盒、瓶、箱或元"), example="盒"),
        agency(N_("部门")),
        STREET,
    ),
)
