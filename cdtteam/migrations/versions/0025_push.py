"""Keys of Web Push, and the browsers that may be rung."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "vapid_key",
        sa.Column("public", sa.String(), nullable=False),
        sa.Column("private", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("public", name="pk_vapid_key"),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("p256dh", sa.String(), nullable=False),
        sa.Column("auth", sa.String(), nullable=False),
        sa.Column("vapid_key", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["user_account.id"], name="fk_push_subscription_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscription"),
    )
    op.create_index("ix_push_subscription_account_id", "push_subscription", ["account_id"])
    living = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_push_subscription_living", "push_subscription", ["digest"], unique=True,
        sqlite_where=living, postgresql_where=living,
    )  # fmt: skip


def downgrade() -> None:
    """Back."""
    op.drop_table("push_subscription")
    op.drop_table("vapid_key")
