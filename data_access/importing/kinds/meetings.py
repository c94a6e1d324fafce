"""Joint meetings (联席会议): level, convener, members, who was invited and who came."""

from data_access.importing.kinds import STREET, Column, Kind, agency, day, number
from rules.language import N_

KIND = Kind(
    name="meetings", label=N_("联席会议"), table="meeting", order=46, day="day",
    columns=(
        number("会议编号"),
        day(N_("日期"), required=True, aliases=("会议日期",)),
        Column(N_("层级"), "level", "word", words="meeting_level", default="district", example="区级"),
        Column(N_("名称"), "name", aliases=("会议名称", "主题")),
        agency(N_("召集单位"), "convener", aliases=("召集人单位",)),
        STREET,
        Column(N_("成员单位"), "members", "agencies", help=N_("多个用顿号隔开")),
        Column(N_("邀请单位"), "invited", "agencies"),
        Column(N_("到会单位"), "present", "agencies"),
        Column(N_("纪要编号"), "minutes_number"),
    ),
)
