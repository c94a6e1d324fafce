"""The overview in a browser: what a press asks for, what the URL holds, what the eye and the keyboard find."""

import csv
import re
from pathlib import Path

import pytest

from tests.browser.screen import SHARP

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
BUDGET = 4
FIRST_STREET = "#street-column .rank-row button, #street-column .rank-row[data-go]"


@pytest.mark.parametrize(
    ("name", "size", "query"),
    [
        ("overview-1920x1080", (1920, 1080), "/"),
        pytest.param("overview-light-1920x1080", (1920, 1080), "/?theme=light", marks=pytest.mark.long),
        pytest.param("overview-1440x900", (1440, 900), "/", marks=pytest.mark.long),
        # A software renderer takes a minute for a screen of this size.
        pytest.param("overview-3840x2160", (3840, 2160), "/", marks=pytest.mark.long),
        ("overview-390x844", (390, 844), "/"),
        pytest.param("street-1920x1080", (1920, 1080), "/?area=990114005", marks=pytest.mark.long),
        pytest.param("street-light-1440x900", (1440, 900), "/?area=990114005&theme=light", marks=pytest.mark.long),
        pytest.param("street-390x844", (390, 844), "/?area=990114005&theme=light", marks=pytest.mark.long),
        pytest.param("overview-english-1440x900", (1440, 900), "/?lang=en", marks=pytest.mark.long),
        pytest.param("rows-1920x1080", (1920, 1080), "/?rows=K1", marks=pytest.mark.long),
    ],
)
def test_a_screen_stands_without_errors_and_asks_nobody_else(screen, name, size, query):
    seen = screen(size, device_scale_factor=SHARP).open(query)
    seen.picture(name, whole=size[0] < 600)
    assert seen.errors == []
    assert seen.failures == []
    assert seen.strangers() == []
    wide, room = seen.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room


def test_drilling_asks_for_four_things_at_most(desk):
    with desk.asked() as asked:
        desk.press(FIRST_STREET)
    assert desk.search()["area"]
    assert 2 <= len(asked) <= BUDGET, asked


@pytest.mark.parametrize(
    "press",
    ["#street-column [role=tab]:nth-child(2)", "#agency-column [role=tab]:nth-child(2)", ".seg button:nth-child(1)",
     ".kpi button.number-value", "#agency-column .row-name button, #agency-column button[data-go]"],
)  # fmt: skip
def test_no_press_asks_for_more_than_four_things(desk, press):
    with desk.asked() as asked:
        desk.press(press)
    assert len(asked) <= BUDGET, asked


def test_a_change_of_period_asks_for_four_things_at_most(desk):
    desk.key("p")
    with desk.asked() as asked:
        desk.press(".period-menu .choice:nth-child(6)")
    assert desk.search()["from"] == "2023-06-01"
    assert 2 <= len(asked) <= BUDGET, asked
    desk.until("() => document.querySelector('.period summary').textContent.trim().startsWith('6.1')")


def test_rows_that_come_after_their_drawer_was_shut_stop_nothing(desk):
    held = []
    desk.page.route(lambda url: "_dash-update" in url, lambda route: held.append(route) if "getRowsRequest" in (route.request.post_data or "") else route.continue_())
    desk.press(".kpi button.number-value")
    for _ in range(300):
        desk.page.wait_for_timeout(100)
        if held:
            break
    desk.key("Escape")
    desk.page.wait_for_selector(".drawer", state="detached")
    assert held
    for route in held:
        route.continue_()
    desk.settle()
    desk.page.unroute_all()
    assert desk.errors == []
    district = desk.text("#street-column")
    desk.press(FIRST_STREET)
    desk.settle()
    assert desk.text("#street-column") != district


def test_theme_costs_no_request_for_data(desk):
    with desk.asked() as asked:
        desk.key("t")
    assert asked == []
    assert desk.page.evaluate("() => document.documentElement.dataset.theme") == "light"
    desk.key("t")
    assert "theme" not in desk.search()


def test_back_comes_back_and_a_link_reproduces_the_screen(desk, screen):
    seen = desk
    district = seen.text("#street-column")
    seen.press(FIRST_STREET)
    seen.settle()
    street = seen.text("#street-column")
    assert street != district
    seen.press("#street-column [role=tab]:nth-child(2)")
    seen.settle()
    link = seen.page.url.removeprefix(seen.base)
    sites = seen.text("#street-column")
    seen.page.go_back()
    seen.settle()
    assert seen.text("#street-column") == street
    seen.page.go_back()
    seen.settle()
    assert seen.text("#street-column") == district
    assert screen().open(link).text("#street-column") == sites


def test_escape_closes_what_is_open_then_goes_up(screen):
    seen = screen().open("/?area=990114005&rows=K1")
    seen.page.wait_for_selector(".drawer")
    seen.key("p")
    assert seen.page.locator("details.period[open]").count() == 1
    seen.key("Escape")
    assert seen.page.locator("details.period[open]").count() == 0
    seen.key("Escape")
    seen.page.wait_for_selector(".drawer", state="detached")
    assert seen.search() == {"area": "990114005"}
    seen.key("Escape")
    seen.settle()
    assert seen.search() == {}


def test_the_map_is_never_made_again_while_drilling(desk):
    desk.page.evaluate("() => { document.querySelector('.map').dataset.mark = 'same'; }")
    desk.press(FIRST_STREET)
    desk.settle()
    desk.key("Escape")
    desk.settle()
    assert desk.page.locator(".map[data-mark=same]").count() == 1


def test_the_rows_behind_a_number_are_as_many_as_it_says(desk):
    shown = int(re.sub(r"\D", "", desk.text(".kpi .num")))
    desk.press(".kpi button.number-value")
    desk.page.wait_for_selector(".drawer .ag-row")
    assert f"{shown:,}" in desk.text(".drawer-sum")
    with desk.page.expect_download() as download:
        desk.press(".drawer-exports .btn:nth-child(2)")
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    rows = lines[1 : lines.index([])]
    assert f"{len(rows):,}" in desk.text(".drawer-count")


def test_the_focus_goes_into_the_drawer_and_comes_back(desk):
    opener = desk.page.locator(".kpi button.number-value").first
    opener.focus()
    desk.key("Enter")
    desk.page.wait_for_selector(".drawer")
    desk.until("() => document.activeElement.closest('.drawer')")
    desk.key("Escape")
    desk.page.wait_for_selector(".drawer", state="detached")
    desk.until("() => document.activeElement.closest('.kpi')")


def test_a_failed_answer_leaves_the_last_one_standing(screen):
    seen = screen().open()
    before = seen.text("#street-column .panels")
    seen.page.route("**/_dash-update-component**", lambda route: route.fulfill(status=503, json={"error": "away"}))
    seen.press("#street-column [role=tab]:nth-child(2)")
    seen.page.wait_for_timeout(1500)
    assert seen.text("#street-column .panels") == before


def test_the_layout_stands_in_grey_until_the_first_answer(screen):
    seen = screen((1920, 1080), device_scale_factor=SHARP)
    held = []
    seen.page.route("**/_dash-update-component**", lambda route: held.append(route))
    seen.page.goto(seen.base + "/")
    seen.page.wait_for_selector(".is-skeleton .bone", state="visible", timeout=60_000)
    seen.page.wait_for_timeout(600)
    seen.picture("loading-1920x1080")
    assert held
    for route in held:
        route.continue_()
    seen.page.unroute("**/_dash-update-component**")
    seen.page.wait_for_selector("#street-column .panel h2", timeout=60_000)
    assert seen.page.locator(".is-skeleton").count() == 0


@pytest.mark.long
def test_the_language_switch_turns_the_whole_page(screen):
    seen = screen().open("/?area=990114005")
    seen.press(".btn-language")
    seen.page.wait_for_selector("html[lang=en] #street-column .panel h2", timeout=60_000)
    assert seen.search()["lang"] == "en"
    assert seen.search()["area"] == "990114005"
    words = seen.text(".tabs")
    assert not re.search("[\u4e00-\u9fff]", words), words


@pytest.mark.parametrize(
    ("size", "query"),
    [pytest.param((1920, 1080), "/", marks=pytest.mark.long), ((1440, 900), "/?area=990114005&theme=light&tab=sites"), pytest.param((390, 844), "/", marks=pytest.mark.long),
     *(pytest.param((1920, 1080), query, marks=pytest.mark.long) for query in ("/?theme=light", "/?rows=cases", "/?card=K12&lang=en"))],
)  # fmt: skip
def test_nothing_serious_stands_in_anybodys_way(screen, size, query):
    seen = screen(size, bypass_csp=True).open(query)
    seen.page.add_script_tag(path=AXE)
    found = seen.page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    )
    serious = [
        f"{v['id']}: {v['help']}: " + "; ".join(node["html"][:160] for node in v["nodes"][:4])
        for v in found["violations"] if v["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_the_page_is_worked_by_keyboard_alone(desk):
    desk.page.locator("#street-tab-coverage").focus()
    desk.key("ArrowRight")
    desk.settle()
    assert desk.search()["tab"] == "sites"
    desk.key("?")
    assert "Esc" in desk.text("details[data-key='?'] .keys")
    desk.key("Escape")
    desk.key("g")
    desk.settle()
    assert desk.search()["paint"] == "street_state"
