"""Readings in full, files, the feed, reminders' links, profiles of outside registers."""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("register_kind", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_exchange_profiles_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_profiles")),
        sa.UniqueConstraint("name", name=op.f("uq_exchange_profiles_name")),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("once_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notifications_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notifications_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("once_key", name=op.f("uq_notifications_once_key")),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notifications_unread",
            ["user_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_notifications_user_id_id"), ["user_id", "id"], unique=False)

    op.create_table(
        "reading_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reading_links_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reading_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reading_links_token_hash")),
    )
    with op.batch_alter_table("reading_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_links_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reading_links_user_id"), ["user_id"], unique=False)

    op.create_table(
        "stored_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_stored_files_account_id_accounts")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_stored_files_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_files_key")),
    )
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_files_form_key_slot"), ["form_key", "slot"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_files_user_id_created_at"), ["user_id", "created_at"], unique=False)

    op.create_table(
        "waiting_forms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("confirmations", sa.JSON(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_waiting_forms_account_id_accounts")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_waiting_forms_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_forms")),
        sa.UniqueConstraint("key", name=op.f("uq_waiting_forms_key")),
    )
    with op.batch_alter_table("waiting_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_forms_opens_on"), ["opens_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_forms_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_waiting_forms_open",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "reading_photos",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("meter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_reading_photos_file_id_stored_files")),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("fk_reading_photos_meter_id_meters")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_reading_photos_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_photos")),
        sa.UniqueConstraint("file_id", name=op.f("uq_reading_photos_file_id")),
    )
    with op.batch_alter_table("reading_photos", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reading_photos_submission_id_meter_id"), ["submission_id", "meter_id"], unique=False
        )

    op.create_table(
        "reading_answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent_reading_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accounted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sent_reading_id"], ["sent_readings.id"], name=op.f("fk_reading_answers_sent_reading_id_sent_readings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_answers")),
        sa.UniqueConstraint("sent_reading_id", name=op.f("uq_reading_answers_sent_reading_id")),
    )
    with op.batch_alter_table("reading_answers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reading_answers_untold",
            ["id"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )

    op.create_table(
        "reading_corrections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sent_reading_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_reading_corrections_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_reading_corrections_decided_by_users")),
        sa.ForeignKeyConstraint(
            ["sent_reading_id"], ["sent_readings.id"], name=op.f("fk_reading_corrections_sent_reading_id_sent_readings")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reading_corrections_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_corrections")),
        sa.UniqueConstraint("key", name=op.f("uq_reading_corrections_key")),
    )
    with op.batch_alter_table("reading_corrections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reading_corrections_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reading_corrections_sent_reading_id"), ["sent_reading_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reading_corrections_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_reading_corrections_open",
            ["sent_reading_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fias", sa.String(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("guest_visits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_guest_visits_user_id_users"), "users", ["user_id"], ["id"], ondelete="CASCADE"
        )

    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submissions_user_id"))

    with op.batch_alter_table("guest_visits", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_guest_visits_user_id_users"), type_="foreignkey")
        batch_op.drop_column("user_id")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("fias")

    with op.batch_alter_table("reading_corrections", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reading_corrections_open",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_reading_corrections_user_id"))
        batch_op.drop_index(batch_op.f("ix_reading_corrections_sent_reading_id"))
        batch_op.drop_index(batch_op.f("ix_reading_corrections_account_id_created_at"))

    op.drop_table("reading_corrections")
    with op.batch_alter_table("reading_answers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_reading_answers_untold",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )

    op.drop_table("reading_answers")
    with op.batch_alter_table("reading_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_photos_submission_id_meter_id"))

    op.drop_table("reading_photos")
    with op.batch_alter_table("waiting_forms", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_waiting_forms_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_waiting_forms_user_id"))
        batch_op.drop_index(batch_op.f("ix_waiting_forms_opens_on"))

    op.drop_table("waiting_forms")
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_files_user_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_stored_files_form_key_slot"))

    op.drop_table("stored_files")
    with op.batch_alter_table("reading_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_links_user_id"))
        batch_op.drop_index(batch_op.f("ix_reading_links_expires_at"))

    op.drop_table("reading_links")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_user_id_id"))
        batch_op.drop_index(
            "ix_notifications_unread",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.drop_table("notifications")
    op.drop_table("exchange_profiles")
