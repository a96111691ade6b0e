"""A reading that an operator enters for somebody who has called: by the resident's own rules, once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Invalid
from lk_reflex.core.text import visible
from lk_reflex.domain.accounts.overseen import overseen_account
from lk_reflex.domain.accounts.watchers import holders
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.metering.ledger import terms_for_staff
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import Filled, Sender, stored, take
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.domain.metering.tables import BY_OPERATOR
from lk_reflex.domain.metering.units import amount
from lk_reflex.domain.notifications.feed import tell

CALLER: Final = "caller"
LONGEST_CALLER: Final = 100
WHO_CALLED = "Напишите, кто звонил: имя и кем приходится, например «Анна Петровна, собственник»"
DEED: Final = "reading-entered"
FEED_KIND, FORM = "readings", "/readings"
TITLE = "Оператор ввёл показания по звонку"
SUBJECT = "Показания переданы по звонку"
MIND = (
    "Их ввёл оператор организации по телефонному звонку. Если звонили не вы и не ваши близкие, передайте верные "
    "показания в личном кабинете: до расчёта они заменят эти."
)


def submit_for_caller(
    db: Writer,
    actor: Actor,
    account_id: int,
    entries: Mapping[str, Entry],
    taken_on: str,
    key: str,
    confirmations: Collection[str] = (),
    *,
    caller: str,
    now: datetime,
) -> Taken:
    """As `submit`, for an account that the actor oversees; the account's holders read of it in feed and mail.

    Raises as `submit`, NotFound for another organization's account, Invalid (`caller`) without the caller's name.
    """
    account = overseen_account(db, actor, account_id)
    terms = terms_for_staff(db, account.account_id, lock=True)
    known = stored(db, None, terms, key)
    if known is not None:
        return known
    sender = Sender(
        None, BY_OPERATOR, entered_by=actor.user_id, caller=_name(caller), subject=SUBJECT, mind=MIND
    )  # fmt: skip
    taken = take(db, terms, sender, Filled(entries, taken_on, key, frozenset(confirmations)), now)
    note(
        db, DEED, now=now, actor_id=actor.user_id, account_id=account.account_id, submission=taken.submission_id
    )  # fmt: skip
    body = "; ".join(
        f"{one.name}, № {one.serial}: {amount(one.value, one.unit, one.decimals)}" for one in taken.readings
    )
    for user_id, _email in holders(db, account.account_id, at=now):
        tell(
            db, user_id, TITLE, f"{body}. Если это неверно, передайте новые показания.", kind=FEED_KIND, now=now,
            link=FORM, account_id=account.account_id, once_key=f"caller:{taken.submission_id}:{user_id}",
        )  # fmt: skip
    return taken


def _name(caller: str) -> str:
    plain = " ".join(visible(caller).split())
    if not plain:
        raise Invalid({CALLER: WHO_CALLED})
    if len(plain) > LONGEST_CALLER:
        raise Invalid({CALLER: f"Не больше {LONGEST_CALLER} знаков, сейчас {len(plain)}"})
    return plain
