"""For which ended villages one stands in is asked for every list of a coordinator."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index("ix_area_term_successor_id", "area_term", ["successor_id"])


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_area_term_successor_id", "area_term")
