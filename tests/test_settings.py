"""Settings come from the environment, are checked once, and a bad one gets one sentence."""

import datetime as dt
import os
import time

import pytest

from rules.language import translator
from settings import ROOT, SHANGHAI, Settings, UnreadableSetting, unknown_names


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ONEMAP_") and not name.startswith("ONEMAP_TEST_")]:
        monkeypatch.delenv(name)


def test_without_any_setting_one_pc_is_served():
    found = Settings.load()
    assert found.database_url == f"sqlite:///{ROOT}/var/onemap.sqlite"
    assert (found.host, found.port, found.cache_url) == ("127.0.0.1", 8050, "memory://")
    assert (found.language, found.demo_scope, found.now) == ("zh_CN", "district", None)


def test_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("ONEMAP_DATABASE_URL", "postgresql://a:b@c/d")
    monkeypatch.setenv("ONEMAP_NOW", "2023-07-31T10:46+08:00")
    monkeypatch.setenv("ONEMAP_PORT", "9000")
    monkeypatch.setenv("ONEMAP_LANGUAGE", "zh")
    found = Settings.load()
    assert found.database_url == "postgresql://a:b@c/d"
    assert found.now == dt.datetime(2023, 7, 31, 10, 46, tzinfo=SHANGHAI)
    assert (found.port, found.language) == (9000, "zh_CN")


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("ONEMAP_NOW", "")
    monkeypatch.setenv("ONEMAP_PORT", "")
    assert (Settings.load().now, Settings.load().port) == (None, 8050)


def test_a_relative_file_lies_beside_the_program(monkeypatch):
    monkeypatch.setenv("ONEMAP_DATABASE_URL", "sqlite:///var/other.sqlite")
    assert Settings.load().database_url == f"sqlite:///{ROOT}/var/other.sqlite"
    monkeypatch.setenv("ONEMAP_DATABASE_URL", "sqlite:////srv/x.sqlite")
    assert Settings.load().database_url == "sqlite:////srv/x.sqlite"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOW", "yesterday"), ("PORT", "0"), ("PORT", "eighty"), ("PORT", "65536"), ("CACHE_URL", "file://x"),
        ("DEMO_SCOPE", "king"), ("DEMO_SCOPE", "street:"), ("DISTRICT", "a b"), ("DISTRICT", "990114;"), ("LANGUAGE", "fr"),
        ("BASEMAP", "osm"), ("BASEMAP", "https://tiles/{z}/{x}"), ("BASEMAP", "/missing.pmtiles"), ("COVERAGE_TARGET", "90"),
        ("CYCLE_DAYS", "0"), ("CYCLE_DAYS", "367"), ("CACHE_SECONDS", "-1"),
    ],
)  # fmt: skip
def test_a_bad_value_gets_one_sentence_with_its_name_and_what_is_expected(monkeypatch, name, value):
    monkeypatch.setenv(f"ONEMAP_{name}", value)
    with pytest.raises(UnreadableSetting) as refused:
        Settings.load()
    told = refused.value.say(translator("zh_CN"))
    assert f"ONEMAP_{name}" in told
    assert repr(value) in told
    assert "\n" not in told
    assert told.endswith("。")


def test_a_secret_is_never_shown(monkeypatch):
    monkeypatch.setenv("ONEMAP_SECRET_KEY", "geheim")
    assert "geheim" not in repr(Settings.load())
    assert Settings.load().secret() == "geheim"


def test_a_secret_is_made_once_and_for_the_owner_alone(tmp_path):
    settings = Settings.load(folder=tmp_path / "var")
    made = settings.secret()
    assert len(made) >= 32
    assert Settings.load(folder=tmp_path / "var").secret() == made
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_a_clock_of_its_own_ticks_on():
    clock = Settings.load(now="2023-07-31T10:46+08:00").clock()
    first = clock()
    time.sleep(0.02)
    assert dt.timedelta(0) < clock() - first < dt.timedelta(seconds=5)
    assert first.isoformat().startswith("2023-07-31T10:46:0")


def test_an_instant_of_another_zone_is_the_same_instant():
    assert Settings.load(now="2023-07-30T23:30+00:00").clock()().date() == dt.date(2023, 7, 31)


def test_an_instant_without_a_zone_is_read_as_chinese_time():
    assert Settings.load(now="2023-07-31T10:46").now.utcoffset() == dt.timedelta(hours=8)


def test_without_one_the_real_clock_runs():
    apart = Settings.load().clock()() - dt.datetime.now(dt.UTC)
    assert abs(apart) < dt.timedelta(seconds=5)


def test_misspelt_settings_are_named(monkeypatch):
    monkeypatch.setenv("ONEMAP_DATABSE_URL", "x")
    monkeypatch.setenv("ONEMAP_TEST_COMPLETE", "1")
    assert unknown_names() == ["ONEMAP_DATABSE_URL"]


def test_a_file_is_a_basemap_when_it_is_there(tmp_path):
    (tmp_path / "x.pmtiles").write_bytes(b"")
    assert Settings.load(basemap=str(tmp_path / "x.pmtiles")).basemap.endswith("x.pmtiles")
    assert Settings.load(basemap="https://tiles/{z}/{x}/{y}.png").basemap.startswith("https")
