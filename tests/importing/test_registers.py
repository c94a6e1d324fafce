"""Every register is filled in as its template says, taken, and stands in its tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from data_access.database import Database
from data_access.importing import preview
from data_access.schema import FACTS
from tests.importing.hamlet import LATER, WHOLE, bring, doubted, rows_file, said, table


def rows_of(database: Database, name: str, *columns: str) -> list[tuple]:
    """The current rows of a table, ordered by the named columns."""
    facts = FACTS[name]
    asked = select(*(facts.c[one] for one in columns)).where(facts.c.superseded_at.is_(None))
    with database.read() as connection:
        return sorted((tuple(row) for row in connection.execute(asked)), key=str)


@pytest.fixture
def registers(hamlet: Database) -> Database:
    """The hamlet with one person, two sites, a lead, a case and a construction site."""
    bring(hamlet, table("人员.csv", "编号,姓名,身份证件号,联系电话,街镇,列入名单日期,评级日期,风险等级,去向", [
        "P1,示例甲,11010519491231002X,000-0000-0001,青禾街道,2019-05-01,2023-02-01,高风险,仍在本区活动"]))
    bring(hamlet, table("点位.csv", "编号,名称,地址,场所类型,诊疗类别,街镇,网格编号,经度,纬度,首次发现日期,当事人编号,钉子户", [
        "D1,示例诊所,示例路1号,出租房,输液,青禾街道,,121.21,31.31,2019.5.1,P1,是", "D2,示例二,示例路2号,美容院,医美,,GX-04,,,2021-03-02,,否"]))
    bring(hamlet, table("线索.csv", "编号,受理日期,受理时间,来源,点位编号,核查期限,核查日期,核查结果,通报街镇日期,内容摘要", [
        "L1,2023-07-03,2023-07-03 09:12,12345,D1,2023-07-18,2023-07-10,属实,2023-07-05,反映出租房内输液"]))
    bring(hamlet, table("案件.csv", "案件编号,案件类别,诊疗类别,点位编号,当事人编号,线索编号,办案部门,联合办案,联合部门,联合办案日期", [
        "A1,无证行医,静脉输液,D1,P1,L1,区卫生监督所,是,区公安分局、市场所,2023-07-12"]))
    bring(hamlet, table("工地.csv", "工地编号,工地名称,施工阶段,工人人数,经度,纬度", ["C1,示例工地,主体,320,121.25,31.31"]))
    return hamlet


def test_a_person_comes_with_how_far_it_was_checked_and_without_its_identity_number(registers: Database) -> None:
    (person,) = rows_of(registers, "subject", "number", "kind", "name", "street_code", "located", "identity_hash", "listed_on")
    assert person[:5] == ("P1", "person", "示例甲", "990114001", "area")
    assert len(person[5]) == 64
    assert person[6] == dt.date(2019, 5, 1)
    assert rows_of(registers, "list_check", "number", "grade", "graded_on", "street_code") == [("P1", "high", dt.date(2023, 2, 1), "990114001")]
    (subject,), (check,) = rows_of(registers, "subject", "id"), rows_of(registers, "list_check", "subject_id")
    assert subject == check


def test_a_site_is_in_its_grid_by_point_or_by_name_and_knows_its_person(registers: Database) -> None:
    person = rows_of(registers, "subject", "id")[0][0]
    assert rows_of(registers, "site", "number", "premises", "category", "stubborn", "grid_code", "located", "subject_id") == [
        ("D1", "rental", "infusion", True, "QH-01", "point", person), ("D2", "beauty", "cosmetic", False, "GX-04", "area", None)]


def test_a_lead_and_a_case_without_a_place_take_that_of_their_site(registers: Database) -> None:
    assert rows_of(registers, "lead", "number", "source", "result", "street_code", "grid_code", "located") == [("L1", "hotline_12345", "confirmed", "990114001", "QH-01", "area")]
    (case,) = rows_of(registers, "case", "number", "kind", "agency_code", "joint", "joint_agencies", "joint_on", "grid_code", "street_code")
    assert case == ("A1", "unlicensed", "WJS", True, ["GA", "SCS1"], dt.date(2023, 7, 12), "QH-01", "990114001")
    (at,) = rows_of(registers, "lead", "at")
    assert at[0] == dt.datetime(2023, 7, 3, 1, 12, tzinfo=dt.UTC)


def test_events_penalties_seizures_and_transfers_hang_on_their_case_and_site(registers: Database) -> None:
    bring(registers, table("点位事件.csv", "点位编号,日期,事件,风险等级,部门,案件编号", ["D1,2023-07-05,取缔,,区卫生监督所,A1", "D1,2023-07-20,风险评级,高风险,WJS,"]))
    bring(registers, table("进展.csv", "案件编号,日期,进展,文书号,部门", ["A1,2023-07-05,立案,示例1号,WJS", "A1,2023-07-30,处罚决定,示例2号,WJS"]))
    bring(registers, table("处罚.csv", "案件编号,决定日期,处罚种类,罚款金额（万元）,没收违法所得（元）,决定机关", ["A1,2023-07-30,罚款,31,530,WJS"]))
    bring(registers, table("没收.csv", "案件编号,日期,种类,物品,数量,单位", ["A1,2023-07-05,器械,听诊器,15,件", "A1,2023-07-05,药品,,9,盒", "A1,2023-07-05,违法所得,,530,元"]))
    bring(registers, table("移送.csv", "编号,类别,案件编号,移送日期,移送部门,接收部门,反馈期限", ["Y1,案件移送,A1,2023-07-31,区卫生监督所,区公安分局,2023-08-30"]))
    case, site = rows_of(registers, "case", "id")[0][0], dict(rows_of(registers, "site", "number", "id"))["D1"]
    assert rows_of(registers, "site_event", "event", "risk", "site_id", "case_id") == [("closed", None, site, case), ("graded", "high", site, None)]
    assert rows_of(registers, "case_event", "event", "case_id", "document") == [("decided", case, "示例2号"), ("filed", case, "示例1号")]
    assert rows_of(registers, "penalty", "fine_yuan", "confiscated_yuan", "street_code") == [(Decimal(310000), Decimal(530), "990114001")]
    assert rows_of(registers, "seizure", "kind", "quantity", "unit", "street_code") == [
        ("device", Decimal(15), "件", "990114001"), ("drug", Decimal(9), "盒", "990114001"), ("income", Decimal(530), "元", "990114001")]
    assert rows_of(registers, "transfer", "from_agency", "to_agency", "street_code", "case_id") == [("WJS", "GA", "990114001", case)]


def test_visits_are_of_grids_sites_and_construction_sites(registers: Database) -> None:
    bring(registers, table("巡查.csv", "编号,巡查日期,时间,巡查部门,对象类别,对象编号,巡查方式,巡查结果,户次,街镇,网格编号,经度,纬度", [
        "V1,2023-07-03,09:12,区卫生监督所,历史点位,D1,回访复查,无发现,1,,,,", "V2,2023-07-03,10:00,市场所,网格,GX-02,日常巡查,疑似,3,,,,",
        "V3,2023-07-03,,区公安分局,工地,C1,日常巡查,无发现,2,,,,", "V4,2023-07-04,下午3点,,,,,无发现,,青禾街道,,121.23,31.33"]))
    site = dict(rows_of(registers, "site", "number", "id"))["D1"]
    works = rows_of(registers, "construction_site", "id")[0][0]
    assert rows_of(registers, "patrol_visit", "number", "target_kind", "target_id", "mode", "finding", "visits", "grid_code", "located", "agency_code") == [
        ("V1", "site", site, "revisit", "none", 1, "QH-01", "area", "WJS"), ("V2", "grid", None, "patrol", "suspect", 3, "GX-02", "area", "SCS2"),
        ("V3", "construction", works, "patrol", "none", 2, "GX-01", "area", "GA"), ("V4", "grid", None, "patrol", "none", 1, "QH-04", "point", None)]


def test_the_time_of_a_visit_may_stand_in_the_cell_of_its_day(registers: Database) -> None:
    bring(registers, table("巡查.csv", "编号,巡查时间,巡查结果,街镇", ["V1,2023-07-31 10:42,无发现,青禾街道"]))
    assert rows_of(registers, "patrol_visit", "day", "at") == [(dt.date(2023, 7, 31), dt.datetime(2023, 7, 31, 2, 42, tzinfo=dt.UTC))]


def test_an_activity_counts_each_agency_people_once(registers: Database) -> None:
    file = table("活动.csv", "编号,日期,类别,名称,牵头部门,出动执法人员,出动车辆,参与部门,发放资料,街镇", [
        "H1,2023-07-06,联合执法,示例行动,区卫生监督所,4,2,区公安分局:3;区市场监管局:2:1,,青禾街道", "H2,2023-07-07,宣传,,,,,,1200,全区"])
    bring(registers, file)
    assert rows_of(registers, "activity", "number", "kind", "agency_code", "materials", "street_code") == [("H1", "joint_enforcement", "WJS", None, "990114001"), ("H2", "publicity", None, 1200, None)]
    assert rows_of(registers, "activity_agency", "agency_code", "role", "people", "vehicles") == [("GA", "support", 3, None), ("SCJ", "support", 2, 1), ("WJS", "lead", 4, 2)]
    assert preview(registers, file, scope=WHOLE).counts()["same"] == 2


def test_an_agency_that_no_longer_took_part_ends_with_the_change(registers: Database) -> None:
    heading = "编号,日期,类别,牵头部门,出动执法人员,参与部门,街镇"
    bring(registers, table("活动.csv", heading, ["H1,2023-07-06,联合执法,WJS,4,GA:3;SCJ:2,青禾街道"]))
    changed = table("活动.csv", heading, ["H1,2023-07-06,联合执法,WJS,4,GA:5,青禾街道"])
    assert preview(registers, changed, scope=WHOLE).counts()["changed"] == 1
    bring(registers, changed, now=LATER)
    assert rows_of(registers, "activity_agency", "agency_code", "people") == [("GA", 5), ("WJS", 4)]
    only_fewer = table("活动.csv", heading, ["H1,2023-07-06,联合执法,WJS,4,,青禾街道"])
    assert preview(registers, only_fewer, scope=WHOLE).counts()["changed"] == 1


def test_campaigns_have_stages_milestones_targets_and_activities(registers: Database) -> None:
    bring(registers, table("行动.csv", "行动编号,编号,行类别,名称,开始日期,结束日期,实施区域,指标,目标值,单位", [
        "LD9,0,行动,示例9号,2023-07-01,2023-07-31,青禾街道、990114002,,,", "LD9,1,节点,启动,2023-07-01,,,,,", "LD9,2,阶段,集中排查,2023-07-05,2023-07-20,,,,", "LD9,3,指标,巡排查,,,,K1,3200,户次"]))
    bring(registers, table("行动2.csv", "行动编号,编号,行类别,名称,开始日期", ["LD9,4,节点,应急演练,2023-07-25"]), now=LATER)
    assert rows_of(registers, "campaign", "number", "name", "area_codes") == [("LD9", "示例9号", ["990114001", "990114002"])]
    assert rows_of(registers, "campaign_milestone", "number", "kind", "name") == [("1", "milestone", "启动"), ("2", "stage", "集中排查"), ("4", "milestone", "应急演练")]
    assert rows_of(registers, "campaign_target", "indicator", "target", "unit") == [("K1", 3200.0, "户次")]
    bring(registers, table("活动.csv", "日期,类别,行动代号,街镇", ["2023-07-25,演练,LD9,全区"]))
    assert rows_of(registers, "activity", "campaign_id") == rows_of(registers, "campaign", "id")


def test_rows_of_a_campaign_say_what_they_lack(registers: Database) -> None:
    found = preview(registers, table("行动.csv", "行动编号,编号,行类别,名称,开始日期,结束日期,指标,目标值", [
        "LD9,0,行动,示例9号,2023-07-31,2023-07-01,,", "LD9,1,指标,巡排查,,,,", "LD8,2,节点,启动,2023-07-01,,,"]), scope=WHOLE)
    assert said(found) == ["1 结束日期：结束日期早于开始日期；请改正其中一个", "2 指标：这一类行必须填写本列；请补上", "2 目标值：这一类行必须填写本列；请补上",
                           "3 找不到编号为 LD8 的专项行动；请核对编号，或先导入专项行动"]


def test_a_task_list_holds_targets_and_a_quota(registers: Database) -> None:
    file = table("任务.csv", "清单编号,编号,季度,行类别,街镇,承办部门,下发日期,完成期限,对象类别,对象编号,网格编号,任务户次", [
        "Q3-1,1,2023年三季度,清单对象,青禾街道,区卫生监督所,2023-07-01,2023-09-30,历史点位,D1,,", "Q3-1,2,2023年三季度,清单对象,青禾街道,区卫生监督所,2023-07-01,2023-09-30,网格,,QH-02,",
        "Q3-2,1,2023Q3,数量任务,古溪路街道,,2023-07-01,2023-09-30,,,,120"])
    bring(registers, file)
    assert rows_of(registers, "task_list", "number", "quarter", "street_code", "quota") == [("Q3-1", "2023Q3", "990114001", None), ("Q3-2", "2023Q3", "990114002", 120)]
    site = dict(rows_of(registers, "site", "number", "id"))["D1"]
    assert rows_of(registers, "task_target", "number", "target_kind", "target_id", "grid_code") == [("1", "site", site, None), ("2", "grid", None, "QH-02")]
    assert preview(registers, file, scope=WHOLE).counts()["same"] == 3


def test_a_task_without_an_object_or_a_quarter_is_refused(registers: Database) -> None:
    found = preview(registers, table("任务.csv", "清单编号,编号,季度,行类别,街镇,任务户次", ["Q,1,夏天,清单对象,,", "Q,2,2023Q3,数量任务,青禾街道,"]), scope=WHOLE)
    assert said(found) == ["1 季度：“夏天”不是季度；请写作 2023Q3 或 2023年三季度", "1 对象编号：清单对象既没有对象编号，也没有网格；请补上其中一个", "2 任务户次：数量任务没有任务户次；请补上"]


def test_meetings_and_decisions_name_their_agencies(registers: Database) -> None:
    bring(registers, table("会议.csv", "编号,日期,层级,名称,召集单位,成员单位,到会单位,街镇", ["M1,2023-07-10,区级,示例联席会议,WJS,区公安分局、区市场监管局,区公安分局,", "M2,2023-07-11,街镇级,,,,,古溪路街道"]))
    bring(registers, table("决定.csv", "编号,会议编号,议定日期,事项,责任部门,配合部门,期限,状态,网格编号", ["J1,M1,2023-07-10,示例事项,区公安分局,SCJ、WJS,2023-07-20,办理中,GX-01"]))
    assert rows_of(registers, "meeting", "number", "level", "convener", "members", "present", "street_code") == [
        ("M1", "district", "WJS", ["GA", "SCJ"], ["GA"], None), ("M2", "street", None, None, None, "990114002")]
    assert rows_of(registers, "decision", "number", "agency_code", "support_agencies", "state", "street_code", "located") == [("J1", "GA", ["SCJ", "WJS"], "open", "990114002", "area")]


def test_population_adverse_events_and_agencies_are_taken(registers: Database) -> None:
    bring(registers, table("人口.csv", "区域,年份,常住人口,外来人口", ["青禾街道,2023,52000,2.1万", "GX-01,2023,3000,"]))
    bring(registers, table("负面.csv", "日期,类别,数量,级别,查证属实,街镇", ["2023-06-01,暗访发现,1,省级,是,青禾街道"]))
    assert rows_of(registers, "area_population", "area_code", "year", "residents", "residents_from_elsewhere") == [("990114001", 2023, 52000, 21000), ("GX-01", 2023, 3000, None)]
    assert rows_of(registers, "adverse_event", "kind", "count", "verified", "street_code") == [("undercover", 1, True, "990114001")]
    assert ("SCJ", None, [{"from": None, "name": "工商分局", "to": "2018-12-31"}, {"from": None, "name": "区食药监局", "to": None}]) in [
        (code, parent, aliases) for code, parent, aliases in rows_of(registers, "agency", "code", "parent_code", "aliases")]
    assert dict(rows_of(registers, "agency", "code", "parent_code"))["SCS2"] == "SCJ"


def test_an_agency_is_known_by_its_former_name_on_the_day_it_bore_it(registers: Database) -> None:
    bring(registers, table("部门.csv", "代码,名称,系统,层级,别名", ["SG,示例新局,市场监管,区级,工商分局(2019-01-01~)"]))
    found = preview(registers, table("巡查.csv", "编号,巡查日期,巡查结果,巡查部门,街镇", ["1,2018-05-01,无发现,工商分局,青禾街道", "2,2020-05-01,无发现,工商分局,青禾街道", "3,2020-05-01,无发现,示例旧局,青禾街道"]), scope=WHOLE)
    assert found.good["agency_code"].tolist() == ["SCJ", "SG"]
    assert said(found) == ["3 巡查部门：找不到部门“示例旧局”；是否为“示例新局”？"]


def test_a_reference_to_what_is_not_there_says_what_to_import_first(registers: Database) -> None:
    found = preview(registers, table("处罚.csv", "案件编号,决定日期,处罚种类,罚款金额", ["A9,2023-07-30,罚款,5000"]), scope=WHOLE)
    assert said(found) == ["1 案件编号：找不到编号为 A9 的案件；请核对编号，或先导入案件"]


def test_a_number_in_two_sources_is_found_in_its_own_first(registers: Database) -> None:
    bring(registers, table("点位.csv", "编号,名称,街镇", ["D1,另一处,古溪路街道"]), source="街镇台账")
    bring(registers, table("点位.csv", "编号,名称,街镇", ["D3,又一处,古溪路街道"]), source="街镇台账")
    bring(registers, table("点位.csv", "编号,名称,街镇", ["D3,再一处,青禾街道"]), source="第三来源")
    event = "点位编号,日期,事件"
    bring(registers, table("a.csv", event, ["D1,2023-07-01,发现"]), source="街镇台账")
    assert said(preview(registers, table("b.csv", event, ["D3,2023-07-01,发现"]), scope=WHOLE)) == ["1 点位编号：编号 D3 的历史点位在几个来源里都有：第三来源、街镇台账；请在导入时指明来源（--source）"]
    sites = {(source, number): one for source, number, one in rows_of(registers, "site", "source_code", "number", "id")}
    assert rows_of(registers, "site_event", "site_id") == [(sites["街镇台账", "D1"],)]


def test_required_cells_and_register_rules_refuse_their_rows(registers: Database) -> None:
    assert said(preview(registers, table("a.csv", "点位编号,日期,事件,风险等级", ["D1,2023-07-01,风险评级,", "D1,,发现,"]), scope=WHOLE)) == [
        "1 风险等级：风险评级没有填风险等级；请填高风险、中风险或低风险", "2 日期：必填，但是空的；请补上"]
    assert said(preview(registers, table("a.csv", "日期,种类,数量,单位", ["2023-07-01,违法所得,530,万", "2023-07-01,药品,9,元"]), scope=WHOLE)) == [
        "1 单位：违法所得的单位应为元，找到“万”；请按元填写数量和单位", "2 单位：只有违法所得以元为单位；请改正种类或单位"]


def test_the_same_matter_from_two_sources_asks(registers: Database) -> None:
    file = rows_file("线索2.csv", ["编号", "受理日期", "来源", "街镇", "内容摘要"], [["X1", "2023-07-03", "12320", "青禾街道", "反映出租房内输液"], ["X2", "2023-07-03", "12320", "青禾街道", "另一件"]])
    found = preview(registers, file, scope=WHOLE, source="12320")
    assert doubted(found) == {1: "与已入库的一条（L1）看起来是同一件事；确认不是重复的再导入"}
    assert found.counts()["good"] == 1


def test_a_day_after_today_asks(registers: Database) -> None:
    found = preview(registers, table("a.csv", "编号,巡查日期,巡查结果,街镇", ["1,2032-07-03,无发现,青禾街道"]), scope=WHOLE, today=dt.date(2023, 7, 31))
    assert doubted(found) == {1: "巡查日期：日期 2032-07-03 在今天（2023-07-31）之后；请核对年份和月份"}
