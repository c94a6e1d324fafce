"""Grids by what the period's visits found; visited without a finding is never drawn like not visited."""

from __future__ import annotations

import pandas as pd

from data_access.coverage import grid_states
from data_access.database import Database
from layers import HATCH, Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a grid of the scope: the gravest finding of the period; value = visits (户次)."""
    found = grid_states(database, filters, scope)
    return found.assign(
        feature_id=found["code"],
        value=found["visits_in_period"].fillna(0).astype(float),
        **{"class": found["finding_in_period"]},
    )


LAYER = Layer(
    name="patrol_findings",
    title=N_("期内巡查结果"),
    unit=N_("户次"),
    geometry="grid",
    kind="grid",
    classes=(
        LayerClass("unvisited", N_("期内未巡查"), "cov-never", pattern=HATCH),
        LayerClass("none", N_("无发现"), "cov-ok"),
        LayerClass("suspect", N_("疑似"), "cov-due", code=True, weight=1),
        LayerClass("confirmed", N_("有发现"), "cov-over", code=True, weight=2),
    ),
    frame=frame,
    columns=(
        Column("code", N_("网格"), words="area"),
        Column("street_code", N_("街镇"), words="area"),
        Column("class", N_("期内结果"), words="class"),
        Column("value", N_("期内巡查"), N_("户次")),
        Column("last_visit", N_("上次巡查")),
    ),
    value_text=N_("期内巡查 {value} 户次"),
    order=40,
)
