"""Which officer corrected a household at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("household_change", sa.Column("officer_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("household_change", "officer_id")
