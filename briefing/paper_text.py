"""Text as a file can hold it: XML 1.0 knows no control characters, no halves of a pair and no noncharacters."""

from __future__ import annotations

import re
from typing import Any

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no XML file may hold, or should not. Source: XML 1.0 (fifth edition), 2.2."""


def writable(value: Any) -> Any:
    """The same value with what no file can hold taken out of every text; a part without such text is the very same object."""
    if isinstance(value, str):
        return NOT_XML.sub("", value) if NOT_XML.search(value) else value
    if isinstance(value, dict):
        changed = {key: new for key, one in value.items() if (new := writable(one)) is not one}
        return {**value, **changed} if changed else value
    if isinstance(value, (list, tuple)):
        made = [writable(one) for one in value]
        return type(value)(made) if any(new is not one for new, one in zip(made, value, strict=True)) else value
    return value
