"""Reads the attribute table of a Shapefile (dBASE III), in UTF-8 or GBK, declared or not.

Source: dBASE III file structure (header of 32 bytes, fields of 32 bytes each, fixed-width records).
"""

from __future__ import annotations

import datetime as dt
import re
import struct

from data_access.importing.limits import MAX_ROWS
from data_access.importing.problems import ImportRefused
from rules.language import N_

_GBK_NAMES = {"gbk", "gb2312", "gb18030", "936", "cp936", "ansi 936", "windows-936", "oem"}
_GBK_LANGUAGE_DRIVER = 0x4D
_CHINESE = re.compile("[\u4e00-\u9fff]")


def dbf_rows(data: bytes, declared: bytes, file: str) -> tuple[list[list[object]], str]:
    """The field names and the rows below them, and the encoding used.

    A name or a text that was cut inside a character loses that character only.

    Args:
        declared: content of the ``.cpg`` file; empty where there is none.

    Raises:
        ImportRefused: the table is broken.
    """
    try:
        count, header, width = struct.unpack_from("<IHH", data, 4)
        fields, offset, at = [], 1, 32
        while data[at] != 0x0D:
            length = data[at + 16]
            fields.append((data[at : at + 11].split(b"\x00")[0], chr(data[at + 11]), offset, length))
            offset, at = offset + length, at + 32
    except (struct.error, IndexError) as error:
        raise _broken(file) from error
    body = data[header : header + count * width]
    if count > MAX_ROWS or width < offset or len(body) < count * width - 1:
        raise _broken(file)
    encoding = _encoding(declared, data[29], [name for name, *_ in fields], body, width, fields)
    rows: list[list[object]] = [[name.decode(encoding, "ignore").strip() for name, *_ in fields]]
    for index in range(count):
        record = body[index * width : (index + 1) * width]
        rows.append([_value(record[begin : begin + length], kind, encoding) for _, kind, begin, length in fields])
    return rows, encoding


def _value(raw: bytes, kind: str, encoding: str) -> object:
    text = raw.rstrip(b"\x00 ").decode(encoding, "ignore").strip()
    if not text or set(text) == {"*"}:
        return None
    if kind == "D":
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8])) if _is_day(text) else text
    if kind == "L":
        return {"T": "是", "Y": "是", "F": "否", "N": "否"}.get(text.upper())
    return text


def _is_day(text: str) -> bool:
    try:
        dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return len(text) == 8


def _encoding(declared: bytes, language: int, names: list[bytes], body: bytes, width: int, fields: list) -> str:
    """UTF-8 where every text is Chinese in it, else the declared encoding where the bytes bear it out, else GBK."""
    said = declared.decode("ascii", "ignore").strip().strip("\ufeff").lower()
    texts = names + [
        body[start + begin : start + begin + length].rstrip(b"\x00 ")
        for start in range(0, min(len(body), 2000 * width), width)
        for _, kind, begin, length in fields
        if kind == "C"
    ]
    texts = [text for text in texts if not text.isascii()]
    if not texts:
        return "utf-8"
    # Bytes of GBK are hardly ever whole Chinese characters of UTF-8; the other way round they often are.
    if all(_reads(text, "utf-8") for text in texts) and any(_CHINESE.search(text.decode("utf-8", "ignore")) for text in texts):
        return "utf-8"
    preferred = "gb18030" if said in _GBK_NAMES or not said or language == _GBK_LANGUAGE_DRIVER else "utf-8"
    other = "utf-8" if preferred == "gb18030" else "gb18030"
    return min((preferred, other), key=lambda name: sum(not _reads(text, name) for text in texts))


def _reads(text: bytes, encoding: str) -> bool:
    """Whether the bytes are text in an encoding, but for one character cut off at the end."""
    try:
        text.decode(encoding)
    except UnicodeDecodeError as error:
        return len(text) - error.start <= 3 and error.reason.startswith(("unexpected end", "incomplete"))
    return True


def _broken(file: str) -> ImportRefused:
    return ImportRefused(N_("{file} 的属性表（.dbf）已损坏：请重新导出 Shapefile 后再导入。"), file=file)
