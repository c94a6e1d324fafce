"""What the panels say of the small known town, counted by hand (tests/town.py has the counts)."""

import datetime as dt

import pytest
from flask import Flask

from dashboard.answers import Answers
from dashboard.breakdown import breakdown
from dashboard.door import demo_actor
from dashboard.panels import panels
from dashboard.panels.duties import MOST
from dashboard.panels.intervals import interval_bins
from dashboard.question import Context
from data_access.coverage import grid_states
from data_access.obligations import duty_counts, obligations
from data_access.patrol_rates import patrol_rates
from data_access.schema import FACTS
from data_access.sites import sites
from data_access.versions import raise_versions
from rules.grid_state import grid_state
from rules.indicators import INDICATORS
from rules.request import UnreadableRequest
from tests.dashboard.conftest import NOW
from tests.dashboard.reading import changes, of_class, walk, words
from tests.town import DISTRICT, JULY, STREET_A, STREET_B, WHOLE, row

PANELS = {panel.name: panel for panel in panels()}


@pytest.fixture(scope="module")
def ask(town, tmp_path_factory):
    answers = Answers("memory://")
    answers.start(Flask(__name__))
    actor = demo_actor(WHOLE)
    context = Context(
        database=town, answers=answers, clock=lambda: NOW, actor_of=lambda: actor, folder=tmp_path_factory.mktemp("made")
    )
    return context.ask


def body(ask, name, search=""):
    made = PANELS[name].content(ask(search))
    return made[0] if isinstance(made, tuple) else made


def aside(ask, name, search=""):
    return words(PANELS[name].content(ask(search))[1])


def row_texts(drawn, kind):
    return [words(part) for part in of_class(drawn, kind)]


def test_half_of_the_grids_were_visited_in_time(ask):
    said = words(body(ask, "coverage"))
    assert "50.0 % 3/6" in said
    assert "还差 3 个网格达 90%" in said
    assert "周期 30 天（本系统默认）" in said
    assert row_texts(body(ask, "coverage"), "key-part") == ["按期 2", "临期 1", "逾期 2", "未巡 1"]


def test_a_street_is_compared_with_the_district_and_ranked(ask):
    said = words(body(ask, "coverage", f"?area={STREET_A}"))
    assert "75.0 % 3/4" in said
    assert "高于全区" in said
    assert "50.0%" in said
    assert "还差 1 个网格达 90%" in said
    assert aside(ask, "coverage", f"?area={STREET_A}") == "2 个街镇中第 1"
    assert aside(ask, "coverage", f"?area={STREET_B}") == "2 个街镇中第 2"


def test_another_cycle_is_not_called_the_systems_default(ask):
    said = words(body(ask, "coverage", "?cycle=10"))
    assert "周期 10 天" in said
    assert "本系统默认" not in said


def test_the_rate_is_red_below_85_and_neutral_from_90_on(ask):
    assert of_class(body(ask, "coverage"), "is-bad")
    all_kept = body(ask, "coverage", f"?area={STREET_A}&cycle=366")
    assert "100.0 % 4/4" in words(all_kept)
    assert "已达 90% 目标" in words(all_kept)
    assert not of_class(all_kept, "is-warn")


def test_the_ranking_goes_from_the_best_street_down_and_a_press_drills(ask):
    rows = of_class(body(ask, "ranking"), "rank-row")
    assert [words(row) for row in rows] == ["东街道 75.0 % 3/4", "西镇 0.0 % 0/2"]
    assert [changes(of_class(row, "rank-head")[0])["area"] for row in rows] == [STREET_A, STREET_B]


def test_a_street_ranks_its_neighbourhoods_from_the_lowest_up(ask):
    rows = of_class(body(ask, "ranking", f"?area={STREET_A}"), "rank-row")
    assert [words(row) for row in rows] == ["二居委 50.0 % 1/2", "一居委 100.0 % 2/2"]


def test_the_bars_of_a_street_rise_to_the_grid_never_visited(ask):
    bars = of_class(body(ask, "grid_gaps", f"?area={STREET_B}"), "gap-bar")
    assert [bar.title for bar in bars] == ["XZ-001：上次巡查 31 天前", "XZ-002：从未巡查"]
    assert [bar.className.split()[-1] for bar in bars] == ["swatch-cov-over", "swatch-cov-never"]
    assert changes(bars[1]) == {"select": "grid:XZ-002"}


def test_the_stock_is_an_equation_whose_terms_open(ask):
    terms = of_class(body(ask, "site_stock"), "term")
    assert [words(term) for term in terms] == ["期初 2", "新增 1", "回潮 1", "清除 2", "期末 2"]
    opened = [changes(of_class(term, "number-value")[0])["rows"] for term in terms]
    assert opened == ["stock_opening", "stock_added", "stock_relapsed", "stock_cleared", "stock_closing"]
    assert aside(ask, "site_stock") == "存量与期初持平"


def test_sites_by_risk_leave_out_the_cleared(ask):
    frame = ask("").get(sites)
    standing = frame[frame["status"] != "cleared"]
    assert aside(ask, "site_risk") == f"{len(standing)} 户 · 风险等级"
    assert row_texts(body(ask, "site_risk"), "bar-row")[:2] == ["高风险 1", "中风险 1"]


def test_leads_have_their_three_rates_with_their_bases(ask):
    facts = row_texts(body(ask, "lead_sources"), "fact")
    assert facts == ["通报街镇率 66.7 % 2/3", "查实率 50.0 % 1/2", "反馈率 33.3 % 1/3"]


def test_categories_count_leads_cases_and_sites_and_mark_the_six(ask):
    lines = {line.code: (line.leads, line.cases, line.sites, line.marked) for line in breakdown(ask(""), "category")}
    assert lines["infusion"] == (1, 0, 2, True)
    assert lines["dental"] == (1, 1, 1, False)
    assert lines["cosmetic"] == (1, 1, 1, True)


def test_a_category_sets_the_filter_and_unsets_it(ask):
    def name_of(search, word):
        return next(part for part in of_class(body(ask, "categories", search), "row-name") if word in words(part))

    assert changes(name_of("", "口腔诊疗")) == {"category": "dental"}
    assert changes(name_of("?category=dental", "口腔诊疗")) == {"category": None}
    assert changes(name_of("?category=dental", "静脉输液")) == {"category": "infusion"}
    pressed = name_of("?category=dental", "口腔诊疗").to_plotly_json()["props"]["aria-pressed"]
    assert pressed == "true"


def test_open_cases_stand_by_days_left_and_turn_red_at_seven(ask):
    rows = of_class(body(ask, "open_cases"), "case-row")
    assert [words(part) for row in rows for part in of_class(row, "days-left")] == ["剩 1 天", "剩 10 天", "剩 69 天"]
    assert [row.className for row in rows] == ["case-row is-bad", "case-row is-warn", "case-row"]
    assert "已移送公安 · 等待反馈" in words(rows[1])
    assert aside(ask, "open_cases") == "2 件 · 待反馈 1 件"
    current = [words(stage) for stage in of_class(rows[0], "is-now")]
    assert current == ["调查"]
    assert changes(rows[0]) == {"select": "case:case-A1"}


def test_a_transferred_case_shows_the_clock_of_the_feedback(ask):
    said = words(body(ask, "selection", "?select=case:case-A5"))
    assert "反馈期限 8月10日" in said
    assert "剩 10 天" in said


def test_the_agency_table_counts_by_system(ask):
    rows = {words(of_class(row, "row-name")[0]): words(row).split() for row in of_class(body(ask, "agency_work"), "is-system")}
    assert rows["公安"][1:3] == ["1", "6"]
    assert rows["街镇"][1:3] == ["11", "3"]
    assert rows["卫生监督"][1:3] == ["6", "4"]


def test_a_system_filters_the_screen_and_opens_its_agencies(ask):
    closed = body(ask, "agency_work")
    assert not of_class(closed, "is-agency")
    opened = body(ask, "agency_work", "?system=police")
    assert {words(of_class(row, "row-name")[0]) for row in of_class(opened, "is-agency")} == {"公安分局", "街派出所"}
    police = next(part for part in of_class(opened, "row-name") if words(part) == "公安")
    assert changes(police) == {"agency": None, "system": None}


def test_deadlines_begin_with_the_most_overdue(ask):
    shown = row_texts(body(ask, "deadlines"), "days-left")
    assert shown[:2] == ["逾期 21 天", "逾期 21 天"]
    assert aside(ask, "deadlines") == "7 项 · 逾期 3 项"


def test_transfers_show_who_must_still_answer(ask):
    lines = row_texts(body(ask, "transfers"), "line")
    assert lines == ["街派出所 线索移交 · 东街 逾期 21 天", "公安分局 案件移送 · 西镇 剩 10 天"]
    assert "33.3 % 1/3" in words(body(ask, "transfers"))


def test_penalties_are_in_their_own_units(ask):
    facts = row_texts(body(ask, "penalties"), "fact")
    assert facts[:3] == ["取缔 1 户次", "行政处罚 2 户次", "罚款 5 万元"]
    assert facts[-3:] == ["没收所得 530 元", "没收器械 15 件", "没收药品 9 盒"]
    assert "没收药品 4 瓶" in row_texts(body(ask, "penalties"), "key-part")


def test_the_list_of_figures_holds_every_figure_with_its_card(ask):
    lines = of_class(body(ask, "figures"), "figure-line")
    assert "巡排查 18 户次" in [words(line) for line in lines]
    for line in lines:
        opened = changes(of_class(line, "number-value")[0])["rows"]
        card = changes(of_class(line, "number-card")[0])["card"]
        assert card in INDICATORS
        assert opened.startswith(card)


def test_construction_sites_late_come_first(ask):
    lines = row_texts(body(ask, "construction"), "line")
    assert lines == ["示例工地C1 东街 逾期 4 天"]
    assert "66.7 % 2/3" in words(body(ask, "construction"))


def test_a_selected_grid_shows_its_lateness_its_year_and_its_visits(ask):
    drawn = body(ask, "selection", "?select=grid:DJ-001")
    assert "DJ-001 按期" in words(drawn)
    months = row_texts(drawn, "month")
    assert len(months) == 12
    assert months[-1] == "5 7"
    assert row_texts(drawn, "history-line")[0].startswith("7.20")


def test_what_is_not_there_cannot_be_selected(ask):
    drawn = body(ask, "selection", "?select=site:nobody")
    assert "没有找到所选对象" in words(drawn)
    assert changes(of_class(drawn, "nothing-next")[0]) == {"select": None}


def test_a_rate_without_a_base_is_a_dash(ask):
    said = words(body(ask, "work", "?area=XZ-002"))
    assert "— 0/0" in said


@pytest.mark.parametrize("cycle", [1, 4, 7, 14, 30, 31, 90, 366])
def test_interval_bins_have_one_state_each_and_lose_no_grid(cycle):
    import pandas as pd

    days = list(range(3 * cycle + 5))
    bins, (beyond, rest) = interval_bins(days, cycle)
    assert sum(count for _, _, count, _ in bins) + rest == len(days)
    for first, last, _, state in bins:
        assert set(grid_state(pd.Series([first, last]), cycle)) == {state}
    assert beyond == bins[-1][1] + 1


def test_the_interval_chart_counts_the_towns_grids(ask):
    frame = ask("").get(grid_states)
    bins, (_, rest) = interval_bins(frame["days"].dropna().astype(int).tolist(), 30)
    assert sum(count for _, _, count, _ in bins) + rest == 5
    assert rest == 1


def test_the_clock_of_duties_shows_its_eight_most_urgent_rules_and_folds_the_rest(ask):
    drawn = body(ask, "duties")
    shown, further = of_class(drawn, "duty-table")
    expected = ask("").get(duty_counts)
    assert expected["every"].sum() == len(ask("").get(obligations))
    assert len(expected) > MOST == 8
    lines = [[one for one in walk(table) if type(one).__name__ == "Tr"] for table in (shown, further)]
    # Each table has its line of heads.
    assert [len(rows) - 1 for rows in lines] == [MOST, len(expected) - MOST]
    assert f"其余 {len(expected) - MOST} 项" in words(drawn)
    assert "还没有采纳任何规则" in words(drawn)


def test_the_kind_of_visit_that_counts_and_the_cycle_are_chosen_on_the_panel(ask):
    drawn = body(ask, "patrol_rates", "?counts=inspection")
    pressed = [one for one in of_class(drawn, "rate-choice") if one.to_plotly_json()["props"]["aria-pressed"] == "true"]
    assert [words(one) for one in pressed] == ["执法检查", "30 天"]
    expected = patrol_rates(ask("").database, JULY, WHOLE, modes=["inspection"]).set_index("code")
    assert f"{expected['in_time_n'][STREET_A]}/4" in words(drawn)
    assert expected["in_time_n"][STREET_A] != 3
    choices = [changes(one) for one in of_class(drawn, "rate-choice")]
    assert {"counts": None} in choices
    assert {"cycle": "7"} in choices
    with pytest.raises(UnreadableRequest, match="counts"):
        body(ask, "patrol_rates", "?counts=dance")


def test_deaths_and_disabilities_stand_in_the_panel_of_the_police(context, visitor):
    assert "致人死亡" not in words(body(context.ask, "police_transfers"))
    with context.database.write() as connection:
        death = row("adverse_event", 900, number="E9", day=dt.date(2023, 7, 20), kind="death", count=1, verified=True, street_code=STREET_A, located="area")
        connection.execute(FACTS["adverse_event"].insert(), [death])
        raise_versions(connection, DISTRICT, ["adverse_event"], NOW)
    assert "致人死亡或残疾 1 起，不计次数应移送；最近 7月20日" in words(body(context.ask, "police_transfers"))
