"""The map that leaves the house opens from a stick: no network, and layers, pop-ups, legend and search work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from briefing.documents import make
from tests.briefing.sample_facts import facts, settings

LANGUAGES = ["zh_CN", pytest.param("en", marks=pytest.mark.long)]


@pytest.fixture(params=LANGUAGES)
def opened(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Page, list[str], list[str], str]]:
    """The file on its stick, in a browser without a network: page, requests, complaints, language."""
    file = tmp_path / "会议地图 1.html"
    file.write_bytes(make("map", facts(), settings(language=request.param)))
    place = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page, asked, said = place.new_page(), [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    page.goto(file.as_uri())
    page.wait_for_selector(".leaflet-overlay-pane path")
    yield page, asked, said, request.param
    place.close()


def filled(page: Page) -> set[str]:
    return set(page.eval_on_selector_all(".leaflet-overlay-pane path", "paths => paths.map(one => one.getAttribute('fill')).filter(Boolean)"))


def test_it_opens_without_asking_for_anything(opened) -> None:
    page, asked, said, _ = opened
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == 1
    assert said == []


def test_another_layer_brings_its_colours_and_its_legend(opened) -> None:
    page, _, said, _ = opened
    before, legend = filled(page), page.locator("[data-paint]:visible").get_attribute("data-paint")
    assert "#9E2A0E" in before
    choices = page.locator(".leaflet-control-layers-base label")
    assert choices.count() == 3
    choices.nth(1).click()
    page.wait_for_function("() => document.querySelectorAll('[data-paint]:not([hidden])').length === 1")
    assert filled(page) != before
    assert page.locator("[data-paint]:visible").get_attribute("data-paint") != legend
    choices.nth(0).click()
    page.wait_for_function("before => [...document.querySelectorAll('.leaflet-overlay-pane path')].some(one => one.getAttribute('fill') === before)", arg="#9E2A0E")
    assert said == []


def test_an_overlay_is_taken_away_and_brought_back(opened) -> None:
    page, _, _, _ = opened
    marks = page.locator(".leaflet-marker-pane .onemap-symbol")
    shown = marks.count()
    assert shown == 1  # the one hotspot; cases are not shown at first
    page.locator(".leaflet-control-layers-overlays label").nth(1).click()
    assert marks.count() == shown + 1
    page.locator(".leaflet-control-layers-overlays label").nth(0).click()
    assert marks.count() == 1


def test_a_pop_up_tells_the_place_and_the_hotspot(opened) -> None:
    page, _, said, language = opened
    page.locator(".leaflet-marker-pane .onemap-symbol").click()
    card = page.locator(".leaflet-popup-content")
    card.wait_for()
    assert ("14 matters in 6 months" if language == "en" else "近6个月发生14件") in card.inner_text()
    page.keyboard.press("Escape")
    page.locator(".leaflet-overlay-pane path[fill='#DB6A3A']").click()
    page.wait_for_function("() => (document.querySelector('.leaflet-popup-content') || {}).innerText?.includes('S1-N0')")
    assert said == []


def test_the_search_goes_to_a_place(opened) -> None:
    page, asked, said, _ = opened
    name = page.eval_on_selector("#onemap-places option[value*='S2-A']", "one => one.value")
    middle = "() => document.querySelector('.leaflet-map-pane').style.transform + document.querySelector('.leaflet-proxy')?.style.transform"
    before = page.evaluate(middle)
    page.fill("#onemap-search", name)
    page.press("#onemap-search", "Enter")
    page.wait_for_function(f"before => ({middle})() !== before", arg=before)
    page.wait_for_timeout(500)
    box = page.locator(".folium-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.wait_for_function("() => (document.querySelector('.leaflet-popup-content') || {}).innerText?.includes('S2-A')")
    assert said == []
    assert len(asked) == 1


def test_it_says_what_it_is(opened) -> None:
    page, _, _, language = opened
    head = page.locator(".onemap-head").inner_text()
    assert ("Demo data, not an official document" if language == "en" else "演示数据 非公文") in head
    assert "3f9c2a1b" in head
