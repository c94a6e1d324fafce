"""How long the duties of a whole city take: 11,500 grids, 16,000 sites, 620,000 visits of a year.

Run ``python -m benchmarks.obligations``; the budget is one second (issue: "City size").
"""

from __future__ import annotations

import datetime as dt
import statistics
import time

import numpy as np
import pandas as pd

from rules.obligations import Evidence, obligations
from rules.rulebook import whole_rulebook

GRIDS, SITES, CONSTRUCTION, PEOPLE, LEADS, VISITS, STREETS = 11_500, 16_000, 5_400, 16_000, 12_000, 620_000, 234
BUDGET_SECONDS = 1.0
TODAY = dt.date(2023, 7, 31)
RUNS = 5


def made_city(seed: int = 1) -> Evidence:
    """A city's evidence, drawn at random in the proportions of DESIGN 7."""
    random = np.random.default_rng(seed)
    grids = np.array([f"G-{place:05d}" for place in range(GRIDS)], dtype=object)
    street_of = np.array([f"S{place:03d}" for place in random.integers(0, STREETS, GRIDS)], dtype=object)

    def things(prefix: str, count: int) -> pd.DataFrame:
        at = random.integers(0, GRIDS, count)
        ids = np.array([f"{prefix}-0000-7000-8000-{place:012d}" for place in range(count)], dtype=object)
        return pd.DataFrame(
            {
                "id": ids, "label": ids, "grid_code": grids[at], "street_code": street_of[at],
                "neighbourhood_code": grids[at], "lon": random.uniform(120.9, 122, count), "lat": random.uniform(30.7, 31.8, count), "located": "point",
            }
        ).astype(dict.fromkeys(("id", "label", "grid_code", "street_code", "neighbourhood_code", "located"), "str"))  # fmt: skip

    def drawn(choices: list[str], count: int, p: list[float] | None = None) -> pd.Series:
        return pd.Series(random.choice(np.array(choices, dtype=object), count, p=p), dtype="str")

    def on(count: int, back: int = 700) -> pd.Series:
        return pd.Series((np.datetime64(TODAY, "D") - random.integers(0, back, count)).astype("datetime64[s]"))

    sites, work = things("site", SITES), things("work", CONSTRUCTION)
    people, leads = things("person", PEOPLE), things("lead", LEADS)
    status = drawn(["closed", "self_closed", "active", "cleared"], SITES, [0.6, 0.25, 0.1, 0.05])
    sites = sites.assign(
        status=status, status_since=on(SITES), risk=drawn(["high", "mid", "low", "ungraded"], SITES), began_on=on(SITES, 2000), last_event_on=on(SITES),
        penalised_on=on(SITES).where(pd.Series(random.random(SITES) < 0.2)), handled_on=on(SITES), category=drawn(["infusion", "dental"], SITES), premises="rental", penalties=1,
    )  # fmt: skip
    nothing = pd.Series(np.full(LEADS, "NaT", dtype="datetime64[s]"))
    targets = pd.concat([sites["id"], work["id"], people["id"]], ignore_index=True).to_numpy(object)
    of_grid = random.random(VISITS) < 0.55
    visits = pd.DataFrame(
        {
            "id": np.char.add("visit-0000-7000-8000-", np.char.zfill(np.arange(VISITS).astype(str), 12)).astype(object),
            "day": on(VISITS, 365), "grid_code": grids[random.integers(0, GRIDS, VISITS)],
            "target_id": np.where(of_grid, None, targets[random.integers(0, len(targets), VISITS)]),
            "mode": random.choice(np.array(["patrol", "revisit", "inspection"], dtype=object), VISITS),
        }
    ).astype({"id": "str", "grid_code": "str", "target_id": "str", "mode": "str"})  # fmt: skip
    return Evidence(
        visits=visits,
        grids=pd.DataFrame({"id": grids, "label": grids, "grid_code": grids, "street_code": street_of, "priority": False}).astype({"id": "str", "street_code": "str"}),
        sites=sites,
        construction=work.assign(phase=drawn(["structure", "fitting", "stopped"], CONSTRUCTION), workers=80, started_on=on(CONSTRUCTION)),
        subjects=people.assign(grade=drawn(["high", "mid", "low"], PEOPLE), listed_on=on(PEOPLE), field_checked_on=on(PEOPLE), closed_on=on(PEOPLE)),
        leads=leads.assign(
            day=on(LEADS, 90), source=drawn(["hotline_12345", "patrol"], LEADS), due_on=nothing, contacted_on=nothing, checked_on=nothing,
            feedback_on=nothing, street_notified_on=nothing, result="pending",
        ),
    )  # fmt: skip


def main() -> None:
    city, book = made_city(), whole_rulebook()
    seconds, processor = [], []
    for _ in range(RUNS):
        begun, worked = time.perf_counter(), time.process_time()
        found = obligations(city, book, TODAY)
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - worked)
    print(
        f"{len(city.visits):,} visits, {len(found):,} duties: median {statistics.median(seconds):.2f} s "
        f"({statistics.median(processor):.2f} s of the processor), best {min(seconds):.2f} s; budget {BUDGET_SECONDS} s"
    )


if __name__ == "__main__":
    main()
