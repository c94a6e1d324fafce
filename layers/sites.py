"""Historical sites (点位) by risk; a site at work carries a ring, a cleared one is small and grey."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.database import Database
from data_access.sites import sites
from layers import Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope

RISKS = ("high", "mid", "low")


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a site of the scope as of the day; value = days since the last visit, NA where none."""
    found = sites(database, filters, scope)
    risk = found["risk"].where(found["risk"].isin(RISKS), "ungraded").astype(object)
    classes = np.where(
        found["status"].eq("cleared"), "cleared", np.where(found["status"].eq("active"), risk + "_active", risk)
    )
    return found.assign(
        feature_id=found["id"], value=found["days"], label="", **{"class": classes.astype(object)}
    )


LAYER = Layer(
    name="sites",
    title=N_("历史点位"),
    unit=N_("天"),
    geometry="point",
    kind="site",
    classes=(
        LayerClass("high", N_("高风险"), "risk-high", size=1.25, weight=6),
        LayerClass("mid", N_("中风险"), "risk-mid", weight=4),
        LayerClass("low", N_("低风险"), "risk-low", size=0.9, weight=2),
        LayerClass("ungraded", N_("未评级"), "t3", size=0.9, filled=False, weight=1),
        LayerClass("high_active", N_("在营（加圈）"), "risk-high", badge=N_("在营 · 高风险"), size=1.25, ring=True, weight=9),
        LayerClass("mid_active", N_("在营 · 中风险"), "risk-mid", ring=True, weight=8, in_legend=False),
        LayerClass("low_active", N_("在营 · 低风险"), "risk-low", size=0.9, ring=True, weight=7, in_legend=False),
        LayerClass("ungraded_active", N_("在营 · 未评级"), "t3", filled=False, ring=True, weight=7, in_legend=False),
        LayerClass("cleared", N_("已消除"), "risk-closed", size=0.75),
    ),
    frame=frame,
    columns=(
        Column("number", N_("点位编号")),
        Column("street_code", N_("街镇"), words="area"),
        Column("grid_code", N_("网格"), words="area"),
        Column("status", N_("点位状态"), words="site_status"),
        Column("risk", N_("风险等级"), words="risk"),
        Column("premises", N_("场所类型"), words="premises"),
        Column("category", N_("诊疗类别"), words="category"),
        Column("last_visit", N_("上次巡查")),
        Column("due_on", N_("下次巡查期限")),
    ),
    value_text=N_("上次巡查 {value} 天前"),
    no_value_text=N_("没有巡查记录"),
    order=10,
    count_unit=N_("户"),
    shape="dot",
    sizes=((9, 2.1), (12, 4), (15, 7)),
    color_zoom=11.5,
    table="site",
    facts=(Column("premises", N_("场所类型"), words="premises"), Column("category", N_("诊疗类别"), words="category")),
)
