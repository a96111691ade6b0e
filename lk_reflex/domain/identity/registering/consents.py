"""Agreements and consents: which are needed, that they were given, and their withdrawal (152-ФЗ, ст. 9)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.identity.entry_tables import Consent
from lk_reflex.domain.identity.registering.documents import CONSENT, TERMS, current

#: What a login can't come to be without: document → the version that holds now.
REQUIRED: Mapping[str, str] = {name: current(name).version for name in (TERMS, CONSENT)}

_WITHDRAW = (
    update(Consent)
    .where(col(Consent.user_id) == bindparam("user"), col(Consent.withdrawn_at).is_(None))
    .values(withdrawn_at=bindparam("now"))
)


def give(db: Writer, user_id: int, consents: Mapping[str, str], *, address: str, now: datetime) -> None:
    """Record each document's version with the time and the network address at which it was agreed to."""
    for name, version in consents.items():
        db.add(Consent(user_id=user_id, document=name, version=version, given_at=now, address=address[:64]))


def withdraw_all(db: Writer, user_id: int, *, now: datetime) -> int:
    """The person takes all consents back, by deleting the login; returns how many there were."""
    return db.change(_WITHDRAW, user=user_id, now=now)
