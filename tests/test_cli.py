"""The commands do what they say, refuse in one sentence, and end with 0, 1 or 2."""

import getpass
import json
import os
import re
import subprocess
import sys

import pytest

import cli
from data_access.database import UNFINISHED, Database
from data_access.district_settings import put_setting
from data_access.importing.kinds import kinds
from tests import town
from tests.town import DISTRICT, STREET_A

STREETS = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"代码": code, "名称": name},
         "geometry": {"type": "Polygon", "coordinates": [[[west, 31.0], [west + 0.05, 31.0], [west + 0.05, 31.05], [west, 31.05], [west, 31.0]]]}}
        for code, name, west in (("310199001", "甲街道", 121.0), ("310199002", "乙镇", 121.05))
    ],
}  # fmt: skip
VISITS = "编号,巡查日期,巡查结果,户次,街镇\nV1,2023-07-01,无发现,3,甲街道\nV2,2023-07-02,疑似,2,乙镇\n"
BAD_VISIT = "V3,2023-07-32,无发现,1,甲街道\n"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("ONEMAP_") and not name.startswith("ONEMAP_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ONEMAP_FOLDER", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command on a database and gives (exit code, what it said, what it refused with)."""

    def run(*arguments, url=None):
        if url:
            monkeypatch.setenv("ONEMAP_DATABASE_URL", url)
        code = cli.main(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def on_town(monkeypatch, towns):
    monkeypatch.setenv("ONEMAP_DATABASE_URL", towns("sqlite").url.render_as_string(hide_password=False))
    monkeypatch.setenv("ONEMAP_NOW", "2023-07-31T10:46+08:00")


@pytest.fixture
def district(run, monkeypatch, database, tmp_path):
    """An empty database of either kind, two streets in a file, two good visits and one bad one."""
    monkeypatch.setenv("ONEMAP_DATABASE_URL", database.url.render_as_string(hide_password=False))
    (tmp_path / "streets.geojson").write_text(json.dumps(STREETS, ensure_ascii=False), "utf-8")
    (tmp_path / "visits.csv").write_text(VISITS + BAD_VISIT, "utf-8")
    (tmp_path / "good.csv").write_text(VISITS, "utf-8")
    return database


def test_help_names_every_command(run):
    code, said, _ = run("--help")
    assert code == 0
    for name in ("demo", "migrate", "template", "import", "figures", "views", "map", "check", "batches", "undo", "distribute"):
        assert f"\n  {name} " in said


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("nosuch",), ("figures",), ("figures", "--from", "2023-07-01"), ("figures", "--from", "2023-7-1", "--to", "2023-07-31"),
        ("figures", "--from", "2023-07-31", "--to", "2023-07-01"), ("figures", "--from", "2023-07-01", "--to", "2023-07-31", "--known-at", "x"),
        ("import",), ("batches", "--limit", "0"), ("demo", "--names", "shanghai"), ("--lang",), ("migrate", "extra"),
    ],
)  # fmt: skip
def test_what_is_not_understood_ends_with_2(run, on_town, arguments):
    assert run(*arguments)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nosuch",), "没有 nosuch 这个命令。用法见 cli.py --help。"),
        (("figures", "--from", "2023-07-01"), "缺少 --to。用法见 cli.py figures --help。"),
        (("batches", "--limit", "0"), "--limit：不能小于 1。用法见 cli.py batches --help。"),
        (("figures", "--nosuch"), "没有 --nosuch 这个选项"),
        (("papers", "--snapshot", "三"), "--snapshot：要写整数"),
        (("papers", "poem"), "KIND：没有 poem 这种材料"),
        (("papers", "--out"), "--out 后面要写一个值"),
    ],
)
def test_a_mistyped_command_is_answered_in_the_readers_language(run, on_town, arguments, words):
    assert words in run(*arguments)[2]
    assert not re.search("[\u4e00-\u9fff]", run("--lang", "en", *arguments)[2].replace("三", ""))


def test_a_folder_that_cannot_be_written_is_named(run, on_town, tmp_path):
    (tmp_path / "taken").write_text("")
    code, _, refused = run("papers", "atlas", "--from", "2023-07-01", "--to", "2023-07-31", "--out", str(tmp_path / "taken"))
    assert code == 1
    assert f"不能读写 {tmp_path / 'taken'}：那里已有一个同名的文件。" in refused


def test_an_empty_database_is_told_how_to_begin(run, fresh_url):
    code, said, refused = run("figures", "--from", "2023-07-01", "--to", "2023-07-31", url=fresh_url("sqlite"))
    assert (code, said) == (1, "")
    assert "cli.py migrate" in refused
    assert refused.count("\n") == 1


def test_a_server_that_is_away_is_told_in_one_sentence(run):
    code, _, refused = run("check", url="postgresql://someone:geheim@127.0.0.1:1/none")
    assert code == 1
    assert refused.count("\n") == 1
    assert "geheim" not in refused


def test_trace_shows_the_rest(run):
    _, _, refused = run("check", "--trace", url="postgresql://u@127.0.0.1:1/none")
    assert "Traceback" in refused


def test_a_bad_setting_is_told_in_one_sentence(run, monkeypatch):
    monkeypatch.setenv("ONEMAP_NOW", "yesterday")
    code, _, refused = run("check")
    assert code == 1
    assert "ONEMAP_NOW" in refused
    assert refused.count("\n") == 1


def test_an_unexpected_error_is_one_sentence_and_no_traceback(run, on_town, monkeypatch):
    monkeypatch.setattr(cli.asking, "_figures", lambda *_: 1 / 0)
    code, _, refused = run("figures", "--from", "2023-07-01", "--to", "2023-07-31")
    assert code == 1
    assert "ZeroDivisionError" in refused
    assert "Traceback" not in refused


def test_migrating_makes_the_tables_once(run, fresh_url):
    url = fresh_url("sqlite")
    for _ in range(2):
        assert run("migrate", url=url)[0] == 0
    assert Database.open(url).state().is_ready


def test_figures_are_json_with_name_value_and_unit(run, on_town):
    code, said, refused = run("figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json")
    assert (code, refused) == (0, "")
    found = json.loads(said)
    assert found["K1"] == {"name": "巡排查", "value": 18, "unit": "户次"}
    assert {f"K{number}" for number in range(1, 22)} | {"K15_open"} <= set(found)
    assert found["K27"] | {"value": 1.0, "n": 1, "N": 1} == found["K27"]


@pytest.mark.parametrize(
    ("options", "visits"),
    [
        (("--street", STREET_A), 12), (("--street", "东街道"), 12), (("--street", "东街路街道"), 12), (("--street", "西"), 5),
        (("--street", "DJ-001"), 5), (("--agency", "WJS"), 6), (("--agency", "区卫监所"), 6), (("--agency", "区公安分局"), 1),
        (("--street", "东街道", "--agency", "JD-A"), 6), (("--known-at", "2023-07-08T12:00"), 7), (("--as-of", "2023-07-10"), 5),
    ],
)  # fmt: skip
def test_figures_of_a_street_or_agency_by_code_name_or_alias(run, on_town, options, visits):
    code, said, _ = run("figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json", *options)
    assert code == 0
    assert json.loads(said)["K1"]["value"] == visits


@pytest.mark.parametrize("options", [("--street", "南街道"), ("--agency", "财政局")])
def test_an_unknown_street_or_agency_is_refused(run, on_town, options):
    code, said, refused = run("figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json", *options)
    assert (code, said) == (1, "")
    assert options[1] in refused


def test_figures_in_words_are_a_table(run, on_town):
    _, said, _ = run("figures", "--from", "2023-07-01", "--to", "2023-07-31")
    line = next(line for line in said.splitlines() if line.split()[0] == "K1")
    assert line.split() == ["K1", "巡排查", "18", "户次"]


def test_english_is_spoken_on_request(run, on_town):
    for arguments in (("--lang", "en", "figures"), ("figures", "--lang=en")):
        _, said, _ = run(*arguments, "--from", "2023-07-01", "--to", "2023-07-31", "--json")
        assert json.loads(said)["K1"]["name"].isascii()


def test_a_language_that_is_not_spoken_is_refused(run):
    assert run("check", "--lang", "fr")[0] == 1


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_register_has_a_template(run, kind, tmp_path):
    code, said, _ = run("template", kind, "-o", "t.xlsx")
    assert code == 0
    assert "t.xlsx" in said
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


def test_templates_are_listed_and_an_unknown_one_is_refused(run):
    _, said, _ = run("template", "--list")
    assert [line.split()[0] for line in said.splitlines()] == list(kinds())
    code, _, refused = run("template", "nosuch")
    assert code == 1
    assert "visits" in refused


def test_a_district_goes_from_files_to_figures(run, district):
    code, said, refused = run("import", "good.csv", "streets.geojson", "--district", "310199")
    assert (code, refused) == (0, "")
    assert said.index("streets.geojson") < said.index("good.csv")
    _, said, _ = run("figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json", "--street", "乙镇")
    assert json.loads(said)["K1"]["value"] == 2
    _, said, _ = run("batches")
    assert [line.split()[1] for line in said.splitlines()] == ["登记表", "巡查记录", "区域边界"]
    assert getpass.getuser() in said


def test_a_district_must_be_named_before_it_is_known(run, district):
    code, _, refused = run("import", "streets.geojson")
    assert code == 1
    assert "ONEMAP_DISTRICT" in refused


def test_a_file_with_a_refused_row_is_refused_whole_and_the_row_comes_back(run, district, tmp_path):
    run("import", "streets.geojson", "--district", "310199")
    code, said, refused = run("import", "visits.csv")
    assert code == 1
    assert "--accept-valid" in refused
    assert "2023-07-32" in said
    back = (tmp_path / "visits-问题.csv").read_text("utf-8-sig")
    assert "V3" in back
    assert "问题" in back
    assert "V1" not in back
    _, said, _ = run("figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json")
    assert json.loads(said)["K1"]["value"] == 0


def test_the_good_rows_are_taken_on_request_and_can_be_undone(run, district):
    run("import", "streets.geojson", "--district", "310199")
    code, said, _ = run("import", "visits.csv", "--accept-valid")
    assert code == 0
    batch = said.rstrip("。\n").split()[-1]

    def visits():
        return json.loads(run("figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json")[1])["K1"]["value"]

    assert visits() == 5
    code, said, _ = run("import", "good.csv")
    assert code == 0
    assert "没有要写入的行" in said
    assert run("undo", batch)[0] == 0
    assert visits() == 0
    assert run("import", "--undo", batch)[0] == 1
    assert run("undo", "nosuch")[0] == 1


def test_a_file_that_is_not_there_is_refused(run, district):
    code, _, refused = run("import", "nosuch.csv", "--district", "310199")
    assert code == 1
    assert "nosuch.csv" in refused


def test_a_sound_database_passes_the_check(run, on_town):
    code, said, _ = run("check")
    assert "✗" not in said.replace("assets/vendor", "") or "assets/vendor" in said
    assert code == (1 if "assets/vendor" in said else 0)


def test_a_misspelt_setting_fails_the_check(run, on_town, monkeypatch):
    monkeypatch.setenv("ONEMAP_DATABSE_URL", "x")
    code, said, _ = run("check")
    assert code == 1
    assert "ONEMAP_DATABSE_URL" in said


def test_an_empty_database_fails_the_check(run, fresh_url):
    assert run("check", url=fresh_url("sqlite"))[0] == 1


def test_views_name_every_layer_and_panel_with_its_place(run):
    from dashboard.panels import panels
    from layers import layers

    code, said, _ = run("views")
    assert code == 0
    for name in [*layers(), *(panel.name for panel in panels())]:
        assert f"  {name} " in said


def test_the_map_is_one_file_with_its_legal_words_and_no_names(run, on_town, monkeypatch, tmp_path):
    monkeypatch.setenv("ONEMAP_MAP_APPROVAL", "GS(2023)0001")
    code, said, refused = run("map", "out.html", "--from", "2023-07-01", "--to", "2023-07-31")
    assert (code, refused) == (0, "")
    assert "out.html" in said
    written = (tmp_path / "out.html").read_text("utf-8")
    for words in ("界线为示意", "GS(2023)0001", "东街道"):
        assert words in written
    for personal in ("示例甲", "示例诊所一", "示例路1号", "000-0000-0001"):
        assert personal not in written


def test_a_map_of_an_unknown_street_is_refused(run, on_town, tmp_path):
    assert run("map", "out.html", "--street", "南街道")[0] == 1
    assert not (tmp_path / "out.html").exists()


def test_the_demo_does_not_go_into_a_database_with_rows(run, district):
    run("import", "streets.geojson", "--district", "310199")
    code, _, refused = run("demo")
    assert code == 1
    assert "--fresh" in refused
    code, _, refused = run("demo", "--fresh")
    assert code == 1
    assert "真实数据" in refused
    assert len(run("batches")[1].splitlines()) == 2


def test_an_interrupted_demo_is_half_made_and_built_again_with_fresh(run, sqlite_database, monkeypatch):
    import data_access.demo

    url = sqlite_database.url.render_as_string(hide_password=False)
    now = town._at("2023-07-31")
    with sqlite_database.write() as connection:
        put_setting(connection, "*", UNFINISHED, {"what": "demo"}, changed_by="cli", now=now)
    code, _, _ = run("check", url=url)
    assert code == 1
    assert run("demo")[0] == 1
    built = []
    monkeypatch.setattr(data_access.demo, "build", lambda database, folder, **_: built.append(database.state().word))
    assert run("demo", "--fresh")[0] == 0
    assert built == ["half-made"]
    assert sqlite_database.state().is_ready


def test_a_failed_demo_stays_half_made(run, fresh_url, monkeypatch):
    import data_access.demo

    def fail(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(data_access.demo, "build", fail)
    url = fresh_url("sqlite")
    assert run("demo", url=url)[0] == 1
    assert Database.open(url).state().word == "half-made"


def test_spreading_shows_its_sql_and_is_refused_on_sqlite(run, on_town):
    code, said, _ = run("distribute", "--show")
    assert code == 0
    assert "create_distributed_table('patrol_visit', 'district_code')" in said
    assert run("distribute")[0] == 1


def test_the_file_runs_as_a_program(towns):
    root = os.path.dirname(os.path.abspath(cli.__file__))
    environment = {**os.environ, "ONEMAP_DATABASE_URL": f"sqlite:///{towns('sqlite').path}", "ONEMAP_NOW": "2023-07-31T10:46+08:00"}
    command = [sys.executable, "-W", "error", f"{root}/cli.py", "figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd="/")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["K1"]["value"] == 18


def test_the_towns_district_is_found_without_being_named(run, on_town):
    assert DISTRICT in run("check")[1]
