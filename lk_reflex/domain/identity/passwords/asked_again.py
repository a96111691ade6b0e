"""The password, asked again before what a thief of an open session would do first."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Database
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.passwords.hashing import password_matches
from lk_reflex.domain.identity.tables import User

EMPTY = "Введите пароль, с которым вы входите в личный кабинет"
WRONG = "Неверный пароль. Проверьте раскладку клавиатуры и попробуйте ещё раз"
PAUSE = "Слишком много неверных паролей."
NO_PASSWORD = "Сначала задайте пароль: вы входите через Госуслуги, и пароля у вас пока нет."  # noqa: S105
#: Only who holds a session of this login can cause it.
ASKED_AGAIN = attempts.Limit("password:asked-again", 5)
_KEPT = select(col(User.password_hash)).where(col(User.id) == bindparam("user"))


def ask_again(
    database: Database, actor: Actor, password: str, *, key: bytes, now: datetime, field: str = "password"
) -> None:
    """Quiet for the right password.

    Slow by design (bcrypt), and therefore outside any transaction. Raises Invalid for `field`, Refused during a pause
    and for a login that has no password.
    """
    if not password:
        raise Invalid({field: EMPTY})
    kept = database.read(lambda db: db.value(_KEPT, user=actor.user_id))
    if kept is None:
        raise Refused(NO_PASSWORD)
    limits = ((ASKED_AGAIN, str(actor.user_id)),)
    database.read(attempts.refuse_while_waiting, limits, PAUSE, now=now)
    if not password_matches(password, kept, key):
        database.write(attempts.note_misses, limits, now=now)
        raise Invalid({field: WRONG})
    database.write(attempts.forget_misses, *limits[0])
