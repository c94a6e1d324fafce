"""F2 联合执法申请函 (S3 附件2): a street asks the 打非办 for health, police and market regulation."""

from __future__ import annotations

from briefing.documents import Facts, Paper, PaperSettings
from briefing.official_docx import OfficialDocument
from briefing.paper_words import Reader
from rules.language import N_, Refusal, Translate


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The letter of one street, or one letter a street that has something to ask for.

    The counts are those of the facts' ``joint_needs`` (``data_access.registered_places``).

    Raises:
        Refusal: no place would not stop.
    """
    reader = Reader(facts, settings, t)
    needs = reader.frozen("joint_needs")
    letters = [(street, needs[street["code"]]) for street in reader.own_streets if street["code"] in needs and needs[street["code"]]["unheeding"]]
    if not letters:
        raise Refusal(N_("没有劝导或责令整改后仍在营的场所，无需申请联合执法。"))
    paper = OfficialDocument(reader.mark, reader.stamp, title=t("联合执法申请函"), author=reader.place, made_at=facts["taken_at"], latin=reader.is_latin)
    for place, (street, need) in enumerate(letters):
        if place:
            paper.page_break(restart=True)
        _letter(paper, reader, reader.name(street), need["found"], need["unheeding"])
    return paper.content()


def _letter(paper: OfficialDocument, reader: Reader, street: str, found: int, unheeding: int) -> None:
    t = reader.t
    paper.title(t("{year}年打击非法行医专项行动联合执法申请函", year=reader.facts["end"][:4]))
    paper.recipient(t("{district}打非办：", district=reader.district))
    paper.body(t(
        "根据进一步整顿医疗秩序打击非法行医工作要求，{street}于{start}至{end}，对本辖区内的非法行医场所进行了地毯式的排查，发现非法行医场所{found}家，"
        "经向其宣传有关政策、法律、责令其限期整改等措施后，目前尚有{unheeding}家场所仍不听劝告，继续从事无证行医活动。",
        street=street, start=reader.day(reader.facts["start"]), end=reader.day(reader.facts["end"]), found=found, unheeding=unheeding,
    ))  # fmt: skip
    paper.body(t("经{street}打非领导小组研究，决定于近期组织相关人员开展依法取缔行动，请区打非办协调卫生健康、公安、市场监管等部门执法人员前来开展联合打击工作。", street=street))
    paper.body(t("联系人：　　　　　　　　"))
    paper.body(t("联系电话：　　　　　　　"))
    paper.signature(street, reader.day(reader.facts["taken_at"]), "" if reader.is_demo else t("（盖章）"))


PAPER = Paper("joint_request", N_("联合执法申请函"), "docx", make, ("district", "street"), order=50)
