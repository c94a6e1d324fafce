"""Grids by how many visits they had in the period; a grid without one is a class of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.coverage import grid_states
from data_access.database import Database
from layers import HATCH, Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope

BREAKS = (1, 2, 4, 7, 11)
"""Least number of visits (户次) of each class; our choice, so that a month of the demo uses all."""
KEYS = np.array(["unvisited", "v1", "v2", "v4", "v7", "v11"], dtype=object)


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a grid of the scope; value = visits (户次) of the period, 0 where nobody came."""
    found = grid_states(database, filters, scope)
    visits = found["visits_in_period"].fillna(0).astype(float)
    classes = KEYS[np.searchsorted(BREAKS, visits.to_numpy(), side="right")]
    return found.assign(feature_id=found["code"], value=visits, **{"class": classes})


LAYER = Layer(
    name="patrol_visits",
    title=N_("期内巡查户次"),
    unit=N_("户次"),
    geometry="grid",
    kind="grid",
    classes=(
        LayerClass("unvisited", N_("期内未巡查"), "cov-never", pattern=HATCH),
        LayerClass("v1", N_("1 户次"), "seq-1"),
        LayerClass("v2", N_("2–3 户次"), "seq-2"),
        LayerClass("v4", N_("4–6 户次"), "seq-3"),
        LayerClass("v7", N_("7–10 户次"), "seq-4"),
        LayerClass("v11", N_("11 户次及以上"), "seq-5"),
    ),
    frame=frame,
    columns=(
        Column("code", N_("网格"), words="area"),
        Column("street_code", N_("街镇"), words="area"),
        Column("value", N_("期内巡查"), N_("户次")),
        Column("class", N_("分级"), words="class"),
        Column("last_visit", N_("上次巡查")),
    ),
    value_text=N_("期内巡查 {value} 户次"),
    order=30,
)
