"""How the hot spots of several periods come and go: new, persistent, intensifying, receding, sporadic, historical."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rules.language import N_

NEW, PERSISTENT, INTENSIFYING = N_("新发"), N_("持续"), N_("加强")
RECEDING, SPORADIC, HISTORICAL = N_("消退"), N_("偶发"), N_("历史")
NONE = N_("不显著")

CODES = {
    NEW: "new", PERSISTENT: "persistent", INTENSIFYING: "intensifying", RECEDING: "receding",
    SPORADIC: "sporadic", HISTORICAL: "historical", NONE: "none",
}  # fmt: skip
"""The code of each class, for keys and style sheets."""

HOT_Z = 1.96
"""At least this z is hot: p < 0.05, two-sided."""

ALMOST_ALWAYS = 0.9
"""Hot in at least this share of the periods. Source: ArcGIS Pro, How Emerging Hot Spot Analysis works."""

TREND_Z = 1.645
"""Mann-Kendall z of a trend (90 %, two-sided): the lowest level that ArcGIS calls significant."""

FARTHEST_Z = 1e100
"""A z beyond this, infinity too, counts as this."""


def classify(z_by_period: np.ndarray | pd.DataFrame) -> np.ndarray | pd.Series:
    """The class of every area, from its Gi* in each period.

    Asked in this order, after ArcGIS's emerging hot spot analysis, simplified to hot spots and six classes:

    1. 不显著: hot in no period.
    2. Hot in the last period and in at least 90 % of all: 加强 if z rises over the periods, 消退
       if it falls (Mann-Kendall), else 持续; a single period is 新发.
    3. Hot in the last period, in one unbroken run that began within the later half: 新发; that
       began earlier: 持续.
    4. Hot in the last period, with a gap before: 偶发.
    5. Not hot in the last period: 历史 if hot in at least half of the periods before, else 偶发.

    Args:
        z_by_period: areas x periods, the oldest first; a missing z is not hot.

    Returns:
        Chinese source strings, keys of ``CODES``; a Series on the frame's index for a frame.

    Raises:
        ValueError: no matrix, or no period.
    """
    try:
        z = np.asarray(z_by_period, dtype="float64")
    except (TypeError, ValueError, OverflowError):
        raise ValueError("z_by_period: expected areas x periods of numbers, found something else") from None
    # no statistic is that large: bounded, differences between periods stay numbers
    z = np.clip(z, -FARTHEST_Z, FARTHEST_Z)
    if z.ndim != 2 or z.shape[1] == 0:
        raise ValueError(f"z_by_period: expected areas x periods with at least one period, found shape {z.shape}")
    periods = z.shape[1]
    hot = np.nan_to_num(z, nan=-np.inf) >= HOT_Z
    number, last = hot.sum(axis=1), hot[:, -1]
    run = np.where(hot.all(axis=1), periods, np.argmin(hot[:, ::-1], axis=1))
    always, trend = number >= ALMOST_ALWAYS * periods, _trend(z)
    unbroken = run == number
    found = np.select(
        [
            number == 0,
            last & always & (periods > 1) & (trend > TREND_Z),
            last & always & (periods > 1) & (trend < -TREND_Z),
            last & always & (periods > 1),
            last & unbroken & ((periods == 1) | (run <= periods / 2)),
            last & unbroken,
            last,
            2 * number >= periods - 1,
        ],
        [NONE, INTENSIFYING, RECEDING, PERSISTENT, NEW, PERSISTENT, SPORADIC, HISTORICAL],
        default=SPORADIC,
    )
    return pd.Series(found, index=z_by_period.index, dtype="str") if isinstance(z_by_period, pd.DataFrame) else found


def _trend(z: np.ndarray) -> np.ndarray:
    """Mann-Kendall z of each row, with the correction for ties and continuity; 0 where a value is missing.

    Source: Mann 1945 (Econometrica 13); Kendall 1975.
    """
    periods = z.shape[1]
    earlier, later = np.triu_indices(periods, 1)
    score = np.sign(z[:, later] - z[:, earlier]).sum(axis=1)
    ordered = np.sort(z, axis=1)
    # a group of t equal values takes t (t - 1) (2 t + 5) from the variance
    ties = np.array([sum(t * (t - 1) * (2 * t + 5) for t in np.unique(row, return_counts=True)[1].tolist()) for row in ordered])
    variance = (periods * (periods - 1) * (2 * periods + 5) - ties) / 18
    known = np.isfinite(z).all(axis=1) & (variance > 0)
    return np.divide(score - np.sign(score), np.sqrt(np.where(known, variance, 1.0)), out=np.zeros(len(z)), where=known)
