"""The desk's word on visits, and what an officer looked at and left as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("visit", sa.Column("review", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("sign", sa.String(), nullable=False),
        sa.Column("subjects", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_review_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_village_id_decided_at", "review", ["village_id", "decided_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("review")
    op.drop_column("visit", "review")
