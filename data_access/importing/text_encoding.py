"""Finds the encoding of a text that does not declare it: UTF-8, UTF-16 or GB18030 (GBK)."""

from __future__ import annotations

import codecs

from data_access.importing.problems import ImportRefused
from rules.language import N_

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    Raises:
        ImportRefused: the bytes are no text in any of these encodings.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, (name,))
    if b"\x00" in data[:4096]:
        raise ImportRefused(N_("文件不是文本，也不是能识别的格式：请另存为 xlsx 或 csv 后再导入。"))
    return _strictly(data, ("utf-8", "gb18030"))


def _strictly(data: bytes, names: tuple[str, ...]) -> tuple[str, str]:
    for name in names:
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    raise ImportRefused(N_("文件的文字编码认不出来（试过 UTF-8 和 GBK）：请另存为 UTF-8 编码的 csv，或 xlsx。"))
