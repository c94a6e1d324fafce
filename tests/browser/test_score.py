"""The score page in a browser: nothing that axe objects to, at a desk and by thumb; an item judged and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.here import demo_in, served_here
from tests.browser.screen import ARTEFACTS, PATIENCE_MS, SHARP, Screen
from tests.browser.test_overview import AXE

STREET = "990114003"
LATE = "990114004"
"""A street in which places wait to be seen."""


@pytest.fixture(scope="module")
def own(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("score")
    demo_in(folder, demo_file)
    with served_here(folder / "demo.sqlite", folder) as base:
        yield base


@pytest.fixture(params=[(1440, 900), pytest.param((390, 844), marks=pytest.mark.long)], ids=["desk", "phone"])
def score(request: pytest.FixtureRequest, browser: Browser, own: str) -> Iterator[Screen]:
    seen = Screen(browser, own, request.param, device_scale_factor=SHARP, bypass_csp="violation" in request.node.name)
    seen.page.goto(f"{own}/score?area={STREET}")
    seen.page.wait_for_selector("#score-ticks", state="attached", timeout=PATIENCE_MS)
    yield seen
    seen.close()


def test_an_item_is_judged_shown_and_taken_back(score):
    page = score.page
    item = page.locator(".hand-item").first
    item.locator(".entry-open").click()
    assert item.locator("input[name='points']").input_value() == "1"
    item.locator("input[name='document']").fill("示例通报1号")
    item.locator(".entry-save").click()
    page.wait_for_selector(".hand-list .entry-undo", timeout=PATIENCE_MS)
    assert "示例通报1号" in score.text(".hand-item .hand-list")
    undo = page.locator(".entry-undo").first
    undo.click()
    assert undo.text_content() == "确认撤销？"
    undo.click()
    page.wait_for_function("() => document.readyState === 'complete' && document.querySelector('.hand-item') && !document.querySelector('.entry-undo')", timeout=PATIENCE_MS)
    assert score.errors == score.failures == []


def test_a_ticked_place_changes_the_figures_beside_it(score, own):
    page = score.page
    page.goto(f"{own}/score?area={LATE}")
    page.wait_for_selector("button.tick", timeout=PATIENCE_MS)
    page.locator("button.tick").first.click()
    page.wait_for_function("() => document.querySelector('#score-result thead')?.textContent.includes('1')", timeout=PATIENCE_MS)
    assert page.locator("button.tick[aria-checked='true']").count() == 1
    assert page.locator(".tick-open").first.get_attribute("href").startswith(f"/street?area={LATE}&select=")
    assert score.errors == score.failures == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
@pytest.mark.parametrize("street", [LATE, ""], ids=["street", "district"])
def test_the_page_has_no_violation(score, own, street):
    page = score.page
    page.goto(f"{own}/score" + (f"?area={street}" if street else ""))
    page.wait_for_selector(".score-card table, .score-card .hand-item", timeout=PATIENCE_MS)
    page.evaluate("() => document.querySelectorAll('.score-page details').forEach((one) => { one.open = true; })")
    page.wait_for_timeout(300)
    page.screenshot(path=ARTEFACTS / f"score-{street or 'district'}-{page.viewport_size['width']}.png", full_page=True)
    page.add_script_tag(path=AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    assert [f"{v['id']}: " + "; ".join(node["html"][:160] for node in v["nodes"][:4]) for v in found["violations"]] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
