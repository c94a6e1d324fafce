"""The application answers over HTTP what the URL asks, for the person who asks, and nobody else."""

import json
import re
from dataclasses import replace

import pytest

from dashboard.answers import Answers
from dashboard.panels import TABS, panels
from dashboard.problems import reported
from dashboard.view_state import part
from dashboard.views import views
from data_access.database import Database, DatabaseProblem
from data_access.figures import figures
from rules.language import N_
from tests.town import JULY, ONLY_A, ONLY_B, POLICE, STREET_A, WHOLE

PAGE = "page.children"


def test_every_view_is_served_at_its_path(reader):
    for view in views():
        answer = reader.get(view.path)
        assert answer.status_code == 200
        assert f'data-view="{view.name}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "lang", "theme"),
    [("", "zh-CN", "dark"), ("?lang=en", "en", "dark"), ("?theme=light", "zh-CN", "light"),
     ("?lang=en&theme=light", "en", "light"), ("?lang=x&theme=%22%3E", "zh-CN", "dark")],
)  # fmt: skip
def test_the_document_is_born_in_its_language_and_theme(reader, query, lang, theme):
    page = reader.get("/" + query).get_data(as_text=True)
    assert f'<html lang="{lang}" data-theme="{theme}"' in page


def test_the_page_holds_header_map_columns_and_footer(reader):
    text = reader.text(reader.callback(PAGE, "/", ""))
    for place in ("overview-header", "kpi-strip", "street-column", "map-place", "agency-column", "overview-footer", "drawer"):
        assert f'"{place}"' in text
    assert "小镇区打击无证行医态势" in text


def test_what_the_first_load_asked_is_what_the_browser_would_ask(reader):
    """The stores hold the URL's own part, so that a change of theme asks nothing again."""
    for search in ("", "?area=A1&theme=light"):
        text = reader.text(reader.callback(PAGE, "/", search))
        for side in ("street", "agency"):
            assert json.dumps({"id": f"{side}-request", "data": part(search, side)})[1:-1] in text


def test_every_callback_id_is_in_a_view(reader):
    asked = ("?rows=K1&map=maplibre", "?rows=K1&map=plotly", f"?area={STREET_A}", f"?area={STREET_A}&tab=sites")
    shown = "".join(reader.text(reader.callback(PAGE, view.path, search)) for view in views() for search in asked)
    shown += reader.get("/_dash-layout").get_data(as_text=True)
    named = {
        target["id"] for callback in reader.app._callback_list
        for target in [*callback["inputs"], *callback["state"]] if isinstance(target["id"], str)
    }  # fmt: skip
    missing = {name for name in named if not name.startswith("{") and f'"{name}"' not in shown}
    assert missing == set()


def test_the_large_figures_are_those_of_the_rows(visitor, context):
    found = figures(context.database, JULY, WHOLE)
    text = visitor.street("?from=2023-07-01&to=2023-07-31")
    for key in ("K1", "K12", "K13", "K6", "K8", "K3"):
        assert found[key].value > 0
        assert json.dumps(json.dumps({"card": None, "narrow": None, "rows": key}))[1:-1] in text
        assert f">{found[key].value:,.0f}<" in text


def test_below_the_district_the_large_figures_make_room_for_the_map(reader):
    assert "kpis is-away" in reader.street(f"?area={STREET_A}")
    assert "kpis is-away" not in reader.street("")


def test_the_breadcrumb_leads_down_and_up(reader):
    text = reader.street("?area=DJ-001")
    here = [part for part in ("全区", "东街道", "一居委", "DJ-001") if part in text]
    assert here == ["全区", "东街道", "一居委", "DJ-001"]
    assert text.count("data-up=") == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("area", ["", STREET_A, "A1", "DJ-001", "nowhere"])
def test_every_tab_of_both_columns_is_drawn_without_a_failure(reader, area, lang):
    for tab in TABS["street"]:
        assert "state-failed" not in reader.street(f"?area={area}&tab={tab.name}&lang={lang}"), tab
    for tab in TABS["agency"]:
        assert "state-failed" not in reader.agency(f"?area={area}&tab_agency={tab.name}&lang={lang}"), tab


def test_a_tab_nobody_declares_opens_the_first(reader):
    first = TABS["street"][0].name
    text = reader.street("?tab=nothing")
    assert f'"aria-labelledby": "street-tab-{first}"' in text


def test_a_panel_that_fails_says_so_and_the_others_stay(visit, monkeypatch):
    broken = panels()[0]

    def content(_ask):
        raise ZeroDivisionError

    shown = tuple(replace(panel, content=content) if panel.name == broken.name else panel for panel in panels())
    monkeypatch.setattr("dashboard.panels.panels", lambda: shown)
    text = visit().street(f"?tab={broken.tab if broken.tab != 'every' else ''}")
    assert text.count("state-failed") == 1
    assert re.search(r"编号 [0-9A-F]{6}", text)
    assert "ZeroDivisionError" not in text
    assert len(re.findall("data-panel\\W", text)) >= 2


def test_a_database_that_is_away_answers_503_with_a_sentence(visitor, context, monkeypatch):
    def away(*_args, **_named):
        raise DatabaseProblem(N_("数据库正被另一个程序写入：请等它写完后再试。"))

    monkeypatch.setattr(Database, "frame", away)
    monkeypatch.setattr(Database, "read", away)
    for output in ("street-column.children", "agency-column.children"):
        answer = visitor.callback(output, "", None)
        assert answer.status_code == 503
        assert answer.get_json()["error"].startswith("数据库")
    assert visitor.get("/readyz").status_code == 503
    assert visitor.get("/readyz").get_json()["database"] == "away"
    assert visitor.get("/healthz").status_code == 200


def test_ready_says_database_cache_and_data_version(visitor):
    found = visitor.get("/readyz")
    assert found.status_code == 200
    assert found.get_json().keys() == {"status", "database", "cache", "data_version"}
    assert found.get_json()["data_version"]


def test_an_unknown_failure_answers_a_number_and_no_trace(visitor, monkeypatch):
    monkeypatch.setattr("dashboard.views.overview.header", lambda _ask: 1 / 0)
    answer = visitor.callback("street-column.children", "", None)
    assert answer.status_code == 500
    assert re.fullmatch(r"[0-9A-F]{6}", answer.get_json()["reference"])
    assert "division" not in answer.get_data(as_text=True)


def test_reference_numbers_differ():
    assert reported(ValueError("x")) != reported(ValueError("x"))


def test_a_link_that_cannot_be_read_says_so_in_the_page(reader):
    text = reader.text(reader.callback(PAGE, "/", "?from=2023-02-31"))
    assert "这个链接读不懂" in text


def numbers_of(text):
    return re.findall(r">([\d,.]+)<", text)


def test_two_people_over_one_cache_never_see_each_others_rows(visit):
    """One cache (Answers) under every application; alone each had a cache of its own."""
    searches = ["", f"?tab=leads&area={STREET_A}"]
    scopes = (WHOLE, ONLY_A, ONLY_B, POLICE)
    alone = {}
    for scope in scopes:
        person = visit(scope=scope, answers=Answers("memory://"))
        alone[scope] = [person.street(search) for search in searches]
    together = {scope: visit(scope=scope) for scope in scopes}
    for _ in range(2):
        for index, search in enumerate(searches):
            for scope, person in together.items():
                assert person.street(search) == alone[scope][index], (scope, search)
    assert len({tuple(numbers_of(texts[0])) for texts in alone.values()}) == len(scopes)


def test_two_filters_of_one_person_stay_apart(reader):
    july, june = "?from=2023-07-01&to=2023-07-31", "?from=2023-06-01&to=2023-06-30"
    first, second = reader.street(july), reader.street(june)
    assert first != second
    assert (reader.street(july), reader.street(june)) == (first, second)


def test_a_change_of_the_data_is_seen_at_once(visitor, context):
    from data_access.schema import patrol_visit
    from data_access.versions import raise_versions
    from tests.dashboard.conftest import NOW
    from tests.town import DISTRICT, row

    before = visitor.street("")
    values = {
        "day": JULY.end, "street_code": STREET_A, "visits": 1000, "finding": "none", "mode": "patrol",
        "target_kind": "grid", "located": "area", "agency_code": "WJW",
    }  # fmt: skip
    made = {name: value for name, value in row("patrol_visit", 999, **values).items() if name in patrol_visit.c}
    with context.database.write() as connection:
        connection.execute(patrol_visit.insert(), [made])
        raise_versions(connection, DISTRICT, ["patrol_visit"], NOW)
    assert visitor.street("") != before
    assert "1,018" in visitor.street("")


def test_the_shell_holds_no_data(reader):
    layout = json.dumps(reader.get("/_dash-layout").get_json(), ensure_ascii=False)
    assert "小镇区" not in layout
    assert len(layout) < 6000


def test_english_pages_hold_no_chinese_words_of_ours(reader):
    text = reader.street("?lang=en") + reader.agency("?lang=en")
    left = set(re.findall(r'"(?:children|title|aria-label)": "([^"]*[\u4e00-\u9fff][^"]*)"', text))
    ours = {word for word in left if word not in {"中文"} and not re.search("东街|西镇|居委|示例|一镇|小镇|卫|公安|派出所|市场|城管|政府|局|所", word)}
    assert ours == set()


def test_a_street_that_asks_for_anothers_details_is_told_why_not(visit):
    text = visit(scope=ONLY_B).street(f"?area={STREET_A}")
    assert "state-closed" in text
    assert "你不能查看东街道的明细" in text
    drawer = visit(scope=ONLY_B)
    assert "state-closed" in drawer.text(drawer.callback("drawer.children", f"?area={STREET_A}&rows=K1"))
    for search in ("", "?area=990199002", "?area=B1", "?area=XZ-001", "?area=nowhere"):
        assert "state-closed" not in visit(scope=ONLY_B).street(search), search
    assert "state-closed" not in visit().street(f"?area={STREET_A}")
