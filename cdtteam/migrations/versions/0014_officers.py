"""Which officer corrected a visit at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("visit_change", sa.Column("entered_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("visit_change", "entered_by")
