"""The joint meeting in a browser: opened, shown, decided from the map, taken back, printed; by mouse and by key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.here import demo_in, served_here
from tests.browser.screen import PATIENCE_MS, SHARP, Screen
from tests.browser.test_overview import AXE

NAME = "2023年第8次联席会议"
STEPS = [3, *(pytest.param(step, marks=pytest.mark.long) for step in (1, 2, 4))]
"""The step that shows most is tried in every run."""
CUT_OFF = """() => [...document.querySelectorAll('.meeting-board *')].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > window.innerWidth + 1 && !one.closest('svg, .map');
}).map((one) => one.outerHTML.slice(0, 120))"""
"""What a card hides beyond the right edge of the screen."""
UNDER_BUTTONS = """() => [...document.querySelectorAll('.meeting-map-title > *')].flatMap((one) => {
  const words = document.createRange(); words.selectNodeContents(one); const box = words.getBoundingClientRect();
  return [...document.querySelectorAll('.meeting-map button')].filter((other) => { const at = other.getBoundingClientRect();
    return at.width && !other.closest('.meeting-ring') && at.left < box.right && at.right > box.left && at.top < box.bottom && at.bottom > box.top; }).map((other) => one.textContent + ' / ' + other.outerHTML.slice(0, 80));
})"""
"""Words over the map that its buttons cover."""


@pytest.fixture(scope="module")
def own(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("meeting")
    demo_in(folder, demo_file)
    with served_here(folder / "demo.sqlite", folder) as base:
        yield base


@pytest.fixture(scope="module")
def opened(browser: Browser, own: str) -> str:
    """A meeting made and opened by hand; gives its address."""
    seen = Screen(browser, own, device_scale_factor=SHARP)
    page = seen.page
    page.goto(own + "/meeting")
    page.wait_for_selector("#meeting-new input", timeout=PATIENCE_MS)
    page.fill("#meeting-new input[type=text] >> nth=0", NAME)
    assert page.input_value("#meeting-new select >> nth=2") == "DFB"  # as last time
    page.check("#meeting-new fieldset >> nth=0 >> text=区公安分局")
    page.click("#meeting-new .is-primary")
    page.wait_for_selector("#meeting-open .is-primary", timeout=PATIENCE_MS)
    assert NAME in seen.text("h1")
    page.click("#meeting-open .is-primary")
    page.wait_for_selector("#meeting-card", timeout=PATIENCE_MS)
    assert seen.errors == seen.failures == []
    address = page.url
    assert "snapshot=" in address
    seen.close()
    return address.replace("&step=1", "")


@pytest.fixture
def meeting(browser: Browser, opened: str, request: pytest.FixtureRequest):
    made: list[Screen] = []

    def go(step: int = 3, more: str = "", size: tuple[int, int] = (1920, 1080), *, map_too: bool = True) -> Screen:
        seen = Screen(browser, opened.partition("/meeting")[0], size, device_scale_factor=SHARP, bypass_csp="violation" in request.node.name)
        made.append(seen)
        seen.page.goto(f"{opened}&step={step}{more}")
        seen.page.wait_for_selector("#meeting-card h2", timeout=PATIENCE_MS)
        if map_too:
            seen.page.wait_for_selector(".meeting-map .map[data-ready='1']", timeout=PATIENCE_MS)
            seen.page.wait_for_selector(".meeting-ring button", timeout=PATIENCE_MS)
        return seen

    yield go
    for one in made:
        one.close()


def test_the_map_is_coloured_and_every_hotspot_has_its_ring(meeting) -> None:
    seen = meeting()
    assert seen.page.locator(".meeting-ring").count() == seen.page.locator(".meeting-pager button").count() == 5
    member = seen.page.evaluate("() => JSON.parse(onemap.map.element.dataset.hotspots)[0].members[0]")
    assert seen.page.evaluate("(code) => onemap.map.drawnClassOf(code)", member) in {"very_high", "high", "tending_high"}
    seen.page.wait_for_timeout(300)
    seen.picture("meeting")
    assert seen.errors == seen.failures == seen.strangers() == []


def test_a_ring_on_the_map_opens_its_card_with_one_request(meeting) -> None:
    seen = meeting()
    before = seen.text(".meeting-spot-head h2")
    with seen.asked() as asked:
        seen.press(".meeting-ring >> nth=2 >> button")
    assert [address.partition("?")[0] for address in asked] == ["/_dash-update-component"]
    assert seen.text(".meeting-spot-head h2") != before
    assert seen.search()["hotspot"] == "3"


@pytest.mark.long
def test_the_steps_are_reached_by_key(meeting) -> None:
    seen = meeting(1, map_too=False)
    seen.page.focus(".meeting-steps button >> nth=1")
    seen.key("Enter")
    seen.page.wait_for_selector(".meeting-minimap path", timeout=PATIENCE_MS)
    seen.page.hover(".meeting-minimap >> nth=0 >> path >> nth=4")
    assert seen.page.locator(".meeting-minimap path.is-linked").count() == 2


def test_grids_are_picked_decided_on_and_the_decision_taken_back(meeting) -> None:
    seen = meeting(4)
    page = seen.page
    box = page.locator(".meeting-map .map").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.36, box["y"] + box["height"] * 0.48)
    seen.until("() => new URLSearchParams(location.search).get('grids')")
    first = seen.search()["grids"]
    page.click("[data-lasso]")
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6)
    page.mouse.up()
    seen.until(f"() => new URLSearchParams(location.search).get('grids').length > {len(first)}")
    count = len(seen.search()["grids"].split(","))
    assert str(count) in seen.text(".meeting-picked")
    page.click("#meeting-form .is-primary")
    page.wait_for_selector("#meeting-form .meeting-failed", timeout=PATIENCE_MS)
    assert "请" in seen.text("#meeting-form .meeting-failed")
    page.fill("#meeting-form textarea >> nth=0", "逐格补巡")
    # Somebody else writes, and the form is drawn anew: whoever is typing goes on where they were.
    page.evaluate("() => { const typed = document.querySelector('#meeting-form textarea'); typed.setSelectionRange(2, 2); typed.dataset.old = '1'; window.dash_clientside.set_props('revision', { data: 'another' }); }")
    seen.until("() => { const typed = document.querySelector('#meeting-form textarea'); return typed && !typed.dataset.old; }")
    seen.until("() => document.activeElement === document.querySelector('#meeting-form textarea') && document.activeElement.selectionStart === 2")
    assert page.input_value("#meeting-form textarea >> nth=0") == "逐格补巡"
    assert page.input_value("#meeting-form [data-about]") == page.input_value("#meeting-form select >> nth=1") == ""  # nobody chose a hotspot
    page.select_option("#meeting-form select >> nth=1", index=1)
    page.fill("#meeting-form textarea >> nth=1", "所选网格全部巡查一遍")
    page.fill("#meeting-form input[type=date]", "2023-08-15")
    page.click("#meeting-form .is-primary")
    page.wait_for_selector("#meeting-register >> text=逐格补巡", timeout=PATIENCE_MS)
    assert "本次新增" in seen.text("#meeting-register")
    seen.failures.clear()
    seen.errors.clear()
    page.click("#meeting-register .meeting-undo")
    page.click("#meeting-register .meeting-undo")
    seen.until("() => !document.querySelector('#meeting-register').innerText.includes('逐格补巡')")
    assert seen.errors == seen.failures == []


def test_the_papers_are_made_one_after_the_other_with_progress(meeting) -> None:
    seen = meeting(map_too=False)
    page = seen.page
    page.click("[data-papers]")
    page.wait_for_selector(".meeting-papers li", timeout=PATIENCE_MS)
    with page.expect_download(timeout=PATIENCE_MS) as download:
        page.click(".meeting-papers li:has-text('纪要') button")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    assert download.value.suggested_filename.endswith(".docx")
    seen.key("Escape")
    assert page.is_hidden("#meeting-dialog")


@pytest.mark.long
def test_a_new_snapshot_says_what_changed(meeting) -> None:
    seen = meeting(map_too=False)
    page = seen.page
    page.click("summary.meeting-snapshot")
    page.click("[data-retake]")
    page.click(".meeting-dialog .is-primary")
    page.wait_for_selector(".meeting-dialog li", timeout=PATIENCE_MS)
    assert "没有差别" in seen.text(".meeting-dialog li")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("more", "size"),
    [("", (1920, 1080)), pytest.param("&lang=en", (1920, 1080), marks=pytest.mark.long), pytest.param("", (1440, 900), marks=pytest.mark.long), ("", (390, 844)), pytest.param("&lang=en", (390, 844), marks=pytest.mark.long)],
)
def test_nothing_runs_out_of_the_screen(meeting, step: int, more: str, size: tuple[int, int]) -> None:
    seen = meeting(step, more, size, map_too=False)
    assert seen.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    seen.page.wait_for_selector(".meeting-map .map[data-ready='1']", timeout=PATIENCE_MS)
    assert seen.page.evaluate(CUT_OFF) == seen.page.evaluate(UNDER_BUTTONS) == []
    if step in (1, 3) or not more:
        seen.picture(f"meeting-{step}-{size[0]}{more.replace('&lang=', '-')}")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("more", ["", pytest.param("&lang=en", marks=pytest.mark.long)])
def test_the_meeting_has_no_accessibility_violation(meeting, step: int, more: str) -> None:
    seen = meeting(step, more)
    seen.page.add_script_tag(path=AXE)
    found = seen.page.evaluate("async () => (await axe.run()).violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])")
    assert found == []
