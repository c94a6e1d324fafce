"""Brings what the tests need from the system: Chromium, PostgreSQL with PostGIS, Redis, fonts.

As root on Debian or Ubuntu the missing ones are installed through apt. Anybody else's run uses
what is there and says in one line what it left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.speech import Steps, Stop, say, sentence

APT_TRIES = 3
LOCK_TIMEOUT_S = 300
CHROMIUM_SHELL = "chromium-headless-shell"


@dataclass(frozen=True)
class SystemPiece:
    """One thing the tests need from the system.

    Attributes:
        zh, en: What people call it.
        packages: The Debian 12 packages that bring it.
        present: Whether this system has it.
    """

    zh: str
    en: str
    packages: tuple[str, ...]
    present: Callable[[], bool]


def has_chromium() -> bool:
    """Whether a Chromium or Chrome is on the path; the one without windows does the same for two thirds of the work."""
    names = (CHROMIUM_SHELL, "chromium", "chromium-browser", "google-chrome")
    return any(shutil.which(name) for name in names)


def has_postgis() -> bool:
    """Whether a PostgreSQL server of version 15 or newer with PostGIS is installed."""
    for extension in Path("/usr/share/postgresql").glob("*/extension/postgis.control"):
        version = extension.parent.parent.name
        server = Path("/usr/lib/postgresql") / version / "bin" / "postgres"
        if version.isdigit() and int(version) >= 15 and server.exists():
            return True
    return False


def has_redis() -> bool:
    """Whether a Redis server is on the path."""
    return bool(shutil.which("redis-server"))


def has_chinese_font() -> bool:
    """Whether the system can draw Chinese (pictures of screens need it)."""
    listing = shutil.which("fc-list")
    if not listing:
        return False
    return bool(subprocess.run([listing, ":lang=zh-cn"], capture_output=True).stdout.strip())


PIECES = (
    SystemPiece("Chromium 浏览器", "Chromium", (CHROMIUM_SHELL,), has_chromium),
    SystemPiece(
        "PostgreSQL/PostGIS",
        "PostgreSQL with PostGIS",
        ("postgresql-15", "postgresql-15-postgis-3"),
        has_postgis,
    ),
    SystemPiece("Redis", "Redis", ("redis-server",), has_redis),
    SystemPiece("中文字体", "a Chinese font", ("fonts-noto-cjk", "fontconfig"), has_chinese_font),
)


def missing(pieces: tuple[SystemPiece, ...] = PIECES) -> list[SystemPiece]:
    """List the pieces this system lacks, in their usual order."""
    return [piece for piece in pieces if not piece.present()]


def bring(pieces: tuple[SystemPiece, ...] = PIECES, *, complete: bool = False) -> list[SystemPiece]:
    """Install what is missing where this run may, and say what it could not.

    Args:
        pieces: What is needed.
        complete: Whether a missing piece is a failure (continuous integration).

    Returns:
        The pieces still missing; empty when everything is there.

    Raises:
        Stop: a piece is missing and ``complete`` was asked for.
    """
    lacking = missing(pieces)
    if lacking and may_install():
        install([name for piece in lacking for name in piece.packages])
        lacking = missing(pieces)
    if lacking and complete:
        raise Stop(left_out(lacking))
    if lacking:
        say(left_out(lacking))
    return lacking


def left_out(lacking: list[SystemPiece]) -> str:
    """Say in one line which pieces are missing and how to get them."""
    packages = " ".join(name for piece in lacking for name in piece.packages)
    return sentence(
        f"缺少{'、'.join(piece.zh for piece in lacking)}，相关测试不会运行：要运行它们，请先执行 "
        f"sudo apt-get install {packages}",
        f"Left out, because this system lacks {', '.join(piece.en for piece in lacking)}: "
        f"to run those tests too, sudo apt-get install {packages}",
    )


def may_install() -> bool:
    """Whether this run may install system packages: root, where there is apt."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def install(packages: list[str]) -> None:
    """Install Debian packages; what fails shows in what is still missing afterwards."""
    steps = Steps(2)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps.next("刷新软件源列表", "Refreshing the system's package lists")
    _apt(["update", "-qq"], environment)
    named = " ".join(packages)
    steps.next(f"安装系统软件包：{named}", f"Installing system packages: {named}")
    _apt(["install", "-y", "-qq", "--no-install-recommends", *packages], environment)


def _apt(arguments: list[str], environment: dict[str, str]) -> None:
    command = ["apt-get", "-o", f"Acquire::Retries={APT_TRIES}", "-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT_S}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        say("\n".join((done.stdout + done.stderr).strip().splitlines()[-8:]))
