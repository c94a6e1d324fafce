"""Moving the product from SQLite to PostgreSQL changes no answer: same rows, order, types, values."""

import datetime as dt

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from data_access import (
    agencies,
    areas,
    campaigns,
    cases,
    construction,
    coverage,
    figures,
    leads,
    matters,
    meetings,
    organisations,
    outlines,
    people,
    places,
    references,
    rows,
    sites,
    sources,
    tasks,
    unlocated,
)
from data_access.check import check
from data_access.row_sets import ROW_SETS
from rules.language import Refusal, translator
from rules.request import Scope
from tests import town
from tests.town import DISTRICT, JULY, ONLY_A, POLICE, STREET_B, TODAY, WHOLE

KEYS = ["K1", "K2", "K12", "K13", "K15", "K17", "K19"]
QUESTIONS = {
    "figures": figures.figures,
    "figures_by_street": lambda d, f, s: figures.figures_by_street(d, f, s, KEYS),
    "figures_by_agency": lambda d, f, s: figures.figures_by_agency(d, f, s, ["K1", "K6", "K12", "K15"]),
    "daily_visits": figures.daily_visits,
    "monthly": figures.monthly,
    "grid_states": coverage.grid_states,
    "coverage_by_street": coverage.coverage,
    "coverage_by_neighbourhood": lambda d, f, s: coverage.coverage(d, f, s, "neighbourhood"),
    "coverage_of_district": lambda d, f, s: coverage.coverage(d, f, s, "district"),
    "key_places": coverage.key_places,
    "sites": sites.sites,
    "stock": sites.stock,
    "risk_counts": sites.risk_counts,
    "cases": cases.cases,
    "open_cases": cases.open_cases,
    "penalties": cases.penalties,
    "leads": leads.leads,
    "leads_by_source": leads.leads_by,
    "leads_by_category": lambda d, f, s: leads.leads_by(d, f, s, "category"),
    "leads_by_street": lambda d, f, s: leads.leads_by(d, f, s, "street"),
    "construction_sites": construction.construction_sites,
    "work_by_system": agencies.agency_work,
    "work_by_agency": lambda d, f, s: agencies.agency_work(d, f, s, "agency"),
    "deadlines": agencies.deadlines,
    "transfers": agencies.transfers,
    "campaigns": campaigns.campaigns,
    "campaign_progress": lambda d, f, s: vars_of(campaigns.campaign_progress(d, f, s, "campaign-LD")),
    "meetings": meetings.meetings,
    "decisions": meetings.decisions,
    "unlocated": unlocated.unlocated,
    "listed_people": people.listed_people,
    "tasks": tasks.tasks,
    "matters": lambda d, f, s: matters.matters(d, f, s).sort_values(["kind", "id"], ignore_index=True),
    "places_of_sites": lambda d, f, s: places.places(d, f, s, "site", ("name", "number")),
    "places_of_construction": lambda d, f, s: places.places(d, f, s, "construction_site", ("name",)),
    "areas": lambda d, f, s: areas.areas(d, s, f.as_of),
    "fids": lambda d, f, s: areas.fids(d, s, f.as_of),
    "agency_names": lambda d, f, s: organisations.agency_names(d, s, f.as_of),
    "sources": lambda d, f, s: sources.sources(d, s, dt.datetime(2023, 7, 31, tzinfo=town.CHINA)),
}
REQUESTS = {
    "july": (JULY, WHOLE),
    "a_street_in_july": (JULY, ONLY_A),
    "the_police_in_july": (JULY, POLICE),
    "the_meeting_in_july": (JULY, Scope(DISTRICT, exact_points=False)),
    "one_town_of_the_district": (JULY.with_(area=STREET_B), WHOLE),
    "one_agency": (JULY.with_(agency="WJS"), WHOLE),
    "infusions": (JULY.with_(category="infusion"), WHOLE),
    "before_the_cut": (JULY.with_(start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31), as_of=dt.date(2022, 12, 31)), WHOLE),
    "as_known_on_8_july": (JULY.with_(known_at=dt.datetime(2023, 7, 8, 12, tzinfo=town.CHINA)), WHOLE),
    "an_empty_month": (JULY.with_(start=dt.date(2021, 2, 1), end=dt.date(2021, 2, 28), as_of=dt.date(2021, 2, 28)), WHOLE),
    "an_unknown_district": (JULY, Scope("999999")),
}


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_both_databases_answer_alike(towns, question, request_name):
    filters, scope = REQUESTS[request_name]
    assert_same(*(answer(QUESTIONS[question], towns(dialect), filters, scope) for dialect in ("sqlite", "postgresql")))


@pytest.mark.parametrize("name", ROW_SETS)
def test_both_databases_give_the_same_rows_behind_a_number(towns, name):
    one, other = (rows.rows(towns(dialect), name, JULY, WHOLE) for dialect in ("sqlite", "postgresql"))
    assert_same(one, other)


def test_both_databases_pass_the_same_checks(towns):
    t = translator("zh_CN")
    one, other = ([finding.say(t) for finding in check(towns(dialect), TODAY)] for dialect in ("sqlite", "postgresql"))
    assert one == other
    assert len(one) > 3


@pytest.mark.parametrize("ask", [references.broken_references, references.several_current, references.unplaced])
def test_both_databases_have_the_same_faults(towns, ask):
    assert_same(*(ask(towns(dialect), DISTRICT) for dialect in ("sqlite", "postgresql")))


def test_both_databases_have_the_same_outline_faults(towns):
    assert_same(*(outlines.outline_faults(towns(dialect), WHOLE, TODAY) for dialect in ("sqlite", "postgresql")))


def answer(question, database, filters, scope):
    """What a question gives; a refusal is an answer, too."""
    try:
        return question(database, filters, scope)
    except Refusal as refusal:
        return str(refusal)


def vars_of(found):
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def assert_same(one, other):
    if isinstance(one, pd.DataFrame):
        assert_frame_equal(one, other, check_exact=False, rtol=1e-12)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            assert_same(one[key], other[key])
    else:
        assert one == other
