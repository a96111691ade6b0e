"""A login comes to be: the row, what its owner agreed to, and who Госуслуги say it is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Refused
from lk_reflex.core.text import email_key
from lk_reflex.domain.audit import log
from lk_reflex.domain.identity.esia.tables import EsiaBinding
from lk_reflex.domain.identity.registering import consents as agreed
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.users import user_id_of

ALREADY = "У этого адреса уже есть логин. Войдите с ним или получите новый пароль по ссылке «Забыли пароль?»."
ESIA_TAKEN = "Эта учётная запись Госуслуг уже привязана к другому логину. Войдите через Госуслуги."


def create_login(
    db: Writer, *, email: str, password_hash: str | None, phone: str | None, consents: Mapping[str, str],
    esia: Mapping[str, object] | None, address: str, now: datetime, agreed_at: datetime | None = None,
) -> int:  # fmt: skip
    """Make an activated login for an address that is known to be its owner's; returns its id.

    `esia` is what `EsiaBinding` keeps of the person; `agreed_at` is when the consents were given, if not now.
    Raises Refused where the address or the identity has a login already.
    """
    if user_id_of(db, email) is not None:
        raise Refused(ALREADY)
    user = User(
        email=email, email_key=email_key(email), password_hash=password_hash, phone=phone, created_at=now,
        activated_at=now,
    )  # fmt: skip
    _add(db, user, ALREADY)
    assert user.id is not None
    agreed.give(db, user.id, consents, address=address, now=agreed_at or now)
    if esia:
        _add(db, _binding(user.id, esia, now), ESIA_TAKEN)
    log.note(db, "registered", now=now, actor_id=user.id, user_id=user.id, address=address)
    return user.id


def _add(db: Writer, entity: object, taken: str) -> None:
    try:
        db.add(entity)
    except IntegrityError as fault:  # somebody else was quicker, between our look and our row
        raise Refused(taken) from fault


def _binding(user_id: int, esia: Mapping[str, object], now: datetime) -> EsiaBinding:
    return EsiaBinding(
        user_id=user_id,
        oid=str(esia["oid"]),
        surname_key=str(esia.get("surname_key", "")),
        name=str(esia.get("name", "")),
        trusted=esia.get("trusted") is True,
        bound_at=now,
    )
