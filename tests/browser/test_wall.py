"""The wall in a browser: readable, current within seconds, honest while the server is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from data_access.database import Database
from data_access.figures import figures
from data_access.importing import preview, take
from rules.request import Actor, Filters, Scope
from tests.browser.here import demo_in, served_here
from tests.browser.screen import PATIENCE_MS, SHARP, Screen

DEMO = Scope("990114")
ACTOR = Actor("test", "测试", "district", DEMO)
TODAY = dt.date(2023, 7, 31)
JULY = Filters(dt.date(2023, 7, 1), TODAY, TODAY)
NOW = dt.datetime(2023, 7, 31, 10, 47, tzinfo=dt.timezone(dt.timedelta(hours=8)))
K1 = ".wall-kpi:first-child .wall-kpi-value .num"
SMALLEST_PX = 20
"""The floor of the wall at 1080 lines (design specification 2)."""


@pytest.fixture(scope="module")
def own(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database]]:
    """A product of one's own whose rows may change: its address and its database."""
    folder = tmp_path_factory.mktemp("wall")
    demo_in(folder, demo_file)
    database = Database.open(f"sqlite:///{folder / 'demo.sqlite'}")
    with served_here(folder / "demo.sqlite", folder) as base:
        yield base, database
    database.close()


@pytest.fixture
def wall(browser: Browser, own: tuple[str, Database]) -> Iterator[Callable[..., Screen]]:
    made: list[Screen] = []

    def open_(size: tuple[int, int] = (1920, 1080)) -> Screen:
        made.append(Screen(browser, own[0], size, device_scale_factor=SHARP))
        made[-1].page.goto(own[0] + "/wall")
        made[-1].page.wait_for_selector(K1, timeout=PATIENCE_MS)
        # A software renderer needs a minute for eight million points of a screen.
        made[-1].page.wait_for_selector(".map[data-ready='1']", timeout=2 * PATIENCE_MS)
        return made[-1]

    yield open_
    for one in made:
        one.close()


def one_more_visit(database: Database, number: str, visits: int) -> None:
    rows = f"编号,巡查日期,街镇,巡查方式,巡查结果,户次\n{number},2023-07-31,990114005,日常巡查,无发现,{visits}\n"
    seen = preview(database, ("补录.csv", rows.encode()), kind="visits", source="补录", scope=DEMO)
    assert seen.counts()["good"] == 1, seen.refused
    take(database, seen, actor=ACTOR, now=NOW)


@pytest.mark.parametrize(
    ("name", "size"),
    [("wall-1920x1080", (1920, 1080)), pytest.param("wall-3840x2160", (3840, 2160), marks=pytest.mark.long)],
)
def test_the_wall_stands_without_errors_and_asks_nobody_else(wall, name, size):
    seen = wall(size)
    seen.page.wait_for_timeout(1500)
    seen.picture(name)
    assert seen.errors == []
    assert seen.failures == []
    assert seen.strangers() == []
    assert seen.page.evaluate("() => [document.documentElement.scrollWidth <= innerWidth, document.documentElement.scrollHeight <= innerHeight]") == [True, True]


@pytest.mark.long
def test_nothing_on_the_wall_is_smaller_than_its_floor(wall):
    seen = wall()
    small = seen.page.evaluate(
        """floor => [...document.querySelectorAll('.wall-stage *')].filter(part =>
             [...part.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
             && part.offsetParent !== null && parseFloat(getComputedStyle(part).fontSize) < floor - 0.01)
           .map(part => part.textContent + ' ' + getComputedStyle(part).fontSize)""",
        SMALLEST_PX,
    )
    assert small == []


def test_a_change_comes_to_the_wall_without_a_reload_or_a_jump(wall, own):
    seen = wall()
    seen.page.wait_for_timeout(3500)
    before = figures(own[1], JULY, DEMO, ["K1"])["K1"].value
    assert seen.text(K1) == f"{before:,}"
    seen.page.evaluate("() => { window.neverReloaded = true; }")
    camera = "() => JSON.stringify([document.querySelector('.map').getBoundingClientRect().toJSON(), window.onemap.map.camera && window.onemap.map.camera()])"
    stood = seen.page.evaluate(camera)
    one_more_visit(own[1], "WALL-1", 7)
    seen.until(f"() => document.querySelector({K1!r}).textContent === '{before + 7:,}'")
    assert seen.page.evaluate("() => window.neverReloaded") is True
    assert seen.page.evaluate(camera) == stood


@pytest.mark.long
def test_a_wall_on_which_a_change_is_never_drawn_begins_again_by_itself(wall, own):
    seen = wall()
    seen.page.wait_for_timeout(3500)
    before = int(seen.text(K1).replace(",", ""))
    seen.page.evaluate("() => { document.documentElement.dataset.patience = 2000; window.dash_clientside.set_props = () => {}; }")
    with seen.page.expect_navigation(timeout=30_000):
        one_more_visit(own[1], "WALL-2", 5)
    seen.page.wait_for_selector(K1, timeout=PATIENCE_MS)
    seen.until(f"() => document.querySelector({K1!r})?.textContent === '{before + 5:,}'")


def test_while_the_server_is_away_the_last_good_data_stays_with_its_time(wall):
    seen = wall()
    seen.page.wait_for_timeout(3500)
    shown = seen.text(K1)
    seen.browser_context.set_offline(True)
    seen.page.wait_for_selector("#stale-banner:not([hidden])", timeout=20_000)
    assert "连接中断，显示 10:" in seen.text("#stale-banner")
    assert seen.text(K1) == shown
    seen.picture("wall-stale-1920x1080")
    seen.browser_context.set_offline(False)
    seen.page.wait_for_selector("#stale-banner[hidden]", state="attached", timeout=20_000)
    assert seen.page.evaluate("() => document.documentElement.hasAttribute('data-stale')") is False


@pytest.mark.long
def test_many_refreshes_leave_nothing_behind(wall):
    seen = wall()
    session = seen.browser_context.new_cdp_session(seen.page)
    session.send("Performance.enable")

    def refreshed(times: int) -> dict[str, float]:
        for _ in range(times):
            seen.page.evaluate("() => window.dash_clientside.set_props('revision', {data: 'again ' + Math.random()})")
            seen.page.wait_for_timeout(700)
        session.send("HeapProfiler.collectGarbage")
        return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}

    first, last = refreshed(4), refreshed(12)
    assert last["Nodes"] <= first["Nodes"] * 1.1 + 50
    assert last["JSEventListeners"] <= first["JSEventListeners"] * 1.1 + 20
    assert last["JSHeapUsedSize"] <= first["JSHeapUsedSize"] * 1.25
