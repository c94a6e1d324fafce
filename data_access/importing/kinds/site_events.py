"""What happened at a site: found, warned, closed, relapsed, graded; its status on any day follows from these."""

from data_access.importing.kinds import NOTE, OPTIONAL_NUMBER, Column, Kind, agency, day, reference
from rules.language import N_

KIND = Kind(
    name="site_events", label=N_("点位事件"), table="site_event", order=32, day="day", key=("number",), look_alike=("site_id", "day", "event"),
    columns=(
        OPTIONAL_NUMBER,
        reference(N_("点位编号"), "site_id", "sites", required=True),
        day(N_("日期"), required=True, aliases=("事件日期", "发生日期")),
        Column(N_("事件"), "event", "word", True, words="site_event", aliases=("事件类型", "处置"), example="取缔"),
        Column(N_("风险等级"), "risk", "word", words="risk", help=N_("事件为风险评级时必填"), example="高风险"),
        agency(N_("部门"), aliases=("实施部门", "办理部门")),
        reference(N_("案件编号"), "case_id", "cases"),
        NOTE,
    ),
)
