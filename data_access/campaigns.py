"""The special campaigns (专项行动) and how far each has come against its targets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import select

from data_access.areas import path_to
from data_access.database import Database
from data_access.figures import daily_visits, figures
from data_access.narrowing import rows_of
from data_access.registers import kept_narrowed
from data_access.schema import campaign, campaign_milestone, campaign_target
from rules.event_line import days_of
from rules.indicators import INDICATORS
from rules.language import N_, Refusal
from rules.request import Filters, Scope

NOWHERE = ("",)
"""Areas of a scope that sees no row: no area has the empty code."""

COLUMNS = ("id", "number", "name", "start_on", "end_on", "area_codes")


class UnknownCampaign(Refusal):
    """No campaign of that id is known."""


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """A campaign on the day asked about.

    Attributes:
        id, name: of the campaign.
        day: which of its days it is, 1 .. days; days when it is over, 0 before it begins.
        days: how many days it lasts.
        daily: frame[day, visits, none, suspect, confirmed] of its days so far, 户次, in its area.
        milestones: frame[kind, name, start_on, end_on], by start.
        targets: frame[indicator, name, target, value, ratio, unit]: ratio is value / target.
    """

    id: str
    name: str
    day: int
    days: int
    daily: pd.DataFrame
    milestones: pd.DataFrame
    targets: pd.DataFrame


def campaigns(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The campaigns that have begun by the day asked about, newest first.

    Returns:
        ``COLUMNS``: area_codes is a list, empty for the whole district. Campaigns are reference data
        of the district, open to every scope.
    """
    t = campaign
    asked = filters.with_(area=None)

    def newest_first() -> pd.DataFrame:
        found = database.frame(select(*(t.c[name] for name in COLUMNS)).where(rows_of(t, asked, scope)))
        found["area_codes"] = pd.Series([list(codes or ()) for codes in found["area_codes"]], dtype=object, index=found.index)
        return found.sort_values(["start_on", "name"], ascending=[False, True], ignore_index=True)

    every = kept_narrowed(database, asked, scope, ("campaigns",), newest_first)
    return every.take(np.flatnonzero(days_of(every["start_on"]) <= np.datetime64(filters.as_of, "D"))).reset_index(drop=True)


def campaign_progress(database: Database, filters: Filters, scope: Scope, campaign_id: str) -> CampaignProgress:
    """How far a campaign has come on the day asked about, in its own days and its own area.

    The figures are those of ``figures`` over the campaign's days, in the areas of the campaign that
    the scope may see.

    Raises:
        UnknownCampaign: no such campaign has begun.
    """
    found = campaigns(database, filters, scope).set_index("id")
    if campaign_id not in found.index:
        raise UnknownCampaign(N_("没有编号为 {id} 的专项行动，或它尚未开始。"), id=campaign_id)
    row = found.loc[campaign_id]
    start, end = row["start_on"].date(), row["end_on"].date()
    asked = filters.with_(start=start, end=end)
    seen = _part_of(database, scope, filters.as_of, row["area_codes"])
    m = campaign_milestone
    milestones = database.frame(
        select(m.c.kind, m.c.name, m.c.start_on, m.c.end_on).where(
            rows_of(m, filters.with_(area=None), scope), m.c.campaign_id == campaign_id
        )
    ).sort_values(["start_on", "name"], ignore_index=True)
    days = (end - start).days + 1
    return CampaignProgress(
        id=campaign_id,
        name=row["name"],
        day=max(0, min(days, (filters.as_of - start).days + 1)),
        days=days,
        daily=daily_visits(database, asked, seen),
        milestones=milestones,
        targets=_targets(database, asked, scope, seen, campaign_id),
    )


def _part_of(database: Database, scope: Scope, day: dt.date, codes: list[str]) -> Scope:
    """The scope cut to the areas of a campaign: the smaller of two areas of which one holds the other."""
    if not codes:
        return scope
    if not scope.areas:
        return replace(scope, areas=tuple(sorted(codes)))
    ways = {code: {one for _, one in path_to(database, scope, day, code)} for code in (*scope.areas, *codes)}
    inside = {mine for mine in scope.areas if ways[mine] & set(codes)} | {one for one in codes if ways[one] & set(scope.areas)}
    return replace(scope, areas=tuple(sorted(inside)) or NOWHERE)


def _targets(database: Database, asked: Filters, scope: Scope, seen: Scope, campaign_id: str) -> pd.DataFrame:
    t = campaign_target
    rows = database.frame(
        select(t.c.indicator, t.c.target, t.c.unit).where(rows_of(t, asked.with_(area=None), scope), t.c.campaign_id == campaign_id)
    )
    rows = rows[rows["indicator"].isin(list(INDICATORS))].reset_index(drop=True)
    values = figures(database, asked, seen, rows["indicator"].tolist()) if len(rows) else {}
    rows["name"] = pd.Series([INDICATORS[key].name for key in rows["indicator"]], dtype="str", index=rows.index)
    rows["value"] = pd.Series([values[key].value for key in rows["indicator"]], dtype="float64", index=rows.index)
    rows["ratio"] = (rows["value"] / rows["target"]).where(rows["target"] > 0)
    own = pd.Series([INDICATORS[key].unit for key in rows["indicator"]], dtype="str", index=rows.index)
    rows["unit"] = rows["unit"].fillna(own)
    return rows[["indicator", "name", "target", "value", "ratio", "unit"]]
