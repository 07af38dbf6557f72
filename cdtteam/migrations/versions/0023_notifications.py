"""Notifications, and what accounts want to be rung for."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WAITING = sa.text("rung_at IS NULL AND withdrawn_at IS NULL")
UNREAD = sa.text("collapse IS NOT NULL AND read_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("collapse", sa.String(), nullable=True),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["user_account.id"], name="fk_notification_account_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_notification_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
    )
    for columns in (["member_id", "made_at"], ["account_id", "made_at"], ["subject_id"], ["bundle_id"], ["made_at"]):
        op.create_index(f"ix_notification_{'_'.join(columns)}", "notification", columns)
    for column, where in (("due_at", WAITING), ("collapse", UNREAD)):
        name = f"ix_notification_{column}"
        op.create_index(name, "notification", [column], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "notify_preference",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("topics_off", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["user_account.id"], name="fk_notify_preference_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_notify_preference"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("notify_preference")
    op.drop_table("notification")
