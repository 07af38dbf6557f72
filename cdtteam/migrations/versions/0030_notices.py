"""What officers wrote to teams, and for which teams."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_notice_area_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_made_at", "notice", ["made_at"])
    op.create_table(
        "notice_team",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notice_team_notice_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_notice_team_team_id"),
        sa.PrimaryKeyConstraint("notice_id", "team_id", name="pk_notice_team"),
    )
    op.create_index("ix_notice_team_team_id", "notice_team", ["team_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("notice_team")
    op.drop_table("notice")
