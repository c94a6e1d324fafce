"""The steps of a case as people count them: 立案, 调查, 告知, 决定, 执行 (DOMAIN 7), and its clock."""

from __future__ import annotations

import datetime as dt

from dashboard import number_text
from rules.language import N_

STEPS = (N_("立案"), N_("调查"), N_("告知"), N_("决定"), N_("执行"))

_REACHED = {
    "filed": 0, "investigating": 1, "suspended": 1, "resumed": 1, "extended": 1,
    "notified": 2, "decided": 3, "executed": 4, "closed": 4,
}  # fmt: skip


def reached(stage: str | None) -> int:
    """The place in ``STEPS`` of the step that an event of a case (``vocabulary.CASE_EVENT``) leads to."""
    return _REACHED.get(stage or "filed", 0)


def clock(case: dict[str, object], as_of: dt.date) -> int | None:
    """Days left of an open case's term, or until a transferred one's feedback is due; None without a clock.

    Args:
        case: a row of ``data_access.cases.cases`` with what is missing as None.
        as_of: the day asked about.
    """
    if not number_text.is_missing(case["days_left"]):
        return int(case["days_left"])
    due = case["feedback_due"]
    return None if number_text.is_missing(due) else (due.date() - as_of).days
