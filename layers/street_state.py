"""Streets by 网格按期巡查率, in the classes of the design (80, 85, 90, 95 %)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.coverage import coverage
from data_access.database import Database
from layers import Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope

BREAKS = (0.80, 0.85, 0.90, 0.95)
"""Least 网格按期巡查率 of the second and later classes. Source: design tokens, coverage_rate_sequential."""
KEYS = np.array(["below80", "from80", "from85", "from90", "from95"], dtype=object)
CLASSES = (
    LayerClass("below80", N_("不足 80%"), "seq-1", weight=5),
    LayerClass("from80", "80–85%", "seq-2", weight=4),
    LayerClass("from85", "85–90%", "seq-3", weight=3),
    LayerClass("from90", "90–95%", "seq-4", weight=2),
    LayerClass("from95", N_("95% 及以上"), "seq-5", weight=1),
    LayerClass("none", N_("没有网格"), "neutral"),
)


def with_rate_class(found: pd.DataFrame) -> pd.DataFrame:
    """Add feature_id, class and value (percent, one decimal; NA without grids) to a coverage frame."""
    rate = found["coverage"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    # A rate is a ratio of whole numbers: 0.9 must not fall below its own break.
    classes = KEYS[np.searchsorted(BREAKS, np.nan_to_num(rate) + 1e-12, side="right")]
    classes[np.isnan(rate)] = "none"
    return found.assign(feature_id=found["code"], value=np.round(rate * 100, 1), **{"class": classes})


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a street, open to every street (DESIGN 12, Scope); value = percent, NA without grids."""
    return with_rate_class(coverage(database, filters, scope, by="street"))


LAYER = Layer(
    name="street_state",
    title=N_("街镇网格按期巡查率"),
    unit="%",
    geometry="street",
    kind="street",
    classes=CLASSES,
    frame=frame,
    columns=(
        Column("code", N_("街镇"), words="area"),
        Column("value", N_("网格按期巡查率"), "%"),
        Column("n", N_("按期＋临期"), N_("个")),
        Column("grids", N_("全部网格"), N_("个")),
        Column("over", N_("逾期"), N_("个")),
        Column("never", N_("从未巡查"), N_("个")),
        Column("missing_to_target", N_("距目标还差"), N_("个")),
        Column("visits", N_("期内巡查"), N_("户次")),
    ),
    value_text=N_("网格按期巡查率 {value}%"),
    no_value_text=N_("没有网格"),
    order=20,
)
