"""All that cannot be had later: areas, people, visits, the village log, the ledger; and the starting catalogues."""

import csv
from datetime import UTC, datetime
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from cdtteam.core.ids import new_id

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "id": sa.Uuid(),
    "village_id": sa.Uuid(),
    "row_id": sa.Uuid(),
    "started_at": sa.DateTime(timezone=True),
}
STARTING_FOCUS = ("dvc_online", "vneid_level2", "online_safety")


def upgrade() -> None:
    """Forward."""
    _make_tables()
    _begin_history()


def downgrade() -> None:
    """Back to an empty database."""
    op.drop_table("visit_change")
    op.drop_table("visit")
    op.drop_table("team_village")
    op.drop_table("team_day")
    op.drop_table("sign_in")
    op.drop_table("nothing_report")
    op.drop_table("membership")
    op.drop_table("household_move")
    op.drop_table("household_change")
    op.drop_table("village_log")
    op.drop_table("user_account")
    op.drop_table("team")
    op.drop_table("household")
    op.drop_table("device_contact")
    op.drop_table("area_term")
    op.drop_table("village_summary")
    op.drop_table("village_counter")
    op.drop_table("stale_day")
    op.drop_table("sign_in_try")
    op.drop_table("setting")
    op.drop_table("service")
    op.drop_table("quarantine")
    op.drop_table("member")
    op.drop_table("ledger")
    op.drop_table("indicator")
    op.drop_table("epoch")
    op.drop_table("device")
    op.drop_table("area")


def _begin_history() -> None:
    """The first epoch, and the catalogues with their log."""
    stamp = datetime.now(UTC)
    _insert("epoch", [{"id": uuid4(), "started_at": stamp}])
    services = [
        {**row, "id": new_id(), "position": place, "is_focus": row["code"] in STARTING_FOCUS, "is_active": True}
        for place, row in enumerate(_rows("services.csv"))
    ]
    indicators = [
        {**row, "id": new_id(), "position": place, "is_active": True}
        for place, row in enumerate(_rows("indicators.csv"))
    ]
    entries = [("service", row) for row in services] + [("indicator", row) for row in indicators]
    for version, (_, row) in enumerate(entries, 1):
        row["version"] = version
    _insert("service", services)
    _insert("indicator", indicators)
    catalogue = UUID(int=0)
    _insert("village_counter", [{"village_id": catalogue, "version": len(entries)}])
    _insert(
        "village_log",
        [
            {"village_id": catalogue, "version": row["version"], "kind": kind, "row_id": row["id"]}
            for kind, row in entries
        ],
    )


def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    columns = [sa.column(name, _TYPES.get(name)) for name in rows[0]]
    op.bulk_insert(sa.table(table, *columns), rows)


def _rows(name: str) -> list[dict[str, Any]]:
    text = (resources.files("cdtteam.support") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _make_tables() -> None:
    op.create_table(
        "area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_area"),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=True),
        sa.Column("app_version", sa.String(), nullable=False),
        sa.Column("clock_error_ms", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
    )
    op.create_table(
        "epoch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_epoch"),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_indicator"),
        sa.UniqueConstraint("code", name="uq_indicator_code"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )
    op.create_table(
        "quarantine",
        sa.Column("mutation_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("mutation_id", "digest", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_member_id", "quarantine", ["member_id"])

    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("pillar", sa.String(), nullable=False),
        sa.Column("national_item", sa.String(), nullable=False),
        sa.Column("short_vi", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_focus", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service"),
        sa.UniqueConstraint("code", name="uq_service_code"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_try"),
    )
    op.create_index("ix_sign_in_try_at", "sign_in_try", ["at"])
    op.create_index("ix_sign_in_try_key_at", "sign_in_try", ["key", "at"])

    op.create_table(
        "stale_day",
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", "on", name="pk_stale_day"),
    )
    op.create_index("ix_stale_day_on", "stale_day", ["on"])

    op.create_table(
        "village_counter",
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", name="pk_village_counter"),
    )
    op.create_table(
        "village_summary",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("households_unnamed", sa.Integer(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("from_on", "to_on", "village_id", name="pk_village_summary"),
    )
    op.create_table(
        "area_term",
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR from_on < until_on", name="ck_area_term_dates"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_area_term_area_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name="fk_area_term_parent_id"),
        sa.PrimaryKeyConstraint("area_id", "from_on", name="pk_area_term"),
    )
    op.create_index("ix_area_term_code", "area_term", ["code"])
    op.create_index("ix_area_term_parent_id", "area_term", ["parent_id"])

    op.create_table(
        "device_contact",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_device_contact_device_id"),
        sa.PrimaryKeyConstraint("device_id", "member_id", "on", name="pk_device_contact"),
    )
    op.create_index("ix_device_contact_member_id_on", "device_contact", ["member_id", "on"])

    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("head_name", sa.String(), nullable=False),
        sa.Column("hamlet", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("consents", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_version", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_moved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_household_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household"),
    )
    op.create_index("ix_household_village_id", "household", ["village_id"])

    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("home_village_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR started_at <= ended_at", name="ck_team_dates"),
        sa.ForeignKeyConstraint(["home_village_id"], ["area.id"], name="fk_team_home_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
    )
    op.create_index("ix_team_home_village_id", "team", ["home_village_id"])

    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_user_account_area_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_user_account_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("handle", name="uq_user_account_handle"),
        sa.UniqueConstraint("member_id", name="uq_user_account_member_id"),
    )
    op.create_table(
        "village_log",
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("gone", sa.String(), nullable=True),
        sa.Column("into_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["village_id"], ["village_counter.village_id"], name="fk_village_log_village_id"),
        sa.PrimaryKeyConstraint("village_id", "version", name="pk_village_log"),
    )
    op.create_table(
        "household_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_household_change_household_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household_change"),
    )
    op.create_index("ix_household_change_household_id", "household_change", ["household_id"])

    op.create_table(
        "household_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("from_village_id", sa.Uuid(), nullable=False),
        sa.Column("to_village_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_village_id"], ["area.id"], name="fk_household_move_from_village_id"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_household_move_household_id"),
        sa.ForeignKeyConstraint(["to_village_id"], ["area.id"], name="fk_household_move_to_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household_move"),
    )
    op.create_index("ix_household_move_household_id_moved_at", "household_move", ["household_id", "moved_at"])

    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR started_at <= ended_at", name="ck_membership_dates"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_membership_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_membership_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
    )
    op.create_index("ix_membership_member_id", "membership", ["member_id"])
    op.create_index("ix_membership_team_id", "membership", ["team_id"])

    op.create_table(
        "nothing_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_nothing_report_team_id"),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_nothing_report_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_nothing_report"),
        sa.UniqueConstraint("team_id", "village_id", "period", name="uq_nothing_report_team_id_village_id_period"),
    )
    op.create_index("ix_nothing_report_from_on_to_on", "nothing_report", ["from_on", "to_on"])

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_sign_in_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_user_id", "sign_in", ["user_id"])

    op.create_table(
        "team_day",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_day_team_id"),
        sa.PrimaryKeyConstraint("team_id", "on", name="pk_team_day"),
    )
    op.create_table(
        "team_village",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR started_at <= ended_at", name="ck_team_village_dates"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_village_team_id"),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_team_village_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_team_village"),
    )
    op.create_index("ix_team_village_team_id", "team_village", ["team_id"])
    op.create_index("ix_team_village_village_id", "team_village", ["village_id"])

    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_raw_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_raw_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_uncertain", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("member_ids", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("photo_ids", sa.JSON(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_visit_author_id"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_visit_household_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_visit_team_id"),
        sa.ForeignKeyConstraint(["village_id"], ["area.id"], name="fk_visit_village_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
    )
    op.create_index("ix_visit_village_id_occurred_at", "visit", ["village_id", "occurred_at"])

    op.create_table(
        "visit_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_visit_change_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visit_change"),
    )
    op.create_index("ix_visit_change_visit_id", "visit_change", ["visit_id"])
