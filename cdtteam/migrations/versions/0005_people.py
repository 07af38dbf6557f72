"""Phones and organisations of members, guests, and how often teams and people changed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("member", sa.Column("phone", sa.String(), nullable=True))
    op.add_column("member", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("team", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("membership", sa.Column("organisation", sa.String(), nullable=True))
    op.add_column("membership", sa.Column("is_guest", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Back."""
    for table, column in (
        ("membership", "is_guest"),
        ("membership", "organisation"),
        ("team", "version"),
        ("member", "version"),
        ("member", "phone"),
    ):
        op.drop_column(table, column)
