"""People of the demo district by year and area: invented, the district's total in Jiading's order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.geography import Geography
from data_access.demo.units import DISTRICT, Unit

RESIDENTS = {2022: 1_828_000, 2023: 1_841_000}
"""常住人口 of the whole district, 人; about as many as Jiading counted in 2020."""

_FROM_ELSEWHERE = {"street": 0.34, "town": 0.55, "zone": 0.62}
_WORKERS = {"street": 0.38, "town": 0.46, "zone": 0.74}


def population(geography: Geography, units: tuple[Unit, ...], seed: int) -> pd.DataFrame:
    """Residents, of them from elsewhere, and workers of every area of 2022 and 2023.

    Each level's numbers are the exact sums of the level below. Columns: area_code, year,
    residents, residents_from_elsewhere, workers (人).
    """
    rng = np.random.default_rng([seed, 2])
    grids = geography.grids
    kind = grids["street_code"].map({unit.code: unit.type for unit in units})
    elsewhere = np.clip(kind.map(_FROM_ELSEWHERE).to_numpy() * rng.normal(1, 0.12, len(grids)), 0.1, 0.9)
    workers = np.clip(kind.map(_WORKERS).to_numpy() * rng.lognormal(0, 0.25, len(grids)), 0.1, 3.0)
    years = []
    for year, total in RESIDENTS.items():
        residents = (grids["people"] * rng.normal(1, 0.01, len(grids)) * total).round().astype(int)
        level = pd.DataFrame({
            "area_code": grids["code"], "residents": residents,
            "residents_from_elsewhere": (residents * elsewhere).round().astype(int),
            "workers": (residents * workers).round().astype(int),
        })  # fmt: skip
        if year == 2022:
            level["area_code"] = level["area_code"].replace(dict.fromkeys(geography.successors, geography.predecessor))
        above = [grids["neighbourhood_code"], grids["street_code"], pd.Series(DISTRICT, index=grids.index)]
        summed = [level.assign(area_code=codes).groupby("area_code", as_index=False).sum() for codes in above]
        level = level.groupby("area_code", as_index=False, sort=False).sum()
        years.append(pd.concat([*summed[::-1], level], ignore_index=True).assign(year=year))
    return pd.concat(years, ignore_index=True)
