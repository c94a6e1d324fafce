"""What a person judged under the rubric: items that no register tells, each with its document, audited, to be taken back."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import select

from data_access.areas import places
from data_access.database import Database
from data_access.entries import enter
from data_access.importing.undoing import undo
from data_access.narrowing import rows_of
from data_access.organisations import agency_names
from data_access.rulebooks import rulebook_of
from data_access.schema import FACTS, import_batch
from data_access.scope import known
from data_access.versions import wait_for_turn
from rules.language import N_, Refusal
from rules.request import Actor, Filters, Scope
from rules.rubric import by_hand

KIND = "score_entry"
LONGEST = 200
COLUMNS = ("id", "batch_id", "street_code", "day", "item", "points", "document", "note", "entered_by", "recorded_at")


class EntryRefused(Refusal):
    """An entry of the rubric that cannot be made; says what is wrong."""


def may_judge(scope: Scope) -> bool:
    """Whether somebody of this scope keeps the score: only who works for the whole district."""
    return scope.is_whole_district


def judge(
    database: Database, *, street_code: str, item: str, day: dt.date, points: float, document: str, note: str = "", actor: Actor, now: dt.datetime
) -> str:
    """Write a judgement of one item for one street: the points lost, 0 where nothing was missed.

    Args:
        item: id of a rule of ``rules.rubric.by_hand``, as the rulebook of that day has it.
        points: at most the item's own.
        document: what it rests on (文件, 通报, 会议纪要); needed.

    Returns:
        The id of the batch; ``withdraw`` takes it back.

    Raises:
        EntryRefused: the actor does not work for the whole district; no such street or item; a day to
            come; points below 0 or above the item's; no document, or a text that is too long.
    """
    if not may_judge(actor.scope):
        raise EntryRefused(N_("只有区打非办可以评定考核细则。"))
    filters = Filters(day, day, day)
    if day > now.date():
        raise EntryRefused(N_("评定日期不能晚于今天。"))
    rule = next((one for one in by_hand(rulebook_of(database, filters, actor.scope)) if one.id == item), None)
    if rule is None:
        raise EntryRefused(N_("这一条不由人工评定。"))
    if street_code not in set(places(database, actor.scope, day, "street")["code"]):
        raise EntryRefused(N_("没有这个街镇。"))
    if not 0 <= points <= abs(rule.points or 0.0):
        raise EntryRefused(N_("扣分应在 0 至 {most} 之间。"), most=f"{abs(rule.points or 0.0):g}")
    document, note = document.strip(), note.strip()
    if not document:
        raise EntryRefused(N_("请写明依据的文件。"))
    if len(document) > LONGEST or len(note) > LONGEST:
        raise EntryRefused(N_("文字太长，最多 {n} 个字。"), n=LONGEST)
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        row = {"street_code": street_code, "day": day, "item": item.removeprefix("score."), "points": float(points), "evidence": {"document": document, "note": note}}
        return enter(connection, {"score_entry": [row]}, kind=KIND, words=f"{item} {street_code}", actor=actor, now=now,
                     detail={"item": item, "street": street_code, "points": float(points), "document": document})  # fmt: skip


def withdraw(database: Database, batch_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take a judgement back; the row stays on record as it was known.

    Raises:
        EntryRefused: the actor does not work for the whole district.
        ImportRefused: no such batch, not one of these, or taken back already.
    """
    if not may_judge(actor.scope):
        raise EntryRefused(N_("只有区打非办可以评定考核细则。"))
    undo(database, batch_id, actor=actor, now=now, only={KIND})


def judgements(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The judgements of the calendar year up to the day, the newest first.

    Returns:
        ``COLUMNS``: item is the rule's id; entered_by the name of who entered it. None: no rows.
    """
    t, b = FACTS["score_entry"], import_batch
    rows = database.frame(
        select(t.c.id, t.c.batch_id, t.c.street_code, t.c.day, t.c.item, t.c.points, t.c.evidence, b.c.actor_name.label("entered_by"), t.c.recorded_at)
        .select_from(t.outerjoin(b, (b.c.id == t.c.batch_id) & (b.c.district_code == t.c.district_code)))
        .where(rows_of(t, filters, scope), known(t, filters.known_at), t.c.day >= dt.date(filters.as_of.year, 1, 1), t.c.day <= filters.as_of)
    )  # fmt: skip
    held = [one if isinstance(one, dict) else {} for one in rows["evidence"]]
    item = rows["item"].where(rows["item"].str.startswith("score."), "score." + rows["item"])
    made = rows.assign(item=item, document=pd.Series([one.get("document", "") for one in held], dtype="str"), note=pd.Series([one.get("note", "") for one in held], dtype="str"))
    return made.sort_values(["day", "recorded_at"], ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]


def joint_actions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The joint enforcement of the year up to the day asked about, and whether the street itself took part.

    What a person needs to judge 申请后未组织配合联合行动 (S3 附件3 二.3): no register says which action
    answered which application, so none is taken for a miss by itself.

    Returns:
        frame[id, street_code, day, local], the newest first: local is whether an agency of the street led it or
        took part. None: no rows.
    """
    t, part = FACTS["activity"], FACTS["activity_agency"]
    rows = database.frame(
        select(t.c.id, t.c.street_code, t.c.day, t.c.agency_code)
        .where(rows_of(t, filters, scope), t.c.kind == "joint_enforcement", t.c.street_code.is_not(None),
               t.c.day >= filters.as_of.replace(month=1, day=1), t.c.day <= filters.as_of)
        .order_by(t.c.day.desc(), t.c.id)
    )  # fmt: skip
    with_them = database.frame(
        select(part.c.activity_id, part.c.agency_code).where(part.c.district_code == scope.district, known(part, filters.known_at))
    )
    lies_in = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["area_code"]
    led = rows.rename(columns={"id": "activity_id"})[["activity_id", "agency_code"]]
    took = pd.concat([with_them, led], ignore_index=True)
    took = took.merge(rows[["id", "street_code"]], left_on="activity_id", right_on="id")
    own = set(took.loc[took["agency_code"].map(lies_in) == took["street_code"], "activity_id"])
    return rows.assign(local=rows["id"].isin(own)).drop(columns="agency_code")
