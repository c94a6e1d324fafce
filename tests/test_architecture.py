"""The house stands as drawn: rooms import rightwards only, each library lives in one room."""

import ast
import importlib
import pkgutil
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("commands", "dashboard", "briefing", "layers", "data_access", "rules")
"""From left to right; a room imports itself and the rooms after it."""
DOORS = ("app", "cli", "settings")
HOME = {
    "dash": "dashboard", "plotly": "dashboard", "flask_caching": "dashboard", "dash_ag_grid": "dashboard", "flask": "dashboard",
    "folium": "briefing", "branca": "briefing", "docx": "briefing", "pptx": "briefing", "reportlab": "briefing", "matplotlib": "briefing",
    "sqlalchemy": "data_access", "alembic": "data_access", "geoalchemy2": "data_access", "psycopg": "data_access", "pyogrio": "data_access",
    "python_calamine": "data_access",
}  # fmt: skip
PURE = {
    "pandas", "numpy", "shapely", "geopandas", "scipy", "esda", "libpysal", "pyproj", "chinese_calendar", "babel", "rules",
}  # fmt: skip
"""What ``rules`` may import beyond the standard library."""
NO_DOOR = ("os.environ", "os.getenv", "getenv", "datetime.now", "dt.datetime.now", "date.today", "dt.date.today",
           "datetime.today", "dt.datetime.today", "utcnow", "time.time", "time.localtime", "pd.Timestamp.now", "pd.Timestamp.today")  # fmt: skip
"""Ways to read the environment or the calendar; only doors may."""
MACHINE_TIME = {"data_access/columns.py", "dashboard/deliveries.py", "dashboard/meeting_packs.py"}
"""Identifiers carry the machine's time by their standard (RFC 9562); a file's age is in it, too."""
DOORS_OF_PARTS = {"dashboard/door.py", "dashboard/partial.py", "dashboard/views/wall.py", "dashboard/meeting_packs.py", "dashboard/readiness.py"}
"""Where everything is caught: at the door, around one part of a page so that the others stay, and in a thread of its own."""
REGISTRIES = {
    "layers": "LAYER", "dashboard.panels": "PANEL", "dashboard.views": "VIEW",
    "briefing.documents": "PAPER", "data_access.importing.kinds": "KIND", "data_access.importing.formats": "FORMAT",
}  # fmt: skip


def files_of(room):
    return [file for file in sorted((ROOT / room).rglob("*.py")) if "node_modules" not in file.parts]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_itself_and_what_stands_to_its_right(room):
    doors = set(DOORS) - ({"settings"} if room == "commands" else set())
    forbidden = {*ROOMS[: ROOMS.index(room)], *doors, "tests", "tools", "benchmarks"}
    found = [
        f"{file.relative_to(ROOT)}: {name}" for file in files_of(room) for name in imports(file) if name.split(".")[0] in forbidden
    ]
    assert found == []


@pytest.mark.parametrize("library", sorted(HOME))
def test_a_library_lives_in_one_room(library):
    found = [
        str(file.relative_to(ROOT))
        for room in ROOMS if room != HOME[library]
        for file in files_of(room)
        if any(name.split(".")[0] == library for name in imports(file))
    ]
    assert found == []


def test_rules_are_pure():
    import sys

    found = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files_of("rules")
        for name in imports(file)
        if name.split(".")[0] not in PURE | sys.stdlib_module_names
    ]
    assert found == []


@pytest.mark.parametrize("room", ROOMS)
def test_below_the_doors_nobody_reads_the_clock_or_the_environment(room):
    found = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in files_of(room) if str(file.relative_to(ROOT)) not in MACHINE_TIME
        for line, name in dotted_names(file) if name in NO_DOOR
    ]
    assert found == []


def test_the_check_of_the_clock_sees_a_clock(tmp_path):
    (tmp_path / "x.py").write_text("import datetime as dt\nnow = dt.datetime.now()\nkey = os.environ['A']\n")
    assert [name for _, name in dotted_names(tmp_path / "x.py") if name in NO_DOOR] == ["dt.datetime.now", "os.environ"]


@pytest.mark.parametrize(("folder", "declaration"), sorted(REGISTRIES.items()))
def test_every_file_of_a_registry_is_one_declared_item(folder, declaration):
    package = importlib.import_module(folder)
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    assert names
    for name in names:
        item = getattr(importlib.import_module(f"{folder}.{name}"), declaration, None)
        assert is_dataclass(item), f"{folder}/{name}.py declares no {declaration}"
        assert type(item).__module__ == folder, f"{folder}/{name}.py"


@pytest.mark.parametrize("folder", sorted(REGISTRIES))
def test_no_two_items_of_a_registry_bear_one_name(folder):
    package = importlib.import_module(folder)
    names = [getattr(importlib.import_module(f"{folder}.{one.name}"), REGISTRIES[folder]).name for one in pkgutil.iter_modules(package.__path__)]
    assert sorted(set(names)) == sorted(names)


def test_no_callback_exception_is_suppressed():
    found = [
        str(file.relative_to(ROOT))
        for room in (*ROOMS, *(f"{door}.py" for door in DOORS))
        for file in ([ROOT / room] if room.endswith(".py") else files_of(room))
        if "suppress_callback_exceptions" in code_of(file)
    ]
    assert found == []


def test_every_file_opens_with_one_sentence():
    found = []
    for file in [ROOT / f"{door}.py" for door in DOORS] + [file for room in ROOMS for file in files_of(room)]:
        said = ast.get_docstring(nodes_of(file)[0]) or ""
        first = said.split("\n\n")[0].strip()
        if not first.endswith((".", "。")) and not first.endswith(":"):
            found.append(str(file.relative_to(ROOT)))
    assert found == []


def test_nothing_is_called_utils():
    vague = {"utils", "helpers", "common", "base", "manager", "core", "util", "misc"}
    assert [str(file.relative_to(ROOT)) for room in ROOMS for file in (ROOT / room).rglob("*") if file.stem in vague] == []


def test_only_the_doors_catch_everything():
    found = []
    for room in ROOMS:
        for file in files_of(room):
            for node in nodes_of(file):
                bare = isinstance(node, ast.ExceptHandler) and (
                    node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
                )
                if bare and str(file.relative_to(ROOT)) not in DOORS_OF_PARTS:
                    found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert found == []


@cache
def imports(file):
    """Every module that a file imports, wherever in it."""
    found = []
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.append(node.module)
    return found


@cache
def nodes_of(file):
    """Everything that the syntax of a file consists of; it is asked for by many tests."""
    return list(ast.walk(ast.parse(file.read_text("utf-8"))))


def dotted_names(file):
    """Every name with its dots, and its line: ``dt.datetime.now``."""
    for node in nodes_of(file):
        if isinstance(node, ast.Attribute):
            parts, at = [node.attr], node.value
            while isinstance(at, ast.Attribute):
                parts.append(at.attr)
                at = at.value
            if isinstance(at, ast.Name):
                yield node.lineno, ".".join([at.id, *reversed(parts)])


def code_of(file):
    """A file's source without its docstrings and comments."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = ""
    return ast.unparse(tree)
