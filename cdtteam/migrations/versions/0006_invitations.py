"""Invitations and their redemptions; forms that took effect."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "submitted_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("led_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submitted_form"),
    )
    op.create_index("ix_submitted_form_at", "submitted_form", ["at"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_invitation_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("digest", name="uq_invitation_digest"),
        sa.UniqueConstraint("code_digest", name="uq_invitation_code_digest"),
    )
    op.create_index("ix_invitation_user_id", "invitation", ["user_id"])
    op.create_table(
        "redemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.Column("browser_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name="fk_redemption_invitation_id"),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_in.id"], name="fk_redemption_sign_in_id"),
        sa.PrimaryKeyConstraint("id", name="pk_redemption"),
    )
    op.create_index("ix_redemption_invitation_id", "redemption", ["invitation_id"])


def downgrade() -> None:
    """Back."""
    for table in ("redemption", "invitation", "submitted_form"):
        op.drop_table(table)
