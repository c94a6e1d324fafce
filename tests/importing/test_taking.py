"""What is taken is one transaction; what was known before stays reproducible; what is undone comes back."""

from __future__ import annotations

import datetime as dt
import json
import threading

import pytest
from sqlalchemy import func, select

from data_access.database import Database
from data_access.importing import ImportRefused, batches, preview, take, undo
from data_access.schema import (
    FACTS,
    area,
    audit_event,
    import_batch,
    list_check,
    patrol_visit,
    refused_row,
    setting,
    site,
    source,
    subject,
)
from data_access.scope import known
from data_access.versions import versions
from rules.request import Actor, Scope
from tests.importing.hamlet import (
    DISTRICT,
    LATER,
    NOW,
    OFFICE,
    WHOLE,
    bring,
    doubted,
    grids_file,
    plain,
    rows_file,
    said,
    streets_file,
    table,
)

HEADINGS = "编号,名称,街镇,钉子户"
MUCH_LATER = LATER + dt.timedelta(hours=1)


def names(database: Database, known_at: dt.datetime | None = None) -> dict[str, str]:
    """Site names by number, as known at an instant."""
    asked = select(site.c.number, site.c.name).where(known(site, known_at))
    with database.read() as connection:
        found = [tuple(row) for row in connection.execute(asked)]
    assert len(found) == len(dict(found))
    return dict(found)


def count(database: Database, name: str) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(FACTS[name])).scalar()


def test_a_batch_says_what_it_brought_and_is_audited(either: Database) -> None:
    before = versions(either, DISTRICT)
    batch = bring(either, table("点位.csv", HEADINGS, ["D1,甲,青禾街道,是", "D2,乙,古溪街道,否"]), source="街镇台账")
    assert (batch.kind, batch.source, batch.read, batch.new, batch.changed, batch.same, batch.refused) == ("sites", "街镇台账", 2, 2, 0, 0, 0)
    listed = batches(either, WHOLE).iloc[0]
    assert (listed["id"], listed["kind_label"], listed["file_name"], listed["actor_name"], listed["new"]) == (batch.id, "历史点位", "点位.csv", "区打非办", 2)
    with either.read() as connection:
        audited = connection.execute(select(audit_event).where(audit_event.c.subject_id == batch.id)).one()
        assert (audited.action, audited.actor_id, audited.detail["new"]) == ("import", "office", 2)
        assert connection.execute(select(source.c.name).where(source.c.code == "街镇台账")).scalar() == "街镇台账"
    after = versions(either, DISTRICT)
    assert {group for group in after if after[group] != before[group]} == {"site", "source"}


def test_the_same_again_is_skipped_and_another_content_is_a_new_version(either: Database) -> None:
    bring(either, table("点位.csv", HEADINGS, ["D1,甲,青禾街道,是", "D2,乙,古溪街道,否"]))
    second = table("点位.csv", HEADINGS, ["D1,甲,青禾街道,是", "D2,乙二,古溪街道,否", "D3,丙,青禾街道,否"])
    found = preview(either, second, scope=WHOLE)
    assert found.counts() == {"read": 3, "good": 1, "changed": 1, "same": 1, "to_confirm": 0, "refused": 0}
    assert found.changed.to_dict("records") == [{"row_number": 2, "number": "D2", "changes": [{"field": "name", "header": "名称", "old": "乙", "new": "乙二"}]}]
    batch = bring(either, second, now=LATER)
    assert (batch.new, batch.changed, batch.same) == (1, 1, 1)
    assert names(either) == {"D1": "甲", "D2": "乙二", "D3": "丙"}
    assert names(either, NOW) == {"D1": "甲", "D2": "乙"}
    assert names(either, NOW - dt.timedelta(seconds=1)) == {}
    assert count(either, "site") == 4
    with either.read() as connection:
        assert len(set(connection.execute(select(site.c.id).where(site.c.number == "D2")).scalars())) == 1


def test_undoing_brings_back_what_was_known_before(either: Database) -> None:
    bring(either, table("点位.csv", HEADINGS, ["D1,甲,青禾街道,是", "D2,乙,古溪街道,否"]))
    batch = bring(either, table("点位.csv", HEADINGS, ["D2,乙二,古溪街道,否", "D3,丙,青禾街道,否"]), now=LATER)
    undone = undo(either, batch.id, actor=OFFICE, now=MUCH_LATER)
    assert undone.undone_at == MUCH_LATER
    assert names(either) == {"D1": "甲", "D2": "乙"}
    assert names(either, LATER) == {"D1": "甲", "D2": "乙二", "D3": "丙"}
    assert names(either, NOW) == {"D1": "甲", "D2": "乙"}
    with pytest.raises(ImportRefused, match="这个批次已经撤销过了"):
        undo(either, batch.id, actor=OFFICE, now=MUCH_LATER)
    again = bring(either, table("点位.csv", HEADINGS, ["D2,乙二,古溪街道,否", "D3,丙,青禾街道,否"]), now=MUCH_LATER + dt.timedelta(hours=1))
    assert (again.new, again.changed) == (1, 1)


def test_a_batch_that_others_build_on_is_not_undone(either: Database) -> None:
    sites = bring(either, table("点位.csv", HEADINGS, ["D1,甲,青禾街道,是"]))
    events = bring(either, table("事件.csv", "点位编号,日期,事件", ["D1,2023-07-01,发现"]), now=LATER)
    with pytest.raises(ImportRefused) as caught:
        undo(either, sites.id, actor=OFFICE, now=MUCH_LATER)
    assert caught.value.say(plain) == "点位事件里有 1 行用到这一批：请先撤销那些导入。"
    changed = bring(either, table("点位.csv", HEADINGS, ["D1,甲二,青禾街道,是"]), now=MUCH_LATER)
    with pytest.raises(ImportRefused, match=r"后来的导入“点位\.csv”（批次 .*）改动了这一批的 1 行：请先撤销那一批。"):
        undo(either, sites.id, actor=OFFICE, now=MUCH_LATER)
    for hours, batch in enumerate((changed, events, sites), start=3):
        undo(either, batch.id, actor=OFFICE, now=NOW + dt.timedelta(hours=hours))
    assert names(either) == {}


def test_boundaries_are_not_undone_under_the_rows_that_lie_in_them(either: Database) -> None:
    with either.read() as connection:
        grids = connection.execute(select(import_batch.c.id).where(import_batch.c.file_name == "网格.geojson")).scalar()
    visits = bring(either, table("巡查.csv", "编号,巡查日期,巡查结果,网格编号", ["V1,2023-07-03,无发现,QH-01"]))
    with pytest.raises(ImportRefused, match="巡查记录里有 1 行用到这一批"):
        undo(either, grids, actor=OFFICE, now=LATER)
    undo(either, visits.id, actor=OFFICE, now=LATER)
    undo(either, grids, actor=OFFICE, now=LATER)
    with either.read() as connection:
        assert connection.execute(select(func.count()).select_from(area).where(known(area, None), area.c.level == "grid")).scalar() == 0


def test_undoing_finer_boundaries_takes_the_finer_places_back(empty: Database) -> None:
    bring(empty, streets_file())
    visits = bring(empty, rows_file("巡查.csv", ["编号", "巡查日期", "巡查结果", "经度", "纬度"], [["V1", "2023-07-03", "无发现", 121.21, 31.31]]))
    from tests.importing.hamlet import neighbourhoods_file

    finer = bring(empty, neighbourhoods_file(), now=LATER)
    assert place_of(empty, "V1") == ("990114001", "990114001001")
    undo(empty, finer.id, actor=OFFICE, now=MUCH_LATER)
    assert place_of(empty, "V1") == ("990114001", None)
    undo(empty, visits.id, actor=OFFICE, now=MUCH_LATER + dt.timedelta(hours=1))


def place_of(database: Database, number: str) -> tuple:
    asked = select(patrol_visit.c.street_code, patrol_visit.c.neighbourhood_code).where(known(patrol_visit, None), patrol_visit.c.number == number)
    with database.read() as connection:
        return tuple(connection.execute(asked).one())


def test_undoing_a_dropped_agency_brings_it_back(either: Database) -> None:
    heading = "编号,日期,类别,牵头部门,出动执法人员,参与部门,街镇"
    bring(either, table("活动.csv", heading, ["H1,2023-07-06,联合执法,WJS,4,GA:3;SCJ:2,青禾街道"]))
    fewer = bring(either, table("活动.csv", heading, ["H1,2023-07-06,联合执法,WJS,4,GA:3,青禾街道"]), now=LATER)
    agencies = select(FACTS["activity_agency"].c.agency_code).where(known(FACTS["activity_agency"], None))
    with either.read() as connection:
        assert sorted(connection.execute(agencies).scalars()) == ["GA", "WJS"]
    undo(either, fewer.id, actor=OFFICE, now=MUCH_LATER)
    with either.read() as connection:
        assert sorted(connection.execute(agencies).scalars()) == ["GA", "SCJ", "WJS"]


def test_rows_without_a_number_are_known_by_their_file_and_row(either: Database) -> None:
    file = table("巡查.csv", "巡查日期,时间,巡查结果,网格编号", ["2023-07-03,09:12,无发现,QH-01", "2023-07-03,10:12,无发现,QH-01"])
    assert bring(either, file).new == 2
    assert preview(either, file, scope=WHOLE).counts()["same"] == 2
    grown = table("巡查.csv", "巡查日期,时间,巡查结果,网格编号", ["2023-07-03,09:12,无发现,QH-01", "2023-07-03,10:12,无发现,QH-01", "2023-07-04,09:00,无发现,QH-01"])
    found = preview(either, grown, scope=WHOLE)
    assert found.counts() == {"read": 3, "good": 1, "changed": 0, "same": 0, "to_confirm": 2, "refused": 0}
    assert doubted(found)[1] == "与已入库的一条（2023-07-03）看起来是同一件事；确认不是重复的再导入"


def test_the_same_row_twice_in_one_file_asks_and_the_same_number_twice_is_refused(hamlet: Database) -> None:
    rows = ["2023-07-03,无发现,QH-01", "2023-07-03,无发现,QH-01"]
    found = preview(hamlet, table("巡查.csv", "巡查日期,巡查结果,网格编号", rows), scope=WHOLE)
    assert doubted(found) == {2: "与本文件第 1 行看起来是同一件事；确认不是重复的再导入"}
    assert said(preview(hamlet, table("点位.csv", HEADINGS, ["D1,甲,青禾街道,", "D1,乙,青禾街道,", "D2,丙,青禾街道,", "D2,丙,青禾街道,"]), scope=WHOLE)) == [
        "1 编号：与第 2 行的编号相同，内容不同；同一文件里每个编号只留一行", "2 编号：与第 1 行的编号相同，内容不同；同一文件里每个编号只留一行",
        "4 编号：与第 3 行的编号相同，内容也相同；同一文件里每个编号只留一行"]


def test_rows_to_confirm_are_taken_only_when_confirmed(hamlet: Database) -> None:
    file = rows_file("点位.csv", ["编号", "街镇", "经度", "纬度"], [["D1", "青禾街道", 121.25, 31.31], ["D2", "青禾街道", 121.21, 31.31]])
    found = preview(hamlet, file, scope=WHOLE)
    assert take(hamlet, found, actor=OFFICE, now=NOW).new == 1
    found = preview(hamlet, file, scope=WHOLE)
    assert found.counts() == {"read": 2, "good": 0, "changed": 0, "same": 1, "to_confirm": 1, "refused": 0}
    assert take(hamlet, found, actor=OFFICE, now=LATER, confirm=True).new == 1
    assert preview(hamlet, file, scope=WHOLE).counts()["same"] == 2


def test_refused_rows_stay_out_and_are_kept_without_personal_numbers(hamlet: Database) -> None:
    file = table("人员.csv", "编号,姓名,身份证件号,联系电话,街镇", ["P1,示例甲,11010519491231002X,000-0000-0001,青禾街道", "P2,示例乙,110105194912310021,000-0000-0002,月球街道"])
    batch = take(hamlet, preview(hamlet, file, scope=WHOLE), actor=OFFICE, now=NOW)
    assert (batch.new, batch.refused) == (1, 1)
    with hamlet.read() as connection:
        kept = connection.execute(select(refused_row.c.row_number, refused_row.c.problem, refused_row.c.content)).one()
    assert kept.row_number == 2
    assert "找不到街镇“月球街道”" in kept.problem
    assert kept.content == {"编号": "P2", "姓名": "示例乙", "街镇": "月球街道"}


def test_an_identity_number_is_nowhere_in_the_database(hamlet: Database, tmp_path) -> None:
    bring(hamlet, table("人员.csv", "编号,姓名,身份证件号,联系电话,街镇", ["P1,示例甲,11010519491231002x,000-0000-0001,青禾街道", "P2,示例乙,１１０１０５１９４９１２３１００２Ｘ,000-0000-0001,青禾街道"]), confirm=True)
    with hamlet.read() as connection:
        hashes = connection.execute(select(subject.c.identity_hash, subject.c.phone_hash)).all()
        assert len(set(hashes)) == 1
        assert len(bytes.fromhex(connection.execute(select(setting.c.value).where(setting.c.name == "identity_pepper")).scalar())) == 32
    hamlet.close()
    stored = b"".join(path.read_bytes() for path in hamlet.path.parent.glob(f"{hamlet.path.name}*"))
    assert b"11010519491231002" not in stored


def test_the_key_of_the_hashes_is_made_once(hamlet: Database) -> None:
    first = table("人员.csv", "编号,身份证件号,街镇", ["P1,11010519491231002X,青禾街道"])
    found = [preview(hamlet, first, scope=WHOLE, source=name) for name in ("一", "二")]
    take(hamlet, found[0], actor=OFFICE, now=NOW)
    with pytest.raises(ImportRefused, match="请重新预览"):
        take(hamlet, found[1], actor=OFFICE, now=LATER)
    bring(hamlet, first, source="二", now=LATER, confirm=True)
    with hamlet.read() as connection:
        assert len(set(connection.execute(select(subject.c.identity_hash)).scalars())) == 1


def test_two_takes_of_one_preview_never_double_a_row(either: Database) -> None:
    file = table("巡查.csv", "编号,巡查日期,巡查结果,网格编号", [f"V{n},2023-07-03,无发现,QH-01" for n in range(200)])
    found = preview(either, file, scope=WHOLE)
    assert take(either, found, actor=OFFICE, now=NOW).new == 200
    second = take(either, found, actor=OFFICE, now=LATER)
    assert (second.new, second.changed, second.same) == (0, 0, 200)
    assert count(either, "patrol_visit") == 200


def test_two_people_who_take_one_file_at_once_never_double_a_row(either: Database) -> None:
    file = table("巡查.csv", "巡查日期,时间,巡查结果,网格编号", [f"2023-07-03,09:{n:02d},无发现,QH-01" for n in range(60)])
    found = [preview(either, file, scope=WHOLE) for _ in range(4)]
    outcomes: list[int | str] = []

    def run(one) -> None:
        try:
            outcomes.append(take(either, one, actor=OFFICE, now=NOW).new)
        except ImportRefused as refused:
            outcomes.append(str(refused))

    people = [threading.Thread(target=run, args=(one,)) for one in found]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(map(str, outcomes))[:4].count("60") == 1, outcomes
    assert count(either, "patrol_visit") == 60


def test_what_rows_lean_on_must_be_as_it_was_when_they_were_previewed(hamlet: Database) -> None:
    visits = preview(hamlet, table("巡查.csv", "编号,巡查日期,巡查结果,网格编号", ["V1,2023-07-03,无发现,QH-01"]), scope=WHOLE)
    bring(hamlet, table("街镇.csv", "街镇代码,街镇名称,英文名", ["990114001,青禾街道,Qinghe"]))
    with pytest.raises(ImportRefused, match="预览之后，区域、部门或所引用的登记有了变化：请重新预览后再导入。"):
        take(hamlet, visits, actor=OFFICE, now=LATER)


def test_a_failure_in_the_middle_writes_nothing(hamlet: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    found = preview(hamlet, table("点位.csv", HEADINGS, ["D1,甲,青禾街道,是"]), scope=WHOLE)
    before = versions(hamlet, DISTRICT)

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk gone")

    monkeypatch.setattr("data_access.importing.taking.audit", broken)
    with pytest.raises(OSError, match="disk gone"):
        take(hamlet, found, actor=OFFICE, now=NOW)
    assert names(hamlet) == {}
    assert versions(hamlet, DISTRICT) == before


def test_a_preview_writes_nothing(hamlet: Database) -> None:
    hamlet.close()
    before = {path.name: path.read_bytes() for path in hamlet.path.parent.glob("hamlet.sqlite")}
    preview(hamlet, table("人员.csv", "编号,身份证件号,街镇", ["P1,11010519491231002X,青禾街道"]), scope=WHOLE)
    hamlet.close()
    assert {path.name: path.read_bytes() for path in hamlet.path.parent.glob("hamlet.sqlite")} == before


STREET = Scope(DISTRICT, areas=("990114001",), personal=True)
STREET_ACTOR = Actor("street", "青禾街道", "street", STREET)


def test_a_street_imports_its_own_rows_only(either: Database) -> None:
    file = rows_file("点位.csv", ["编号", "名称", "街镇", "经度", "纬度"], [["D1", "甲", "青禾街道", "", ""], ["D2", "乙", "古溪街道", "", ""], ["D3", "丙", "", 121.25, 31.31], ["D4", "丁", "", 121.21, 31.31]])
    found = preview(either, file, scope=STREET)
    assert said(found) == ["2 不在你的权限范围内；请由所属街镇或部门导入", "3 不在你的权限范围内；请由所属街镇或部门导入"]
    assert take(either, found, actor=STREET_ACTOR, now=NOW).new == 2
    with pytest.raises(ImportRefused, match="预览时的权限范围与现在的不同"):
        take(either, found, actor=OFFICE, now=NOW)


def test_a_street_can_neither_change_nor_see_another_street_row_by_its_number(either: Database) -> None:
    bring(either, table("点位.csv", HEADINGS, ["D1,秘密,古溪街道,是"]))
    found = preview(either, table("点位.csv", HEADINGS, ["D1,改名,青禾街道,是"]), scope=STREET)
    assert said(found) == ["1 编号：这个编号的记录不在你的权限范围内；请由所属街镇或部门导入"]
    assert found.changed.empty
    assert "秘密" not in repr(found.refused) + found.changed.to_json() + found.good.to_json()
    take(either, found, actor=STREET_ACTOR, now=LATER)
    assert names(either) == {"D1": "秘密"}


def test_a_street_refers_to_its_own_things_only(either: Database) -> None:
    bring(either, table("点位.csv", HEADINGS, ["D1,甲,古溪街道,是", "D2,乙,青禾街道,是"]))
    found = preview(either, table("事件.csv", "点位编号,日期,事件", ["D1,2023-07-01,发现", "D2,2023-07-01,发现"]), scope=STREET)
    assert said(found) == ["1 点位编号：找不到编号为 D1 的历史点位；请核对编号，或先导入历史点位"]
    assert found.counts()["good"] == 1


def test_registers_of_the_district_are_closed_to_a_street(hamlet: Database) -> None:
    with pytest.raises(ImportRefused, match="“区域边界”是全区的登记，不在你的权限范围内：请由区级账号导入。"):
        preview(hamlet, grids_file(), scope=STREET)


def test_an_agency_imports_what_it_performs_or_supports(hamlet: Database) -> None:
    scope = Scope(DISTRICT, agencies=("GA",))
    found = preview(hamlet, table("巡查.csv", "编号,巡查日期,巡查结果,巡查部门,街镇", ["V1,2023-07-03,无发现,区公安分局,青禾街道", "V2,2023-07-03,无发现,区卫生监督所,青禾街道", "V3,2023-07-03,无发现,,青禾街道"]), scope=scope)
    assert found.counts()["good"] == 1
    assert said(found) == ["2 不在你的权限范围内；请由所属街镇或部门导入", "3 不在你的权限范围内；请由所属街镇或部门导入"]
    with pytest.raises(ImportRefused, match="“建筑工地”没有部门一列"):
        preview(hamlet, table("工地.csv", "工地编号,工地名称,街镇", ["C1,示例,青禾街道"]), scope=scope, kind="construction_sites")


def test_a_street_sees_and_undoes_its_own_imports_only(hamlet: Database) -> None:
    theirs = bring(hamlet, table("点位.csv", HEADINGS, ["D1,甲,古溪街道,是"]))
    mine = take(hamlet, preview(hamlet, table("点位二.csv", HEADINGS, ["D2,乙,青禾街道,是"]), scope=STREET), actor=STREET_ACTOR, now=LATER)
    assert batches(hamlet, STREET)["id"].tolist() == [mine.id]
    with pytest.raises(ImportRefused, match="或不在你的权限范围内"):
        undo(hamlet, theirs.id, actor=STREET_ACTOR, now=MUCH_LATER)
    assert undo(hamlet, mine.id, actor=STREET_ACTOR, now=MUCH_LATER).undone_at == MUCH_LATER
    assert batches(hamlet, Scope("990115")).columns.tolist() == batches(hamlet, WHOLE).columns.tolist()


def test_a_person_whose_check_moves_on_is_a_new_version_of_the_check_alone(either: Database) -> None:
    heading = "编号,姓名,街镇,列入名单日期,系统比对日期,实地核查日期"
    bring(either, table("人员.csv", heading, ["P1,示例甲,青禾街道,2019-05-01,,"]))
    bring(either, table("人员.csv", heading, ["P1,示例甲,青禾街道,2019-05-01,2023-07-10,"]), now=LATER)
    assert (count(either, "subject"), count(either, "list_check")) == (1, 2)
    checked = select(list_check.c.system_checked_on).where(known(list_check, None))
    with either.read() as connection:
        assert list(connection.execute(checked).scalars()) == [dt.date(2023, 7, 10)]


def test_a_demonstration_batch_is_marked(hamlet: Database) -> None:
    found = preview(hamlet, table("点位.csv", HEADINGS, ["D1,甲,青禾街道,是"]), scope=WHOLE)
    take(hamlet, found, actor=OFFICE, now=NOW, demo=True)
    assert bool(batches(hamlet, WHOLE).iloc[0]["demo"])
    assert json.dumps(found.counts())


def test_numbers_that_differ_by_width_or_a_space_alone_ask(hamlet: Database) -> None:
    rows = ["XC 001,2023-07-01,青禾街道,无发现", "ＸＣ001,2023-07-02,青禾街道,无发现", "XC002,2023-07-03,青禾街道,无发现"]
    found = preview(hamlet, table("a.csv", "巡查编号,巡查日期,街镇,巡查结果", rows), scope=WHOLE)
    assert doubted(found) == {2: "巡查编号：与第 1 行的“XC 001”只差全角半角、空格或大小写；请核对是不是同一编号"}
