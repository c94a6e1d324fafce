"""The quarter's task lists: the targets issued, or a count-only quota."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from data_access.importing.kinds import GRID, STREET, Child, Column, Kind, agency, day, number
from data_access.importing.problems import Fault
from rules.language import N_

_QUARTER = re.compile(r"(\d{4})年?[-/]?(?:第?([一二三四1234])季度?|[Qq]([1-4]))")
_DIGIT = {"一": "1", "二": "2", "三": "3", "四": "4"}


def quarter_of(text: str) -> str | None:
    """2023Q3 for 2023Q3, 2023年三季度 or 2023年第3季度; None for anything else."""
    found = _QUARTER.fullmatch(text.replace(" ", ""))
    if not found:
        return None
    digit = found[2] or found[3]
    return f"{found[1]}Q{_DIGIT.get(digit, digit)}"


def check(frame: pd.DataFrame) -> Iterator[tuple[int, str, Fault]]:
    """Quarters that cannot be read, targets without an object, quotas without a number."""
    for row in frame.itertuples():
        if row.quarter is not None and quarter_of(row.quarter) is None:
            yield row.Index, "quarter", Fault(N_("“{found}”不是季度"), N_("请写作 2023Q3 或 2023年三季度"), {"found": row.quarter})
        if row.row == "quota" and row.quota is None:
            yield row.Index, "quota", Fault(N_("数量任务没有任务户次"), N_("请补上"))
        if row.row == "target" and row.target_id is None and row.grid_code is None and row.street_code is None:
            yield row.Index, "target_id", Fault(N_("清单对象既没有对象编号，也没有网格"), N_("请补上其中一个"))


def spread(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The lists that the rows belong to, and the targets on them; a quota stands on the list itself."""
    known = frame.assign(quarter=[quarter_of(text) for text in frame["quarter"]])
    quotas = known[known["row"] == "quota"].groupby("list_number")["quota"].sum()
    lists = known.drop_duplicates("list_number")
    several = known.groupby("list_number")["street_code"].nunique(dropna=False)
    lists = lists.assign(
        number=lists["list_number"],
        quota=[int(quotas[one]) if one in quotas.index else None for one in lists["list_number"]],
        street_code=[street if several[one] == 1 else None for one, street in zip(lists["list_number"], lists["street_code"], strict=True)],
    )
    targets = known[known["row"] != "quota"]
    return {
        "task_list": lists[["number", "quarter", "street_code", "agency_code", "issued_on", "due_on", "quota"]],
        "task_target": targets[["number", "target_kind", "target_id", "grid_code", "street_code"]].assign(
            parent_key=targets["list_number"], local_key=targets["number"]),
    }


KIND = Kind(
    name="tasks", label=N_("季度排查任务清单"), table="task_list", order=42, day="issued_on", key=("list_number", "number"),
    columns=(
        Column(N_("清单编号"), "list_number", required=True, example="2023Q3-01"),
        number("任务编号", "行编号", "序号"),
        Column(N_("季度"), "quarter", required=True, help=N_("写作 2023Q3 或 2023年三季度"), example="2023Q3"),
        Column(N_("行类别"), "row", "word", words="task_row", default="target", example="清单对象"),
        STREET,
        agency(N_("承办部门"), aliases=("部门",)),
        day(N_("下发日期"), "issued_on"),
        day(N_("完成期限"), "due_on"),
        Column(N_("对象类别"), "target_kind", "word", words="target_kind", default="grid", example="历史点位"),
        Column(N_("对象编号"), "target_id", "reference", refers="target_kind"),
        GRID,
        Column(N_("任务户次"), "quota", "int", unit="户次", help=N_("只下达数量时填写，行类别写数量任务")),
    ),
    spread=spread, check=check, children=(Child("task_target", "task_list_id", "task_list"),),
)
