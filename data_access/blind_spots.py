"""盲区: every grid with the risk known there and the days since anybody came."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data_access.coverage import grid_states
from data_access.database import Database
from data_access.leads import leads
from data_access.registers import shared
from data_access.sites import sites
from rules.blind_spot import BLIND, LEAD_DAYS, blind_spot, grid_risk
from rules.request import Filters, Scope

COLUMNS = (
    "code", "name", "street_code", "neighbourhood_code", "last_visit", "days", "state", "sites", "leads", "weight", "risk", "blind", "is_blind",
)  # fmt: skip


def blind_spots(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every grid of the scope with risk and patrol crossed, the gravest first.

    The risk is that of the sites not cleared and of the last ``LEAD_DAYS`` days' leads
    (``rules.blind_spot``), as of the day asked about, whatever the period; ``filters.category`` and
    ``filters.premises`` narrow it.

    Returns:
        ``COLUMNS``: days since the last visit (Int64, missing where never), sites and leads counted,
        weight, risk high, mid or low, blind a class of ``rules.blind_spot.CLASSES``, is_blind whether it is
        one of ``BLIND`` with any risk known (a low one never visited is none). No grids: no rows.
    """
    return shared(database, filters, scope, "blind spots", lambda: _blind_spots(database, filters, scope))


def _blind_spots(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    found = grid_states(database, filters, scope)
    standing = sites(database, filters, scope)
    recent = filters.with_(start=filters.as_of - dt.timedelta(days=LEAD_DAYS - 1), end=filters.as_of, agency=None, system=None)
    risk = grid_risk(found["code"], standing[standing["status"] != "cleared"], leads(database, recent, scope))
    made = found.merge(risk, on="code", how="left")
    made["blind"] = blind_spot(made["risk"], made["state"])
    made["is_blind"] = made["blind"].isin(BLIND) & (made["risk"] != "low")
    order = made.assign(last=made["days"].astype("Float64").fillna(1e9)).sort_values(
        ["is_blind", "weight", "last", "code"], ascending=[False, False, False, True], kind="stable"
    )
    return order[list(COLUMNS)].reset_index(drop=True)
