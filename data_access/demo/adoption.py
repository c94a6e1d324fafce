"""The demo district adopts every rule, and says at every one that it is a demonstration."""

from __future__ import annotations

import datetime as dt

from data_access.database import Database
from data_access.rulebooks import adopt
from rules.language import N_
from rules.request import Actor
from rules.rulebook import shipped

ADOPTER = N_("示范区打非办（演示采纳）")
DOCUMENT = N_("演示采纳，非真实文件")
RUBRIC = N_("演示采纳：仙居县2020（参考）")
FROM = dt.date(2022, 1, 1)


def adopt_all(database: Database, *, actor: Actor, now: dt.datetime) -> None:
    """Adopt every shipped rule from the first day of the demo; the rubric under its own name.

    Args:
        now: when the demo's first files are handed in.
    """
    rubric = [rule.id for rule in shipped().values() if rule.kind == "score"]
    others = [rule_id for rule_id in shipped() if rule_id not in rubric]
    for rule_ids, document in ((others, DOCUMENT), (rubric, RUBRIC)):
        adopt(database, rule_ids, adopter=ADOPTER, document=document, valid_from=FROM, actor=actor, now=now, demo=True)
