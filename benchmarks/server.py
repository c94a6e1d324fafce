"""Measures what the overview costs the server, over HTTP, warm and with a cold cache.

``python benchmarks/server.py`` serves the database of the settings (the demo) in a process of its
own, asks the two panel callbacks for a walk of questions that a person would take, and prints a
table; ``benchmarks/results/server.json`` keeps the numbers. Cold: nothing of the question is in
the cache (a new period each time); warm: asked a second time.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import orjson  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "server.json"
CALLBACKS = "/_dash-update-component"
SIDES = {
    "street": ("..street-column.children...overview-header.children...kpi-strip.children..", "street-request"),
    "agency": ("..agency-column.children...overview-footer.children..", "agency-request"),
}
TABS = {
    "street": ("coverage", "sites", "leads", "enforcement", "trend"),
    "agency": ("agencies", "cases", "transfers", "construction", "figures"),
}
TARGET_MS = {"warm": 50.0, "cold": 150.0}
DEMO_NOW = "2023-07-31T10:46+08:00"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=8, help="periods asked per tab")
    options.add_argument("--check", action="store_true", help="fail when a target is missed")
    asked = options.parse_args()
    with served() as port:
        found = measure(port, asked.rounds)
    show(found)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    missed = [row for row in found["rows"] if row["p95_ms"] > TARGET_MS[row["cache"]]]
    return 1 if missed and asked.check else 0


@contextmanager
def served() -> Iterator[int]:
    """The product in a process of its own on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "ONEMAP_NOW": DEMO_NOW, "ONEMAP_FOLDER": folder, **os.environ, "ONEMAP_PORT": str(port),
        }
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")], env=environment, stdout=subprocess.DEVNULL, cwd=ROOT
        )
        try:
            wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(10)


def wait_for(port: int, server: subprocess.Popen) -> None:
    """Return when the server answers; SystemExit when it ends or stays silent for a minute."""
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the server did not start; its reason is above")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not answer within a minute")


def measure(port: int, rounds: int) -> dict[str, object]:
    """Milliseconds over HTTP of both callbacks, every tab, district and street level."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    streets = street_codes(connection)
    ask(connection, "street", "?from=2022-02-01&to=2022-02-02")  # imports, connections
    ask(connection, "agency", "?from=2022-02-01&to=2022-02-02")
    times: dict[tuple[str, str, str], list[float]] = {}
    bytes_sent: dict[tuple[str, str], list[int]] = {}
    for side, tabs in TABS.items():
        key = "tab" if side == "street" else "tab_agency"
        for place, tab in enumerate(tabs):
            for number in range(rounds):
                # A period nobody asked before: another first day, another tab, another length.
                first, last = 1 + number % 20, 25 + place
                area = f"&area={streets[number % len(streets)]}" if number % 2 and streets else ""
                month = 5 if side == "street" else 6
                search = f"?from=2023-{month:02d}-{first:02d}&to=2023-07-{last:02d}&as_of=2023-07-{last:02d}&{key}={tab}{area}"
                for cache in ("cold", "warm", "warm"):
                    began = time.perf_counter()
                    size = ask(connection, side, search)
                    times.setdefault((side, tab, cache), []).append((time.perf_counter() - began) * 1000)
                    bytes_sent.setdefault((side, tab), []).append(size)
    rows = [
        {
            "callback": side, "tab": tab, "cache": cache, "asked": len(found),
            "median_ms": round(statistics.median(found), 1), "p95_ms": round(p95(found), 1),
            "bytes": round(statistics.median(bytes_sent[side, tab])),
        }
        for (side, tab, cache), found in times.items()
    ]
    return {
        "cpus": os.cpu_count(), "python": sys.version.split()[0], "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "targets_ms": TARGET_MS, "rows": rows,
        "all": {
            cache: round(p95([t for (_, _, kept), found in times.items() if kept == cache for t in found]), 1)
            for cache in ("cold", "warm")
        },
    }


def ask(connection: http.client.HTTPConnection, side: str, search: str) -> int:
    """Ask one callback as the browser does; gives the bytes of the answer."""
    output, store = SIDES[side]
    names = output.strip(".").split("...")
    body = {
        "output": output,
        "outputs": [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names],
        "inputs": [
            {"id": store, "property": "data", "value": search}, {"id": "revision", "property": "data", "value": None},
        ],
        "changedPropIds": [f"{store}.data"], "state": [],
    }
    connection.request("POST", CALLBACKS, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{side} {search}: {answer.status} {content[:300].decode('utf-8', 'replace')}")
    return len(content)


def street_codes(connection: http.client.HTTPConnection) -> list[str]:
    """Codes of the streets, read from the breadcrumb's menu."""
    body = {
        "output": "page.children", "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "url", "property": "pathname", "value": "/"}],
        "changedPropIds": ["url.pathname"], "state": [{"id": "url", "property": "search", "value": ""}],
    }
    connection.request("POST", CALLBACKS, json.dumps(body), {"Content-Type": "application/json"})
    text = connection.getresponse().read().decode()
    return sorted(set(re.findall(r'\\"area\\": \\"(\w+)\\"', text)))[:12]


def p95(found: list[float]) -> float:
    """The 95th percentile, nearest rank."""
    ordered = sorted(found)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def show(found: dict[str, object]) -> None:
    print(f"{'callback':<10}{'tab':<14}{'cache':<7}{'asked':>6}{'median':>10}{'p95':>10}{'bytes':>10}")
    for row in found["rows"]:
        late = " !" if row["p95_ms"] > TARGET_MS[row["cache"]] else ""
        print(
            f"{row['callback']:<10}{row['tab']:<14}{row['cache']:<7}{row['asked']:>6}"
            f"{row['median_ms']:>9} {row['p95_ms']:>9} {row['bytes']:>9}{late}"
        )
    for cache, value in found["all"].items():
        print(f"all {cache}: p95 {value} ms (target {TARGET_MS[cache]:g} ms)")


if __name__ == "__main__":
    sys.exit(main())
