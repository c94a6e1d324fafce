"""工作提示单: tells one street how it stands, what lies in it, and what it has to do by when."""

from __future__ import annotations

import itertools
import math
from typing import Any

from briefing.documents import Facts, Paper, PaperSettings
from briefing.official_docx import OfficialDocument, signs
from briefing.paper_words import Reader, cell, count, percent
from briefing.static_map import patrol_map
from briefing.street_work import street_work
from rules.joining import joined
from rules.language import N_, Translate

LINES = 20
"""Lines of a table's type that the work takes at most, so that the sheet ends on its second page; the rest is counted."""

SIGNS = 20
"""So many signs stand in a line of the work's column."""

FEW = 3
"""Lines of work for which map and count give way, so that they stand on the first page, where no hotspot needs the next one."""

BESIDE, ALONE = (72, 38), (140, 82)
"""Width and height of the map, mm: on a page with all the rest, and on a page that more follow."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The sheet of the street that the facts were cut to; of a whole district, one after the other."""
    reader = Reader(facts, settings, t)
    title = t("打击非法行医工作提示单")
    paper = OfficialDocument(reader.mark, reader.stamp, title=title, author=reader.issuer, made_at=facts["taken_at"], latin=reader.is_latin)
    for place, street in enumerate(reader.own_streets):
        if place:
            paper.page_break(restart=True)
        _street(paper, reader, street, title)
    return paper.content()


def _street(paper: OfficialDocument, reader: Reader, street: dict[str, Any], title: str) -> None:
    t = reader.t
    paper.title(title)
    paper.recipient(t("{street}：", street=reader.name(street)))
    paper.heading(t("一、巡查情况"))
    paper.body(t(
        "{period}期间，共巡排查{visits}户次。截至{day}，{grids}个网格中按期和临期{n}个，网格按期巡查率{share}；逾期{over}个，从未巡查{never}个；重点场所巡查{key}。",
        period=reader.period, visits=count(street, "visits"), day=reader.day(reader.facts["as_of"]), grids=count(street, "grids"), n=street["ok"] + street["due"],
        share=percent(street["coverage"]), over=count(street, "over"), never=count(street, "never"), key=f"{street['key_n']}/{street['key_N']}",
    ))  # fmt: skip
    work = street_work(reader, street)
    # With little to do the sheet is one page.
    spots = [spot for spot in reader.facts["hotspots"] if street["code"] in spot["street_codes"] and spot["class"] != "none"]
    wide, high = ALONE if spots or len(work) > FEW else BESIDE
    picture = patrol_map(reader, width_mm=wide, height_mm=high, street=street["code"], dpi=130)
    if picture is not None:
        paper.picture(picture, wide)
    paper.heading(t("二、形势研判"))
    verdict = t("，判断为{verdict}", verdict=t(street["verdict"])) if street.get("verdict") else ""
    if cell(street, "events_before") is None and reader.facts["before"].get("records_from"):
        paper.body(t("非法行医事件本期{m}件；与{before}无从比较。", m=count(street, "events_after"), before=reader.before))
    else:
        paper.body(t("非法行医事件前期{n}件，本期{m}件{verdict}。", n=count(street, "events_before"), m=count(street, "events_after"), verdict=verdict))
    for spot in spots:
        paper.body(joined(reader.say(spot["sentence"]), reader.say(spot["detail"])), lead=t("{name}（{verdict}）：", name=reader.name(spot), verdict=reader.class_said(spot)))
    paper.heading(t("三、待办事项"))
    if not work:
        paper.body(t("目前没有待办事项。"))
    else:
        if len(work) > FEW:
            paper.body(t("共{n}项，逾期的在前：", n=len(work))).paragraph_format.keep_with_next = True
        rows = [[at, *row] for at, row in enumerate(_fitting(work), start=1)]
        paper.table([t("序号"), t("类别"), t("事项"), t("期限或状态")], rows, (12, 30, 66, 48) if reader.is_latin else (14, 32, 76, 34))
        if len(work) > len(rows):
            paper.note(t("另有{n}项，见本街镇的待办清单。", n=len(work) - len(rows)))
    paper.signature(reader.issuer, reader.day(reader.facts["taken_at"]))


def _fitting(work: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The first lines of work that ``LINES`` hold, the first always."""
    taken = itertools.accumulate(math.ceil(max(1.0, signs(row[1])) / SIGNS) for row in work)
    return [row for place, (row, used) in enumerate(zip(work, taken, strict=True)) if used <= LINES or place == 0]


PAPER = Paper("street_brief", N_("工作提示单"), "docx", make, ("street",), order=65)
