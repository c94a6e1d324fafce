"""Installs the locked packages into .venv and copies what the browser loads into assets/vendor.

Each part leaves a stamp of what it was made from, so a second run has nothing to do. An
interrupted run is simply run again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import npm, system_packages, vendor_assets
from tools.places import ROOT, VENDOR, VENV, python_of
from tools.speech import Steps, Stop, say, sentence

PYTHON_LOWEST = (3, 11)
REPORT_EVERY_S = 10.0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tests", action="store_true", help="install what the tests need too")
    lock = "test" if arguments.parse_args().tests else "run"
    try:
        set_up(lock)
    except Stop as stop:
        say(str(stop))
        return 1
    return 0


def set_up(lock: str = "run") -> int:
    """Bring .venv and assets/vendor up to date with a lock, ``run`` or ``test``.

    Returns:
        The number of parts that had to be made; 0 when everything was there.

    Raises:
        Stop: Python is too old, or a package could not be installed.
    """
    check_python()
    with _alone():
        return _make_missing(lock)


def check_python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> None:
    """Raise ``Stop`` when the Python that runs this is too old."""
    if version < PYTHON_LOWEST:
        found = ".".join(map(str, version))
        raise Stop(
            sentence(
                f"需要 Python 3.11 或更高版本，当前是 {found}：请安装 python3.11 与 python3.11-venv"
                "，再运行 make PYTHON=python3.11。",
                f"Python 3.11 or newer is needed and this is {found}: install python3.11 and "
                "python3.11-venv, then run make PYTHON=python3.11.",
            )
        )


def make_venv() -> None:
    """Create .venv afresh; Debian's Python may first need its venv package, which root installs."""
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True)
    package = f"python3.{sys.version_info.minor}-venv"
    if made.returncode and system_packages.may_install():
        system_packages.install([package])
        made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        raise Stop(
            (made.stdout + made.stderr).strip()
            + "\n"
            + sentence(
                f"无法建立虚拟环境：请先执行 sudo apt-get install {package}，再重新运行。",
                f"The Python environment cannot be created: sudo apt-get install {package}, "
                "then run this again.",
            )
        )


def install_packages(lock: str) -> None:
    """Install a lock into .venv, every file checked against its hash."""
    source = _lock_file(lock)
    total = sum(1 for line in source.read_text("utf-8").splitlines() if "==" in line)
    command = [
        str(python_of(VENV)),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
        "-r",
        str(source),
    ]
    last_lines = _run_pip(command, total)
    if last_lines is not None:
        raise Stop(
            last_lines
            + "\n"
            + sentence(
                "软件包没有装好：请检查网络或 pip 的镜像设置，再重新运行。",
                "The packages could not be installed: check the network or pip's mirror "
                "setting, then run this again.",
            )
        )
    # The tests' lock holds the product's packages at the same versions.
    for held in ("run", "test") if lock == "test" else (lock,):
        _packages_stamp(held).write_text(_packages_digest(held), "utf-8")


def fetch_vendor() -> None:
    """Install the npm packages as locked and copy the files the browser loads."""
    node_modules = ROOT / "node_modules"
    command = [
        *npm.npm_command(),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Stop(
            (done.stdout + done.stderr).strip()
            + "\n"
            + sentence(
                "前端软件包没有装好：请检查网络或 npm 的镜像设置，再重新运行。",
                "What the browser loads could not be fetched: check the network or npm's "
                "mirror setting, then run this again.",
            )
        )
    vendor_assets.copy(node_modules, VENDOR)
    _vendor_stamp().write_text(_vendor_digest(), "utf-8")


def packages_are_current(lock: str) -> bool:
    """Whether .venv holds exactly what the lock names."""
    stamp = _packages_stamp(lock)
    return stamp.exists() and stamp.read_text("utf-8") == _packages_digest(lock)


def vendor_is_current() -> bool:
    """Whether assets/vendor was made from the lock and the copying rules of today."""
    stamp = _vendor_stamp()
    return stamp.exists() and stamp.read_text("utf-8") == _vendor_digest()


@contextmanager
def _alone() -> Iterator[None]:
    """Let one set-up of this checkout work at a time; the next one waits, then finds it done."""
    if os.name == "nt":
        yield
        return
    import fcntl

    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "set_up.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(sentence("另一个安装正在进行，等它结束……", "Waiting for another set-up to end ..."))
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _make_missing(lock: str) -> int:
    parts: list[tuple[str, str, Callable[[], None]]] = []
    if not _venv_works():
        parts.append(
            ("建立 Python 虚拟环境 .venv", "Creating the Python environment .venv", make_venv)
        )
    if not packages_are_current(lock):
        parts.append(
            ("安装 Python 软件包", "Installing the Python packages", lambda: install_packages(lock))
        )
    if not vendor_is_current():
        parts.append(
            ("取前端软件包并复制到 assets/vendor", "Fetching what the browser loads", fetch_vendor)
        )
    if not parts:
        return 0
    steps = Steps(len(parts))
    for zh, en, make in parts:
        steps.next(zh, en)
        make()
    say(sentence(f"安装完成，用时 {steps.seconds} 秒。", f"Set up in {steps.seconds} s."))
    return len(parts)


def _venv_works() -> bool:
    python = python_of(VENV)
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", ""], capture_output=True).returncode == 0


def _run_pip(command: list[str], total: int) -> str | None:
    """Run pip and say every few seconds how far it is; return its last lines if it failed."""
    began = said = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - said >= REPORT_EVERY_S:
                said = time.monotonic()
                output.seek(0)
                say(f"         {_progress(output.read(), total)}, {round(said - began)} s")
        output.seek(0)
        lines = output.read().strip().splitlines()
    return "\n".join(lines[-15:]) if process.returncode else None


def _progress(output: str, total: int) -> str:
    """Say how many packages pip has fetched, or unpacked once all are fetched."""
    if "Installing collected packages" in output:
        unpacked = sum(1 for _ in VENV.glob("[Ll]ib*/**/site-packages/*.dist-info"))
        return sentence(
            f"已安装 {min(unpacked, total)}/{total}", f"installed {min(unpacked, total)}/{total}"
        )
    fetched = output.count("Collecting ") + output.count("Requirement already satisfied: ")
    return sentence(f"已下载 {fetched}/{total}", f"fetched {fetched}/{total}")


def _lock_file(lock: str) -> Path:
    return ROOT / "requirements" / f"{lock}.txt"


def _packages_stamp(lock: str) -> Path:
    return VENV / f"installed-{lock}.stamp"


def _packages_digest(lock: str) -> str:
    return _digest(_lock_file(lock).read_bytes(), str(VENV).encode())


def _vendor_stamp() -> Path:
    return VENDOR / ".stamp"


def _vendor_digest() -> str:
    return _digest(
        (ROOT / "package-lock.json").read_bytes(), Path(vendor_assets.__file__).read_bytes()
    )


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
