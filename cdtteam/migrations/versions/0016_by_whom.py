"""Which accounts applied a reorganisation and took it back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("reorganisation", sa.Column("applied_by", sa.Uuid(), nullable=True))
    op.add_column("reorganisation", sa.Column("undone_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("reorganisation", "undone_by")
    op.drop_column("reorganisation", "applied_by")
