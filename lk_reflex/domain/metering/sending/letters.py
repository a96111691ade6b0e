"""«Показания приняты»: what was taken, by meter, for those who want it by mail."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Writer
from lk_reflex.core.exact import NBSP
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.accounts.watchers import holders
from lk_reflex.domain.mail.letter import Facts, Letter
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import READINGS, wants
from lk_reflex.domain.metering.sending.taken import Taken, TakenReading
from lk_reflex.domain.metering.units import amount

SUBJECT = "Показания приняты"
BY_GUEST = "Показания переданы без регистрации"
NOT_US = (
    "Их передал кто-то, кто знает номер вашего лицевого счета, дом и квартиру. Если это не вы и не ваши близкие, "
    "передайте верные показания в личном кабинете: они заменят эти, и без регистрации их уже не изменить."
)
NOT_ME = (
    "Если показания передали не вы, передайте верные: до конца приёма они заменят эти. "
    "И смените пароль в разделе «Настройки»."
)
_PLACE = (
    select(col(Account.number), col(Building.street), col(Building.house), col(Account.flat))
    .join(Building, col(Building.id) == col(Account.building_id))
    .where(col(Account.id) == bindparam("account_id"))
)


def confirm_by_mail(db: Writer, user_id: int, email: str, account_id: int, taken: Taken, *, now: datetime) -> None:
    """Queue the letter for the sender, in the transaction that has stored the readings."""
    if not wants(db, user_id, READINGS):
        return
    number, *place = db.rows(_PLACE, account_id=account_id)[0]
    letter = letter_of(taken, number, address_line(*place))
    queue(db, email, letter, kind=READINGS, now=now, once_key=f"{READINGS}:{taken.submission_id}")


def tell_residents(
    db: Writer, account_id: int, taken: Taken, *, now: datetime, subject: str = BY_GUEST, mind: str = NOT_US
) -> None:
    """Queue a letter for each who sees the account by a proof of their own: a guest has sent readings for it."""
    number, *place = db.rows(_PLACE, account_id=account_id)[0]
    letter = letter_of(taken, number, address_line(*place), subject=subject, mind=mind)
    for user_id, email in holders(db, account_id, at=now):
        if wants(db, user_id, READINGS):
            queue(db, email, letter, kind=READINGS, now=now, once_key=f"{READINGS}:{taken.submission_id}:{user_id}")


def letter_of(taken: Taken, number: str, address: str, *, subject: str = SUBJECT, mind: str = NOT_ME) -> Letter:
    """The letter: each reading with the volume that follows from it, and what to mind."""
    warnings = dict.fromkeys(f"{one.name}, № {one.serial}. {one.warning}" for one in taken.readings if one.warning)
    when = f"Кабинет принял показания, снятые {format_date(taken.taken_on)}."
    period = f"Они учтутся за {taken.period.name} {taken.period.year} года."
    rows = tuple((_name(one), _value(one)) for one in taken.readings)
    facts = Facts(f"Лицевой счет {number}, {address}", rows)
    return Letter(subject, (f"{when} {period}",), None, (*warnings, mind), (facts,))


def _name(one: TakenReading) -> str:
    scale = f", {one.label}" if one.label else ""
    return f"{one.name}, №{NBSP}{one.serial}{scale}"


def _value(one: TakenReading) -> str:
    return f"{amount(one.value, one.unit, one.decimals)}, расход{NBSP}{amount(one.volume, one.unit, one.decimals)}"
