"""What was confiscated: income, devices, drugs, each with its unit."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data_access.importing.kinds import STREET, Column, Kind, agency, day, number, reference
from data_access.importing.problems import Fault
from rules.language import N_


def check(frame: pd.DataFrame) -> Iterator[tuple[int, str, Fault]]:
    """Income is counted in 元 and only income is."""
    money = frame["unit"] == "元"
    for row in frame.index[(frame["kind"] == "income") & ~money & frame["unit"].notna()]:
        yield row, "unit", Fault(N_("违法所得的单位应为元，找到“{found}”"), N_("请按元填写数量和单位"), {"found": frame.at[row, "unit"]})
    for row in frame.index[frame["kind"].notna() & (frame["kind"] != "income") & money]:
        yield row, "unit", Fault(N_("只有违法所得以元为单位"), N_("请改正种类或单位"))


KIND = Kind(
    name="seizures", label=N_("没收物品"), table="seizure", order=36, day="day",
    columns=(
        number("没收编号", "物品编号", required=False),
        reference(N_("案件编号"), "case_id", "cases"),
        reference(N_("点位编号"), "site_id", "sites"),
        day(N_("日期"), required=True, aliases=("没收日期",)),
        Column(N_("种类"), "kind", "word", True, words="seizure_kind", aliases=("物品种类",), example="药品"),
        Column(N_("物品"), "item", aliases=("物品名称",)),
        Column(N_("数量"), "quantity", "number", True, aliases=("金额",), example="9"),
        Column(N_("单位"), "unit", required=True, help=N_("件、台件、盒、瓶、箱或元"), example="盒"),
        Column(N_("质量认定"), "quality", "word", words="goods_quality", help=N_("经检验或认定为假药、劣药或不符合国家规定标准的填写"), example="假药"),
        Column(N_("足以严重危害人体健康"), "endangering", "bool", aliases=("严重危害认定",), help=N_("由办案机关认定；未认定留空")),
        agency(N_("部门")),
        STREET,
    ),
    check=check,
)
