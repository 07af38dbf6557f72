"""By which lists know households that refused to be named, without their names."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "refused_name",
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(16), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_refused_name_village_id"),
        sa.PrimaryKeyConstraint("village_id", "mark", name="pk_refused_name"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("refused_name")
