"""Campaigns, tasks, and what was said and done about them; visits are found by the task that they name."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ON_ITS_WAY = sa.text("delivered_at IS NULL AND withdrawn_at IS NULL")
_NAMES_ONE = sa.text("task_id IS NOT NULL")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        *_asked(),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("document_subject", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_campaign_area_id"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
    )
    op.create_index("ix_campaign_area_id", "campaign", ["area_id"])
    _make_tasks()
    op.create_table(
        "task_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("took_effect", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_task_change_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_task_change"),
    )
    op.create_index("ix_task_change_task_id", "task_change", ["task_id"])
    op.create_index("ix_visit_task_id", "visit", ["task_id"], sqlite_where=_NAMES_ONE, postgresql_where=_NAMES_ONE)


def _make_tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        *_asked(),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("household_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_task_campaign_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_task_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_task_team_id"),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_task_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index("ix_task_village_id", "task", ["village_id"])
    op.create_index("ix_task_campaign_id", "task", ["campaign_id"])
    op.create_index("ix_task_team_id", "task", ["team_id"], sqlite_where=_ON_ITS_WAY, postgresql_where=_ON_ITS_WAY)


def _asked() -> list[sa.Column[Any]]:
    return [
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("is_focus", sa.Boolean(), nullable=False),
    ]


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_visit_task_id", "visit")
    op.drop_table("task_change")
    op.drop_table("task")
    op.drop_table("campaign")
