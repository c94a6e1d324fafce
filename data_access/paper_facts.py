"""What a paper of a meeting prints: the facts of its snapshot, what the meeting decided on them, cut to its reader."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from data_access.database import Database
from data_access.decided import decided, with_decided
from data_access.facts_cut import UnknownStreet, cut
from data_access.snapshots import canonical, read_snapshot
from rules.language import N_, Refusal
from rules.request import Scope


class NotForThisReader(Refusal):
    """A paper that this reader may not have."""


def printed_facts(database: Database, scope: Scope, snapshot_id: str, meeting_id: str, day: dt.date, *, street: str = "") -> dict[str, Any]:
    """The facts that every paper of a meeting is printed from, whatever was imported since.

    Args:
        day: of today; what was written of later days does not count.
        street: cuts them to this street's reader; empty gives all that the scope holds.

    Raises:
        SnapshotRefused: no such snapshot within the scope, or it is another meeting's.
        NotForThisReader: the facts hold no such street.
    """
    if street and scope.agencies:
        raise NotForThisReader(N_("没有这个街镇的材料，或不在你的权限范围内。"))
    facts = read_snapshot(database, scope, snapshot_id)
    if not facts["meeting"] or facts["meeting"]["id"] != meeting_id:
        raise NotForThisReader(N_("这份快照不是这次会议的：请从会议页面打开。"))
    live = decided(database, scope, meeting_id, [one["id"] for one in facts["decisions"]], day)
    facts = with_decided(facts, live, meeting_id)
    try:
        return cut(facts, street) if street else facts
    except UnknownStreet:
        raise NotForThisReader(N_("没有这个街镇的材料，或不在你的权限范围内。")) from None


def digest_of(facts: dict[str, Any]) -> str:
    """SHA-256 of what is printed, in hexadecimal: another decision or another reader gives another."""
    return hashlib.sha256(canonical({name: value for name, value in facts.items() if name != "snapshot"})).hexdigest()
