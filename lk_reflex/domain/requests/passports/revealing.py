"""A passport in the clear, for staff who handle its application: each viewing is in the audit log."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import DEFAULT_ZONE, format_date, local_date
from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import NotFound, Refused, Unavailable
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.domain.requests.drafts import NO_REQUEST
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.passports.sealed import Passport, opened
from lk_reflex.domain.requests.tables import Request

DEED = "passport-viewed"
NOT_GIVEN = "В этой заявке нет паспортных данных"
LOST = "Паспортные данные этой заявки не расшифровать: ключа, которым они зашифрованы, больше нет"
WIPED = "Паспортные данные удалены {}: после окончания заявки они хранятся 90 дней"
#: Of one member of staff in an hour: nobody handles more, and whoever copies them all is stopped.
VIEWINGS = Limit("passport", 60, window=timedelta(hours=1))
TOO_OFTEN = "Вы открыли паспортные данные уже много раз подряд."

_SEEN = select(
    col(Request.id), col(Request.user_id), col(Request.account_id), col(Request.passport),
    col(Request.passport_wiped_at),
).where(
    col(Request.number) == bindparam("number"),
    col(Request.status) != Status.DRAFT.value,
    overseen(col(Request.organization_id)),
)  # fmt: skip


def reveal(db: Writer, vault: Vault, actor: Actor, number: str, *, now: datetime) -> Passport:
    """The passport as it was last sent; who has looked, when and at which request is in the audit log.

    Raises NotFound for what isn't of the actor's organizations, Refused where there is none (any more) or after too
    many viewings, Unavailable where its key is gone.
    """
    row = db.first(_SEEN, number=number, **actor.overseeing)
    if row is None:
        raise NotFound(NO_REQUEST)
    if not row.passport:
        wiped = row.passport_wiped_at
        raise Refused(WIPED.format(format_date(local_date(wiped, DEFAULT_ZONE))) if wiped else NOT_GIVEN)
    refuse_while_waiting(db, [(VIEWINGS, str(actor.user_id))], TOO_OFTEN, now=now)
    note_miss(db, VIEWINGS, str(actor.user_id), now=now)
    sealed = opened(vault, row.passport)
    if sealed.lost:
        raise Unavailable(LOST)
    note(
        db, DEED, now=now, actor_id=actor.user_id, user_id=row.user_id, account_id=row.account_id, request=row.id,
    )  # fmt: skip
    return sealed.sent
