"""Merges points per area, so that a shared screen shows how many there are and never where exactly."""

from __future__ import annotations

import pandas as pd


def merged_points(points: pd.DataFrame, weights: dict[str, int], areas: pd.Series) -> pd.DataFrame:
    """One row an area: how many points it holds, the gravest class among them and its least value.

    Args:
        points: ``class`` and ``value`` (number or NA) of each point.
        weights: how grave a class is; the greater speaks for the area.
        areas: code of the area that each point is shown at, on the index of ``points``; a point
            without one is left out (it stays in the list of what is not on the map).

    Returns:
        ``area``, ``class``, ``value`` (least value among the points of that class, NA where none
        has one), ``count`` (int), ordered by area. No points: no rows.
    """
    known = points.assign(area=areas, weight=points["class"].map(weights))[["area", "class", "value", "weight"]]
    known = known[known["area"].notna() & (known["area"] != "")]
    gravest = known.sort_values(["area", "weight", "value"], ascending=[True, False, True], kind="stable")
    first = gravest.drop_duplicates("area")
    counts = known.groupby("area").size()
    return pd.DataFrame(
        {
            "area": first["area"].to_numpy(),
            "class": first["class"].to_numpy(),
            "value": first["value"].to_numpy(),
            "count": counts.reindex(first["area"]).fillna(0).astype(int).to_numpy(),
        }
    )
