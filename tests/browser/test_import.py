"""The import page in a browser: a file in, its counts, the good rows taken, the batch undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.here import demo_in, served_here
from tests.browser.screen import PATIENCE_MS, SHARP, Screen
from tests.browser.test_overview import AXE

ROWS = (
    "编号,巡查日期,街镇,巡查方式,巡查结果,户次\n"
    "P-1,2023-07-30,990114005,日常巡查,无发现,2\n"
    "P-2,2023-7-32,990114005,日常巡查,无发现,1\n"
    "P-3,2023-07-30,没有这个镇,日常巡查,无发现,1\n"
)


@pytest.fixture(scope="module")
def own(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("import")
    demo_in(folder, demo_file)
    with served_here(folder / "demo.sqlite", folder) as base:
        yield base


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def page_of(request: pytest.FixtureRequest, browser: Browser, own: str) -> Iterator[Screen]:
    seen = Screen(browser, own, request.param, device_scale_factor=SHARP)
    seen.page.goto(own + "/import")
    seen.page.wait_for_selector("#import-batches > *", timeout=PATIENCE_MS)
    yield seen
    seen.close()


def test_a_file_is_previewed_taken_and_undone(page_of, tmp_path):
    file = tmp_path / "巡查记录.csv"
    file.write_text(ROWS, encoding="utf-8")
    page = page_of.page
    with page.expect_file_chooser() as chooser:
        page.click("#import-drop")
    chooser.value.set_files(file)
    page.wait_for_selector(".import-counts", timeout=PATIENCE_MS)
    assert page_of.text(".import-counts .is-refused") == "2 有错误"
    assert "2023-7-32" in page_of.text(".import-table")
    width = page.viewport_size["width"]
    page_of.picture(f"import-{width}")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    with page.expect_download() as download:
        page.click(".import-actions a")
    assert "问题" in Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()[0]
    page.click(".import-actions .btn-primary")
    page.wait_for_selector(".import-done", timeout=PATIENCE_MS)
    assert "新增 1 行" in page_of.text(".import-done") or "相同 1 行" in page_of.text(".import-done")
    undo = page.locator(".import-batch:not(.is-undone) .btn").first
    undo.click()
    page.wait_for_selector(".import-batch .btn-danger")
    page.click(".import-batch .btn-danger")
    page.wait_for_selector(".import-batch.is-undone", timeout=PATIENCE_MS)
    assert page_of.errors == []
    assert page_of.failures == []
    assert page_of.strangers() == []


def test_the_page_is_read_out_and_worked_by_keyboard(page_of):
    page = page_of.page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations.map(one => one.id + ' ' + one.nodes.map(n => n.target).join(' '))")
    assert found == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "import-drop"
