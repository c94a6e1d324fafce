"""The risk of a grid by what is known there, crossed with its patrol."""

import pandas as pd

from rules.blind_spot import CLASSES, blind_spot, grid_risk


def test_standing_sites_and_leads_make_a_grids_risk():
    codes = pd.Series(["A", "B", "C", "D"])
    sites = pd.DataFrame({
        "grid_code": ["A", "B", "B", None, "X"], "status": ["closed", "active", "closed", "active", "active"],
        "risk": ["high", "ungraded", "low", "high", "high"],
    })  # fmt: skip
    leads = pd.DataFrame({"grid_code": ["C", "C", "C"], "result": ["pending", "unfounded", "confirmed"]})
    found = grid_risk(codes, sites, leads).set_index("code")
    # A: 3; B: active 1 x 2 + 1 = 3; C: two leads = 2; D nothing.
    assert found["weight"].to_dict() == {"A": 3.0, "B": 3.0, "C": 2.0, "D": 0.0}
    assert found["risk"].to_dict() == {"A": "high", "B": "high", "C": "mid", "D": "low"}
    assert found["sites"].to_dict() == {"A": 1, "B": 2, "C": 0, "D": 0}
    assert found.loc["C", "leads"] == 2


def test_never_visited_stands_apart_from_late_and_kept():
    risk = pd.Series(["high", "high", "high", "mid", "low", "low"])
    state = pd.Series(["never", "over", "due", "over", "ok", "never"])
    found = blind_spot(risk, state).tolist()
    assert found == ["never", "high_late", "high_kept", "mid_late", "low_kept", "never"]
    assert set(found) <= set(CLASSES)
    assert blind_spot(risk.head(0), state.head(0)).empty
