"""The form by which a person lets a relative see an account, read as people fill it in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lk_reflex.core.clock import parse_date, zone
from lk_reflex.core.errors import Invalid
from lk_reflex.core.text import email_key, visible
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.registering.emails import clean_email, email_fault

OWN_ADDRESS = "Это ваш собственный адрес: лицевой счет у вас уже есть"
NO_ADDRESS = "Введите адрес электронной почты близкого человека"
NO_DATE = "Введите дату в виде ДД.ММ.ГГГГ, например 31.12.2026, или оставьте поле пустым"
PAST = "Дата окончания уже прошла. Введите сегодняшнюю или более позднюю"
TOO_FAR = "Срок слишком длинный. Введите дату не позже чем через 10 лет или оставьте поле пустым"
LONG_NAME = "Имя слишком длинное: сократите его до 60 знаков"
LONGEST_NAME = 60
FARTHEST = timedelta(days=3660)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """The form as typed; `ends_on` is ДД.ММ.ГГГГ or empty for access without an end."""

    email: str
    name: str = ""
    ends_on: str = ""
    may_send: bool = False
    may_pay: bool = False


def read_wish(wish: Wish, actor: Actor, today: date) -> tuple[str, str, date | None]:
    """The e-mail, the name and the last day. Raises Invalid with every fault."""
    email, name = clean_email(wish.email), " ".join(visible(wish.name).split())
    faults = {}
    if not email:
        faults["email"] = NO_ADDRESS
    elif fault := email_fault(email):
        faults["email"] = fault
    elif email_key(email) == email_key(actor.email):
        faults["email"] = OWN_ADDRESS
    if len(name) > LONGEST_NAME:
        faults["name"] = LONG_NAME
    until, fault = _read_date(wish.ends_on, today)
    if fault:
        faults["ends_on"] = fault
    if faults:
        raise Invalid(faults)
    return email, name, until


def _read_date(typed: str, today: date) -> tuple[date | None, str]:
    plain = visible(typed).strip()
    if not plain:
        return None, ""
    try:
        day = parse_date(plain)
    except ValueError:
        return None, NO_DATE
    if day < today:
        return None, PAST
    return (day, "") if day - today <= FARTHEST else (None, TOO_FAR)


def end_of(until: date | None, zone_name: str) -> datetime | None:
    """The moment at which the last day ends, where the account is."""
    return None if until is None else datetime.combine(until + _DAY, time(), zone(zone_name))
