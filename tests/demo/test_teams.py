"""The demo's teams: five in two units, every grid there looked after by one, everywhere else by none."""

from __future__ import annotations

import pandas as pd

from data_access.demo.district import Delivery
from data_access.demo.teams import STAFFED


def test_two_units_have_teams_and_every_grid_of_theirs_has_one(handed: list[Delivery]) -> None:
    teams = pd.concat([one.frame for one in handed if one.kind == "teams"])
    given = pd.concat([one.frame for one in handed if one.kind == "assignments"])
    areas = pd.concat([one.frame for one in handed if one.kind == "areas"]).drop_duplicates("code", keep="last")
    assert len(teams) == sum(STAFFED.values()) == 5
    assert set(given["team_code"]) == set(teams["code"])
    assert given["grid_code"].is_unique
    staffed = teams.set_index("code")["street_code"].reindex(given["team_code"])
    assert (staffed.to_numpy() == given["street_code"].to_numpy()).all()
    grids = areas[(areas["level"] == "grid") & areas["valid_to"].isna() & areas["parent_code"].str[:9].isin(set(teams["street_code"]))]
    assert set(grids["code"]) == set(given["grid_code"])


def test_no_team_bears_a_persons_name(handed: list[Delivery]) -> None:
    teams = pd.concat([one.frame for one in handed if one.kind == "teams"])
    assert teams["name"].str.fullmatch(r".{2}巡查[一二三]队").all()
