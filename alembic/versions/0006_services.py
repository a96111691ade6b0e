"""Requests of electronic services, what operators work with, announcements, push messages, tasks of exchange."""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "exchange_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("result_path", sa.Text(), nullable=False),
        sa.Column("result_name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_tasks")),
    )
    with op.batch_alter_table("exchange_tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_exchange_tasks_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "announcements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_up_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_announcements_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_announcements_organization_id_published_at"),
            ["organization_id", "published_at"],
            unique=False,
        )

    op.create_table(
        "answer_templates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_answer_templates_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_templates")),
    )
    op.create_table(
        "dictionary_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_dictionary_entries_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary_entries")),
    )
    with op.batch_alter_table("dictionary_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dictionary_entries_kind_position"), ["kind", "position"], unique=False)

    op.create_table(
        "organization_switches",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_switches_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_organization_switches")),
    )
    op.create_table(
        "organization_texts",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_texts_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_organization_texts")),
    )
    op.create_table(
        "push_choices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_push_choices_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_push_choices")),
    )
    op.create_table(
        "push_devices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_push_devices_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_devices")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_push_devices_token_hash")),
    )
    with op.batch_alter_table("push_devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_devices_user_id"), ["user_id"], unique=False)

    op.create_table(
        "request_counts",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_request_counts_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("organization_id", "kind", "status", name=op.f("pk_request_counts")),
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "title", name=op.f("uq_saved_filters_user_id_title")),
    )
    op.create_table(
        "staff_duties",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_staff_duties_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_staff_duties_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "organization_id", name=op.f("pk_staff_duties")),
    )
    op.create_table(
        "announcement_places",
        sa.Column("announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_places_announcement_id_announcements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_announcement_places_building_id_buildings")
        ),
        sa.PrimaryKeyConstraint("announcement_id", "building_id", name=op.f("pk_announcement_places")),
    )
    with op.batch_alter_table("announcement_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_places_building_id"), ["building_id"], unique=False)

    op.create_table(
        "push_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once_key", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["push_devices.id"], name=op.f("fk_push_messages_device_id_push_devices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_messages")),
        sa.UniqueConstraint("once_key", name=op.f("uq_push_messages_once_key")),
    )
    with op.batch_alter_table("push_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_messages_device_id"), ["device_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_push_messages_next_try_at"),
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        )

    op.create_table(
        "requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("sent_form", sa.JSON(), nullable=False),
        sa.Column("passport", sa.Text(), nullable=False),
        sa.Column("passport_wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("to_correct", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("once_key", sa.String(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_comment", sa.Text(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_requests_account_id_accounts")),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_requests_building_id_buildings")),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_requests_export_id_exports")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_requests_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_requests_user_id_users"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_requests_number")),
        sa.UniqueConstraint("once_key", name=op.f("uq_requests_once_key")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_export_id"), ["export_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_requests_organization_id_kind_status_sent_at_id"),
            ["organization_id", "kind", "status", "sent_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_requests_organization_id_kind_status_due_on_id"),
            ["organization_id", "kind", "status", "due_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_requests_organization_id_kind_status_assignee_id_sent_at_id"),
            ["organization_id", "kind", "status", "assignee_id", "sent_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_requests_status_due_on"), ["status", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_status_id"), ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_user_id_id"), ["user_id", "id"], unique=False)

    op.create_table(
        "request_consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_consents_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_consents")),
        sa.UniqueConstraint(
            "request_id", "document", "version", name=op.f("uq_request_consents_request_id_document_version")
        ),
    )
    op.create_table(
        "request_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_events_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_events")),
    )
    with op.batch_alter_table("request_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_events_request_id_id"), ["request_id", "id"], unique=False)

    op.create_table(
        "request_meters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application", sa.String(), nullable=False),
        sa.Column("meter_type", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("reading", sa.BigInteger(), nullable=False),
        sa.Column("verification_due", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("installer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_meters_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_meters")),
        sa.UniqueConstraint("request_id", "row_key", name=op.f("uq_request_meters_request_id_row_key")),
    )
    op.create_table(
        "request_viewers",
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_viewers_request_id_requests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_request_viewers_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_request_viewers")),
    )
    op.create_table(
        "request_words",
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_words_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "request_id", name=op.f("pk_request_words")),
    )
    with op.batch_alter_table("request_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_words_request_id_word"), ["request_id", "word"], unique=False)

    op.create_table(
        "request_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["request_events.id"], name=op.f("fk_request_files_event_id_request_events")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_request_files_file_id_stored_files")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_files_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_files")),
        sa.UniqueConstraint("file_id", name=op.f("uq_request_files_file_id")),
    )
    with op.batch_alter_table("request_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_files_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_files_request_id_slot"), ["request_id", "slot"], unique=False)

    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_log_account_id_at"), ["account_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_log_actor_id_at"), ["actor_id", "at"], unique=False)

    with op.batch_alter_table("buildings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buildings_latitude_longitude"), ["latitude", "longitude"], unique=False)

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("staff_name", sa.String(), server_default=sa.text("''"), nullable=False))

    # Searched by beginnings: on PostgreSQL an index by code points serves them, and equality too.
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_number_key")
        for name in ("number_key", "surname_key"):
            batch_op.create_index(
                f"ix_accounts_{name}", [name], unique=False, postgresql_ops={name: "text_pattern_ops"}
            )

    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("caller", sa.String(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("sent_readings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("check_note", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.create_index(batch_op.f("ix_sent_readings_period_id"), ["period", "id"], unique=False)

    # Until now an operator saw all organizations; from now on an administrator says which.
    op.execute(
        "INSERT INTO staff_duties (user_id, organization_id) "
        "SELECT users.id, organizations.id FROM users CROSS JOIN organizations WHERE users.role = 'operator'"
    )


def downgrade() -> None:
    with op.batch_alter_table("sent_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_readings_period_id"))
        for name in ("check_note", "checked_by", "checked_at"):
            batch_op.drop_column(name)

    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_column("caller")
        batch_op.drop_column("entered_by")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_surname_key")
        batch_op.drop_index("ix_accounts_number_key")
        batch_op.create_index("ix_accounts_number_key", ["number_key"], unique=False)

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("staff_name")

    with op.batch_alter_table("buildings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buildings_latitude_longitude"))

    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_log_actor_id_at"))
        batch_op.drop_index(batch_op.f("ix_audit_log_account_id_at"))

    with op.batch_alter_table("request_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_files_request_id_slot"))
        batch_op.drop_index(batch_op.f("ix_request_files_event_id"))

    op.drop_table("request_files")
    with op.batch_alter_table("request_words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_words_request_id_word"))

    op.drop_table("request_words")
    op.drop_table("request_viewers")
    op.drop_table("request_meters")
    with op.batch_alter_table("request_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_events_request_id_id"))

    op.drop_table("request_events")
    op.drop_table("request_consents")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_user_id_id"))
        batch_op.drop_index(batch_op.f("ix_requests_status_id"))
        batch_op.drop_index(batch_op.f("ix_requests_status_due_on"))
        batch_op.drop_index(batch_op.f("ix_requests_organization_id_kind_status_assignee_id_sent_at_id"))
        batch_op.drop_index(batch_op.f("ix_requests_organization_id_kind_status_due_on_id"))
        batch_op.drop_index(batch_op.f("ix_requests_organization_id_kind_status_sent_at_id"))
        batch_op.drop_index(batch_op.f("ix_requests_export_id"))
        batch_op.drop_index(batch_op.f("ix_requests_building_id"))
        batch_op.drop_index(batch_op.f("ix_requests_account_id"))

    op.drop_table("requests")
    with op.batch_alter_table("push_messages", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_push_messages_next_try_at"),
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_push_messages_device_id"))

    op.drop_table("push_messages")
    with op.batch_alter_table("announcement_places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_places_building_id"))

    op.drop_table("announcement_places")
    op.drop_table("staff_duties")
    op.drop_table("saved_filters")
    op.drop_table("request_counts")
    with op.batch_alter_table("push_devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_devices_user_id"))

    op.drop_table("push_devices")
    op.drop_table("push_choices")
    op.drop_table("organization_texts")
    op.drop_table("organization_switches")
    with op.batch_alter_table("dictionary_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dictionary_entries_kind_position"))

    op.drop_table("dictionary_entries")
    op.drop_table("answer_templates")
    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcements_organization_id_published_at"))

    op.drop_table("announcements")
    with op.batch_alter_table("exchange_tasks", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_exchange_tasks_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("exchange_tasks")
    op.drop_table("calendar_days")
