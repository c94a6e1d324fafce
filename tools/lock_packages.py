"""Pins every Python and npm package to one version and its hashes, without naming a registry.

Writes ``requirements/*.txt`` from ``requirements/*.in`` for every platform at once (uv) and
``package-lock.json`` from ``package.json`` (npm). Pinned versions stay as they are unless
``--upgrade`` is given.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from tools import npm
from tools.places import ROOT, VENV_LOCK, python_of

LOCKS = ("run", "test", "node", "lock")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = ["--upgrade"] if arguments.parse_args().upgrade else []
    if not python_of(VENV_LOCK).exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV_LOCK)], check=True)
        locked = ROOT / "requirements" / "lock.txt"
        wanted = ["--require-hashes", "-r", str(locked)] if locked.exists() else ["uv"]
        subprocess.run(
            [str(python_of(VENV_LOCK)), "-m", "pip", "install", "-q", *wanted], check=True
        )
    for name in LOCKS:
        subprocess.run(compile_command(name, upgrade), cwd=ROOT, check=True)
    subprocess.run(
        [
            *npm.npm_command(),
            "install",
            "--package-lock-only",
            "--ignore-scripts",
            "--omit-lockfile-registry-resolved",
        ],
        cwd=ROOT,
        check=True,
    )
    return 0


def compile_command(name: str, upgrade: list[str]) -> list[str]:
    """Give the uv command that pins one input; the tests' lock follows the product's."""
    follow = ["--constraints", "requirements/run.txt"] if name == "test" else []
    return [
        str(python_of(VENV_LOCK)),
        "-m",
        "uv",
        "pip",
        "compile",
        f"requirements/{name}.in",
        "--output-file",
        f"requirements/{name}.txt",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-config",
        "--custom-compile-command",
        "make lock",
        "--quiet",
        *follow,
        *upgrade,
    ]


if __name__ == "__main__":
    sys.exit(main())
