"""The paragraphs of the 通报 in its own wording, filled from the facts; nothing is said that they do not hold."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.paper_words import Reader, cell, in_order, number, percent, together
from rules.joining import clauses, joined
from rules.language import N_
from rules.repeat_offence import GROUNDS

LISTED = 3
"""So many streets or hotspots are named in a sentence; the rest stand in the annex."""


def basic_situation(reader: Reader) -> str:
    """一、基本情况: the one sentence of S0 with K1 to K22, in its order and wording.

    Figures that the register does not hold are left out; a true zero is said. 另有…正在调查中 is
    said only of open cases.
    """
    t = reader.t
    told = [
        _patrols(reader)
        + "".join(_part(reader, key, form) for key, form in ((("K2"), N_("，宣传{n}次")), ("K3", N_("，发放宣传资料{n}份")))),
        t("组织培训{n}次", n=_n(reader, "K4")) + _part(reader, "K5", N_("，培训人数{n}人")),
        t("{place}共出动各类执法人员{n}人次", place=whole(reader, reader.figures_place), n=_n(reader, "K6"))
        + "".join(_part(reader, key, form) for key, form in (
            ("K8", N_("，组织无证行医联合执法{n}次")), ("K9", N_("，联合办案{n}次")), ("K10", N_("，召开联席会议{n}次")), ("K11", N_("，组织应急演练{n}次")),
        )),
        t("检查无证行医点{n}户次", n=_n(reader, "K12")) + _part(reader, "K13", N_("，取缔无证行医{n}户次")) + _seized(reader),
    ]  # fmt: skip
    after = [_penalties(reader)]
    if (adverts := reader.value("K21")) is not None:
        after.append(t("市场监管部门立案查处发布涉及疾病治疗功能的广告案件{n}件", n=number(adverts)))
    if assisted := reader.value("K22"):
        after.append(t("公安部门对无证行医线索进行协查{n}件", n=number(assisted)))
    semicolon, stop = t("；"), t("。")
    return (semicolon.join(told) + stop + semicolon.join(after) + stop).strip()


def period_said(reader: Reader) -> str:
    return reader.t("行动期间") if campaign_of(reader) else reader.t("{period}期间", period=reader.period)


def campaign_of(reader: Reader) -> str:
    """Name of the campaign that the period lies in, or empty."""
    effect, facts = reader.facts.get("campaign_effect"), reader.facts
    if effect and effect["start"] <= facts["start"] and facts["end"] <= effect["end"]:
        return effect["campaign"]
    return ""


def whole(reader: Reader, place: str | None = None) -> str:
    """The street that is told of, or the district as a sentence calls it: 全区, in English by its name."""
    place = reader.reader_place if place is None else place
    return place or (reader.district if reader.is_latin else reader.t("全区"))


def _patrols(reader: Reader) -> str:
    t, time, n = reader.t, period_said(reader), _n(reader, "K1")
    if reader.figures_place:
        return t("{time}，{who}共组织开展巡排查{n}户次", time=time, who=reader.figures_place, n=n)
    return t("{time}，区打非办共组织开展巡排查{n}户次", time=time, n=n)


def comparison(reader: Reader) -> str:
    """The district's events in both periods with the verdict; chance is said in words."""
    row, t = reader.totals, reader.t
    before, after = cell(row, "events_before"), cell(row, "events_after")
    if after is not None and before is None and reader.facts["before"].get("records_from"):
        return t("{place}非法行医事件{m}件；与{before}无从比较。", place=whole(reader), m=after, before=reader.before)
    if before is None or after is None or row.get("verdict") is None:
        return ""
    told = t("与{before}相比，{place}非法行医事件由{n}件变为{m}件", before=reader.before, place=whole(reader), n=before, m=after)
    if row.get("ratio") is not None:
        told = t("{told}，按投入折算为前期的{ratio}倍", told=told, ratio=f"{row['ratio']:.2f}")
        if row.get("low") is not None and row.get("high") is not None:
            told = t("{told}（95%可信范围{low}至{high}倍）", told=told, low=f"{row['low']:.2f}", high=f"{row['high']:.2f}")
    return t("{told}，判断为{verdict}。", told=told, verdict=t(row["verdict"]))


def coverage(reader: Reader) -> str:
    """网格按期巡查率 with its base, and which streets stand lowest."""
    mine, t = reader.totals, reader.t
    if not mine.get("grids"):
        return ""
    told = t(
        "{place}{grids}个网格中，按期和临期{n}个，网格按期巡查率{share}；逾期{over}个，从未巡查{never}个", place=whole(reader), grids=mine["grids"],
        n=mine["ok"] + mine["due"], share=percent(mine["coverage"]), over=mine["over"], never=mine["never"],
    )  # fmt: skip
    low = sorted((one for one in reader.facts["streets"] if one.get("coverage") is not None and one["coverage"] < 0.9), key=lambda one: one["coverage"])
    if low and not reader.reader_place:
        named = together([t("{name}（{share}）", name=reader.name(one), share=percent(one["coverage"])) for one in low[:LISTED]], t)
        told = t("{told}。按期巡查率较低的有{named}", told=told, named=named)
    return t("{told}。", told=told)


def hotspots(reader: Reader) -> str:
    """The significant clusters by name; what stands on thin effort says so."""
    t = reader.t
    found = [one for one in reader.facts["hotspots"] if one["class"] not in {"none", "ns", "under_patrolled", "missed"}]
    missed = [one for one in reader.facts["hotspots"] if one["class"] in {"under_patrolled", "missed"}]
    told: list[str] = []
    if found:
        told.append(t("经统计检验，事件明显偏多的片区有{n}个：{named}。", n=len(found), named=together([reader.name(one) for one in found], t)))
        told += [t("其中{name}：{sentence}", name=reader.name(one), sentence=reader.say(one["sentence"])) for one in found[:1]]
    if missed:
        told.append(t("{named}投诉偏多而巡查偏少，疑似漏查，应先补足巡查再作判断。", named=together([reader.name(one) for one in missed], t)))
    return joined(*told)


def next_steps(reader: Reader) -> Iterator[tuple[str, str]]:
    """三、下阶段工作: (heading, paragraph), only where the facts give a reason."""
    t, facts = reader.t, reader.facts
    areas = [one for one in facts["hotspots"] if one["class"] not in {"none", "ns"}]
    if areas:
        told = [
            t("{name}由{lead}牵头{support}", name=reader.name(one), lead=reader.system(one["lead_system"]),
              support=t("，{named}配合", named=together([reader.system(each) for each in one["support_systems"]], t)) if one["support_systems"] else "")
            for one in areas
        ]  # fmt: skip
        yield t("聚焦重点片区"), t("对重点区域和重点点位进行常态化巡查，发现线索后第一时间采取清除行动。{told}。", told=t("；").join(told))
    late = [one for one in reader.own_streets if one["over"] + one["never"]]
    if late:
        rest = sum(one["over"] + one["never"] for one in late)
        named = together([t("{name}{n}个", name=reader.name(one), n=one["over"] + one["never"]) for one in sorted(late, key=lambda one: -(one["over"] + one["never"]))[:LISTED]], t)
        yield t("补齐巡查短板"), t(
            "各街镇要发挥属地网格管理机制作用，对逾期和从未巡查的{n}个网格逐一补巡，其中{named}。", n=rest, named=named,
        )  # fmt: skip
    moved, watched = facts["trackers"]["must_transfer"], facts["trackers"]["watch"]
    if moved or watched:
        others = sum(one.get("ground") in GROUNDS and not GROUNDS[one["ground"]].is_counted for one in moved)
        parts = [t("受两次行政处罚后再次行医的{n}人依法移送公安机关", n=len(moved) - others) if len(moved) > others else "",
                 t("有其他应当移送情形的{n}人依法移送公安机关", n=others) if others else "", t("已受两次行政处罚的{m}人列为重点盯防，制订“一人一方案”", m=len(watched)) if watched else ""]
        yield t("严格行刑衔接"), clauses(parts)
    todo = [one for one in facts["decisions"] if one["state"] in {"open", "answered"}]
    if todo:
        overdue = sum(one.get("days_left") is not None and one["days_left"] < 0 for one in todo)
        said = t("议定事项未办结{n}项", n=len(todo)) + (t("，其中逾期{n}项，责任单位应在下次会议前办结并书面说明", n=overdue) if overdue else t("，责任单位应按期反馈"))
        yield t("抓好议定事项"), t("{told}。", told=said)
    yield t("强化协同执法"), t(
        "各成员单位要加强协同执法，加大打击力度，保持对无证行医行为“零容忍态势”，逐步清除现有的风险点，并严格控制新增风险点；定期交换有关无证行医人员和顽固点位的信息，对可疑线索及时发出预警。"
    )


def _n(reader: Reader, key: str) -> str:
    return number(reader.value(key))


def _part(reader: Reader, key: str, form: str) -> str:
    return reader.t(form, n=number(reader.value(key))) if reader.value(key) is not None else ""


def _seized(reader: Reader) -> str:
    t = reader.t
    parts = [
        t("没收违法所得{money}", money=reader.money(reader.value("K18"))) if reader.value("K18") is not None else "",
        _goods(reader, "K19", N_("没收诊疗器械{n}件"), N_("没收诊疗器械{n}件、{more}"), N_("没收诊疗器械{more}")),
        _goods(reader, "K20", N_("药品{n}盒"), N_("药品{n}盒、{more}"), N_("药品{more}")),
    ]
    return "".join(t("，{part}", part=part) for part in filter(None, parts))


def _goods(reader: Reader, key: str, form: str, both: str, other: str) -> str:
    """Seized goods of one kind in all their units: 药品9盒、30瓶; ``both`` is said of more than the usual unit, ``other`` where there is none of it."""
    t, usual = reader.t, reader.value(key)
    more = [
        (" " if reader.is_latin else "").join((reader.counted(found["value"]), t(found["unit"])))
        for name, found in in_order(reader.facts["figures"]) if name.startswith(key + "_") and found["value"]
    ]  # fmt: skip
    if not more:
        return "" if usual is None else t(form, n=number(usual))
    said = together(more, t)
    return t(both, n=number(usual), more=said) if usual else t(other, more=said)


def _penalties(reader: Reader) -> str:
    t = reader.t
    told = t("卫生行政部门对无证行医人员作出行政处罚{n}户次", n=_n(reader, "K15"))
    if reader.value("K17") is not None:
        told += t("，罚款{money}", money=reader.money(reader.value("K17")))
    if open_cases := reader.value("K15_open"):
        told += t("，另有{n}户正在调查中", n=number(open_cases))
    return told

