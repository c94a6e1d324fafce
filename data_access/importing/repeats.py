"""Rows of one file that bear one key, or nearly one."""

from __future__ import annotations

import pandas as pd

from data_access.importing.cells import word_key
from data_access.importing.kinds import Kind
from data_access.importing.problems import Fault, Findings
from rules.language import N_


def refuse_repeated(kind: Kind, values: pd.DataFrame, findings: Findings) -> None:
    """Refuse rows of one file that bear the same key: all of them where they differ, else all but the first."""
    keys = [name for name in kind.key if name in values]
    if not keys:
        return
    _doubt_near_numbers(values, findings)
    whole = values[keys].notna().all(axis=1)
    repeated = values[whole & values.duplicated(keys, keep=False)]
    for _, rows in repeated.groupby(keys, sort=False):
        told = rows.drop(columns=[one for one in ("geometry", "label_lon", "label_lat") if one in rows]).map(str)
        alike = (told == told.iloc[0]).all(axis=None)
        for row in rows.index[1:] if alike else rows.index:
            twin = next(int(other) for other in rows.index if other != row)
            message = N_("与第 {twin} 行的编号相同，内容也相同") if alike else N_("与第 {twin} 行的编号相同，内容不同")
            findings.refuse(row, keys[0], Fault(message, N_("同一文件里每个编号只留一行"), {"twin": twin}))


def _doubt_near_numbers(values: pd.DataFrame, findings: Findings) -> None:
    """Ask about numbers that only width, spaces or case tell apart: most often one thing written twice."""
    if "number" not in values:
        return
    seen: dict[str, tuple[int, str]] = {}
    for row, number in values["number"].dropna().items():
        twin, written = seen.setdefault(word_key(number), (row, number))
        if written != number:
            findings.doubt(row, "number", Fault(N_("与第 {twin} 行的“{number}”只差全角半角、空格或大小写"), N_("请核对是不是同一编号"),
                                                {"twin": int(twin), "number": written}))
