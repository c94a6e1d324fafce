"""The duty to hand a person to the police, or first to settle what is open about them (法释〔2016〕27号)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.duties.parts import Part, days, deadline_state, part
from rules.rulebook import Rule

TRANSFER_DAYS = 4
"""Days to hand over where the rule does not say: 3 to decide and 1 to send (国务院令第310号 第五条)."""
BY_STATE = {"must_transfer": "police_transfer", "check_qualification": "police_check", "check_ground": "police_judge"}
"""State of a person (``rules.repeat_offence``) to the reason of the duty."""


def police_duties(rules: dict[str, list[Rule]], people: pd.DataFrame, as_of: dt.date) -> list[Part]:
    """One duty a person, under the rule that binds them, from the day that binds.

    Args:
        people: id, rule_id, state (``BY_STATE``), again_on (NaT: before the register, late without a due day), ground, penalties, agency_code.
    """
    opens, found = days(people, "again_on"), []
    by_rule, stands = (people[name].to_numpy(object) for name in ("rule_id", "state"))
    for rule in rules.get("police_transfer", []):
        due = opens + np.timedelta64(int(rule.options.get("transfer_days", TRANSFER_DAYS)), "D")
        # Where penalties of before the register decide no day is known, but it has passed.
        owed = np.where(by_rule == rule.id, np.where(np.isnat(opens), "over", deadline_state(opens, due, as_of)), "")
        for state, reason in BY_STATE.items():
            mine = np.where(stands == state, owed, "")
            found.append(part(rule, "police_transfer", people, opens=opens, due=due, state=mine, facts=("state", "ground", "penalties", "again_on"), reason=reason))
    return found
