"""图集: one page a street with its map, its figures and its worklist."""

from __future__ import annotations

from reportlab.lib.pagesizes import A4
from reportlab.platypus import Flowable, PageBreak

from briefing.documents import Facts, Paper, PaperSettings
from briefing.paper_pages import Pages
from briefing.paper_words import Reader, count, percent
from briefing.static_map import patrol_map
from briefing.street_work import street_work
from rules.language import N_, Translate

ROWS, LONG = 18, 16
"""Lines of the worklist at most under map and figures, fewer where they need more room: a street keeps to its page."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The atlas, a page a street in the order of the facts."""
    reader = Reader(facts, settings, t)
    pages = Pages(reader, t("{place}打击非法行医工作图集", place=reader.place), A4)
    for place, street in enumerate(reader.own_streets):
        pages.add(*([PageBreak()] if place else []), *_page(pages, reader, street))
    if not reader.own_streets:
        pages.add(pages.text(t("没有街镇可列。")))
    return pages.content()


def _page(pages: Pages, reader: Reader, street: dict) -> list[Flowable]:
    t = reader.t
    figures = [
        [t("网格按期巡查率"), percent(street["coverage"])], [t("网格"), t("{n}个", n=count(street, "grids"))],
        [t("按期／临期"), f"{count(street, 'ok')}{reader.slash}{count(street, 'due')}"], [t("逾期"), t("{n}个", n=count(street, "over"))],
        [t("从未巡查"), t("{n}个", n=count(street, "never"))], [t("重点场所巡查"), f"{street['key_n']}/{street['key_N']}"],
        [t("巡排查"), t("{n}户次", n=count(street, "visits"))], [t("历史点位"), t("{n}户", n=count(street, "sites"))],
        [t("其中高风险"), t("{n}户", n=count(street, "high_sites"))], [t("在办案件"), t("{n}件", n=count(street, "open_cases"))],
        [t("行政处罚"), count(street, "penalties") if reader.is_latin else t("{n}户次", n=count(street, "penalties"))], [t("前期／本期事件"), f"{count(street, 'events_before')}{reader.slash}{count(street, 'events_after')}"],
        [t("判断"), t(street["verdict"]) if street.get("verdict") else "—"],
    ]  # fmt: skip
    table = pages.table((t("指标"), t("数值")), figures, (52, 40), pages.width * 0.34)
    picture = pages.picture(patrol_map(reader, width_mm=112, height_mm=100, street=street["code"], dpi=140), pages.width * 0.62, 330)
    work = street_work(reader, street)
    head = [pages.text(reader.name(street), "title" if len(reader.name(street)) <= LONG else "heading"), pages.text(t("期间：{period}", period=reader.period), "note"), pages.gap(3)]
    body = pages.beside([picture], [table], 0.64, 4) if picture is not None else [table]
    heads = ("", t("类别"), t("事项"), t("期限或状态"))
    above = [*head, *body, pages.gap(4), pages.text(t("待办清单：{n}项", n=len(work)), "heading")]
    if not work:
        return [*above, pages.text(t("目前没有待办事项。"))]
    room = pages.height - pages.taken(above) - 8
    for shown in range(min(len(work), ROWS), 0, -1):
        rows = [[at, *row] for at, row in enumerate(work[:shown], start=1)]
        if len(work) > shown:
            rows.append(["", t("其余"), t("另有{n}项，见待补巡网格清单", n=len(work) - shown), ""])
        table = pages.table(heads, rows, (6, 20, 60, 24))
        if pages.taken([table]) <= room:
            break
    return [*above, table]


PAPER = Paper("atlas", N_("街镇图集"), "pdf", make, ("district", "street"), order=70)
