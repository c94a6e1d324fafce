"""Behind every number stand its rows: as many, in the reader's words, in scope, safe in a spreadsheet."""

import csv
import io
import json
from dataclasses import replace
from urllib.parse import quote

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.door import demo_actor
from dashboard.question import Ask
from dashboard.rows_drawer import content, rows_page
from dashboard.rows_export import as_csv, as_xlsx, safe
from dashboard.rows_table import chosen, narrowed, table
from dashboard.view_state import ViewState
from data_access.figures import figures
from data_access.rows import ROW_SETS
from data_access.schema import audit_event
from rules.request import UnreadableRequest
from tests.dashboard.conftest import NOW
from tests.town import JULY, ONLY_A, WHOLE


@pytest.fixture
def ask(context):
    context.answers.start(Flask(__name__))
    return Ask(context, JULY, ViewState(), demo_actor(WHOLE), NOW)


def with_rows(ask, name, narrow=(), scope=None):
    actor = demo_actor(scope) if scope else ask.actor
    return Ask(ask.context, ask.filters, ask.view.with_(rows=name, narrow=narrow), actor, ask.now)


def test_every_row_set_opens_in_both_languages(ask):
    for name in ROW_SETS:
        for lang in ("zh_CN", "en"):
            opened = with_rows(ask, name)
            shown = content(replace(opened, view=opened.view.with_(lang=lang)))
            assert shown.className == "drawer", name


def test_as_many_rows_as_the_number_says(ask):
    for key, figure in ask.get(figures).items():
        if figure.unit == "%" or key not in ROW_SETS:
            continue
        found = table(ask, key)
        field = found.row_set.counts
        total = len(found.frame) if field is None else float(found.frame[field].astype("float64").sum())
        assert total == (figure.value or 0), key


def test_a_page_of_rows_says_how_many_there_are(ask):
    whole = table(ask, "visits").frame
    page = rows_page(with_rows(ask, "visits"), {"startRow": 0, "endRow": 5, "sortModel": [], "filterModel": {}})
    assert page["rowCount"] == len(whole) > 5
    assert [row["number"] for row in page["rowData"]] == list(whole["number"].head(5))
    json.dumps(page)


def test_rows_are_sorted_and_filtered_as_asked(ask):
    found = table(ask, "visits")
    by_visits = chosen(found, [{"colId": "visits", "sort": "desc"}], {})
    assert list(by_visits["visits"]) == sorted(found.frame["visits"], reverse=True)
    street = found.frame["street_code"].iloc[0]
    only = chosen(found, [], {"street_code": {"filterType": "text", "type": "equals", "filter": street}})
    assert set(only["street_code"]) == {street}
    many = chosen(found, [], {"visits": {"filterType": "number", "type": "greaterThan", "filter": 1}})
    assert len(many) == int((found.frame["visits"] > 1).sum())
    late = chosen(found, [], {"day": {"filterType": "date", "type": "greaterThan", "dateFrom": "2023-07-15 00:00:00"}})
    assert len(late) == int((found.frame["day"] > "2023-07-15").sum())
    either = chosen(found, [], {"visits": {"operator": "OR", "conditions": [{"type": "equals", "filter": 5}, {"type": "equals", "filter": 3}]}})
    assert sorted(set(either["visits"])) == [3, 5]


@pytest.mark.parametrize(
    "asked",
    [5, "x", [], {"startRow": 0}, {"startRow": 0, "endRow": 100_000}, {"startRow": -5, "endRow": 5}, {"startRow": 9, "endRow": 3},
     {"startRow": "0", "endRow": "5"}, {"startRow": 0, "endRow": 5, "sortModel": "x"}, {"startRow": 0, "endRow": 5, "sortModel": [1]},
     {"startRow": 0, "endRow": 5, "sortModel": [{"colId": "nothing"}]}, {"startRow": 0, "endRow": 5, "filterModel": []},
     {"startRow": 0, "endRow": 5, "filterModel": {"nothing": {}}}, {"startRow": 0, "endRow": 5, "filterModel": {"visits": 5}},
     {"startRow": 0, "endRow": 5, "filterModel": {"visits": {"type": "equals", "filter": "x"}}},
     {"startRow": 0, "endRow": 5, "filterModel": {"visits": {"type": "like", "filter": 1}}},
     {"startRow": 0, "endRow": 5, "sortModel": [{"colId": []}]}, {"startRow": 0, "endRow": 5, "filterModel": {"number": {"type": []}}},
     {"startRow": 0, "endRow": 5, "filterModel": {"number": {"operator": "OR", "conditions": 5}}},
     {"startRow": 0, "endRow": 5, "filterModel": {"number": {"type": "regex", "filter": "("}}}],
)  # fmt: skip
def test_a_malformed_page_request_answers_400(visitor, asked):
    answer = visitor.callback("rows-grid.getRowsResponse", asked, "?rows=visits")
    assert answer.status_code == 400, answer.get_data(as_text=True)


def test_a_filter_is_text_and_never_a_pattern(ask):
    assert len(chosen(table(ask, "visits"), [], {"number": {"type": "contains", "filter": "(["}})) == 0


def test_narrowing_keeps_the_rows_of_the_number(ask):
    whole = table(ask, "visits").frame
    some = table(ask, "visits", (("mode", "inspection"),)).frame
    assert 0 < len(some) < len(whole)
    with pytest.raises(UnreadableRequest):
        table(ask, "visits", (("nothing", "x"),))


@pytest.mark.parametrize("field", ["database", "name", "filters", "scope"])
def test_no_column_is_taken_for_anything_else_of_the_question(ask, visitor, field):
    assert visitor.get(f"/export/visits.csv?rows=visits&narrow={field}:x").status_code == 400
    assert table(ask, "sites", (("name", "nobody"),)).frame.empty


def test_narrowing_by_agency_filters_the_rows_and_not_the_screen(ask):
    opened = narrowed(with_rows(ask, "K1", (("mode", "patrol"), ("system", "health"))))
    assert opened.filters == ask.filters.with_(system="health")
    assert opened.view.narrow == (("mode", "patrol"),)
    figure = opened.get(figures, keys=("K1",))["K1"]
    whole = ask.get(figures, keys=("K1",))["K1"]
    assert 0 < figure.value < whole.value
    assert table(narrowed(with_rows(ask, "K1", (("system", "health"),))), "K1").frame["counts"].sum() == figure.value


def test_an_unknown_row_set_is_told_in_the_drawer(visitor):
    text = visitor.text(visitor.callback("drawer.children", "?rows=nothing"))
    assert "打不开这份清单" in text
    assert visitor.get("/export/nothing.csv").status_code == 400
    assert visitor.get("/export/visits.exe").status_code == 404


def test_the_drawer_shuts_when_nothing_is_asked(visitor):
    assert json.loads(visitor.text(visitor.callback("drawer.children", "")))["response"]["drawer"]["children"] == []


def test_a_scope_exports_its_own_rows_only(visit):
    whole, street = visit(), visit(scope=ONLY_A)
    read = {
        name: list(csv.reader(io.StringIO(person.get("/export/visits.csv").get_data().decode("utf-8-sig"))))
        for name, person in (("whole", whole), ("street", street))
    }
    assert len(read["street"]) < len(read["whole"])
    place = read["street"][0].index("街镇")
    assert {line[place] for line in read["street"][1:] if len(line) > place} == {"东街道"}


def test_an_export_says_what_it_is_and_is_audited(visitor, context):
    answer = visitor.get("/export/K1.xlsx?from=2023-07-01&to=2023-07-31")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    told = " ".join(str(cell.value) for cell in book["about"]["A"])
    assert "2023-07-01" in told
    assert "全区" in told
    rows = context.database.frame(select(audit_event.c.action, audit_event.c.subject_table, audit_event.c.detail))
    assert list(rows["action"]) == ["export"]
    assert list(rows["subject_table"]) == ["K1"]
    assert rows["detail"].iloc[0]["rows"] == book["rows"].max_row - 1


def test_names_are_masked_and_looking_at_them_unmasked_is_audited(visit, context):
    looks = select(audit_event.c.detail).where(audit_event.c.action == "look")
    block = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}

    def names(person):
        assert person.callback("drawer.children", "?rows=people").status_code == 200
        answer = person.callback("rows-grid.getRowsResponse", block, "?rows=people").get_json()
        return [row["name"] for row in answer["response"]["rows-grid"]["getRowsResponse"]["rowData"]]

    masked = names(visit())
    assert masked
    assert all(name.endswith("＊＊") for name in masked)
    assert len(context.database.frame(looks)) == 0
    clear = names(visit(scope=replace(WHOLE, personal=True)))
    assert not any("＊" in name for name in clear)
    assert [name[0] for name in clear] == [name[0] for name in masked]
    assert len(context.database.frame(looks)) == 1


@pytest.mark.parametrize("name", [name for name in ROW_SETS if not name.isascii()])
def test_rows_counted_in_a_chinese_unit_are_handed_out_under_their_name(visitor, name):
    answer = visitor.get(f"/export/{quote(name)}.xlsx")
    assert answer.status_code == 200
    assert f"filename*=UTF-8''onemap-{quote(name)}-20230731.xlsx" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2+3", "@SUM(A1)", "\tx", "\r=1", " =1", "＝1", "\u00a0=1"])
def test_a_text_that_looks_like_a_formula_is_made_plain(text):
    assert safe(text) == "'" + text
    line = as_csv([], ["甲"], [[text]]).decode("utf-8-sig").splitlines()[1]
    assert line.lstrip('"').startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([], ["甲"], [[text]])))
    cell = book["rows"]["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@pytest.mark.parametrize("value", [5, -5, 2.5, None, "普通", "JQ-025", "2023-07-31"])
def test_ordinary_values_stay_as_they_are(value):
    assert safe(value) == value


def test_numbers_stay_numbers_in_a_workbook():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(["x"], ["甲", "乙"], [[3175, None]])))
    assert [cell.value for cell in book["rows"][2]] == [3175, None]


def test_the_figures_export_holds_every_figure(visitor, context):
    text = visitor.get("/export/figures.csv?from=2023-07-01&to=2023-07-31").get_data().decode("utf-8-sig")
    lines = {line[0]: line for line in csv.reader(io.StringIO(text)) if line}
    for key, figure in figures(context.database, JULY, WHOLE).items():
        assert lines[key][2] == ("" if figure.value is None else str(figure.value)), key
