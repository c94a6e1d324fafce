"""The duty to hand in a paper by a day: after a stage, on a day of the year or of every month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from rules.discharge import Last
from rules.duties.parts import Part, days, deadline_state, part
from rules.event_line import NO_DAY
from rules.report_deadlines import DuePaper, due_papers
from rules.rulebook import Rule, Rulebook
from rules.working_days import WorkingCalendar

LOOK = dt.timedelta(days=400)
"""How far back and ahead of the day papers are looked for: every one of them comes once a year at least."""
MISSED = dt.timedelta(days=183)
"""How long a missed paper is still asked for (this system's default)."""
COLUMNS = ("rule_id", "id", "code", "level", "label", "street_code", "opens_on", "due_on", "first_day", "last_day", "until_on", "stage", "adopted")
_MONTH = re.compile(r"(?:(\d{4})\s*年)?\s*(\d{1,2})\s*月")
_PLAIN = str.maketrans({"－": "-", "—": "-", "–": "-", "至": "-", "～": "-", "~": "-"})


def level_of(rule: Rule) -> str:
    """Who hands the paper in: every street, the district, or the city's office."""
    return str(rule.options.get("level") or ("street" if rule.owner_system == "street" else "district"))


def papers(book: Rulebook, bodies: pd.DataFrame, stages: pd.DataFrame, as_of: dt.date, calendar: WorkingCalendar) -> pd.DataFrame:
    """The papers that each body owes about a day: of every rule the last one that fell due and the next one.

    A paper is owed from the day after what it reports on has ended, or from its first day where it
    falls due before that end; a missed one stays owed until the next of its rule falls due, at most
    ``MISSED`` days. What fell due before the rule was adopted is owed by nobody.

    Args:
        bodies: code, level (street, district, city), label, street_code.
        stages: name, start_on, end_on of the stages of campaigns; areas (codes; none: all) where
            only some streets took part.

    Returns:
        ``COLUMNS``, one row a rule and body: id is the body's code and the last day reported on,
        ``990199001.2023-06-30``; until_on the day before the next paper of the rule is owed, NaT
        where none is known.
    """
    rows: list[tuple] = []
    by_level: dict[str, list] = {}
    for code, level, street in zip(*(bodies[name].to_numpy(object) for name in ("code", "level", "street_code")), strict=True):
        by_level.setdefault(level, []).append((code, street))
    where = _areas_of(stages)
    for one in _current(_in_line(due_papers(book, calendar, as_of - LOOK, as_of + LOOK, stages)), book, as_of):
        rule, last, level = one.rule, one.last_day, level_of(one.rule)
        took_part = where.get(last, {""}) if where is not None and one.stage else {""}
        told = (one.stage or last.strftime("%Y-%m"), one.opens_on, one.due_on, one.first_day, last, one.until_on, one.stage, book.is_adopted(rule.id))
        for code, street in by_level.get(level, ()):
            if level != "street" or took_part & {"", code}:
                rows.append((rule.id, f"{code}.{last}", code, level, told[0], street, *told[1:]))
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    return pd.DataFrame({name: _column(name, values) for name, values in zip(COLUMNS, columns, strict=True)})


def _column(name: str, values: tuple) -> object:
    if name == "adopted":
        return np.array(values, dtype=bool)
    if name.endswith(("_on", "_day")):
        return np.array(values, dtype="datetime64[D]").astype("datetime64[s]")
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return pd.array(made, dtype="str")


@dataclass(slots=True)
class _Owed:
    """A paper of a rule, from when it is owed, and until when (None: no later one is known); two stages that end on one day are told in one."""

    rule: Rule
    due_on: dt.date
    first_day: dt.date
    last_day: dt.date
    stage: str
    opens_on: dt.date
    until_on: dt.date | None = None
    next_due: dt.date | None = None


def _in_line(due: list[DuePaper]) -> list[_Owed]:
    """The papers by rule and due day, each beside the one that follows it."""
    told: dict[tuple[str, dt.date], list[DuePaper]] = {}
    for paper in due:
        told.setdefault((paper.rule.id, paper.last_day), []).append(paper)
    line = []
    for papers_ in told.values():
        one = papers_[0]
        opens = one.last_day + dt.timedelta(days=1) if one.last_day < one.due_on else one.first_day
        stage = "、".join(dict.fromkeys(paper.stage for paper in papers_ if paper.stage))
        line.append(_Owed(one.rule, one.due_on, one.first_day, one.last_day, stage, opens))
    line.sort(key=lambda one: (one.rule.id, one.due_on))
    for one, following in pairwise(line):
        if following.rule.id == one.rule.id:
            one.until_on, one.next_due = following.opens_on - dt.timedelta(days=1), following.due_on
    return line


def _current(line: list[_Owed], book: Rulebook, as_of: dt.date) -> Iterator[_Owed]:
    """What is owed on the day: begun, not yet followed by the next, not too long missed, not from before the rule bound."""
    for one in line:
        followed = one.next_due is not None and one.next_due < as_of
        if one.opens_on > as_of or followed or one.due_on < as_of - MISSED:
            continue
        since = book.since.get(one.rule.id)
        if since is None or one.due_on >= as_of or one.due_on >= since:
            yield one


def _areas_of(stages: pd.DataFrame) -> dict[dt.date, set[str]] | None:
    """The codes of the streets that took part in what ended on each day ("": all); None where nothing tells."""
    if "areas" not in stages:
        return None
    where: dict[dt.date, set[str]] = {}
    for last, areas in zip(pd.to_datetime(stages["end_on"]), stages["areas"], strict=True):
        where.setdefault(last.date(), set()).update(areas or ("",))
    return where


def handed_in(owed: pd.DataFrame, given: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Which recorded paper (activity 材料报送) discharges which owed one.

    A record made for one paper names it (number ``rule/id``). Any other is read by its
    name: the rule of whose words (``options.papers``) it holds the longest; a monthly one by the
    month it names; else the paper that was owed on its day.

    Args:
        owed: answer of ``papers``.
        given: id, number, name, day, code (of the street, or of the district) of the records.

    Returns:
        owed with given_on and given_id: the first record of each, NaT and missing where there is none.
    """
    named = {word.translate(_PLAIN): rule_id for rule_id, rule in rules.items() for word in rule.options.get("papers", ())}
    found: dict[int, tuple[pd.Timestamp, str]] = {}
    listed = owed.to_dict("records") if len(given) else []
    for one in given.sort_values(["day", "id"], kind="stable").itertuples(index=False):
        for place in _meant(listed, one, named, rules):
            found.setdefault(place, (one.day, one.id))
    on, by = ([found[place][part_] if place in found else none_ for place in range(len(owed))] for part_, none_ in ((0, pd.NaT), (1, None)))
    return owed.assign(given_on=pd.Series(on, index=owed.index, dtype="datetime64[s]"), given_id=pd.Series(by, index=owed.index, dtype="str"))


def report_duties(rules: dict[str, list[Rule]], owed: pd.DataFrame, as_of: dt.date) -> list[Part]:
    """One duty a paper and body; a paper handed in by its due day is kept as done until that day.

    Args:
        owed: answer of ``handed_in``.
    """
    if owed.empty:
        return []
    found = []
    opens, due, given = days(owed, "opens_on"), days(owed, "due_on"), days(owed, "given_on")
    day, by_rule = np.datetime64(as_of, "D"), owed["rule_id"].to_numpy(object)
    done = given <= day
    last = Last(np.where(done, given, NO_DAY), np.where(done, owed["given_id"].to_numpy(object), None))
    state = np.where(done, np.where(day <= due, "ok", ""), deadline_state(opens, due, as_of)).astype(object)
    for rule in rules.get("report", []):
        mine = np.where(by_rule == rule.id, state, "")
        found.append(part(rule, "report", owed, opens=opens, due=due, state=mine, last=last, facts=("first_day", "last_day", "stage", "level")))
    return found


def _meant(owed: list[dict], one: object, named: Mapping[str, str], rules: Mapping[str, Rule]) -> list[int]:
    """The places of the owed papers that a record means."""
    number = one.number if isinstance(one.number, str) else ""
    if number.partition("/")[0] in rules:
        return [place for place, paper in enumerate(owed) if f"{paper['rule_id']}/{paper['id']}" == number]
    name = (one.name if isinstance(one.name, str) else "").translate(_PLAIN)
    words = [word for word in named if word in name]
    if not words:
        return []
    rule_id = named[max(words, key=len)]
    mine = [(place, paper) for place, paper in enumerate(owed) if paper["rule_id"] == rule_id and paper["code"] == one.code]
    options = rules[rule_id].options
    month = _MONTH.search(name) if "month" not in options and options.get("after") != "stage" else None
    if month:
        year = int(month[1] or (one.day.year if int(month[2]) <= one.day.month else one.day.year - 1))
        return [place for place, paper in mine if (paper["last_day"].year, paper["last_day"].month) == (year, int(month[2]))]
    begun = [(place, paper) for place, paper in mine if paper["opens_on"] <= one.day]
    if any(_names_stage(paper, name) for _, paper in mine):
        return [place for place, paper in begun if _names_stage(paper, name)]
    return [place for place, paper in begun if pd.isna(paper["until_on"]) or paper["until_on"] >= one.day]


def _names_stage(paper: dict, name: str) -> bool:
    return bool(paper["stage"]) and paper["stage"].translate(_PLAIN) in name
