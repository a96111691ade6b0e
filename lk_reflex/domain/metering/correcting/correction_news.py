"""«Показание исправлено» or «… не исправлено»: the line of the feed and the letter about an operator's decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Writer
from lk_reflex.core.exact import NBSP
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.accounts.watchers import sender_or_holders
from lk_reflex.domain.mail.letter import Facts, Letter
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import READINGS, wants
from lk_reflex.domain.metering.tables import Meter, ReadingCorrection, SentReading
from lk_reflex.domain.metering.units import amount, unit_of
from lk_reflex.domain.notifications.feed import tell

#: The letters' own kind; the topic is that of all letters about readings.
KIND, PLACE = "reading-correction", "/readings"
ACCEPTED, DECLINED = "Показание исправлено", "Просьба исправить показание отклонена"

_REQUEST = (
    select(
        col(ReadingCorrection.account_id),
        col(ReadingCorrection.user_id),
        col(ReadingCorrection.value),
        col(ReadingCorrection.taken_on),
        col(SentReading.value).label("old_value"),
        col(SentReading.scale),
        col(SentReading.period),
        col(Meter.name),
        col(Meter.serial),
        col(Meter.resource),
        col(Meter.scales),
        col(Account.number),
        col(Building.street),
        col(Building.house),
        col(Account.flat),
        col(Organization.name).label("organization"),
        col(Organization.short_name),
        col(Organization.phone),
    )
    .select_from(ReadingCorrection)
    .join(SentReading, col(SentReading.id) == col(ReadingCorrection.sent_reading_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .join(Account, col(Account.id) == col(ReadingCorrection.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(ReadingCorrection.id) == bindparam("correction_id"))
)


def tell_decided(db: Writer, correction_id: int, said: str, *, accepted: bool, now: datetime) -> None:
    """Tell who has asked, in the transaction of the decision; whoever may not see the account any more isn't told."""
    row = db.rows(_REQUEST, correction_id=correction_id)[0]
    title, body = (ACCEPTED if accepted else DECLINED), _body(row, said, accepted)
    letter = _letter(row, title, said, accepted)
    for user_id, email in sender_or_holders(db, row.account_id, row.user_id, at=now):
        once = f"{KIND}:{correction_id}:{user_id}"
        tell(db, user_id, title, body, kind=READINGS, now=now, link=PLACE, account_id=row.account_id, once_key=once)
        if wants(db, user_id, READINGS):
            queue(db, email, letter, kind=KIND, now=now, once_key=once)


def _body(row: Any, said: str, accepted: bool) -> str:
    unit = unit_of(row.resource)
    if accepted:
        told = f"{_meter(row)}: было {amount(row.old_value, unit)}, стало {amount(row.value, unit)}."
    else:
        told = f"{_meter(row)}: остаётся {amount(row.old_value, unit)}."
    return f"{told} {_sentence(said)}".strip()


def _letter(row: Any, title: str, said: str, accepted: bool) -> Letter:
    unit = unit_of(row.resource)
    who = row.short_name or row.organization
    if accepted:
        begin = (f"Организация «{who}» исправила показание за {row.period.title.lower()}, как вы просили.",)
        after = ("Новое показание уйдёт на расчёт со следующей выгрузкой.",)
    else:
        begin = (f"Организация «{who}» не стала исправлять показание за {row.period.title.lower()}.",)
        phone = f": телефон {row.phone}" if row.phone else ""
        after = (f"Если вы не согласны, обратитесь в организацию{phone}.",)
    rows = (
        ("Было передано", amount(row.old_value, unit)),
        ("Вы просили", f"{amount(row.value, unit)}, снято{NBSP}{format_date(row.taken_on)}"),
    )
    where = f"Лицевой счет {row.number}, {address_line(row.street, row.house, row.flat)}. {_meter(row)}"
    answer = (f"Ответ оператора: {_sentence(said)}",) if said else ()
    return Letter(title, (*begin, *answer), None, after, (Facts(where, rows),))


def _meter(row: Any) -> str:
    return f"{row.name}, №{NBSP}{row.serial}" + (f", Т{row.scale}" if row.scales > 1 else "")


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?…" else f"{text}."
