"""Two penalties and practising again: per person, by the health authority, without a doctor's qualification."""

import datetime as dt

import pandas as pd
import pytest

from rules.repeat_offence import COLUMNS, GROUNDS, differing, repeat_offenders

DAY = dt.date(2023, 7, 31)


def subjects(qualification: str | None = "none", prior: int | None = None) -> pd.DataFrame:
    return pd.DataFrame({"id": ["p"], "qualification": pd.Series([qualification], dtype="str"), "prior_penalties": pd.array([prior], dtype="Int64")})


def penalties(*rows: tuple) -> pd.DataFrame:
    """(day, system, case_kind, case_id, document), missing ones as health, unlicensed, None, None."""
    filled = [(*row, *("", "health", "unlicensed", None, None)[len(row):]) for row in rows]
    frame = pd.DataFrame(filled, columns=["day", "system", "case_kind", "case_id", "document"])
    return frame.assign(subject_id="p", day=pd.to_datetime(frame["day"]))


def seen(*days: str) -> pd.DataFrame:
    return pd.DataFrame({"subject_id": ["p"] * len(days), "day": pd.to_datetime(pd.Series(days, dtype="str"))})


def judged(who, penal, signs, as_of=DAY, **more) -> pd.Series:
    return repeat_offenders(who, penal, signs, as_of, **more).iloc[0]


TWO = penalties(("2022-05-01",), ("2023-02-01",))


def test_two_penalties_alone_are_watched():
    found = judged(subjects(), TWO, seen())
    assert (found["penalties"], found["state"], found["reason"]) == (2, "watch", "one_more")
    assert found["last_penalty_on"] == pd.Timestamp("2023-02-01")


def test_two_penalties_and_practising_again_must_be_transferred():
    found = judged(subjects(), TWO, seen("2023-03-01", "2023-04-01"))
    assert (found["state"], found["reason"], found["again_on"]) == ("must_transfer", "again", pd.Timestamp("2023-03-01"))


def test_practising_before_or_on_the_day_of_the_second_penalty_is_not_again():
    assert judged(subjects(), TWO, seen("2023-01-31", "2023-02-01"))["state"] == "watch"
    assert judged(subjects(), TWO, seen("2023-02-02"))["state"] == "must_transfer"


def test_a_sign_of_a_later_day_is_not_yet_known():
    assert judged(subjects(), TWO, seen("2023-08-01"))["state"] == "watch"


def test_the_second_penalty_itself_suffices_under_the_stricter_reading():
    found = judged(subjects(), TWO, seen(), reading="second_penalty")
    assert (found["state"], found["reason"], found["again_on"]) == ("must_transfer", "second_penalty", pd.Timestamp("2023-02-01"))
    assert judged(subjects(), penalties(("2022-05-01",)), seen(), reading="second_penalty")["state"] == "watch"
    assert judged(subjects(), penalties(("2022-05-01",)), seen("2023-01-01"))["state"] == ""


def test_penalties_of_before_the_register_count():
    assert judged(subjects(prior=1), penalties(("2023-02-01",)), seen("2023-03-01"))["state"] == "must_transfer"
    found = judged(subjects(prior=2), penalties(), seen("2023-03-01"))
    assert (found["penalties"], found["state"], found["again_on"]) == (2, "must_transfer", pd.Timestamp("2023-03-01"))
    assert pd.isna(found["last_penalty_on"])


@pytest.mark.parametrize("row", [("2023-02-01", "market", "unlicensed"), ("2023-02-01", "health", "advert"), ("2023-02-01", "health", "licensed"), ("2023-08-01",)])
def test_other_agencies_other_kinds_and_later_penalties_do_not_count(row):
    found = judged(subjects(), penalties(("2022-05-01",), row), seen("2023-03-01"))
    assert (found["penalties"], found["state"]) == (1, "")


def test_rows_of_one_decision_count_once():
    fine_and_goods = penalties(("2023-02-01", "health", "unlicensed", "case-1"), ("2023-02-01", "health", "unlicensed", "case-1"))
    assert judged(subjects(), fine_and_goods, seen("2023-03-01"))["penalties"] == 1
    by_document = penalties(("2023-02-01", "health", "unlicensed", None, "文1"), ("2023-02-02", "health", "unlicensed", None, "文1"))
    assert judged(subjects(), by_document, seen("2023-03-01"))["penalties"] == 1


@pytest.mark.parametrize(("qualification", "state"), [
    ("none", "must_transfer"), ("unknown", "check_qualification"), (None, "check_qualification"), ("nurse", "check_qualification"),
    ("physician", ""), ("assistant_physician", ""), ("village_doctor", ""),
])  # fmt: skip
def test_only_who_has_no_doctor_s_qualification_is_transferred(qualification, state):
    assert judged(subjects(qualification), TWO, seen("2023-03-01"))["state"] == state


def fact(*rows: tuple) -> pd.DataFrame:
    """(day, ground, settled)."""
    found = pd.DataFrame(rows, columns=["day", "ground", "settled"])
    return found.assign(subject_id="p", day=pd.to_datetime(found["day"]))


@pytest.mark.parametrize(("ground", "rule", "article"), [
    ("harm", "transfer.harm", "第二条（一）"), ("epidemic", "transfer.other_grounds", "第二条（二）"),
    ("goods", "transfer.other_grounds", "第二条（三）"), ("serious", "transfer.other_grounds", "第二条（五）"),
])  # fmt: skip
def test_what_needs_no_count_binds_at_once(ground, rule, article):
    found = judged(subjects(), penalties(), seen(), grounds=fact(("2023-06-01", ground, True)))
    assert (found["penalties"], found["state"], found["ground"], found["again_on"]) == (0, "must_transfer", ground, pd.Timestamp("2023-06-01"))
    assert (GROUNDS[ground].rule_id, article in GROUNDS[ground].article) == (rule, True)
    assert judged(subjects(), penalties(), seen(), as_of=dt.date(2023, 5, 31), grounds=fact(("2023-06-01", ground, True)))["state"] == ""


def test_harm_and_no_known_qualification_is_to_be_checked_and_a_doctor_is_not_bound():
    harm = fact(("2023-06-01", "harm", True))
    found = judged(subjects(None), penalties(), seen(), grounds=harm)
    assert (found["state"], found["reason"], found["ground"]) == ("check_qualification", "unknown_qualification", "harm")
    assert judged(subjects("physician"), penalties(), seen(), grounds=harm)["state"] == ""


def test_goods_whose_danger_nobody_judged_yet_are_to_be_judged_first():
    found = judged(subjects(), penalties(), seen(), grounds=fact(("2023-06-01", "goods", False)))
    assert (found["state"], found["reason"], found["again_on"]) == ("check_ground", "open_ground", pd.Timestamp("2023-06-01"))
    # What is settled stands before what is not.
    both = fact(("2023-06-01", "goods", False), ("2023-06-20", "harm", True))
    assert judged(subjects(), penalties(), seen(), grounds=both)[["state", "ground"]].tolist() == ["must_transfer", "harm"]
    assert judged(subjects(), penalties(), seen(), grounds=both, transfers=seen("2023-06-21"))["state"] == "transferred"


def test_each_ground_is_done_for_itself():
    """Handed over for harm in June; harm again in July is a new matter, and so is practising again after two penalties."""
    harm = fact(("2023-06-01", "harm", True), ("2023-07-10", "harm", True))
    found = judged(subjects(), penalties(), seen(), grounds=harm, transfers=seen("2023-06-05"))
    assert (found["state"], found["again_on"]) == ("must_transfer", pd.Timestamp("2023-07-10"))
    assert judged(subjects(), penalties(), seen(), grounds=harm, transfers=seen("2023-07-10"))["state"] == "transferred"
    again = judged(subjects(), TWO, seen("2023-07-01"), grounds=fact(("2023-01-15", "harm", True)), transfers=seen("2023-01-20"))
    assert (again["state"], again["ground"], again["again_on"]) == ("must_transfer", "again", pd.Timestamp("2023-07-01"))


def test_the_earliest_of_several_grounds_is_told():
    found = judged(subjects(), TWO, seen("2023-03-01"), grounds=fact(("2023-02-20", "goods", True)))
    assert (found["ground"], found["again_on"]) == ("goods", pd.Timestamp("2023-02-20"))


def test_the_two_readings_differ_where_somebody_was_penalised_twice_and_not_seen_again():
    who = pd.DataFrame({"id": ["p", "q"], "qualification": pd.Series(["none", "none"], dtype="str"), "prior_penalties": pd.array([None, 3], dtype="Int64")})
    signs = pd.DataFrame({"subject_id": ["q"], "day": pd.to_datetime(pd.Series(["2023-05-01"]))})
    one, other = (repeat_offenders(who, TWO, signs, DAY, reading) for reading in ("two_and_again", "second_penalty"))
    assert differing(one, other).to_dict("records") == [{"subject_id": "p", "one": "watch", "other": "must_transfer"}]


def test_who_was_handed_over_is_done_until_practising_again_in_another_matter():
    assert judged(subjects(), TWO, seen("2023-03-01"), transfers=seen("2023-03-01"))["state"] == "transferred"
    assert judged(subjects(), TWO, seen("2023-03-01"), transfers=seen("2023-02-28"))["state"] == "must_transfer"
    assert judged(subjects(), TWO, seen("2023-03-01"), transfers=seen("2023-08-01"))["state"] == "must_transfer"


def test_two_people_at_one_site_are_two_counts():
    who = pd.DataFrame({"id": ["p", "q"], "qualification": pd.Series(["none", "none"], dtype="str"), "prior_penalties": pd.array([None, None], dtype="Int64")})
    both = penalties(("2022-05-01",), ("2023-02-01",))
    both["subject_id"] = ["p", "q"]
    found = repeat_offenders(who, both, seen("2023-03-01"), DAY)
    assert found["penalties"].tolist() == [1, 1]
    assert found["state"].tolist() == ["", ""]


def test_the_order_of_rows_does_not_matter():
    some = penalties(("2022-05-01",), ("2023-02-01",), ("2023-05-01", "market"), ("2021-01-01", "health", "advert"))
    signs = seen("2023-06-01", "2023-03-01")
    pd.testing.assert_frame_equal(repeat_offenders(subjects(), some, signs, DAY), repeat_offenders(subjects(), some.iloc[::-1], signs.iloc[::-1], DAY))


def test_nobody_gives_the_columns_and_an_unknown_reading_is_refused():
    assert list(repeat_offenders(subjects().iloc[:0], penalties(), seen(), DAY).columns) == list(COLUMNS)
    with pytest.raises(ValueError, match="reading"):
        repeat_offenders(subjects(), TWO, seen(), DAY, reading="third")


def test_of_penalties_of_before_the_register_nobody_knows_the_day():
    found = judged(subjects(prior=2), penalties(), seen(), reading="second_penalty")
    assert (found["penalties"], found["state"]) == (2, "must_transfer")
    assert pd.isna(found["again_on"])
    handed = pd.DataFrame({"subject_id": ["p"], "day": pd.to_datetime(["2022-01-01"])})
    assert judged(subjects(prior=2), penalties(), seen(), reading="second_penalty", transfers=handed)["state"] == "transferred"
