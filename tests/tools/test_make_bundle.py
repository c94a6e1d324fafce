"""A bundle holds what each system needs, and nothing changed on the way is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import make_bundle
from tools.places import ROOT, python_of

LOCK = """\
# made by hand
everywhere==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
    # via somebody
colorama==0.4 ; sys_platform == 'win32' \\
    --hash=sha256:bb
gunicorn==27.0 ; sys_platform != 'win32' \\
    --hash=sha256:cc
early==5.0 ; python_full_version < '3.11.3' \\
    --hash=sha256:dd
late==5.0 ; python_full_version >= '3.12' \\
    --hash=sha256:ee
"""


def test_linux_gets_its_packages_as_the_release_of_python_needs_them() -> None:
    always = ["everywhere==1.0 --hash=sha256:aa --hash=sha256:ab", "gunicorn==27.0 --hash=sha256:cc"]
    early = make_bundle.requirements_for("linux-x86_64", LOCK, "3.11.2")
    assert early == [*always, "early==5.0 --hash=sha256:dd"]
    assert make_bundle.requirements_for("linux-x86_64", LOCK, "3.11.99") == always


def test_a_package_that_two_releases_need_at_two_versions_is_fetched_at_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = "all==1.0 --hash=sha256:aa\ntwice==1.0 ; python_full_version < '3.11.5' --hash=sha256:bb\ntwice==2.0 ; python_full_version >= '3.11.5' --hash=sha256:cc\n"
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text(lock)
    monkeypatch.setattr(make_bundle, "ROOT", tmp_path)
    asked: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(make_bundle, "_fetch", lambda system, release, wanted, folder: asked.append((release, [line.split(" ")[0] for line in wanted])))
    make_bundle.fetch_wheels("windows-amd64", tmp_path / "wheels" / "w")
    assert asked == [("3.11.0", ["all==1.0", "twice==1.0"]), ("3.11.99", ["twice==2.0"])]


def test_windows_gets_its_packages() -> None:
    names = [line.split("==")[0] for line in make_bundle.requirements_for("windows-amd64", LOCK, "3.11.2")]
    assert names == ["everywhere", "colorama", "early"]


def test_the_checksums_are_those_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "一.txt").write_text("one")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "SHA256SUMS").write_text(make_bundle.checksums(tmp_path))
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert lines[1] == f"{empty}  b.txt"
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_the_source_of_a_bundle_is_the_product_without_its_tests() -> None:
    names = make_bundle.tracked_files()
    assert "requirements/run.txt" in names
    assert "tools/serve_demo.py" in names
    assert [name for name in names if name.startswith(("tests/", ".ci/", "benchmarks/"))] == []


@pytest.mark.parametrize("script", ["install.sh", "start.sh"])
def test_the_scripts_parse(script: str) -> None:
    subprocess.run(["sh", "-n", str(make_bundle.PARTS / script)], check=True)


def test_the_windows_script_has_windows_line_ends_and_says_it_is_untried(tmp_path: Path) -> None:
    make_bundle.write_part(make_bundle.PARTS / "start.bat", tmp_path / "start.bat")
    content = (tmp_path / "start.bat").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 10
    assert b"Untried" in content


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of scripts and one file, without wheels."""
    for part in make_bundle.PARTS.iterdir():
        make_bundle.write_part(part, tmp_path / part.name)
    (tmp_path / "app" / "requirements").mkdir(parents=True)
    (tmp_path / "app" / "requirements" / "run.txt").write_text("")
    (tmp_path / "wheels" / "linux-x86_64").mkdir(parents=True)
    (tmp_path / "SHA256SUMS").write_text(make_bundle.checksums(tmp_path))
    return tmp_path


def install(bundle: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHON": python, "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["sh", str(bundle / "install.sh")], env=environment, capture_output=True, text=True
    )


def test_a_file_changed_on_the_way_is_not_installed(bundle: Path) -> None:
    (bundle / "app" / "requirements" / "run.txt").write_text("something==else\n")
    done = install(bundle)
    assert done.returncode == 1
    assert "copy the whole folder again" in done.stdout
    assert not (bundle / ".venv").exists()


def test_a_machine_without_python_3_11_is_told_so(bundle: Path) -> None:
    done = install(bundle, python="/bin/false")
    assert done.returncode == 1
    assert done.stdout.startswith("Python 3.11 is needed: install python3.11")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_bundle_installs_with_the_network_off(tmp_path: Path) -> None:
    made = make_bundle.make()
    folder = tmp_path / "带空格 的文件夹"
    shutil.copytree(made, folder)
    if os.geteuid() != 0:
        pytest.skip("switching the network off (unshare -n) needs root")
    done = subprocess.run(
        ["unshare", "-n", "sh", str(folder / "install.sh")],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    python = python_of(folder / ".venv")
    subprocess.run([str(python), "-c", "import dash, geopandas, psycopg, pyogrio"], check=True)
    windows = list((folder / "wheels" / "windows-amd64").glob("*.whl"))
    assert any(wheel.name.endswith("win_amd64.whl") for wheel in windows)
    assert ROOT not in folder.parents
