"""Search keys made anew: numbers with look-alike letters, initials and spaces in surnames, «10 корпус 1»."""

from alembic import op
from lk_reflex.exchange.rekey import rekey

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Today's functions on purpose: keys are compared with what today's code makes of what people type.
    rekey(op.get_bind())


def downgrade() -> None:
    """Nothing to undo: the older code compares with keys of its own only when it imports anew."""
