"""Definition cards of the numbers that are not in the KPI dictionary: coverage, revisits, rates of answers."""

from __future__ import annotations

from rules.indicators import Indicator
from rules.language import N_

_AS_OF = N_("截至统计日的状态；随街镇、村居和网格变化")
_ALL_VISITS = N_("网格状态不按部门区分：任何部门的巡查都计入")
_RECEIVED = N_("以线索受理日在所选期间内为准；随街镇、部门、诊疗类别、场所类型筛选变化")
_HANDLING = N_("按承办部门计，各部门相加等于合计")
_NONE = N_("不按部门区分")

_CARDS = (
    ("coverage", N_("网格按期巡查率"), "%", N_("（按期＋临期的网格）÷全部网格。距上次巡查天数 d、周期 c（默认 30 天，本系统默认）、预警 w＝max(1, min(5, c÷5))：按期 d＜c−w；临期 c−w≤d≤c；逾期 d＞c；建格以来没有巡查为从未巡查。一次巡查不等于走遍网格，请同时看重点场所巡查率和每网格户次"), _AS_OF, _ALL_VISITS, N_("S3 附件3 二.4 规定已关停点位每月巡查；网格周期来源未写明")),
    ("period_coverage", N_("期内巡查率"), "%", N_("所选期间内至少巡查过一次的网格÷全部网格"), N_("以巡查日在所选期间内为准"), _ALL_VISITS, N_("来源未写明")),
    ("key_coverage", N_("重点场所巡查率"), "%", N_("在各自周期内去过的重点场所÷全部重点场所。重点场所＝未消除的点位、在建工地、名单内仍在活动的人员；已取缔或自行歇业的每月一次，高风险每 14 天（本系统默认），工地每 7 天（本系统默认），其余按网格周期"), _AS_OF, _NONE, N_("S3 附件3 二.4；S1")),
    ("visits_per_grid", N_("每网格户次"), N_("户次"), N_("期内全部巡查户次÷网格数"), N_("以巡查日在所选期间内为准"), _ALL_VISITS, "S0"),
    ("site_revisits", N_("点位回访"), "%", N_("在各自周期内回访过的点位÷应回访的点位；已消除的点位不需回访"), _AS_OF, _NONE, N_("S3 附件3 二.4；S1")),
    ("construction_visits", N_("工地巡查"), "%", N_("在周期内巡查过的在建工地÷在建工地；停工的不计"), _AS_OF, _NONE, N_("来源未写明周期；本系统默认 7 天")),
    ("lead_notified", N_("通报街镇率"), "%", N_("已通报街镇的线索÷应通报的线索"), _RECEIVED, _HANDLING, "S2"),
    ("lead_confirmed", N_("查实率"), "%", N_("查实的线索÷已核查的线索；核查中的不计入分母"), _RECEIVED, _HANDLING, "S2"),
    ("lead_feedback", N_("反馈率"), "%", N_("已反馈来源或举报人的线索÷受理的线索"), _RECEIVED, _HANDLING, "S2；S4"),
    ("transfer_feedback", N_("移送反馈率"), "%", N_("接收部门已反馈的移送÷移送件数"), N_("以移送日在所选期间内为准"), N_("按接收部门计"), "S1；S4"),
    ("on_time", N_("按期率"), "%", N_("在期限内决定或反馈的÷期内到期的；包括案件、移送、线索和会议决定"), N_("以到期日在所选期间内为准"), _HANDLING, N_("行政处罚法 第六十条；S1；S4")),
)  # fmt: skip

DEFINITIONS: dict[str, Indicator] = {card[0]: Indicator(*card) for card in _CARDS}
"""Cards by key; a key never stands in ``rules.indicators.INDICATORS`` too."""
