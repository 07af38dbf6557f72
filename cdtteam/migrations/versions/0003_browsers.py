"""By what secret the browser of a sign-in is known again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("sign_in", sa.Column("browser_digest", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("sign_in", "browser_digest")
