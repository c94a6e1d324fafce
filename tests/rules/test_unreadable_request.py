"""What of a request cannot be read is said in the reader's language, and its text names the field."""

import datetime as dt

import pytest

from rules.language import translator
from rules.request import Filters, UnreadableRequest


@pytest.mark.parametrize(
    ("told", "chinese", "english"),
    [
        ("group: expected one of lead, site; found 'x'", "参数“group”不能是 'x'。可用的值：lead, site。请从页面上重新选择。",
         "Parameter “group” cannot be 'x'. Known values: lead, site. Please choose again on the page."),
        ("period: 2023-08-01 is after 2023-07-01", "参数“period”读不懂。请从页面上重新选择。", "Parameter “period” cannot be read. Please choose again on the page."),
        ("no colon here", "有一处内容读不懂。请从页面上重新选择。", "Something in the request cannot be read. Choose again on the page."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_the_readers_language(told, chinese, english):
    assert [UnreadableRequest(told).say(translator(language)) for language in ("zh_CN", "en")] == [chinese, english]


def test_an_unreadable_day_names_its_field():
    with pytest.raises(UnreadableRequest, match=r"as_of: expected a day as 2023-07-31, found '2023-13-01'"):
        Filters.from_query({"as_of": "2023-13-01"}, dt.date(2023, 7, 31))
    with pytest.raises(UnreadableRequest, match="cycle_days: expected 1 to 366, found 0"):
        Filters.from_query({"cycle": "0"}, dt.date(2023, 7, 31))
