"""Writes dist/onemap-VERSION: one folder that installs and starts on a machine without a network.

It holds the tracked source, what the browser loads, the locked wheels for Linux x86-64 and for
Windows x64, one script each to install and to start, and the checksum of every file.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tools import set_up
from tools.places import ROOT, VENDOR, VENV, python_of
from tools.speech import Steps, Stop, say, sentence

PARTS = Path(__file__).resolve().parent / "bundle"
LEFT_OUT = ("tests/", "benchmarks/", ".ci/", ".git")

# What a marker in the lock is judged by, for each system a bundle serves.
SYSTEMS: dict[str, dict[str, str]] = {
    "linux-x86_64": {
        "sys_platform": "linux",
        "os_name": "posix",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
    },
    "windows-amd64": {
        "sys_platform": "win32",
        "os_name": "nt",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
    },
}
PYTHON = {
    "python_version": "3.11",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}
# A package that any release of Python 3.11 needs is carried (Debian 12 has 3.11.2).
PYTHON_RELEASES = ("3.11.0", "3.11.2", "3.11.3", "3.11.99")
# Newest first; glibc 2.28 is that of Debian 10 and of Kylin V10.
PLATFORMS = {
    "linux-x86_64": [f"manylinux_2_{n}_x86_64" for n in range(28, 4, -1)]
    + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"],
    "windows-amd64": ["win_amd64"],
}


def main() -> int:
    try:
        folder = make()
    except Stop as stop:
        say(str(stop))
        return 1
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    name = folder.relative_to(ROOT)
    say(sentence(f"已写入 {name}（{size >> 20} MB）", f"Wrote {name} ({size >> 20} MB)"))
    return 0


def make() -> Path:
    """Write the bundle and return its folder.

    Raises:
        Stop: this is not a git checkout, or a package has no wheel for one of the systems.
    """
    set_up.set_up("run")
    folder = ROOT / "dist" / f"onemap-{version()}"
    steps = Steps(2 + len(SYSTEMS))
    shutil.rmtree(folder, ignore_errors=True)
    steps.next("复制程序与页面资源", "Copying the product and what the browser loads")
    copy_source(tracked_files(), folder / "app")
    shutil.copytree(VENDOR, folder / "app" / VENDOR.relative_to(ROOT))
    for system in SYSTEMS:
        steps.next(f"取 {system} 的软件包", f"Fetching the packages for {system}")
        fetch_wheels(system, folder / "wheels" / system)
    steps.next("写入脚本与校验和", "Writing the scripts and the checksums")
    for part in sorted(PARTS.iterdir()):
        write_part(part, folder / part.name)
    (folder / "SHA256SUMS").write_text(checksums(folder), "utf-8")
    return folder


def version() -> str:
    """Give the product's version, from pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def tracked_files() -> list[str]:
    """List the files under version control that a bundle carries."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        raise Stop(
            sentence(
                "打包要在 git 仓库中进行：请用 git clone 取得源码后再运行 make bundle。",
                "A bundle is made from a git checkout: git clone the source, then run make bundle.",
            )
        )
    names = [name for name in listed.stdout.split("\0") if name]
    return [name for name in names if not name.startswith(LEFT_OUT) and (ROOT / name).is_file()]


def copy_source(names: list[str], target: Path) -> None:
    """Copy files of the repository, keeping their paths and modes."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)


def fetch_wheels(system: str, folder: Path) -> None:
    """Download the locked wheels of one system, each checked against its hash, for every release of Python 3.11."""
    folder.mkdir(parents=True)
    lock = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    fetched: set[str] = set()
    for release in PYTHON_RELEASES:
        # Two releases may need one package at two versions, which pip does not fetch in one go.
        wanted = [line for line in requirements_for(system, lock, release) if line not in fetched]
        fetched.update(wanted)
        if wanted:
            _fetch(system, release, wanted, folder)


def _fetch(system: str, release: str, wanted: list[str], folder: Path) -> None:
    listed = folder.parent / f"{system}.txt"
    listed.write_text("\n".join(wanted) + "\n", "utf-8")
    platforms = [f"--platform={platform}" for platform in PLATFORMS[system]]
    done = subprocess.run(
        [
            str(python_of(VENV)),
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--disable-pip-version-check",
            "--require-hashes",
            "--only-binary=:all:",
            "--implementation=cp",
            f"--python-version={release}",
            "--abi=cp311",
            "--abi=abi3",
            "--abi=none",
            *platforms,
            "--dest",
            str(folder),
            "-r",
            str(listed),
        ],
        capture_output=True,
        text=True,
    )
    listed.unlink()
    if done.returncode:
        raise Stop(
            (done.stdout + done.stderr).strip()
            + "\n"
            + sentence(
                f"{system} 的软件包没有取全：请检查网络，或在 requirements/run.in 中换用有安装包的版本。",
                f"Not every package for {system} could be fetched: check the network, or choose "
                "in requirements/run.in a version that has a wheel.",
            )
        )


def requirements_for(system: str, lock: str, release: str) -> list[str]:
    """List the lines of a lock that apply to one system and release of Python, markers judged and removed.

    pip judges markers by the machine it runs on, so a bundle for another system is judged here.
    """
    from pip._vendor.packaging.markers import Marker

    environment = {**PYTHON, **SYSTEMS[system], "python_full_version": release}
    kept = []
    text = re.sub(r"^\s*#.*\n", "", lock, flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(None, (" ".join(line.split()) for line in text.splitlines())):
        pinned, _, hashes = line.partition(" --hash=")
        name, _, marker = pinned.partition(";")
        if not marker or Marker(marker.strip()).evaluate(environment):
            kept.append(f"{name.strip()} --hash={hashes}")
    return kept


def write_part(part: Path, target: Path) -> None:
    """Write one of the bundle's own files: the version filled in, line ends as its system wants."""
    text = part.read_text("utf-8").replace("{version}", version())
    windows = part.suffix in {".bat", ".txt"}
    target.write_text(text, "utf-8", newline="\r\n" if windows else "\n")
    target.chmod(0o755 if part.suffix == ".sh" else 0o644)


def checksums(folder: Path) -> str:
    """Give one ``sha256  path`` line for every file under a folder, in the order of the paths."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
        if path.name != "SHA256SUMS"
    )


if __name__ == "__main__":
    sys.exit(main())
