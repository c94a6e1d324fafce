"""The meeting on paper: the same facts as the slides, as a PDF to read beforehand."""

from __future__ import annotations

from itertools import pairwise

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak

from briefing import paper_sentences as said
from briefing.documents import Facts, Paper, PaperSettings
from briefing.documents.meeting_slides import (
    TILES,
    cover_lines,
    decision_rows,
    recurrence_said,
    title_of,
)
from briefing.paper_pages import ACCENT, PALE, Pages
from briefing.paper_words import (
    Reader,
    case_count,
    cell,
    count,
    estimate,
    number,
    percent,
)
from briefing.static_map import hotspot_map, patrol_map
from rules.joining import joined
from rules.language import N_, Translate
from rules.vocabulary import name_of

ROOM = 180
LEAST_ROOM = 60
"""Points that a part wants below its heading, or it begins on a new page; the least for one of a single line."""

TOGETHER = 8
"""Rows of decisions that are not parted from their heading."""

STREETS = 24
"""Streets in one chart; more stand in the table alone."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The pack in the order of the meeting's four steps."""
    reader = Reader(facts, settings, t)
    title = title_of(reader)
    pages = Pages(reader, title)
    pages.add(pages.text(title, "title"), *(pages.text(line) for line in cover_lines(reader)), pages.gap(6))
    pages.add(pages.text(t("一、基本情况"), "heading"), pages.text(said.basic_situation(reader)), pages.gap(3), *_figures(pages, reader))
    carried = [one for one in facts["decisions"] if one["carried"]]
    pages.add(pages.gap(5), *_decisions(pages, reader, t("二、上次事项"), carried, reader.nothing(t("上次会议没有议定事项。"), t("没有与本街镇、本单位有关的议定事项。"))))
    pages.add(PageBreak(), *_streets(pages, reader))
    pages.add(PageBreak(), *_hotspots(pages, reader))
    for one in facts["hotspots"]:
        pages.add(KeepTogether(_hotspot(pages, reader, one)))
    pages.add(*_people(pages, reader))
    made = [one for one in facts["decisions"] if not one["carried"]]
    pages.add(pages.gap(5), CondPageBreak(ROOM if made else LEAST_ROOM), *_decisions(pages, reader, t("五、议定事项"), made, reader.nothing(t("本次会议还没有议定事项。"), t("没有与本街镇、本单位有关的议定事项。"))))
    return pages.content()


def _figures(pages: Pages, reader: Reader) -> list[Flowable]:
    t = reader.t
    shown = [key for key in TILES if reader.facts["figures"].get(key) is not None]
    rows = [[t(reader.facts["figures"][key]["name"]), reader.figure(key), reader.figure(key, "figures_before")] for key in shown]
    half = -(-len(rows) // 2)
    heads = (t("指标"), t("本期"), t("前期"))
    tables = [pages.table(heads, part, (44, 32, 32), pages.width / 2 - 9) for part in (rows[:half], rows[half:]) if part]
    return pages.beside(tables[:1], tables[1:])


def _decisions(pages: Pages, reader: Reader, title: str, chosen: list[dict], empty: str) -> list[Flowable]:
    t = reader.t
    if not chosen:
        return [pages.text(title, "heading"), pages.text(empty)]
    heads = (t("事项"), t("责任单位"), t("配合"), t("期限"), t("办结标准"), t("状态"))
    above = pages.text(t("只列与本街镇、本单位有关的事项。"), "note") if reader.is_part else pages.gap(2)
    whole = [pages.text(title, "heading"), above, pages.table(heads, decision_rows(reader, chosen), (34, 20, 24, 11, 22, 11))]
    # A few rows stay together: none goes over to a page of its own.
    return [KeepTogether(whole)] if len(chosen) <= TOGETHER else whole


def _streets(pages: Pages, reader: Reader) -> list[Flowable]:
    t, streets = reader.t, reader.facts["streets"]
    rows = [
        [reader.name(one), percent(one["coverage"]), count(one, "over"), count(one, "never"), count(one, "visits"), count(one, "events_before"),
         count(one, "events_after"), t(one["verdict"]) if one.get("verdict") else "—"]
        for one in streets
    ]  # fmt: skip
    heads = (t("街镇"), t("按期巡查率"), t("逾期"), t("从未巡查"), t("巡排查"), t("前期"), t("本期"), t("判断"))
    shares = (27, 17, 16, 14, 12, 13, 12, 30) if reader.is_latin else (26, 18, 11, 13, 14, 11, 11, 22)
    # English says the same in more letters: the table needs the room that the bars can spare.
    share = 0.4 if reader.is_latin else 0.5
    wide = pages.width * (1 - share) - 18
    table = pages.table(heads, rows, shares, wide, style="small" if len(rows) > 10 else "cell")
    parts: list[Flowable] = [pages.text(t("三、态势对比"), "heading"), pages.text(joined(said.comparison(reader), said.coverage(reader))), pages.gap(3)]
    if not 0 < len(streets) <= STREETS:
        return [*parts, pages.table(heads, rows, shares)]
    names = [reader.name(one) for one in streets]
    series = [(t("前期"), [_value(one, "events_before") for one in streets], PALE), (t("本期"), [_value(one, "events_after") for one in streets], ACCENT)]
    return [*parts, *pages.beside([pages.bars(names, series, pages.width * share - 9, min(110 + 24 * len(names), 330))], [table], share)]


def _value(one: dict, key: str) -> float | None:
    found = cell(one, key)
    return None if found == "*" else found


def _hotspots(pages: Pages, reader: Reader) -> list[Flowable]:
    t = reader.t
    found = reader.facts["hotspots"]
    wide = pages.width * 0.56
    maps = [pages.picture(hotspot_map(reader, width_mm=160, height_mm=130), wide, 330), pages.picture(patrol_map(reader, width_mm=100, height_mm=80), pages.width * 0.4, 190)]
    rows = [[one["rank"], reader.name(one), number(one["observed"]), estimate(one["expected"]), reader.class_said(one)] for one in found]
    table = pages.table(("", t("片区"), t("件数"), t("预期"), t("判断")), rows, (6, 30, 21, 23, 28) if reader.is_latin else (7, 34, 15, 15, 26), pages.width * 0.4) if rows else pages.text(t("没有片区明显偏多，均在波动范围内。"))
    right = [table, pages.gap(4), *([pages.text(t("待补巡网格"), "strong"), maps[1]] if maps[1] else [])]
    head = pages.text(t("四、热点研判"), "heading")
    return [head, *pages.beside([maps[0]], right, 0.58), PageBreak()] if maps[0] else [head, *right, pages.gap(4)]


def _hotspot(pages: Pages, reader: Reader, one: dict) -> list[Flowable]:
    t = reader.t
    # English says the same in more letters: a wider column keeps two hotspots to a page.
    share = 0.72 if reader.is_latin else 0.6
    half = pages.width * share
    facts = t(
        "历史点位{sites}户（高风险{high}户），建筑工地{building}处，逾期网格{grids}个，应移送公安{moved}人，重点盯防{watch}人，在办案件{cases}件。", sites=count(one, "sites"), high=count(one, "high_risk_sites"),
        building=count(one, "construction_sites"), grids=count(one, "overdue_grids"), moved=count(one, "must_transfer"), watch=count(one, "watch"), cases=case_count(one),
    )  # fmt: skip
    repeat = t("；").join(t("{grid} {premises} {n}件", grid=each["grid"], premises=t(name_of("premises", each["premises"])), n=each["count"]) for each in one["repeat"])
    support = t("、").join(reader.system(each) for each in one["support_systems"]) or "—"
    left = [
        pages.text(reader.say(one["sentence"]), "strong"), pages.text(reader.say(one["detail"])),
        pages.text(t("此处巡查投入偏少，结论仅供参考。"), color="#7C5800") if one.get("thin_effort") else None,
        pages.gap(1), pages.text(facts), pages.text(t("* 人数过少，不予显示。"), "note") if "*" in facts else None, pages.text(t("反复投诉：{told}。", told=repeat)) if repeat else None,
        pages.text(t("牵头：{lead}　配合：{support}", lead=reader.system(one["lead_system"]), support=support)), pages.text(reader.say(one["reason"]), "note"),
    ]  # fmt: skip
    right: list[Flowable] = []
    if one.get("histogram") and one["histogram"]["counts"]:
        edges, counts, own = one["histogram"]["edges"], list(one["histogram"]["counts"]), one["histogram"]["own"]
        place = next((at for at, (low, high) in enumerate(pairwise(edges)) if low <= own < high), len(counts))
        counts += [0] * (place == len(counts))
        names = [f"{edges[at]:.0f}" if at % 4 == 0 and at < len(edges) else "" for at in range(len(counts))]
        names[place] = t("本热点")
        counts[place] = max(counts[place], max(counts) / 10)
        right = [pages.bars(names, [("", counts, PALE)], pages.width - half - 18, 120, upright=True, own=place, labels=False),
                 pages.text(t("随机模拟 {n} 次中最强聚集的分布；红色为本热点", n=one["simulations"]), "note")]  # fmt: skip
    head = pages.text(t("热点{rank}　{name}　{verdict}", rank=one["rank"], name=reader.name(one), verdict=reader.class_said(one)), "heading")
    return [head, *pages.beside([part for part in left if part is not None], right, share), pages.gap(3 if reader.is_latin else 5)]


def _people(pages: Pages, reader: Reader) -> list[Flowable]:
    t, facts = reader.t, reader.facts
    moved, watched = facts["trackers"]["must_transfer"], facts["trackers"]["watch"]
    rows = [
        [t(word), one["subject"], number(one["penalties"]), reader.day(one["last_penalty_on"]), reader.day(one["again_on"]), reader.street_of(one)]
        for word, chosen in ((N_("应移送公安"), moved), (N_("重点盯防"), watched)) for one in chosen
    ]  # fmt: skip
    parts: list[Flowable] = []
    if rows:
        heads = (t("类别"), t("对象"), t("处罚次数"), t("末次处罚"), t("移送情形成立"), t("所在街镇"))
        parts += [CondPageBreak(ROOM), pages.text(t("应移送公安{n}人，重点盯防{m}人", n=len(moved), m=len(watched)), "heading"),
                  *([pages.text(t("只列本街镇、本单位的对象；其他的由区打非办掌握"), "note")] if reader.is_part else []), pages.table(heads, rows, (16, 24, 12, 20, 20, 20)), pages.gap(5)]  # fmt: skip
    again = facts.get("recurrence")
    if again and again.get("closures"):
        parts += [pages.text(t("回潮：取缔{N}处，其中{n}处再现迹象", N=again["closures"], n=again["returned"]), "heading"), pages.text(recurrence_said(reader)), pages.gap(4)]
    effect = facts.get("campaign_effect")
    if effect:
        parts += [pages.text(t("行动成效：{name}", name=effect["campaign"]), "heading"), pages.text(reader.say(effect["sentence"]))]
    return parts


PAPER = Paper("pack", N_("联席会议材料"), "pdf", make, ("district", "street", "agency"), order=21)
