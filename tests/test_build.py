"""Holds the locks and the built assets to their promises: pinned, hashed, complete, no address."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import folium.folium
import pytest

from tools import vendor_assets
from tools.places import ROOT, VENDOR

LOCKS = ("run", "test", "node", "lock")
ROOMS = ("commands", "dashboard", "briefing", "layers", "data_access", "rules")
DOORS = ("app.py", "cli.py", "settings.py")
# Needed without being imported: a database driver named in a URL, a server started by name,
# the time zones that Python reads, and the script that draws charts declared as plain values.
NEVER_IMPORTED = {"psycopg", "gunicorn", "tzdata", "plotly"}
TESTING_ONLY = {"pytest-xdist", "pytest-timeout", "ruff"}
# Spelt in halves so that this file does not name one.
REGISTRIES = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "npmjs" + r"\.org",
            "npm" + "mirror",
            "tuna" + r"\.tsinghua",
            "mirrors" + r"\.aliyun",
            "--(extra-)?index" + "-url",
            r"_auth" + "Token",
            "file:" + "///",
        )
    )
)


def pins(lock: str) -> dict[str, set[str]]:
    """Give the versions that a lock pins, by normalised package name."""
    found: dict[str, set[str]] = {}
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", text, re.M):
        found.setdefault(normalised(name), set()).add(version)
    return found


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(name: str) -> set[str]:
    """Give the packages that an input asks for."""
    text = (ROOT / "requirements" / f"{name}.in").read_text("utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return {
        normalised(re.split(r"[\[<>=;! ]", line)[0]) for line in lines if line and line[0] != "-"
    }


def imported(paths: list[Path]) -> set[str]:
    """Give the packages, by distribution name, that Python files import from outside this house."""
    distributions = distributions_of_modules()
    modules: set[str] = set()
    for path in paths:
        modules |= imported_modules(path)
    ours = {path.stem for path in ROOT.glob("*.py")} | {
        path.name for path in ROOT.iterdir() if path.is_dir()
    }
    return {
        normalised(name)
        for module in modules - sys.stdlib_module_names - ours
        for name in distributions.get(module, [module])[:1]
    }


@cache
def imported_modules(path: Path) -> set[str]:
    """Give the modules that a file imports from outside its own folder, by the first part of their names."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.split(".")[0])
    return modules


distributions_of_modules = cache(importlib.metadata.packages_distributions)


def product_files() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + [
        ROOT / door for door in DOORS
    ]


def tracked_text() -> list[tuple[Path, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    texts = []
    for path in paths:
        if not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            texts.append((path, content.decode("utf-8", "replace")))
    return texts


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pinned_package_carries_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.replace("\\\n", " "))
    pinned = [entry for entry in entries if "==" in entry]
    assert len(pinned) >= 1
    assert [entry for entry in pinned if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_asked_for_is_pinned(lock: str) -> None:
    assert asked(lock) - pins(lock).keys() == set()


def test_the_tests_run_on_the_versions_of_the_product() -> None:
    tested = pins("test")
    assert {name: tested.get(name) for name in pins("run")} == pins("run")


def test_what_the_product_imports_is_asked_for_by_name() -> None:
    assert imported(product_files()) - asked("run") == set()


def test_what_is_asked_for_is_imported() -> None:
    assert asked("run") - NEVER_IMPORTED - imported(product_files()) == set()


def test_what_the_tests_import_is_asked_for_by_name() -> None:
    tests = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    assert imported(tests) - asked("run") - asked("test") == set()
    assert asked("test") - TESTING_ONLY - imported(tests + product_files()) == set()


def test_the_tools_run_before_anything_is_installed() -> None:
    tools = [
        path for path in (ROOT / "tools").rglob("*.py") if path.name != "merge_translations.py"
    ]
    # The bundle judges markers with the copy of `packaging` that every pip carries.
    assert imported(tools) - {"pip"} == set()


def test_no_file_names_a_package_registry() -> None:
    named = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in tracked_text()
        if (match := REGISTRIES.search(text))
    ]
    assert named == []


def test_npm_packages_are_exact_and_hashed_and_hold_no_address() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert versions == {name: lock[f"node_modules/{name}"]["version"] for name in versions}
    packages = {name: entry for name, entry in lock.items() if name}
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_the_map_engine_is_new_enough_to_be_safe() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    major, minor, patch = map(int, lock["node_modules/maplibre-gl"]["version"].split("."))
    assert (major, minor, patch) >= (6, 4, 1)
    (plotly,) = pins("run")["plotly"]
    assert tuple(map(int, plotly.split("."))) >= (7, 1, 0)


def test_every_font_file_named_is_there() -> None:
    text = (VENDOR / "fonts.css").read_text("utf-8")
    named = re.findall(r"url\(\./([^)]+)\)", text)
    assert len(named) > 100
    assert [name for name in named if not (VENDOR / name).is_file()] == []
    families = set(re.findall(r"font-family: '([^']+)'", text))
    assert families == {"Noto Sans SC Variable", "Barlow", "Barlow Semi Condensed"}


def test_the_built_assets_fetch_nothing_from_elsewhere() -> None:
    sheets = sorted(VENDOR.rglob("*.css"))
    assert sheets
    fetched = [
        f"{sheet.relative_to(VENDOR)}: {address}"
        for sheet in sheets
        for address in re.findall(
            r"(?:url\(|@import )[\"']?((?:https?:)?//[^)\"']+)", sheet.read_text("utf-8")
        )
    ]
    assert fetched == []


def test_the_built_assets_are_the_versions_folium_asks_for() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    addresses = [url for _, url in folium.folium._default_js + folium.folium._default_css]
    asked_for = dict(re.findall(r"/npm/((?:@[^/\s]+/)?[^/@\s]+)@([^/\s]+)/", " ".join(addresses)))
    assert set(asked_for) == {"leaflet", "bootstrap", "@fortawesome/fontawesome-free"}
    held = {name: lock[f"node_modules/{name}"]["version"] for name in asked_for}
    assert held == asked_for
    assert set(asked_for) <= set(vendor_assets.WANTED)


def test_every_part_of_the_built_assets_carries_its_licence() -> None:
    without = [
        package
        for package in vendor_assets.WANTED
        if not any((VENDOR / package / name).exists() for name in vendor_assets.LICENCES)
    ]
    assert without == []
