"""The duty to hand in a paper by a day: after a stage, on a day of the year or of every month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from rules.discharge import Last
from rules.duties.parts import days, deadline_state, part
from rules.event_line import NO_DAY
from rules.report_deadlines import report_deadlines
from rules.rulebook import Rule, Rulebook
from rules.working_days import WorkingCalendar

LOOK = dt.timedelta(days=400)
"""How far back and ahead of the day papers are looked for: every one of them comes once a year at least."""
MISSED = pd.Timedelta(days=183)
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
    due = report_deadlines(book, calendar, as_of - LOOK, as_of + LOOK, stages)
    if due.empty or bodies.empty:
        return pd.DataFrame({name: pd.Series(dtype="datetime64[s]" if name.endswith(("_on", "_day")) else "bool" if name == "adopted" else "str") for name in COLUMNS})
    # Two stages that end on one day are told in one paper.
    due = due.assign(stage=due.groupby(["rule_id", "last_day"])["stage"].transform(lambda names: "、".join(dict.fromkeys(one for one in names if one))))
    due = due.drop_duplicates(["rule_id", "last_day"]).sort_values(["rule_id", "due_on"], kind="stable")
    ended = due["last_day"] + pd.Timedelta(days=1)
    due["opens_on"] = ended.where(due["last_day"] < due["due_on"], due["first_day"])
    due["until_on"] = due.groupby("rule_id")["opens_on"].shift(-1) - pd.Timedelta(days=1)
    day = pd.Timestamp(as_of)
    next_due = due.groupby("rule_id")["due_on"].shift(-1)
    current = due[(due["opens_on"] <= day) & ~(next_due < day) & (due["due_on"] >= day - MISSED)]
    since = pd.to_datetime(current["rule_id"].map({rule_id: pd.Timestamp(one) for rule_id, one in book.since.items()}))
    current = current[~((current["due_on"] < day) & (current["due_on"] < since))]
    current = current.assign(level=[level_of(book[rule_id]) for rule_id in current["rule_id"]])
    made = current.merge(bodies[["code", "level", "label", "street_code"]], on="level").rename(columns={"label": "body"})
    made = made[_took_part(made, stages)]
    named = made["stage"].where(made["stage"] != "", made["last_day"].dt.strftime("%Y-%m"))
    made = made.assign(id=made["code"] + "." + made["last_day"].dt.strftime("%Y-%m-%d"), label=named)
    return made[list(COLUMNS)].reset_index(drop=True)


def _took_part(made: pd.DataFrame, stages: pd.DataFrame) -> np.ndarray:
    """Whether a street took part in what a paper after a stage tells; every other paper is owed by all."""
    if "areas" not in stages:
        return np.ones(len(made), dtype=bool)
    where: dict[pd.Timestamp, set[str]] = {}
    for last, areas in zip(pd.to_datetime(stages["end_on"]), stages["areas"], strict=True):
        where.setdefault(last, set()).update(areas or ("",))
    return np.array([not stage or level != "street" or bool(where.get(last, {""}) & {"", code})
                     for stage, level, last, code in zip(made["stage"], made["level"], made["last_day"], made["code"], strict=True)], dtype=bool)  # fmt: skip


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
    listed = owed.to_dict("records")
    for one in given.sort_values(["day", "id"], kind="stable").itertuples(index=False):
        for place in _meant(listed, one, named, rules):
            found.setdefault(place, (one.day, one.id))
    on, by = ([found[place][part_] if place in found else none_ for place in range(len(listed))] for part_, none_ in ((0, pd.NaT), (1, None)))
    return owed.assign(given_on=pd.Series(on, index=owed.index, dtype="datetime64[s]"), given_id=pd.Series(by, index=owed.index, dtype="str"))


def report_duties(rules: dict[str, list[Rule]], owed: pd.DataFrame, as_of: dt.date) -> list[pd.DataFrame]:
    """One duty a paper and body; a paper handed in by its due day is kept as done until that day.

    Args:
        owed: answer of ``handed_in``.
    """
    found = []
    for rule in rules.get("report", []):
        mine = owed[owed["rule_id"] == rule.id].reset_index(drop=True)
        if mine.empty:
            continue
        opens, due, given = days(mine, "opens_on"), days(mine, "due_on"), days(mine, "given_on")
        done = given <= np.datetime64(as_of, "D")
        last = Last(np.where(done, given, NO_DAY), np.where(done, mine["given_id"].to_numpy(object), None))
        state = np.where(done, np.where(np.datetime64(as_of, "D") <= due, "ok", ""), deadline_state(opens, due, as_of)).astype(object)
        found.append(part(rule, "report", mine, opens=opens, due=due, state=state, last=last, as_of=as_of, facts=("first_day", "last_day", "stage", "level")))
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
