"""What the small town's campaign in the east changed, and what stands in where no street was left alone."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from data_access.campaign_effect import campaign_effect
from data_access.campaigns import UnknownCampaign
from data_access.schema import FACTS
from data_access.versions import raise_versions
from rules.compare import WITHIN
from rules.controlled_change import controlled_change
from rules.language import translator
from tests.town import CHINA, DISTRICT, JULY, STREET_A, STREET_B, WHOLE, build_town, row

ZH = translator("zh_CN")


@pytest.fixture
def own(sqlite_database):
    build_town(sqlite_database)
    return sqlite_database


def leads(database, street: str, *days: str) -> None:
    with database.write() as connection:
        for day in days:
            values = {"number": f"{street}-{day}", "day": dt.date.fromisoformat(day), "source": "letter", "street_code": street, "located": "area"}
            connection.execute(FACTS["lead"].insert(), [row("lead", hash((street, day)) % 10**9, **values)])
        raise_versions(connection, DISTRICT, ["lead"], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))


def change_campaign(database, **values) -> None:
    with database.write() as connection:
        connection.execute(FACTS["campaign"].update().values(**values))
        raise_versions(connection, DISTRICT, ["campaign"], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))


def test_the_streets_left_alone_are_the_control(own):
    leads(own, STREET_A, "2023-06-05", "2023-06-06", "2023-06-07")
    leads(own, STREET_B, "2023-06-08")
    found = campaign_effect(own, JULY, WHOLE)
    # June: three new and L4 in the east, one in the west; July: L1 in the east, L2 and L3 in the west.
    assert (found.before.events, found.during.events, found.after) == (4, 1, None)
    assert (found.before.control, found.during.control) == (1, 2)
    assert (found.before.start, found.before.end) == (dt.date(2023, 5, 31), dt.date(2023, 6, 30))
    assert (found.control, found.later) == ("streets", "during")
    assert found.change == controlled_change(4, 1, 1, 2)
    assert found.change.ratio == pytest.approx((1 / 4) / (2 / 1))
    assert "行动以外的街镇同期由 1 件变为 2 件" in found.sentence(ZH)
    assert WITHIN in found.sentence(ZH)


def test_after_two_weeks_the_time_after_is_held_against_the_time_before(own):
    change_campaign(own, end_on=dt.date(2023, 7, 10))
    leads(own, STREET_A, "2023-07-15", "2023-07-22")
    found = campaign_effect(own, JULY, WHOLE)
    # 07-11 to 07-20, as long as the campaign; too short to be held against the time before.
    assert (found.after.start, found.after.end, found.after.events) == (dt.date(2023, 7, 11), dt.date(2023, 7, 20), 1)
    assert found.later == "during"
    change_campaign(own, end_on=dt.date(2023, 7, 16))
    found = campaign_effect(own, JULY, WHOLE)
    assert (found.after.end, found.after.events, found.later) == (dt.date(2023, 7, 31), 1, "after")


def test_without_a_street_left_alone_the_year_before_stands_in_and_is_called_no_control(own):
    change_campaign(own, area_codes=[])
    leads(own, STREET_A, "2022-07-05")
    # The register began amid the days that would stand in: what it does not hold of them is no quiet time.
    assert campaign_effect(own, JULY, WHOLE).control == "none"
    leads(own, STREET_A, "2022-05-01", "2022-06-25")
    found = campaign_effect(own, JULY, WHOLE)
    assert found.control == "last_year"
    assert (found.before.control, found.during.control) == (1, 1)
    assert "无对照" in found.sentence(ZH)


def test_without_the_year_before_there_is_only_before_and_during(own):
    change_campaign(own, area_codes=[])
    found = campaign_effect(own, JULY, WHOLE)
    assert found.control == "none"
    assert found.change.ratio == pytest.approx(3.0)
    assert "只能看前后" in found.sentence(ZH)


def test_a_street_with_a_campaign_of_its_own_is_no_control(own):
    with own.write() as connection:
        other = {"number": "LD2", "id": "campaign-LD2", "name": "另一行动", "start_on": dt.date(2023, 6, 1), "end_on": dt.date(2023, 6, 10), "area_codes": [STREET_B]}
        connection.execute(FACTS["campaign"].insert(), [row("campaign", 970, **other)])
        raise_versions(connection, DISTRICT, ["campaign"], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))
    assert campaign_effect(own, JULY, WHOLE).control == "none"


def test_too_few_events_give_no_ratio(databases):
    ahead = JULY.with_(known_at=dt.datetime(2022, 1, 1, tzinfo=CHINA))
    found = campaign_effect(databases, ahead, WHOLE)
    assert math.isnan(found.change.ratio)
    assert "件数太少，无从比较" in found.sentence(ZH)


def test_before_any_campaign_there_is_none(databases):
    assert campaign_effect(databases, JULY.with_(as_of=dt.date(2023, 6, 30)), WHOLE) is None
    with pytest.raises(UnknownCampaign):
        campaign_effect(databases, JULY, WHOLE, "campaign-XX")
