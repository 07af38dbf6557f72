"""On which civil day each account's digest was thought of last."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "digest",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["user_account.id"], name="fk_digest_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_digest"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("digest")
