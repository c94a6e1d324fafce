"""Measures what the overview costs the server, over HTTP, warm and with a cold cache.

``python benchmarks/server.py`` serves the database of the settings (the demo) in a process of its
own, asks the two panel callbacks for a walk of questions that a person would take, and prints a
table; ``benchmarks/results/server.json`` keeps the numbers. Cold: every question of the walk is about a day,
a period and an area that nothing was asked about before, so that no answer and no drawing is kept; warm: asked
a second time (benchmarks/README.md says what a server has read before its first question).

``ms`` is the time over HTTP, ``cpu`` the processor time of all threads of the server (where /proc tells it): on a
machine that does other work too, the second is what the question costs.
"""

from __future__ import annotations

import argparse
import datetime as dt
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
    "street": ("coverage", "sites", "leads", "enforcement", "trend", "duties", "list", "blind"),
    "agency": ("agencies", "cases", "transfers", "construction", "figures", "supervision"),
}
FIRST_DAY, LENGTHS = dt.date(2023, 7, 30), (30, 1, 92, 7, 365, 181)
"""The latest day asked about (each question has one of its own, going back), and the days of a period."""
TARGET_MS = {"warm": 50.0, "cold": 150.0}
STILL_MS = 30.0
"""A server that uses less processor time a second has nothing to do."""

DEMO_NOW = "2023-07-31T10:46+08:00"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=8, help="periods asked per tab")
    options.add_argument("--check", action="store_true", help="fail when a target is missed")
    asked = options.parse_args()
    with served() as (port, process):
        found = measure(port, process, asked.rounds)
    show(found)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    missed = [row for row in found["rows"] if row["p95_ms"] > TARGET_MS[row["cache"]]]
    return 1 if missed and asked.check else 0


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """The product in a process of its own on a free port: the port and the process."""
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
            wait_until_still(server.pid)
            yield port, server.pid
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


def wait_until_still(process: int) -> None:
    """Return when the server has read what every question looks at (``dashboard/readiness.py``): it uses no processor time."""
    for _ in range(60):
        before = processor_ms(process)
        time.sleep(1)
        if before is None or processor_ms(process) - before < STILL_MS:
            return


def measure(port: int, process: int, rounds: int) -> dict[str, object]:
    """Milliseconds over HTTP and of processor time of both callbacks, every tab, of the district and of streets."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    streets = street_codes(connection)
    times: dict[tuple[str, str, str], list[tuple[float, float | None]]] = {}
    bytes_sent: dict[tuple[str, str], list[int]] = {}
    number = 0
    for turn in range(rounds):
        for side, tabs in TABS.items():
            for tab in tabs:
                as_of, number = FIRST_DAY - dt.timedelta(days=number), number + 1
                start = as_of - dt.timedelta(days=LENGTHS[number % len(LENGTHS)] - 1)
                area = f"&area={streets[number % len(streets)]}" if turn % 2 and streets else ""
                key = "tab" if side == "street" else "tab_agency"
                search = f"?from={start}&to={as_of}&as_of={as_of}&{key}={tab}{area}"
                for cache in ("cold", "warm", "warm"):
                    before, began = processor_ms(process), time.perf_counter()
                    size = ask(connection, side, search)
                    took, after = (time.perf_counter() - began) * 1000, processor_ms(process)
                    cpu = None if before is None or after is None else after - before
                    times.setdefault((side, tab, cache), []).append((took, cpu))
                    bytes_sent.setdefault((side, tab), []).append(size)
    rows = [
        {
            "callback": side, "tab": tab, "cache": cache, "asked": len(found), **summed(found),
            "bytes": round(statistics.median(bytes_sent[side, tab])),
        }
        for (side, tab, cache), found in times.items()
    ]
    return {
        "cpus": os.cpu_count(), "python": sys.version.split()[0], "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "targets_ms": TARGET_MS, "rows": rows,
        "all": {cache: summed([one for (_, _, kept), found in times.items() if kept == cache for one in found]) for cache in ("cold", "warm")},
    }


def summed(found: list[tuple[float, float | None]]) -> dict[str, float | None]:
    """Median, 95th percentile and most of both measures."""
    wall = [took for took, _ in found]
    cpu = [used for _, used in found if used is not None]
    made = {"median_ms": statistics.median(wall), "p95_ms": p95(wall), "max_ms": max(wall)}
    made |= {"median_cpu": statistics.median(cpu), "p95_cpu": p95(cpu), "max_cpu": max(cpu)} if cpu else {}
    return {name: round(value, 1) for name, value in made.items()}


def processor_ms(process: int) -> float | None:
    """Processor time that the threads of a process have used, in ms; None where the system does not tell."""
    try:
        used = [int(file.read_text().split()[0]) for file in Path(f"/proc/{process}/task").glob("*/schedstat")]
    except (OSError, ValueError, IndexError):
        return None
    return sum(used) / 1e6 if used else None


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
    names = ("median_ms", "p95_ms", "max_ms", "median_cpu", "p95_cpu", "max_cpu")
    print(f"{'callback':<10}{'tab':<14}{'cache':<7}{'asked':>6}" + "".join(f"{name:>12}" for name in names) + f"{'bytes':>9}")
    for row in found["rows"]:
        late = " !" if row["p95_ms"] > TARGET_MS[row["cache"]] else ""
        numbers = "".join(f"{row.get(name, '-'):>12}" for name in names)
        print(f"{row['callback']:<10}{row['tab']:<14}{row['cache']:<7}{row['asked']:>6}{numbers}{row['bytes']:>9}{late}")
    for cache, value in found["all"].items():
        print(f"all {cache}: p95 {value['p95_ms']} ms, of processor time {value.get('p95_cpu', '-')} ms (target {TARGET_MS[cache]:g} ms)")


if __name__ == "__main__":
    sys.exit(main())
