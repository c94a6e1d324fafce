"""A test run says what it leaves out, and in continuous integration leaves nothing out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tools import run_tests, system_packages
from tools.places import ROOT
from tools.speech import Stop
from tools.system_packages import SystemPiece

ABSENT = SystemPiece("甲", "Piece A", ("piece-a", "piece-a-data"), lambda: False)
PRESENT = SystemPiece("乙", "Piece B", ("piece-b",), lambda: True)


def test_an_ordinary_user_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(system_packages, "may_install", lambda: False)
    assert system_packages.bring((ABSENT, PRESENT)) == [ABSENT]
    (line,) = capsys.readouterr().out.splitlines()
    assert "Piece A" in line
    assert "Piece B" not in line
    assert line.endswith("sudo apt-get install piece-a piece-a-data")


def test_a_complete_run_fails_when_something_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "may_install", lambda: False)
    with pytest.raises(Stop, match="piece-a"):
        system_packages.bring((ABSENT, PRESENT), complete=True)


def test_a_complete_run_fails_when_root_could_not_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(system_packages, "may_install", lambda: True)
    monkeypatch.setattr(system_packages, "install", asked.append)
    with pytest.raises(Stop):
        system_packages.bring((ABSENT, PRESENT), complete=True)
    assert asked == [["piece-a", "piece-a-data"]]


def test_root_installs_only_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    piece = SystemPiece("丙", "Piece C", ("piece-c",), lambda: "piece-c" in installed)
    monkeypatch.setattr(system_packages, "may_install", lambda: True)
    monkeypatch.setattr(system_packages, "install", installed.extend)
    assert system_packages.bring((PRESENT, piece), complete=True) == []
    assert installed == ["piece-c"]


def test_nothing_is_said_when_everything_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert system_packages.bring((PRESENT,), complete=True) == []
    assert capsys.readouterr().out == ""


def test_continuous_integration_asks_for_a_complete_run() -> None:
    assert run_tests.test_environment({"CI": "true"})["ONEMAP_TEST_COMPLETE"] == "1"
    assert "ONEMAP_TEST_COMPLETE" not in run_tests.test_environment({})


def test_the_settings_of_a_running_product_do_not_reach_the_tests() -> None:
    environment = {"ONEMAP_DATABASE_URL": "postgresql://customer/live", "PATH": "/bin"}
    assert run_tests.test_environment(environment) == {"PATH": "/bin"}


def test_the_ci_script_runs_the_tests_with_nothing_left_out(tmp_path: Path) -> None:
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "make $* in $PWD complete=$ONEMAP_TEST_COMPLETE"\nexit 7\n')
    make.chmod(0o755)
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout == f"make test in {ROOT} complete=1\n"
    assert done.returncode == 7


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as a person does, not as a child of the make that runs the tests."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_help_lists_every_command() -> None:
    done = make("help")
    listed = {line.split()[1] for line in done.stdout.splitlines()}
    assert listed == {
        "help",
        "setup",
        "run",
        "test",
        "test-long",
        "bench",
        "bundle",
        "lock",
        "check",
        "clean",
    }


def test_make_without_a_new_enough_python_says_so() -> None:
    done = make("-n", "setup", "PYTHON=")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed: install python3.11" in done.stderr


SHARED = ["--dist", "loadfile", "--no-loadscope-reorder"]


@pytest.mark.parametrize(("cores", "options"), [(1, []), (2, ["-n", "3", *SHARED]), (64, ["-n", "4", *SHARED])])
def test_the_files_of_tests_share_the_cores(cores, options):
    assert run_tests.side_by_side(cores) == options
