"""What the application makes is packed for who takes it, and is the same either way."""

import gzip

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


def page(visitor, headers):
    return visitor.post("/_dash-update-component", json=visitor.body("page.children", "/", ""), headers=headers)


def test_an_answer_is_packed_to_less_than_a_fifth_and_says_the_same(visitor):
    plain, packed = page(visitor, {}), page(visitor, PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert len(packed.data) < len(plain.data) / 5
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_who_refuses_gzip_gets_it_plain(visitor):
    assert "Content-Encoding" not in page(visitor, {"Accept-Encoding": "gzip;q=0, br"}).headers


def test_what_is_packed_already_is_not_packed_again(visitor):
    answer = visitor.get("/map/state/grid_state", headers=PACKED)
    assert gzip.decompress(answer.data)[4:5] == b"{"


def test_a_short_answer_stays_as_it_is(visitor):
    assert "Content-Encoding" not in visitor.get("/healthz", headers=PACKED).headers
