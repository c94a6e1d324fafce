"""The quarter's task lists: the targets issued, or a count-only quota."""

from data_access.importing.kinds import GRID, NUMBER, STREET, Column, Kind, agency, day
from rules.language import N_

KIND = Kind(
    name="tasks", label=N_("季度排查任务清单"), table="task_list", order=42, day="issued_on", key=("list_number", "number"),
    columns=(
        Column(N_("清单编号"), "list_number", required=True, example="2023Q3-01"),
        NUMBER,
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
)
