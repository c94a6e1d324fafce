"""Measures the scan statistics: seconds for a large map, false alarms on maps without clusters, power on planted ones.

``python benchmarks/scan.py`` prints a table; ``--null 20000`` takes more maps without clusters,
``--keep`` writes ``scan.json`` beside this file. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from rules.scan import Cluster, scan_bernoulli, scan_poisson, scan_space_time  # noqa: E402

SUMMARY = ROOT / "benchmarks" / "scan.json"
AREAS, SIMULATIONS, LIMIT_SECONDS = 1_000, 999, 10.0
FIRST_SECONDS = 7.74
"""What the first version, one circle at a time, took for 300 cases in 1,000 areas and 999 simulations on the machine
on which the next, 32 centres at a time, took 1.24."""
ALPHAS = (0.01, 0.05, 0.10)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--null", type=int, default=2_000, help="maps without clusters")
    arguments.add_argument("--keep", action="store_true", help="write scan.json")
    asked = arguments.parse_args()
    found = {"machine": platform.machine(), "python": platform.python_version(), "numpy": np.__version__}
    found["seconds"] = seconds()
    found["false_alarms"] = false_alarms(asked.null)
    found["power"] = power()
    print(json.dumps(found, indent=1, ensure_ascii=False))
    if asked.keep:
        SUMMARY.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return int(max(found["seconds"][name] for name in ("poisson", "bernoulli", "poisson_on_a_lattice")) > LIMIT_SECONDS)


def seconds() -> dict[str, float]:
    """Seconds of one processor for each scan at 1,000 areas (or points) and 999 simulations."""
    rng = np.random.default_rng(1)
    x, y = rng.random((2, AREAS))
    people = rng.integers(500, 5_000, AREAS)
    cases = rng.multinomial(300, people / people.sum())
    column, row = np.divmod(np.arange(1_024), 32)
    place, day, week = rng.integers(0, 100, 500), rng.integers(0, 365, 500), rng.integers(0, 52, 500)
    return {
        "first_version_poisson": FIRST_SECONDS,
        "poisson": _timed(lambda: scan_poisson(x, y, cases, people, simulations=SIMULATIONS)),
        "poisson_few_cases": _timed(lambda: scan_poisson(x, y, rng.multinomial(72, people / people.sum()), people, simulations=SIMULATIONS)),
        "poisson_on_a_lattice": _timed(lambda: scan_poisson(column, row, rng.poisson(2, 1_024), np.full(1_024, 9), simulations=SIMULATIONS)),
        "bernoulli": _timed(lambda: scan_bernoulli(x, y, rng.random(AREAS) < 0.2, simulations=SIMULATIONS)),
        "permutation_100_places_52_weeks": _timed(
            lambda: scan_space_time(x[place], y[place], week, np.ones(500, int), max_days=4, simulations=SIMULATIONS)
        ),
        "permutation_100_places_365_days_prospective": _timed(
            lambda: scan_space_time(x[place], y[place], day, np.ones(500, int), max_days=28, prospective=True, simulations=SIMULATIONS)
        ),
    }


def false_alarms(maps: int) -> dict[str, dict[str, float]]:
    """Share of maps without clusters whose first cluster has p at most alpha, 99 simulations each."""
    rng = np.random.default_rng(2)
    at = rng.random((2, 50))
    people = rng.integers(200, 3_000, 50)
    place = rng.integers(0, 12, (maps, 60))
    scans: dict[str, Callable[[int], list[Cluster]]] = {
        "poisson": lambda number: scan_poisson(*at, rng.multinomial(80, people / people.sum()), people, simulations=99, seed=number),
        "bernoulli": lambda number: scan_bernoulli(*at, rng.permutation(50) < 15, simulations=99, seed=number),
        "permutation": lambda number: scan_space_time(
            place[number] % 4, place[number] // 4, rng.integers(0, 10, 60), np.ones(60, int), max_days=3, simulations=99, seed=number
        ),
    }
    result = {}
    for name, scan in scans.items():
        p = np.array([found[0].p if (found := scan(number)) else 1.0 for number in range(maps)])
        result[name] = {"maps": maps, **{f"p<={alpha}": round(float((p <= alpha).mean()), 4) for alpha in ALPHAS}}
    return result


def power() -> dict[str, float]:
    """Share of 200 maps with one planted cluster (relative risk given) that is found at 0.05 and mostly right."""
    result = {}
    for risk in (1.5, 2.0, 3.0, 5.0):
        rng = np.random.default_rng(3)
        hits = 0
        for number in range(200):
            x, y = rng.random((2, 60))
            planted = np.hypot(x - 0.3, y - 0.3) < 0.2
            weight = np.where(planted, risk, 1.0)
            found = scan_poisson(x, y, rng.multinomial(150, weight / weight.sum()), np.full(60, 100), simulations=99, seed=number)
            right = bool(found) and found[0].p <= 0.05
            hits += right and len(set(np.flatnonzero(planted)) & set(found[0].members)) * 2 >= planted.sum()
        result[f"relative_risk_{risk}"] = hits / 200
    return result


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return round(time.process_time() - start, 2)


if __name__ == "__main__":
    sys.exit(main())
