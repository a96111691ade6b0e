"""What is typed into a form of readings and not sent yet outlives a reload."""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
works_from = "0006"


def upgrade() -> None:
    op.create_table(
        "typed_readings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_typed_readings_session_id_sessions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["guest_visits.id"], name=op.f("fk_typed_readings_visit_id_guest_visits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_typed_readings_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_readings")),
        sa.UniqueConstraint("session_id", "account_id", name=op.f("uq_typed_readings_session_id_account_id")),
        sa.UniqueConstraint("visit_id", "account_id", name=op.f("uq_typed_readings_visit_id_account_id")),
    )
    op.create_index(op.f("ix_typed_readings_typed_at"), "typed_readings", ["typed_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_typed_readings_typed_at"), table_name="typed_readings")
    op.drop_table("typed_readings")
