"""What a person has agreed to, for that person's own eyes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.entry_tables import Consent


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """A document in the version that was agreed to; `version` is the day from which that text holds."""

    document: str
    version: str
    given_at: datetime


_GIVEN = (
    select(col(Consent.document), col(Consent.version), col(Consent.given_at))
    .where(col(Consent.user_id) == bindparam("user"), col(Consent.withdrawn_at).is_(None))
    .order_by(col(Consent.given_at).desc(), col(Consent.id))
)


def given_consents(db: Reader, actor: Actor) -> list[GivenConsent]:
    """Those that hold, the newest first."""
    return [GivenConsent(*row) for row in db.rows(_GIVEN, user=actor.user_id)]
