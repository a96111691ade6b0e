"""The passport in its owner's own form: kept field by field while it is typed, shown masked from then on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.core.text import storable
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.requests.drafts import NO_FIELD, NO_REQUEST, Draft, locked_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import PASSPORT_FIELDS
from lk_reflex.domain.requests.passports.sealed import LONGEST, Passport, Sealed, opened
from lk_reflex.domain.requests.tables import Request

_TOKEN = select(col(Request.passport)).where(col(Request.id) == bindparam("request_id"))
_MINE = select(col(Request.passport), col(Request.passport_wiped_at)).where(
    col(Request.number) == bindparam("number"), col(Request.user_id) == bindparam("person")
)
_DIGITS_OF_SERIES, _DIGITS_OF_NUMBER = 4, 6


@dataclass(frozen=True, slots=True)
class Masked:
    """A passport for eyes that may be anybody's. A field that nobody typed is empty; `line` is all of it in one.

    `lost`: it can't be decrypted any more and has to be typed anew. `wiped_at`: it was removed by then.
    """

    series: str = ""
    number: str = ""
    issued_on: str = ""
    code: str = ""
    issued_by: str = ""
    lost: bool = False
    wiped_at: datetime | None = None

    @property
    def line(self) -> str:
        """«•• ••  ••••56»: series and number; empty while neither is typed."""
        return "  ".join(part for part in (self.series, self.number) if part)

    @property
    def given(self) -> frozenset[str]:
        """The names of the fields that somebody has typed."""
        return frozenset(name for name in PASSPORT_FIELDS if getattr(self, name))


def put(db: Writer, vault: Vault, actor: Actor, number: str, fields: Mapping[str, str], *, now: datetime) -> None:
    """Keep what was typed into passport fields, faults and all; the other fields stay.

    Raises NotFound for what isn't the actor's or no passport's field, Refused once the request may not be changed,
    Invalid for what is too long.
    """
    draft = locked_draft(db, actor, number)
    if draft.kind is not Kind.SEALING:
        raise NotFound(NO_FIELD)
    changes: dict[str, str] = {}
    for name, text in fields.items():
        if name not in PASSPORT_FIELDS or not isinstance(text, str):
            raise NotFound(NO_FIELD)
        if len(text) > LONGEST:
            raise Invalid({name: f"Не больше {LONGEST} знаков, сейчас {len(text)}. Сократите текст"})
        changes[name] = storable(text).strip()
    before = sealed_of(db, vault, draft)
    _store(db, draft, replace(before, typed=replace(before.typed, **changes)).token(vault), now=now)


def masked(db: Reader, vault: Vault, actor: Actor, number: str) -> Masked:
    """The actor's own passport as their form shows it. Raises NotFound."""
    row = db.first(_MINE, number=number, person=actor.user_id)
    if row is None:
        raise NotFound(NO_REQUEST)
    sealed = opened(vault, row.passport)
    return replace(mask(sealed.typed), lost=sealed.lost, wiped_at=row.passport_wiped_at)


def mask(passport: Passport) -> Masked:
    """Dots in the place of all but the number's last two digits; nothing of what isn't a whole number."""
    series = "•• ••" if passport.series else ""
    number = ""
    if passport.number:
        digits = [char for char in passport.number if char.isdigit()]
        number = f"••••{''.join(digits[-2:])}" if len(digits) == _DIGITS_OF_NUMBER else "••••••"
    return Masked(
        series, number, "••.••.••••" if passport.issued_on else "", "•••-•••" if passport.code else "",
        "••••••" if passport.issued_by else "",
    )  # fmt: skip


def sealed_of(db: Reader, vault: Vault, draft: Draft) -> Sealed:
    """What a draft that the caller may change has of a passport."""
    return opened(vault, str(db.value(_TOKEN, request_id=draft.request_id) or ""))


def send_along(db: Writer, vault: Vault, draft: Draft, meant: Passport, *, now: datetime) -> None:
    """`meant`, what was typed as it is spelled at last, is what staff see from now on."""
    _store(db, draft, Sealed(meant, meant).token(vault), now=now)


def _store(db: Writer, draft: Draft, token: str, *, now: datetime) -> None:
    changes: dict[str, Any] = {"passport": token, "passport_wiped_at": None, "updated_at": now}
    db.change(update(Request).where(col(Request.id) == draft.request_id).values(**changes))
