"""What officers decide about households at the desk: mergers, withdrawals, erasures, and who moved one."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("household_move", sa.Column("moved_by", sa.Uuid(), nullable=True))
    op.create_table(
        "household_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("into_id", sa.Uuid(), nullable=True),
        sa.Column("into_version", sa.BigInteger(), nullable=True),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_household_decision_household_id"),
        sa.ForeignKeyConstraint(["into_id"], ["household.id"], name="fk_household_decision_into_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household_decision"),
    )
    op.create_index("ix_household_decision_household_id", "household_decision", ["household_id"])
    op.create_index("ix_household_decision_into_id", "household_decision", ["into_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("household_decision")
    op.drop_column("household_move", "moved_by")
