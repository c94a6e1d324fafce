"""What an account may import: registers of its own reach, and rows within it."""

from __future__ import annotations

import pandas as pd

from data_access.importing.kinds import Kind
from data_access.importing.places import CLAIMS
from data_access.importing.problems import Fault, Findings, ImportRefused, Term
from rules.language import N_
from rules.request import Scope

DISTRICT_ONLY = {"areas", "agencies", "population", "campaigns", "roads"}
"""Registers of the whole district: a narrowed account cannot import them."""
AGENCY_FIELDS = ("agency_code", "from_agency", "to_agency", "convener")
AGENCY_LISTS = ("joint_agencies", "support_agencies", "members", "invited", "present")


def refuse_narrow(kind: Kind, scope: Scope) -> None:
    """Refuse a register that a narrowed account cannot answer for.

    Raises:
        ImportRefused: it is the whole district's, or names no agency.
    """
    if scope.is_whole_district:
        return
    if kind.name in DISTRICT_ONLY:
        raise ImportRefused(N_("“{kind}”是全区的登记，不在你的权限范围内：请由区级账号导入。"), kind=Term(kind.label))
    fields = {column.field for column in kind.columns}
    if scope.agencies and not fields & {*AGENCY_FIELDS, *AGENCY_LISTS} and not any(column.type == "reference" for column in kind.columns):
        raise ImportRefused(N_("“{kind}”没有部门一列，部门账号不能导入：请由街镇或区级账号导入。"), kind=Term(kind.label))


def refuse_foreign(kind: Kind, values: pd.DataFrame, places: pd.DataFrame, scope: Scope, findings: Findings) -> None:
    """Refuse rows outside the person's scope, without saying what they hold."""
    if scope.is_whole_district:
        return
    mine = pd.Series(True, index=values.index)
    if scope.areas:
        own = [values[name].isin(scope.areas) for name in CLAIMS if name in values]
        inherited = [places[name].isin(scope.areas) for name in CLAIMS]
        blank = ~pd.concat([values[name].notna() for name in CLAIMS if name in values], axis=1).any(axis=1) if own else pd.Series(True, index=values.index)
        within_own = pd.concat(own, axis=1).any(axis=1) if own else pd.Series(False, index=values.index)
        mine &= within_own | (blank & pd.concat(inherited, axis=1).any(axis=1))
    if scope.agencies:
        named = [values[name].isin(scope.agencies) for name in AGENCY_FIELDS if name in values]
        named += [values[name].map(lambda codes: bool(set(codes or ()) & set(scope.agencies))) for name in AGENCY_LISTS if name in values]
        named += [values[column.field].notna() for column in kind.columns if column.type == "reference" and column.refers != "campaigns"]
        mine &= pd.concat(named, axis=1).any(axis=1) if named else False
    for row in values.index[~mine]:
        if row not in findings.faults:
            findings.refuse(row, "", Fault(N_("不在你的权限范围内"), N_("请由所属街镇或部门导入")))
