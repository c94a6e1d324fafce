"""The row sets: for every number on a screen, which rows stand behind it and how they are read."""

from __future__ import annotations

from dataclasses import dataclass

from rules.indicators import INDICATORS, indicator
from rules.language import N_


@dataclass(frozen=True, slots=True)
class RowColumn:
    """One column of a table of rows.

    Attributes:
        field: column of the frame that ``data_access.rows.rows`` gives.
        header: Chinese source string.
        unit: unit of a number (Chinese source string), or empty.
        words: code list in ``rules.vocabulary.TABLES``, or ``area`` or ``agency`` for their codes; else empty.
    """

    field: str
    header: str
    unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class RowSet:
    """The rows behind a number.

    Attributes:
        name: what ``rows`` is asked for: a figure's key, or grids, sites, cases, ...
        label: Chinese source string.
        columns: what is shown, in order; the frame also carries ``id`` and ``row_id`` where rows have them.
        indicator: key of its definition card, in ``rules.indicators`` or ``rules.definitions``.
        counts: the column whose sum is the figure, or None where each row counts once.
        registers: tables that the rows of a figure come from; empty for the other sets.
        sums: further columns whose sums are shown as numbers.
    """

    name: str
    label: str
    columns: tuple[RowColumn, ...]
    indicator: str
    counts: str | None = None
    registers: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()


NUMBER = RowColumn("number", N_("编号"))
DAY = RowColumn("day", N_("日期"))
AGENCY = RowColumn("agency_code", N_("部门"), words="agency")
STREET = RowColumn("street_code", N_("街镇"), words="area")
NEIGHBOURHOOD = RowColumn("neighbourhood_code", N_("村居"), words="area")
GRID = RowColumn("grid_code", N_("网格"), words="area")
CATEGORY = RowColumn("category", N_("诊疗类别"), words="category")
PREMISES = RowColumn("premises", N_("场所类型"), words="premises")
DUE = RowColumn("due_on", N_("期限"))
LEFT = RowColumn("days_left", N_("剩余天数"), N_("天"))
LAST_VISIT = RowColumn("last_visit", N_("上次巡查"))
DUTY = RowColumn("state", N_("巡查状态"), words="grid_state")
LOCATED = RowColumn("located", N_("定位"), words="located")
COUNTS = RowColumn("counts", N_("计入"))
BASE = RowColumn("base", N_("计入分母"))
NAME = RowColumn("name", N_("名称"))

VISITS = (
    NUMBER, DAY, AGENCY, RowColumn("target_kind", N_("对象类别"), words="target_kind"),
    RowColumn("mode", N_("巡查方式"), words="visit_mode"), RowColumn("finding", N_("巡查结果"), words="finding"),
    RowColumn("visits", N_("户次"), N_("户次")), STREET, NEIGHBOURHOOD, GRID, LOCATED,
)  # fmt: skip
ACTIVITIES = (
    NUMBER, DAY, RowColumn("kind", N_("类别"), words="activity_kind"), NAME, RowColumn("agency_code", N_("牵头部门"), words="agency"),
    RowColumn("materials", N_("发放资料"), N_("份")), RowColumn("attendees", N_("参加人数"), N_("人")), STREET,
)  # fmt: skip
SENT_OUT = (
    DAY, AGENCY, RowColumn("role", N_("参与方式"), words="activity_role"), RowColumn("people", N_("出动执法人员"), N_("人次")),
    RowColumn("vehicles", N_("出动车辆"), N_("台次")), STREET,
)  # fmt: skip
CASES = (
    NUMBER, RowColumn("kind", N_("案件类别"), words="case_kind"), CATEGORY, PREMISES, RowColumn("agency_code", N_("办案部门"), words="agency"),
    RowColumn("joint", N_("联合办案")), RowColumn("stage", N_("环节"), words="case_event"), RowColumn("state", N_("状态"), words="case_state"),
    RowColumn("filed_on", N_("立案日期")), DUE, LEFT, RowColumn("decided_on", N_("决定日期")),
    RowColumn("transferred_on", N_("移送日期")), RowColumn("feedback_due", N_("反馈期限")), RowColumn("closed_on", N_("结案日期")), STREET, GRID,
)  # fmt: skip
SITE_EVENTS = (NUMBER, DAY, RowColumn("event", N_("事件"), words="site_event"), AGENCY, STREET)
CASE_EVENTS = (
    RowColumn("number", N_("案件编号")), RowColumn("kind", N_("案件类别"), words="case_kind"), CATEGORY, DAY,
    RowColumn("event", N_("环节"), words="case_event"), AGENCY, STREET,
)  # fmt: skip
PENALTIES = (
    NUMBER, DAY, RowColumn("kind", N_("处罚种类"), words="penalty_kind"), RowColumn("agency_code", N_("决定机关"), words="agency"),
    RowColumn("fine_yuan", N_("罚款金额"), N_("元")), RowColumn("confiscated_yuan", N_("没收违法所得"), N_("元")),
    RowColumn("case_number", N_("案件编号")), RowColumn("case_kind", N_("案件类别"), words="case_kind"), CATEGORY, STREET,
)  # fmt: skip
SEIZURES = (
    NUMBER, DAY, RowColumn("kind", N_("种类"), words="seizure_kind"), RowColumn("item", N_("物品")), RowColumn("quantity", N_("数量")),
    RowColumn("unit", N_("单位")), AGENCY, STREET,
)  # fmt: skip
LEADS = (
    NUMBER, RowColumn("day", N_("受理日期")), RowColumn("at", N_("受理时间")), RowColumn("source", N_("来源"), words="lead_source"), CATEGORY, PREMISES,
    RowColumn("agency_code", N_("承办部门"), words="agency"), RowColumn("contacted_on", N_("先行联系日期")), RowColumn("contact_at", N_("先行联系时间")),
    RowColumn("contact_how", N_("先行联系方式"), words="contact_how"), RowColumn("contact_result", N_("先行联系结果"), words="contact_result"),
    RowColumn("due_on", N_("核查期限")), RowColumn("checked_on", N_("核查日期")),
    RowColumn("result", N_("核查结果"), words="lead_result"), RowColumn("street_notified_on", N_("通报街镇日期")),
    RowColumn("feedback_on", N_("反馈日期")), STREET, GRID,
)  # fmt: skip
MEETINGS = (
    NUMBER, DAY, RowColumn("level", N_("层级"), words="meeting_level"), NAME, RowColumn("convener", N_("召集单位"), words="agency"), STREET,
    RowColumn("decisions", N_("议定事项"), N_("项")), RowColumn("minutes_number", N_("纪要编号")),
)  # fmt: skip
ADVERSE = (NUMBER, DAY, RowColumn("kind", N_("类别"), words="adverse_kind"), RowColumn("count", N_("数量")), RowColumn("level", N_("级别")), STREET)
INSTITUTIONS = (NUMBER, NAME, RowColumn("kind", N_("类别")), RowColumn("day", N_("监督检查日期")), STREET)
SITES = (
    NUMBER, NAME, CATEGORY, PREMISES, RowColumn("status", N_("状态"), words="site_status"), RowColumn("status_since", N_("状态起始日")),
    RowColumn("risk", N_("风险等级"), words="risk"), RowColumn("penalties", N_("行政处罚"), N_("次")), LAST_VISIT,
    RowColumn("due_on", N_("下次巡查期限")), DUTY, STREET, NEIGHBOURHOOD, GRID, LOCATED,
)  # fmt: skip
MATTERS = (
    RowColumn("kind", N_("类别"), words="deadline_kind"), NUMBER, RowColumn("title", N_("事项")), AGENCY, STREET,
    RowColumn("received_on", N_("收到日期")), DUE, RowColumn("done_on", N_("办结日期")), LEFT,
)  # fmt: skip
MIXED = (RowColumn("register", N_("登记"), words="register"), NUMBER, DAY, AGENCY, STREET)
TASKS = (
    NUMBER, RowColumn("quarter", N_("季度")), RowColumn("target_kind", N_("对象类别"), words="target_kind"), GRID, AGENCY, STREET, DUE,
    RowColumn("tasks", N_("任务")), RowColumn("done", N_("已完成")), RowColumn("overdue", N_("逾期")),
)  # fmt: skip

_BY_REGISTER: dict[str, tuple[RowColumn, ...]] = {
    "patrol_visit": VISITS, "activity": ACTIVITIES, "activity_agency": SENT_OUT, "case": CASES, "case_event": CASE_EVENTS, "site_event": SITE_EVENTS,
    "penalty": PENALTIES, "seizure": SEIZURES, "lead": LEADS, "meeting": MEETINGS, "adverse_event": ADVERSE,
    "institution_check": INSTITUTIONS,
}  # fmt: skip
_REGISTERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("K1", "K12", "K29"), ("patrol_visit",)),
    **dict.fromkeys(("K2", "K3", "K4", "K5", "K8", "K11", "K22"), ("activity",)),
    **dict.fromkeys(("K6", "K7"), ("activity_agency",)),
    **dict.fromkeys(("K9", "K15_open", "K21"), ("case",)),
    **dict.fromkeys(("K23", "K24"), ("case_event",)),
    **dict.fromkeys(("K15", "K16", "K17"), ("penalty",)),
    **dict.fromkeys(("K18", "K18_sites"), ("seizure", "penalty")),
    **dict.fromkeys(("K19", "K20"), ("seizure",)),
    **dict.fromkeys(("K26", "K26_answered", "K27"), ("lead",)),
    **dict.fromkeys(("K36", "K36_disability", "K37", "K38"), ("adverse_event",)),
    "K10": ("meeting",),
    "K13": ("site_event",),
    "K14": ("site_event", "case", "penalty"),
    "K25": ("site_event", "penalty"),
    "K34": ("institution_check",),
}  # fmt: skip
_FURTHER_UNITS = {
    "K19": (N_("套"), N_("箱"), N_("支"), N_("把"), N_("包")),
    "K20": (N_("瓶"), N_("箱"), N_("支"), N_("袋"), N_("片"), N_("粒"), N_("板"), N_("包"), N_("瓶(盒)")),
}


def _of_figure(key: str, head: str) -> RowSet:
    card, registers = indicator(key), _REGISTERS[head]
    columns = _BY_REGISTER[registers[0]] if len(registers) == 1 else MIXED
    counted = RowColumn("counts", COUNTS.header, "" if card.unit == "%" else card.unit)
    return RowSet(key, card.name, (*columns, counted, *([BASE] if card.unit == "%" else [])), head, "counts", registers)


_PLAIN = (
    RowSet("visits", N_("巡查记录"), VISITS, "K1", "visits", ("patrol_visit",)),
    RowSet("activities", N_("活动与行动"), ACTIVITIES, "activities"),
    RowSet("meetings", N_("联席会议"), MEETINGS, "K10"),
    RowSet("penalties", N_("行政处罚"), PENALTIES, "penalties", sums=("fine_yuan", "confiscated_yuan")),
    RowSet("leads", N_("线索"), LEADS, "leads"),
    RowSet("cases", N_("案件"), CASES, "cases"),
    RowSet("sites", N_("历史点位"), SITES, "sites"),
    RowSet("grids", N_("网格"), (
        RowColumn("code", N_("网格"), words="area"), STREET, NEIGHBOURHOOD, DUTY, LAST_VISIT,
        RowColumn("days", N_("距上次巡查"), N_("天")), RowColumn("visits_in_period", N_("期内户次"), N_("户次")),
        RowColumn("finding_in_period", N_("期内结果"), words="grid_finding"),
    ), "coverage"),
    RowSet("construction_sites", N_("建筑工地"), (
        NUMBER, NAME, RowColumn("phase", N_("施工阶段"), words="construction_phase"), RowColumn("workers", N_("工人人数"), N_("人")),
        RowColumn("started_on", N_("开工日期")), LAST_VISIT, RowColumn("due_on", N_("下次巡查期限")), DUTY, STREET, GRID, LOCATED,
    ), "construction_visits", sums=("workers",)),
    RowSet("people", N_("名单内仍在活动人员"), (
        NUMBER, NAME, CATEGORY, RowColumn("grade", N_("风险等级"), words="risk"), LAST_VISIT,
        RowColumn("due_on", N_("下次巡查期限")), DUTY, STREET, GRID,
    ), "people"),
    RowSet("blind_spots", N_("巡查盲区"), (
        RowColumn("code", N_("网格"), words="area"), STREET, NEIGHBOURHOOD, RowColumn("risk", N_("网格风险"), words="risk"),
        RowColumn("sites", N_("未消除点位"), N_("户")), RowColumn("leads", N_("近 180 天线索"), N_("件")), DUTY, LAST_VISIT,
        RowColumn("days", N_("距上次巡查"), N_("天")), RowColumn("is_blind", N_("盲区")),
    ), "blind_spots"),
    RowSet("patrol_evidence", N_("需要了解的巡查记录"), (
        RowColumn("kind", N_("需要了解的情况"), words="patrol_question"), RowColumn("measure", N_("度量")), NUMBER, RowColumn("at", N_("时间")), DAY, AGENCY,
        STREET, GRID, RowColumn("mode", N_("巡查方式"), words="visit_mode"), RowColumn("finding", N_("巡查结果"), words="finding"), RowColumn("note", N_("备注")),
    ), "patrol_questions"),
    RowSet("listed_checks", N_("名单清查"), (
        NUMBER, NAME, CATEGORY, RowColumn("listed_on", N_("列入名单日期")), RowColumn("system_checked_on", N_("系统比对日期")),
        RowColumn("field_checked_on", N_("实地核查日期")), RowColumn("still_active", N_("仍在活动")), RowColumn("grade", N_("风险等级"), words="risk"),
        RowColumn("control_on", N_("管控日期")), RowColumn("joint_action_on", N_("联合执法日期")),
        RowColumn("pending", N_("待办环节"), words="list_stage"), RowColumn("due_on", N_("核查期限")), RowColumn("overdue", N_("逾期")), STREET, GRID,
    ), "listed_checks"),
    RowSet("key_places", N_("重点场所"), (
        RowColumn("kind", N_("类别"), words="key_place"), RowColumn("due_on", N_("下次巡查期限")), DUTY, STREET, GRID, RowColumn("seen", N_("周期内去过")),
    ), "key_coverage"),
    RowSet("transfers", N_("移送移交"), (
        NUMBER, RowColumn("kind", N_("类别"), words="transfer_kind"), RowColumn("day", N_("移送日期")),
        RowColumn("from_agency", N_("移送部门"), words="agency"), RowColumn("to_agency", N_("接收部门"), words="agency"),
        RowColumn("due_on", N_("反馈期限")), RowColumn("accepted_on", N_("接收日期")), RowColumn("feedback_on", N_("反馈日期")), LEFT, STREET,
    ), "transfer_feedback"),
    RowSet("decisions", N_("议定事项"), (
        NUMBER, RowColumn("text", N_("事项")), RowColumn("day", N_("议定日期")), RowColumn("agency_code", N_("责任部门"), words="agency"), DUE,
        RowColumn("state", N_("状态"), words="decision_state"), RowColumn("feedback_on", N_("反馈日期")), RowColumn("closed_on", N_("办结日期")),
        LEFT, RowColumn("carried_over", N_("往期结转")), STREET,
    ), "decisions"),
    RowSet("deadlines", N_("期限事项"), (
        RowColumn("kind", N_("类别"), words="deadline_kind"), NUMBER, RowColumn("title", N_("事项")), AGENCY, STREET, DUE, LEFT,
    ), "deadlines"),
    RowSet("cases_on_hand", N_("期内在办案件"), CASES, "cases_on_hand"),
    RowSet("matters_on_hand", N_("期内在办事项"), MATTERS, "matters_on_hand"),
    RowSet("matters_due", N_("期内到期事项"), (*MATTERS, RowColumn("kept", N_("按期办结"))), "on_time"),
    RowSet("joint_parts", N_("参与联合执法"), (
        NUMBER, DAY, NAME, AGENCY, RowColumn("role", N_("参与方式"), words="activity_role"), STREET,
    ), "K8"),
    RowSet("tasks", N_("季度排查任务"), TASKS, "K28", "tasks"),
    RowSet("unlocated", N_("未上图清单"), (
        RowColumn("table", N_("登记"), words="register"), NUMBER, RowColumn("reason", N_("原因"), words="unlocated_reason"), DAY, STREET,
    ), "unlocated"),
    *(
        RowSet(f"stock_{part}", label, (*SITES[:7], RowColumn("moved_on", N_("变动日期")), STREET, GRID), "K41")
        for part, label in (
            ("opening", N_("期初风险点")), ("added", N_("新增风险点")), ("relapsed", N_("回潮风险点")),
            ("cleared", N_("清除风险点")), ("closing", N_("期末风险点")),
        )
    ),
    RowSet("K28", INDICATORS["K28"].name, TASKS, "K28", "done"),
    RowSet("K41", INDICATORS["K41"].name, (*SITES[:7], RowColumn("moved_on", N_("变动日期")), STREET, GRID), "K41"),
)  # fmt: skip

ROW_SETS: dict[str, RowSet] = {
    **{key: _of_figure(key, key) for key in INDICATORS if key in _REGISTERS},
    **{f"{head}_{unit}": _of_figure(f"{head}_{unit}", head) for head, units in _FURTHER_UNITS.items() for unit in units},
    **{row_set.name: row_set for row_set in _PLAIN},
}
"""Every row set by name: one for every figure's key, one for every register and state."""


def row_set(name: str) -> RowSet:
    """The row set of a name; seized goods have one for every unit that a file may name (``K20_打``).

    Raises:
        KeyError: nobody declares it.
    """
    head, _, unit = name.partition("_")
    if name not in ROW_SETS and head in _FURTHER_UNITS and unit:
        return _of_figure(name, head)
    return ROW_SETS[name]
