"""Active cases with the days left to their deadline; a transferred case counts to its feedback."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.cases import cases
from data_access.database import Database
from layers import Column, Layer, LayerClass
from rules.language import N_
from rules.request import Filters, Scope

URGENT_DAYS = 7
"""A case with at most so many days left is filled. Source: design.md 4, order 10."""


def frame(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """One row a case that is open or waits for feedback; value = days left, negative when late."""
    found = cases(database, filters, scope)
    found = found[found["state"].isin(["open", "transferred"])]
    transferred = found["state"].eq("transferred").to_numpy()
    feedback = (pd.to_datetime(found["feedback_due"]) - pd.Timestamp(filters.as_of)).dt.days
    days = found["days_left"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    days = np.where(transferred, feedback.to_numpy(dtype=float), days)
    classes = np.select(
        [transferred, days < 0, days <= URGENT_DAYS], ["transferred", "late", "urgent"], "open"
    ).astype(object)
    label = [("→" if away else "") if np.isnan(day) else str(int(day)) for day, away in zip(days, transferred, strict=True)]
    return found.assign(feature_id=found["id"], value=days, label=label, **{"class": classes})


LAYER = Layer(
    name="cases",
    title=N_("在办案件"),
    unit=N_("天"),
    geometry="point",
    kind="case",
    classes=(
        LayerClass("open", N_("在办案件 剩余天数"), "ink", badge=N_("剩 {value} 天"), filled=False, weight=2),
        LayerClass("urgent", N_("剩 7 天以内"), "ink", badge=N_("剩 {value} 天"), weight=3),
        LayerClass("late", N_("已超期限"), "cov-over", badge=N_("超期 {late} 天"), weight=4),
        LayerClass("transferred", N_("已移送 待反馈"), "t3", badge=N_("已移送 待反馈"), filled=False, weight=1),
    ),
    frame=frame,
    columns=(
        Column("number", N_("案件编号")),
        Column("street_code", N_("街镇"), words="area"),
        Column("kind", N_("案件类型"), words="case_kind"),
        Column("category", N_("诊疗类别"), words="category"),
        Column("stage", N_("办案环节"), words="case_event"),
        Column("class", N_("期限状态"), words="class"),
        Column("value", N_("剩余"), N_("天")),
        Column("filed_on", N_("立案日期")),
        Column("due_on", N_("办案期限")),
        Column("agency_code", N_("办案部门"), words="agency"),
    ),
    value_text=N_("距期限 {value} 天"),
    no_value_text=N_("没有期限"),
    order=30,
    count_unit=N_("件"),
    shape="diamond",
    sizes=((8, 13), (12, 16), (15, 18)),
    table="case",
    facts=(Column("kind", N_("案件类型"), words="case_kind"), Column("category", N_("诊疗类别"), words="category")),
    names_street_only=True,
)
