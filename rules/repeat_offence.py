"""Who must be handed to the police: counted per person, by the penalties of the health authority alone."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.event_line import NO_DAY, days_of

COLUMNS = ("subject_id", "penalties", "last_penalty_on", "again_on", "transferred_on", "state", "reason")
READINGS = ("two_and_again", "second_penalty")
STATES = ("must_transfer", "transferred", "check_qualification", "watch", "")
QUALIFIED = ("physician", "assistant_physician", "village_doctor")
"""从医资格 with which nobody is 未取得医生执业资格的人 (法释〔2016〕27号 第一条)."""


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
    (harm, counterfeit drugs...) binds at once. Who was handed over on or after that day is done.

    Args:
        subjects: id, qualification (``vocabulary.QUALIFICATION``, missing: unknown), prior_penalties.
        penalties: subject_id, day, system of the deciding agency, case_kind, case_id, document.
        signs_of_life: subject_id, day: found practising (a confirmed finding, a relapse, a new case).
        as_of: the day asked about; later rows are not looked at.
        reading: one of ``READINGS``.
        limit: how many penalties.
        grounds: subject_id, day, of what needs no count.
        transfers: subject_id, day, of hand-overs to the police.
        systems, kinds: whose decisions count, in cases of which kind.

    Returns:
        ``COLUMNS``, one row a subject in the order given: penalties (int64), days datetime64[s];
        again_on is the day that binds (the first sign of practice, the deciding penalty, the
        ground); state one of ``STATES``; reason a code: again, second_penalty, ground, one_more
        (watch: one step more would bind), qualified, unknown_qualification, or empty.

    Raises:
        ValueError: another reading.

    Source: 法释〔2016〕27号 第二条（四）; S4 第二篇 特色三 (second_penalty).
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
    bound_on = np.where(enough, again if reading == "two_and_again" else deciding, NO_DAY)
    why = np.where(np.isnat(bound_on), "", "again" if reading == "two_and_again" else "second_penalty").astype(object)
    grounded = _first(ids, grounds, day)
    sooner = ~np.isnat(grounded) & (np.isnat(bound_on) | (grounded <= bound_on))
    bound_on, why = np.where(sooner, grounded, bound_on), np.where(sooner, "ground", why)
    handed = _first_after(ids, transfers, day, bound_on - np.timedelta64(1, "D"))
    bound = ~np.isnat(bound_on)
    qualification = subjects["qualification"].astype("object").where(subjects["qualification"].notna(), "unknown").to_numpy(object)
    qualified, unlicensed = np.isin(qualification.astype(str), QUALIFIED), qualification == "none"
    near = enough if reading == "two_and_again" else counts == limit - 1
    state = np.select(
        [bound & ~np.isnat(handed), bound & qualified, bound & ~unlicensed, bound, near & ~qualified & (counts > 0)],
        ["transferred", "", "check_qualification", "must_transfer", "watch"],
        default="",
    )
    reason = np.select(
        [state == "watch", bound & qualified & (state == ""), state == "check_qualification"],
        ["one_more", "qualified", "unknown_qualification"],
        default=why.astype(str),
    )
    return pd.DataFrame(
        {
            "subject_id": subjects["id"].to_numpy(object), "penalties": counts,
            "last_penalty_on": last.astype("datetime64[s]"), "again_on": bound_on.astype("datetime64[s]"),
            "transferred_on": np.where(bound, handed, NO_DAY).astype("datetime64[s]"),
            "state": pd.Series(state.astype(object), dtype="str"), "reason": pd.Series(reason.astype(object), dtype="str"),
        },
        columns=list(COLUMNS),
    )  # fmt: skip


def _decisions(
    ids: pd.Index, penalties: pd.DataFrame, day: np.datetime64, systems: tuple[str, ...], kinds: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Owner and day of each decision that counts, in order of owner and day."""
    counted = penalties[penalties["system"].isin(systems) & penalties["case_kind"].isin(kinds) & (days_of(penalties["day"]) <= day)]
    alone = pd.Series([f"row {place}" for place in range(len(counted))], index=counted.index, dtype="object")
    decision = counted["case_id"].astype("object").fillna(counted["document"].astype("object")).fillna(alone)
    first = counted.assign(decision=decision).sort_values("day", kind="stable").drop_duplicates(["subject_id", "decision"])
    owner, days = ids.get_indexer(pd.Index(first["subject_id"])), days_of(first["day"])
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
    return np.where(prior >= limit, np.datetime64("1900-01-01", "D"), made)


def _extreme(size: int, owner: np.ndarray, days: np.ndarray, choose: np.ufunc) -> np.ndarray:
    made = np.full(size, NO_DAY)
    choose.at(made, owner, days)
    return made


def _first(ids: pd.Index, rows: pd.DataFrame | None, day: np.datetime64) -> np.ndarray:
    return _first_after(ids, rows, day, np.full(len(ids), np.datetime64("1800-01-01", "D")))


def _first_after(ids: pd.Index, rows: pd.DataFrame | None, day: np.datetime64, after: np.ndarray) -> np.ndarray:
    """The first day of each subject's rows that is later than a day of its own and not later than ``day``."""
    if rows is None or rows.empty:
        return np.full(len(ids), NO_DAY)
    owner, days = ids.get_indexer(pd.Index(rows["subject_id"])), days_of(rows["day"])
    kept = (owner >= 0) & (days <= day)
    owner, days = owner[kept], days[kept]
    later = days > after[owner]
    return _extreme(len(ids), owner[later], days[later], np.fmin)
