"""Tables are found under titles, above footers, with the headings that people give them."""

from __future__ import annotations

import pytest

from data_access.database import Database
from data_access.importing import ImportRefused, SeveralSheets, preview
from data_access.importing.headings import likeliest, matched
from data_access.importing.kinds import kinds
from tests.importing.hamlet import WHOLE, doubted, noted, rows_file, said, table, workbook


def fields(kind: str, *headings: str, cut: bool = False) -> dict[str, str]:
    return {field: one.text for field, one in matched(kinds()[kind], headings, cut=cut).items()}


def test_a_heading_is_known_by_alias_unit_width_marks_and_spaces() -> None:
    assert fields("penalties", "处罚日期*", "罚款金额（万元）", "案 件 编 号", "决定机关(必填)", "没收违法所得（元）：") == {
        "day": "处罚日期*", "fine_yuan": "罚款金额（万元）", "case_id": "案 件 编 号", "agency_code": "决定机关(必填)", "confiscated_yuan": "没收违法所得（元）："}
    found = matched(kinds()["penalties"], ["罚款（万元）", "没收违法所得"])
    assert (found["fine_yuan"].factor, found["fine_yuan"].unit) == (10_000, "万元")
    assert found["confiscated_yuan"].factor == 1


def test_the_register_own_heading_wins_over_an_alias() -> None:
    assert fields("visits", "日期", "巡查日期")["day"] == "巡查日期"
    assert fields("visits", "巡查日期", "日期")["day"] == "巡查日期"


def test_a_serial_number_is_no_number_of_the_register() -> None:
    assert "number" not in fields("sites", "序号", "名称")


def test_a_cut_heading_is_the_one_column_that_begins_like_it() -> None:
    assert fields("areas", "街镇代", cut=True) == {"code": "街镇代"}
    assert fields("areas", "街镇代", cut=False) == {}
    assert fields("areas", "街", cut=True) == {}


@pytest.mark.parametrize(("headings", "kind"), [
    ("代码,名称,系统,层级", "agencies"), ("编号,巡查日期,巡查结果,街镇", "visits"), ("工地编号,工地名称,施工阶段,街镇", "construction_sites"),
    ("点位编号,点位名称,行医地址,街镇,诊疗科目", "sites"), ("线索编号,受理日期,线索来源,街镇", "leads"), ("案件编号,案件类别,办案部门,街镇", "cases"),
    ("案件编号,日期,进展,文书号", "case_events"), ("点位编号,日期,事件,风险等级", "site_events"), ("案件编号,处罚日期,罚款金额（元）,决定机关", "penalties"),
    ("案件编号,日期,种类,物品,数量,单位", "seizures"), ("编号,类别,移送日期,移送部门,接收部门", "transfers"), ("区域,年份,常住人口", "population"),
    ("人员编号,姓名,身份证号,住址,街镇", "persons"), ("清单编号,编号,季度,对象类别,对象编号", "tasks"), ("日期,类别,活动名称,发放资料,参加人数", "activities"),
    ("会议编号,会议日期,层级,成员单位", "meetings"), ("编号,会议编号,议定日期,事项,责任部门,期限", "decisions"), ("日期,类别,数量,查证属实", "adverse_events"),
    ("行动编号,编号,名称,开始日期,结束日期", "campaigns"), ("街镇代码,街镇名称,几何", "areas"),
])  # fmt: skip
def test_every_register_is_told_by_its_headings(headings: str, kind: str) -> None:
    shape = "polygon" if "几何" in headings else ""
    assert likeliest(headings.split(","), cut=False, geometry=shape)[0][1] == kind


def test_titles_merged_cells_repeated_headings_footers_and_empty_rows_are_no_data(hamlet: Database) -> None:
    heading = ["序号", "街镇", "点位编号", "点位名称", "发现日期"]
    file = workbook("台账.xlsx", {"台账": [
        ["示范区无证行医历史点位台账", None, None, None, None], ["填报单位：示范办", None, None, None, "单位：户"], [], heading,
        [1, "青禾街道", "D1", "示例一", "2023.7.3"], [2, None, "D2", "示例二", "2023年7月4日"], heading, [3, "古溪路街道", "D3", "示例三", 45110],
        [], ["合计", None, 3, None, None], ["填表人：示例甲", None, "审核人：示例乙", None, None], ["注：发现日期为首次查见日期", None, None, None, None],
    ]}, merged=("A1:E1", "B5:B6"))  # fmt: skip
    found = preview(hamlet, file, scope=WHOLE)
    assert not found.refused, said(found)
    assert found.good[["number", "street_code"]].values.tolist() == [["D1", "990114001"], ["D2", "990114001"], ["D3", "990114002"]]
    assert found.good.index.tolist() == [1, 2, 4]
    assert [day.isoformat() for day in found.good["first_seen"]] == ["2023-07-03", "2023-07-04", "2023-07-03"]
    assert "跳过 3 行合计、填表人或注释。" in noted(found)
    assert "没有采用的列：序号。" in noted(found)


def test_two_rows_of_headings_are_read_as_one(hamlet: Database) -> None:
    file = workbook("点位.xlsx", {"点位": [["点位编号", "点位名称", "位置", None, None], [None, None, "街镇", "经度", "纬度"], ["D1", "示例一", "青禾街道", 121.21, 31.31]]},
                    merged=("C1:E1", "A1:A2", "B1:B2"))
    found = preview(hamlet, file, scope=WHOLE)
    assert not found.refused, said(found)
    assert found.good[["number", "grid_code", "located"]].values.tolist() == [["D1", "QH-01", "point"]]


def test_the_only_sheet_that_fits_is_read_and_named(hamlet: Database) -> None:
    heading, row = ["点位编号", "点位名称", "街镇"], ["D1", "示例一", "青禾街道"]
    file = workbook("点位.xlsx", {"说明": [["请按月填报"]], "空": [], "表头": [heading], "汇总": [["街镇", "户数"], ["青禾街道", 1]], "一月": [heading, row]})
    found = preview(hamlet, file, scope=WHOLE, kind="sites")
    assert found.good["number"].tolist() == ["D1"]
    assert "读取“一月”。" in noted(found)


def test_of_two_sheets_that_fit_a_person_says_which(hamlet: Database) -> None:
    heading, row = ["点位编号", "点位名称", "街镇"], ["D1", "示例一", "青禾街道"]
    file = workbook("点位.xlsx", {"说明": [["请按月填报"]], "空": [], "一月": [heading, row], "二月": [heading, ["D2", "示例二", "青禾街道"]]})
    with pytest.raises(SeveralSheets, match=r"点位\.xlsx 里有 2 个工作表或图层都读得出来（一月、二月）：请选定一个") as caught:
        preview(hamlet, file, scope=WHOLE)
    assert caught.value.sheets == ("一月", "二月")
    assert preview(hamlet, file, scope=WHOLE, sheet="二月").good["number"].tolist() == ["D2"]


def test_a_column_that_is_required_and_absent_refuses_the_file_and_names_it(hamlet: Database) -> None:
    with pytest.raises(ImportRefused, match="“案件”缺少必填的列：案件类别、办案部门"):
        preview(hamlet, table("a.csv", "案件编号,街镇", ["A1,青禾街道"]), scope=WHOLE, kind="cases")


def test_headings_of_no_register_and_of_no_such_kind_are_refused(hamlet: Database) -> None:
    with pytest.raises(ImportRefused, match=r"认不出 a\.csv 是哪种登记表（表头：苹果、梨）"):
        preview(hamlet, table("a.csv", "苹果,梨", ["1,2"]), scope=WHOLE)
    with pytest.raises(ImportRefused, match="没有名为 apples 的登记表：可以是 areas、"):
        preview(hamlet, table("a.csv", "苹果,梨", ["1,2"]), scope=WHOLE, kind="apples")
    with pytest.raises(ImportRefused, match=r"a\.csv 里没有数据行"):
        preview(hamlet, table("a.csv", "", []), scope=WHOLE)


def test_a_row_shorter_than_the_headings_is_read_and_a_longer_one_asks(hamlet: Database) -> None:
    found = preview(hamlet, rows_file("a.csv", ["点位编号", "街镇", "名称"], [["D1", "青禾街道"], ["D2", "青禾街道", "示例", "多余"], ["D3", "青禾街道", "例", ""]]), scope=WHOLE)
    assert found.good["name"].tolist() == [None, "例"]
    assert doubted(found)[2].startswith("这一行比表头多出“多余”")


def test_a_copy_of_the_same_rows_in_another_sheet_is_not_asked_about(hamlet: Database) -> None:
    heading, rows = ["点位编号", "点位名称", "街镇"], [["D1", "示例一", "青禾街道"], ["D2", "示例二", "青禾街道"]]
    file = workbook("点位.xlsx", {"台账": [["2023年台账"], heading, *rows, ["合计", 2]], "备份": [heading, *rows]})
    found = preview(hamlet, file, scope=WHOLE)
    assert found.good["number"].tolist() == ["D1", "D2"]
    assert "读取“台账”。" in noted(found)


def test_sheets_that_are_no_register_are_named_as_not_read(hamlet: Database) -> None:
    file = workbook("点位.xlsx", {"封面": [["打非台账"]], "台账": [["点位编号", "街镇"], ["D1", "青禾街道"]], "汇总": [["街镇", "合计"], ["青禾街道", 1]]})
    assert "没有读取：汇总；" in noted(preview(hamlet, file, scope=WHOLE))


def test_a_column_without_a_heading_is_named_where_it_holds_something(hamlet: Database) -> None:
    found = preview(hamlet, rows_file("a.csv", ["点位编号", "", "街镇", ""], [["D1", "备", "青禾街道", ""]]), scope=WHOLE)
    assert "没有采用的列：列2。" in noted(found)


def test_a_total_behind_a_serial_number_is_no_row(hamlet: Database) -> None:
    found = preview(hamlet, rows_file("a.csv", ["序号", "点位编号", "街镇"], [["1", "D1", "青禾街道"], ["2", "合 计", "1"]]), scope=WHOLE)
    assert found.counts() | {"read": 1, "good": 1} == found.counts()
