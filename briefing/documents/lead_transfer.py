"""线索移交函: hands an agency its leads, one letter from each sender to each receiver (S1, S4 线索移交).

A lead that one agency transferred to another is the sender's letter; leads that were given out to be
checked are the leading group's office's, or in a street's own meeting its convener's (DOMAIN 6, 7.8).
"""

from __future__ import annotations

from briefing.documents import Facts, Paper, PaperSettings
from briefing.official_docx import OfficialDocument
from briefing.paper_words import Reader
from rules.language import N_, Refusal, Translate
from rules.vocabulary import code_of


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """A letter for each sender and receiver of leads that wait for an answer, with number, street and due day.

    Raises:
        Refusal: no transferred lead waits for an answer.
    """
    reader = Reader(facts, settings, t)
    letters: dict[tuple[str, str], list[dict]] = {}
    for one in facts["deadlines"]:
        if one["kind"] == "lead" or (one["kind"] == "transfer" and code_of("transfer_kind", one["title"]) == "lead"):
            letters.setdefault((_sender(reader, one), reader.agency_of(one)), []).append(one)
    if not letters:
        raise Refusal(reader.nothing(N_("没有待反馈的线索，无需移交函。"), N_("没有与本单位有关的待反馈线索，无需移交函。")))
    paper = OfficialDocument(reader.mark, reader.stamp, title=t("线索移交函"), author=reader.issuer, made_at=facts["taken_at"], latin=reader.is_latin)
    for place, ((sender, receiver), rows) in enumerate(letters.items()):
        if place:
            paper.page_break(restart=True)
        _letter(paper, reader, sender, receiver, rows)
    return paper.content()


def _sender(reader: Reader, one: dict) -> str:
    """Who transferred the lead; of one that was given out, and in facts of before senders were told, who sends the paper."""
    name = one.get("from_agency")
    return reader.name({"name": name, "name_en": one.get("from_agency_en")}) if name else reader.issuer


def _letter(paper: OfficialDocument, reader: Reader, sender: str, receiver: str, rows: list[dict]) -> None:
    t = reader.t
    paper.title(t("关于移交无证行医线索的函"))
    paper.recipient(t("{agency}：", agency=receiver))
    paper.body(t("现将涉及你单位职责的无证行医线索{n}件移交（转办）你单位，请依法核查处理，件件有结果，并在下列期限前书面反馈。", n=len(rows)))
    late = sum(one["days_left"] is not None and one["days_left"] < 0 for one in rows)
    if late:
        paper.body(t("其中{n}件已超过反馈期限，请于收函之日起尽快反馈并说明原因。", n=late))
    paper.table(
        [t("序号"), t("编号"), t("所在街镇"), t("反馈期限"), t("状态")],
        [[at, one["number"] or "—", reader.street_of(one), reader.day(one["due_on"]), reader.days_left(one["days_left"])] for at, one in enumerate(rows, start=1)],
        (12, 28, 54, 36, 26),
    )  # fmt: skip
    paper.body(t("联系人：　　　　　　　　联系电话：　　　　　　　"))
    paper.signature(sender, reader.day(reader.facts["taken_at"]), "" if reader.is_demo else t("（盖章）"))


PAPER = Paper("lead_transfer", N_("线索移交函"), "docx", make, ("district", "agency"), order=61)
