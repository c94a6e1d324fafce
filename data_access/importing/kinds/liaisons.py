"""Each unit's liaison (联络员) to the joint meeting, and from when to when; S4 第1章."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data_access.importing.kinds import Column, Kind, agency, day
from data_access.importing.problems import Fault
from rules.language import N_


def check(frame: pd.DataFrame) -> Iterator[tuple[int, str, Fault]]:
    """Rows that end before they begin."""
    for row in frame[["valid_from", "valid_to"]].itertuples():
        if pd.notna(row.valid_from) and pd.notna(row.valid_to) and row.valid_to < row.valid_from:
            yield row.Index, "valid_to", Fault(N_("停任日期早于任职日期"), N_("请核对两个日期"), {})


def spread(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One liaison a row; nobody is looked for by a liaison's telephone, so that no hash of it is kept."""
    return {"liaison": frame[["agency_code", "name", "phone", "valid_from", "valid_to"]]}


KIND = Kind(
    name="liaisons", label=N_("联络员"), table="liaison", order=47, key=("agency_code", "valid_from"),
    columns=(
        agency(N_("单位"), required=True, aliases=("成员单位", "部门")),
        Column(N_("联络员姓名"), "name", required=True, aliases=("联络员", "姓名"), help=N_("每个单位同一天只有一名，后任职的接替前一名；个人信息，默认遮蔽"), example="示例甲"),
        Column(N_("联系电话"), "phone", "phone", aliases=("电话", "手机号"), help=N_("个人信息，默认遮蔽")),
        day(N_("任职日期"), "valid_from", required=True, aliases=("起始日期",)),
        day(N_("停任日期"), "valid_to", aliases=("结束日期",)),
    ),
    spread=spread, check=check,
)
