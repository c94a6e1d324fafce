"""The meeting on slides: last decisions, both periods, hotspots with their evidence, new decisions; charts stay editable."""

from __future__ import annotations

from itertools import pairwise

from briefing import paper_sentences as said
from briefing.documents import Facts, Paper, PaperSettings
from briefing.paper_words import (
    Reader,
    case_count,
    cell,
    count,
    estimate,
    number,
    percent,
    together,
)
from briefing.slide_deck import (
    ACCENT,
    BAD,
    BOTTOM,
    EDGE,
    GREY,
    PALE,
    TOP,
    WIDTH,
    Deck,
    Series,
    fitted,
)
from briefing.static_map import hotspot_map
from rules.language import N_, Translate
from rules.vocabulary import name_of

TILES = ("K1", "K12", "K13", "K15", "K17", "K8", "K10", "K26", "K27", "K28", "K41", "K2")
SHARE = "0%"
BARS = 20
"""Streets in one chart; more go on on the next slide."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The deck in the order of the meeting's four steps."""
    reader = Reader(facts, settings, t)
    title = title_of(reader)
    deck = Deck(reader, title)
    deck.cover(title, cover_lines(reader))
    carried = [one for one in facts["decisions"] if one["carried"]]
    late = len(late_rows(carried))
    _decisions(deck, reader, t("上次事项：{n}项，逾期{late}项", n=len(carried), late=late), carried, reader.nothing(t("上次会议没有议定事项。"), t("没有与本街镇、本单位有关的议定事项。")))
    _figures(deck, reader)
    _comparison(deck, reader)
    _coverage(deck, reader)
    _map(deck, reader)
    for hotspot in facts["hotspots"]:
        _hotspot(deck, reader, hotspot)
    _people(deck, reader)
    _effect(deck, reader)
    made = [one for one in facts["decisions"] if not one["carried"]]
    _decisions(deck, reader, t("议定事项：本次{n}项", n=len(made)), made, reader.nothing(t("本次会议还没有议定事项。"), t("没有与本街镇、本单位有关的议定事项。")))
    return deck.content()


def title_of(reader: Reader) -> str:
    meeting = reader.facts["meeting"]
    return meeting["name"] if meeting else reader.t("{place}打击非法行医联席会议材料", place=reader.place)


def cover_lines(reader: Reader) -> list[str]:
    meeting, t = reader.facts["meeting"], reader.t
    lines = [t("{number} · {day}", number=meeting["number"], day=reader.day(meeting["day"]))] if meeting else []
    return [*lines, t("本期：{period}；前期：{before}", period=reader.period, before=reader.before), reader.issuer]


def decision_rows(reader: Reader, chosen: list[dict]) -> list[list[str]]:
    """事项, 责任单位, 配合, 期限, 办结标准, 状态 of each; shared with the other papers of the meeting."""
    return [
        [one["text"], reader.agency_of(one), reader.support_of(one),
         reader.short_day(one["due_on"]), one["done_when"] or "—", reader.left(one)]
        for one in chosen
    ]  # fmt: skip


def late_rows(chosen: list[dict]) -> list[int]:
    return [place for place, one in enumerate(chosen) if one["state"] == "open" and (one["days_left"] or 0) < 0]


def _decisions(deck: Deck, reader: Reader, title: str, chosen: list[dict], empty: str) -> None:
    t = reader.t
    heads = (t("事项"), t("责任单位"), t("配合"), t("期限"), t("办结标准"), t("状态"))
    deck.table(title, t("逾期的在前；只列与本街镇、本单位有关的事项") if reader.is_part else t("逾期的在前"), heads, decision_rows(reader, chosen), (32, 22, 26, 11, 20, 11), empty=empty, bad=late_rows(chosen))


def _figures(deck: Deck, reader: Reader) -> None:
    t = reader.t
    slide = deck.slide(t("态势：{period}", period=reader.period), t("每项下为前期（{before}）的数", before=reader.before))
    shown = [key for key in TILES if reader.facts["figures"].get(key) is not None]
    wide, high = (WIDTH - 2 * EDGE - 0.45) / 4, 1.5
    for place, key in enumerate(shown):
        found = reader.facts["figures"][key]
        box = (EDGE + place % 4 * (wide + 0.15), TOP + 0.2 + place // 4 * (high + 0.15), wide, high)
        deck.tile(slide, t(found["name"]), reader.figure(key), t("前期 {value}", value=reader.figure(key, "figures_before")), box)


def _comparison(deck: Deck, reader: Reader) -> None:
    t = reader.t
    every = reader.facts["streets"]
    for at in range(0, len(every), BARS):
        streets = every[at : at + BARS]
        slide = deck.slide(t("态势对比：各街镇非法行医事件"), said.comparison(reader))
        names = [reader.name(one) for one in streets]
        series = [
            Series(t("前期"), [_number(one, "events_before") for one in streets], PALE), Series(t("本期"), [_number(one, "events_after") for one in streets], ACCENT)
        ]  # fmt: skip
        deck.bars(slide, names, series, (EDGE, TOP, 7.4, BOTTOM - TOP), unit=t("件"), upright=len(names) <= 6)
        rows = [
            [reader.name(one), count(one, "events_before"), count(one, "events_after"), t(one["verdict"]) if one.get("verdict") else "—"] for one in streets
        ]
        high = min(0.4, (BOTTOM - TOP - 0.1) / (len(rows) + 1))
        deck.add_table(slide, (t("街镇"), t("前期"), t("本期"), t("判断")), rows, (34, 16, 16, 30), (8.2, TOP + 0.1, WIDTH - EDGE - 8.2), size=12 if high > 0.3 else 9, row_height=high)


def _number(one: dict, key: str) -> float | None:
    found = cell(one, key)
    return None if found == "*" else found


def _coverage(deck: Deck, reader: Reader) -> None:
    t = reader.t
    every = sorted((one for one in reader.facts["streets"] if one["coverage"] is not None), key=lambda one: one["coverage"])
    for at in range(0, len(every), BARS):
        streets = every[at : at + BARS]
        slide = deck.slide(t("网格按期巡查率：低的在前"), said.coverage(reader))
        deck.bars(slide, [reader.name(one) for one in streets], [Series(t("网格按期巡查率"), [one["coverage"] for one in streets], ACCENT)],
                  (EDGE, TOP, WIDTH - 2 * EDGE, BOTTOM - TOP), unit="", form=SHARE, upright=False, gap=40)  # fmt: skip


def _map(deck: Deck, reader: Reader) -> None:
    t = reader.t
    found = [one for one in reader.facts["hotspots"] if one["class"] not in {"none", "ns"}]
    slide = deck.slide(t("热点研判：{n}个片区", n=len(found)), t("按人口和投入折算，与随机情形比较；虚线圈为倾向，点线圈为疑似漏查"))
    picture = hotspot_map(reader, width_mm=190, height_mm=132, type_size=1.2 if reader.is_latin else 1.7)
    if picture is not None:
        deck.picture(slide, picture, (EDGE, TOP, 8.0, BOTTOM - TOP), t("热点分布图"))
    rows = [[one["rank"], reader.name(one), number(one["observed"]), estimate(one["expected"]), reader.class_said(one)] for one in found]
    left = 8.8 if picture is not None else EDGE
    if rows:
        deck.add_table(slide, ("", t("片区"), t("件数"), t("预期"), t("判断")), rows[:12], (6, 34, 21, 23, 28) if reader.is_latin else (7, 40, 16, 16, 30), (left, TOP + 0.1, WIDTH - EDGE - left), size=12)
    else:
        deck.text(slide, t("没有片区明显偏多，均在波动范围内。"), (left, TOP + 0.2, WIDTH - EDGE - left, 1), size=18, color=GREY)


def _hotspot(deck: Deck, reader: Reader, one: dict) -> None:
    t = reader.t
    slide = deck.slide(t("热点{rank}　{name}　{verdict}", rank=one["rank"], name=reader.name(one), verdict=reader.class_said(one)), together([reader.street(code) for code in one["street_codes"]], t))
    sentence = reader.say(one["sentence"])
    deck.text(slide, sentence, (EDGE, TOP, 7.4, 0.75), size=fitted(sentence, 7.4 / 1.1, 2, (18, 16, 14, 12)), bold=True)
    detail = reader.say(one["detail"])
    warning = "\n" + t("此处巡查投入偏少，结论仅供参考。") if one.get("thin_effort") and t("此处巡查投入偏少，实际情况可能更多。") not in detail else ""
    deck.text(slide, detail + warning, (EDGE, TOP + 0.78, 7.4, 1.0), size=fitted(detail + warning, 7.4, 4 if warning else 5, (12, 11, 10, 9)), color=GREY)
    histogram = one.get("histogram")
    if histogram and histogram["counts"]:
        _simulations(deck, slide, reader, one)
    rows = [[t("历史点位"), t("{n}户", n=count(one, "sites"))], [t("其中高风险"), t("{n}户", n=count(one, "high_risk_sites"))], [t("建筑工地"), t("{n}处", n=count(one, "construction_sites"))],
            [t("逾期网格"), t("{n}个", n=count(one, "overdue_grids"))], [t("应移送公安"), t("{n}人", n=count(one, "must_transfer"))], [t("重点盯防"), t("{n}人", n=count(one, "watch"))],
            [t("在办案件"), t("{n}件", n=case_count(one))]]  # fmt: skip
    deck.add_table(slide, (t("片区情况"), ""), rows, (60, 40), (EDGE, TOP + 2.0, 3.1), size=13, row_height=0.33)
    repeat = [[f"{each['grid']} {t(name_of('premises', each['premises']))}", t("{n}件", n=each["count"])] for each in one["repeat"][:7]]
    if repeat:
        deck.add_table(slide, (t("反复投诉"), ""), repeat, (84, 16), (EDGE + 3.3, TOP + 2.0, 4.3), size=13, row_height=0.33)
    support = together([reader.system(each) for each in one["support_systems"]], t) or "—"
    told = t("牵头：{lead}　配合：{support}", lead=reader.system(one["lead_system"]), support=support)
    withheld = t("* 人数过少，不予显示。") if any("*" in value for _, value in rows) else reader.say(one["reason"])
    deck.text(slide, told + "\n" + withheld, (EDGE, TOP + 4.75, WIDTH - 2 * EDGE, 0.7), size=fitted(withheld, WIDTH - 2 * EDGE, 2, (12, 11, 10)))


def _simulations(deck: Deck, slide: object, reader: Reader, one: dict) -> None:
    t = reader.t
    histogram = one["histogram"]
    edges, counts, own = histogram["edges"], list(histogram["counts"]), histogram["own"]
    names = [f"{low:.1f}–{high:.1f}" for low, high in pairwise(edges)]
    place = next((at for at, (low, high) in enumerate(pairwise(edges)) if low <= own < high), None)
    if place is None:
        names.append(f"{own:.1f}")
        counts.append(0)
        place = len(names) - 1
    names[place] = t("本热点 {value}", value=f"{own:.1f}")
    top = t("随机模拟 {n} 次中最强聚集的分布；标出的一格是本热点", n=one["simulations"])
    deck.text(slide, top, (8.3, TOP, WIDTH - EDGE - 8.3, 0.4), size=12, color=GREY)
    # The bar of the hotspot itself is as high as the tallest tenth, so that it is seen where no simulation reached.
    mark = [max(counts) / 10 if at == place else None for at in range(len(counts))]
    series = [Series(t("模拟次数"), counts, PALE), Series(t("本热点"), mark, BAD)]
    deck.bars(slide, names, series, (8.3, TOP + 0.35, WIDTH - EDGE - 8.3, 4.2), unit=t("次"), labels=False, gap=5, legend=True)


def _people(deck: Deck, reader: Reader) -> None:
    t, facts = reader.t, reader.facts
    moved, watched = facts["trackers"]["must_transfer"], facts["trackers"]["watch"]
    rows = [
        [t("应移送公安"), one["subject"], number(one["penalties"]), reader.day(one["last_penalty_on"]), reader.day(one["again_on"]),
         t("{n}天", n=one["age_days"]) if one.get("age_days") is not None else "—", reader.street_of(one)]
        for one in moved
    ] + [
        [t("重点盯防"), one["subject"], number(one["penalties"]), reader.day(one["last_penalty_on"]), "—", "—", reader.street_of(one)] for one in watched
    ]  # fmt: skip
    title = t("应移送公安{n}人，重点盯防{m}人", n=len(moved), m=len(watched))
    heads = (t("类别"), t("对象"), t("处罚次数"), t("末次处罚"), t("移送情形成立"), t("已过"), t("所在街镇"))
    above = t("只列本街镇、本单位的对象；其他的由区打非办掌握") if reader.is_part else t("依法应移送公安机关的对象，和已受两次处罚、重点盯防的对象")
    empty = reader.nothing(t("没有应移送公安和重点盯防的对象。"), t("没有本街镇、本单位的对象。"))
    deck.table(title, above, heads, rows, (16, 20, 11, 18, 18, 10, 18), empty=empty)
    again = facts.get("recurrence")
    if again and again.get("closures"):
        slide = deck.slide(t("回潮：取缔{N}处，其中{n}处再现迹象", N=again["closures"], n=again["returned"]), recurrence_said(reader))
        rows = [one for one in again["intervals"] if one["N"]]
        if rows:
            deck.bars(slide, [t("{n}天内", n=one["days"]) for one in rows], [Series(t("再现比例"), [one["n"] / one["N"] for one in rows], ACCENT)],
                      (EDGE, TOP, 7.4, BOTTOM - TOP), unit="", form=SHARE)  # fmt: skip
        moved_on = [[reader.street(one["from_street"]), reader.street(one["to_street"]), t("电话") if one["by"] == "phone" else t("人员"), count(one, "count")] for one in again["displaced"]]
        if moved_on:
            deck.add_table(slide, (t("由"), t("至"), t("依据"), t("人数")), moved_on[:10], (30, 30, 18, 18), (8.3, TOP + 0.1, WIDTH - EDGE - 8.3), size=13)


def recurrence_said(reader: Reader) -> str:
    again = reader.facts["recurrence"]
    told = [reader.t("{n}天内再现{k}处（应观察{N}处，占{share}）", n=one["days"], k=one["n"], N=one["N"], share=percent(one["n"] / one["N"])) for one in again["intervals"] if one["N"]]
    return reader.t("；").join(told)


def _effect(deck: Deck, reader: Reader) -> None:
    effect = reader.facts.get("campaign_effect")
    if not effect:
        return
    t = reader.t
    slide = deck.slide(t("行动成效：{name}", name=effect["campaign"]), reader.say(effect["sentence"]))
    spans = [(word, _number(effect, key)) for word, key in ((t("行动前"), "before"), (t("行动中"), "during"), (t("行动后"), "after")) if effect.get(key) is not None]
    deck.bars(slide, [word for word, _ in spans], [Series(t("事件"), [value for _, value in spans], ACCENT)], (EDGE, TOP, 7.4, BOTTOM - TOP), unit=t("件"))
    control = {"streets": t("以未参加行动的街镇作对照"), "last_year": t("以上年同期作比较，无对照"), "none": t("无对照")}[effect["control"]]
    if effect.get("ratio") is not None:
        deck.text(slide, t("{ratio}倍", ratio=f"{effect['ratio']:.2f}"), (8.4, TOP + 0.6, 4.3, 0.9), size=44, bold=True)
        deck.text(slide, t("95%可信范围{low}至{high}倍\n{control}", low=f"{effect['low']:.2f}", high=f"{effect['high']:.2f}", control=control), (8.4, TOP + 1.7, 4.3, 1.2), size=16, color=GREY)
    else:
        deck.text(slide, control, (8.4, TOP + 0.6, 4.3, 0.9), size=16, color=GREY)


PAPER = Paper("slides", N_("联席会议材料（演示文稿）"), "pptx", make, ("district", "street", "agency"), order=20)
