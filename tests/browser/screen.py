"""One browser page in front of the running product, and what it asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, Page, Request

ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"
DATA = ("/_dash-update-component", "/map/")
NOT_DATA = ("/map/tiles/", "/revision")
PATIENCE_MS = 90_000
COARSE, SHARP = 0.5, 1
"""Device pixels a CSS pixel: a software renderer paints a quarter as many where nobody looks at the picture."""

# Chromium's software renderer talks about itself.
ABOUT_THE_MACHINE = ("GPU stall", "WebGL", "swiftshader", "GL Driver")


FREE: WeakKeyDictionary[Browser, dict[str, list[BrowserContext]]] = WeakKeyDictionary()
"""By browser and options: contexts that wait for their next page. They forgot all but the files they loaded: reading
and compiling three megabytes of programs again costs a third of opening a page."""
FORGOTTEN = "cookies,local_storage,indexeddb,websql,service_workers,cache_storage,file_systems"


class Screen:
    """A page with its requests, its failures and its errors.

    Nothing moves on it unless ``reduced_motion="no-preference"`` asks for it: a software renderer
    spends most of its time on the frames of a skeleton that breathes and of a camera that flies.
    """

    def __init__(self, browser: Browser, base: str, size: tuple[int, int] = (1440, 900), **options: Any) -> None:
        self.base = base
        options.setdefault("reduced_motion", "reduce")
        options.setdefault("device_scale_factor", COARSE)
        self.free = FREE.setdefault(browser, defaultdict(list))[repr(sorted(options.items()))]
        self.browser_context = self.free.pop() if self.free else browser.new_context(**options)
        self.page: Page = self.browser_context.new_page()
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.requests: list[Request] = []
        self.failures: list[str] = []
        self.errors: list[str] = []
        self.under_way: set[Request] = set()
        self.page.on("request", self._asked)
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.under_way.discard(request))
        self.page.on("response", lambda r: r.status >= 400 and self.failures.append(f"{r.status} {r.url}"))
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str = "/", *, map_too: bool = True) -> Screen:
        """Load a page and wait until its figures (and its map) stand."""
        self.under_way.clear()
        self.page.goto(self.base + path)
        self.page.wait_for_selector("#street-column .panel h2", timeout=PATIENCE_MS)
        if map_too:
            self.page.wait_for_selector(".map[data-ready='1']", timeout=PATIENCE_MS)
        self.settle()
        return self

    def begin_again(self) -> Screen:
        """Lead the open overview back to how it first opens: nothing chosen, nothing open, the whole district in view."""
        self.page.evaluate("""() => { document.activeElement?.blur(); document.querySelectorAll('details.pop[open]').forEach((menu) => { menu.open = false; }); }""")
        while self.page.locator("#layers").is_visible():
            self.key("Escape")
        self.page.evaluate("() => window.onemap.url.with(Object.fromEntries([...window.onemap.url.read().keys()].map((key) => [key, null])))")
        self.page.mouse.move(0, 0)
        self.settle()
        self.page.evaluate("() => { window.onemap.map.home(); return window.onemap.map.whenIdle().then(() => true); }")
        for told in (self.requests, self.failures, self.errors):
            told.clear()
        return self

    def settle(self, quiet_ms: int = 400) -> None:
        """Wait until no data request has begun for a while and none is under way."""
        begun, waited = -1, True
        while waited or begun != self._begun():
            begun, waited = self._begun(), bool(self.under_way)
            self.page.wait_for_timeout(quiet_ms)
            for _ in range(PATIENCE_MS // 100):
                if not self.under_way:
                    break
                self.page.wait_for_timeout(100)
            self.until("() => !document.querySelector('[data-dash-is-loading=\"true\"]')")

    def until(self, script: str) -> None:
        """Wait until a script says true (the page's content policy forbids Playwright's own waiting)."""
        for _ in range(PATIENCE_MS // 100):
            if self.page.evaluate(script):
                return
            self.page.wait_for_timeout(100)
        raise TimeoutError(f"{script}\n{self.told()}")

    @contextmanager
    def asked(self) -> Iterator[list[str]]:
        """The data requests that what happens inside causes (addresses, tiles and polls apart)."""
        self.settle()
        begin = len(self.requests)
        found: list[str] = []
        yield found
        self.settle()
        found += [r.url.removeprefix(self.base) for r in self.requests[begin:] if is_data(r.url)]

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click(timeout=20_000)

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def search(self) -> dict[str, str]:
        return self.page.evaluate("() => Object.fromEntries(new URLSearchParams(location.search))")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def picture(self, name: str, *, whole: bool = False) -> None:
        """Keep what is seen as an artefact."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=whole)

    def told(self) -> str:
        """What the page asked for last, waits for and complained about: for whoever reads why a wait was in vain."""
        asked = [f"{r.method} {r.url.removeprefix(self.base)} {(r.post_data or '')[:300]}" for r in self.requests if "/revision" not in r.url and "/map/tiles/" not in r.url]
        return "\n".join([f"at {self.page.url}", *asked[-8:], f"under way: {[r.url for r in self.under_way]}", *self.failures, *self.errors])

    def strangers(self) -> list[str]:
        """Every address asked for that is not the product's own."""
        return [r.url for r in self.requests if not r.url.startswith((self.base, "data:", "blob:"))]

    def close(self) -> None:
        """Close the page and have its context forget what the page kept, ready for the next."""
        self.browser_context.set_offline(False)
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.goto("about:blank")
        memory = self.browser_context.new_cdp_session(self.page)
        memory.send("Storage.clearDataForOrigin", {"origin": self.base, "storageTypes": FORGOTTEN})
        self.browser_context.clear_cookies()
        for page in self.browser_context.pages:
            page.close()
        self.free.append(self.browser_context)

    def _begun(self) -> int:
        return sum(is_data(request.url) for request in self.requests)

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        if is_data(request.url):
            self.under_way.add(request)

    def _said(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not any(word in message.text for word in ABOUT_THE_MACHINE):
            self.errors.append(message.text)


def is_data(url: str) -> bool:
    """Whether an address asks for data: a callback or what the map shows; tiles and polls are none."""
    return any(part in url for part in DATA) and not any(part in url for part in NOT_DATA)
