"""Leads (线索): complaints, findings, transfers, each with its clock and its result."""

from data_access.importing.kinds import (
    CATEGORY,
    PLACE,
    PREMISES,
    Column,
    Kind,
    agency,
    day,
    number,
    reference,
)
from rules.language import N_

KIND = Kind(
    name="leads", label=N_("线索"), table="lead", order=26, located=True, day="day", look_alike=("day", "summary"),
    columns=(
        number("线索编号", "工单编号", "投诉编号", "受理编号"),
        day(N_("受理日期"), required=True, aliases=("日期", "举报日期", "发现日期")),
        Column(N_("受理时间"), "at", "instant", help=N_("如 2023-07-31 09:12"), example="2023-07-03 09:12"),
        Column(N_("来源"), "source", "word", True, words="lead_source", aliases=("线索来源", "来源渠道"), example="12345热线"),
        CATEGORY,
        PREMISES,
        reference(N_("点位编号"), "site_id", "sites"),
        reference(N_("当事人编号"), "subject_id", "persons"),
        agency(N_("承办部门"), aliases=("部门", "办理部门")),
        day(N_("先行联系日期"), "contacted_on"),
        Column(N_("先行联系时间"), "contact_at", "instant", help=N_("最近一次联系，没有联系上也记"), example="2023-07-03 10:30"),
        Column(N_("先行联系方式"), "contact_how", "word", words="contact_how", aliases=("联系方式",), example="电话联系"),
        Column(N_("先行联系结果"), "contact_result", "word", words="contact_result", aliases=("联系结果",), example="已联系上"),
        day(N_("核查期限"), "due_on", aliases=("办理期限", "截止日期")),
        day(N_("核查日期"), "checked_on", aliases=("办结日期",)),
        Column(N_("核查结果"), "result", "word", words="lead_result", default="pending", aliases=("结果", "是否属实"), example="属实"),
        day(N_("通报街镇日期"), "street_notified_on", aliases=("通报街道日期",)),
        day(N_("反馈日期"), "feedback_on"),
        Column(N_("内容摘要"), "summary", aliases=("内容", "摘要", "线索内容"), help=N_("个人信息，默认遮蔽"), example="反映出租房内输液"),
        *PLACE,
    ),
)
