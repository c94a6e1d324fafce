"""Grids by whether their patrol is on schedule: 按期, 临期, 逾期, 从未巡查 (DESIGN 12, Grid state)."""

from __future__ import annotations

import pandas as pd

from data_access.coverage import grid_states
from data_access.database import Database
from layers import HATCH, Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a grid of the scope: its state as of the day asked about; value = days since the last visit."""
    found = grid_states(database, filters, scope)
    return found.assign(feature_id=found["code"], value=found["days"], **{"class": found["state"]})


LAYER = Layer(
    name="grid_state",
    title=N_("网格巡查状态"),
    unit=N_("天"),
    geometry="grid",
    kind="grid",
    classes=(
        LayerClass("ok", N_("按期"), "cov-ok"),
        LayerClass("due", N_("临期"), "cov-due", code=True, weight=1),
        LayerClass("over", N_("逾期"), "cov-over", badge=N_("逾期 {over} 天"), code=True, weight=3),
        LayerClass("never", N_("从未巡查"), "cov-never", pattern=HATCH, code=True, weight=2),
    ),
    frame=frame,
    columns=(
        Column("code", N_("网格"), words="area"),
        Column("street_code", N_("街镇"), words="area"),
        Column("class", N_("巡查状态"), words="class"),
        Column("last_visit", N_("上次巡查")),
        Column("value", N_("距上次巡查"), N_("天")),
        Column("visits_in_period", N_("期内巡查"), N_("户次")),
    ),
    value_text=N_("上次巡查 {value} 天前"),
    no_value_text=N_("建格以来没有巡查记录"),
    order=10,
)
