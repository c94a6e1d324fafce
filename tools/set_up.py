"""Installs the locked packages into .venv and copies what the browser loads into assets/vendor.

Each part leaves a stamp of what it was made from, so a second run has nothing to do. An
interrupted run is simply run again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from tools import npm, system_packages, vendor_assets
from tools.places import ROOT, VENDOR, VENV, python_of
from tools.speech import Steps, Stop, say, sentence

PYTHON_LOWEST = (3, 11)
REPORT_EVERY_S = 10.0
MOST_PIPS = 4
OWN_TESTS = r"[/\\]tests?[/\\]"
"""Folders of the packages that nothing here imports."""
INSTALL = (
    "-m",
    "pip",
    "install",
    "--require-hashes",
    "--no-deps",
    "--no-compile",
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar",
    "off",
)


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
    """Install a lock into .venv, every file checked against its hash: part by part, the parts side by side.

    Nothing is compiled yet (see ``compile_packages``): pip does that with one core.
    """
    with tempfile.TemporaryDirectory() as folder:
        commands = []
        for number, part in enumerate(_parts_of(_lock_file(lock), min(os.cpu_count() or 1, MOST_PIPS))):
            source = Path(folder) / f"{number}.txt"
            source.write_text("".join(part), "utf-8")
            commands.append([str(python_of(VENV)), *INSTALL, "-r", str(source)])
        last_lines = _run_pips(commands, len(_locked(_lock_file(lock))))
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


def compile_packages() -> None:
    """Compile what was installed, on every core, so that the first start need not.

    Files of a package that are no Python of today (templates, old examples) are left as they are.
    """
    place = {"base": str(VENV), "platbase": str(VENV)}
    folder = sysconfig.get_path("purelib", scheme="venv", vars=place)
    command = [str(python_of(VENV)), "-m", "compileall", "-qq", "-j", "0", "-x", OWN_TESTS, folder]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


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
    environment = not _venv_works()
    packages = environment or not packages_are_current(lock)
    vendor = not vendor_is_current()
    count = environment + 2 * packages + vendor
    if not count:
        return 0
    steps = Steps(count)
    if environment:
        steps.next("建立 Python 虚拟环境 .venv", "Creating the Python environment .venv")
        make_venv()
    # What the browser loads comes while the Python packages are unpacked: one waits for the network, one for the disk.
    with ThreadPoolExecutor(1) as beside:
        fetched = beside.submit(fetch_vendor) if vendor else None
        if packages:
            steps.next("安装 Python 软件包", "Installing the Python packages")
            install_packages(lock)
            steps.next("编译 Python 软件包", "Compiling the Python packages")
            compile_packages()
        if fetched:
            steps.next("取前端软件包并复制到 assets/vendor", "Fetching what the browser loads")
            fetched.result()
    say(sentence(f"安装完成，用时 {steps.seconds} 秒。", f"Set up in {steps.seconds} s."))
    return count


def _venv_works() -> bool:
    python = python_of(VENV)
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", ""], capture_output=True).returncode == 0


def _run_pips(commands: list[list[str]], total: int) -> str | None:
    """Run pip side by side and say every few seconds how far it is; return the last lines of one that failed."""
    began = said = time.monotonic()
    with ExitStack() as held:
        outputs = [held.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")) for _ in commands]
        runs = [subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) for command, out in zip(commands, outputs, strict=True)]
        while any(run.poll() is None for run in runs):
            time.sleep(0.2)
            if time.monotonic() - said >= REPORT_EVERY_S:
                said = time.monotonic()
                say(f"         {_progress([_read(output) for output in outputs], total)}, {round(said - began)} s")
        failed = [output for run, output in zip(runs, outputs, strict=True) if run.returncode]
        return "\n".join(_read(failed[0]).strip().splitlines()[-15:]) if failed else None


def _read(output: IO[str]) -> str:
    output.seek(0)
    return output.read()


def _progress(outputs: list[str], total: int) -> str:
    """Say how many packages the runs of pip have fetched, or unpacked once all are fetched."""
    if all("Installing collected packages" in output for output in outputs):
        unpacked = sum(1 for _ in VENV.glob("[Ll]ib*/**/site-packages/*.dist-info"))
        return sentence(
            f"已安装 {min(unpacked, total)}/{total}", f"installed {min(unpacked, total)}/{total}"
        )
    fetched = sum(output.count("Collecting ") + output.count("Requirement already satisfied: ") for output in outputs)
    return sentence(f"已下载 {fetched}/{total}", f"fetched {fetched}/{total}")


def _parts_of(lock: Path, number: int) -> list[list[str]]:
    """Deal a lock's packages out to so many lists; each package keeps its hashes."""
    blocks = _locked(lock)
    return [part for at in range(number) if (part := blocks[at::number])]


def _locked(lock: Path) -> list[str]:
    """A lock's packages, each with the lines of its hashes."""
    return [block for block in re.split(r"(?m)^(?=\w)", lock.read_text("utf-8")) if "==" in block.split("\n")[0]]


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
