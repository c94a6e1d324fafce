"""Who should lead and help, from the kind of evidence."""

from rules.proposals import Evidence, propose


def test_unlicensed_practice_is_the_health_authoritys_with_the_street():
    found = propose(Evidence("cluster", 10, {"other": 10}))
    assert (found.lead, found.support) == ("health", ("street",))


def test_where_half_lies_in_shops_that_market_supervision_licenses_it_leads():
    assert propose(Evidence("cluster", 10, {"beauty": 3, "pharmacy": 2})).lead == "market"
    assert propose(Evidence("cluster", 10, {"beauty": 3, "pharmacy": 1})).lead == "health"
    assert "market" in propose(Evidence("cluster", 10, {"beauty": 2})).support


def test_persons_to_hand_over_or_to_watch_bring_in_the_police():
    assert "police" in propose(Evidence("cluster", 10, must_transfer=1)).support
    assert "police" in propose(Evidence("cluster", 10, watch=1)).support
    assert "police" not in propose(Evidence("cluster", 10)).support


def test_a_fifth_of_the_matters_brings_in_housing_or_urban_management():
    assert "housing" in propose(Evidence("cluster", 10, {"rental": 2})).support
    assert "housing" not in propose(Evidence("cluster", 11, {"rental": 2})).support
    assert "housing" in propose(Evidence("cluster", 10, construction_sites=1)).support
    assert "urban" in propose(Evidence("cluster", 10, {"stall": 1, "shopfront": 1})).support


def test_an_under_patrolled_place_is_first_of_all_the_streets_to_patrol():
    found = propose(Evidence("under_patrolled", 6, {"beauty": 6}))
    assert found.lead == "street"
    assert found.support[0] == "health"


def test_every_agency_has_one_reason_and_the_lead_is_not_its_own_support():
    found = propose(Evidence("cluster", 10, {"beauty": 6, "rental": 3, "stall": 2}, {"cosmetic": 6}, 2, 1, 1))
    assert [system for system, _, _ in found.reasons] == [found.lead, *found.support]
    assert len({*found.support}) == len(found.support)
    assert found.lead not in found.support


def test_nothing_found_still_has_a_lead():
    assert propose(Evidence("cluster", 0)).lead == "health"
