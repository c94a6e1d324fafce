"""Turns identity and telephone numbers into keyed hashes, so that equal ones are seen and none can be read."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from sqlalchemy.engine import Connection

from data_access.district_settings import setting_on
from data_access.importing.cells import narrow

SETTING = "identity_pepper"


def keyed_hash(number: str, pepper: bytes) -> str:
    """HMAC-SHA-256 of the letters and digits of a number, in hexadecimal. Source: RFC 2104."""
    plain = re.sub(r"[^0-9A-Z]", "", narrow(number).upper())
    return hmac.new(pepper, plain.encode(), hashlib.sha256).hexdigest()


def kept_pepper(connection: Connection, district: str) -> bytes | None:
    """The district's key, or None before the first import that needed one."""
    found = setting_on(connection, district, SETTING)
    return bytes.fromhex(found) if isinstance(found, str) else None


def new_pepper() -> bytes:
    return secrets.token_bytes(32)
