"""A draft of a report, with or without an account, and with what is known of the person filled in."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.linked import chosen_account
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.identity.contacts.phones import format_phone
from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.domain.requests.drafts import open_draft
from lk_reflex.domain.requests.emergency.addressees import addressees
from lk_reflex.domain.requests.emergency.rules import NAME, PHONE
from lk_reflex.domain.requests.kinds import Kind

NOBODY = "Через личный кабинет об авариях сейчас никому не сообщить. Позвоните: телефон указан в квитанции"

_OWNER = select(col(Account.first_name), col(Account.patronymic), col(Account.surname)).where(
    col(Account.id) == bindparam("account_id"), owned(col(Account.id))
)


def open_emergency(db: Writer, actor: Actor, *, now: datetime) -> str:
    """A draft for the organization of the chosen account; without one, for whoever turns out to serve the place.

    Returns its number. Raises Refused where nobody takes reports here, and as `open_draft`.
    """
    account = chosen_account(db, actor)
    form = {NAME: _name(db, actor), PHONE: format_phone(profile_of(db, actor).phone)}
    if account is not None:
        return open_draft(
            db, actor, Kind.EMERGENCY, organization_id=account.organization_id, account_id=account.account_id,
            form=form, now=now,
        )  # fmt: skip
    everybody = addressees(db)
    if not everybody:
        raise Refused(NOBODY)
    first = everybody[0].organization_id  # until the place is known; see `addressees.direct`
    return open_draft(db, actor, Kind.EMERGENCY, organization_id=first, account_id=None, form=form, now=now)


def _name(db: Reader, actor: Actor) -> str:
    """«Сергей Владимирович Здетовецкий», as the chosen account has it; who reports may be another, and changes it."""
    row = db.first(_OWNER, account_id=actor.chosen_account_id or 0, **actor.owning)
    if row is None:
        return ""
    return " ".join(part.title() if part.isupper() else part for part in row if part)
