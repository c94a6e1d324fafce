"""Transfers of cases and leads between agencies, with due day and feedback."""

from data_access.importing.kinds import STREET, Column, Kind, agency, day, number, reference
from rules.language import N_

KIND = Kind(
    name="transfers", label=N_("移送移交"), table="transfer", order=38, day="day",
    columns=(
        number("移送编号", "移交编号"),
        Column(N_("类别"), "kind", "word", True, words="transfer_kind", example="案件移送"),
        reference(N_("案件编号"), "case_id", "cases"),
        reference(N_("线索编号"), "lead_id", "leads"),
        day(N_("移送日期"), required=True, aliases=("日期", "移交日期")),
        agency(N_("移送部门"), "from_agency", required=True, aliases=("移出部门",)),
        agency(N_("接收部门"), "to_agency", required=True),
        day(N_("反馈期限"), "due_on", aliases=("期限",)),
        day(N_("接收日期"), "accepted_on"),
        day(N_("反馈日期"), "feedback_on"),
        Column(N_("反馈内容"), "feedback"),
        STREET,
    ),
)
