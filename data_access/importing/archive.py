"""Looks into a zipped file without trusting it: sizes first, names never as paths."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

from data_access.importing.limits import MAX_UNPACKED_BYTES
from data_access.importing.problems import ImportRefused
from rules.language import N_

_UTF8_NAME = 0x800


def is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def names_in(data: bytes, file: str) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by readable name, folders and system leftovers left out.

    Names without the UTF-8 flag are read as GBK, as Chinese Windows writes them.

    Raises:
        ImportRefused: broken, encrypted, or larger unpacked than ``MAX_UNPACKED_BYTES``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise _broken(file) from error
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES or len(entries) > 10_000:
        raise ImportRefused(
            N_("{file} 解压后超过 {limit} MB：请分成几个文件导入。"), file=file, limit=MAX_UNPACKED_BYTES >> 20
        )
    found = {}
    for entry in entries:
        name = _readable(entry)
        if not entry.is_dir() and "__MACOSX" not in name and not PurePosixPath(name).name.startswith("."):
            found[name] = entry
    return found


def unpacked(data: bytes, entry: zipfile.ZipInfo, file: str) -> bytes:
    """The bytes of one entry; never more than it declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(entry) as stream:
            return stream.read(entry.file_size)
    except RuntimeError as error:
        raise ImportRefused(N_("{file} 有密码保护：请去掉密码后再导入。"), file=file) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise _broken(file) from error


def holds(data: bytes, wanted: Callable[[str], bool]) -> bool:
    """Whether an archive has an entry of such a name; False for what is no readable archive."""
    if not is_zip(data):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(wanted(_readable(entry)) for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return False


def _readable(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _broken(file: str) -> ImportRefused:
    return ImportRefused(N_("{file} 打不开，文件可能已损坏或没有下载完整：请重新另存后再导入。"), file=file)
