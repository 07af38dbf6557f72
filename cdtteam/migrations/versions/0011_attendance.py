"""Attendance with the commune's rates for a day's work; who entered something for a team."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("on_raw", sa.Date(), nullable=True),
        sa.Column("member_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_attendance_author_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_attendance_team_id"),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_attendance_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
    )
    op.create_index("ix_attendance_team_id_on", "attendance", ["team_id", "on"])
    op.create_index("ix_attendance_village_id_on", "attendance", ["village_id", "on"])
    op.create_table(
        "attendance_rates",
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("team_rates", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_attendance_rates_area_id"),
        sa.PrimaryKeyConstraint("area_id", "period", "calendar", name="pk_attendance_rates"),
    )
    op.add_column("visit", sa.Column("entered_by", sa.Uuid(), nullable=True))
    op.add_column("nothing_report", sa.Column("entered_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("nothing_report", "entered_by")
    op.drop_column("visit", "entered_by")
    op.drop_table("attendance_rates")
    op.drop_table("attendance")
