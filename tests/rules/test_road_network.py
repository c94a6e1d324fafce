"""Ways along roads: lengths as drawn, a river without a bridge, one-way streets, paths, and where no road leads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from rules.language import translator
from rules.road_network import RoadNetwork
from rules.route import route

KM_OF_LATITUDE = 111.19508
"""Kilometres of a degree of latitude: 6371.0088 times pi / 180."""
HUNDREDTH = KM_OF_LATITUDE / 100
"""Roads of these tests lie along the equator, where a degree of longitude is as long."""


def roads(*lines: tuple, **columns: list) -> RoadNetwork:
    about = {"direction": "both", "on_foot": False, "road_class": None} | columns
    return RoadNetwork(pd.DataFrame({"geometry": [shapely.LineString(line) for line in lines], **about}))


def listed(**places: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame({"key": list(places), "lon": [lon for lon, _ in places.values()], "lat": [lat for _, lat in places.values()]})


def km(network: RoadNetwork, *points: tuple[float, float], walking: bool = False) -> np.ndarray:
    return network.ways(np.array(points), walking=walking).km


RIVER = roads(
    [(110.00, 0.01), (110.03, 0.01)], [(110.00, -0.01), (110.03, -0.01)], [(110.03, 0.01), (110.03, -0.01)],
)
"""Two roads either side of a river along the equator; the only bridge is in the east."""
BANKS = {"a": (110.00, 0.01), "south": (110.00, -0.01), "north": (110.02, 0.01)}


def test_a_river_without_a_bridge_changes_the_order() -> None:
    # Straight, the south bank is as near as the north: 2 hundredths. By road it is 3 + 2 + 3 = 8, the north 2.
    straight = route(listed(a=(110.00, 0.01), south=(110.00, -0.005), north=(110.02, 0.01)))
    assert straight.keys == ("a", "south", "north")
    assert straight.by == "straight"
    found = route(listed(**BANKS), roads=RIVER)
    assert found.keys == ("a", "north", "south")
    # 2 to the north place, 1 on to the bridge, 2 over it, 3 back on the south bank.
    assert found.length_km == pytest.approx(8 * HUNDREDTH, rel=1e-4)
    assert (found.by, found.detached) == ("drive", ())
    assert found.line == ((110.0, 0.01), (110.02, 0.01), (110.03, 0.01), (110.03, -0.01), (110.0, -0.01))


def test_the_start_point_joins_the_road_and_counts() -> None:
    # The start lies half a hundredth north of the road's west end.
    found = route(listed(north=(110.02, 0.01)), start=(110.00, 0.015), roads=RIVER)
    assert found.length_km == pytest.approx(2.5 * HUNDREDTH, rel=1e-4)
    assert found.line == ((110.0, 0.015), (110.0, 0.01), (110.02, 0.01))


def test_a_place_beside_the_road_walks_to_it() -> None:
    # 0.002 degrees (222 m) off the road, twice, and 1 hundredth along it.
    network = roads([(110.0, 0.0), (110.05, 0.0)])
    assert km(network, (110.01, 0.002), (110.02, 0.002))[0, 1] == pytest.approx((1 + 0.2 + 0.2) * HUNDREDTH, rel=1e-4)


def test_two_places_nearer_to_each_other_than_to_the_road_go_straight() -> None:
    network = roads([(110.0, 0.0), (110.05, 0.0)])
    assert km(network, (110.01, 0.002), (110.011, 0.002))[0, 1] == pytest.approx(0.1 * HUNDREDTH, rel=1e-4)
    assert km(network, (110.01, 0.002), (110.01, 0.002))[0, 1] == 0


def test_a_one_way_street_is_gone_round_by_vehicle_and_against_on_foot() -> None:
    # A square of one hundredth; its southern side may only be driven east.
    square = roads([(110.0, 0.0), (110.01, 0.0)], [(110.01, 0.0), (110.01, 0.01), (110.0, 0.01), (110.0, 0.0)], direction=["forward", "both"])
    west, east = (110.0, 0.0), (110.01, 0.0)
    driven = km(square, west, east)
    assert driven[0, 1] == pytest.approx(HUNDREDTH, rel=1e-4)
    assert driven[1, 0] == pytest.approx(3 * HUNDREDTH, rel=1e-4)
    assert km(square, west, east, walking=True)[1, 0] == pytest.approx(HUNDREDTH, rel=1e-4)
    turned = roads([(110.0, 0.0), (110.01, 0.0)], [(110.01, 0.0), (110.01, 0.01), (110.0, 0.01), (110.0, 0.0)], direction=["backward", "both"])
    assert km(turned, west, east)[0, 1] == pytest.approx(3 * HUNDREDTH, rel=1e-4)


@pytest.mark.parametrize("footpath", [{"on_foot": [False, True]}, {"road_class": ["residential", "footway"]}])
def test_a_footpath_is_open_on_foot_only(footpath: dict) -> None:
    network = roads([(110.0, 0.0), (110.0, 0.01), (110.01, 0.01), (110.01, 0.0)], [(110.0, 0.0), (110.01, 0.0)], **footpath)
    ends = (110.0, 0.0), (110.01, 0.0)
    assert km(network, *ends, walking=True)[0, 1] == pytest.approx(HUNDREDTH, rel=1e-4)
    assert km(network, *ends)[0, 1] == pytest.approx(3 * HUNDREDTH, rel=1e-4)


def test_nobody_walks_on_a_motorway() -> None:
    network = roads([(110.0, 0.0), (110.01, 0.0)], road_class=["motorway"])
    ways = network.ways(np.array([(110.0, 0.0), (110.01, 0.0)]), walking=True)
    assert ways.straight.tolist() == [[False, True], [True, False]]


def test_a_place_that_no_road_leads_to_is_reached_straight_and_said_so() -> None:
    # An island 0.03 degrees (3.3 km) north of the only road.
    network = roads([(110.0, 0.0), (110.02, 0.0)])
    found = route(listed(a=(110.0, 0.0), b=(110.02, 0.0), island=(110.02, 0.03)), roads=network)
    assert found.keys == ("a", "b", "island")
    assert found.length_km == pytest.approx(5 * HUNDREDTH, rel=1e-4)
    assert found.detached == ("island",)
    assert found.said(translator("zh_CN")) == "按路网距离计算（车行）；其中 1 处路网不通，按直线距离"


def test_two_networks_that_do_not_meet_are_crossed_straight() -> None:
    network = roads([(110.0, 0.0), (110.01, 0.0)], [(110.02, 0.0), (110.03, 0.0)])
    ways = network.ways(np.array([(110.0, 0.0), (110.03, 0.0)]), walking=False)
    assert ways.km[0, 1] == pytest.approx(3 * HUNDREDTH, rel=1e-4)
    assert ways.straight[0, 1]


def test_roads_that_only_cross_do_not_meet_and_those_that_end_on_each_other_do() -> None:
    over = roads([(110.0, 0.0), (110.02, 0.0)], [(110.01, -0.01), (110.01, 0.01)])
    assert over.ways(np.array([(110.0, 0.0), (110.01, 0.01)]), walking=False).straight[0, 1]
    # The branch stops 0.00001 degrees (1.1 m) short of the road.
    branch = roads([(110.0, 0.0), (110.02, 0.0)], [(110.01, 0.00001), (110.01, 0.01)])
    assert km(branch, (110.0, 0.0), (110.01, 0.01))[0, 1] == pytest.approx(2 * HUNDREDTH, rel=1e-3)
    apart = roads([(110.0, 0.0), (110.02, 0.0)], [(110.01, 0.0001), (110.01, 0.01)])
    assert apart.ways(np.array([(110.0, 0.0), (110.01, 0.01)]), walking=False).straight[0, 1]


def test_of_two_roads_between_the_same_corners_the_shorter_counts() -> None:
    network = roads([(110.0, 0.0), (110.005, 0.01), (110.01, 0.0)], [(110.0, 0.0), (110.01, 0.0)], [(110.01, 0.0), (110.02, 0.0)], [(110.0, 0.0), (109.99, 0.0)])
    ways = network.ways(np.array([(109.99, 0.0), (110.02, 0.0)]), walking=False)
    assert ways.km[0, 1] == pytest.approx(3 * HUNDREDTH, rel=1e-4)
    assert ways.line(np.array([0, 1])) == [(109.99, 0.0), (110.0, 0.0), (110.01, 0.0), (110.02, 0.0)]


def test_a_way_out_of_the_box_of_the_places_is_found() -> None:
    # The only bridge lies 5 km east of both places.
    network = roads([(110.0, 0.001), (110.05, 0.001), (110.05, -0.001), (110.0, -0.001)])
    assert km(network, (110.0, 0.001), (110.0, -0.001))[0, 1] == pytest.approx(10.2 * HUNDREDTH, rel=1e-4)


def test_a_network_without_roads_leads_nowhere() -> None:
    network = RoadNetwork(pd.DataFrame({"geometry": [], "direction": [], "on_foot": [], "road_class": []}))
    found = route(listed(a=(110.0, 0.0), b=(110.01, 0.0)), roads=network)
    assert found.detached == ("b",)
    assert found.length_km == pytest.approx(HUNDREDTH, rel=1e-4)


def test_no_place_and_one_place_are_no_way() -> None:
    assert route(listed(), roads=RIVER).keys == ()
    assert route(listed(a=(110.0, 0.01)), roads=RIVER).length_km == 0
