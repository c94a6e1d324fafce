"""通报: what was done in the period, in the structure and wording of S0 and the layout of GB/T 9704."""

from __future__ import annotations

import datetime as dt

from briefing import paper_sentences as said
from briefing.documents import Facts, Paper, PaperSettings
from briefing.official_docx import OfficialDocument
from briefing.paper_words import Reader, count, number, percent, together
from rules.day_words import months_words
from rules.joining import clauses, joined
from rules.language import N_, Translate


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The notice with its annex of streets; a street's reader gets its own row and sentences."""
    reader = Reader(facts, settings, t)
    title = title_of(reader)
    paper = OfficialDocument(reader.mark, reader.stamp, title=title, author=reader.issuer, made_at=facts["taken_at"], latin=reader.is_latin)
    if reader.red_head:
        paper.red_head(reader.red_head, reader.number)
    paper.title(title)
    paper.recipient(_recipients(reader))
    paper.body(_opening(reader))
    paper.heading(t("一、基本情况"))
    paper.body(said.basic_situation(reader))
    paper.heading(t("二、主要做法及成效"))
    _numbered(paper, reader, _done(reader))
    paper.heading(t("三、下阶段工作"))
    _numbered(paper, reader, list(said.next_steps(reader)))
    paper.annex(t("附件：各街镇工作情况表"))
    paper.signature(reader.issuer, reader.day(facts["taken_at"]), t("（盖章）") if not reader.is_demo else "")
    paper.page_break()
    _annex(paper, reader)
    invited = (facts.get("meeting") or {}).get("invited") or ()
    paper.colophon(reader.copied_to([] if reader.reader_place else list(invited)), reader.issuer, reader.issued)
    return paper.content()


def _recipients(reader: Reader) -> str:
    """As S0 addresses them: towns and subdistricts together, zones that are neither by their names."""
    t, zones = reader.t, [reader.name(one) for one in reader.facts["streets"] if not one["name"].endswith(("镇", "乡", "街道"))]
    if zones:
        return t("各镇人民政府，街道办事处，{zones}管委会，其他成员单位：", zones=together(zones, t))
    return t("各镇人民政府，街道办事处，其他成员单位：")


def _opening(reader: Reader) -> str:
    t, campaign = reader.t, said.campaign_of(reader)
    if campaign:
        return t(
            "为维护{place}医疗市场秩序，加大对无证行医行为的防范和打击力度，保障人民群众健康权益，按照{year}年打击无证行医专项整治行动（代号：“{name}”）部署，{place}于{period}期间开展专项整治行动，现将相关情况通报如下：",
            place=reader.place, year=reader.facts["start"][:4], name=campaign, period=reader.period,
        )  # fmt: skip
    return t(
        "为维护{place}医疗市场秩序，加大对无证行医行为的防范和打击力度，保障人民群众健康权益，{place}于{period}期间开展打击非法行医工作，现将相关情况通报如下：",
        place=reader.place, period=reader.period,
    )


def title_of(reader: Reader) -> str:
    if (campaign := said.campaign_of(reader)) and not reader.reader_place:
        return reader.t("关于{year}年{district}打击无证行医专项整治行动（代号：“{name}”）的通报", year=reader.facts["start"][:4], district=reader.district, name=campaign)
    return reader.t("关于{place}{period}打击非法行医工作情况的通报", place=reader.place, period=months_words(*(dt.date.fromisoformat(reader.facts[name]) for name in ("start", "end")), reader.t))


def _done(reader: Reader) -> list[tuple[str, str]]:
    t, value = reader.t, reader.value
    made = [
        (t("压实属地责任，推进网格巡查"), said.coverage(reader)),
        (t("多措并举，开展严厉打击"), joined(said.comparison(reader), said.hotspots(reader))),
        (t("强化宣传，营造良好氛围"), _of_whom(reader, clauses([
            t("开展宣传{n}次", n=number(value("K2"))) if value("K2") else "", t("发放宣传资料{papers}份", papers=number(value("K3"))) if value("K3") else "",
            t("组织培训{m}次，培训{people}人", m=number(value("K4")), people=number(value("K5"))) if value("K4") else "",
        ]))),
        (t("加强演练，深化部门协作") if value("K11") else t("加强联动，深化部门协作"), _together(reader)),
    ]  # fmt: skip
    effect = reader.facts.get("campaign_effect")
    if effect and effect.get("sentence"):
        made.append((t("评估行动成效"), reader.say(effect["sentence"])))
    return [one for one in made if one[1]]


def _together(reader: Reader) -> str:
    t, value = reader.t, reader.value
    told = clauses([
        t("召开联席会议{n}次", n=number(value("K10"))) if value("K10") else "", t("开展联合执法{m}次", m=number(value("K8"))) if value("K8") else "",
        t("联合办案{k}次", k=number(value("K9"))) if value("K9") else "", t("应急演练{j}次", j=number(value("K11"))) if value("K11") else "",
    ])  # fmt: skip
    told = _of_whom(reader, told)
    asked = sum(one["feedback_N"] or 0 for one in reader.facts["agencies"])
    if asked:
        answered = sum(one["feedback_n"] or 0 for one in reader.facts["agencies"])
        told = joined(told, t("部门间移送应反馈{N}件，已反馈{n}件。", N=asked, n=answered))
    return told


def _of_whom(reader: Reader, told: str) -> str:
    """What was done with whose figures it is, where a street's reader could take the district's for its own."""
    return reader.t("{place}共{told}", place=said.whole(reader, ""), told=told) if told and reader.reader_place and not reader.figures_place else told


def _numbered(paper: OfficialDocument, reader: Reader, parts: list[tuple[str, str]]) -> None:
    for at, (heading, text) in enumerate(parts, start=1):
        paper.heading(reader.t("（{sign}）{heading}", sign=reader.ordinal(at), heading=heading), 2)
        paper.body(text)


def _annex(paper: OfficialDocument, reader: Reader) -> None:
    t = reader.t
    paper.annex_head(t("附件"))
    paper.caption(t("各街镇工作情况表"))
    heads = [t("街镇"), t("网格"), t("按期巡查率"), t("逾期"), t("从未巡查"), t("巡排查"), t("前期"), t("本期"), t("判断")]
    rows = [_row(reader, one) for one in reader.facts["streets"]]
    total = bool(rows)
    if total:
        rows.append(_row(reader, reader.facts["district"] | {"name": t("合计"), "name_en": t("合计")}))
    paper.table(heads, rows, (32, 12, 17, 17, 14, 13, 14, 10, 27) if reader.is_latin else (32, 11, 22, 11, 18, 15, 12, 12, 23), total=total)
    paper.note(t("按期巡查率＝（按期＋临期）网格／全部网格，巡查周期为本系统设置；巡排查以户次计；前期（{before}）与本期（{period}）为事件件数；判断按投入折算并作精确检验。", before=reader.before, period=reader.period))
    if any("*" in map(str, row) for row in rows):
        paper.note(t("* 人数过少，不予显示。"))


def _row(reader: Reader, one: dict) -> list[object]:
    verdict = one.get("verdict")
    return [
        reader.name(one), count(one, "grids"), percent(one["coverage"]), count(one, "over"), count(one, "never"), count(one, "visits"),
        count(one, "events_before"), count(one, "events_after"), reader.t(verdict) if verdict else "—",
    ]  # fmt: skip


PAPER = Paper("notice", N_("打非工作通报"), "docx", make, ("district", "street"), order=10, red_head=True)
