"""Construction sites (工地); a triangle is filled when its patrol is overdue."""

from __future__ import annotations

import pandas as pd

from data_access.construction import construction_sites
from data_access.database import Database
from layers import Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a construction site of the day; value = days since the last visit. A stopped one owes none."""
    found = construction_sites(database, filters, scope)
    since = (pd.Timestamp(filters.as_of) - pd.to_datetime(found["last_visit"])).dt.days
    state = found["state"].where(found["state"] != "", "stopped")
    return found.assign(feature_id=found["id"], value=since, label="", **{"class": state})


LAYER = Layer(
    name="construction",
    title=N_("建筑工地"),
    unit=N_("天"),
    geometry="point",
    kind="construction",
    classes=(
        LayerClass("ok", N_("按期巡查"), "ink", filled=False, weight=1),
        LayerClass("due", N_("临期"), "ink", filled=False, weight=2, in_legend=False),
        LayerClass("over", N_("逾期未巡查"), "cov-over", weight=4),
        LayerClass("never", N_("从未巡查"), "cov-never", filled=False, weight=3),
        LayerClass("stopped", N_("停工"), "t3", filled=False, in_legend=False),
    ),
    frame=frame,
    columns=(
        Column("name", N_("工地")),
        Column("street_code", N_("街镇"), words="area"),
        Column("grid_code", N_("网格"), words="area"),
        Column("phase", N_("施工阶段"), words="construction_phase"),
        Column("workers", N_("工人"), N_("人")),
        Column("class", N_("巡查状态"), words="class"),
        Column("last_visit", N_("上次巡查")),
        Column("due_on", N_("下次巡查期限")),
    ),
    value_text=N_("上次巡查 {value} 天前"),
    no_value_text=N_("没有巡查记录"),
    order=20,
    count_unit=N_("处"),
    shape="triangle",
    sizes=((9, 3), (11, 4.4), (13, 8), (15, 12)),
    table="construction_site",
    label_field="name",
    facts=(Column("phase", N_("施工阶段"), words="construction_phase"), Column("workers", N_("工人"), N_("人"))),
)
