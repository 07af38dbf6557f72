"""Visits that an officer entered for a team are found without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ENTERED_FOR = sa.text("entered_by IS NOT NULL")


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_visit_team_id_occurred_at", "visit", ["team_id", "occurred_at"],
        sqlite_where=_ENTERED_FOR, postgresql_where=_ENTERED_FOR,
    )  # fmt: skip


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_visit_team_id_occurred_at", "visit")
