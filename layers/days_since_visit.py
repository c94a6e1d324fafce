"""Grids by the days since somebody was last there, whatever their cycle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.coverage import grid_states
from data_access.database import Database
from layers import HATCH, Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope

BREAKS = (8, 15, 31, 61)
"""First day of the second and later classes: a week, two weeks, a month, two months; our choice."""
KEYS = np.array(["d0", "d8", "d15", "d31", "d61"], dtype=object)


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a grid of the scope; value = days since the last visit, NA where there was none."""
    found = grid_states(database, filters, scope)
    days = found["days"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    classes = KEYS[np.searchsorted(BREAKS, np.nan_to_num(days), side="right")]
    classes[np.isnan(days)] = "never"
    return found.assign(feature_id=found["code"], value=found["days"], **{"class": classes})


LAYER = Layer(
    name="days_since_visit",
    title=N_("距上次巡查天数"),
    unit=N_("天"),
    geometry="grid",
    kind="grid",
    classes=(
        LayerClass("d0", N_("0–7 天"), "seq-1"),
        LayerClass("d8", N_("8–14 天"), "seq-2"),
        LayerClass("d15", N_("15–30 天"), "seq-3"),
        LayerClass("d31", N_("31–60 天"), "seq-4"),
        LayerClass("d61", N_("61 天及以上"), "seq-5", code=True),
        LayerClass("never", N_("从未巡查"), "cov-never", pattern=HATCH, code=True),
    ),
    frame=frame,
    columns=(
        Column("code", N_("网格"), words="area"),
        Column("street_code", N_("街镇"), words="area"),
        Column("value", N_("距上次巡查"), N_("天")),
        Column("class", N_("分级"), words="class"),
        Column("last_visit", N_("上次巡查")),
    ),
    value_text=N_("上次巡查 {value} 天前"),
    no_value_text=N_("建格以来没有巡查记录"),
    order=35,
)
