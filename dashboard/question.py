"""One question on its way: who asks what, in which language, answered once and kept in the cache."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.answers import Answers
from dashboard.view_state import ViewState, read
from data_access.areas import area_names
from data_access.identity import identity
from data_access.organisations import agency_texts
from data_access.versions import versions
from rules.language import Translate, translator
from rules.request import DEFAULT_CYCLE_DAYS, Actor, Filters, Scope
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from data_access.database import Database

Names = dict[str, tuple[str, str | None, str | None]]

@dataclass(frozen=True, slots=True)
class Notices:
    """Legal words shown on every map.

    Attributes:
        approval: 审图号, or empty while there is none.
        source: where the boundaries come from, or empty.
        boundary: what must be said about the boundaries, e.g. 界线为示意.
    """

    approval: str = ""
    source: str = ""
    boundary: str = ""


@dataclass(frozen=True)
class Context:
    """What the page is built on; made once by the door and handed to every part.

    Attributes:
        database: where the rows are.
        answers: the cache of answers.
        clock: the product's clock; an instant with its time zone.
        actor_of: who a request comes from, with the scope of that person; None asks the door.
        folder: where tiles and other made files are kept.
        demo: whether the rows are a demonstration (演示数据 on every screen).
        language: the language where a URL names none.
        notices: the legal words on maps.
        basemap: address pattern of a background map, or empty for none.
        cycle_days: days within which a grid must be visited, where the URL names none.
        target, target_low: 网格按期巡查率 (0..1) below which a street is yellow, then red.
    """

    database: Database
    answers: Answers
    clock: Callable[[], dt.datetime]
    actor_of: Callable[[], Actor]
    folder: Path
    demo: bool = False
    language: str = "zh_CN"
    notices: Notices = field(default_factory=Notices)
    basemap: str = ""
    target: float = 0.90
    target_low: float = 0.85
    cycle_days: int = DEFAULT_CYCLE_DAYS

    def ask(self, search: str | None = "") -> Ask:
        """The question that a URL's query asks, for the person of the present request.

        Raises:
            UnreadableRequest: the query is not of its form.
        """
        now = self.clock()
        filters, view = read("" if search is None else search, now.date(), self.language)
        if filters.cycle_days == DEFAULT_CYCLE_DAYS:
            filters = filters.with_(cycle_days=self.cycle_days)
        return Ask(self, filters, view, self.actor_of(), now, search=search or "")


@dataclass(frozen=True)
class Ask:
    """One question: what is asked (``filters``), how it is shown (``view``), by whom, when.

    ``search`` is the URL's query as it stands, before what it leaves out was filled in.

    A frame that ``get`` gives is shared by everybody who asks the same: never change it in place.
    """

    context: Context
    filters: Filters
    view: ViewState
    actor: Actor
    now: dt.datetime
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    search: str = ""

    @property
    def scope(self) -> Scope:
        return self.actor.scope

    @property
    def database(self) -> Database:
        return self.context.database

    @property
    def lang(self) -> str:
        return self.view.lang

    @property
    def t(self) -> Translate:
        return translator(self.view.lang)

    @property
    def today(self) -> dt.date:
        return self.now.date()

    @property
    def versions(self) -> dict[str, int]:
        """The data versions of the district, read once a question."""
        if "versions" not in self._kept:
            self._kept["versions"] = versions(self.database, self.scope.district)
        return self._kept["versions"]

    @property
    def database_key(self) -> str:
        """What tells this question's database from others that share the cache."""
        if "database" not in self._kept:
            self._kept["database"] = identity(self.database, self.now)
        return self._kept["database"]

    def with_(self, **changes: Any) -> Ask:
        """The same person's question with other filters, e.g. ``ask.with_(area=None)``."""
        return Ask(self.context, self.filters.with_(**changes), self.view, self.actor, self.now, self._kept)

    def with_scope(self, **changes: Any) -> Ask:
        """The question under a narrower scope, e.g. ``exact_points=False`` for the wall."""
        actor = replace(self.actor, scope=replace(self.actor.scope, **changes))
        return Ask(self.context, self.filters, self.view, actor, self.now, self._kept)

    def get(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """``function(database, filters, scope, *args, **named)``, computed once a data version.

        Arguments are plain values (text, numbers, dates, tuples of them).
        """
        asked = {"filters": self.filters.to_json(), "args": args, "named": named}
        return self._answer(
            function, asked, lambda: function(self.database, self.filters, self.scope, *args, **named)
        )

    def look_up(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """``function(database, scope, as_of, *args, known_at=..., **named)``: reference data of a day, cached alike."""
        known_at = self.filters.known_at
        asked = {"day": self.filters.as_of.isoformat(), "known_at": known_at and known_at.isoformat(), "args": args, "named": named}
        return self._answer(
            function, asked, lambda: function(self.database, self.scope, self.filters.as_of, *args, known_at=known_at, **named)
        )

    def drawing(self, name: str, draw: Callable[[], Any], *more: Any) -> Any:
        """What ``draw()`` gives, drawn once for all who ask the same in the same language.

        A drawing of which a part failed is not kept (``part_failed``).

        Args:
            name: which drawing.
            draw: gives components; what it shows hangs on the question, the day and ``more`` alone.
            more: plain values that it hangs on besides.
        """
        context = self.context
        whole = {
            "drawing": name, "search": self.search, "filters": self.filters.to_json(), "lang": self.view.lang,
            "scope": asdict(self.scope), "actor": (self.actor.id, self.actor.role), "versions": self.versions,
            "today": self.today.isoformat(), "more": more, "program": program(), "database": self.database_key,
            "settings": (context.demo, asdict(context.notices), context.target, context.target_low, context.cycle_days),
        }
        key = _hashed(whole)
        kept = context.answers.peek(key)
        if kept is None:
            kept = draw()
            if not self._kept.get("failed"):
                context.answers.keep(key, kept)
        return kept

    def part_failed(self) -> None:
        """Note that a part of the screen could not be drawn, so that the drawing is not kept."""
        self._kept["failed"] = True

    def name(self, code: str | None) -> str:
        """The name of an area or agency in the reader's language; the code itself when unknown."""
        return self._named(code, 1 if self.lang == "en" else 0)

    def short_name(self, code: str | None) -> str:
        """The short name of an area or agency (江桥 for 江桥镇); its full name where it has none."""
        return self._named(code, 1 if self.lang == "en" else 2)

    def words(self, table: str, code: str | None) -> str:
        """The reader's word for a code of ``rules.vocabulary.TABLES[table]``."""
        return self.t(name_of(table, code)) if code else ""

    def _named(self, code: str | None, place: int) -> str:
        if not code:
            return ""
        areas, agencies = self._names()
        names = areas.get(code) or agencies.get(code)
        return (names[place] or names[0]) if names else code

    def _names(self) -> tuple[Names, Names]:
        """Name, English name and short name of every area and of every agency of the day, by code."""
        day, known_at = self.filters.as_of, self.filters.known_at
        key = ("names", day, known_at)
        if key not in self._kept:
            self._kept[key] = tuple(names(self.database, self.scope, day, known_at=known_at) for names in (area_names, agency_texts))
        return self._kept[key]

    def _answer(self, function: Callable[..., Any], asked: dict[str, Any], compute: Callable[[], Any]) -> Any:
        whole = {
            "function": f"{function.__module__}.{function.__qualname__}",
            "scope": asdict(self.scope), "versions": self.versions, "program": program(), "database": self.database_key, **asked,
        }
        key = _hashed(whole)
        if key not in self._kept:
            self._kept[key] = self.context.answers.get(key, compute)
        return self._kept[key]


def _hashed(asked: dict[str, Any]) -> str:
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def program() -> str:
    """Sixteen characters that change with the code and the words that answer: an upgrade shares no answer."""
    digest = hashlib.blake2b(digest_size=8)
    root = Path(__file__).resolve().parent.parent
    rooms = [(room, "*.py") for room in ("dashboard", "layers", "data_access", "rules")]
    for folder, pattern in (*rooms, ("rules", "*.toml"), ("translations", "*.po")):
        for file in sorted((root / folder).rglob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()
