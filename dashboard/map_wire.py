"""Packs what the map needs into few bytes: one class byte and one number for each feature, in order.

A message is: the length of its head (4 bytes, little-endian), the head (UTF-8 JSON, padded with
spaces to a multiple of 4), then its arrays one after the other. The head names each array with its
type and length. Types: ``u8``; ``i16`` and ``u32`` as planes (all lowest bytes first), which gzip
packs better.
"""

from __future__ import annotations

import gzip
import hashlib

import numpy as np
import orjson
import pandas as pd

from layers import Layer

ABSENT = 255
"""Class byte of a feature that the answer does not hold."""
MISSING = -32768
"""Number of a feature without a value."""
TYPES = {"u8": "<u1", "i16": "<i2", "u32": "<u4"}


def message(head: dict[str, object], arrays: list[tuple[str, str, np.ndarray]]) -> bytes:
    """Pack a head and its named arrays: (name, type, numbers)."""
    parts, listed = [], []
    for name, kind, numbers in arrays:
        plain = np.ascontiguousarray(numbers, dtype=TYPES[kind])
        width = plain.dtype.itemsize
        planes = plain.view(np.uint8).reshape(-1, width).T if width > 1 else plain
        parts.append(np.ascontiguousarray(planes).tobytes())
        listed.append([name, kind, len(plain)])
    packed = orjson.dumps({**head, "arrays": listed})
    packed += b" " * (-len(packed) % 4)
    return b"".join([len(packed).to_bytes(4, "little"), packed, *parts])


def unpacked(body: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The head and the arrays of a message, by name."""
    length = int.from_bytes(body[:4], "little")
    head = orjson.loads(body[4 : 4 + length])
    arrays, at = {}, 4 + length
    for name, kind, count in head["arrays"]:
        width = np.dtype(TYPES[kind]).itemsize
        planes = np.frombuffer(body, np.uint8, count * width, at).reshape(width, count)
        arrays[name] = np.ascontiguousarray(planes.T).view(TYPES[kind]).reshape(count)
        at += count * width
    return head, arrays


def class_bytes(layer: Layer, frame: pd.DataFrame, ids: pd.Index) -> np.ndarray:
    """The place of each id's class in ``layer.classes``; ``ABSENT`` where the frame has no row."""
    codes = {one.key: number for number, one in enumerate(layer.classes)}
    found = np.full(len(ids), ABSENT, dtype=np.uint8)
    at = ids.get_indexer(pd.Index(frame["feature_id"]))
    numbers = frame["class"].map(codes).to_numpy()
    found[at[at >= 0]] = numbers[at >= 0]
    return found


def values(frame: pd.DataFrame, ids: pd.Index, scale: int = 1) -> np.ndarray:
    """The value of each id times ``scale``, rounded and held within 16 bits; ``MISSING`` where none."""
    found = np.full(len(ids), MISSING, dtype=np.int16)
    at = ids.get_indexer(pd.Index(frame["feature_id"]))
    plain = pd.to_numeric(frame["value"], errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    held = np.where(np.isnan(plain), MISSING, np.clip(np.rint(plain * scale), -32767, 32767))
    found[at[at >= 0]] = held[at >= 0].astype(np.int16)
    return found


def scale_of(layer: Layer) -> int:
    """A percentage keeps one decimal; days and counts are whole."""
    return 10 if layer.unit == "%" else 1


def packed(body: bytes) -> tuple[str, bytes]:
    """The ETag of a body, and the body gzipped."""
    return hashlib.blake2b(body, digest_size=9).hexdigest(), gzip.compress(body, 6, mtime=0)
