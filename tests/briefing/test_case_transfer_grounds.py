"""The letter to the police says the ground and the article that bind, and counts no penalties where none are needed."""

import io

import docx
import pytest

from briefing.documents import PaperSettings
from briefing.documents.case_transfer import PAPER
from rules.language import translator
from tests.briefing.sample_facts import facts

T = translator("zh_CN")


def said(**changes) -> str:
    whole = facts()
    one = {**whole["trackers"]["must_transfer"][0], **changes}
    content = PAPER.make({**whole, "trackers": {"must_transfer": [one], "watch": []}}, PaperSettings(demo=True), T)
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_two_penalties_and_practising_again_rest_on_the_courts_fourth_point():
    told = said(ground="again")
    assert "已受行政处罚2次" in told.replace("二", "2")
    assert "又发现其行医迹象" in told
    assert "依照法释〔2016〕27号 第二条（四）的规定" in told


@pytest.mark.parametrize(("ground", "words", "article"), [
    ("harm", "致人死亡或残疾", "第二条（一）"), ("epidemic", "甲类传染病", "第二条（二）"), ("goods", "假药、劣药", "第二条（三）"), ("serious", "其他情节严重", "第二条（五）"),
])  # fmt: skip
def test_what_needs_no_count_is_told_by_itself(ground, words, article):
    told = said(ground=ground, penalties=0, last_penalty_on=None)
    assert words in told
    assert f"依照法释〔2016〕27号 {article}的规定" in told
    assert "行政处罚0次" not in told
    assert "又发现其行医迹象" not in told


def test_the_stricter_reading_cites_its_own_sentence():
    assert "凡无证行医受二次行政处罚者均移交公安机关处理" in said(ground="second_penalty")
