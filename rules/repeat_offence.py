"""Who must be handed to the police: counted per person, by the penalties of the health authority alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rules.event_line import NO_DAY, days_of
from rules.language import N_

BEFORE_THE_REGISTER = np.datetime64("1900-01-01", "D")
"""Stands for the unknown days of penalties of before the register: earlier than anything in it."""

COLUMNS = ("subject_id", "penalties", "last_penalty_on", "again_on", "transferred_on", "state", "reason", "ground")
READINGS = ("two_and_again", "second_penalty")
STATES = ("must_transfer", "transferred", "check_qualification", "check_ground", "watch", "")
TWICE, HARM, OTHER = "transfer.twice_penalised", "transfer.harm", "transfer.other_grounds"
QUALIFIED = ("physician", "assistant_physician", "village_doctor")
"""从医资格 with which nobody is 未取得医生执业资格的人 (法释〔2016〕27号 第一条)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason for which a person must be handed to the police.

    Attributes:
        rule_id: the rule that says so.
        name: Chinese source string.
        article: where it stands.
    """

    rule_id: str
    name: str
    article: str

    @property
    def is_counted(self) -> bool:
        """Whether it follows from the number of penalties."""
        return self.rule_id == TWICE


GROUNDS: dict[str, Ground] = {
    "harm": Ground(HARM, N_("致人死亡或残疾"), N_("法释〔2016〕27号 第二条（一）")),
    "epidemic": Ground(OTHER, N_("甲类传染病传播、流行或有其危险"), N_("法释〔2016〕27号 第二条（二）")),
    "goods": Ground(OTHER, N_("使用假药、劣药或不合标准的材料、器械"), N_("法释〔2016〕27号 第二条（三）")),
    "again": Ground(TWICE, N_("两次处罚后再次行医"), N_("法释〔2016〕27号 第二条（四）")),
    "serious": Ground(OTHER, N_("其他情节严重"), N_("法释〔2016〕27号 第二条（五）")),
    "second_penalty": Ground(TWICE, N_("受二次行政处罚"), N_("S4 第二篇 特色三")),
}
"""What binds, by code."""


def repeat_offenders(
    subjects: pd.DataFrame,
    penalties: pd.DataFrame,
    signs_of_life: pd.DataFrame,
    as_of: dt.date,
    reading: str = "two_and_again",
    *,
    limit: int = 2,
    grounds: pd.DataFrame | None = None,
    transfers: pd.DataFrame | None = None,
    systems: tuple[str, ...] = ("health",),
    kinds: tuple[str, ...] = ("unlicensed",),
) -> pd.DataFrame:
    """What each listed person is, on a day, under the rule of two penalties.

    Counted are the decisions of the health authority in cases of unlicensed practice, several rows
    of one case or document being one decision, and those of before the register. Under
    ``two_and_again`` whoever was penalised ``limit`` times and then seen practising (later than the
    day of the ``limit``-th penalty) must be transferred; under ``second_penalty`` the ``limit``-th
    penalty itself suffices. Who holds a doctor's qualification is not bound; of whom it is not
    known (or who holds another profession's) it must be checked first. A ground that needs no count
    (harm, counterfeit drugs...) binds at once; one on which the case officer has not decided
    (whether the goods 足以严重危害人体健康) must be judged first. What binds is done by a hand-over
    of its day or a later one; each ground is done for itself.

    Args:
        subjects: id, qualification (``vocabulary.QUALIFICATION``, missing: unknown), prior_penalties.
        penalties: subject_id, day, system of the deciding agency, case_kind, case_id, document.
        signs_of_life: subject_id, day: found practising (a confirmed finding, a relapse, a new case).
        as_of: the day asked about; later rows are not looked at.
        reading: one of ``READINGS``.
        limit: how many penalties.
        grounds: subject_id, day, ground (a code of ``GROUNDS``), settled (False: still to be judged),
            of what needs no count.
        transfers: subject_id, day, of hand-overs to the police.
        systems, kinds: whose decisions count, in cases of which kind.

    Returns:
        ``COLUMNS``, one row a subject in the order given: penalties (int64), days datetime64[s];
        again_on is the day that binds (the first sign of practice, the deciding penalty, the
        ground): the first that is not done, else the first, NaT where penalties of before the register
        decide, whose days nobody knows; ground its code of ``GROUNDS``; state
        one of ``STATES``; reason a code: the ground, one_more (watch: one step more would bind),
        qualified, unknown_qualification, open_ground, or empty.

    Raises:
        ValueError: another reading.

    Source: 法释〔2016〕27号 第二条; S4 第二篇 特色三 (second_penalty).
    """
    if reading not in READINGS:
        raise ValueError(f"reading: expected one of {READINGS}, found {reading!r}")
    day = np.datetime64(as_of, "D")
    ids = pd.Index(subjects["id"])
    prior = pd.to_numeric(subjects["prior_penalties"]).fillna(0).to_numpy("int64")
    owner, decided = _decisions(ids, penalties, day, systems, kinds)
    counts = prior + np.bincount(owner, minlength=len(ids))
    last = _extreme(len(ids), owner, decided, np.fmax)
    deciding = _deciding(len(ids), owner, decided, prior, limit)
    again = _first_after(ids, signs_of_life, day, deciding)
    enough = counts >= limit
    handed = _extreme(len(ids), *_owned(ids, transfers, day), np.fmax)
    counted_on = np.where(enough, again if reading == "two_and_again" else deciding, NO_DAY)
    facts = _facts(ids, grounds, day)
    dated = np.flatnonzero(~np.isnat(counted_on))
    settled = facts.where(facts.settled)
    owner, bound_on = np.concatenate([dated, settled.owner]), np.concatenate([counted_on[dated], settled.day])
    ground = np.concatenate([np.full(len(dated), "again" if reading == "two_and_again" else "second_penalty", dtype=object), settled.ground])
    # What is not handed over yet stands first, the earliest of it at the head.
    is_done = handed[owner] >= bound_on
    bound_on, why, done = _heads(len(ids), owner, (is_done, bound_on, ground), (bound_on, ground, is_done))
    bound = ~np.isnat(bound_on)
    unsure = facts.where(~facts.settled & ~(handed[facts.owner] >= facts.day))
    unsure_on, unsure_why = _heads(len(ids), unsure.owner, (unsure.day, unsure.ground), (unsure.day, unsure.ground))
    judged = ~np.isnat(unsure_on) & ~(bound & ~done)
    bound_on, why = np.where(judged, unsure_on, bound_on), np.where(judged, unsure_why, why)
    after = _first_after(ids, transfers, day, bound_on - np.timedelta64(1, "D"))
    qualification = subjects["qualification"].astype("object").where(subjects["qualification"].notna(), "unknown").to_numpy(object)
    qualified, unlicensed = np.isin(qualification.astype(str), QUALIFIED), qualification == "none"
    near = enough if reading == "two_and_again" else counts == limit - 1
    state = np.select(
        [(bound | judged) & qualified, judged, bound & done, bound & ~unlicensed, bound, near & ~qualified & (counts > 0)],
        ["", "check_ground", "transferred", "check_qualification", "must_transfer", "watch"],
        default="",
    )
    reason = np.select(
        [state == "watch", (bound | judged) & qualified, state == "check_qualification", state == "check_ground"],
        ["one_more", "qualified", "unknown_qualification", "open_ground"],
        default=why.astype(str),
    )
    return pd.DataFrame(
        {
            "subject_id": pd.array(subjects["id"].to_numpy(object), dtype="str"), "penalties": counts,
            "last_penalty_on": last.astype("datetime64[s]"), "again_on": np.where(bound_on == BEFORE_THE_REGISTER, NO_DAY, bound_on).astype("datetime64[s]"),
            "transferred_on": np.where(bound & done & ~judged, after, NO_DAY).astype("datetime64[s]"),
            "state": pd.Series(state.astype(object), dtype="str"), "reason": pd.Series(reason.astype(object), dtype="str"),
            "ground": pd.Series(why.astype(object), dtype="str"),
        },
        columns=list(COLUMNS),
    )  # fmt: skip


def differing(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The people of whom two readings say another thing: frame[subject_id, one, other] of their states.

    Args:
        one, other: answers of ``repeat_offenders`` about the same people.
    """
    both = one[["subject_id", "state"]].merge(other[["subject_id", "state"]], on="subject_id", suffixes=("_one", "_other"))
    found = both[both["state_one"] != both["state_other"]]
    return found.rename(columns={"state_one": "one", "state_other": "other"}).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What needs no count: owner (position), day, ground and whether it is settled, an entry each."""

    owner: np.ndarray
    day: np.ndarray
    ground: np.ndarray
    settled: np.ndarray

    def where(self, mask: np.ndarray) -> _Facts:
        return _Facts(self.owner[mask], self.day[mask], self.ground[mask], self.settled[mask])


def _facts(ids: pd.Index, grounds: pd.DataFrame | None, day: np.datetime64) -> _Facts:
    """What needs no count, up to the day."""
    if grounds is None or grounds.empty:
        return _Facts(np.empty(0, dtype="int64"), np.empty(0, dtype="datetime64[D]"), np.empty(0, dtype=object), np.empty(0, dtype=bool))
    made = _Facts(ids.get_indexer(pd.Index(grounds["subject_id"])), days_of(grounds["day"]), grounds["ground"].to_numpy(object), grounds["settled"].to_numpy(bool))
    return made.where((made.owner >= 0) & (made.day <= day))


def _heads(size: int, owner: np.ndarray, order: tuple[np.ndarray, ...], wanted: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    """Of each subject's entries the first in an order: NaT, False or an empty text where it has none."""
    keys = [np.unique(key.astype("U"), return_inverse=True)[1] if key.dtype == object else key for key in order]
    line = np.lexsort((*reversed(keys), owner))
    first = np.ones(len(line), dtype=bool)
    first[1:] = owner[line][1:] != owner[line][:-1]
    head = line[first]
    found = []
    for values in wanted:
        made = np.full(size, NO_DAY if values.dtype.kind == "M" else "" if values.dtype == object else False, dtype=values.dtype)
        made[owner[head]] = values[head]
        found.append(made)
    return found


def _owned(ids: pd.Index, rows: pd.DataFrame | None, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
    if rows is None or rows.empty:
        return np.empty(0, dtype="int64"), np.empty(0, dtype="datetime64[D]")
    owner, days = ids.get_indexer(pd.Index(rows["subject_id"])), days_of(rows["day"])
    kept = (owner >= 0) & (days <= day)
    return owner[kept], days[kept]


def _decisions(
    ids: pd.Index, penalties: pd.DataFrame, day: np.datetime64, systems: tuple[str, ...], kinds: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Owner and day of each decision that counts, in order of owner and day."""
    made_on, subjects = days_of(penalties["day"]), penalties["subject_id"].to_numpy(object)
    named = [penalties[name].to_numpy(object) for name in ("case_id", "document")]
    counts = penalties["system"].isin(systems).to_numpy(bool) & penalties["case_kind"].isin(kinds).to_numpy(bool) & (made_on <= day)
    first, seen = [], set()
    for row in np.argsort(made_on, kind="stable").tolist():
        decision = subjects[row], next((names[row] for names in named if not pd.isna(names[row])), row)
        if counts[row] and decision not in seen:
            seen.add(decision)
            first.append(row)
    owner, days = ids.get_indexer(pd.Index(subjects[first], dtype=object)), made_on[first]
    order = np.lexsort((days, owner))
    order = order[owner[order] >= 0]
    return owner[order], days[order]


def _deciding(size: int, owner: np.ndarray, days: np.ndarray, prior: np.ndarray, limit: int) -> np.ndarray:
    """The day of each subject's ``limit``-th penalty.

    Where those of before the register suffice it is the beginning of time for what follows them.
    """
    place = np.arange(len(owner)) - np.searchsorted(owner, owner, side="left") + 1 + prior[owner]
    made = np.full(size, NO_DAY)
    hit = place == limit
    made[owner[hit]] = days[hit]
    return np.where(prior >= limit, BEFORE_THE_REGISTER, made)


def _extreme(size: int, owner: np.ndarray, days: np.ndarray, choose: np.ufunc) -> np.ndarray:
    made = np.full(size, NO_DAY)
    choose.at(made, owner, days)
    return made


def _first_after(ids: pd.Index, rows: pd.DataFrame | None, day: np.datetime64, after: np.ndarray) -> np.ndarray:
    """The first day of each subject's rows that is later than a day of its own and not later than ``day``."""
    owner, days = _owned(ids, rows, day)
    later = days > after[owner]
    return _extreme(len(ids), owner[later], days[later], np.fmin)
