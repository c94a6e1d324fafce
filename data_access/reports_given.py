"""Records that a paper was handed in: what discharges the duty to report by a day."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data_access.database import Database
from data_access.entries import enter
from data_access.importing.undoing import undo
from data_access.obligations import obligations
from data_access.rulebooks import rulebook_of
from data_access.versions import wait_for_turn
from rules.language import N_, Refusal
from rules.request import Actor, Filters

KIND = "report_entry"
LONGEST = 200


class ReportRefused(Refusal):
    """A paper that cannot be recorded as handed in; says why."""


def hand_in(database: Database, *, rule_id: str, target_id: str, day: dt.date, document: str, actor: Actor, now: dt.datetime) -> str:
    """Write that a paper which is owed was handed in on a day (an activity 材料报送 that names its paper).

    Args:
        rule_id, target_id: of a duty of kind ``report`` that the actor sees.
        document: the paper's number or title; needed.

    Returns:
        The id of the batch; ``take_back`` undoes it.

    Raises:
        ReportRefused: nothing like it is owed, a day to come or before the paper was owed, no
            document, or one that is too long.
    """
    document = document.strip()
    if not document:
        raise ReportRefused(N_("请写明报送的文件名或文号。"))
    if len(document) > LONGEST:
        raise ReportRefused(N_("文字太长，最多 {n} 个字。"), n=LONGEST)
    if day > now.date():
        raise ReportRefused(N_("报送日期不能晚于今天。"))
    asked = Filters(now.date(), now.date(), now.date())
    found = obligations(database, asked, actor.scope)
    mine = found[(found["target_kind"] == "report") & (found["rule_id"] == rule_id) & (found["target_id"].astype("str") == target_id)]
    if mine.empty:
        raise ReportRefused(N_("找不到这份材料，或不在你的权限范围内。"))
    owed = mine.iloc[0]
    if not pd.isna(owed["last_on"]):
        raise ReportRefused(N_("这份材料已在 {day} 登记报送。"), day=owed["last_on"].date().isoformat())
    if day < owed["opens_on"].date():
        raise ReportRefused(N_("报送日期早于 {day}。"), day=owed["opens_on"].date().isoformat())
    rule = rulebook_of(database, asked, actor.scope)[rule_id]
    street = owed["street_code"] if isinstance(owed["street_code"], str) else None
    row = {"number": f"{rule_id}/{target_id}", "day": day, "kind": "report", "name": f"{rule.name}：{document}"[:240],
           "agency_code": owed["owner_code"] if owed["owner_kind"] == "agency" else None, "street_code": street, "located": "area"}  # fmt: skip
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        return enter(connection, {"activity": [row]}, kind=KIND, words=f"{rule_id} {target_id}", actor=actor, now=now,
                     detail={"rule": rule_id, "paper": target_id, "day": day.isoformat(), "document": document})  # fmt: skip


def take_back(database: Database, batch_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Undo the record that a paper was handed in.

    Raises:
        ImportRefused: no such batch, not one of these, or taken back already.
    """
    undo(database, batch_id, actor=actor, now=now, only={KIND})
