"""Steps of a case: filed, investigated, notified, decided, executed, closed, transferred."""

from data_access.importing.kinds import NOTE, Column, Kind, agency, day, number, reference
from rules.language import N_

KIND = Kind(
    name="case_events", label=N_("案件进展"), table="case_event", order=34, day="day", look_alike=("case_id", "day", "event"),
    columns=(
        number("进展编号", "事件编号", required=False),
        reference(N_("案件编号"), "case_id", "cases", required=True),
        day(N_("日期"), required=True, aliases=("进展日期",)),
        Column(N_("进展"), "event", "word", True, words="case_event", aliases=("环节", "状态", "事件"), example="立案"),
        day(N_("延至"), "until", aliases=("延期至",), help=N_("延期时填写新的最后一天")),
        agency(N_("部门")),
        Column(N_("文书号"), "document", aliases=("文号",)),
        NOTE,
    ),
)
