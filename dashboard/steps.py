"""The steps of a case as people count them: 立案, 调查, 告知, 决定, 执行 (DOMAIN 7)."""

from __future__ import annotations

from rules.language import N_

STEPS = (N_("立案"), N_("调查"), N_("告知"), N_("决定"), N_("执行"))

_REACHED = {
    "filed": 0, "investigating": 1, "suspended": 1, "resumed": 1, "extended": 1,
    "notified": 2, "decided": 3, "executed": 4, "closed": 4,
}  # fmt: skip


def reached(stage: str | None) -> int:
    """The place in ``STEPS`` of the step that an event of a case (``vocabulary.CASE_EVENT``) leads to."""
    return _REACHED.get(stage or "filed", 0)
