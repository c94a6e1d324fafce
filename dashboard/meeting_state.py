"""Reads what the meeting screen shows from the URL, and the frozen facts that everything on it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from data_access.decided import decided
from data_access.decisions_write import MOST_GRIDS
from data_access.meetings_write import MeetingEntry, may_convene, meeting_of
from data_access.snapshots import latest_meeting, read_snapshot, snapshots_of
from rules.language import N_
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.question import Ask

STEPS = (N_("上次事项"), N_("态势对比"), N_("热点研判"), N_("议定事项"))
KEYS = ("meeting", "snapshot", "step", "hotspot", "grids", "lang")
_ID = re.compile(r"[A-Za-z0-9\-]{1,36}")
_CODE = re.compile(r"[\w.\-]{1,64}")


@dataclass(frozen=True, slots=True)
class MeetingState:
    """What of the meeting is looked at.

    Attributes:
        meeting: id of the meeting; empty takes the one that opened last.
        snapshot: id of the snapshot; empty takes the meeting's newest.
        step: place in ``STEPS``, from 1.
        hotspot: rank of the hotspot that is shown.
        grids: codes of the grids that are picked on the map.
        chosen: whether somebody chose that hotspot; else it is the first.
    """

    meeting: str = ""
    snapshot: str = ""
    step: int = 3
    hotspot: int = 1
    grids: tuple[str, ...] = ()
    chosen: bool = False


def read_meeting(search: str) -> MeetingState:
    """Read a URL's query.

    Raises:
        UnreadableRequest: a field is not of its form; names the field.
    """
    query = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=False))
    for name in ("meeting", "snapshot"):
        if query.get(name) and not _ID.fullmatch(query[name]):
            raise UnreadableRequest(f"{name}: found {query[name][:60]!r}")
    numbers = {}
    for name, default, most in (("step", 3, len(STEPS)), ("hotspot", 1, 999)):
        text = query.get(name, str(default))
        if not re.fullmatch(r"\d{1,3}", text) or not 1 <= int(text) <= most:
            raise UnreadableRequest(f"{name}: expected 1 to {most}, found {text[:20]!r}")
        numbers[name] = int(text)
    grids = tuple(dict.fromkeys(filter(None, query.get("grids", "").split(","))))
    if len(grids) > MOST_GRIDS or not all(_CODE.fullmatch(code) for code in grids):
        raise UnreadableRequest(f"grids: expected at most {MOST_GRIDS} codes")
    return MeetingState(query.get("meeting", ""), query.get("snapshot", ""), grids=grids, chosen="hotspot" in query, **numbers)


def part(search: str) -> str:
    """What of the query the drawing depends on, in one spelling (assets/onemap/meeting.js has the same keys)."""
    pairs = dict(parse_qsl(search.removeprefix("?")))
    return "?" + urlencode({key: pairs[key] for key in KEYS if pairs.get(key) and key != "grids"})


@dataclass(frozen=True)
class Room:
    """A meeting on the screen.

    Attributes:
        ask: the question under a shared screen's scope: no personal data, no exact points.
        entry: the meeting as it stands.
        taken: its snapshots, newest first (``snapshots_of``); empty before it opened.
        facts: the frozen facts with ``snapshot``; None before it opened.
    """

    ask: Ask
    state: MeetingState
    entry: MeetingEntry
    taken: pd.DataFrame
    facts: dict[str, Any] | None

    @cached_property
    def own_streets(self) -> tuple[str, ...]:
        """The streets that the facts are of, by code; none where they are of the whole district."""
        held = {one["code"] for one in self.facts["streets"]}
        return tuple(sorted(held)) if held and held <= set(self.facts["scope"]["areas"]) else ()

    @property
    def is_part(self) -> bool:
        """Whether the facts were cut to this reader: what they do not list may be others'."""
        return "cases_elsewhere" in self.facts

    @property
    def may_decide(self) -> bool:
        return may_convene(self.ask.scope, self.entry.level, self.entry.street_code)

    @cached_property
    def streets(self) -> dict[str, dict[str, Any]]:
        return {one["code"]: one for one in (*self.facts["streets"], self.facts["district"])}

    @cached_property
    def agencies(self) -> dict[str, dict[str, Any]]:
        return {one["code"]: one for one in self.facts["agencies"]}

    @cached_property
    def live(self) -> dict[str, dict[str, Any]]:
        """The decisions as they stand now: this meeting's own, and those that it was shown."""
        ids = [one["id"] for one in self.facts["decisions"]]
        return decided(self.ask.database, self.ask.scope, self.state.meeting, ids, self.ask.today)

    def name(self, code: str | None) -> str:
        """The frozen name of a street or agency in the reader's language; today's where the facts name none."""
        found = self.streets.get(code) or self.agencies.get(code)
        if not found:
            return self.ask.name(code)
        return (self.ask.lang == "en" and found.get("name_en")) or found["name"]

    def called(self, one: dict[str, Any]) -> str:
        """The frozen name of a ``{name, name_en}`` in the reader's language."""
        return (self.ask.lang == "en" and one.get("name_en")) or one["name"]

    def words(self, both: dict[str, str] | None) -> str:
        """The reader's side of a ``{zh, en}`` pair."""
        return "" if not both else both["en" if self.ask.lang == "en" else "zh"]


def room(ask: Ask) -> Room | None:
    """The meeting that the URL asks for; None where it names none and none ever opened.

    Raises:
        UnreadableRequest: the query is not of its form.
        Refusal: no such meeting or snapshot within the scope, or one that is no longer what was kept.
    """
    state = read_meeting(ask.search)
    shared = ask.with_scope(exact_points=False, personal=False)
    meeting = state.meeting or latest_meeting(ask.database, shared.scope)
    if meeting is None:
        return None
    entry = meeting_of(ask.database, shared.scope, meeting)
    taken = snapshots_of(ask.database, shared.scope, meeting)
    wanted = state.snapshot or (taken["id"].iloc[0] if len(taken) else "")
    facts = read_snapshot(ask.database, shared.scope, wanted) if wanted else None
    return Room(shared, replace(state, meeting=meeting, snapshot=wanted), entry, taken, facts)
