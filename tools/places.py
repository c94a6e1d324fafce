"""Names the folders and files the tools work on."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_LOCK = ROOT / "build" / "lock-venv"
VENDOR = ROOT / "assets" / "vendor"
VAR = ROOT / "var"


def python_of(venv: Path) -> Path:
    """Give the path of a virtual environment's Python on this system."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
