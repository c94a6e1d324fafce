"""Who should lead and who should help at a hot spot, from the kind of evidence found there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.joining import clauses
from rules.language import N_, Translate

HALF, PART = 0.5, 0.2
"""Shares of the matters from which a kind of evidence decides who leads, and who helps. This system's own choice."""

MARKET_PREMISES = ("beauty", "pharmacy", "wellness", "hotel")
RENTED = ("rental", "residence")
OUTDOORS = ("stall", "shopfront", "market")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found at a hot spot.

    Attributes:
        kind: ``cluster`` or ``under_patrolled``.
        matters: how many events.
        premises, category: events by code of ``vocabulary.PREMISES`` and ``vocabulary.CATEGORY``.
        construction_sites: 处, under way there.
        must_transfer, watch: persons practising again after two penalties, and persons with two.
        overdue_grids: grids not visited within their cycle.
    """

    kind: str
    matters: int
    premises: Mapping[str, int] = field(default_factory=dict)
    category: Mapping[str, int] = field(default_factory=dict)
    construction_sites: int = 0
    must_transfer: int = 0
    watch: int = 0
    overdue_grids: int = 0


Reason = tuple[str, str, dict[str, object]]
"""System (``vocabulary.AGENCY_SYSTEM``), source string, values of its placeholders."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that people decide on.

    Attributes:
        lead: system of the leading agency.
        support: systems that help, the most needed first.
        reasons: one a system, the lead's first.
    """

    lead: str
    support: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def sentence(self, t: Translate) -> str:
        """Why these agencies: one clause each."""
        said = [t(text, **{name: t(value) if isinstance(value, str) else value for name, value in values.items()}) for _, text, values in self.reasons]
        return clauses(said)


def propose(evidence: Evidence) -> Proposal:
    """The agencies that the kind of evidence calls for.

    Unlicensed practice is the health authority's; where at least half of the matters are at
    premises that market supervision licenses (beauty salons, pharmacies, wellness, hotels), it
    leads. An under-patrolled place is first of all the street's to patrol. The street always
    takes part (属地管理); police where somebody must be handed over or watched; housing and
    construction where rentals or building sites are part of it; urban management where stalls
    and shopfronts are. Source: DOMAIN 6 (S1, S3, S4: 部门职责); the shares are this system's own.
    """
    there = _Counted(evidence)
    market, rented, outdoors = there.of(MARKET_PREMISES), there.of(RENTED), there.of(OUTDOORS)
    building = there.of(("construction",))
    market_case = max(market, evidence.category.get("drug_sale", 0) + evidence.category.get("cosmetic", 0))
    found: dict[str, tuple[str, dict[str, object]]] = {}
    if evidence.kind == "under_patrolled":
        lead = "street"
        found["street"] = N_("巡查由街镇属地负责，先补巡"), {}
        found["health"] = N_("卫生监督指导排查并接手发现的线索"), {}
    elif evidence.matters and market >= HALF * evidence.matters:
        lead = "market"
        found["market"] = N_("{n} 件中 {part} 件在美容、药店、养生、宾馆等市场监管的场所，由市场监管牵头"), there.said(market)
        found["health"] = N_("诊疗行为由卫生监督认定和处罚"), {}
    else:
        lead = "health"
        found["health"] = N_("无证行医由卫生监督查处"), {}
    if evidence.must_transfer:
        found["police"] = N_("{n} 人涉嫌犯罪，应移送公安"), {"n": evidence.must_transfer}
    elif evidence.watch:
        found["police"] = N_("{n} 人已受两次处罚，请公安协助盯防"), {"n": evidence.watch}
    found.setdefault("street", (N_("属地街镇配合巡查和稳控"), {}))
    if there.is_part(rented):
        found["housing"] = N_("{part} 件在出租房屋或住宅，核查租赁备案"), there.said(rented)
    elif there.is_part(building) or evidence.construction_sites:
        found["housing"] = N_("片区有在建工地 {sites} 处，请建管走访"), {"sites": evidence.construction_sites}
    if "market" not in found and there.is_part(market_case):
        found["market"] = N_("{part} 件涉及医疗美容、药品或其经营场所"), there.said(market_case)
    if there.is_part(outdoors):
        found["urban"] = N_("{part} 件在沿街、市场或摊点，请城管配合"), there.said(outdoors)
    reasons = tuple((system, text, values) for system, (text, values) in found.items())
    return Proposal(lead, tuple(system for system in found if system != lead), reasons)


class _Counted:
    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def of(self, premises: tuple[str, ...]) -> int:
        return sum(self.evidence.premises.get(one, 0) for one in premises)

    def is_part(self, number: int) -> bool:
        return number > 0 and number >= PART * self.evidence.matters

    def said(self, number: int) -> dict[str, object]:
        return {"n": self.evidence.matters, "part": number}
