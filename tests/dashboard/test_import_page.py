"""People bring files to the import page: preview first, good rows taken, refused rows back, undo."""

import io

import pytest
from sqlalchemy import select

from data_access.figures import figures
from data_access.schema import import_batch
from tests.town import JULY, ONLY_A, STREET_A, STREET_B, WHOLE

OURS = {"X-Onemap-Request": "1"}
HEAD = "编号,巡查日期,街镇,网格编号,巡查方式,巡查结果,户次\n"


def visits(*rows: str) -> bytes:
    return (HEAD + "".join(row + "\n" for row in rows)).encode()


def send(visitor, content: bytes, name: str = "巡查.csv", **form):
    return visitor.post("/import/preview", data={"file": (io.BytesIO(content), name), **form}, headers=OURS)


def take(visitor, preview: dict, **more):
    return visitor.post("/import/take", json={"token": preview["token"], "hash": preview["hash"], **more}, headers=OURS)


def k1(context) -> int:
    return figures(context.database, JULY, WHOLE)["K1"].value


GOOD = f"N-1,2023-07-20,{STREET_A},,日常巡查,无发现,3"
BAD = f"N-2,2023-7-32,{STREET_A},,日常巡查,无发现,1"


def test_a_preview_writes_nothing_and_counts_first(visitor, context):
    before = k1(context)
    told = send(visitor, visits(GOOD, BAD)).json
    assert (told["counts"]["read"], told["counts"]["good"], told["counts"]["refused"]) == (2, 1, 1)
    assert told["kind"] == "visits"
    assert told["refused"][0]["found"] == "2023-7-32"
    assert k1(context) == before


def test_taking_the_good_rows_changes_the_figure_and_undo_changes_it_back(visitor, context):
    before = k1(context)
    answer = take(visitor, send(visitor, visits(GOOD, BAD)).json)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert k1(context) == before + 3
    listed = visitor.get("/import/batches").json["batches"]
    mine = next(batch for batch in listed if batch["id"] == answer.json["batch"])
    assert (mine["new"], mine["undone"]) == (1, None)
    undone = visitor.post("/import/undo", json={"batch": mine["id"]}, headers=OURS)
    assert undone.status_code == 200, undone.get_data(as_text=True)
    assert k1(context) == before


def test_the_same_file_taken_twice_is_counted_once(visitor, context):
    before = k1(context)
    for _ in range(2):
        take(visitor, send(visitor, visits(GOOD)).json)
    assert k1(context) == before + 3


def test_the_refused_rows_come_back_in_the_same_file_with_their_problem(visitor):
    told = send(visitor, visits(GOOD, BAD)).json
    answer = visitor.get(f"/import/refused/{told['token']}")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    assert "问题" in text.splitlines()[0]
    assert "2023-7-32" in text
    assert "N-1" not in text


def test_a_post_without_our_header_is_refused(visitor):
    answer = visitor.post("/import/preview", data={"file": (io.BytesIO(visits(GOOD)), "a.csv")})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "C:\\temp\\巡查.csv", "a/../../b.csv", "....csv", "巡\x00查.csv"])
def test_a_hostile_file_name_stays_in_its_folder(visitor, context, name):
    send(visitor, visits(GOOD), name)
    outside = [path for path in context.folder.rglob("*.csv") if path.parent.parent.name != "uploads"]
    assert outside == []


@pytest.mark.parametrize("token", ["", "0" * 32, "../../secret", "a" * 31, "g" * 32])
def test_a_token_that_nobody_holds_opens_nothing(visitor, token):
    answer = visitor.post("/import/take", json={"token": token, "hash": ""}, headers=OURS)
    assert answer.status_code == 422


def test_somebody_else_does_not_find_my_file(visit, context):
    mine = visit()
    told = send(mine, visits(GOOD)).json
    other = visit(ONLY_A)
    other.app.server.config["TESTING"] = True
    answer = take(other, told)
    assert answer.status_code == 422


def test_a_street_official_cannot_bring_rows_of_another_street(visit):
    told = send(visit(ONLY_A), visits(GOOD, f"N-3,2023-07-20,{STREET_B},,日常巡查,无发现,1")).json
    assert (told["counts"]["good"], told["counts"]["refused"]) == (1, 1)


@pytest.mark.parametrize(
    ("form", "status"), [({"kind": "nothing"}, 400), ({"level": "planet"}, 400), ({"crs": "wgs"}, 400), ({"source": "x" * 99}, 400)]
)
def test_a_form_with_unknown_words_is_refused(visitor, form, status):
    assert send(visitor, visits(GOOD), **form).status_code == status


def test_a_file_that_is_none_gets_a_sentence(visitor):
    answer = send(visitor, b"\x00\x01\x02" * 99, "x.xlsx")
    assert answer.status_code == 422
    assert len(answer.json["error"]) > 8


def test_every_register_has_its_template(visitor):
    from data_access.importing.kinds import kinds

    for kind in kinds():
        answer = visitor.get(f"/import/template/{kind}")
        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"
    assert visitor.get("/import/template/nothing").status_code == 404


def test_the_page_names_every_register_in_both_languages(visitor):
    from data_access.importing.kinds import kinds

    chinese = visitor.text(visitor.callback("page.children", "/import", ""))
    english = visitor.text(visitor.callback("page.children", "/import", "?lang=en"))
    for kind in kinds().values():
        assert kind.label in chinese
        assert f'"{kind.label}"' not in english


def test_a_name_as_long_as_people_write_them_is_kept_short(visitor):
    told = send(visitor, visits(GOOD, BAD), "三季度巡查登记" * 40 + ".csv")
    assert told.status_code == 200, told.get_data(as_text=True)
    assert told.json["file"].endswith("三季度巡查登记.csv")
    assert visitor.get(f"/import/refused/{told.json['token']}").status_code == 200


def test_the_import_page_undoes_imports_and_no_record_made_on_the_spot(visitor, context):
    said = {"id": "0189a000-0000-7000-8000-000000000001", "at": "2023-07-31T10:40:00+08:00", "target": {"kind": "grid", "id": "DJ-001"}, "outcome": "none"}
    assert visitor.post("/visits", json=said, headers=OURS).status_code == 200
    with context.database.read() as connection:
        batch = connection.execute(select(import_batch.c.id).where(import_batch.c.kind == "recorded_visit")).scalar_one()
    before = k1(context)
    assert visitor.post("/import/undo", json={"batch": batch}, headers=OURS).status_code == 422
    assert k1(context) == before
