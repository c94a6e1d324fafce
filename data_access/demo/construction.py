"""Construction sites of the demo: about 300 under way on the day shown, handed in by quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.geography import Geography
from data_access.demo.timeline import CONSTRUCTION, FIRST, TODAY, Moment, news

UNDER_WAY_TODAY = 300
_PHASES = ("preparation", "foundation", "structure", "fitting")
_PULL = {"town": 1.0, "zone": 1.5, "street": 0.45}


def construction_sites(geography: Geography, kinds: dict[str, str], seed: int) -> pd.DataFrame:
    """Every building site: the fields of ``kinds/construction_sites.py`` as at its end.

    Column ``day`` is the day it was registered, ``grid`` the position of its grid, ``length`` its
    days from start to finish.

    Args:
        kinds: type of each unit by its code.
    """
    rng = np.random.default_rng([seed, 6])
    made: list[dict] = []
    under_way = 0
    weight = geography.grids["people"].to_numpy() * geography.grids["street_code"].map(kinds).map(_PULL).to_numpy()
    latest = CONSTRUCTION[-1].through
    while under_way < UNDER_WAY_TODAY:
        start = pd.Timestamp("2020-06-01") + pd.Timedelta(days=int(rng.integers(0, (latest - pd.Timestamp("2020-06-01")).days - 3)))
        length = int(rng.integers(240, 900))
        end = start + pd.Timedelta(days=length)
        if end < FIRST + pd.Timedelta(days=60):
            continue
        made.append({"started_on": start, "length": length, "finished_on": end, "workers": int(rng.lognormal(4.6, 0.7)) + 12,
                     "stopped": rng.random() < 0.03, "grid": int(rng.choice(len(weight), p=weight / weight.sum()))})  # fmt: skip
        under_way += end > TODAY
    frame = pd.DataFrame(made).sort_values("started_on", kind="stable", ignore_index=True)
    number = range(1, len(frame) + 1)
    points = geography.points_in(rng, frame["grid"].to_numpy())
    return frame.assign(
        number=[f"G-{n:04d}" for n in number], name=[f"示例工地{n:04d}" for n in number], address=[f"示例大道{n * 2}号" for n in number],
        contractor=[f"示例建设{n % 23 + 1:02d}公司" for n in number], lon=points[:, 0], lat=points[:, 1],
        street_code=geography.grids["street_code"].to_numpy()[frame["grid"]],
        day=_registered(frame["started_on"]),
    )  # fmt: skip


def _registered(started: pd.Series) -> pd.Series:
    through = np.array([one.through for one in CONSTRUCTION], dtype="datetime64[ns]")
    nows = np.array([pd.Timestamp(one.now.date()) for one in CONSTRUCTION], dtype="datetime64[ns]")
    return pd.Series(nows[np.searchsorted(through, started.to_numpy(dtype="datetime64[ns]"), side="left")])


def handed_in(frame: pd.DataFrame) -> list[tuple[Moment, pd.DataFrame]]:
    """The register as at each of its moments: new sites, and those whose phase or end had changed."""
    parts: list[tuple[Moment, pd.DataFrame]] = []
    before: dict[str, tuple] = {}
    for one in CONSTRUCTION:
        day = pd.Timestamp(one.now.date())
        seen = frame[frame["day"] <= day].copy()
        progress = ((day - seen["started_on"]).dt.days / seen["length"]).clip(0, 0.999)
        seen["phase"] = np.array(_PHASES)[(progress * 4).astype(int)]
        seen.loc[seen["stopped"] & (day >= pd.Timestamp("2023-04-01")), "phase"] = "stopped"
        done = seen["finished_on"] <= day
        seen.loc[done, "phase"] = "finished"
        seen["finished_on"] = seen["finished_on"].where(done)
        part, before = news(seen, ["phase"], before)
        parts.append((one, part))
    return parts
