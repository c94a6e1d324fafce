"""Who must be handed to the police on a day: two penalties and practising again, or what needs no count; per person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import select

from data_access import schema as s
from data_access.database import Database
from data_access.organisations import agencies_kept
from data_access.registers import kept, kept_narrowed, narrowed, narrowed_register, register, shared
from data_access.rulebooks import rulebook_of
from data_access.scope import known, select_columns, within
from data_access.versions import versions
from rules.event_line import days_of
from rules.language import N_
from rules.repeat_offence import GROUNDS, HARM, READINGS, TWICE, differing, repeat_offenders
from rules.request import Filters, Scope
from rules.rulebook import Rule, Rulebook, with_changes
from rules.vocabulary import GOODS_QUALITY

RULE, HARM_RULE = TWICE, HARM
COLUMNS = (
    "subject_id", "number", "kind", "name", "street_code", "neighbourhood_code", "grid_code", "qualification", "penalties",
    "last_penalty_on", "again_on", "transferred_on", "state", "reason", "ground", "rule_id", "article", "row_id",
)  # fmt: skip
ORDER = {"must_transfer": 0, "check_qualification": 1, "check_ground": 2, "watch": 3, "transferred": 4}
BINDING = ("must_transfer", "check_qualification", "check_ground", "transferred")
HARM_COLUMNS = ("id", "number", "day", "kind", "count", "street_code", "neighbourhood_code", "grid_code")
HARMFUL = ("death", "disability")
EVIDENCE = ("subject_id", "day", "what", "table", "id", "settled")
GROUND_OF = {"death": "harm", "disability": "harm", "epidemic": "epidemic", "serious": "serious"}
"""Kind of adverse event (``vocabulary.ADVERSE_KIND``) to the ground that it is."""
SIGNS = {"patrol_visit": N_("确认的巡查发现"), "lead": N_("属实的线索"), "site_event": N_("点位发现或回潮"), "case_event": N_("立案"), "penalty": N_("行政处罚")}
"""What somebody was seen practising by, by table."""


def police_transfers(database: Database, filters: Filters, scope: Scope, book: Rulebook | None = None) -> pd.DataFrame:
    """The people of the register who are to be handed over, to be judged, watched or done on the day.

    Beside two penalties and practising again: harm, infectious spread, other serious circumstances
    (verified adverse events, or ones that nobody denied), goods found counterfeit, inferior or
    substandard (seizures; binding once judged to endanger, to be judged before); each leads to the
    person that it names, or to that of its site or case. Penalties and signs of practice count wherever in the district they were met; only the people of
    the scope are told. Signs of practice are: a confirmed finding at the person or at one of the
    person's sites, a confirmed complaint, a site found or relapsed, a case of unlicensed practice
    filed, a penalty without a case.

    Args:
        book: another rulebook than the district's of that day.

    Returns:
        ``COLUMNS``, in the order of ``ORDER``, by number: name masked by scope, state, reason and
        ground of ``rules.repeat_offence``; rule_id and article of the ground. None: no rows.
    """
    asked = filters.of_day()
    if book is not None:
        return _police_transfers(database, asked, scope, book)
    own = rulebook_of(database, asked, scope)
    return shared(database, asked, scope, "police transfers", lambda: _police_transfers(database, asked, scope, own))


def _police_transfers(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    known_ = _known(database, filters, scope, book)
    people = _concerned(database, filters, scope, known_)
    is_own = book is rulebook_of(database, filters, scope)
    judged = (_judged_by if is_own else _judged_anew)(database, filters, scope, people, known_, book[RULE])
    bound = np.flatnonzero((judged["state"] != "").to_numpy(bool))
    people, judged = people.take(bound), judged.take(bound)
    order = np.lexsort((judged["subject_id"].to_numpy("U"), people["number"].fillna("\U0010ffff").to_numpy("U"), [ORDER[state] for state in judged["state"]]))
    grounds = [GROUNDS.get(code) for code in judged["ground"]]
    found = {name: (judged if name in judged else people)[name].array for name in COLUMNS if name not in ("rule_id", "article")}
    found |= {name: pd.array([None if ground is None else getattr(ground, name) for ground in grounds], dtype="str") for name in ("rule_id", "article")}
    return pd.DataFrame({name: found[name].take(order) for name in COLUMNS})


def both_readings(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The people of whom the court's reading and S4's stricter one say another thing on the day.

    Returns:
        frame[subject_id, number, street_code, one, other]: states under two_and_again and under
        second_penalty; by number. None: no rows.
    """
    asked = filters.of_day()
    return shared(database, asked, scope, "police readings", lambda: _both_readings(database, asked, scope))


def _both_readings(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    book = rulebook_of(database, filters, scope)
    known_ = _known(database, filters, scope, book)
    people = _concerned(database, filters, scope, known_)
    one, other = (_judged_by(database, filters, scope, people, known_, with_changes(book[RULE], {"options": {"reading": reading}})) for reading in READINGS)
    found = differing(one, other)
    # Who is only watched under the one and not at all under the other owes nobody anything.
    found = found[found["one"].isin(BINDING) | found["other"].isin(BINDING)].merge(people[["id", "number", "street_code"]], left_on="subject_id", right_on="id")
    return found.sort_values(["number", "subject_id"], ignore_index=True)[["subject_id", "number", "street_code", "one", "other"]]


def transfer_evidence(database: Database, filters: Filters, scope: Scope, subject_id: str | None = None) -> pd.DataFrame:
    """The rows on which each person's state rests, up to the day.

    Args:
        subject_id: of one person; None is everybody that ``police_transfers`` tells.

    Returns:
        ``EVIDENCE``, by person and day: what is ``penalty`` (a decision that counts), ``again`` (a
        sign of practice after the last penalty that counts), a ground's code, or ``transferred``; table and
        id of the row; settled False for a ground still to be judged. Nobody: no rows.
    """
    asked = filters.of_day()
    book = rulebook_of(database, asked, scope)
    told = police_transfers(database, asked, scope).set_index("subject_id")
    told = told if subject_id is None else told[told.index == subject_id]
    known_ = _known(database, asked, scope, book)
    rule = book[RULE]
    own = known_.penalties[known_.penalties["system"].isin(rule.options["systems"]) & known_.penalties["case_kind"].isin(rule.options["kinds"])]
    own = own[own["day"] <= pd.Timestamp(asked.as_of)]
    signs = known_.signs[known_.signs["subject_id"].isin(told.index)]
    after = told["last_penalty_on"].reindex(signs["subject_id"]).to_numpy("datetime64[s]")
    many = told["penalties"].reindex(signs["subject_id"]).to_numpy() >= (rule.amount or 2)
    again = signs[many & (np.isnat(after) | (signs["day"].to_numpy("datetime64[s]") > after))]
    parts = [own.assign(what="penalty", table="penalty"), again.assign(what="again"), known_.grounds.assign(what=known_.grounds["ground"]),
             known_.transfers.assign(what="transferred")]  # fmt: skip
    made = pd.concat([part.reindex(columns=list(EVIDENCE)) for part in parts if len(part)] or [pd.DataFrame(columns=list(EVIDENCE))], ignore_index=True)
    made = made[made["subject_id"].isin(told.index) & (made["day"] <= pd.Timestamp(asked.as_of))]
    made["settled"] = made["settled"].ne(False)
    return made.sort_values(["subject_id", "day", "table", "id"], kind="stable", ignore_index=True)


def last_agency(database: Database, filters: Filters, scope: Scope) -> pd.Series:
    """The agency of each person's last penalty up to the day."""
    wide = replace(scope, areas=(), agencies=())

    def by_day() -> pd.DataFrame:
        rows = register(database, filters, wide, s.penalty, ("subject_id", "case_id", "day", "agency_code"))
        of_case = register(database, filters, wide, s.case, ("id", "subject_id")).drop_duplicates("id").set_index("id")["subject_id"]
        rows["subject_id"] = rows["subject_id"].fillna(rows["case_id"].map(of_case))
        return rows[rows["subject_id"].notna()].sort_values("day", kind="stable", ignore_index=True)

    rows = kept(database, filters, wide, s.penalty, ("agencies of penalties",), by_day)
    past = rows.iloc[: rows["day"].searchsorted(pd.Timestamp(filters.as_of), "right")]
    return past.drop_duplicates("subject_id", keep="last").set_index("subject_id")["agency_code"]


@dataclass(frozen=True)
class _Known:
    """What leads to people anywhere in the district, on whatever day: subject_id, day, table, id and what each part needs."""

    penalties: pd.DataFrame
    signs: pd.DataFrame
    grounds: pd.DataFrame
    transfers: pd.DataFrame


KNOWN_BY = ("adverse", "case", "lead", "site", "transfer", "visit")
"""Version groups whose rows lead to people."""


def _concerned(database: Database, filters: Filters, scope: Scope, known_: _Known) -> pd.DataFrame:
    """The people asked about of whom anything is known that can bind: nobody else's state is told.

    An agency is told of whom it penalised last, too: it owes the transfer, though only the case names the person.
    """
    own = ("id", "row_id", "number", "kind", "name", "street_code", "neighbourhood_code", "grid_code", "qualification", "prior_penalties")
    people = narrowed_register(database, filters, scope, s.subject, own)
    if scope.agencies:
        every = narrowed_register(database, filters, replace(scope, agencies=()), s.subject, own)
        owed = every["id"].map(last_agency(database, filters, scope)).isin(scope.agencies) & ~every["id"].isin(people["id"])
        people = pd.concat([people, every[owed]], ignore_index=True) if owed.any() else people
    named = pd.Index(known_.penalties["subject_id"]).union(pd.Index(known_.grounds["subject_id"]), sort=False)
    return people.take(np.flatnonzero((people["prior_penalties"].fillna(0) > 0) | people["id"].isin(named))).reset_index(drop=True)


def _known(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> _Known:
    """All that is known up to any day; what comes later than the day asked about is left out where people are judged.

    Kept by instant, data version, the agencies of the day and the kinds of case that the rules of the grounds name.
    """
    wide = replace(scope, areas=(), agencies=())
    counters = versions(database, scope.district)
    version = tuple(counters[group] for group in KNOWN_BY)
    kinds = json.dumps([book[ground.rule_id].options.get("kinds") for ground in GROUNDS.values()])

    def made(agencies: pd.DataFrame) -> _Known:
        return _all_known(database, filters, wide, book, agencies.set_index("code")["system"])

    every = agencies_kept(database, wide, filters.as_of, ("leads to people", filters.known_at, version, kinds), made)
    # A lead may be dated later than its check.
    begun = every.signs["known_from"].to_numpy("datetime64[D]") <= np.datetime64(filters.as_of, "D")
    return every if begun.all() else replace(every, signs=every.signs[begun])


def _all_known(database: Database, filters: Filters, wide: Scope, book: Rulebook, systems: pd.Series) -> _Known:
    person_of_site = register(database, filters, wide, s.site, ("id", "subject_id")).set_index("id")["subject_id"].dropna()
    cases = register(database, filters, wide, s.case, ("id", "kind", "site_id", "subject_id"))
    cases["subject_id"] = cases["subject_id"].fillna(cases["site_id"].map(person_of_site))
    penalties = _penalties(database, filters, wide, cases, person_of_site, systems)
    events = register(database, filters, wide, s.case_event, ("id", "case_id", "day", "event")).merge(
        cases.rename(columns={"id": "case"})[["case", "kind", "subject_id"]], left_on="case_id", right_on="case"
    )
    return _Known(
        penalties, _signs(database, filters, wide, person_of_site, events, penalties),
        _grounds(database, filters, wide, cases, person_of_site, book), _transfers(database, filters, wide, events, cases, systems),
    )  # fmt: skip


def _judged_by(database: Database, filters: Filters, scope: Scope, people: pd.DataFrame, known_: _Known, rule: Rule) -> pd.DataFrame:
    """``_judged_anew`` by the district's own rule under one reading: the tracker and the comparison of both share it."""
    return shared(
        database, filters, scope, f"police judged {rule.options['reading']}", lambda: _judged_anew(database, filters, scope, people, known_, rule)
    )


def _judged_anew(database: Database, filters: Filters, scope: Scope, people: pd.DataFrame, known_: _Known, rule: Rule) -> pd.DataFrame:
    return repeat_offenders(
        people, known_.penalties, known_.signs, filters.as_of, rule.options["reading"], limit=rule.amount or 2, grounds=known_.grounds,
        transfers=known_.transfers, systems=tuple(rule.options["systems"]), kinds=tuple(rule.options["kinds"]),
    )  # fmt: skip


def harm_events(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Deaths and disabilities through unlicensed practice up to the day: to be transferred whatever the count.

    Returns:
        ``HARM_COLUMNS``, by day.
    """

    def by_day() -> pd.DataFrame:
        a = s.adverse_event
        rows = database.frame(
            select(*select_columns(a, HARM_COLUMNS, scope)).where(
                within(a, scope, known_at=filters.known_at), known(a, filters.known_at), a.c.kind.in_(HARMFUL), a.c.verified.is_not(False)
            )
        )
        return narrowed(rows, filters, scope).sort_values(["day", "number"], ignore_index=True)

    every = kept_narrowed(database, filters, scope, ("harm by day",), by_day)
    return every.iloc[: int((days_of(every["day"]) <= np.datetime64(filters.as_of, "D")).sum())]


def _penalties(
    database: Database, filters: Filters, wide: Scope, cases: pd.DataFrame, person_of_site: pd.Series, systems: pd.Series
) -> pd.DataFrame:
    """id, subject_id, day, system, case_kind, case_id, document of every penalty that leads to a person."""
    rows = register(database, filters, wide, s.penalty, ("id", "subject_id", "site_id", "case_id", "day", "agency_code", "document"))
    of_case = cases.set_index("id")
    subject = rows["subject_id"].fillna(rows["case_id"].map(of_case["subject_id"])).fillna(rows["site_id"].map(person_of_site))
    # A penalty that stands under no case is one of unlicensed practice: the register holds nothing else.
    kind = rows["case_id"].map(of_case["kind"]).fillna("unlicensed")
    return rows.assign(subject_id=subject, system=rows["agency_code"].map(systems), case_kind=kind)[subject.notna()]


def _signs(
    database: Database, filters: Filters, wide: Scope, person_of_site: pd.Series, events: pd.DataFrame, penalties: pd.DataFrame
) -> pd.DataFrame:
    v = s.patrol_visit
    visits = database.frame(
        select(v.c.id, v.c.target_kind, v.c.target_id, v.c.day).where(
            v.c.district_code == wide.district, known(v, filters.known_at), v.c.finding == "confirmed",
            v.c.target_kind.in_(("site", "subject")), v.c.target_id.is_not(None),
        )
    )  # fmt: skip
    met = visits["target_id"].where(visits["target_kind"] == "subject", visits["target_id"].map(person_of_site))
    c = s.lead.c
    leads = database.frame(
        select(c.id, c.subject_id, c.site_id, c.day, c.checked_on).where(
            c.district_code == wide.district, known(s.lead, filters.known_at), c.result == "confirmed"
        )
    )
    sites = register(database, filters, wide, s.site_event, ("id", "site_id", "day", "event"))
    sites = sites[sites["event"].isin(["found", "relapsed"])]
    filed = events[(events["event"] == "filed") & (events["kind"] == "unlicensed")]
    alone = penalties[penalties["case_id"].isna() & (penalties["case_kind"] == "unlicensed") & (penalties["system"] == "health")]
    parts = [
        ("patrol_visit", visits["id"], met, visits["day"]),
        ("lead", leads["id"], leads["subject_id"].fillna(leads["site_id"].map(person_of_site)), leads["checked_on"].fillna(leads["day"])),
        ("site_event", sites["id"], sites["site_id"].map(person_of_site), sites["day"]),
        ("case_event", filed["id"], filed["subject_id"], filed["day"]),
        ("penalty", alone["id"], alone["subject_id"], alone["day"]),
    ]
    return _rows(parts, known_from={"lead": leads["day"]})


def _grounds(database: Database, filters: Filters, wide: Scope, cases: pd.DataFrame, person_of_site: pd.Series, book: Rulebook) -> pd.DataFrame:
    """subject_id, day, ground, settled, table, id of what needs no count (法释〔2016〕27号 第二条（一）至（三）、（五）)."""
    e, g = s.adverse_event, s.seizure
    happened = database.frame(
        select(e.c.id, e.c.day, e.c.kind, e.c.case_id, e.c.site_id, e.c.subject_id).where(
            e.c.district_code == wide.district, known(e, filters.known_at), e.c.kind.in_(list(GROUND_OF)), e.c.verified.is_not(False),
        )
    )  # fmt: skip
    goods = database.frame(
        select(g.c.id, g.c.day, g.c.case_id, g.c.site_id, g.c.endangering).where(
            g.c.district_code == wide.district, known(g, filters.known_at), g.c.quality.in_([word.code for word in GOODS_QUALITY]),
            g.c.endangering.is_not(False),
        )
    )  # fmt: skip
    # The kind of a thing's own must not be taken for that of its case.
    rows = pd.concat(
        [happened.assign(table="adverse_event", ground=happened["kind"].map(GROUND_OF), settled=True).drop(columns="kind"),
         goods.assign(table="seizure", ground="goods", settled=goods["endangering"].fillna(False).to_numpy(bool), subject_id=None).drop(columns="endangering")],
        ignore_index=True,
    )  # fmt: skip
    of_case = cases.set_index("id")
    who = rows["subject_id"].astype("object").fillna(rows["site_id"].map(person_of_site)).fillna(rows["case_id"].map(of_case["subject_id"]))
    kind = rows["case_id"].map(of_case["kind"])
    about = np.array([kind_ is None or pd.isna(kind_) or kind_ in book[rule_id].options.get("kinds", (kind_,))
                      for kind_, rule_id in zip(kind, rows["ground"].map({code: ground.rule_id for code, ground in GROUNDS.items()}), strict=True)], dtype=bool)  # fmt: skip
    made = rows.assign(subject_id=pd.Series(who, dtype="str"))[["subject_id", "day", "ground", "settled", "table", "id"]]
    return made[about & made["subject_id"].notna()].reset_index(drop=True)


def _transfers(
    database: Database, filters: Filters, wide: Scope, events: pd.DataFrame, cases: pd.DataFrame, systems: pd.Series
) -> pd.DataFrame:
    moved = events[events["event"] == "transferred"]
    t = s.transfer
    rows = database.frame(
        select(t.c.id, t.c.case_id, t.c.day, t.c.to_agency).where(
            t.c.district_code == wide.district, known(t, filters.known_at), t.c.case_id.is_not(None)
        )
    )
    rows = rows[rows["to_agency"].map(systems) == "police"]
    return _rows([("case_event", moved["id"], moved["subject_id"], moved["day"]),
                  ("transfer", rows["id"], rows["case_id"].map(cases.set_index("id")["subject_id"]), rows["day"])])  # fmt: skip


def _rows(parts: list[tuple[str, pd.Series, pd.Series, pd.Series]], known_from: Mapping[str, pd.Series] | None = None) -> pd.DataFrame:
    """One row a part's row that leads to somebody; known_from is its day, or what ``known_from`` gives for its table if later."""
    made = []
    for table, own, who, when in parts:
        day = when.to_numpy("datetime64[s]")
        since = (known_from or {}).get(table, when).to_numpy("datetime64[s]")
        made.append(pd.DataFrame({"subject_id": who.to_numpy(object), "day": day, "table": table, "id": own.to_numpy(object), "known_from": np.fmax(day, since)}))
    return pd.concat(made, ignore_index=True).dropna(subset=["subject_id"])
