"""The rules page in a browser: found, opened, its effect seen, saved, taken back; at a desk and by thumb."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.here import demo_in, served_here
from tests.browser.screen import PATIENCE_MS, SHARP, Screen
from tests.browser.test_overview import AXE

RULE = "visit.construction"


@pytest.fixture(scope="module")
def own(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("rules")
    demo_in(folder, demo_file)
    with served_here(folder / "demo.sqlite", folder) as base:
        yield base


@pytest.fixture(params=[(1440, 900), pytest.param((390, 844), marks=pytest.mark.long)], ids=["desk", "phone"])
def rules(request: pytest.FixtureRequest, browser: Browser, own: str) -> Iterator[Screen]:
    # Only the test's own axe needs the page's content policy out of its way.
    seen = Screen(browser, own, request.param, device_scale_factor=SHARP, bypass_csp="violation" in request.node.name)
    seen.page.goto(own + "/rules")
    seen.page.wait_for_selector("#rules-search input", timeout=PATIENCE_MS)
    yield seen
    seen.close()


def shown(seen: Screen) -> int:
    return seen.page.evaluate("() => [...document.querySelectorAll('.rules-item')].filter((item) => item.checkVisibility()).length")


def test_rules_are_found_by_words_and_by_marks(rules):
    assert shown(rules) == 68
    rules.page.fill("#rules-search input", "工地")
    assert 2 <= shown(rules) <= 8
    rules.page.fill("#rules-search input", "没有这样的规则")
    assert rules.page.is_visible(".rules-none")
    rules.page.fill("#rules-search input", "")
    rules.press(".rules-chip[data-kind='score']")
    assert shown(rules) == 14
    rules.press(".rules-chip[data-mark='ours']")
    assert shown(rules) == 1
    assert rules.errors == rules.failures == []


def test_a_change_shows_its_effect_is_saved_and_taken_back(rules):
    page = rules.page
    rules.press(f".rules-row[data-rule='{RULE}']")
    page.wait_for_selector(".rules-clause", timeout=PATIENCE_MS)
    assert page.url.endswith(f"#{RULE}")
    assert "在建建筑工地" in rules.text(".rules-clause")
    rules.press(".rules-part button:text-is('修改')")
    page.fill(".rules-form input[type='number']", "3")
    page.fill(".rules-form label:has-text('修改理由') input", "加密巡查")
    rules.press(".rules-form button:text-is('保存为新版本')")
    page.wait_for_selector(".rules-effect", timeout=PATIENCE_MS)
    assert "变为逾期" in rules.text(".rules-effect")
    assert page.is_visible(".rules-form")
    width = page.viewport_size["width"]
    rules.picture(f"rules-effect-{width}")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    with page.expect_navigation():
        rules.press(".rules-form button:text-is('保存为新版本')")
    page.wait_for_selector(".rules-version:not(.is-past)", timeout=PATIENCE_MS)
    assert "数量 7 → 3" in rules.text(".rules-version:not(.is-past)")
    rules.press(".rules-version:not(.is-past) button")
    with page.expect_navigation():
        rules.press(".rules-version:not(.is-past) button")
    page.wait_for_selector(".rules-version.is-past", timeout=PATIENCE_MS)
    assert "已撤销" in rules.text(".rules-version.is-past")
    assert page.locator(".rules-version:not(.is-past)").count() == 0
    rules.key("Escape")
    assert not page.is_visible("#rules-drawer")
    assert rules.errors == rules.failures == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
def test_the_page_and_a_rule_have_no_violation(rules):
    rules.press(f".rules-row[data-rule='{RULE}']")
    rules.page.wait_for_selector(".rules-clause", timeout=PATIENCE_MS)
    rules.press(".rules-part button:text-is('修改')")
    rules.page.add_script_tag(path=AXE)
    found = rules.page.evaluate("() => axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    assert [f"{v['id']}: " + "; ".join(node["html"][:160] for node in v["nodes"][:4]) for v in found["violations"]] == []
