"""The papers in a browser: for whom, confirmed and taken back by hand, the packs of all streets with progress and a stop."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser

from tests.browser.here import demo_in, served_here
from tests.browser.screen import PATIENCE_MS, SHARP, Screen

DEMO = "演示数据 非公文"


def opened(browser: Browser, base: str) -> Screen:
    """The demo's own meeting of the day, opened by hand, with the list of its papers."""
    seen = Screen(browser, base, device_scale_factor=SHARP)
    page = seen.page
    page.goto(base + "/meeting?meeting=none")
    page.wait_for_selector(".meeting-list a", timeout=PATIENCE_MS)
    page.click(".meeting-list a >> nth=0")
    page.wait_for_selector("#meeting-open .is-primary, [data-papers]", timeout=PATIENCE_MS)
    if page.locator("#meeting-open .is-primary").count():
        page.click("#meeting-open .is-primary")
    page.wait_for_selector("[data-papers]", timeout=PATIENCE_MS)
    page.click("[data-papers]")
    page.wait_for_selector(".meeting-papers li", timeout=PATIENCE_MS)
    return seen


@pytest.fixture(scope="module")
def real(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same rows without the mark of a demonstration."""
    folder = tmp_path_factory.mktemp("real")
    demo_in(folder, demo_file, "real.sqlite")
    with sqlite3.connect(folder / "real.sqlite") as connection:
        connection.execute("update import_batch set demo = 0")
        connection.execute("delete from snapshot")  # facts that were frozen as a demonstration stay one
    connection.close()
    with served_here(folder / "real.sqlite", folder) as base:
        yield base


def words(path: Path) -> str:
    document = docx.Document(path)
    return "\n".join([*(line.text for line in document.sections[0].header.paragraphs), *(line.text for line in document.paragraphs)])


def made(seen: Screen, label: str, folder: Path) -> str:
    """Press 生成 of a paper and read what was saved."""
    with seen.page.expect_download(timeout=PATIENCE_MS) as waiting:
        seen.page.click(f"[aria-label='生成 {label}']")
    file = folder / "paper.docx"
    waiting.value.save_as(file)
    return words(file)


def press_twice(seen: Screen, label: str) -> None:
    control = seen.page.locator(f"[aria-label='{label}']")
    control.click()
    control.click()


@pytest.mark.long
def test_a_paper_is_confirmed_printed_with_its_red_head_and_taken_back(browser: Browser, real: str, tmp_path: Path) -> None:
    seen = opened(browser, real)
    page = seen.page
    assert page.locator(".meeting-draft").count() == 13
    assert not page.locator(".is-red").is_visible()
    assert "草稿" in made(seen, "打非工作通报", tmp_path)
    press_twice(seen, "确认 打非工作通报")
    page.wait_for_selector(".meeting-confirmed", timeout=PATIENCE_MS)
    assert "演示用户" in page.locator(".meeting-confirmed").inner_text()
    seen.picture("papers-confirmed")
    page.check(".meeting-red input")
    page.fill(".is-red input[type=text]", "示打非办〔2023〕6号")
    said = made(seen, "打非工作通报", tmp_path)
    assert "草稿" not in said
    assert "领导小组办公室文件" in said
    assert "示打非办〔2023〕6号" in said
    press_twice(seen, "撤销确认 打非工作通报")
    page.wait_for_function("() => document.querySelectorAll('.meeting-draft').length === 13", timeout=PATIENCE_MS)
    assert not page.locator(".is-red").is_visible()
    assert seen.errors == seen.failures == []
    seen.close()


@pytest.mark.long
def test_demo_data_offer_nothing_to_confirm(browser: Browser, product: str) -> None:
    seen = opened(browser, product)
    page = seen.page
    assert page.locator(f"text={DEMO}").count() >= 13
    assert page.locator("[aria-label^='确认']").count() == 0
    assert not page.locator(".is-red").is_visible()
    page.select_option(".is-papers select", index=1)
    page.wait_for_function("() => document.querySelectorAll('.meeting-papers li').length === 9", timeout=PATIENCE_MS)
    assert page.locator(".meeting-packs").count() == 0
    assert seen.errors == seen.failures == []
    seen.close()


@pytest.mark.long
def test_the_packs_of_all_streets_are_stopped_and_made(browser: Browser, product: str, tmp_path: Path) -> None:
    seen = opened(browser, product)
    page = seen.page
    page.click("[aria-label='生成 全部街镇文件包']")
    page.click(".meeting-packs >> text=取消")
    page.wait_for_selector(".meeting-packs >> text=已取消", timeout=PATIENCE_MS)
    with page.expect_download(timeout=8 * PATIENCE_MS) as waiting:
        page.click("[aria-label='生成 全部街镇文件包']")
        page.wait_for_selector(".meeting-packs progress[max='12']", timeout=8 * PATIENCE_MS)
    waiting.value.save_as(tmp_path / "packs.zip")
    with zipfile.ZipFile(tmp_path / "packs.zip") as archive:
        assert len({name.split("/")[0] for name in archive.namelist()}) == 12
        assert len(archive.namelist()) == 36
    assert seen.errors == seen.failures == []
    seen.close()
