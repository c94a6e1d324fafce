"""会议纪要: who met, what stood before them, and what was decided, by whom and by when (S4 第1章)."""

from __future__ import annotations

from briefing import paper_sentences as said
from briefing.documents import Facts, Paper, PaperSettings
from briefing.official_docx import OfficialDocument
from briefing.paper_words import Reader, together
from rules.language import N_, Refusal, Translate
from rules.vocabulary import name_of

ROWS = 40
"""Earlier decisions that are listed; more, as where a street has hundreds, stand in the summary (汇总表)."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The minutes of the facts' meeting; its number stands only on confirmed papers of real data.

    Raises:
        Refusal: the facts belong to no meeting.
    """
    meeting = facts["meeting"]
    if not meeting:
        raise Refusal(N_("没有选定会议，无法生成会议纪要：请先在联席会议页面打开一次会议。"))
    reader = Reader(facts, settings, t)
    title = t("{name}纪要", name=meeting["name"])
    issuer = reader.issuer
    paper = OfficialDocument(reader.mark, reader.stamp, title=title, author=issuer, made_at=facts["taken_at"], latin=reader.is_latin)
    if reader.red_head:
        paper.red_head(reader.red_head, meeting.get("minutes_number") or reader.number)
    paper.title(title)
    if reader.red_head == "" and not reader.is_demo and meeting.get("minutes_number"):
        paper.body(t("纪要编号：{number}", number=meeting["minutes_number"]), indent=False)
    for lead, text in _who(reader, meeting):
        paper.body(text, lead=t("{lead}：", lead=lead))
    paper.heading(t("一、工作情况"))
    paper.body(said.basic_situation(reader))
    for text in (said.coverage(reader), said.comparison(reader), said.hotspots(reader)):
        if text:
            paper.body(text)
    paper.heading(t("二、上次事项"))
    carried = [one for one in facts["decisions"] if one["carried"]]
    _table(paper, reader, carried, reader.nothing(t("上次会议没有议定事项。"), t("没有与本街镇、本单位有关的议定事项。")))
    paper.heading(t("三、议定事项"))
    made = [one for one in facts["decisions"] if not one["carried"]]
    if made and reader.is_part:
        paper.note(t("只列与本街镇、本单位有关的事项。"))
    for at, one in enumerate(made, start=1):
        paper.body(_decided(reader, one), lead=t("（{sign}）{text}。", sign=reader.ordinal(at), text=one["text"].rstrip("。")))
    if not made:
        paper.body(reader.nothing(t("本次会议没有议定事项。"), t("没有与本街镇、本单位有关的议定事项。")))
    paper.signature(issuer, reader.day(meeting["day"]), "" if reader.is_demo else t("（盖章）"))
    paper.colophon(reader.copied_to([one for key in ("present", "absent", "invited") for one in meeting.get(key) or ()]), issuer, reader.issued)
    return paper.content()


def _who(reader: Reader, meeting: dict) -> list[tuple[str, str]]:
    t = reader.t
    rows = [
        (t("时间"), reader.day(meeting["day"])), (t("会议"), t("{number}（{level}）", number=meeting["number"], level=t(name_of("meeting_level", meeting["level"])))),
        (t("召集"), reader.name(meeting["convener"]) if meeting.get("convener") else ""),
        *((word, together([reader.name(one) for one in meeting.get(key) or ()], t)) for word, key in ((t("出席"), "present"), (t("列席"), "invited"), (t("缺席"), "absent"))),
        (t("联络员"), together([t("{agency} {name}", agency=reader.agency_of(one), name=one["name"]) for one in meeting.get("liaisons") or ()], t)),
    ]  # fmt: skip
    return [row for row in rows if row[1]]


def _decided(reader: Reader, one: dict) -> str:
    t = reader.t
    support = reader.support_of(one)
    told = t("由{agency}负责", agency=reader.agency_of(one)) + (t("，{support}配合", support=support) if support != "—" else "")
    told += t("，{day}前完成", day=reader.day(one["due_on"])) if one["due_on"] else ""
    return told + (t("；办结标准：{done}。", done=one["done_when"].rstrip("。")) if one.get("done_when") else t("。"))


def _table(paper: OfficialDocument, reader: Reader, chosen: list[dict], empty: str) -> None:
    t = reader.t
    if not chosen:
        paper.body(empty)
        return
    if reader.is_part:
        paper.note(t("只列与本街镇、本单位有关的事项。"))
    rows = [[one["text"], reader.agency_of(one), reader.short_day(one["due_on"]), reader.left(one), one.get("feedback") or "—"] for one in chosen[:ROWS]]
    paper.table([t("事项"), t("责任单位"), t("期限"), t("状态"), t("反馈")], rows, (48, 36, 22, 22, 28))
    if len(chosen) > ROWS:
        late = sum(one["state"] == "open" and (one["days_left"] or 0) < 0 for one in chosen[ROWS:])
        paper.note(t("另有{n}项，其中逾期{m}项，见汇总表。", n=len(chosen) - ROWS, m=late))


PAPER = Paper("minutes", N_("联席会议纪要"), "docx", make, ("district", "agency"), order=25, red_head=True)
