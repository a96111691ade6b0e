"""Handing a letter to the outbox, in the transaction that causes it; the worker sends it."""

import secrets
from datetime import datetime

from lk_reflex.core.db import Writer
from lk_reflex.domain.mail.letter import Letter
from lk_reflex.domain.mail.tables import OutgoingMail


def queue(
    db: Writer, recipient: str, letter: Letter, *, kind: str, now: datetime, once_key: str | None = None,
    void: bool = False,
) -> None:  # fmt: skip
    """Have a letter sent as soon as the transaction is committed.

    `kind` names it in the logs («activate», «reset»). A second letter with the same `once_key` breaks the database's
    unique key. With `void` the same row is written and never sent: where an address is unknown, the time that an
    answer takes must not tell.
    """
    db.add(
        OutgoingMail(
            message_id=secrets.token_hex(16),
            once_key=once_key,
            kind=kind,
            recipient=recipient,
            subject=letter.subject,
            plain="" if void else letter.plain(),
            html="" if void else letter.html(),
            created_at=now,
            next_try_at=now,
            settled_at=now if void else None,
        )
    )
