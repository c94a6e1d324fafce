"""案件移送函: hands to the police whoever must be handed over, on the ground and by the article that bind; one letter a subject."""

from __future__ import annotations

from briefing.documents import Facts, Paper, PaperSettings
from briefing.official_docx import OfficialDocument
from briefing.paper_words import Reader, number
from rules.language import N_, Refusal, Translate
from rules.repeat_offence import GROUNDS

COUNTED = ("again", "second_penalty")
"""Grounds that rest on penalties (``rules.repeat_offence.GROUNDS``)."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """A letter a subject who must be transferred; the subject is named as masked as in the facts.

    Raises:
        Refusal: nobody must be transferred as of the day.
    """
    reader = Reader(facts, settings, t)
    subjects = facts["trackers"]["must_transfer"]
    if not subjects:
        raise Refusal(reader.nothing(N_("截至当日没有应移送公安机关的对象，无需移送函。"), N_("截至当日没有应由本单位移送公安机关的对象，无需移送函。")))
    paper = OfficialDocument(reader.mark, reader.stamp, title=t("案件移送函"), author=reader.issuer, made_at=facts["taken_at"], latin=reader.is_latin)
    for place, one in enumerate(subjects):
        if place:
            paper.page_break(restart=True)
        _letter(paper, reader, one)
    return paper.content()


def _letter(paper: OfficialDocument, reader: Reader, one: dict) -> None:
    t = reader.t
    paper.title(t("关于移送涉嫌非法行医案件的函"))
    paper.recipient(t("{district}公安机关：", district=reader.district))
    paper.body(t("{told}。", told=_found(reader, one)))
    paper.body(t("依照{source}的规定，现将该案移送你单位，请依法审查处理，并将受理、立案情况书面反馈我单位。", source=_source(one, t)))
    paper.body(t("附件："))
    for at, item in enumerate((t("案件移送书"), t("历次行政处罚决定书复印件"), t("现场检查笔录、询问笔录及照片"), t("涉案物品清单")), start=1):
        paper.body(f"{at}. {item}")
    paper.body(t("联系人：　　　　　　　　联系电话：　　　　　　　"))
    paper.signature(reader.agency_of(one), reader.day(reader.facts["taken_at"]), "" if reader.is_demo else t("（盖章）"))


def _found(reader: Reader, one: dict) -> str:
    """What was found about a subject: penalties and practising again, or the ground that needs no count."""
    t, ground = reader.t, one.get("ground") or "again"
    if ground not in COUNTED:
        return t("我单位在监督执法中发现，{subject}（{street}）涉嫌非法行医，{day}有以下情形：{ground}", subject=one["subject"],
                 street=reader.street_of(one), day=reader.day(one["again_on"]), ground=t(GROUNDS[ground].name))  # fmt: skip
    told = t("我单位在监督执法中发现，{subject}（{street}）因无证行医已受行政处罚{n}次", subject=one["subject"], street=reader.street_of(one), n=number(one["penalties"]))
    last, again = one.get("last_penalty_on"), one.get("again_on") if ground == "again" else None
    if last and again and again <= last:
        return told + t("：受两次处罚后，{again}又发现其行医迹象；末次处罚决定日期为{day}", again=reader.day(again), day=reader.day(last))
    if last:
        told += t("，末次处罚决定日期为{day}", day=reader.day(last))
    return told + t("；{day}又发现其行医迹象", day=reader.day(again)) if again else told


def _source(one: dict, t: Translate) -> str:
    """The clause by which a subject is handed over; facts of before the grounds were told rest on S4's sentence."""
    ground = one.get("ground")
    return t("“凡无证行医受二次行政处罚者均移交公安机关处理”") if ground in (None, "second_penalty") else t(GROUNDS[ground].article)


PAPER = Paper("case_transfer", N_("案件移送函"), "docx", make, ("district", "agency"), order=60)
