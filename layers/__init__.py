"""A layer is one thing drawn on the map; every other file of this folder declares one as LAYER."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from data_access.areas import areas
from rules.language import N_
from rules.merged_points import merged_points

if TYPE_CHECKING:
    from data_access.database import Database
    from rules.request import Filters, Scope

GEOMETRIES = ("street", "neighbourhood", "grid", "point")
NEUTRAL = "neutral"
"""Class of an area that the answer does not hold: outside the scope or the area asked about."""
HATCH = "hatch"
"""The pattern of areas without any visit; nothing else is ever drawn with it."""

COLORS: dict[str, tuple[str, str]] = {
    "cov-ok": ("#1F5560", "#A9D0CC"),
    "cov-due": ("#D2B23F", "#E8BE3A"),
    "cov-over": ("#E8432A", "#CF4318"),
    "cov-never": ("#B9B6FF", "#7A5BA8"),
    "risk-high": ("#FF5F33", "#B8330F"),
    "risk-mid": ("#F0DC4E", "#B57B00"),
    "risk-low": ("#4A8CE6", "#2470B8"),
    "risk-closed": ("#9DA292", "#76828C"),
    "seq-1": ("#12303A", "#E6F1F0"),
    "seq-2": ("#1F5560", "#C3DFDC"),
    "seq-3": ("#2E7683", "#8FC2BD"),
    "seq-4": ("#59A3AE", "#4B9891"),
    "seq-5": ("#A5D6DC", "#1B6B66"),
    "sig-h99": ("#FF7B47", "#9E2A0E"),
    "sig-h95": ("#C2542C", "#DB6A3A"),
    "sig-h90": ("#7F3F2B", "#F3BE9E"),
    "sig-ns": ("#1B2530", "#E9ECEB"),
    "sig-c95": ("#34719A", "#5A94C2"),
    "sig-missed": ("#B9B6FF", "#7A5BA8"),
    "neutral": ("#14222B", "#DFE7E6"),
    "ink": ("#FFFFFF", "#15202A"),
    "paper": ("#0A0F14", "#FFFFFF"),
    "t3": ("#8A9CAB", "#5F6C77"),
}
"""Colour of a token in the dark and in the light theme. Source: design tokens, ramp and color."""


class BrokenLayer(ValueError):
    """A layer's frame does not keep what its declaration promises."""


@dataclass(frozen=True, slots=True)
class LayerClass:
    """One class of a layer: one legend entry, one way of drawing.

    Attributes:
        key: what stands in the frame's ``class`` column.
        label: legend text.
        color: token of ``COLORS``.
        pattern: ``hatch`` for areas without any visit, else empty.
        badge: what a hover card says at its head, with ``{value}`` and ``{over}`` (value less the
            cycle); empty takes the label.
        size: factor on the size of a point.
        filled: False draws a point hollow.
        ring: True draws a second outline around a point.
        code: True writes the area's short code on the map (exceptions only).
        weight: which class speaks for several points merged into one; the greater one.
        in_legend: False where another entry explains it already.
    """

    key: str
    label: str
    color: str
    pattern: str = ""
    badge: str = ""
    size: float = 1.0
    filled: bool = True
    ring: bool = False
    code: bool = False
    weight: int = 0
    in_legend: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table that says the same as the layer.

    Attributes:
        field: column of the frame.
        header: heading.
        unit: unit of a number, or empty.
        words: code list of ``rules.vocabulary`` for a code, ``class`` for the layer's own classes,
            ``area`` for area codes, or empty.
    """

    field: str
    header: str
    unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, declared once and drawn by MapLibre, by Plotly and by folium.

    Attributes:
        name: word in the URL.
        title: heading of its legend.
        unit: unit of ``value``.
        geometry: ``street``, ``neighbourhood``, ``grid`` (areas) or ``point``.
        kind: what a click on it selects: ``street``, ``grid``, ``site``, ``case``, ...
        classes: every class that the frame may hold, in legend order; at most 250.
        frame: ``frame(database, filters, scope)`` gives ``feature_id`` (area code, or id of the
            thing), ``class``, ``value`` (number or NA) and every field of ``columns``; a point layer
            also ``label`` (text on the symbol, or empty), ``street_code``, ``grid_code``, ``lon``,
            ``lat`` (EPSG:4326, NA where unknown). One row a feature; no row: not in the answer.
        columns: the table that says the same, first the feature's name.
        value_text: what a hover card says of ``value``; ``no_value_text`` where it is NA.
        no_value_text: see ``value_text``.
        order: areas: place in the list; points: greater is drawn above.
        shape: of a point: ``dot``, ``diamond`` or ``triangle``.
        sizes: of a point: (zoom, radius in px) pairs.
        color_zoom: zoom from which a point shows its class colour; below it all are alike.
        shown: whether it is on until somebody switches it off.
        min_zoom, max_zoom: between these it is drawn.
        table: database table in which a point's place stands.
        facts: columns of that table that a hover card shows.
        label_field: column of that table that names a point.
        names_street_only: True: where exact points must not leave, it is placed at its street.
        count_unit: unit of a number of such points: 户, 件, 处.
    """

    name: str
    title: str
    unit: str
    geometry: str
    kind: str
    classes: tuple[LayerClass, ...]
    frame: Callable[[Database, Filters, Scope], pd.DataFrame]
    columns: tuple[Column, ...]
    value_text: str = ""
    no_value_text: str = ""
    order: int = 50
    shape: str = "dot"
    sizes: tuple[tuple[float, float], ...] = ()
    color_zoom: float = 0.0
    shown: bool = True
    min_zoom: float = 0.0
    max_zoom: float = 24.0
    table: str = ""
    facts: tuple[Column, ...] = ()
    label_field: str = "number"
    names_street_only: bool = False
    count_unit: str = ""

    @property
    def is_point(self) -> bool:
        return self.geometry == "point"

    @property
    def group(self) -> str:
        """``paint``: one of these colours the areas at a time; ``points``: any number at once."""
        return "points" if self.is_point else "paint"

    def class_of(self, key: str) -> LayerClass:
        """The class of a key. Raises BrokenLayer when it is not declared."""
        for one in self.classes:
            if one.key == key:
                return one
        raise BrokenLayer(f"layer {self.name}: class {key!r} is not declared")

    def ask(self, database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        """The layer's frame, checked against the declaration.

        Raises:
            BrokenLayer: a column is missing, a class is not declared, or a feature stands twice.
        """
        frame = self.frame(database, filters, scope)
        promised = ["feature_id", "class", "value", *(column.field for column in self.columns)]
        if self.is_point:
            promised += ["label", "street_code", "grid_code", "lon", "lat"]
        missing = [name for name in promised if name not in frame]
        if missing:
            raise BrokenLayer(f"layer {self.name}: columns {missing} are missing")
        unknown = set(frame["class"].dropna().unique()) - {one.key for one in self.classes}
        if unknown or frame["class"].isna().any():
            raise BrokenLayer(f"layer {self.name}: classes {sorted(unknown) or 'empty'} are not declared")
        if frame["feature_id"].duplicated().any():
            raise BrokenLayer(f"layer {self.name}: a feature stands twice")
        return frame


def placed(layer: Layer, database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """A point layer's points that can be drawn; without exact points in the scope one an area.

    Returns:
        ``feature_id`` (of the area, where merged), ``class``, ``value``, ``name``, ``lon``, ``lat``
        (EPSG:4326) and, where merged, ``count``. Points without coordinates are left out (they stay
        in the list of what is not on the map).
    """
    frame = layer.ask(database, filters, scope)
    if scope.exact_points:
        drawn = frame[frame["lon"].notna() & frame["lat"].notna()]
        return drawn.assign(name=drawn[layer.label_field].fillna(""))
    at = frame["street_code"] if layer.names_street_only else frame["grid_code"].fillna(frame["street_code"])
    merged = merged_points(frame, {one.key: one.weight for one in layer.classes}, at)
    known = areas(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")
    merged = merged[merged["area"].isin(known.index)]
    found = known.reindex(merged["area"])
    return merged.assign(
        feature_id=merged["area"], name=found["name"].to_numpy(),
        lon=found["label_lon"].to_numpy(), lat=found["label_lat"].to_numpy(),
    ).reset_index(drop=True)


@cache
def layers() -> dict[str, Layer]:
    """Every layer by name: areas first, each group by its order."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").LAYER
        for module in pkgutil.iter_modules(__path__)
        if not module.ispkg
    ]
    found.sort(key=lambda layer: (layer.is_point, layer.order, layer.name))
    return {layer.name: layer for layer in found}


def paints() -> dict[str, Layer]:
    """The layers that colour areas."""
    return {name: layer for name, layer in layers().items() if not layer.is_point}


def points() -> dict[str, Layer]:
    """The layers that draw points."""
    return {name: layer for name, layer in layers().items() if layer.is_point}


NEUTRAL_CLASS = LayerClass(NEUTRAL, N_("不在查看范围"), "neutral")
"""What an area is drawn as that a paint's frame does not hold."""
