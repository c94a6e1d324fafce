"""The product with the demo, served by its own door, and a browser in front of it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser.here import DEMO_NOW, demo_in, served_here
from tests.browser.screen import Screen

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--no-first-run",
    "--disable-gpu-compositing",
]  # fmt: skip
"""Without a graphics card a page put together by the processor's own drawing costs half of one put together by OpenGL."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the test is left out, or fails where nothing may be left out."""
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        except Error:
            missing = "no Chromium here: apt-get install chromium-headless-shell"
            if os.environ.get("ONEMAP_TEST_COMPLETE") == "1":
                pytest.fail(missing)
            pytest.skip(missing)
        yield opened
        opened.close()


@contextlib.contextmanager
def serving(database: Path, folder: Path, **environment: str) -> Iterator[str]:
    """The product's own door over a database file; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {name: value for name, value in os.environ.items() if not name.startswith("ONEMAP_")}
    given |= {
        "ONEMAP_DATABASE_URL": f"sqlite:///{database}", "ONEMAP_FOLDER": str(folder), "ONEMAP_PORT": str(port),
        "ONEMAP_NOW": DEMO_NOW, **environment,
    }  # fmt: skip
    log = folder / "server.log"
    with log.open("w") as written:
        server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=given, stdout=written, stderr=written)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_for(base, server, log)
            yield base
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def product(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running product with the demo, as the district office sees it."""
    folder = tmp_path_factory.mktemp("served")
    with served_here(demo_in(folder, demo_file), folder) as base:
        yield base


@pytest.fixture
def screen(browser: Browser, product: str) -> Iterator[Callable[..., Screen]]:
    """``screen((1920, 1080))``: a new page that remembers nothing."""
    made: list[Screen] = []

    def open_(size: tuple[int, int] = (1440, 900), **options: Any) -> Screen:
        made.append(Screen(browser, product, size, **options))
        return made[-1]

    yield open_
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def _desk(browser: Browser, product: str) -> Iterator[list[Screen]]:
    kept: list[Screen] = []
    yield kept
    for one in kept:
        one.close()


@pytest.fixture
def desk(request: pytest.FixtureRequest, _desk: list[Screen], browser: Browser, product: str) -> Iterator[Screen]:
    """The overview of the whole district at 1440 x 900, as it first opens.

    Loading it takes most of a short test's time, so one page serves many tests, led back to its
    beginning before each; a test that failed, or broke more than the address, leaves none behind.
    """
    if not _desk:
        _desk.append(Screen(browser, product).open("/"))
    else:
        _desk[0].begin_again()
    seen = _desk[0]
    failed = request.session.testsfailed
    yield seen
    if request.session.testsfailed != failed or seen.failures or seen.errors:
        _desk.remove(seen)
        seen.close()


def _wait_for(base: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(1800):
        if server.poll() is not None:
            pytest.fail(f"the product did not start: {log.read_text()[-2000:]}")
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{base}/readyz", timeout=2):
            return
        time.sleep(0.1)
    pytest.fail("the product did not answer within three minutes")
