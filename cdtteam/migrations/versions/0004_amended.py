"""When a visit was last amended."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; what was amended so far is known from its history, in which a withdrawal holds no fields."""
    op.add_column("visit", sa.Column("amended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE visit SET amended_at = (SELECT max(change.at) FROM visit_change AS change "
        "WHERE change.visit_id = visit.id AND CAST(change.before AS text) <> '{}') "
        "WHERE id IN (SELECT visit_id FROM visit_change)"
    )


def downgrade() -> None:
    """Back."""
    op.drop_column("visit", "amended_at")
