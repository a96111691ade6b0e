"""What a migration says to older code: which of it goes on working while the new version is being rolled out."""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
#: The oldest version of the code that works on this schema; see docs/decisions/0034.
works_from = "0006"


def upgrade() -> None:
    op.create_table(
        "schema_versions",
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("works_from", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_schema_versions")),
    )


def downgrade() -> None:
    op.drop_table("schema_versions")
