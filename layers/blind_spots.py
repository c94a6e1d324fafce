"""盲区图: the risk known in each grid crossed with whether anybody came within the cycle."""

from __future__ import annotations

import pandas as pd

from data_access.blind_spots import blind_spots
from data_access.database import Database
from layers import HATCH, Column, Layer, LayerClass
from rules.blind_spot import CLASSES
from rules.language import N_
from rules.request import Filters, Scope


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a grid of the scope; value = days since the last visit, NA where there was none."""
    found = blind_spots(database, filters, scope)
    return found.assign(feature_id=found["code"], value=found["days"], **{"class": found["blind"]})


LAYER = Layer(
    name="blind_spots",
    title=N_("巡查盲区（风险×间隔）"),
    unit=N_("天"),
    geometry="grid",
    kind="grid",
    classes=(
        LayerClass("never", CLASSES["never"], "cov-never", pattern=HATCH, code=True, weight=7),
        LayerClass("high_late", CLASSES["high_late"], "risk-high", code=True, weight=6),
        LayerClass("mid_late", CLASSES["mid_late"], "risk-mid", code=True, weight=5),
        LayerClass("low_late", CLASSES["low_late"], "risk-low", weight=4),
        LayerClass("high_kept", CLASSES["high_kept"], "seq-4", weight=3),
        LayerClass("mid_kept", CLASSES["mid_kept"], "seq-3", weight=2),
        LayerClass("low_kept", CLASSES["low_kept"], "seq-1", weight=1),
    ),
    frame=frame,
    columns=(
        Column("code", N_("网格"), words="area"),
        Column("street_code", N_("街镇"), words="area"),
        Column("class", N_("风险与巡查"), words="class"),
        Column("risk", N_("网格风险"), words="risk"),
        Column("sites", N_("未消除点位"), N_("户")),
        Column("leads", N_("近 180 天线索"), N_("件")),
        Column("value", N_("距上次巡查"), N_("天")),
    ),
    value_text=N_("上次巡查 {value} 天前"),
    no_value_text=N_("建格以来没有巡查记录"),
    order=37,
)
