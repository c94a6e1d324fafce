"""Neighbourhoods (村居) by 网格按期巡查率, in the classes of the streets."""

from __future__ import annotations

import pandas as pd

from data_access.coverage import coverage
from data_access.database import Database
from layers import Column, Layer
from layers.street_state import CLASSES, with_rate_class
from rules.language import N_
from rules.request import Filters, Scope


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a neighbourhood of the scope; value = percent, NA without grids."""
    return with_rate_class(coverage(database, filters, scope, by="neighbourhood"))


LAYER = Layer(
    name="neighbourhood_state",
    title=N_("村居网格按期巡查率"),
    unit="%",
    geometry="neighbourhood",
    kind="neighbourhood",
    classes=CLASSES,
    frame=frame,
    columns=(
        Column("code", N_("村居"), words="area"),
        Column("value", N_("网格按期巡查率"), "%"),
        Column("n", N_("按期＋临期"), N_("个")),
        Column("grids", N_("全部网格"), N_("个")),
        Column("over", N_("逾期"), N_("个")),
        Column("never", N_("从未巡查"), N_("个")),
        Column("visits", N_("期内巡查"), N_("户次")),
    ),
    value_text=N_("网格按期巡查率 {value}%"),
    no_value_text=N_("没有网格"),
    order=25,
)
