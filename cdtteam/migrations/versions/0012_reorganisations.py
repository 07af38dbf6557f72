"""Reorganisations: what changed the map, and which area stands in an ended one's place."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "reorganisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reorganisation"),
    )
    op.create_table(
        "reorganised_term",
        sa.Column("reorganisation_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"], ["reorganisation.id"], name="fk_reorganised_term_reorganisation_id"
        ),
        sa.PrimaryKeyConstraint("reorganisation_id", "area_id", "from_on", name="pk_reorganised_term"),
    )
    op.create_index("ix_reorganised_term_area_id", "reorganised_term", ["area_id"])
    with op.batch_alter_table("area_term") as terms:
        terms.add_column(sa.Column("successor_id", sa.Uuid(), nullable=True))
        terms.create_foreign_key("fk_area_term_successor_id", "area", ["successor_id"], ["id"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("area_term") as terms:
        terms.drop_constraint("fk_area_term_successor_id", type_="foreignkey")
        terms.drop_column("successor_id")
    op.drop_table("reorganised_term")
    op.drop_table("reorganisation")
