"""Makes a district of any size by code, straight through the schema, for measuring and for trying.

It is not the demo: outlines, names and events come from a seed number and mean nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from data_access.columns import new_ids
from data_access.database import Database
from data_access.districts import districts
from data_access.schema import FACTS
from data_access.versions import raise_versions

DISTRICT = "990199"
WEST, SOUTH = 121.10, 31.20
STEPS = 6
"""Pieces of a grid's side; four sides give 24 corners, 25 points with the closing one."""
ROWS_A_TIME = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each; ``points`` are sites, cases and construction sites together."""

    streets: int
    grids: int
    points: int
    visits_a_grid: int = 3


DISTRICT_SIZE = Size(streets=12, grids=706, points=800)
LARGE = Size(streets=234, grids=50_000, points=10_000)


def make(file: Path, size: Size, today: dt.date, seed: int = 9) -> Database:
    """Write a SQLite database with areas, visits, sites, cases and construction sites.

    Args:
        file: where; a district already made there is taken, moved to today's structure.
        today: the last day of the events.
        seed: same seed, same district.
    """
    database = Database.open(f"sqlite:///{file}")
    database.migrate()
    if districts(database):
        return database
    numbers = np.random.default_rng(seed)
    areas = _areas(size, numbers)
    tables = {"area": areas, "agency": _agencies()}
    grids = [row for row in areas if row["level"] == "grid"]
    tables |= _points(size, grids, numbers, today)
    tables["patrol_visit"] = _visits(size, grids, numbers, today)
    now = dt.datetime.combine(today, dt.time(8), dt.UTC)
    with database.write() as connection:
        for name, rows in tables.items():
            whole = _whole(rows, now)
            for start in range(0, len(whole), ROWS_A_TIME):
                connection.execute(FACTS[name].insert(), whole[start : start + ROWS_A_TIME])
        raise_versions(connection, DISTRICT, tables, now)
    return database


def _whole(rows: list[dict], now: dt.datetime) -> list[dict]:
    """Rows with what every fact carries."""
    ids = new_ids(len(rows), 1)
    common = {"district_code": DISTRICT, "source_code": "made", "batch_id": "made", "recorded_at": now}
    return [
        {"row_id": key, "id": key, "number": f"M{at:06d}", "row_number": at, "content_hash": "", **common, **row}
        for at, (key, row) in enumerate(zip(ids, rows, strict=True), 1)
    ]


def _areas(size: Size, numbers: np.random.Generator) -> list[dict]:
    columns = max(1, round((size.grids * 0.8) ** 0.5))
    height = -(-size.grids // columns)
    side = 0.0052 if size.grids < 5_000 else 0.0026
    cells = [(at // columns, at % columns) for at in range(size.grids)]
    across, up = _lines(columns, height, side, numbers)
    shapes = [_cell(across, up, row, column) for row, column in cells]
    street_of = _blocks(columns, height, size.streets)
    hood_of = _blocks(columns, height, max(size.streets, size.grids // 2))
    names = [f"S{street_of[cell]:03d}" for cell in cells]
    hoods = [f"{name}-H{hood_of[cell]:05d}" for name, cell in zip(names, cells, strict=True)]
    rows = [_area(DISTRICT, "district", None, "量测区", shapely.union_all(shapes))]
    for level, of, parent in (("street", names, None), ("neighbourhood", hoods, names)):
        members: dict[str, list[int]] = {}
        for at, code in enumerate(of):
            members.setdefault(code, []).append(at)
        for code, ats in sorted(members.items()):
            name = f"第{int(code[1:4]) + 1}街道" if level == "street" else f"第{code[-5:]}居委"
            above = DISTRICT if parent is None else parent[ats[0]]
            rows.append(_area(code, level, above, name, shapely.union_all([shapes[at] for at in ats])))
    for at, (hood, shape) in enumerate(zip(hoods, shapes, strict=True)):
        code = f"{names[at]}-{at + 1:05d}"
        rows.append(_area(code, "grid", hood, code, shape) | {"street_code": names[at], "hood": hood})
    for row in rows:
        row.pop("hood", None)
        row.pop("street_code", None)
    return rows


def _area(code: str, level: str, parent: str | None, name: str, shape: shapely.Geometry) -> dict:
    west, south, east, north = shape.bounds
    label = shape.representative_point()
    return {
        "code": code, "level": level, "parent_code": parent, "name": name, "name_en": f"{level} {code}",
        "short_name": name.removesuffix("街道"), "valid_from": dt.date(2020, 1, 1), "geometry": shape,
        "geometry_hash": hashlib.blake2b(shape.wkb, digest_size=16).hexdigest(),
        "west": west, "south": south, "east": east, "north": north,
        "label_lon": label.x, "label_lat": label.y, "area_km2": 0.2,
    }


def _lines(columns: int, height: int, side: float, numbers: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The shared sides of the cells: [row, column, step, lon/lat], running east and running north."""
    row, column = np.mgrid[0 : height + 1, 0 : columns + 1]
    corner = np.stack([WEST + column * side, SOUTH + row * side * 0.86], axis=-1).astype(float)
    corner += numbers.uniform(-0.22, 0.22, corner.shape) * side
    share = np.linspace(0, 1, STEPS + 1)[:, None]

    def between(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        line = begin[:, :, None] * (1 - share) + end[:, :, None] * share
        line[:, :, 1:-1] += numbers.uniform(-0.03, 0.03, line[:, :, 1:-1].shape) * side
        return line

    return between(corner[:, :-1], corner[:, 1:]), between(corner[:-1], corner[1:])


def _cell(across: np.ndarray, up: np.ndarray, row: int, column: int) -> shapely.Polygon:
    ring = [across[row, column], up[row, column + 1], across[row + 1, column][::-1], up[row, column][::-1]]
    return shapely.Polygon(np.round(np.concatenate([line[:-1] for line in ring]), 7))


def _blocks(columns: int, height: int, count: int) -> dict[tuple[int, int], int]:
    """Which of about ``count`` rectangular blocks each cell belongs to."""
    wide = max(1, round((count * columns / height) ** 0.5))
    high = max(1, -(-count // wide))
    return {
        (row, column): min(row * high // height, high - 1) * wide + min(column * wide // columns, wide - 1)
        for row in range(height)
        for column in range(columns)
    }


def _agencies() -> list[dict]:
    return [{"code": "AG1", "name": "量测区卫生监督所", "system": "health", "level": "district", "area_code": DISTRICT}]


def _place(grid: dict, numbers: np.random.Generator) -> dict:
    """A place inside a grid and the areas it falls in."""
    lon = float(grid["label_lon"] + numbers.uniform(-0.0006, 0.0006))
    lat = float(grid["label_lat"] + numbers.uniform(-0.0005, 0.0005))
    return {**_codes(grid), "lon": round(lon, 6), "lat": round(lat, 6), "located": "point"}


def _codes(grid: dict) -> dict:
    return {
        "street_code": grid["code"][:4], "neighbourhood_code": grid["parent_code"], "grid_code": grid["code"],
    }


def _points(size: Size, grids: list[dict], numbers: np.random.Generator, today: dt.date) -> dict[str, list[dict]]:
    cases, building = size.points // 20, size.points * 3 // 20
    sites = size.points - cases - building
    at = numbers.integers(0, len(grids), size.points)
    ids = new_ids(size.points, 2)
    risks = numbers.choice(["high", "mid", "low", "ungraded"], sites, p=[0.1, 0.4, 0.4, 0.1])
    made: dict[str, list[dict]] = {name: [] for name in ("site", "site_event", "case", "case_event", "construction_site")}
    for place, risk in enumerate(risks):
        found = today - dt.timedelta(days=int(numbers.integers(40, 600)))
        made["site"].append({
            **_place(grids[at[place]], numbers), "id": ids[place], "premises": "rental", "category": "infusion",
            "first_seen": found, "number": f"P{place:05d}",
        })
        events = [("found", found, None), ("closed", found + dt.timedelta(days=20), None)]
        if risk != "ungraded":
            events.append(("graded", found + dt.timedelta(days=21), str(risk)))
        made["site_event"] += [
            {"site_id": ids[place], "day": day, "event": event, "risk": grade} for event, day, grade in events
        ]
    for place in range(sites, sites + cases):
        filed = today - dt.timedelta(days=int(numbers.integers(1, 88)))
        made["case"].append({
            **_place(grids[at[place]], numbers), "id": ids[place], "kind": "unlicensed", "category": "dental",
            "premises": "rental", "agency_code": "AG1", "joint": False, "number": f"C{place:05d}",
        })
        made["case_event"].append({"case_id": ids[place], "day": filed, "event": "filed"})
    for place in range(sites + cases, size.points):
        made["construction_site"].append({
            **_place(grids[at[place]], numbers), "id": ids[place], "name": f"第{place}号工地", "phase": "structure",
            "workers": int(numbers.integers(20, 400)), "started_on": today - dt.timedelta(days=200),
        })
    return made


def _visits(size: Size, grids: list[dict], numbers: np.random.Generator, today: dt.date) -> list[dict]:
    rows = []
    findings = np.array(["none", "suspect", "confirmed"])
    for grid in grids:
        if numbers.random() < 0.012:
            continue
        last = int(numbers.gamma(4, 4.2))
        for step in range(size.visits_a_grid):
            ago = last + int(numbers.integers(8, 30)) * step
            rows.append({
                **_codes(grid), "located": "area", "day": today - dt.timedelta(days=ago), "agency_code": "AG1",
                "target_kind": "grid", "mode": "patrol", "visits": int(numbers.integers(1, 5)),
                "finding": str(findings[numbers.choice(3, p=[0.94, 0.05, 0.01])]),
            })
    return rows
