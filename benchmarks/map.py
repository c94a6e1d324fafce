"""Measures the map in headless Chromium: main-thread CPU of a change of colours and of the first paint.

Every contender runs in the same browser in turn, round after round, so that a busy machine is busy
for all. CPU is the renderer's main thread (``Performance.getMetrics`` in thread ticks); worker
threads and the graphics process are not in it. ``make bench`` runs it; ``--quick`` takes one round.

A change is one of period (``patrol_visits`` of July and of June) or, where the name says so, of layer;
"product, period" has the panels' answers in it, too. Bare feature-state makes each of the two changes
as MapLibre's manual has it: a state for every area of the answer, whether it changed or not.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright  # noqa: E402

from benchmarks.made_district import DISTRICT_SIZE, LARGE, Size, make  # noqa: E402
from benchmarks.pages import LAYERS, PAINT, query_of, served  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
SUMMARY = ROOT / "benchmarks" / "map.json"
CHROMIUM = os.environ.get("ONEMAP_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--no-first-run", "--disable-features=Translate,OptimizationHints",
]  # fmt: skip
PATIENCE_MS = 300_000
LIMITS = {"recolour_of_plotly": 1 / 12, "product_of_bare": 1.5, "product_period_of_bare": 1.5, "first_paint_of_plotly": 1 / 4, "wire_bytes": 60_000}
"""The most that is allowed at 50,000 grids and 10,000 points."""
AT_ANY_SIZE = ("first_paint_of_plotly", "wire_bytes")
"""The limits that hold for a district of 706 grids, too."""
ROUNDS = {"706": (3, 4), "50000": (3, 3)}
"""Most rounds, and the changes counted in each."""
MINUTES = {"706": 3.0, "50000": 8.0}
"""No further round begins that would not end within these."""

IDLE = """() => new Promise((done) => {{ const map = {map}; map.once('idle', () => done()); map.triggerRepaint(); }})"""
OURS = "window.onemap.map.map"
PLOTLYS = "document.querySelector('.js-plotly-plot')._fullLayout.map._subplot.map"


class Meter:
    """The main-thread CPU and the bytes of one page."""

    def __init__(self, browser: Browser) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
        self.page.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.session: CDPSession = self.page.context.new_cdp_session(self.page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.session.send("Network.enable")
        self.bytes = self.all_bytes = 0
        self.urls: dict[str, str] = {}
        self.session.on("Network.requestWillBeSent", lambda event: self.urls.update({event["requestId"]: event["request"]["url"]}))
        self.session.on("Network.loadingFinished", self._count)

    def _count(self, event: dict) -> None:
        self.all_bytes += int(event["encodedDataLength"])
        if "/map/" in self.urls.get(event["requestId"], ""):
            self.bytes += int(event["encodedDataLength"])

    def cpu_ms(self) -> float:
        metrics = {one["name"]: one["value"] for one in self.session.send("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"] * 1000

    def spent(self, work: Callable[[], object]) -> float:
        """CPU ms of the main thread from before ``work`` until after it."""
        before = self.cpu_ms()
        work()
        found = self.cpu_ms() - before
        if self.errors:
            raise RuntimeError(self.errors[0])
        return found

    def close(self) -> None:
        self.page.context.close()


class Contender:
    """One way to draw the map: how its page opens, and how it changes to a period."""

    def __init__(self, name: str, url: str, ready: str, change: str | None, idle_of: str | None) -> None:
        self.name, self.url, self.ready, self.change, self.idle_of = name, url, ready, change, idle_of
        self.first: list[float] = []
        self.again: list[float] = []
        self.wire: list[int] = []
        self.all_wire: list[int] = []

    def open(self, browser: Browser) -> Meter:
        meter = Meter(browser)
        meter.page.goto("about:blank")
        self.first.append(meter.spent(lambda: (meter.page.goto(self.url), meter.page.wait_for_function(self.ready))))
        return meter

    def recolour(self, meter: Meter, period: int) -> None:
        meter.bytes = meter.all_bytes = 0

        def work() -> None:
            meter.page.evaluate(self.change % {"query": query_of(period), "paint": PAINT, "layer": LAYERS[period]})
            if self.idle_of:
                meter.page.evaluate(IDLE.format(map=self.idle_of))

        self.again.append(meter.spent(work))
        self.wire.append(meter.bytes)
        self.all_wire.append(meter.all_bytes)


def contenders(product: str, patched: str) -> list[Contender]:
    """Our module alone, the whole product, bare feature-state, Plotly's map by Patch."""
    goes = """() => new Promise((done) => {{
      const map = window.onemap.map; const search = "?%(query)s&paint=%(paint)s";
      window.history.pushState({{}}, "", search);
      {moved}
      const look = () => (map.answers.state.url.includes("%(query)s") && map.answers.points.url.includes("%(query)s")
        && map.turn === map.drawnTurn {settled} ? done() : setTimeout(look, 20)); look(); }})"""
    alone = goes.format(moved="window.dispatchEvent(new PopStateEvent('popstate'));", settled="")
    whole = goes.replace("window.history.pushState({{}}, \"\", search);", "").format(
        moved='window.onemap.url.with(Object.fromEntries(new URLSearchParams(search)));',
        settled="&& !document.querySelector('[data-dash-is-loading=\"true\"]')",
    )
    layer = """() => new Promise((done) => { const map = window.onemap.map; window.onemap.url.with({ paint: "%(layer)s" });
      const look = () => (map.state.layer === "%(layer)s" && map.turn === map.drawnTurn ? done() : setTimeout(look, 20)); look(); })"""
    drawn = "() => document.querySelector('.map[data-ready]')"
    query = f"{query_of(0)}&paint={PAINT}"
    click = """() => new Promise((done) => { const gd = document.querySelector('.js-plotly-plot');
      gd.once('plotly_afterplot', () => done()); document.getElementById('period').click(); })"""
    return [
        Contender("module", f"{product}/bench/module?{query}", drawn, alone, OURS),
        Contender("product, layer", f"{product}/?{query}", drawn, layer, OURS),
        Contender("product, period", f"{product}/?{query}", drawn, whole, OURS),
        Contender("bare, period", f"{product}/bench/bare", "() => window.bench", f"() => window.bench.show('%(query)s', '{PAINT}')", None),
        Contender("bare, layer", f"{product}/bench/bare", "() => window.bench", f"() => window.bench.show('{query_of(0)}', '%(layer)s')", None),
        Contender("plotly patch", f"{patched}/", _plotly_ready(), click, PLOTLYS),
        Contender("plotly alone", f"{product}/bench/plotly", "() => window.bench", None, None),
    ]  # fmt: skip


def _plotly_ready() -> str:
    return f"""() => {{ const gd = document.querySelector('.js-plotly-plot');
      return gd && gd._fullLayout && gd._fullLayout.map && gd._fullLayout.map._subplot && {PLOTLYS}.areTilesLoaded() && {PLOTLYS}.loaded(); }}"""


def measured(size: Size, folder: Path, rounds: int, changes: int, minutes: float) -> dict[str, dict[str, float]]:
    """Median CPU ms of first paint and of a change, and the greatest number of map bytes of a change.

    Args:
        rounds: at most so many, at least one; in each every contender opens once.
        changes: how many of a round are counted; one before them warms the paths.
        minutes: a round that would end later is not begun.
    """
    today = dt.date(2023, 7, 31)
    database = make(folder / f"made-{size.grids}.sqlite", size, today)
    with served(database, folder) as (product, patched), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        runners = contenders(product, patched)
        warm = Meter(browser)
        for period in (0, 1):
            warm.page.goto(f"{product}/?{query_of(period)}&paint={PAINT}")
            warm.page.wait_for_selector(".map[data-ready]")
        warm.close()
        begin = time.monotonic()
        for turn in range(rounds):
            spent = (time.monotonic() - begin) / 60
            if turn and spent + spent / turn > minutes:
                break
            print(f"  round {turn + 1} of at most {rounds}", file=sys.stderr)
            meters = [(runner, runner.open(browser)) for runner in runners]
            for change in range(changes + 1):
                for runner, meter in meters:
                    if runner.change:
                        runner.recolour(meter, (change + 1) % 2)
                if change == 0:  # the first change warms the paths of all
                    for runner, _ in meters:
                        runner.again and runner.again.pop()
            for _, meter in meters:
                meter.close()
        browser.close()
    database.close()
    return {
        runner.name: {
            "rounds": len(runner.first), "first_paint_ms": round(statistics.median(runner.first), 1),
            **({"recolour_ms": round(statistics.median(runner.again), 1), "wire_bytes": max(runner.wire),
                "all_bytes": max(runner.all_wire)} if runner.again else {}),
        }
        for runner in runners
    }


def judged(found: dict[str, dict[str, float]]) -> dict[str, float]:
    """The ratios that the limits are about."""
    return {
        "recolour_of_plotly": found["module"]["recolour_ms"] / found["plotly patch"]["recolour_ms"],
        "product_of_bare": found["product, layer"]["recolour_ms"] / found["bare, layer"]["recolour_ms"],
        "product_period_of_bare": found["product, period"]["recolour_ms"] / found["bare, period"]["recolour_ms"],
        "first_paint_of_plotly": found["module"]["first_paint_ms"] / found["plotly alone"]["first_paint_ms"],
        "wire_bytes": found["product, period"]["wire_bytes"],
    }


def table(found: dict[str, dict[str, float]]) -> str:
    lines = [f"{'':22}{'first paint, ms':>17}{'recolour, ms':>15}{'wire, bytes':>14}"]
    for name, one in found.items():
        lines.append(f"{name:22}{one['first_paint_ms']:>17,.0f}{one.get('recolour_ms', float('nan')):>15,.1f}{one.get('wire_bytes', 0):>14,}")
    return "\n".join(lines)


def machine() -> dict[str, object]:
    """What was measured on, and how busy it was before; no host name."""
    cpu = ""
    if Path("/proc/cpuinfo").exists():
        cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                    if line.startswith("model name")), "")  # fmt: skip
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return {"load": load, "system": platform.system(), "cpu": cpu, "cores": os.cpu_count(), "python": platform.python_version()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round, two changes")
    parser.add_argument("--size", choices=["706", "50000", "both"], default="both")
    parser.add_argument("--folder", type=Path, default=RESULTS, help="where districts, tiles and results are kept")
    parser.add_argument("--keep", action="store_true", help="write the committed summary, too")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sizes = {"706": DISTRICT_SIZE, "50000": LARGE}
    wanted = sizes if options.size == "both" else {options.size: sizes[options.size]}
    result: dict[str, object] = {"machine": machine(), "date": dt.date.today().isoformat(), "sizes": {}}
    kept = True
    for name, size in wanted.items():
        rounds, changes = (1, 2) if options.quick else ROUNDS[name]
        found = measured(size, options.folder, rounds, changes, MINUTES[name])
        done = found["module"]["rounds"]
        print(f"\n{size.grids:,} grids, {size.points:,} points (median of {done} first paints, {done * changes} changes)")
        ratios = judged(found)
        print(table(found))
        for key, limit in LIMITS.items():
            verdict = "kept" if ratios[key] <= limit else "missed"
            binding = size is LARGE or key in AT_ANY_SIZE
            kept = kept and (verdict == "kept" or not binding)
            print(f"  {key:24}{ratios[key]:>12,.3f}   limit {limit:,.3f}   {verdict if binding else ''}")
        result["sizes"][name] = {"contenders": found, "ratios": {key: round(value, 4) for key, value in ratios.items()}}
    (options.folder / "map.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if options.keep:
        SUMMARY.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
