"""What the papers of the streets cost: 200 packs, against plain documents of the same words without ours.

Run ``python -m benchmarks.papers [PACKS]``. Ours and the baseline take turns; processor time of this
process counts, and the ratio of the two, because a machine that others use tells no wall time. The
baseline writes the same paragraphs, tables and picture with python-docx alone, the same cells with
xlsxwriter alone, and the same HTML as it is. The budget is 60 seconds for 200 packs on two cores.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time

import docx
import geopandas as gpd
import openpyxl
import xlsxwriter
from docx.shared import Mm
from shapely.geometry import box

from briefing.documents import Facts, PaperSettings
from briefing.packs import pack, street_packs

STREETS, GRIDS, ROUNDS = 200, 60, 12
BUDGET_SECONDS = 60.0


def made_facts(streets: int = STREETS, grids: int = GRIDS) -> tuple[Facts, PaperSettings]:
    """Facts and outlines of a district of so many streets of so many grids each, a fifth of them overdue."""
    late = grids // 5
    rows, areas, classes = [], [], {}
    for at in range(streets):
        code, west, south = f"S{at:03d}", 120 + at % 20 * 0.1, 30 + at // 20 * 0.1
        codes = [f"{code}-{place:03d}" for place in range(grids)]
        shapes = [box(west + place % 10 * 0.01, south + place // 10 * 0.01, west + place % 10 * 0.01 + 0.01, south + place // 10 * 0.01 + 0.01) for place in range(grids)]
        areas.append((code, "street", f"第{at + 1}街道", f"Street {at + 1}", code, box(west, south, west + 0.1, south + grids / 1000)))
        areas += [(one, "grid", one, "", code, shape) for one, shape in zip(codes, shapes, strict=True)]
        classes |= dict.fromkeys(codes, "none")
        rows.append({
            "code": code, "name": f"第{at + 1}街道", "name_en": f"Street {at + 1}", "short_name": f"{at + 1}", "grids": grids, "ok": grids - late, "due": 0, "over": late,
            "never": 0, "coverage": 0.8, "key_n": 8, "key_N": 10, "visits": 400, "penalties": 1, "open_cases": 1, "high_sites": 2, "sites": 9, "events_before": 6,
            "events_after": 5, "exposure": 900, "ratio": 0.83, "low": 0.2, "high": 3.1, "p": 1.0, "verdict": "波动范围内",
            "overdue_grids": [{"code": one, "days": 40, "state": "over"} for one in codes[:late]],
        })  # fmt: skip
    frame = gpd.GeoDataFrame(areas, columns=["code", "level", "name", "name_en", "street_code", "geometry"], geometry="geometry", crs=4326)
    middle = frame.geometry.representative_point()
    whole = rows[0] | {"code": "D", "name": "示范区", "name_en": "Demo District", "overdue_grids": []}
    figures = {f"K{at}": {"name": "巡排查", "unit": "户次", "value": at * 10, "n": None, "N": None} for at in range(1, 23)}
    facts = {
        "version": 1, "district": whole, "demo": True, "scope": {"areas": [], "agencies": []}, "as_of": "2023-07-31", "start": "2023-07-01", "end": "2023-07-31",
        "before": {"start": "2023-06-01", "end": "2023-06-30"}, "taken_at": "2023-07-31T10:46:00+08:00", "data_version": {}, "meeting": None, "figures": figures,
        "figures_before": figures, "streets": rows, "agencies": [], "grid_classes": classes, "hotspots": [], "decisions": [], "campaign_effect": None, "cases": [],
        "trackers": {"must_transfer": [], "watch": [], "check_qualification": []}, "recurrence": {"closures": 0, "displaced": []}, "deadlines": [],
        "registered_places": [], "joint_needs": {},
    }  # fmt: skip
    return facts, PaperSettings(demo=True, snapshot="1", outlines=frame.assign(label_lon=middle.x, label_lat=middle.y))


def plain_pack(files: list[tuple[str, bytes]]) -> None:
    """The baseline: what the files of a pack hold, written again by the bare libraries."""
    for name, content in files:
        if name.endswith(".docx"):
            _plain_docx(content)
        elif name.endswith(".xlsx"):
            _plain_xlsx(content)
        else:
            content.decode().encode()


def _plain_docx(content: bytes) -> None:
    ours, plain = docx.Document(io.BytesIO(content)), docx.Document()
    for line in ours.paragraphs:
        plain.add_paragraph(line.text)
    for table in ours.tables:
        made = plain.add_table(rows=0, cols=len(table.columns))
        for row in table.rows:
            for cell, text in zip(made.add_row().cells, [cell.text for cell in row.cells], strict=True):
                cell.text = text
    for part in ours.part.package.image_parts:
        plain.add_picture(io.BytesIO(part.blob), width=Mm(140))
    plain.save(io.BytesIO())


def _plain_xlsx(content: bytes) -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True):
            page = book.add_worksheet(sheet.title)
            for at, row in enumerate(sheet.iter_rows(values_only=True)):
                page.write_row(at, 0, ["" if value is None else value for value in row])


def main(packs: int = STREETS) -> int:
    facts, settings = made_facts(packs)
    codes = [row["code"] for row in facts["streets"]]
    pack(facts, settings, codes[0])
    ours, baseline = [], []
    for code in codes[:ROUNDS]:
        began = time.process_time()
        _, files = pack(facts, settings, code)
        between = time.process_time()
        plain_pack(files)
        ours.append(between - began)
        baseline.append(time.process_time() - between)
    one, bare = statistics.median(ours), statistics.median(baseline)
    print(f"one pack: {one * 1000:.0f} ms of processor time; the same words by the bare libraries: {bare * 1000:.0f} ms; ratio {one / bare:.2f}")
    began, spent = time.perf_counter(), os.times()
    archive = street_packs(facts, settings)
    after = os.times()
    seconds = time.perf_counter() - began
    used = after.user + after.system + after.children_user + after.children_system - spent.user - spent.system - spent.children_user - spent.children_system
    print(f"{packs} packs, {len(archive) / 2**20:.1f} MB: {used:.1f} s of processor time of all processes, half of it {used / 2:.1f} s; {seconds:.1f} s by the clock, load {os.getloadavg()[0]:.1f}")
    print(f"budget {BUDGET_SECONDS:.0f} s on two free cores: {'kept' if used / 2 <= BUDGET_SECONDS else 'broken'}")
    return 0 if used / 2 <= BUDGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else STREETS))
