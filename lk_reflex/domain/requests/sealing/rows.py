"""The form of a sealing application as a whole: begun with what is known, and its rows of meters."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.domain.accounts.linked import NO_ACCOUNTS, chosen_account
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.identity.contacts.phones import format_phone
from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.domain.metering.tables import Meter
from lk_reflex.domain.requests.attaching import forget_row
from lk_reflex.domain.requests.drafts import NO_FIELD, Draft, keep_form, locked_draft, open_draft, own_draft
from lk_reflex.domain.requests.forms import METERS, MOST_METERS, meter_rows
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import METER_FIELDS
from lk_reflex.domain.requests.sealing.fields import PASSPORT

TOO_MANY_METERS: Final = f"В одной заявке не больше {MOST_METERS} счётчиков. Отправьте её и создайте ещё одну"
#: How many rows the form has had: a row's key is never used again, so that what was typed into a row that has gone
#: meanwhile is kept nowhere, and least of all in another row.
_MADE = "rows_made"

_PERSON = select(col(Account.surname), col(Account.first_name), col(Account.patronymic)).where(
    col(Account.id) == bindparam("account_id"), owned(col(Account.id))
)
_KNOWN = (
    select(col(Meter.serial), col(Meter.resource), col(Meter.place), col(Meter.name))
    .where(
        col(Meter.account_id) == bindparam("account_id"), col(Meter.ended_on).is_(None), owned(col(Meter.account_id))
    )
    .order_by(col(Meter.name), col(Meter.serial), col(Meter.id))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownMeter:
    """A meter that billing has on the account: offered where its serial is typed."""

    serial: str
    name: str
    place: str


def open_sealing(db: Writer, actor: Actor, *, now: datetime) -> str:
    """A draft for the chosen account, with the owner's name, the person's phone and one empty meter; its number.

    Raises Refused where no account is linked or the service is switched off.
    """
    account = chosen_account(db, actor)
    if account is None:
        raise Refused(NO_ACCOUNTS)
    form: dict[str, object] = {
        "owner": _owner(db, actor, account.account_id),
        "document": PASSPORT,
        "phone": format_phone(profile_of(db, actor).phone),
        "wished": "",
        METERS: [_blank("m1")],
        _MADE: 1,
    }
    return open_draft(
        db, actor, Kind.SEALING, organization_id=account.organization_id, account_id=account.account_id, now=now,
        form=form,
    )  # fmt: skip


def add_meter(db: Writer, actor: Actor, number: str, *, now: datetime) -> str:
    """«+ Добавить счетчик»: an empty row; returns its key. Raises NotFound, Refused."""
    draft, form = _open(db, actor, number)
    rows = meter_rows(form)
    if len(rows) >= MOST_METERS:
        raise Refused(TOO_MANY_METERS)
    made = max([int(str(form.get(_MADE) or 0)), *(int(row["key"][1:]) for row in rows)]) + 1
    form[METERS], form[_MADE] = [*rows, _blank(f"m{made}")], made
    keep_form(db, draft, form, now=now)
    return f"m{made}"


def remove_meter(db: Writer, actor: Actor, number: str, key: str, *, now: datetime) -> None:
    """Take a row out with its files; a repeat is quiet. Raises NotFound, Refused."""
    draft, form = _open(db, actor, number)
    form[METERS] = [row for row in meter_rows(form) if row["key"] != key]
    keep_form(db, draft, form, now=now)
    forget_row(db, draft.request_id, key)


def known_meters(db: Reader, actor: Actor, number: str) -> tuple[KnownMeter, ...]:
    """The meters of the draft's account, as billing has them."""
    draft = own_draft(db, actor, number)
    rows = db.rows(_KNOWN, account_id=draft.account_id or 0, **actor.owning)
    return tuple(KnownMeter(row.serial, row.name or row.resource, row.place) for row in rows)


def _open(db: Writer, actor: Actor, number: str) -> tuple[Draft, dict[str, Any]]:
    draft = locked_draft(db, actor, number)
    if draft.kind is not Kind.SEALING:
        raise NotFound(NO_FIELD)
    return draft, deepcopy(draft.form)


def _owner(db: Reader, actor: Actor, account_id: int) -> str:
    row = db.first(_PERSON, account_id=account_id, **actor.owning)
    return " ".join(part for part in row if part) if row else ""


def _blank(key: str) -> dict[str, str]:
    return {"key": key, **dict.fromkeys(METER_FIELDS, "")}
