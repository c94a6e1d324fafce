"""Cuts the facts of a meeting to one street's or one agency's reader: its own rows, and the published totals of others."""

from __future__ import annotations

from copy import deepcopy

LEAST_PERSONS = 3
"""Counts of persons below this could name one (where they are another street's) and are withheld."""

PUBLISHED = (
    "code", "name", "name_en", "short_name", "grids", "ok", "due", "over", "never", "coverage", "key_n", "key_N", "visits", "penalties",
    "events_before", "events_after", "exposure", "exposure_before", "exposure_after", "ratio", "low", "high", "p", "verdict", "stands",
)  # fmt: skip
"""What every street may know of every other: published indicators (DESIGN 12)."""

NAMED = ("code", "name", "name_en", "system")
"""What an agency may know of the work of another: that it is there."""

PERSONS = ("must_transfer", "watch")
"""Counts of persons in a hot spot."""


class UnknownStreet(ValueError):
    """The facts hold no street of that code."""


def cut(facts: dict[str, object], street_code: str) -> dict[str, object]:
    """The facts that a street's reader gets: a new value, the one given is left as it is.

    Own rows stay whole. Of other streets: the published totals; their hot spots with place, counts
    of matters and sentences, but no repeated complaints, no open cases and no counts of persons
    below ``LEAST_PERSONS``; open cases as a count by street; moves between other streets not at
    all, moves from and to it without counts below that. Decisions stay where the street owns,
    helps, or lies in the place, or where they concern no single street. Agencies stay: their work
    is the district's. Withheld numbers are null, with ``suppressed: true`` beside them.

    Raises:
        UnknownStreet: there is no such street.
    """
    made = deepcopy(facts)
    if made["scope"]["areas"] == [street_code]:
        return made
    own = next((row for row in made["streets"] if row["code"] == street_code), None)
    if own is None:
        raise UnknownStreet(f"expected the code of one of {len(made['streets'])} streets, found {street_code!r}")
    made["scope"] = {"areas": [street_code], "agencies": made["scope"]["agencies"]}
    made["streets"] = [row if row is own else _published(row) for row in made["streets"]]
    made["district"] = {name: value for name, value in made["district"].items() if name != "overdue_grids"}
    made["hotspots"] = [spot if street_code in spot["street_codes"] else _of_others(spot) for spot in made["hotspots"]]
    made["decisions"] = [one for one in made["decisions"] if _concerns(one, street_code)]
    made["trackers"] = {name: [row for row in rows if row["street_code"] == street_code] for name, rows in made["trackers"].items()}
    made["recurrence"]["displaced"] = [_withheld(row, ("count",)) for row in made["recurrence"]["displaced"] if street_code in _ends(row)]
    made["cases_elsewhere"] = _counted_elsewhere(made["cases"], street_code)
    made["cases"] = [row for row in made["cases"] if row["street_code"] == street_code]
    made["deadlines"] = [row for row in made["deadlines"] if row["street_code"] == street_code]
    if "registered_places" in made:
        made["registered_places"] = [row for row in made["registered_places"] if row["street_code"] == street_code]
        made["joint_needs"] = {code: row for code, row in made["joint_needs"].items() if code == street_code}
    return made


def cut_for_agencies(facts: dict[str, object], codes: tuple[str, ...]) -> dict[str, object]:
    """The facts that a member agency gets: a new value, the one given is left as it is.

    What it works on stays whole: decisions that it owns or supports, cases and persons that it
    handles, deadlines that it must keep, its own row of work. Of everything else it gets what any
    other street's reader would (:func:`cut`): published totals of all streets, hot spots with place,
    counts of matters and sentences, open cases as a count by street; of other agencies their names
    (DESIGN 12: for an agency, rows that it performs, handles, supports or must answer).
    """
    made, own = deepcopy(facts), set(codes)
    made["scope"] = {"areas": made["scope"]["areas"], "agencies": sorted(own)}
    made["streets"] = [_published(row) for row in made["streets"]]
    made["district"] = {name: value for name, value in made["district"].items() if name != "overdue_grids"}
    made["agencies"] = [row if row["code"] in own else {name: value if name in NAMED else None for name, value in row.items()} for row in made["agencies"]]
    made["hotspots"] = [_of_others(spot) for spot in made["hotspots"]]
    made["decisions"] = [one for one in made["decisions"] if own & {one["agency_code"], *(each["code"] for each in one["support"])}]
    made["trackers"] = {name: [row for row in rows if row.get("agency_code") in own] for name, rows in made["trackers"].items()}
    made["recurrence"]["displaced"] = []
    others = [row for row in made["cases"] if row.get("agency_code") not in own]
    made["cases_elsewhere"] = _counted_elsewhere(others, "")
    made["cases"] = [row for row in made["cases"] if row.get("agency_code") in own]
    made["deadlines"] = [row for row in made["deadlines"] if row.get("agency_code") in own]
    if "registered_places" in made:
        made["registered_places"], made["joint_needs"] = [], {}
    return made


def _published(row: dict[str, object]) -> dict[str, object]:
    return {name: row[name] for name in PUBLISHED if name in row}


def _of_others(spot: dict[str, object]) -> dict[str, object]:
    closed = _withheld({**spot, "repeat": [], "open_cases": []}, PERSONS)
    # The reason tells how many persons bring in the police.
    return {**closed, "reason": {"zh": "", "en": ""}} if closed.get("suppressed") else closed


def _withheld(row: dict[str, object], names: tuple[str, ...]) -> dict[str, object]:
    small = [name for name in names if row.get(name) is not None and 0 < row[name] < LEAST_PERSONS]
    return {**row, **dict.fromkeys(small), "suppressed": True} if small else row


def _concerns(decision: dict[str, object], street_code: str) -> bool:
    if street_code in {decision["agency_area"], *(one["area_code"] for one in decision["support"])}:
        return True
    return decision["street_code"] in {None, street_code}


def _ends(row: dict[str, object]) -> tuple[object, object]:
    return row["from_street"], row["to_street"]


def _counted_elsewhere(cases: list[dict[str, object]], street_code: str) -> list[dict[str, object]]:
    """How many cases are open in each other street: no more is said before a decision (DESIGN 12)."""
    counts: dict[tuple[str, str], int] = {}
    for row in cases:
        if row["street_code"] not in {None, street_code}:
            key = row["street_code"], row["street"]
            counts[key] = counts.get(key, 0) + 1
    return [{"street_code": code, "street": name, "open_cases": number} for (code, name), number in sorted(counts.items())]
