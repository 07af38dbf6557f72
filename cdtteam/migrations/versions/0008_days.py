"""What each village's days add up to, of which figures of any period are made, and the households that were merged."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CIVIL_DAY = {
    "sqlite": "date(occurred_at, '+7 hours')",
    "postgresql": "(occurred_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date",
}


def upgrade() -> None:
    """Forward. Every day that has visits is marked: whoever first asks for it has it counted."""
    op.create_table(
        "village_day",
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("households_unnamed", sa.Integer(), nullable=False),
        sa.Column("households", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", "on", name="pk_village_day"),
    )
    merged = sa.text("merged_into_id IS NOT NULL")
    op.create_index(
        "ix_household_merged_into_id", "household", ["merged_into_id"], sqlite_where=merged, postgresql_where=merged
    )
    day = _CIVIL_DAY[op.get_context().dialect.name]
    op.execute(
        f'INSERT INTO stale_day (village_id, "on") SELECT DISTINCT village_id, {day} FROM visit '  # noqa: S608
        f"WHERE withdrawn_at IS NULL ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_household_merged_into_id", "household")
    op.drop_table("village_day")
