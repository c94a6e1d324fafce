"""The map of a paper: areas in the colours of the screen, numbered hotspots, a legend, a scale, its notices."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline
from pyproj import Transformer

from briefing.paper_words import CLASSES, Reader
from layers import COLORS
from rules.language import N_

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

FONTS = Path(__file__).resolve().parent.parent / "assets" / "vendor" / "@expo-google-fonts" / "noto-sans-sc"
REGULAR, BOLD = FONTS / "400Regular" / "NotoSansSC_400Regular.ttf", FONTS / "700Bold" / "NotoSansSC_700Bold.ttf"
LIGHT = 1
INK, LAND, STREET_LINE, GRID_LINE = COLORS["ink"][LIGHT], "#E9ECEB", "#2A3944", "#FFFFFF"

SIGNIFICANCE = {
    "very_high": "#9E2A0E", "high": "#DB6A3A", "tending_high": "#F3BE9E", "none": LAND, "low": "#5A94C2", "under_patrolled": COLORS["cov-never"][LIGHT],
}  # fmt: skip
"""Colour of a grid's class: the light theme's ``sig-`` tokens."""

RINGS = {"very_high": "double", "high": "solid", "tending_high": "dashed", "under_patrolled": "dotted"}
"""How a hotspot's ring is drawn, so that its strength shows without colour."""

PATROL = {"over": (N_("逾期"), COLORS["cov-over"][LIGHT]), "never": (N_("从未巡查"), COLORS["cov-never"][LIGHT])}
COVERAGE_BREAKS = (0.80, 0.85, 0.90, 0.95)
COVERAGE = tuple(COLORS[f"seq-{place}"][LIGHT] for place in range(1, 6))


PACKED = 4
"""How hard a PNG is packed, of 9: as small as at 6 but for a few kB, in half the time."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class of a map: legend text, colour, and whether it is hatched."""

    label: str
    color: str
    hatched: bool = False


def hotspot_map(reader: Reader, *, width_mm: float = 160, height_mm: float = 110, street: str | None = None, type_size: float = 1.0) -> bytes | None:
    """Grids by significance with the numbered hotspots; see ``area_map``."""
    t = reader.t
    classes = {key: Class(t(CLASSES[key]), color, key == "under_patrolled") for key, color in SIGNIFICANCE.items()}
    found = {code: key for code, key in reader.facts["grid_classes"].items() if key in classes}
    return area_map(reader, found, classes, level="grid", rest="none", rings=True, width_mm=width_mm, height_mm=height_mm, street=street, type_size=type_size)


def patrol_map(reader: Reader, *, width_mm: float = 160, height_mm: float = 110, street: str | None = None, dpi: int = 200) -> bytes | None:
    """Grids that are overdue or were never visited, as on the screen; the others are on schedule.

    Grids of streets of which the reader is told the totals alone stay empty; None where that is all.
    """
    t, told = reader.t, reader.grid_streets
    if not (told if street is None else told & {street}):
        return None
    classes = {"ok": Class(t("按期或临期"), COLORS["cov-ok"][LIGHT])}
    classes |= {key: Class(t(label), color, key == "never") for key, (label, color) in PATROL.items()}
    found = {grid["code"]: grid["state"] for one in reader.facts["streets"] for grid in one.get("overdue_grids") or ()}
    areas = reader.settings.outlines
    closed = [] if areas is None or street is not None else areas.loc[(areas["level"] == "grid") & ~areas["street_code"].isin(told), "code"].tolist()
    if closed:
        classes["closed"] = Class(t("其他街镇的网格不列"), LAND)
        found |= dict.fromkeys(closed, "closed")
    return area_map(reader, found, classes, level="grid", rest="ok", width_mm=width_mm, height_mm=height_mm, street=street, dpi=dpi)


def coverage_map(reader: Reader, *, width_mm: float = 160, height_mm: float = 110) -> bytes | None:
    """Streets by 网格按期巡查率, in five steps."""
    edges = ["<80%", "80%–85%", "85%–90%", "90%–95%", "≥95%"]
    classes = {str(place): Class(edge, color) for place, (edge, color) in enumerate(zip(edges, COVERAGE, strict=True))}
    found = {
        one["code"]: str(int(np.searchsorted(COVERAGE_BREAKS, one["coverage"], side="right")))
        for one in reader.facts["streets"] if one["coverage"] is not None
    }  # fmt: skip
    return area_map(reader, found, classes, level="street", rest="0", width_mm=width_mm, height_mm=height_mm)


def area_map(
    reader: Reader, found: Mapping[str, str], classes: Mapping[str, Class], *, level: str, rest: str, rings: bool = False,
    width_mm: float, height_mm: float, street: str | None = None, dpi: int = 200, type_size: float = 1.0,
) -> bytes | None:  # fmt: skip
    """A PNG of the outlines handed in.

    Args:
        found: class of an area by its code; others have the class ``rest``.
        level: which areas are coloured; their streets are outlined and named.
        street: draws this street alone, its neighbours left out.
        type_size: times the usual sizes of type, for a picture that is seen from afar.

    Returns:
        The picture, or None where no outline of that level was handed in.
    """
    areas = reader.settings.outlines
    if areas is None:
        return None
    areas = areas[areas.geometry.notna()]
    if street is not None:
        areas = areas[(areas["street_code"] == street) | (areas["code"] == street)]
    drawn, streets = areas[areas["level"] == level], areas[areas["level"] == "street"]
    if drawn.empty:
        return None
    project = _local(drawn)
    figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=dpi)
    FigureCanvasAgg(figure)
    columns, rows = _legend_grid(classes, width_mm, type_size)
    line = 3.4 * type_size / height_mm
    floor = (rows + 1) * line + 0.015
    axes = figure.add_axes((0.01, floor + 0.01, 0.98, 0.97 - floor))
    axes.set_axis_off()
    axes.set_aspect("equal")
    with mpl.rc_context({"text.parse_math": False, "hatch.linewidth": 0.7, "hatch.color": "#FFFFFF"}):
        _fill(axes, drawn, found, classes, rest, project)
        _lines(axes, streets, project)
        axes.autoscale_view()
        _names(axes, streets if street is None else streets.iloc[:0], project, reader, type_size)
        if street is not None:
            _codes(axes, drawn, found, rest, project)
        if rings:
            _rings(axes, drawn, reader, project, street, type_size)
        _furniture(figure, axes, classes, rest, reader, type_size, columns, line)
        made = io.BytesIO()
        figure.savefig(made, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": PACKED})
    return made.getvalue()


def _local(drawn: gpd.GeoDataFrame) -> Transformer:
    """Lambert azimuthal equal area about the middle, metres."""
    west, south, east, north = drawn.total_bounds
    return Transformer.from_crs(4326, f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +units=m", always_xy=True)


def _path(shape: shapely.Geometry, project: Transformer) -> Outline:
    points, codes = [], []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            xy = np.asarray(ring.coords)[:, :2]
            points.append(np.column_stack(project.transform(xy[:, 0], xy[:, 1])))
            codes.append(np.r_[Outline.MOVETO, np.full(len(xy) - 2, Outline.LINETO), Outline.CLOSEPOLY])
    return Outline(np.concatenate(points), np.concatenate(codes))


def _areas_only(shapes: gpd.GeoDataFrame) -> list[shapely.Geometry]:
    return [shape if shape.geom_type in {"Polygon", "MultiPolygon"} else shape.buffer(0) for shape in shapes.geometry]


def _fill(axes: Axes, drawn: gpd.GeoDataFrame, found: Mapping[str, str], classes: Mapping[str, Class], rest: str, project: Transformer) -> None:
    keys = [found.get(code, rest) for code in drawn["code"]]
    shapes = _areas_only(drawn)
    for key, one in classes.items():
        paths = [_path(shape, project) for shape, its in zip(shapes, keys, strict=True) if its == key]
        if paths:
            axes.add_collection(PathCollection(paths, facecolors=one.color, edgecolors=GRID_LINE, linewidths=0.4, hatch="////" if one.hatched else None))


def _lines(axes: Axes, streets: gpd.GeoDataFrame, project: Transformer) -> None:
    if not streets.empty:
        paths = [_path(shape, project) for shape in _areas_only(streets)]
        axes.add_collection(PathCollection(paths, facecolors="none", edgecolors=STREET_LINE, linewidths=0.9))


def _names(axes: Axes, streets: gpd.GeoDataFrame, project: Transformer, reader: Reader, type_size: float) -> None:
    size = type_size * (0.72 if reader.is_latin else 1.0) * (7.5 if len(streets) <= 20 else 5.5 if len(streets) <= 60 else 0)
    if not size:
        return
    x, y = project.transform(streets["label_lon"].to_numpy(), streets["label_lat"].to_numpy())
    for row, at, up in zip(streets.to_dict("records"), x, y, strict=True):
        axes.text(at, up, _short(reader, row), ha="center", va="center", fontproperties=_font(size), color=INK, zorder=5, path_effects=_halo())


def _short(reader: Reader, row: Mapping[str, Any]) -> str:
    """The short name, which fits the small streets of a district's middle."""
    return reader.short_name(row)


def _codes(axes: Axes, drawn: gpd.GeoDataFrame, found: Mapping[str, str], rest: str, project: Transformer) -> None:
    named = drawn[drawn["code"].isin([code for code, key in found.items() if key != rest])].head(80)
    x, y = project.transform(named["label_lon"].to_numpy(), named["label_lat"].to_numpy())
    for code, at, up in zip(named["name"], x, y, strict=True):
        axes.text(at, up, code, ha="center", va="center", fontproperties=_font(5), color=INK, zorder=5, path_effects=_halo())


def _rings(axes: Axes, drawn: gpd.GeoDataFrame, reader: Reader, project: Transformer, street: str | None, type_size: float) -> None:
    by_code = drawn.set_index("code").geometry
    for hotspot in reader.facts["hotspots"]:
        if street is not None and street not in hotspot["street_codes"]:
            continue
        shapes = by_code.reindex(hotspot["members"]).dropna()
        if shapes.empty:
            continue
        xy = np.concatenate([_path(shape, project).vertices for shape in shapes])
        middle = (xy.min(axis=0) + xy.max(axis=0)) / 2
        radius = max(float(np.hypot(*(xy - middle).T).max()) * 1.05, 300.0)
        style = RINGS.get(hotspot["class"], "dotted")
        dash = {"dashed": (0, (4, 2)), "dotted": (0, (1, 1.5))}.get(style, "solid")
        for factor in (1.0, 1.12) if style == "double" else (1.0,):
            axes.add_patch(mpl.patches.Circle(middle, radius * factor, fill=False, edgecolor=INK, linewidth=1.1, linestyle=dash, zorder=6))
        at = middle + radius * np.array([math.cos(math.pi / 4), math.sin(math.pi / 4)])
        axes.text(*at, str(hotspot["rank"]), ha="center", va="center", color="#FFFFFF", fontproperties=_font(7.5 * type_size, bold=True), zorder=8,
                  bbox={"boxstyle": "circle,pad=0.28", "facecolor": INK, "edgecolor": "#FFFFFF", "linewidth": 0.6})  # fmt: skip


def _furniture(figure: Figure, axes: Axes, classes: Mapping[str, Class], rest: str, reader: Reader, type_size: float, columns: int, line: float) -> None:
    entries = [Patch(facecolor=one.color, edgecolor="#5F6C77" if key == rest else "#FFFFFF", linewidth=0.4, hatch="////" if one.hatched else None, label=one.label) for key, one in classes.items()]
    legend = figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(0.005, line + 0.002), ncols=columns, frameon=False, borderpad=0.2, labelspacing=0.25, prop=_font(6.5 * type_size), handlelength=1.4, columnspacing=1.0, handletextpad=0.4)
    legend.set_zorder(9)
    said = " · ".join(filter(None, (reader.map_notice, reader.mark)))
    figure.text(0.99, 0.010, said, ha="right", va="bottom", fontproperties=_font(6.5 * type_size), color="#7C5800")
    low, high = axes.get_xlim()
    step = _round_length((high - low) / 6)
    bottom, top = axes.get_ylim()
    x, y = low + (high - low) * 0.02, bottom + (top - bottom) * 0.02
    axes.plot([x, x + step], [y, y], color=INK, linewidth=1.4, solid_capstyle="butt")
    axes.text(x + step / 2, y + (top - bottom) * 0.012, reader.t("{n} 公里", n=f"{step / 1000:g}"), ha="center", va="bottom", fontproperties=_font(6 * type_size), color=INK)
    axes.annotate("N", xy=(0.965, 0.97), xytext=(0.965, 0.90), xycoords="axes fraction", ha="center", va="center", fontproperties=_font(7, bold=True),
                  arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.0})  # fmt: skip


def _legend_grid(classes: Mapping[str, Class], width_mm: float, type_size: float) -> tuple[int, int]:
    """Columns and rows in which a legend keeps to the width of its map."""
    wide = max(sum(1.0 if east_asian_width(sign) in "WF" else 0.56 for sign in one.label) for one in classes.values()) + 3.4
    columns = max(1, min(len(classes), int(width_mm / 25.4 * 72 / (wide * 6.5 * type_size))))
    rows = -(-len(classes) // columns)
    return -(-len(classes) // rows), rows


def _round_length(metres: float) -> float:
    power = 10 ** math.floor(math.log10(max(metres, 1.0)))
    return next(factor * power for factor in (5, 2, 1) if factor * power <= metres) if metres >= 1 else 1.0


def _halo() -> list[object]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=1.6, foreground="#FFFFFF")]


@cache
def _font(size: float, *, bold: bool = False) -> FontProperties:
    return FontProperties(fname=BOLD if bold else REGULAR, size=size)
