"""What the papers print equals the facts: charts, tables, forms, letters, packs."""

import io
import zipfile

import docx
import openpyxl
import pptx
import pypdf
import pytest
from docx.oxml.ns import qn

from briefing.documents import Cancelled, make
from briefing.documents.patrol_form import HEADS
from briefing.documents.street_brief import LINES
from briefing.official_docx import OfficialDocument
from briefing.packs import pack, street_packs
from briefing.paper_material import period_before
from briefing.paper_words import Reader
from briefing.static_map import area_map, hotspot_map, patrol_map
from briefing.street_work import street_work
from data_access.facts_cut import cut, cut_for_agencies
from rules.language import Refusal, translator
from tests.briefing.sample_facts import FORM, facts, outlines, settings

S1_WORK = ("应移送公安", "SUB-7")


def reader(**changes):
    return Reader(facts(), settings(**changes), translator("zh_CN"))


def slides(given=None):
    return list(pptx.Presentation(io.BytesIO(make("slides", given or facts(), settings()))).slides)


def charts(given=None):
    return [shape.chart for slide in slides(given) for shape in slide.shapes if shape.has_chart]


def rows(content, sheet):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)]


def docx_text(kind, given=None, **changes):
    document = docx.Document(io.BytesIO(make(kind, given or facts(), settings(**changes))))
    return "\n".join([*(line.text for line in document.paragraphs), *(cell.text for table in document.tables for row in table.rows for cell in row.cells)])


def test_the_slides_charts_are_native_and_hold_the_facts_numbers():
    compared, covered, simulated, returned, effect = charts()
    assert [list(series.values) for series in compared.plots[0].series] == [[6, 11], [12, 3]]
    assert list(compared.plots[0].categories) == ["北桥镇", "南浦街道"]
    assert list(covered.plots[0].series[0].values) == [0.8, 0.95]
    assert list(simulated.plots[0].series[0].values) == [10, 300, 400, 200, 70, 15, 4]
    assert list(returned.plots[0].series[0].values) == [0.1, 0.25]
    assert list(effect.plots[0].series[0].values) == [40, 22, 25]
    assert all(chart.part.chart_workbook.xlsx_part is not None for chart in charts())


def test_a_long_table_goes_on_on_the_next_slide():
    given = facts()
    given["decisions"] = [given["decisions"][0] | {"number": f"JY-{at}"} for at in range(25)]
    assert sum("上次事项" in shape.text_frame.text for slide in slides(given) for shape in slide.shapes if shape.has_text_frame) == 3


def test_the_summary_holds_every_figure_as_a_number():
    sheet = rows(make("summary", facts(), settings()), "表1 主要指标")
    assert sheet[2] == ["序号", "指标", "单位", "本期", "分子／分母", "前期", "增减"]
    assert sheet[3] == [1, "巡排查", "户次", 3175, "", 1587, 1588]
    assert [row[3:5] for row in sheet if row[1] == "投诉举报查实率"] == [["28.0%", "7/25"]]


def test_the_summary_tells_the_figures_by_their_numbers():
    given = facts()
    given["figures"] = dict(sorted(given["figures"].items()))
    wanted = [given["figures"][key]["name"] for key in ("K1", "K2", "K3")]
    assert [row[1] for row in rows(make("summary", given, settings()), "表1 主要指标")[3:6]] == wanted


def test_a_street_s_summary_names_the_district_whose_figures_it_holds():
    said = {name: [row[0] for row in rows(make("summary", cut(facts(), "S1"), settings()), name)] for name in ("表1 主要指标", "表2 各街镇")}
    assert said["表1 主要指标"][0] == "示范区打击非法行医工作汇总表（表1 主要指标）"
    assert "表1为全区数字；北桥镇的数字见表2。" in said["表1 主要指标"]
    assert said["表2 各街镇"][0].startswith("示范区")


def test_no_row_is_higher_than_excel_holds():
    given = facts()
    given["decisions"][0]["text"] = "长" * 5000
    page = openpyxl.load_workbook(io.BytesIO(make("summary", given, settings())))["议定事项"]
    assert max(one.height for one in page.row_dimensions.values() if one.height) <= 409
    assert "长" * 5000 in [cell.value for row in page.iter_rows() for cell in row]


def test_every_reader_s_summary_has_the_same_sheets_and_says_why_one_is_empty():
    own = facts()
    sheets = [openpyxl.load_workbook(io.BytesIO(make("summary", given, settings()))) for given in (own, cut(own, "S1"), cut_for_agencies(own, ("A2",)))]
    assert len({tuple(book.sheetnames) for book in sheets}) == 1
    assert sheets[2]["待补巡网格"]["A4"].value == "网格清单只向本街镇和区打非办公开。"


def test_the_summary_s_streets_equal_the_facts():
    sheet = rows(make("summary", facts(), settings()), "表2 各街镇")
    assert sheet[3] == [1, "北桥镇", 10, 6, 2, 1, 1, 0.8, "8/10", 1000, 1, 1, 9, 2, 6, 12, "波动范围内"]


def test_a_text_that_a_spreadsheet_would_calculate_is_made_plain():
    given = facts()
    given["decisions"][0]["text"] = "=HYPERLINK(\"x\")"
    book = openpyxl.load_workbook(io.BytesIO(make("summary", given, settings())))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_registration_form_has_its_twelve_columns_and_its_footer():
    sheet = rows(make("patrol_form", facts(), settings()), "登记表")
    assert sheet[0][0] == "示范区非法行医巡查登记表"
    assert sheet[2] == ["序号", "乡镇", "无证行医单位名称", "负责人及从业人员姓名", "行医地址", "联系电话", "毕业院校", "所学专业", "从医资格", "诊治科目", "是否要联合查处", "巡查日期"]
    assert len(HEADS) == 12
    assert sheet[3] == [1, "北桥镇", FORM["unit_name"], "赵**", "北桥路*号", "138****0000", "—", "—", "无", "内科补液", "是", "2023年7月12日"]
    assert sheet[-1][0].split() == ["填表人：", "填表日期：", "联系电话：", "审核人：", "单位盖章"]
    assert sheet[-2][0].startswith("注：从医资格情况为：村防保员、")


@pytest.mark.parametrize("kind", ["patrol_form", "joint_request"])
def test_a_form_is_refused_where_an_older_snapshot_holds_no_rows_for_it(kind):
    older = {name: value for name, value in facts().items() if name not in {"registered_places", "joint_needs"}}
    with pytest.raises(Refusal, match="重新取数"):
        make(kind, older, settings())


def test_a_street_s_form_holds_its_own_places_alone():
    given = facts()
    given["registered_places"].append(FORM | {"street_code": "S2", "street": "南浦街道", "unit_name": "南浦某店"})
    sheet = rows(make("patrol_form", cut(given, "S2"), settings()), "登记表")
    assert [row[2] for row in sheet[3:5]] == ["南浦某店", None]


def test_the_joint_request_tells_found_and_unheeding_of_its_street():
    said = docx_text("joint_request")
    assert "北桥镇于2023年7月1日至2023年7月31日" in said
    assert "发现非法行医场所9家" in said
    assert "目前尚有4家场所仍不听劝告" in said
    assert "卫生健康、公安、市场监管等部门" in said
    assert "南浦街道" not in said


def test_a_joint_request_without_need_is_refused():
    with pytest.raises(Refusal):
        make("joint_request", facts(joint_needs={"S1": {"found": 3, "unheeding": 0}}), settings())


def test_the_case_transfer_letter_names_the_subject_as_masked():
    said = docx_text("case_transfer")
    assert "SUB-7（北桥镇）因无证行医已受行政处罚2次，末次处罚决定日期为2022年11月2日；2023年6月20日又发现其行医迹象" in said
    assert "SUB-9" not in said


def test_a_penalty_after_practising_again_is_told_after_it():
    given = facts()
    given["trackers"]["must_transfer"][0] |= {"again_on": "2022-06-20", "last_penalty_on": "2022-11-02", "penalties": 3}
    assert "因无证行医已受行政处罚3次：受两次处罚后，2022年6月20日又发现其行医迹象；末次处罚决定日期为2022年11月2日。" in docx_text("case_transfer", given)


def test_the_lead_transfer_letter_lists_what_waits_for_an_answer():
    said = docx_text("lead_transfer")
    assert "区公安分局：" in said
    assert "YS-2" in said
    assert "逾期19天" in said
    assert "AJ-1" not in said


def test_a_transferred_lead_is_its_sender_s_letter_and_one_given_out_the_office_s():
    given = facts()
    sent = given["deadlines"][1] | {"from_code": "A3", "from_agency": "南浦街道办事处", "from_agency_en": "Nanpu Office"}
    given["deadlines"] = [sent, sent | {"kind": "lead", "number": "XS-9", "title": "口腔诊疗", "from_agency": None}]
    lines = docx_text("lead_transfer", given).split("\n")
    assert [line for line in lines if line in ("南浦街道办事处", "示范区打击非法行医专项行动领导小组办公室")] == ["南浦街道办事处", "示范区打击非法行医专项行动领导小组办公室"]
    assert lines.count("区公安分局：") == 2
    assert docx_text("lead_transfer", given, language="en").split("\n").count("Nanpu Office") == 1


def test_each_letter_of_a_file_counts_its_own_pages():
    given = facts()
    given["trackers"]["must_transfer"] *= 3
    letters = docx.Document(io.BytesIO(make("case_transfer", given, settings()))).sections
    starts = [[one.get(qn("w:start")) for one in section._sectPr.findall(qn("w:pgNumType"))] for section in letters]
    assert starts == [[], ["1"], ["1"]]
    annex = docx.Document(io.BytesIO(make("notice", given, settings()))).sections[1]
    assert annex._sectPr.find(qn("w:pgNumType")) is None


def test_a_cell_higher_than_two_pages_goes_on_in_rows_below_and_loses_nothing():
    told = "".join(f"{at:04d}号事项" for at in range(800))
    paper = OfficialDocument("", "", title="", author="", made_at="2023-07-31T10:46:00+08:00")
    paper.table(["甲", "乙", "丙"], [["短", told, 3], ["一", "二", 4]], (20, 40, 20))
    rows = docx.Document(io.BytesIO(paper.content())).tables[0].rows
    assert "".join(row.cells[1].text for row in rows) == f"乙{told}二"
    assert [row.cells[0].text for row in rows if row.cells[0].text] == ["甲", "短", "一"]
    assert max(len(row.cells[1].text) for row in rows) < 1000


def test_the_minutes_name_who_was_there_and_what_was_decided():
    said = docx_text("minutes")
    assert "出席：区卫生健康委、区公安分局" in said
    assert "缺席：区市场监管局" in said
    assert "（一）北桥西片一点一方案，联合执法2次。由区卫生健康委负责，区公安分局配合，2023年8月15日前完成；办结标准：两次联合执法完成。" in said
    assert "示联纪" not in said
    assert "示联纪〔2023〕8号" in docx_text("minutes", facts(demo=False), demo=False)


def test_long_lists_of_earlier_decisions_are_counted_and_an_agency_is_told_what_is_left_out():
    given = facts()
    late = next(one for one in given["decisions"] if one["carried"] and one["state"] == "open")
    given["decisions"] = [late | {"number": f"JY-{at}", "text": f"事项{at}号"} for at in range(43)]
    said = docx_text("minutes", given)
    assert "另有3项，其中逾期3项，见汇总表。" in said
    assert "事项39号" in said
    assert "事项40号" not in said
    mine = cut_for_agencies(facts(), ("A2",))
    assert "只列与本街镇、本单位有关的事项。" in docx_text("minutes", mine)
    assert "没有与本街镇、本单位有关的议定事项。" in docx_text("minutes", mine | {"decisions": []})


def test_minutes_without_a_meeting_are_refused():
    with pytest.raises(Refusal):
        make("minutes", facts(meeting=None), settings())


def test_a_street_s_work_stands_late_first():
    work = street_work(reader(), facts()["streets"][0])
    assert [row[0] for row in work] == ["议定事项", "应移送公安", "案件办理期限", "议定事项", "补巡网格", "补巡网格"]
    assert work[0][2] == "逾期7天"
    assert work[1][:2] == S1_WORK
    assert work[-2:] == [("补巡网格", "S1-N0", "从未巡查"), ("补巡网格", "S1-G0", "40天未巡")]


def test_a_street_s_sheet_lists_as_much_work_as_its_second_page_holds():
    given = facts()
    given["decisions"] = [given["decisions"][0] | {"street_code": "S1", "state": "open", "days_left": -3, "number": f"JY-{at}", "text": "长" * 41} for at in range(30)]
    given["deadlines"], given["trackers"] = [], {"must_transfer": [], "watch": []}
    table = docx.Document(io.BytesIO(make("street_brief", cut(given, "S1"), settings()))).tables[0]
    assert len(table.rows) == 1 + LINES // 3
    assert f"另有{30 - LINES // 3 + len(given['streets'][0]['overdue_grids'])}项，见本街镇的待办清单。" in docx_text("street_brief", cut(given, "S1"))


def test_packs_hold_three_files_a_street_each_cut_to_it():
    seen = []
    content = street_packs(facts(), settings(), lambda done, of: seen.append((done, of)), workers=1)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        brief = docx.Document(io.BytesIO(archive.read(next(name for name in names if name.startswith("S2") and name.endswith("docx")))))
    assert sorted({name.split("/")[0] for name in names}) == ["S1_北桥镇", "S2_南浦街道"]
    assert sorted(name.rsplit(".")[-1] for name in names) == ["docx", "docx", "html", "html", "xlsx", "xlsx"]
    said = "\n".join(line.text for line in brief.paragraphs)
    assert "南浦街道" in said
    assert "北桥" not in said
    assert seen == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.long
def test_packs_made_by_several_processes_are_the_same():
    given = facts()
    given["streets"].append(given["streets"][1] | {"code": "S3", "name": "西滩镇", "overdue_grids": []})
    def texts(workers):
        with zipfile.ZipFile(io.BytesIO(street_packs(given, settings(), kinds=("summary",), workers=workers))) as archive:
            return {name: rows(archive.read(name), "表2 各街镇") for name in archive.namelist()}
    assert texts(2) == texts(1)
    assert len(texts(1)) == 3


def test_packs_stop_when_they_are_told_to():
    with pytest.raises(Cancelled):
        street_packs(facts(), settings(), lambda done, of: done < 1, workers=1)


def test_a_pack_without_outlines_has_no_map():
    assert [name.rsplit(".")[-1] for name, _ in pack(facts(), settings(outlines=None), "S1")[1]] == ["docx", "xlsx"]


def test_the_static_map_colours_each_grid_by_its_class():
    from PIL import Image

    picture = Image.open(io.BytesIO(hotspot_map(reader(), width_mm=160, height_mm=110))).convert("RGB")
    found = {color for _, color in picture.getcolors(1 << 24)}
    for color in ("#9E2A0E", "#DB6A3A", "#7A5BA8", "#E9ECEB"):
        assert tuple(int(color[at : at + 2], 16) for at in (1, 3, 5)) in found


def test_there_is_no_map_without_outlines_of_its_level():
    assert hotspot_map(reader(outlines=None)) is None
    assert area_map(reader(), {}, {}, level="neighbourhood", rest="", width_mm=10, height_mm=10) is None


@pytest.mark.parametrize(("start", "end", "first", "last"), [
    ("2023-07-01", "2023-07-31", "2023-06-01", "2023-06-30"), ("2023-01-01", "2023-03-31", "2022-10-01", "2022-12-31"), ("2023-07-10", "2023-07-16", "2023-07-03", "2023-07-09"),
])  # fmt: skip
def test_the_period_before_is_as_long_in_months_or_days(start, end, first, last):
    import datetime as dt

    assert period_before(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_a_street_keeps_to_its_page_of_the_atlas_whatever_its_name_and_its_work():
    given = facts()
    first = given["streets"][0]
    first["name"] = "高新技术产业开发区（综合保税区）新城街道办事处筹备组联合管理区域"
    first["overdue_grids"] = [{"code": f"S1-{at}", "days": 40, "state": "over"} for at in range(300)]
    for one in given["decisions"]:
        one["text"] = "出租房屋备案核查，逐户登记并书面反馈。" * 6
    made = pypdf.PdfReader(io.BytesIO(make("atlas", given, settings())))
    assert len(made.pages) == 2
    assert "另有" in made.pages[0].extract_text()
    assert "南浦街道" in made.pages[1].extract_text()


def words_of(given):
    return "\n".join(shape.text_frame.text for slide in slides(given) for shape in slide.shapes if shape.has_text_frame)


def test_to_an_agency_none_of_its_own_is_not_none_at_all():
    own = cut_for_agencies(facts(), ("A9",))
    told = words_of(own)
    assert "没有与本街镇、本单位有关的议定事项。" in told
    assert "没有本街镇、本单位的对象。" in told
    assert "上次会议没有议定事项" not in told
    assert "没有应移送公安" not in told
    with pytest.raises(Refusal, match="应由本单位移送"):
        make("case_transfer", own, settings())
    minutes = "\n".join(part.text for part in docx.Document(io.BytesIO(make("minutes", own, settings()))).paragraphs)
    assert minutes.count("没有与本街镇、本单位有关的议定事项。") == 2


def test_a_map_of_grids_says_nothing_of_a_street_whose_grids_the_reader_is_not_told(monkeypatch):
    drawn = []
    monkeypatch.setattr("briefing.static_map.area_map", lambda reader, found, classes, **_: drawn.append((found, classes)) or b"")
    t = translator("zh_CN")
    own = Reader(cut(facts(), "S1"), settings(), t)
    assert patrol_map(own) == b""
    found, classes = drawn.pop()
    closed = {code for code, key in found.items() if key == "closed"}
    assert closed == set(outlines().query("level == 'grid' and street_code == 'S2'")["code"])
    assert classes["closed"].label == "其他街镇的网格不列"
    assert patrol_map(own, street="S2") is None
    assert patrol_map(Reader(cut_for_agencies(facts(), ("A1",)), settings(), t)) is None
    assert patrol_map(Reader(facts(), settings(), t)) == b""
    assert "closed" not in drawn.pop()[1]
