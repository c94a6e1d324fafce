"""Who looks after which grid, from when on: a team, a neighbourhood or an agency."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data_access.importing.kinds import GRID, NOTE, STREET, Column, Kind, agency, day
from data_access.importing.problems import Fault
from rules.language import N_

OWNERS = {"team": "team_code", "neighbourhood": "held_by", "agency": "agency_code"}


def check(frame: pd.DataFrame) -> Iterator[tuple[int, str, Fault]]:
    """Rows that name nobody, or more than one."""
    for row in frame[list(OWNERS.values())].itertuples():
        named = sum(value is not None for value in row[1:])
        if named != 1:
            yield row.Index, "team_code", Fault(N_("巡查队、责任村居、责任部门应当只填一个"), N_("请只留一个责任单位"), {})


def spread(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One assignment a row: the kind of its owner and the owner's code."""
    owners = frame[list(OWNERS.values())]
    first = owners.notna().to_numpy().argmax(axis=1)
    kinds, columns = list(OWNERS), list(OWNERS.values())
    made = frame[["grid_code", "street_code", "valid_from", "valid_to", "note"]].copy()
    made["owner_kind"] = [kinds[at] for at in first]
    made["owner_code"] = [row[at] for at, row in zip(first, owners[columns].itertuples(index=False, name=None), strict=True)]
    return {"assignment": made}


KIND = Kind(
    name="assignments", label=N_("网格分配"), table="assignment", order=16, key=("grid_code", "valid_from"),
    columns=(
        Column(GRID.header, "grid_code", "area", True, level="grid", aliases=GRID.aliases, help=N_("网格的编号"), example="QH-001"),
        STREET,
        Column(N_("责任巡查队"), "team_code", aliases=("责任队伍", "巡查队"), help=N_("巡查队登记里的队伍编号"), example="QH-1"),
        Column(N_("责任村居"), "held_by", "area", level="neighbourhood", aliases=("责任居委",), help=N_("村居的代码、名称或别名")),
        agency(N_("责任部门"), aliases=("责任单位",)),
        day(N_("起始日期"), "valid_from", required=True, aliases=("开始日期",)),
        day(N_("结束日期"), "valid_to", aliases=("截止日期",)),
        NOTE,
    ),
    spread=spread, check=check,
)
