"""The notice says what S0 says, in its order, from the figures handed in."""

import io

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from briefing.documents import make
from briefing.official_docx import TITLE_SIGNS, _balanced, signs
from briefing.paper_sentences import basic_situation, comparison
from briefing.paper_words import Reader
from data_access.facts_cut import cut
from rules.language import translator
from tests.briefing.sample_facts import facts, figure, settings


def reader(given=None, **changes):
    own = settings(**changes)
    return Reader(given or facts(), own, translator(own.language))


def notice(given=None, **changes):
    return docx.Document(io.BytesIO(make("notice", given or facts(), settings(**changes))))


def text(document):
    return "\n".join(line.text for line in document.paragraphs)


def test_the_one_sentence_has_the_order_and_wording_of_the_published_notice():
    assert basic_situation(reader()) == (
        "行动期间，区打非办共组织开展巡排查3175户次，宣传103次，发放宣传资料15599份；组织培训45次，培训人数1378人；全区共出动各类执法人员171人次，"
        "组织无证行医联合执法20次，联合办案7次，召开联席会议8次，组织应急演练1次；检查无证行医点50户次，取缔无证行医6户次，没收违法所得530元，"
        "没收诊疗器械15件，药品9盒。卫生行政部门对无证行医人员作出行政处罚2户次，罚款31万元，另有1户正在调查中；"
        "市场监管部门立案查处发布涉及疾病治疗功能的广告案件2件；公安部门对无证行医线索进行协查5件。"
    )


def test_a_period_before_the_first_record_is_said_and_not_counted_as_zero():
    early = facts(before={"start": "2010-07-01", "end": "2010-07-31", "records_from": "2022-01-03"})
    early["district"] = early["district"] | dict.fromkeys(("events_before", "ratio", "low", "high", "p")) | {"verdict": "无从比较"}
    assert comparison(reader(early)) == "全区非法行医事件15件；与2010年7月1日至7月31日（2022年1月3日以前没有记录）无从比较。"


@pytest.mark.parametrize("kind", ["minutes", "notice", "lead_transfer"])
def test_a_paper_of_a_streets_own_meeting_is_signed_by_whoever_convened_it(kind):
    own = facts()
    district = docx.Document(io.BytesIO(make(kind, own, settings())))
    own["meeting"] = own["meeting"] | {"level": "street"}
    of_street = docx.Document(io.BytesIO(make(kind, own, settings())))
    signed = [[line.text.strip() for line in paper.paragraphs].count(own["meeting"]["convener"]["name"]) for paper in (district, of_street)]
    assert signed[0] == 0
    assert signed[1] >= 1


def test_a_period_outside_a_campaign_is_named_by_its_days():
    assert basic_situation(reader(facts(campaign_effect=None))).startswith("2023年7月1日至7月31日期间，区打非办共组织")


def test_no_open_case_and_no_register_are_not_spoken_of_but_a_true_zero_is():
    given = facts()
    given["figures"]["K15_open"] = figure("调查中", "户", 0)
    given["figures"]["K13"] = figure("取缔无证行医", "户次", 0)
    del given["figures"]["K22"]
    said = basic_situation(reader(given))
    assert "正在调查中" not in said
    assert "协查" not in said
    assert "取缔无证行医0户次" in said


def test_goods_of_one_kind_stand_together_in_all_their_units():
    given = facts()
    given["figures"] |= {"K20_瓶": figure("没收药品", "瓶", 30), "K19_台": figure("没收诊疗器械", "台", 2), "K20_支": figure("没收药品", "支", 0)}
    assert "没收诊疗器械15件、2台，药品9盒、30瓶。" in basic_situation(reader(given))
    del given["figures"]["K20"]
    assert "，药品30瓶。" in basic_situation(reader(given))


@pytest.mark.parametrize(("yuan", "said"), [(530, "530元"), (310_000, "31万元"), (103_500, "10.35万元"), (57_123, "57123元"), (10_000, "1万元"), (0, "0元")])
def test_money_is_told_in_wan_where_that_is_exact(yuan, said):
    assert reader().money(yuan) == said


def test_the_page_is_that_of_the_standard():
    section = notice().sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(size / Mm(1)) for size in sizes] == [210, 297, 37, 35, 28, 26]


def test_lines_type_and_faces_are_those_of_the_standard():
    document = notice()
    normal = document.styles["Normal"]
    assert normal.font.size == Pt(16)
    spacing = normal.element.rPr.find(qn("w:spacing"))
    assert 225 / 25.4 * 72 // normal.paragraph_format.line_spacing.pt == 22  # lines of a page
    assert 156 / 25.4 * 72 // (16 + int(spacing.get(qn("w:val"))) / 20) == 28  # signs of a line
    faces = {line.text: line.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) for line in document.paragraphs if line.runs and line.runs[0]._element.rPr is not None and line.runs[0]._element.rPr.rFonts is not None}
    assert faces["一、基本情况"] == "黑体"
    assert faces["（一）压实属地责任，推进网格巡查"] == "楷体_GB2312"
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_pages_are_numbered_outside_between_dashes():
    section = notice().sections[0]
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml
    assert section.footer.paragraphs[0].text.startswith("— ")
    assert [footer.paragraphs[0].alignment for footer in (section.footer, section.even_page_footer)] == [2, 0]


def test_the_dash_of_the_page_number_lies_seven_millimetres_under_the_text():
    section = notice().sections[0]
    heights = [line.paragraph_format.line_spacing for line in section.footer.paragraphs]
    dash = section.footer_distance + heights[1] + heights[0] // 2
    assert abs((section.bottom_margin - dash) / Mm(1) - 7) < 0.1


def test_the_red_head_stands_where_the_standard_puts_it():
    lines = notice(facts(demo=False), demo=False, confirmed_by="示例", with_red_head=True, number="示打非办〔2023〕1号").paragraphs
    head = lines[0].paragraph_format
    assert abs((head.space_before + (head.line_spacing - lines[0].runs[0].font.size) // 2) / Mm(1) - 35) < 0.1
    assert [bool(line.text) for line in lines[:7]] == [True, False, False, True, False, False, True]


@pytest.mark.parametrize(("issuer", "edges"), [("示范区打击非法行医专项行动领导小组办公室", [2.0, 8.125, 10.0]), ("西镇", [6.875, 4.0, 5.875])])
def test_a_sealed_signature_is_centred_on_its_day(issuer, edges):
    lines = notice(facts(demo=False), demo=False, confirmed_by="示例", issuer=issuer).paragraphs
    at = next(place for place, line in enumerate(lines) if line.text == issuer)
    assert [line.text for line in lines[at : at + 3]] == [issuer, "2023年7月31日", "（盖章）"]
    assert [round(line.paragraph_format.right_indent / Pt(16), 3) for line in lines[at : at + 3]] == edges


def test_a_row_higher_than_a_page_may_break_and_no_other():
    given = facts()
    carried = next(one for one in given["decisions"] if one["carried"])
    given["decisions"] = [carried | {"text": "长" * 900}, carried]
    rows = docx.Document(io.BytesIO(make("minutes", given, settings()))).tables[0].rows
    assert [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows] == [True, False, True]


def test_a_heading_stays_with_the_first_rows_of_its_table():
    document = docx.Document(io.BytesIO(make("minutes", facts(), settings())))
    table = document.tables[0]
    before = docx.text.paragraph.Paragraph(table._tbl.getprevious(), document)
    assert before.paragraph_format.keep_with_next
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows[:2]]
    assert kept == [True, True]


def test_the_last_page_holds_more_than_who_gets_a_copy():
    lines = docx.Document(io.BytesIO(make("minutes", facts(), settings()))).paragraphs
    foot = next(place for place, line in enumerate(lines) if line._element.find(qn("w:pPr") + "/" + qn("w:framePr")) is not None)
    assert all(line.paragraph_format.keep_with_next for line in lines[foot - 4 : foot])


def test_the_three_parts_stand_in_their_order():
    said = text(notice())
    places = [said.index(head) for head in ("一、基本情况", "二、主要做法及成效", "三、下阶段工作", "附件：各街镇工作情况表")]
    assert places == sorted(places)


def test_the_annex_holds_every_street_and_their_sum():
    rows = [[cell.text for cell in row.cells] for row in notice().tables[0].rows]
    assert rows[1] == ["北桥镇", "10", "80.0%", "1", "1", "1000", "6", "12", "波动范围内"]
    assert rows[2] == ["南浦街道", "20", "95.0%", "1", "0", "2000", "11", "3", "倾向下降"]
    assert rows[3] == ["合计", "30", "90.0%", "2", "1", "3000", "17", "15", "波动范围内"]


def test_what_comes_next_follows_from_the_facts():
    said = text(notice())
    assert "北桥西片由卫生监督牵头，公安、房管建管配合" in said
    assert "对逾期和从未巡查的3个网格逐一补巡，其中北桥镇2个、南浦街道1个" in said
    assert "再次行医的1人依法移送公安机关；已受两次行政处罚的1人列为重点盯防，制订“一人一方案”。" in said
    assert "议定事项未办结2项，其中逾期1项" in said


def test_a_withheld_count_is_a_star_with_its_reason():
    given = facts()
    given["streets"][0] |= {"events_before": None, "suppressed": True}
    document = notice(given)
    assert document.tables[0].rows[1].cells[6].text == "*"
    assert "* 人数过少，不予显示。" in text(document)


def test_the_same_facts_give_the_same_words_again():
    assert text(notice()) == text(notice())


def test_zones_that_are_neither_town_nor_subdistrict_are_addressed_by_name():
    given = facts()
    given["streets"] = [*given["streets"], given["streets"][0] | {"code": "S3", "name": "东湖工业区"}, given["streets"][0] | {"code": "S4", "name": "西湖新区"}]
    assert "\n各镇人民政府，街道办事处，东湖工业区、西湖新区管委会，其他成员单位：\n" in text(notice(given))
    assert "\n各镇人民政府，街道办事处，其他成员单位：\n" in text(notice())


def test_a_street_s_notice_says_whose_figures_it_tells():
    given = facts()
    given["campaign_effect"] = None
    said = text(notice(cut(given, "S1")))
    assert "\n全区共开展宣传103次；发放宣传资料15599份；组织培训45次，培训1378人。" in said
    assert "\n全区共召开联席会议8次；" in said
    assert "\n开展宣传103次；" in text(notice(given))


def test_what_a_screen_says_with_spaces_stands_on_paper_without():
    assert reader().say({"zh": "2023年2月1日 至 7月31日发生 38 件（可信范围 1.1 至 2.5 倍）", "en": "38"}) == "2023年2月1日至7月31日发生38件（可信范围1.1至2.5倍）"


def test_a_month_outside_a_campaign_is_named_in_the_title_and_its_zeros_read_well():
    quiet = facts(campaign_effect=None, start="2024-02-01", end="2024-02-29", as_of="2024-02-29", hotspots=[], decisions=[], trackers={"must_transfer": [], "watch": []})
    for key in ("K2", "K3", "K4", "K5", "K8", "K9", "K10", "K11", "K13", "K15", "K15_open", "K17"):
        quiet["figures"][key]["value"] = 0
    quiet["agencies"] = []
    said = text(notice(quiet))
    assert "关于示范区2024年2月打击非法行医工作情况的通报" in said.replace("\n", "")
    assert "取缔无证行医0户次" in said
    assert "作出行政处罚0户次，罚款0元；" in said
    assert "正在调查中" not in said
    for absent in ("强化宣传", "深化部门协作", "严格行刑衔接", "聚焦重点片区", "抓好议定事项", "—次", "None", "nan"):
        assert absent not in said
    assert "（二）多措并举，开展严厉打击" in said


def test_the_campaign_s_notice_is_titled_and_opened_as_the_published_one():
    said = text(notice())
    assert said.startswith("关于2023年示范区\n打击无证行医专项整治行动\n（代号：“蓝盾示例”）的通报")
    assert "示范区于2023年7月1日至7月31日期间开展专项整治行动，现将相关情况通报如下：" in said


def colophon(document):
    """The paragraphs that stand in the frame at the foot."""
    return [line for line in document.paragraphs if line._element.find(qn("w:pPr") + "/" + qn("w:framePr")) is not None]


def test_the_colophon_stands_at_the_foot_between_its_rules():
    lines = colophon(notice(facts(demo=False), demo=False, confirmed_by="示例"))
    assert [line.text.strip() for line in lines if line.text.strip()] == ["抄送：区市场监管局。", "示范区打击非法行医专项行动领导小组办公室\t2023年7月31日印发"]
    frames = {tuple(sorted(line._element.find(qn("w:pPr") + "/" + qn("w:framePr")).attrib.items())) for line in lines}
    assert len(frames) == 1
    assert (qn("w:yAlign"), "bottom") in next(iter(frames))
    assert [edge.get(qn("w:sz")) for edge in lines[0]._element.find(qn("w:pPr") + "/" + qn("w:pBdr"))] == ["8", "8"]
    assert {line.runs[0].font.size for line in lines if line.text.strip()} == {Pt(14)}


def test_what_was_not_confirmed_was_not_issued():
    for given in ({"demo": True}, {"demo": False}):
        assert colophon(notice(facts(**given), **given))[-1].text.endswith("　　年　月　日印发")


def test_nobody_gets_a_copy_whom_the_data_do_not_name():
    assert [line.text.strip() for line in colophon(notice(facts(meeting=None)))] == ["示范区打击非法行医专项行动领导小组办公室\t　　年　月　日印发"]


def test_minutes_go_to_everybody_who_was_called_each_once():
    lines = colophon(docx.Document(io.BytesIO(make("minutes", facts(), settings()))))
    named = lines[0].text.strip().removeprefix("抄送：").removesuffix("。").split("、")
    meeting = facts()["meeting"]
    assert named == list(dict.fromkeys(one["name"] for key in ("present", "absent", "invited") for one in meeting[key]))


def test_a_long_issuer_in_the_colophon_leaves_its_day_a_line():
    written = colophon(notice(facts(demo=False), demo=False, confirmed_by="示例", issuer="示范经济技术开发区打击非法行医专项行动领导小组办公室"))[-1].text
    assert written.split("\n")[1] == "\t2023年7月31日印发"


@pytest.mark.parametrize(("title", "lines"), [
    ("关于2023年示范区打击无证行医专项整治行动（代号：“蓝盾9号”）的通报", ["关于2023年示范区", "打击无证行医专项整治行动", "（代号：“蓝盾9号”）的通报"]),
    ("短标题", ["短标题"]),
    ("没有可断之处的一个很长很长很长很长很长很长很长很长的标题", ["没有可断之处的一个很长很长很长很长很长很长很长很长的标题"]),
])  # fmt: skip
def test_a_title_breaks_between_words_into_lines_that_fit(title, lines):
    assert _balanced(title) == lines
    assert len(lines) == 1 or all(signs(line) <= TITLE_SIGNS for line in lines)


def test_a_long_name_of_the_issuer_breaks_at_a_word():
    head = notice(facts(demo=False), demo=False, confirmed_by="示例", with_red_head=True, number="示打非办〔2023〕1号").paragraphs[0]
    assert head.text.split("\n") == ["示范区打击非法行医专项行动", "领导小组办公室文件"]
