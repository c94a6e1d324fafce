"""The demo's patrol teams, and the grids they look after in two units; elsewhere grids stay the street's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.geography import Geography
from data_access.demo.units import Unit

STAFFED = {1: 2, 5: 3}
"""Number of the unit to the number of its teams."""
SINCE = pd.Timestamp("2023-01-01")
_NUMERALS = "一二三四"


def teams(units: tuple[Unit, ...]) -> pd.DataFrame:
    """Every team: the columns of the register of teams; its agency is the unit's government."""
    rows = [
        {"code": f"{unit.code}-D{number}", "name": f"{unit.short_name}巡查{_NUMERALS[number - 1]}队", "name_en": f"{unit.name_en} Patrol Team {number}",
         "agency_code": f"{unit.code}-ZF", "street_code": unit.code, "neighbourhood_code": None, "valid_from": SINCE, "valid_to": None}
        for place, unit in enumerate(units, start=1)
        for number in range(1, STAFFED.get(place, 0) + 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def assignments(units: tuple[Unit, ...], geography: Geography) -> pd.DataFrame:
    """The grids of the staffed units, whole neighbourhoods to one team, in the order of their codes."""
    parts = []
    for place, count in STAFFED.items():
        unit = units[place - 1]
        grids = geography.grids[geography.grids["street_code"] == unit.code]
        order = {code: at for at, code in enumerate(sorted(grids["neighbourhood_code"].unique()))}
        number = grids["neighbourhood_code"].map(order).to_numpy() * count // len(order) + 1
        parts.append(pd.DataFrame({
            "grid_code": grids["code"].to_numpy(), "street_code": unit.code, "team_code": np.char.add(f"{unit.code}-D", number.astype(str)),
            "held_by": None, "agency_code": None, "valid_from": SINCE, "valid_to": None, "note": None,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
