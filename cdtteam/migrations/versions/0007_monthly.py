"""Reports: drafts, closed editions, templates."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.Column("saved_by_name", sa.String(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_report_draft_area_id"),
        sa.ForeignKeyConstraint(["saved_by"], ["user_account.id"], name="fk_report_draft_saved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_report_draft"),
        sa.UniqueConstraint("area_id", "period", "calendar", name="uq_report_draft_area_id_period_calendar"),
    )
    op.create_table(
        "report_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_by_name", sa.String(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_report_edition_area_id"),
        sa.ForeignKeyConstraint(["closed_by"], ["user_account.id"], name="fk_report_edition_closed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_report_edition"),
        sa.UniqueConstraint(
            "area_id", "period", "calendar", "number", name="uq_report_edition_area_id_period_calendar_number"
        ),
    )
    op.create_table(
        "report_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by_name", sa.String(), nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_report_template_area_id"),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user_account.id"], name="fk_report_template_uploaded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_report_template"),
    )
    op.create_index("ix_report_template_area_id", "report_template", ["area_id"])


def downgrade() -> None:
    """Back."""
    for table in ("report_template", "report_edition", "report_draft"):
        op.drop_table(table)
