"""Decisions of a joint meeting (议定事项): owner, support, due day, state."""

from data_access.importing.kinds import PLACE, Column, Kind, agency, day, number, reference
from rules.language import N_

KIND = Kind(
    name="decisions", label=N_("议定事项"), table="decision", order=48, day="day", located=False,
    columns=(
        number("事项编号", "议定事项编号"),
        reference(N_("会议编号"), "meeting_id", "meetings"),
        day(N_("议定日期"), required=True, aliases=("日期",)),
        Column(N_("事项"), "text", required=True, aliases=("内容", "议定事项")),
        agency(N_("责任部门"), required=True, aliases=("责任单位",)),
        Column(N_("配合部门"), "support_agencies", "agencies"),
        day(N_("期限"), "due_on", aliases=("完成期限",)),
        Column(N_("状态"), "state", "word", words="decision_state", default="open", example="办理中"),
        day(N_("反馈日期"), "feedback_on"),
        Column(N_("反馈内容"), "feedback"),
        day(N_("办结日期"), "closed_on"),
        *PLACE,
    ),
)
