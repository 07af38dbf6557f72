"""The time series and the stamp of a summary, the list of ranges that are kept, and tokens that read figures."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Summaries are derived: those of the old form are dropped and made again."""
    op.execute("DELETE FROM village_summary")
    with op.batch_alter_table("village_summary") as table:
        table.add_column(sa.Column("series", sa.JSON(), nullable=False))
        table.add_column(sa.Column("stamp", sa.BigInteger(), nullable=False))
    op.create_index("ix_village_summary_village_id", "village_summary", ["village_id"])
    op.create_table(
        "summary_range",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("from_on", "to_on", name="pk_summary_range"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_api_token_area_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("api_token")
    op.drop_table("summary_range")
    op.drop_index("ix_village_summary_village_id", "village_summary")
    with op.batch_alter_table("village_summary") as table:
        table.drop_column("series")
        table.drop_column("stamp")
