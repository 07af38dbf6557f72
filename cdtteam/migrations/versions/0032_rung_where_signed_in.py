"""Through which sign-in a browser asked to be rung."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("push_subscription", sa.Column("sign_in_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("push_subscription", "sign_in_id")
