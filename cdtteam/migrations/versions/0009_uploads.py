"""Uploaded lists, and what was made from them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("header", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("applied_at", INSTANT, nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["area.id"], name="fk_upload_commune_id"),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
    )
    op.create_index("ix_upload_commune_id_uploaded_at", "upload", ["commune_id", "uploaded_at"])
    op.create_index("ix_upload_uploaded_at", "upload", ["uploaded_at"])
    op.create_table(
        "upload_made",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=True),
        sa.Column("kept", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name="fk_upload_made_upload_id"),
        sa.PrimaryKeyConstraint("upload_id", "row_id", name="pk_upload_made"),
    )
    op.create_index("ix_upload_made_row_id", "upload_made", ["row_id"])
    op.create_index("ix_upload_made_mark", "upload_made", ["mark"])


def downgrade() -> None:
    """Back."""
    for table in ("upload_made", "upload"):
        op.drop_table(table)
