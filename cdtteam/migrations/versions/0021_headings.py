"""Sheets of a list that are not looked at, and what a commune's headings hold."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("upload", sa.Column("others", sa.LargeBinary(), nullable=True))
    op.create_table(
        "upload_heading",
        sa.Column("commune_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["area.id"], name="fk_upload_heading_commune_id"),
        sa.PrimaryKeyConstraint("commune_id", "mark", name="pk_upload_heading"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("upload_heading")
    op.drop_column("upload", "others")
