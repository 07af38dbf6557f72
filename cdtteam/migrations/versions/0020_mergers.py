"""What mergers of villages do to teams, and up to which day phones have been told what was laid on it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "merged_term",
        sa.Column("reorganisation_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["reorganisation_id"], ["reorganisation.id"], name="fk_merged_term_reorganisation_id"),
        sa.PrimaryKeyConstraint("reorganisation_id", "row_id", name="pk_merged_term"),
    )
    op.create_index("ix_merged_term_at", "merged_term", ["at"])
    told = op.create_table(
        "told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_told"),
    )
    op.execute(sa.insert(told).values(id=1, on=sa.func.current_date()))


def downgrade() -> None:
    """Back."""
    op.drop_table("told")
    op.drop_table("merged_term")
