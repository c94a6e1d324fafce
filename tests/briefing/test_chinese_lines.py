"""Lines of Chinese text keep marks, numbers and words together."""

import pytest
from reportlab.lib.styles import ParagraphStyle

from briefing.chinese_lines import BEGINS_NO_LINE, ENDS_NO_LINE, ChineseParagraph, broken


def lines(text, room):
    return [text[start:end] for start, end in broken(text, [1.0] * len(text), room)]


def test_a_mark_takes_the_sign_before_it_to_the_next_line():
    assert lines("甲乙丙丁，戊己", 4) == ["甲乙丙", "丁，戊己"]
    assert lines("甲乙丙丁戊）。己", 6) == ["甲乙丙丁", "戊）。己"]
    assert lines("甲乙丙（丁戊）", 4) == ["甲乙丙", "（丁戊）"]


def test_a_number_is_not_torn_and_a_space_begins_no_line():
    assert lines("共计罚款12.5万元", 6) == ["共计罚款", "12.5万元"]
    assert lines("甲乙 丙丁", 2) == ["甲乙", "丙丁"]


@pytest.mark.parametrize("text", ["", "。" * 9, "A" * 25, "（（（（", "甲" * 9, " "])
def test_every_sign_is_kept_and_every_line_gets_on(text):
    assert "".join(lines(text, 4)) == text.strip()


@pytest.mark.parametrize("room", range(9, 30))
def test_no_line_begins_or_ends_with_a_mark_that_may_not(room):
    found = lines("蓝盾9号：行动前42件，行动中28件（可信范围0.43至1.95倍），属于“波动范围内”，不能说行动使它升了或降了。", room)
    assert not any(one[0] in BEGINS_NO_LINE for one in found[1:])
    assert not any(one[-1] in ENDS_NO_LINE for one in found)
    assert all(len(one) <= room for one in found)


def test_a_paragraph_keeps_its_own_breaks():
    made = ChineseParagraph("甲乙<br/>丙", ParagraphStyle("one", wordWrap="CJK"))
    made.wrap(100, 100)
    assert [words for _, words in made.blPara.lines] == [["甲乙"], ["丙"]]
