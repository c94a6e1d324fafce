"""The street's screen over the small known town: its list, its drawer, its registers, what it refuses."""

import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard import street_drawer, street_handover, street_registers
from dashboard.answers import Answers
from dashboard.application import create_app
from dashboard.door import demo_actor
from dashboard.marks import day as day_words
from dashboard.marks import records
from dashboard.question import Context
from dashboard.street_header import second_bar
from dashboard.street_list_check import list_check
from dashboard.street_state import (
    KEPT,
    TABS,
    StreetState,
    home,
    office,
    own_work,
    part,
    read_street,
)
from dashboard.street_task_meter import task_meter
from dashboard.street_worklist import fact_words, listed_work, state_words
from data_access.agencies import deadlines
from data_access.assignments import handovers
from data_access.database import Database
from data_access.grid_history import history
from data_access.importing import preview, take
from data_access.leads import leads
from data_access.list_funnel import list_funnel
from data_access.narrowing import OWN_AGENCIES
from data_access.obligations import obligations
from data_access.quarter_task import quarter_task
from data_access.rows import rows
from data_access.rulebooks import adopt
from data_access.schema import FACTS
from data_access.versions import raise_versions
from data_access.worklist import worklist
from rules.request import Scope, UnreadableRequest
from rules.route import route
from rules.rulebook import shipped
from rules.visit_record import TARGET_KINDS
from rules.worklist_words import NO_PLACES
from tests.dashboard.conftest import NOW
from tests.dashboard.reading import changes, of_class, walk, words
from tests.town import DISTRICT, JULY, ONLY_A, ONLY_B, POLICE, STREET_A, STREET_B, WHOLE
from tests.town import row as town_row

PAGE = "page.children"
STREET_JS = Path(__file__).resolve().parents[2] / "assets" / "onemap" / "street.js"
OURS = {"X-Onemap-Request": "1"}


@pytest.fixture
def bound(context, visitor):
    """The town with every rule adopted, behind a running application."""
    adopt(context.database, list(shipped()), adopter="演示采纳", document="示例", valid_from=dt.date(2023, 1, 1), actor=context.actor_of(), now=NOW)
    return context


@pytest.fixture(scope="module")
def adopted(town_file, tmp_path_factory):
    """As ``bound``, for tests that only read: what one of them asked stays answered for the others."""
    folder = tmp_path_factory.mktemp("adopted")
    shutil.copy(town_file, folder / "town.sqlite")
    database, actor = Database.open(f"sqlite:///{folder / 'town.sqlite'}"), demo_actor(WHOLE)
    adopt(database, list(shipped()), adopter="演示采纳", document="示例", valid_from=dt.date(2023, 1, 1), actor=actor, now=NOW)
    context = Context(database=database, answers=Answers("memory://"), clock=lambda: NOW, actor_of=lambda: actor, folder=folder)
    create_app(context)
    yield context
    database.close()


def asked(context, search="", scope=WHOLE):
    actor = replace(context.actor_of(), scope=scope)
    return replace(context, actor_of=lambda: actor).ask(search)


def drawn_list(context, search, scope=WHOLE):
    ask = asked(context, search, scope)
    return listed_work(ask, read_street(search))


def keys(drawing):
    return [part.to_plotly_json()["props"]["data-key"] for part in of_class(drawing, "item")]


def test_a_scope_of_one_street_opens_that_street(bound, visit):
    page = visit(ONLY_A).callback(PAGE, "/street", "")
    assert "东街道" in page.get_data(as_text=True)
    assert '"id": "street-work"' in json.dumps(page.get_json())
    assert home(asked(bound, "", ONLY_A)) == STREET_A


@pytest.mark.parametrize(("output", "opened", "shut", "said"), [
    ("street-detail.children", ["?select=grid:XZ-001", None], ["", None], "XZ-001"),
    ("street-over.children", ["?tab=sites"], [""], "street-grid"),
    ("street-over.children", ["?card=coverage"], [""], "网格按期巡查率"),
])
def test_a_press_opens_a_part_of_the_screen_and_another_empties_it(bound, visit, output, opened, shut, said):
    """A drawn component has no children, and Python takes it for nothing."""
    visitor = visit(scope=ONLY_A)
    assert said in json.dumps(visitor.callback(output, *opened).json, ensure_ascii=False)
    assert next(iter(visitor.callback(output, *shut).json["response"].values()))["children"] == []


def test_an_agency_sees_what_it_owes_in_every_street_without_choosing_one(bound, visit):
    health = Scope(DISTRICT, agencies=("WJS",))
    shown = visit(health).text(visit(health).callback(PAGE, "/street", ""))
    assert "street-work" in shown
    assert "选择街镇" not in shown
    owed = worklist(bound.database, JULY.with_(agency="WJS"), health)
    drawing = drawn_list(bound, "", health)
    assert len(owed)
    assert keys(drawing) == [*owed["key"], "case:case-A1", "case:case-A2"]
    assert set(owed["owner_code"]) == {"WJS"}
    on_hand = of_class(drawing, "matters")[0]
    mine = deadlines(bound.database, JULY.with_(agency="WJS"), health)
    mine = mine[mine["kind"].isin(["case", "transfer"])]
    assert mine["number"].tolist() == ["A1", "A2"]
    assert all(number in words(on_hand) for number in mine["number"])
    assert home(asked(bound, "", health)) == DISTRICT


def test_an_office_of_a_street_opens_its_street_and_two_agencies_open_the_district(bound, visit):
    assert home(asked(bound, "", Scope(DISTRICT, agencies=("JD-A",)))) == STREET_A
    assert home(asked(bound, "", POLICE)) == DISTRICT
    assert of_class(drawn_list(bound, f"?area={STREET_A}", ONLY_A), "matters") == []


def test_a_person_of_two_agencies_sees_the_work_of_both_in_one_list_and_may_open_one(bound, visit):
    both = Scope(DISTRICT, agencies=("JD-A", "WJS"))
    joint = asked(bound, "", both)
    assert (office(joint), home(joint)) == (OWN_AGENCIES, DISTRICT)
    frames = {one: worklist(bound.database, JULY.with_(agency=one), both) for one in ("JD-A", "WJS")}
    owed = worklist(bound.database, own_work(joint).filters, both)
    assert all(len(frame) for frame in frames.values())
    assert sorted(owed["key"]) == sorted(key for frame in frames.values() for key in frame["key"])
    assert owed.equals(worklist(bound.database, own_work(joint).filters, Scope(DISTRICT, agencies=("WJS", "JD-A"))))
    assert set(keys(drawn_list(bound, "", both))) >= set(owed["key"])
    assert set(keys(drawn_list(bound, "?owner=WJS", both))) & set(frames["JD-A"]["key"]) == set()
    page = visit(both).text(visit(both).callback(PAGE, "/street", ""))
    assert "street-work" in page
    assert "我的 2 个部门" in page

    chosen = asked(bound, "?agency=WJS", both)
    assert (office(chosen), home(chosen), own_work(chosen).filters.agency) == ("WJS", DISTRICT, "WJS")
    assert home(asked(bound, "?agency=JD-A", both)) == STREET_A
    assert office(asked(bound, "?agency=SCJ", both)) == OWN_AGENCIES


def test_the_joint_list_of_one_person_is_not_answered_to_another(bound):
    joint = {codes: asked(bound, "", Scope(DISTRICT, agencies=codes)) for codes in (("JD-A", "WJS"), ("GAJ", "PCS1"))}
    first, second = (own_work(ask).get(worklist, horizon_days=1) for ask in joint.values())
    assert set(first["owner_code"]) == {"JD-A", "WJS"}
    assert not set(second["owner_code"]) & {"JD-A", "WJS"}
    everybody = asked(bound, f"?agency={OWN_AGENCIES}", WHOLE).get(worklist, horizon_days=1)
    assert len(everybody) == len(asked(bound, "", WHOLE).get(worklist, horizon_days=1))


def test_what_the_district_sees_an_agency_owe_the_agency_sees_itself(adopted):
    every = worklist(adopted.database, JULY, WHOLE)
    every = every[every["owner_kind"] == "agency"]
    assert {"JD-A", "JD-B", "WJS"} <= set(every["owner_code"])
    for code, owed in every.groupby("owner_code"):
        own = worklist(adopted.database, JULY.with_(agency=code), Scope(DISTRICT, agencies=(code,)))
        assert set(own.loc[own["owner_code"] == code, "key"]) == set(owed["key"]), code


@pytest.mark.parametrize("code", ["JD-A", "JD-B"])
def test_an_office_s_drawer_says_of_a_place_what_its_list_says(adopted, code):
    office = Scope(DISTRICT, agencies=(code,))
    owed = obligations(adopted.database, JULY, office)
    visits = owed[owed["target_kind"].isin(["site", "construction"]) & owed["rule_id"].str.startswith("visit.")]
    assert len(visits)
    for (kind, target), duties in visits.groupby(["target_kind", "target_id"]):
        ask = asked(adopted, f"?select={kind}:{target}", office)
        assert day_words(ask, records(duties.sort_values("due_on"))[0]["due_on"]) in words(of_class(street_drawer.drawer(ask), "four")[0])


def test_a_way_leads_from_all_lists_of_a_person_to_one_and_back(bound):
    both = Scope(DISTRICT, agencies=("JD-A", "WJS"))

    def ways(search, scope):
        switch = of_class(second_bar(asked(bound, search, scope)), "sum-switch")
        return [(one.href, getattr(one, "aria-current", None)) for one in of_class(switch[0], "menu-item")] if switch else []

    assert ways("", both) == [("?", "true"), ("?agency=JD-A", None), ("?agency=WJS", None)]
    assert ways("?agency=WJS", both) == [("?", None), ("?agency=JD-A", None), ("?agency=WJS", "true")]
    streets = Scope(DISTRICT, areas=(STREET_A, STREET_B))
    assert ways(f"?area={STREET_B}", streets) == [("?", None), (f"?area={STREET_A}", None), (f"?area={STREET_B}", "true")]
    assert ways("", ONLY_A) == []
    assert ways("", Scope(DISTRICT, agencies=("WJS",))) == []


def test_a_person_of_two_streets_sees_both_in_one_list_and_of_two_neighbourhoods_their_street(bound):
    streets = Scope(DISTRICT, areas=(STREET_A, STREET_B))
    assert home(asked(bound, "", streets)) == DISTRICT
    assert sorted(keys(drawn_list(bound, "", streets))) == sorted(
        [*keys(drawn_list(bound, "", ONLY_A)), *keys(drawn_list(bound, "", ONLY_B))]
    )
    assert home(asked(bound, "", Scope(DISTRICT, areas=("A1", "A2")))) == STREET_A
    assert home(asked(bound, "", Scope(DISTRICT, areas=("A1", "B1")))) == DISTRICT


def test_a_district_chooses_among_its_streets_with_their_rates(bound, visit):
    shown = visit().text(visit().callback(PAGE, "/street", ""))
    assert "选择街镇" in shown
    assert "street-work" not in shown
    # A: DJ-001 and DJ-004 on time, DJ-002 due, DJ-003 overdue; B: XZ-001 overdue, XZ-002 never.
    assert "3/4" in shown
    assert "0/2" in shown
    assert f"/street?area={STREET_A}" in shown
    assert f"/street?area={STREET_B}" in shown


def test_another_streets_screen_says_what_is_closed_and_shows_none_of_it(bound, visit):
    shown = visit(ONLY_A).text(visit(ONLY_A).callback(PAGE, "/street", f"?area={STREET_B}"))
    assert "你不能查看西镇的明细" in shown
    assert "XZ-001" not in shown
    assert "street-work" not in shown


@pytest.mark.parametrize(("search", "said"), [("?area=990199777", "没有这个区域：990199777"), ("?tab=secrets", "tab"), ("?start=1,2,3", "start"), ("?horizon=900", "horizon")])
def test_a_link_that_cannot_be_read_says_so(bound, visit, search, said):
    shown = visit(ONLY_A).text(visit(ONLY_A).callback(PAGE, "/street", search))
    assert "这个链接读不懂" in shown
    assert said in shown


def test_the_list_is_the_worklist_in_its_order(adopted):
    found = worklist(adopted.database, JULY.with_(area=STREET_A), WHOLE)
    drawing = drawn_list(adopted, f"?area={STREET_A}")
    assert keys(drawing) == found["key"].tolist()
    assert len(found) >= 5
    elsewhere = int(found["target_kind"].isin(NO_PLACES).sum())
    assert f"今日要去 {len(found) - elsewhere} 处 另办 {elsewhere} 项" in words(drawing)


def test_a_chip_shows_its_group_alone_and_counts_them_all(adopted):
    drawing = drawn_list(adopted, f"?area={STREET_A}&group=grid")
    assert keys(drawing) == ["grid:DJ-003"]
    chips = {changes(chip)["group"]: words(chip) for chip in of_class(drawing, "chip")}
    assert chips["grid"] == "网格 1"
    assert chips["lead"] == "投诉 1"
    assert chips[None].split()[-1] == str(len(worklist(adopted.database, JULY.with_(area=STREET_A), WHOLE)))


def test_filtered_out_is_said_differently_from_finished(adopted):
    filtered = drawn_list(adopted, f"?area={STREET_B}&group=construction")
    assert "没有符合条件的地方" in words(filtered)
    assert "筛选：工地" in words(filtered)


def test_a_district_whose_rules_ask_for_no_journey_today_has_finished(context, visitor):
    adopt(context.database, ["count.training"], adopter="甲", document="", valid_from=dt.date(2023, 1, 1), actor=context.actor_of(), now=NOW)
    done = drawn_list(context, f"?area={STREET_B}")
    assert "今天没有要去的地方" in words(done)
    assert "没有符合条件" not in words(done)
    assert "还没有采纳任何规则" not in words(done)


def test_where_nothing_is_adopted_the_list_says_so_and_leads_to_the_rules(context, visitor):
    drawing = drawn_list(context, f"?area={STREET_A}")
    assert "还没有采纳任何规则" in words(drawing)
    assert "没有到期" not in words(drawing)
    links = [part.href for part in walk(drawing) if getattr(part, "href", None)]
    assert links == ["/rules"]
    assert "去采纳规则" in words(drawing)
    assert "去采纳规则" not in words(drawn_list(context, "", ONLY_A))
    expected = worklist(context.database, JULY.with_(area=STREET_A), WHOLE, reference=True)
    assert f"显示未采纳规则的 {len(expected)} 处（参考）" in words(drawing)
    shown = drawn_list(context, f"?area={STREET_A}&reference=1")
    assert keys(shown) == expected["key"].tolist()
    assert len(of_class(shown, "mark")) == len(expected) > 3
    assert "只看已采纳的规则" in words(shown)


def test_where_everything_is_adopted_there_is_no_switch(adopted):
    assert not of_class(drawn_list(adopted, f"?area={STREET_A}"), "reference-switch")


def test_the_list_of_one_owner_holds_that_owners_places_alone(adopted):
    found = worklist(adopted.database, JULY, WHOLE)
    owner = found["owner_code"].iloc[0]
    assert found["owner_code"].nunique() > 1
    drawing = drawn_list(adopted, f"?owner={owner}")
    assert keys(drawing) == found.loc[found["owner_code"] == owner, "key"].tolist()
    menu = of_class(drawing, "owners")[0]
    assert sum(int(words(part)) for part in of_class(menu, "num")) == 2 * len(found)
    assert "没有符合条件的地方" in words(drawn_list(adopted, "?owner=nobody"))


@pytest.mark.parametrize(
    ("left", "state", "said", "tone"),
    [(3, "due", "剩 3 天", "warn"), (8, "ok", "剩 8 天", "quiet"), (1, "due", "明天到期", "warn"), (0, "due", "今天到期", "warn"),
     (-1, "over", "逾期 1 天", "bad"), (-92, "over", "逾期 92 天", "bad"), (None, "never", "从未巡查", "never"), (-6, "never", "从未巡查", "never"),
     (1, "never", "明天到期", "warn")],
)  # fmt: skip
def test_lateness_is_said_in_days(adopted, left, state, said, tone):
    row = {"target_kind": "site", "state": state, "days_left": left, "due_on": None}
    assert state_words(asked(adopted), row) == (said, tone)


@pytest.mark.parametrize(("due", "said"), [(dt.date(2023, 7, 31), "剩 13 小时"), (dt.date(2023, 8, 1), "明天到期"), (dt.date(2023, 7, 30), "逾期 1 天")])
def test_a_complaint_due_today_is_told_in_hours(adopted, due, said):
    # It is 10:46; the due day ends at midnight: 13 whole hours.
    row = {"target_kind": "lead", "state": "due", "days_left": (due - dt.date(2023, 7, 31)).days, "due_on": due}
    assert state_words(asked(adopted), row)[0] == said
    looks_back = asked(adopted, "?as_of=2023-07-30")
    assert "小时" not in state_words(looks_back, {**row, "days_left": 1})[0]


def test_the_reason_stands_in_one_line(adopted):
    said = {row["key"]: fact_words(asked(adopted), row) for row in records(worklist(adopted.database, JULY, WHOLE))}
    assert said["grid:XZ-002"] == "XZ-002 · 建格以来无记录"
    assert said["grid:XZ-001"] == "XZ-001 · 上次 6月30日"
    assert said["lead:lead-L2"] == "西镇 · 沿街门面 · 口腔诊疗"


def test_the_route_goes_round_every_place_with_a_point_once(adopted):
    found = worklist(adopted.database, JULY.with_(area=STREET_A), WHOLE)
    way = route(found)
    drawing = drawn_list(adopted, f"?area={STREET_A}&route=1")
    assert keys(drawing) == [*way.keys, *way.left_out]
    assert sorted(keys(drawing)) == sorted(found["key"])
    stops = json.loads(next(part for part in walk(drawing) if getattr(part, "id", "") == "street-route").to_plotly_json()["props"]["data-route"])
    assert [stop[0] for stop in stops] == list(way.keys)
    assert f"{way.length_km:.1f} 公里" in words(drawing)
    assert "不是道路里程" in words(drawing)


def test_the_route_begins_at_the_place_nearest_to_the_start_chosen(adopted):
    found = worklist(adopted.database, JULY, WHOLE)
    there = found[found["lon"].notna()]
    drawing = drawn_list(adopted, "?route=1&start=121.035,31.005")
    assert keys(drawing)[0] == "grid:XZ-002", there[["key", "lon", "lat"]]


def test_the_second_bar_counts_every_grid_once_and_keeps_task_and_quota_apart(bound, visit):
    shown = visit(ONLY_A).text(visit(ONLY_A).callback("street-sum.children", "", None))
    assert "3/4" in shown
    assert "三季度排查任务" in shown
    progress = quarter_task(bound.database, JULY.with_(area=STREET_A), ONLY_A)
    assert progress.targets
    assert f" / {progress.targets} 个对象" in shown
    assert ("巡查量进度" in shown) == bool(progress.quota)


def test_the_drawer_of_a_grid_tells_its_state_its_months_and_its_history(adopted):
    ask = asked(adopted, "?select=grid:DJ-001")
    drawing = street_drawer.drawer(ask)
    months, events = history(adopted.database, ask.filters, WHOLE, "DJ-001")
    cells = of_class(drawing, "month")
    assert len(cells) == 12
    assert sum(int(words(cell).split()[0]) for cell in cells) == int(months["visits"].sum()) == 5
    assert [words(cell).split()[1] for cell in cells] == ["8", "9", "10", "11", "12", "1", "2", "3", "4", "5", "6", "7"]
    assert len(of_class(drawing, "is-zero")) == 11
    assert "缺 11 个月" in words(drawing)
    assert len(of_class(drawing, "ring")) == len(events) > 5
    assert "S0 三" in words(drawing)
    assert "本系统默认" in words(drawing)


def test_never_visited_and_nothing_found_are_never_told_alike(adopted):
    never = words(street_drawer.drawer(asked(adopted, "?select=grid:XZ-002")))
    seen = words(street_drawer.drawer(asked(adopted, "?select=grid:DJ-002")))
    assert "从未巡查" in never
    assert "无发现" not in never
    assert "从未巡查" not in seen
    assert "无发现" in seen


@pytest.mark.parametrize("select", ["site:site-S1", "construction:construction-C1", "case:case-A1", "lead:lead-L1", "subject:subject-P1", "grid:DJ-004"])
def test_every_kind_of_place_opens_a_drawer_that_leads_to_its_record(adopted, select):
    drawing = street_drawer.drawer(asked(adopted, f"?area={STREET_A}&select={select}"))
    links = [part.href for part in walk(drawing) if getattr(part, "href", None)]
    assert f"/record?target={select}&area={STREET_A}" in links


@pytest.mark.parametrize("select", ["grid:XZ-001", "site:site-S3", "lead:lead-L2", "grid:NO-001", "site:nothing", "dragon:1"])
def test_what_is_another_streets_and_what_is_not_there_get_one_answer(adopted, select):
    drawing = street_drawer.drawer(asked(adopted, f"?select={select}", ONLY_A))
    assert words(drawing) == "没有找到所选对象，它可能不在你的查看范围内"


def test_personal_data_stays_masked_in_the_drawer(adopted):
    masked = words(street_drawer.drawer(asked(adopted, "?select=site:site-S1")))
    assert "示例诊所一" not in masked
    assert "示例路1号" not in masked
    seen = words(street_drawer.drawer(asked(adopted, "?select=site:site-S1", Scope(DISTRICT, personal=True))))
    assert "示例诊所一" in seen


@pytest.mark.parametrize(("tab", "row_set"), [(name, rows_of) for name, _, rows_of in TABS if rows_of])
def test_a_tab_opens_its_whole_register(bound, visit, tab, row_set):
    visitor = visit(ONLY_A)
    expected = rows(bound.database, row_set, JULY.with_(area=STREET_A), ONLY_A)
    assert f"共 {len(expected)} 行" in visitor.text(visitor.callback("street-over.children", f"?tab={tab}"))
    request = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}
    found = visitor.callback("street-grid.getRowsResponse", request, f"?tab={tab}").get_json()["response"]["street-grid"]["getRowsResponse"]
    assert found["rowCount"] == len(expected) == len(found["rowData"])


def test_a_register_sorts_and_filters_on_the_server(bound, visit):
    visitor = visit()
    request = {"startRow": 0, "endRow": 100, "sortModel": [{"colId": "number", "sort": "desc"}],
               "filterModel": {"number": {"filterType": "text", "type": "contains", "filter": "S"}}}
    found = visitor.callback("street-grid.getRowsResponse", request, f"?tab=sites&area={STREET_A}").get_json()["response"]["street-grid"]["getRowsResponse"]
    assert [row["number"] for row in found["rowData"]] == ["S2", "S1"]


def test_a_number_opens_its_rows_over_the_map_and_closes_again(adopted):
    ask = asked(adopted, f"?area={STREET_A}&rows=grids&narrow=state:over")
    drawing = street_registers.over(ask)
    assert "共 1 行" in words(drawing)
    closes = [changes(part) for part in of_class(drawing, "detail-close")]
    assert closes == [{"rows": None, "narrow": None, "card": None}]
    assert street_registers.over(asked(adopted, f"?area={STREET_A}")) is None


def test_figures_stand_with_their_numerators_and_denominators(adopted):
    said = words(street_registers.over(asked(adopted, f"?area={STREET_A}&tab=figures")))
    # A in July: 12 户次; neighbourhood A1 2 of 2 grids on time, A2 1 of 2.
    assert "巡排查 12 户次" in said
    assert "2/2" in said
    assert "1/2" in said
    assert "取缔率" not in said


def handing(**told):
    return {"rule_id": "visit.grid", "target_kind": "grid", "target_id": "DJ-003", "action": "reassign", "to": "neighbourhood:A2", "reason": "属地居委更近", **told}


def test_a_duty_handed_on_has_its_new_owner_at_once(bound, visit):
    answer = visit(ONLY_A).post("/street/handover", json=handing(), headers=OURS)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = obligations(bound.database, JULY, ONLY_A)
    mine = found[(found["rule_id"] == "visit.grid") & (found["target_id"] == "DJ-003")].iloc[0]
    assert (mine["owner_kind"], mine["owner_code"]) == ("neighbourhood", "A2")
    row = handovers(bound.database, JULY, ONLY_A).iloc[0]
    assert row["reason"] == "属地居委更近"
    assert row["from_code"]
    assert row["from_code"] != "A2"
    form = street_handover.handover_form(asked(bound, "", ONLY_A), "grid", "DJ-003", found[found["target_id"] == "DJ-003"])
    assert any("退回" in words(part) for part in of_class(form, "btn"))
    assert "转派 · 属地居委更近" in words(street_drawer.drawer(asked(bound, "?select=grid:DJ-003", ONLY_A)))


@pytest.mark.parametrize(
    ("told", "status"),
    [({"reason": "  "}, 422), ({"target_id": "XZ-001"}, 422), ({"target_id": "NO-001"}, 422), ({"to": "team:nobody"}, 422),
     ({"action": "steal"}, 422), ({"rule_id": "visit.nothing"}, 422), ({"reason": "长" * 401}, 422), ({"reason": 7}, 400), ({"to": None}, 400)],
)  # fmt: skip
def test_a_handover_that_cannot_be_made_changes_nothing(bound, visit, told, status):
    answer = visit(ONLY_A).post("/street/handover", json=handing(**told), headers=OURS)
    assert answer.status_code == status
    assert answer.get_json()["error"]
    assert handovers(bound.database, JULY, WHOLE).empty


def test_another_streets_target_and_an_unknown_one_are_refused_alike(bound, visit):
    both = [visit(ONLY_A).post("/street/handover", json=handing(target_id=code), headers=OURS) for code in ("XZ-001", "NO-001")]
    assert both[0].get_json() == both[1].get_json()


def test_a_handover_from_another_page_is_refused(bound, visit):
    assert visit(ONLY_A).post("/street/handover", json=handing()).status_code == 403
    assert visit(ONLY_A).post("/street/handover", data="reason=x", headers=OURS).status_code == 400


def test_the_two_tables_of_what_a_part_depends_on_agree():
    script = STREET_JS.read_text("utf-8")
    common = re.findall(r'"(\w+)"', re.search(r"const ASKED = \[([^\]]*)\]", script)[1])
    for name, kept in KEPT.items():
        own = re.findall(r'"(\w+)"', re.search(rf"{name}: \[\.\.\.ASKED, ([^\]]*)\]", script)[1])
        assert (*common, *own) == kept


def test_a_part_ignores_what_it_does_not_show():
    one, other = "?area=A&select=grid:X&theme=light&group=grid", "?group=grid&area=A&layers=sites&pane=map&select=grid:Y"
    assert part(one, "work") == part(other, "work") == "?area=A&group=grid"
    assert part(one, "detail") != part(other, "detail")
    assert part("?area=A", "detail") == part("?area=A", "over") == ""
    assert part("?area=A&tab=sites", "over") == "?area=A&tab=sites"


def test_the_screens_own_keys_are_read_back():
    read = read_street("?tab=cases&group=lead&owner=JD-A&horizon=7&route=1&start=121.5,31.25")
    assert read == StreetState("cases", "lead", 7, True, (121.5, 31.25), "JD-A")
    assert read_street("") == StreetState()
    for wrong in ("?start=200,1", "?travel=fly", "?start=1,91", "?start=x", "?route=2", "?group=nobody", "?owner=a%20b"):
        with pytest.raises(UnreadableRequest):
            read_street(wrong)


def test_two_people_with_two_streets_never_see_each_others(bound, visit):
    mine, theirs = (visit(scope).text(visit(scope).callback("street-sum.children", "", None)) for scope in (ONLY_A, ONLY_B))
    assert "DJ-003" in mine
    assert "XZ-" not in mine
    assert "XZ-001" in theirs
    assert "DJ-" not in theirs


def test_a_first_contact_is_recorded_from_the_leads_drawer_and_taken_back(bound, visit):
    def drawn():
        return words(street_drawer.drawer(asked(bound, "?select=lead:lead-L2")))

    visitor = visit()
    duties = obligations(bound.database, JULY, WHOLE)
    mine = duties[duties["target_id"] == "lead-L2"]
    assert set(mine["rule_id"]) >= {"lead.contact", "lead.verify"}
    assert "登记先行联系" in drawn()
    assert visitor.post("/street/lead", json={"lead": "lead-L2", "step": "contacted"}).status_code == 403
    done = visitor.post("/street/lead", json={"lead": "lead-L2", "step": "contacted"}, headers=OURS)
    assert done.status_code == 200, done.get_data(as_text=True)
    duties = obligations(bound.database, JULY, WHOLE)
    left = set(duties.loc[duties["target_id"] == "lead-L2", "rule_id"])
    assert "lead.contact" not in left
    assert "lead.verify" in left
    assert "登记先行联系" not in drawn()
    assert "撤销上一步" in drawn()
    wrong = visitor.post("/street/lead", json={"lead": "lead-L2", "step": "undo", "batch": "x"}, headers=OURS)
    assert wrong.status_code >= 400
    assert visitor.post("/street/lead", json={"lead": "lead-L2", "step": "undo", "batch": done.json["batch"]}, headers=OURS).status_code == 200
    assert "登记先行联系" in drawn()


def acts(drawing):
    return [part.to_plotly_json()["props"].get("data-contact") for part in walk(drawing) if "item-act" in str(getattr(part, "className", ""))]


def test_a_first_contact_is_recorded_from_the_item_of_the_list(bound, visitor):
    assert "lead-L2" in acts(drawn_list(bound, ""))
    assert acts(drawn_list(bound, "?as_of=2023-07-30")) == []
    said = {"lead": "lead-L2", "step": "contacted", "at": "2023-07-31T10:40:00+08:00", "how": "phone", "result": "missed"}
    missed = visitor.post("/street/lead", json=said, headers=OURS)
    assert missed.status_code == 200, missed.get_data(as_text=True)
    assert "仍未完成" in missed.json["sentence"]
    assert "lead-L2" in acts(drawn_list(bound, ""))
    assert "上次联系：7月31日 10:40 · 电话联系 · 没有联系上" in words(street_drawer.drawer(asked(bound, "?select=lead:lead-L2")))
    assert visitor.post("/street/lead", json={**said, "result": "reached"}, headers=OURS).status_code == 200
    assert "lead-L2" not in acts(drawn_list(bound, ""))


@pytest.mark.parametrize("at", ["", "yesterday", "2023-07-31T10:40:00"])
def test_a_contact_without_an_instant_is_no_request(bound, visitor, at):
    said = {"lead": "lead-L2", "step": "contacted", "at": at, "how": "phone", "result": "reached"}
    assert visitor.post("/street/lead", json=said, headers=OURS).status_code == 400


def test_a_place_is_led_to_by_the_map_that_the_person_picks(adopted):
    drawing = street_drawer.drawer(asked(adopted, "?select=grid:DJ-003"))
    links = [part.to_plotly_json()["props"] for part in walk(drawing) if "data-navigate" in (part.to_plotly_json()["props"] if hasattr(part, "to_plotly_json") else {})]
    assert [link["href"].partition(":")[0] for link in links] == ["geo", "amapuri", "bdapp"]
    assert [link["data-ios"].partition(":")[0] for link in links] == ["maps", "iosamap", "baidumap"]
    assert "位置为网格中心" in words(drawing)


def test_the_roads_of_the_district_lead_the_round(bound, visitor):
    places = worklist(bound.database, JULY.with_(area=STREET_A), WHOLE)
    west, east = places["lon"].min() - 0.01, places["lon"].max() + 0.01
    line = {"type": "LineString", "coordinates": [[west, 31.0], [east, 31.0]]}
    made = json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "大路"}, "geometry": line}]}).encode()
    assert "按直线距离计算" in words(drawn_list(bound, f"?area={STREET_A}&route=1"))
    take(bound.database, preview(bound.database, ("路网.geojson", made), scope=WHOLE, crs="EPSG:4326"), actor=bound.actor_of(), now=NOW)
    said = words(drawn_list(bound, f"?area={STREET_A}&route=1"))
    assert "按路网距离计算（车行）" in said
    assert "改为步行" in said
    assert "按路网距离计算（步行）" in words(drawn_list(bound, f"?area={STREET_A}&route=1&travel=walk"))


def test_the_figures_show_who_looks_after_which_grids_and_what_was_handed_on(bound, visit):
    visitor = visit(ONLY_A)
    visitor.post("/street/assign", json={"grid": "DJ-003", "reach": "grid", "to": "neighbourhood:A2"}, headers=OURS)
    said = {"rule_id": "visit.grid", "target_kind": "grid", "target_id": "DJ-004", "action": "reassign", "to": "neighbourhood:A1", "reason": "人手不足"}
    answer = visitor.post("/street/handover", json=said, headers=OURS)
    told = words(street_registers.over(asked(bound, "?tab=figures", ONLY_A)))
    assert "网格分工" in told
    assert "没有指派（由街镇负责）" in told
    sheet = street_registers.over(asked(bound, "?tab=figures", ONLY_A))
    opened = [one for one in (changes(each) for each in walk(sheet)) if one and "owner_code" in str(one.get("narrow"))]
    assert len(opened) == 3 * 2, "three numbers for the committee and three for nobody's grids"
    assert rows(bound.database, "grids", JULY, ONLY_A, owner_code="A2")["code"].tolist() == ["DJ-003"]
    assert "DJ-003" not in set(rows(bound.database, "grids", JULY, ONLY_A, owner_code="")["code"])
    assert ("理由：人手不足" in told) == (answer.status_code == 200), answer.get_data(as_text=True)
    again = visitor.post("/street/handover", json=said, headers=OURS)
    assert "已经由所选的责任方负责" in again.get_data(as_text=True)


def test_the_list_check_of_a_street_is_the_funnel_of_its_people(adopted):
    ask = asked(adopted, f"?area={STREET_A}")
    steps = {step["stage"]: step for step in records(ask.get(list_funnel, by="district"))}
    told = words(list_check(ask))
    if not steps["listed"]["N"]:
        assert "没有列入历史名单的人员" in told
        return
    for stage in ("system_checked", "joint_action"):
        assert f"{steps[stage]['n']}/{steps[stage]['N']}" in told
    shown = json.dumps(list_check(ask).to_plotly_json(), default=lambda part: part.to_plotly_json(), ensure_ascii=False)
    assert "asked_field_checked" in shown


def test_another_streets_lead_takes_no_step(bound, visit):
    refused = visit(ONLY_A).post("/street/lead", json={"lead": "lead-L2", "step": "contacted"}, headers=OURS)
    assert refused.status_code in {400, 404, 422}
    assert "不在你的权限范围内" in refused.get_data(as_text=True)


def test_a_grid_is_assigned_from_its_drawer_and_its_duties_follow(bound, visit):
    drawing = words(street_drawer.drawer(asked(bound, "?select=grid:DJ-003", ONLY_A)))
    assert "从今天起指派" in drawing
    assert "还没有指派" in drawing
    visitor = visit(ONLY_A)
    told = visitor.post("/street/assign", json={"grid": "DJ-003", "reach": "neighbourhood", "to": "neighbourhood:A2"}, headers=OURS)
    assert told.status_code == 200, told.get_data(as_text=True)
    found = obligations(bound.database, JULY, WHOLE)
    owners = found[found["rule_id"] == "visit.grid"].set_index("target_id")["owner_code"]
    assert told.json["grids"] == (owners == "A2").sum() == 2
    assert owners["DJ-003"] == "A2"
    for wrong in ({"grid": "XZ-001", "reach": "grid", "to": "neighbourhood:A2"}, {"grid": "DJ-003", "reach": "all", "to": "neighbourhood:A2"}, {"grid": "DJ-003", "reach": "grid", "to": "team:nobody"}):
        assert visitor.post("/street/assign", json=wrong, headers=OURS).status_code >= 400
    assert visitor.post("/street/assign", json={}).status_code == 403


def test_a_marked_neighbourhood_is_named_in_the_list(adopted):
    row = next(row for row in records(worklist(adopted.database, JULY, WHOLE)) if row["target_kind"] == "grid")
    assert "重点村居" in fact_words(asked(adopted), row | {"priority": True})
    assert "重点村居" not in fact_words(asked(adopted), row | {"priority": False})


def test_an_extension_without_its_document_is_said_on_the_case_in_the_drawer(bound):
    assert "延至" not in words(street_drawer.drawer(asked(bound, "?select=case:case-A2")))
    with bound.database.write() as connection:
        extension = town_row("case_event", 900, number="E1", case_id="case-A2", day=dt.date(2023, 7, 20), event="extended", until=dt.date(2023, 12, 1))
        connection.execute(FACTS["case_event"].insert(), [extension])
        raise_versions(connection, DISTRICT, ["case_event"], NOW)
    said = words(street_drawer.drawer(asked(bound, "?select=case:case-A2")))
    assert "延至 12月1日" in said
    assert "批准文书未登记" in said


def test_how_a_first_contact_was_made_survives_its_own_export(bound, visitor):
    said = {"lead": "lead-L2", "step": "contacted", "at": "2023-07-31T09:30+08:00", "how": "in_person", "result": "missed"}
    assert visitor.post("/street/lead", json=said, headers=OURS).status_code == 200
    exported = visitor.get("/export/leads.csv?from=2023-07-01&to=2023-07-31").get_data()
    line = next(one for one in exported.decode("utf-8-sig").splitlines() if one.startswith("L2,"))
    assert "2023-07-31 09:30,上门,没有联系上" in line
    seen = preview(bound.database, ("线索.csv", exported), scope=WHOLE, kind="leads", source="lead")
    take(bound.database, seen, actor=bound.actor_of(), now=NOW + dt.timedelta(minutes=5), confirm=True)
    again = leads(bound.database, JULY, WHOLE).set_index("id").loc["lead-L2"]
    assert (again["contact_at"], again["contact_how"], again["contact_result"]) == (dt.datetime(2023, 7, 31, 9, 30, tzinfo=NOW.tzinfo), "in_person", "missed")
    before = leads(bound.database, JULY.with_(start=dt.date(2023, 7, 1), end=dt.date(2023, 7, 30), as_of=dt.date(2023, 7, 30)), WHOLE).set_index("id").loc["lead-L2"]
    assert before[["contact_at", "contact_how", "contact_result"]].isna().all()


def test_the_places_of_the_day_can_be_chosen_and_recorded(bound, visit):
    visitor = visit(ONLY_A)
    listed = visitor.get(f"/record/areas?area={STREET_A}").json["today"]
    assert [one["target"] for one in listed] == [key for key in worklist(bound.database, JULY.with_(area=STREET_A), ONLY_A)["key"] if key.split(":")[0] in TARGET_KINDS][:12]
    assert all(visitor.get(f"/record/target?target={one['target']}").status_code == 200 for one in listed)
    assert visitor.get(f"/record/areas?area={STREET_B}").json["today"] == []
    assert visitor.get("/record/areas").json["today"] == listed
    assert visit().get("/record/areas").json["today"] == []


def test_a_drawer_for_an_absent_server_waits_hidden_and_leads_to_the_record(adopted):
    drawn = street_drawer.away(asked(adopted, f"?area={STREET_A}&lang=en"))
    link = next(one.to_plotly_json()["props"] for one in walk(drawn) if "data-away-record" in one.to_plotly_json()["props"])
    assert drawn.hidden is True
    assert (link["data-away-record"], set(link["data-kinds"].split())) == (f"&area={STREET_A}&lang=en", set(TARGET_KINDS))


def test_the_number_of_the_quarters_task_opens_its_targets_whatever_the_period(adopted):
    ask = asked(adopted, f"?area={STREET_A}&from=2023-01-01&to=2023-07-31")
    narrow = quote(changes(next(iter(of_class(task_meter(ask), "number-value"))))["narrow"])
    found = quarter_task(adopted.database, JULY.with_(area=STREET_A), WHOLE)
    opened, name = street_registers.opened_rows(asked(adopted, f"?area={STREET_A}&from=2023-01-01&to=2023-07-31&rows=K28&narrow={narrow}"))
    behind = rows(adopted.database, name, opened.filters, opened.scope, **dict(opened.view.narrow))
    assert (behind["done"].sum(), len(behind)) == (found.done, found.targets) == (2, 3)
