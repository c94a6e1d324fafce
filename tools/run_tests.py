"""Runs the tests after bringing everything they need; arguments go to pytest.

``ONEMAP_TEST_COMPLETE=1`` or ``CI=true`` makes a missing browser or database a failure, and the
tests read the former to fail instead of skip.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tools import set_up, system_packages
from tools.places import ROOT, VENV, python_of
from tools.speech import Stop, say

MOST_RUNS = 4
"""Each run has a browser, a served product and a PostgreSQL of its own."""


def main() -> int:
    environment = test_environment(dict(os.environ))
    complete = environment.get("ONEMAP_TEST_COMPLETE") == "1"
    try:
        # The system's packages come while Python's and the browser's own are unpacked: each keeps one core busy.
        with ThreadPoolExecutor(1) as beside:
            brought = beside.submit(system_packages.bring, complete=complete)
            set_up.set_up("test")
            brought.result()
    except Stop as stop:
        say(str(stop))
        return 1
    command = [str(python_of(VENV)), "-m", "pytest", *side_by_side(os.cpu_count() or 1), *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def side_by_side(cores: int) -> list[str]:
    """The options that run the files of tests on several cores; each file stays on one.

    They run in the order that tests/conftest.py gives them, the long ones first, so that the cores end together.
    """
    # One more than there are cores: a test in the browser waits a third of its time.
    runs = min(cores + 1, MOST_RUNS) if cores > 1 else 1
    return ["-n", str(runs), "--dist", "loadfile", "--no-loadscope-reorder"] if runs > 1 else []


def test_environment(environment: dict[str, str]) -> dict[str, str]:
    """Give the environment the tests run in: nothing of this machine's product settings leaks in."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("ONEMAP_") or name.startswith("ONEMAP_TEST_")
    }
    # Each run and each served product reads the same thousand files: one of them compiles, for all.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    if environment.get("CI") == "true":
        kept["ONEMAP_TEST_COMPLETE"] = "1"
    return kept


if __name__ == "__main__":
    sys.exit(main())
