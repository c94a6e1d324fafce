"""汇总表: the figures, the streets and the agencies of the period in three tables (S4 汇总表 表1 to 表3), and what is still open."""

from __future__ import annotations

from briefing.documents import Facts, Paper, PaperSettings
from briefing.paper_sheets import Column, Sheet, workbook
from briefing.paper_words import TOLD_BY_NAME, Reader, cell, in_order
from rules.language import N_, Translate
from rules.vocabulary import name_of

SHARE = "0.0%"
LOCAL = "street"
UNPUBLISHED = ("open_cases", "sites", "high_sites")
MOST_LOCAL = 30
"""Units of the streets that are listed one by one; more, as where every residents' committee patrols, stand in one row."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """One sheet a table, the same six for every reader; a table without rows says why."""
    reader = Reader(facts, settings, t)
    return workbook(reader, [_figures(reader), _streets(reader), _agencies(reader), _decisions(reader), _cases(reader), _grids(reader)])


def _figures(reader: Reader) -> Sheet:
    t, facts = reader.t, reader.facts
    rows = []
    for place, (key, found) in enumerate(in_order(facts["figures"]), start=1):
        was = facts["figures_before"].get(key, {}).get("value")
        share = found["unit"] == "%"
        base = f"{found['n']}/{found['N']}" if share and found.get("N") is not None else ""
        now = found["value"]
        change = None if now is None or was is None or share else now - was
        rows.append([place, t(found["name"]), "" if share else t("次") if key in TOLD_BY_NAME and reader.is_latin else t(found["unit"]), "—" if now is None else _share(now) if share else now, base, "—" if was is None else _share(was) if share else was, change])
    columns = [
        Column(t("序号"), 7), Column(t("指标"), 30), Column(t("单位"), 9), Column(t("本期"), 14), Column(t("分子／分母"), 14),
        Column(t("前期"), 14), Column(t("增减"), 12),
    ]  # fmt: skip
    notes = [t("本期：{period}；前期：{before}。", period=reader.period, before=reader.before), t("户次、户、件、人次口径不同，不得相加；口径见指标卡。")]
    notes += [t("表1为全区数字；{street}的数字见表2。", street=reader.reader_place)] if reader.reader_place and not reader.figures_place else []
    return Sheet(t("表1 主要指标"), t("{place}打击非法行医工作汇总表（表1 主要指标）", place=_about(reader)), columns, rows, notes)


def _about(reader: Reader) -> str:
    """Whose figures, streets and agencies these are: the district's also in a street's hands, but for its own meeting's."""
    return reader.figures_place or reader.district


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.1%}"


def _streets(reader: Reader) -> Sheet:
    t = reader.t
    keys = ("grids", "ok", "due", "over", "never")
    rows = [
        [place, reader.name(one), *(cell(one, key) for key in keys), one["coverage"], _base(one), cell(one, "visits"), cell(one, "penalties"),
         *(_told(one, key) for key in UNPUBLISHED), _told(one, "events_before"), _told(one, "events_after"),
         t(one["verdict"]) if one.get("verdict") else ""]
        for place, one in enumerate(reader.facts["streets"], start=1)
    ]  # fmt: skip
    columns = [
        Column(t("序号"), 6), Column(t("街镇"), 16), Column(t("网格"), 7.5), Column(t("按期"), 7.5), Column(t("临期"), 7.5), Column(t("逾期"), 7.5),
        Column(t("从未巡查"), 7.5), Column(t("网格按期巡查率"), 8.5, SHARE), Column(t("重点场所巡查"), 9), Column(t("巡排查（户次）"), 7.5), Column(t("行政处罚（户次）"), 7.5),
        Column(t("在办案件（件）"), 7.5), Column(t("历史点位（户）"), 7.5), Column(t("其中高风险（户）"), 7.5), Column(t("前期事件（件）"), 7.5), Column(t("本期事件（件）"), 7.5),
        Column(t("判断"), 13),
    ]  # fmt: skip
    notes = [t("网格按期巡查率＝（按期＋临期）／全部网格；* 人数过少，不予显示。")]
    notes += [t("—：只向本街镇和区打非办公开。")] if reader.is_part and any(_told(one, key) == "—" for one in reader.facts["streets"] for key in UNPUBLISHED) else []
    return Sheet(t("表2 各街镇"), t("{place}打击非法行医工作汇总表（表2 各街镇）", place=_about(reader)), columns, rows, notes)


def _told(one: dict, key: str) -> object:
    """A count; ``—`` where there is none, or only a street's own readers get it."""
    found = cell(one, key)
    return "—" if found is None else found


def _base(one: dict) -> str:
    return "" if not one.get("key_N") else f"{one['key_n']}/{one['key_N']}"


def _agencies(reader: Reader) -> Sheet:
    t = reader.t
    keys = ("visits", "people", "joint_actions", "cases_handled", "transfers_out", "transfers_in")
    worked = [one for one in reader.facts["agencies"] if any(cell(one, key) for key in (*keys, "feedback_N", "on_time_N", "overdue"))]
    alone = sorted((one for one in worked if one["system"] != LOCAL), key=lambda one: one["system"])
    local = [one for one in worked if one["system"] == LOCAL]
    rows = [
        [place, reader.name(one), t(name_of("agency_system", one["system"])), *(cell(one, key) for key in keys), _ratio(one, "feedback"), _ratio(one, "on_time"),
         cell(one, "overdue")]
        for place, one in enumerate([*alone, *(local if len(local) <= MOST_LOCAL else [_together(local, t)])], start=1)
    ]  # fmt: skip
    columns = [
        Column(t("序号"), 6), Column(t("部门"), 24), Column(t("系统"), 12), Column(t("巡排查（户次）"), 11), Column(t("出动（人次）"), 10),
        Column(t("联合执法（次）"), 10), Column(t("办理案件（件）"), 10), Column(t("移送（件）"), 9), Column(t("接收（件）"), 9), Column(t("反馈"), 10),
        Column(t("按期办结"), 10), Column(t("逾期（项）"), 9),
    ]  # fmt: skip
    notes = [t("联合执法按参与计，各部门相加会大于合计；期内没有记录的单位不列。")]
    notes += [t("只列本单位的工作；其他部门的由区打非办掌握。")] if reader.facts["scope"]["agencies"] else []
    return Sheet(t("表3 各部门"), t("{place}打击非法行医工作汇总表（表3 各部门）", place=_about(reader)), columns, rows, notes)


def _together(local: list[dict], t: Translate) -> dict:
    """Offices and committees of the streets in one row; joint actions are took-part and do not add up."""
    name = t("各街镇及居（村）委会（{n}个单位）", n=len(local))
    keys = ("visits", "people", "cases_handled", "transfers_out", "transfers_in", "feedback_n", "feedback_N", "on_time_n", "on_time_N", "overdue")
    return {"name": name, "name_en": name, "system": LOCAL, "joint_actions": "—"} | {key: sum(one.get(key) or 0 for one in local) for key in keys}


def _ratio(one: dict, key: str) -> str:
    return f"{one[key + '_n']}/{one[key + '_N']}" if one.get(key + "_N") else "—"


def _decisions(reader: Reader) -> Sheet:
    t = reader.t
    rows = [
        [place, one["number"], t("一点一方案") if one["kind"] == "plan" else t("议定事项"), one["text"], reader.street_of(one) if one["street_code"] else "",
         reader.agency_of(one), reader.support_of(one), reader.day(one["due_on"]),
         one["done_when"] or "", reader.left(one), one["feedback"] or ""]
        for place, one in enumerate(reader.facts["decisions"], start=1)
    ]  # fmt: skip
    columns = [
        Column(t("序号"), 6), Column(t("编号"), 11), Column(t("类别"), 11), Column(t("事项"), 30), Column(t("所在街镇"), 13), Column(t("责任单位"), 15),
        Column(t("配合单位"), 16), Column(t("期限"), 15), Column(t("办结标准"), 20), Column(t("状态"), 10), Column(t("反馈"), 16),
    ]  # fmt: skip
    return Sheet(t("议定事项"), t("联席会议议定事项办理情况表"), columns, rows, [] if rows else [reader.nothing(t("没有议定事项。"), t("没有与本街镇、本单位有关的议定事项。"))])


def _cases(reader: Reader) -> Sheet:
    t = reader.t
    rows = [
        [place, one.get("number") or "", t(name_of("case_kind", one.get("kind"))), t(name_of("category", one.get("category"))), reader.street_of(one),
         t(name_of("case_event", one.get("stage"))), reader.days_left(one.get("days_left")), reader.agency_of(one)]
        for place, one in enumerate(reader.facts["cases"], start=1)
    ]  # fmt: skip
    columns = [
        Column(t("序号"), 6), Column(t("案件编号"), 16), Column(t("案件类型"), 14), Column(t("诊疗类别"), 16), Column(t("所在街镇"), 16), Column(t("办案环节"), 14),
        Column(t("剩余天数"), 12), Column(t("办案部门"), 22),
    ]  # fmt: skip
    return Sheet(t("在办案件"), t("在办案件办理期限表"), columns, rows, [t("作出处理决定前只列街镇，不列网格和当事人。")] if rows else [reader.nothing(t("没有在办案件。"), t("没有与本街镇、本单位有关的在办案件。"))])


def _grids(reader: Reader) -> Sheet:
    t = reader.t
    rows = [
        [reader.name(one), grid["code"], t(name_of("grid_state", grid["state"])), "" if grid["days"] is None else grid["days"]]
        for one in reader.facts["streets"] for grid in one.get("overdue_grids") or ()
    ]  # fmt: skip
    columns = [Column(t("所在街镇"), 20), Column(t("网格"), 18), Column(t("巡查状态"), 14), Column(t("距上次巡查（天）"), 18)]
    told = any("overdue_grids" in one for one in reader.facts["streets"])
    notes = [] if rows else [t("没有待补巡的网格。") if told else t("网格清单只向本街镇和区打非办公开。")]
    return Sheet(t("待补巡网格"), t("{place}待补巡网格清单", place=reader.place), columns, rows, notes)


PAPER = Paper("summary", N_("打非工作汇总表"), "xlsx", make, ("district", "street", "agency"), order=30)
