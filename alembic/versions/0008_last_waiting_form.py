"""The last waiting form of an account, asked for at each opening of the form of readings, comes by an index."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
works_from = "0006"


def upgrade() -> None:
    # Not concurrently: the table holds the forms of one or two months, not of all accounts.
    op.create_index(op.f("ix_waiting_forms_account_id_id"), "waiting_forms", ["account_id", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_waiting_forms_account_id_id"), table_name="waiting_forms")
