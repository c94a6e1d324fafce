"""What a record made on the spot tells: whether one got in, whether it is shut, how the position was taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_VISIT = {
    "access": sa.Boolean(), "seen_closed": sa.Boolean(), "position": sa.String(8), "accuracy_m": sa.Float(), "off_m": sa.Float(),
}
_PHOTO = {"off_m": sa.Float(), "taken_on": sa.Date()}


def upgrade() -> None:
    for table, columns in (("patrol_visit", _VISIT), ("visit_photo", _PHOTO)):
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
