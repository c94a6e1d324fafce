"""Every table of the database; migrations must arrive at exactly this.

Rules that hold for every fact table (DESIGN 3 and 4):

* ``district_code`` is the first column of the primary key and of every unique key, so that the
  tables can be distributed by district; identifiers are UUIDv7 made by the application.
* ``id`` is the thing (a site, a case); ``row_id`` is one version of what was written about it.
  A change or an undo never overwrites: the old version gets ``superseded_at``, a new one is added.
  A row was known at instant k when ``recorded_at <= k`` and (``superseded_at`` is null or > k).
* ``day`` is the day of the fact; ``recorded_at`` is when this database took it.
* References between facts go by the thing's ``id``; to areas and agencies by their ``code``.
* One version of a key (``number`` within its source) is current; an empty number is no key.
* A located row carries the street, neighbourhood and grid it fell in on entry;
  ``located`` says how: ``point`` (coordinates fell in), ``area`` (only an area was given),
  ``outside`` (coordinates in no area: 未落入网格), and nothing is dropped.
"""

from __future__ import annotations

from data_access.schema.enforcement import (
    adverse_event,
    case,
    case_event,
    lead,
    penalty,
    seizure,
    transfer,
)
from data_access.schema.facts import FACTS, LOCATED, metadata
from data_access.schema.meetings import (
    activity,
    activity_agency,
    campaign,
    campaign_milestone,
    campaign_target,
    decision,
    liaison,
    meeting,
    paper,
    snapshot,
)
from data_access.schema.patrols import (
    assignment,
    handover,
    patrol_visit,
    task_list,
    task_target,
    team,
    visit_form,
    visit_photo,
)
from data_access.schema.places import agency, area, area_population, road
from data_access.schema.records import (
    audit_event,
    data_version,
    grant,
    import_batch,
    refused_row,
    setting,
    source,
    user,
)
from data_access.schema.rulebook import adoption, calendar_day, rule_version, score_entry
from data_access.schema.sites import (
    construction_site,
    institution_check,
    licensed_institution,
    list_check,
    rented_premises,
    site,
    site_event,
    subject,
)

__all__ = [
    "FACTS",
    "GROUP_OF",
    "LOCATED",
    "PERSONAL",
    "activity",
    "activity_agency",
    "adoption",
    "adverse_event",
    "agency",
    "area",
    "area_population",
    "assignment",
    "audit_event",
    "calendar_day",
    "campaign",
    "campaign_milestone",
    "campaign_target",
    "case",
    "case_event",
    "construction_site",
    "data_version",
    "decision",
    "grant",
    "handover",
    "import_batch",
    "institution_check",
    "lead",
    "liaison",
    "licensed_institution",
    "list_check",
    "meeting",
    "metadata",
    "paper",
    "patrol_visit",
    "penalty",
    "refused_row",
    "rented_premises",
    "road",
    "rule_version",
    "score_entry",
    "seizure",
    "setting",
    "site",
    "site_event",
    "snapshot",
    "source",
    "subject",
    "task_list",
    "task_target",
    "team",
    "transfer",
    "user",
    "visit_form",
    "visit_photo",
]  # fmt: skip

GROUP_OF: dict[str, str] = {
    "area": "area", "area_population": "area", "agency": "agency",
    "subject": "site", "list_check": "site", "site": "site", "site_event": "site",
    "rented_premises": "site", "licensed_institution": "site", "institution_check": "site",
    "lead": "lead", "case": "case", "case_event": "case", "penalty": "case", "seizure": "case",
    "transfer": "transfer", "construction_site": "construction",
    "patrol_visit": "visit", "task_list": "task", "task_target": "task",
    "activity": "activity", "activity_agency": "activity",
    "campaign": "campaign", "campaign_milestone": "campaign", "campaign_target": "campaign",
    "meeting": "meeting", "decision": "meeting", "adverse_event": "adverse", "score_entry": "adverse",
    "rule_version": "rule", "adoption": "rule", "calendar_day": "rule",
    "visit_form": "visit", "visit_photo": "visit",
    "team": "assignment", "assignment": "assignment", "handover": "assignment", "road": "road",
    "liaison": "meeting", "snapshot": "meeting", "paper": "meeting",
    "setting": "setting", "import_batch": "source", "source": "source",
}  # fmt: skip
"""The version group whose counter rises when a table changes."""

PERSONAL = {
    (table.name, column.name)
    for table in metadata.tables.values()
    for column in table.columns
    if (column.comment or "").startswith("personal")
}
"""(table, column) pairs that leave a query masked unless the scope says otherwise."""
