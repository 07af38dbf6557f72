"""The communes' numbers for residents, and whom the public pages leave out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "commune_contact",
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_commune_contact_area_id"),
        sa.PrimaryKeyConstraint("area_id", name="pk_commune_contact"),
    )
    op.create_table(
        "hidden_name",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_hidden_name_member_id"),
        sa.PrimaryKeyConstraint("member_id", name="pk_hidden_name"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("hidden_name")
    op.drop_table("commune_contact")
