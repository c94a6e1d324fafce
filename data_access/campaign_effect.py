"""What a campaign changed: before, during and after it, against streets that it left alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from data_access.areas import path_to, places
from data_access.campaigns import UnknownCampaign, campaigns
from data_access.comparison import first_record
from data_access.database import Database
from data_access.events import events
from data_access.narrowing import inside
from rules.compare import two_periods
from rules.controlled_change import ControlledChange, controlled_change
from rules.language import N_, Translate
from rules.request import Filters, Scope
from rules.sentences import campaign_sentence

EFFECT_KINDS = ("lead",)
"""What is counted: what comes in. Findings and cases rise with the effort of a campaign itself."""

ENOUGH_DAYS = 14
"""Days after the campaign from which these are held against those before it; sooner its own days are."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period: its first and last day, its events in the campaign's area and in the control."""

    start: dt.date
    end: dt.date
    events: int
    control: int

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class CampaignEffect:
    """The change that came with a campaign.

    Attributes:
        id, name, start, end: of the campaign; area_codes: its streets, empty for the whole district.
        before: as many days right before it; during: its own days up to the day asked about;
            after: as many days after it as have passed, at most as long; None without any.
        later: ``after`` or ``during``: what was held against before.
        control: ``streets`` (outside the campaign), ``last_year`` (the same days a year earlier, 无对照)
            or ``none``.
        change: the ratio, with its interval.
    """

    id: str
    name: str
    start: dt.date
    end: dt.date
    area_codes: tuple[str, ...]
    before: Span
    during: Span
    after: Span | None
    later: str
    control: str
    change: ControlledChange

    def sentence(self, t: Translate) -> str:
        """What it means in words, with what it was held against."""
        change, later = self.change, self.after if self.later == "after" and self.after else self.during
        return campaign_sentence(
            t, name=self.name, before=self.before.events, during=self.during.events, after=None if self.after is None else self.after.events,
            later=self.later, control_before=self.before.control, control_later=later.control, ratio=change.ratio, low=change.low,
            high=change.high, verdict=change.verdict, control=self.control,
        )  # fmt: skip


def campaign_effect(
    database: Database, filters: Filters, scope: Scope, campaign_id: str | None = None, *, kinds: tuple[str, ...] = EFFECT_KINDS
) -> CampaignEffect | None:
    """The effect of a campaign as of the day asked about.

    The control are the streets of the scope that had no campaign at any time of the periods compared;
    where there is none, the same days a year earlier in the campaign's own area, if anything was
    recorded then and the register had begun.

    Args:
        campaign_id: None takes the one that began last.
        kinds: which events count (``data_access.events.KINDS``).

    Returns:
        None where no campaign has begun.

    Raises:
        UnknownCampaign: no campaign of that id has begun.
    """
    every = campaigns(database, filters, scope)
    if campaign_id is not None and campaign_id not in set(every["id"]):
        raise UnknownCampaign(N_("没有编号为 {id} 的专项行动，或它尚未开始。"), id=campaign_id)
    if every.empty:
        return None
    row = every.iloc[0] if campaign_id is None else every.set_index("id", drop=False).loc[campaign_id]
    start, end = row["start_on"].date(), row["end_on"].date()
    asked = _Asked(database, filters, scope, kinds)
    spans = _periods(start, end, filters.as_of)
    within = asked.streets_of(row["area_codes"])
    first, last = min(one[0] for one in spans.values()), max(one[1] for one in spans.values())
    outside = asked.streets() - within - asked.streets_with_campaign(every, first, last)
    control = "streets" if outside else "last_year"
    counted = {name: _span(asked, days, within, outside, control) for name, days in spans.items()}
    enough = "after" in counted and counted["after"].days >= ENOUGH_DAYS
    later = counted["after" if enough else "during"]
    begins = first_record(database, scope)
    unrecorded = begins is None or _year_earlier(counted["before"].start, counted["before"].end)[0] < begins
    if control == "last_year" and (unrecorded or not (counted["before"].control or later.control)):
        control = "none"
    return CampaignEffect(
        id=row["id"], name=row["name"], start=start, end=end, area_codes=tuple(row["area_codes"]), before=counted["before"],
        during=counted["during"], after=counted.get("after"), later="after" if enough else "during", control=control,
        change=_change(counted["before"], later, control),
    )  # fmt: skip


class _Asked:
    """Events by street over any days, read once for each run of days."""

    def __init__(self, database: Database, filters: Filters, scope: Scope, kinds: tuple[str, ...]) -> None:
        self.database, self.filters, self.scope, self.kinds = database, filters, scope, kinds

    def by_street(self, first: dt.date, last: dt.date) -> pd.Series:
        found = events(self.database, self.filters.with_(start=first, end=last), self.scope, self.kinds)
        return found["street_code"].value_counts()

    def streets(self) -> set[str]:
        every = places(self.database, self.scope, self.filters.as_of, "street", known_at=self.filters.known_at)
        return set(inside(every, self.filters, self.scope)["code"])

    def streets_of(self, codes: list[str]) -> set[str]:
        """The streets of the scope that a campaign touches; every one where it names no area."""
        if not codes or self.scope.district in codes:
            return self.streets()
        ways = (path_to(self.database, self.scope, self.filters.as_of, code, known_at=self.filters.known_at) for code in codes)
        return {code for way in ways for level, code in way if level == "street"} & self.streets()

    def streets_with_campaign(self, every: pd.DataFrame, first: dt.date, last: dt.date) -> set[str]:
        running = every[(every["start_on"] <= pd.Timestamp(last)) & (every["end_on"] >= pd.Timestamp(first))]
        return {street for codes in running["area_codes"] for street in self.streets_of(codes)}


def _periods(start: dt.date, end: dt.date, as_of: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    during = (start, min(end, as_of))
    length = during[1] - during[0]
    found = {"before": (start - dt.timedelta(days=1) - length, start - dt.timedelta(days=1)), "during": during}
    following = end + dt.timedelta(days=1)
    if as_of >= following:
        found["after"] = (following, min(following + length, as_of))
    return found


def _span(asked: _Asked, days: tuple[dt.date, dt.date], within: set[str], outside: set[str], control: str) -> Span:
    counted = asked.by_street(*days)
    if control == "streets":
        held = int(counted.reindex(sorted(outside)).sum())
    else:
        held = int(asked.by_street(*_year_earlier(*days)).reindex(sorted(within)).sum())
    return Span(*days, int(counted.reindex(sorted(within)).sum()), held)


def _year_earlier(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """As many days from the same day a year earlier: a 29 February takes none away."""
    begin = (pd.Timestamp(first) - pd.DateOffset(years=1)).date()
    return begin, begin + (last - first)


def _change(before: Span, later: Span, control: str) -> ControlledChange:
    if control == "none":
        found = two_periods(before.events, later.events, before.days, later.days)
        return ControlledChange(found.ratio, *found.interval, found.p, found.verdict)
    # The same days pass in the control, so that their number cancels out.
    return controlled_change(before.events, later.events, before.control, later.control)
