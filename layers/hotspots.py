"""Grids by whether more happened there than chance brings about, and where little was found because little was looked."""

from __future__ import annotations

import pandas as pd

from data_access.database import Database
from data_access.hotspots import hotspots
from data_access.meeting_facts import hotspot_window
from layers import Column, Layer, LayerClass
from rules.hotspots import CLASSES
from rules.language import N_
from rules.request import Filters, Scope


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a grid of the scope: its class and its events (value) of the half year up to the last day asked about.

    A district without grids gives no rows.
    """
    found = hotspots(database, hotspot_window(filters), scope)
    units = found.units if found.level == "grid" else found.units.iloc[:0]
    return pd.DataFrame({
        "feature_id": units["code"], "class": units["class"], "value": units["events"].round().astype("Int64"),
        "code": units["code"], "street_code": units["street_code"], "expected": units["expected"].round(2), "effort": units["effort"].round().astype("Int64"),
    }).reset_index(drop=True)  # fmt: skip


LAYER = Layer(
    name="hotspots",
    title=N_("聚集热点"),
    unit=N_("件"),
    geometry="grid",
    kind="grid",
    classes=(
        LayerClass("very_high", CLASSES["h99"], "sig-h99", weight=5),
        LayerClass("high", CLASSES["h95"], "sig-h95", weight=4),
        LayerClass("tending_high", CLASSES["h90"], "sig-h90", weight=3),
        LayerClass("none", CLASSES["ns"], "sig-ns"),
        LayerClass("low", CLASSES["c95"], "sig-c95", weight=1),
        LayerClass("under_patrolled", CLASSES["missed"], "sig-missed", code=True, weight=2),
    ),
    frame=frame,
    columns=(
        Column("code", N_("网格"), words="area"),
        Column("street_code", N_("街镇"), words="area"),
        Column("class", N_("判断"), words="class"),
        Column("value", N_("事件"), N_("件")),
        Column("expected", N_("按人口应有"), N_("件")),
        Column("effort", N_("巡查"), N_("户次")),
    ),
    value_text=N_("半年内事件 {value} 件"),
    order=40,
)
