"""Reads the JSON body of a request: an object of texts that any database and any answer can hold."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from flask.json.provider import DefaultJSONProvider

from rules.request import UnreadableRequest


class PlainJson(DefaultJSONProvider):
    """Flask's JSON, for which a body nested too deeply is no JSON instead of a failure."""

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Raises ValueError for whatever cannot be read."""
        try:
            return super().loads(s, **options)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def json_object() -> dict[str, Any]:
    """The body of the present request.

    Raises:
        UnreadableRequest: no JSON object, or texts that cannot be kept (``is_plain``).
    """
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not is_plain(body):
        raise UnreadableRequest("body: expected a JSON object")
    return body


def is_plain(value: object) -> bool:
    """Whether every text in a value of JSON can be kept: no half of a surrogate pair, no NUL.

    UTF-8 has no halves of pairs (RFC 3629, 3); PostgreSQL keeps no NUL.
    """
    try:
        written = json.dumps(value, ensure_ascii=False)
        written.encode()
    except (RecursionError, UnicodeEncodeError):
        return False
    return "\\u0000" not in written.replace("\\\\", "")
