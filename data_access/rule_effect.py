"""What a change of the rulebook would do on a day, before it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from data_access.campaign_stages import stages
from data_access.database import Database
from data_access.obligations import obligations
from data_access.rulebooks import changed_rulebook, rulebook_of, working_days
from data_access.scores import totals_under
from rules.report_deadlines import report_deadlines
from rules.request import Filters, Scope
from rules.rulebook import Rule, Rulebook

KEYS = ["rule_id", "target_kind", "target_id"]
COLUMNS = ("rule_id", "target_kind", "target_id", "label", "street_code", "before", "after", "due_before", "due_after", "owner_before", "owner_after")
SCORE_COLUMNS = ("street_code", "score_before", "score_after", "idle_before", "idle_after")
LATE = ("over", "never")


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be different.

    Attributes:
        rows: ``COLUMNS``: every duty whose state, due day, owner or being bound would change; before
            and after are states, empty where the duty is not there; newly late ones first.
        binds: whether the rule binds anywhere: the numbers of one that does not are 参考.
        newly_late, no_longer_late: how many become late or never seen, or cease to be.
        newly_due: how many come to be due soon without being late.
        moved: how many only get another due day.
        reassigned: how many would be owed by somebody else.
        scores: ``SCORE_COLUMNS``: every street whose score (now, or if nothing more is done) would
            change under the rubric; those that lose most first.
    """

    rows: pd.DataFrame
    binds: bool
    newly_late: int = 0
    no_longer_late: int = 0
    newly_due: int = 0
    moved: int = 0
    reassigned: int = 0
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SCORE_COLUMNS)))


def effect_of_change(database: Database, filters: Filters, scope: Scope, rule_id: str, changes: Mapping[str, object]) -> Effect:
    """The duties and scores that would change if a rule were changed, as of ``filters.as_of``.

    The points of a rule that binds nobody yet are told as if it did.

    Args:
        changes: the fields to change; one that is not named stays as it is on that day.

    Raises:
        RuleRefused: no such rule.
        Refusal: a value that the rule cannot take.
    """
    asked = filters.of_day()
    old = rulebook_of(database, asked, scope)
    new = changed_rulebook(old, rule_id, changes)
    before, after = obligations(database, asked, scope), obligations(database, asked, scope, book=new)
    if old[rule_id].kind == "report":
        late = _late_of(before, rule_id) | _late_of(after, rule_id)
        before, after = (pd.concat([_papers(database, asked, scope, book, rule_id), found[found["target_id"].isin(late) & (found["rule_id"] == rule_id)]], ignore_index=True)
                         for book, found in ((old, before), (new, after)))  # fmt: skip
    binds = old.is_adopted(rule_id) or bool(old.adopted_in.get(rule_id))
    if _is_scored(old[rule_id]):
        bound = old.adopted if binds else old.adopted | {rule_id}
        totals = [totals_under(database, asked, scope, replace(book, adopted=bound)) for book in (old, new)]
        return compared(before, after, binds=binds, scores=_other_scores(*totals))
    return compared(before, after, binds=binds)


def effect_of_adoption(database: Database, filters: Filters, scope: Scope, rule_ids: tuple[str, ...]) -> Effect:
    """The duties and scores that would count if rules were adopted in the whole district from that day on."""
    asked = filters.of_day()
    old = rulebook_of(database, asked, scope)
    new = replace(old, adopted=old.adopted | frozenset(rule_ids))
    found, bound = _adopted_only(obligations(database, asked, scope, book=new)), _adopted_only(obligations(database, asked, scope))
    if any(_is_scored(old[rule_id]) for rule_id in rule_ids if rule_id in old.rules):
        return compared(bound, found, binds=True, scores=_other_scores(*(totals_under(database, asked, scope, book) for book in (old, new))))
    return compared(bound, found, binds=True)


def compared(before: pd.DataFrame, after: pd.DataFrame, *, binds: bool, scores: pd.DataFrame | None = None) -> Effect:
    """Two answers of ``obligations`` side by side, and the scores that differ.

    A duty is one (rule, target); the order of the rows does not matter.
    """
    columns = [*KEYS, "label", "street_code", "state", "due_on", "owner_code"]
    both = before[columns].merge(after[columns], on=KEYS, how="outer", suffixes=("_before", "_after"))
    old, new = (both[f"state_{side}"].astype("object").fillna("").to_numpy(object) for side in ("before", "after"))
    owed_by = [both[f"owner_code_{side}"].astype("object").fillna("").to_numpy(object) for side in ("before", "after")]
    was_late, is_late = np.isin(old.astype(str), LATE), np.isin(new.astype(str), LATE)
    due_before, due_after = both["due_on_before"], both["due_on_after"]
    other_day = ((due_before != due_after) & ~(due_before.isna() & due_after.isna())).to_numpy(bool)
    other_owner = (owed_by[0] != owed_by[1]) & (old != "") & (new != "")
    rows = pd.DataFrame(
        {
            **{name: both[name] for name in KEYS},
            "label": both["label_after"].fillna(both["label_before"]), "street_code": both["street_code_after"].fillna(both["street_code_before"]),
            "before": pd.Series(old, dtype="str"), "after": pd.Series(new, dtype="str"), "due_before": due_before, "due_after": due_after,
            "owner_before": pd.Series(owed_by[0], dtype="str"), "owner_after": pd.Series(owed_by[1], dtype="str"),
        }
    )  # fmt: skip
    order = np.select([is_late & ~was_late, was_late & ~is_late, old != new], [0, 1, 2], default=3)
    different = (old != new) | other_day | other_owner
    shown = rows.assign(_order=order)[different].sort_values(["_order", "due_after", "label", "target_id"], ignore_index=True)
    return Effect(
        rows=shown[list(COLUMNS)], binds=binds,
        newly_late=int((is_late & ~was_late).sum()), no_longer_late=int((was_late & ~is_late).sum()),
        newly_due=int(((new == "due") & (old != "due") & ~was_late).sum()),
        moved=int((other_day & (old == new)).sum()), reassigned=int(other_owner.sum()),
        **({} if scores is None else {"scores": scores}),
    )  # fmt: skip


def _is_scored(rule: Rule) -> bool:
    """Whether the rubric reads a rule: its own items, and how long a found place may stand (S3 附件3 二.3)."""
    return rule.kind == "score" or (rule.kind, rule.target) == ("deadline", "site_found")


def _other_scores(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    both = before.merge(after, on="street_code", suffixes=("_old", "_new"))
    found = pd.DataFrame({
        "street_code": both["street_code"], "score_before": both["score_old"], "score_after": both["score_new"],
        "idle_before": both["score_if_idle_old"], "idle_after": both["score_if_idle_new"],
    })  # fmt: skip
    different = (found["score_before"] != found["score_after"]) | (found["idle_before"] != found["idle_after"])
    lost = found["score_after"] - found["score_before"]
    return found.assign(_lost=lost)[different].sort_values(["_lost", "street_code"], ignore_index=True)[list(SCORE_COLUMNS)]


def _adopted_only(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["adopted"]]


def _late_of(found: pd.DataFrame, rule_id: str) -> set[str]:
    return set(found.loc[(found["rule_id"] == rule_id) & found["state"].isin(LATE), "target_id"])


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
            "state": "ok", "due_on": found["due_on"], "owner_code": None,
        }
    )  # fmt: skip
