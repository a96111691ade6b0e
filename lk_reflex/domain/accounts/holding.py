"""One at a time for what changes an account's readings and its access, and nobody waits for an import.

The account's own row can't be what is held: on PostgreSQL an import has the rows of all accounts in hand until it is
committed, and a month of a city takes a quarter of an hour.
"""

from sqlalchemy import BigInteger, bindparam, func, select

from lk_reflex.core.db import Reader

#: Negative: other locks of the product are named by positive numbers (`core.migrations`, `exchange.lock`).
_HOLD = select(func.pg_advisory_xact_lock(-bindparam("account", type_=BigInteger())))


def hold(db: Reader, account_id: int) -> None:
    """Keep out others who ask for the same account, until the transaction is over. Before anything of it is read.

    SQLite needs none: a writer's transaction is the only one there.
    """
    if db.connection.dialect.name == "postgresql":
        db.rows(_HOLD, account=account_id)
