"""What a change of the rulebook would do on a day, before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data_access.campaign_stages import stages
from data_access.database import Database
from data_access.obligations import obligations
from data_access.police_transfer import RULE, police_transfers
from data_access.rulebooks import changed_rulebook, rulebook_of, working_days
from rules.report_deadlines import report_deadlines
from rules.request import Filters, Scope
from rules.rulebook import Rulebook

KEYS = ["rule_id", "target_kind", "target_id"]
COLUMNS = ("rule_id", "target_kind", "target_id", "label", "street_code", "before", "after", "due_before", "due_after")
LATE = ("over", "never")


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be different.

    Attributes:
        rows: ``COLUMNS``: every duty whose state, due day or being bound would change; before and
            after are states, empty where the duty is not there; newly late ones first.
        binds: whether the rule binds anywhere: the numbers of one that does not are 参考.
        newly_late, no_longer_late: how many become late or never seen, or cease to be.
        newly_due: how many come to be due soon without being late.
        moved: how many only get another due day.
        points: demerits at stake after, less those before.
    """

    rows: pd.DataFrame
    binds: bool
    newly_late: int = 0
    no_longer_late: int = 0
    newly_due: int = 0
    moved: int = 0
    points: float = 0.0


def effect_of_change(database: Database, filters: Filters, scope: Scope, rule_id: str, changes: Mapping[str, object]) -> Effect:
    """The duties that would change if a rule were changed, as of ``filters.as_of``.

    Args:
        changes: the fields to change; one that is not named stays as it is on that day.

    Raises:
        RuleRefused: no such rule.
        Refusal: a value that the rule cannot take.
    """
    asked = filters.of_day()
    old = rulebook_of(database, asked, scope)
    new = changed_rulebook(old, rule_id, changes)
    if rule_id == RULE:
        before, after = (_transfers(database, asked, scope, book) for book in (old, new))
    elif old[rule_id].kind == "report":
        before, after = (_papers(database, asked, scope, book, rule_id) for book in (old, new))
    else:
        before, after = obligations(database, asked, scope), obligations(database, asked, scope, book=new)
    return compared(before, after, binds=old.is_adopted(rule_id) or bool(old.adopted_in.get(rule_id)))


def effect_of_adoption(database: Database, filters: Filters, scope: Scope, rule_ids: tuple[str, ...]) -> Effect:
    """The duties that would count if rules were adopted in the whole district from that day on."""
    asked = filters.of_day()
    old = rulebook_of(database, asked, scope)
    found = obligations(database, asked, scope, book=replace(old, adopted=old.adopted | frozenset(rule_ids)))
    bound = _adopted_only(obligations(database, asked, scope))
    return compared(bound, _adopted_only(found), binds=True)


def compared(before: pd.DataFrame, after: pd.DataFrame, *, binds: bool) -> Effect:
    """Two answers of ``obligations`` side by side.

    A duty is one (rule, target); the order of the rows does not matter.
    """
    columns = [*KEYS, "label", "street_code", "state", "due_on", "points"]
    both = before[columns].merge(after[columns], on=KEYS, how="outer", suffixes=("_before", "_after"))
    old, new = (both[f"state_{side}"].astype("object").fillna("").to_numpy(object) for side in ("before", "after"))
    was_late, is_late = np.isin(old.astype(str), LATE), np.isin(new.astype(str), LATE)
    due_before, due_after = both["due_on_before"], both["due_on_after"]
    other_day = (due_before != due_after) & ~(due_before.isna() & due_after.isna())
    different = (old != new) | other_day.to_numpy(bool)
    rows = pd.DataFrame(
        {
            **{name: both[name] for name in KEYS},
            "label": both["label_after"].fillna(both["label_before"]), "street_code": both["street_code_after"].fillna(both["street_code_before"]),
            "before": pd.Series(old, dtype="str"), "after": pd.Series(new, dtype="str"), "due_before": due_before, "due_after": due_after,
        }
    )  # fmt: skip
    order = np.select([is_late & ~was_late, was_late & ~is_late, old != new], [0, 1, 2], default=3)
    shown = rows.assign(_order=order)[different].sort_values(["_order", "due_after", "label", "target_id"], ignore_index=True)
    return Effect(
        rows=shown[list(COLUMNS)], binds=binds,
        newly_late=int((is_late & ~was_late).sum()), no_longer_late=int((was_late & ~is_late).sum()),
        newly_due=int(((new == "due") & (old != "due") & ~was_late).sum()),
        moved=int((other_day.to_numpy(bool) & (old == new)).sum()),
        points=float(both["points_after"].fillna(0).sum() - both["points_before"].fillna(0).sum()),
    )  # fmt: skip


def _adopted_only(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["adopted"]]


def _papers(database: Database, filters: Filters, scope: Scope, book: Rulebook, rule_id: str) -> pd.DataFrame:
    """The papers of the next year as duties that are not late."""
    end = filters.as_of + dt.timedelta(days=365)
    calendar = working_days(database, scope, filters.known_at)
    found = report_deadlines(book, calendar, filters.as_of, end, stages(database, scope, filters.known_at))
    found = found[found["rule_id"] == rule_id]
    label = found["stage"].where(found["stage"] != "", found["last_day"].dt.strftime("%Y-%m"))
    return pd.DataFrame(
        {
            "rule_id": found["rule_id"], "target_kind": "report", "target_id": label, "label": label, "street_code": None,
            "state": "ok", "due_on": found["due_on"], "points": 0.0,
        }
    )  # fmt: skip


def _transfers(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    """People who must be handed over as late duties, those whose qualification must be checked as due ones."""
    found = police_transfers(database, filters, scope, book)
    found = found[found["state"].isin(["must_transfer", "check_qualification"])]
    return pd.DataFrame(
        {
            "rule_id": RULE, "target_kind": "subject", "target_id": found["subject_id"], "label": found["number"],
            "street_code": found["street_code"], "state": found["state"].map({"must_transfer": "over"}).fillna("due"),
            "due_on": pd.Series(pd.NaT, index=found.index, dtype="datetime64[s]"), "points": 0.0,
        }
    )  # fmt: skip
