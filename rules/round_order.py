"""A short open round through places whose distances are known: nearest neighbour, then 2-opt and Or-opt moves.

Source: Croes 1958 (2-opt), Or 1976 (pieces of up to three moved); candidate moves are those to near
places (Johnson and McGeoch 1997). Distances may differ by direction (one-way roads).
"""

from __future__ import annotations

import numpy as np

NEAR = 12
"""Places that a place may be joined to by a move: its nearest."""
LONGEST_PIECE = 3
_LEAST_GAIN = 1e-9
_MOST_ROUNDS = 200


def short_round(away: np.ndarray) -> np.ndarray:
    """The order in which to go, beginning with the first place and ending anywhere; the same input gives the same order.

    Args:
        away: (n, n) distances from the row's place to the column's, finite, not negative.

    Returns:
        Positions 0..n-1; none for no places.
    """
    if len(away) == 0:
        return np.empty(0, dtype="int64")
    way = _nearest_first(away)
    near = np.argsort(np.minimum(away, away.T) + np.diag(np.full(len(away), np.inf)), axis=1, kind="stable")[:, :NEAR].tolist()
    rows = away.tolist()
    for _ in range(_MOST_ROUNDS):
        way, turned = _with_pieces_turned(way, away, rows, near)
        way, moved = _with_pieces_moved(way, rows, near)
        if not turned and not moved:
            break
    return np.array(way, dtype="int64")


def _nearest_first(away: np.ndarray) -> list[int]:
    way, left = [0], np.ones(len(away), dtype=bool)
    left[0] = False
    for _ in range(len(away) - 1):
        following = int(np.argmin(np.where(left, away[way[-1]], np.inf)))
        way.append(following)
        left[following] = False
    return way


def _with_pieces_turned(way: list[int], away: np.ndarray, rows: list[list[float]], near: list[list[int]]) -> tuple[list[int], bool]:
    """2-opt: a piece is gone the other way round where that is shorter; the first place stays first."""
    n, gained = len(way), False
    place, there, back = _sums(way, away)
    for first in range(1, n - 1):
        before, head = way[first - 1], way[first]
        joins = {place[one] for one in near[before]} | {place[one] - 1 for one in near[head]} | {n - 1}
        best, gain = -1, _LEAST_GAIN
        for last in sorted(joins):
            if last <= first:
                continue
            tail = way[last]
            now = rows[before][head] + there[last] - there[first]
            then = rows[before][tail] + back[last] - back[first]
            if last < n - 1:
                now += rows[tail][way[last + 1]]
                then += rows[head][way[last + 1]]
            if now - then > gain:
                best, gain = last, now - then
        if best > 0:
            way[first : best + 1] = way[first : best + 1][::-1]
            place, there, back = _sums(way, away)
            gained = True
    return way, gained


def _sums(way: list[int], away: np.ndarray) -> tuple[list[int], list[float], list[float]]:
    """Where each place stands in the round, and the lengths gone so far along it and against it."""
    at = np.array(way)
    place = np.empty(len(way), dtype="int64")
    place[at] = np.arange(len(way))
    there = np.concatenate([[0.0], np.cumsum(away[at[:-1], at[1:]])])
    back = np.concatenate([[0.0], np.cumsum(away[at[1:], at[:-1]])])
    return place.tolist(), there.tolist(), back.tolist()


def _with_pieces_moved(way: list[int], rows: list[list[float]], near: list[list[int]]) -> tuple[list[int], bool]:
    """Or-opt: pieces of one to three places put where they lengthen the round least, either way round."""
    n, gained = len(way), False
    place = [0] * n
    for at, one in enumerate(way):
        place[one] = at
    for size in range(1, min(LONGEST_PIECE, n - 2) + 1):
        for first in range(1, n - size + 1):
            move = _best_move(way, place, first, size, rows, near)
            if move is None:
                continue
            after, turned = move
            piece = way[first : first + size]
            rest = way[:first] + way[first + size :]
            at = after if after < first else after - size
            way = rest[: at + 1] + (piece[::-1] if turned else piece) + rest[at + 1 :]
            for position in range(min(first, at), n):
                place[way[position]] = position
            gained = True
    return way, gained


def _best_move(way: list[int], place: list[int], first: int, size: int, rows: list[list[float]], near: list[list[int]]) -> tuple[int, bool] | None:
    """(position after which the piece goes, whether turned), or None where it stands best."""
    n, end = len(way), first + size
    before, head, tail = way[first - 1], way[first], way[end - 1]
    inside = sum(rows[way[k]][way[k + 1]] for k in range(first, end - 1))
    against = sum(rows[way[k + 1]][way[k]] for k in range(first, end - 1))
    saved = rows[before][head] + inside
    if end < n:
        saved += rows[tail][way[end]] - rows[before][way[end]]
    joins = {place[one] for one in near[head]} | {place[one] for one in near[tail]}
    joins |= {place[one] - 1 for one in near[head]} | {place[one] - 1 for one in near[tail]} | {n - 1}
    best, gain = None, _LEAST_GAIN
    for after in sorted(joins):
        if after < 0 or first - 1 <= after < end:
            continue
        left = way[after]
        onward = way[after + 1] if after + 1 < n else None
        closed = 0.0 if onward is None else rows[left][onward]
        straight = rows[left][head] + inside + (0.0 if onward is None else rows[tail][onward]) - closed
        turned = rows[left][tail] + against + (0.0 if onward is None else rows[head][onward]) - closed
        for cost, flip in ((straight, False), (turned, True)):
            if saved - cost > gain:
                best, gain = (after, flip), saved - cost
    return best
