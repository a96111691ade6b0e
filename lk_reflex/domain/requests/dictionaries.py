"""What the dropdowns offer: an organization's own list, else the shared one, else the first contents below."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.requests.tables import DictionaryEntry

APPLICATION, METER_TYPE, BRAND, PLACE = "sealing-application", "meter-type", "meter-brand", "meter-place"
DAMAGE, TOPIC = "damage", "appeal-topic"
#: The application for a meter just bought: it needs no act of verification.
NEW = "new"
KINDS: Final = (APPLICATION, METER_TYPE, BRAND, PLACE, DAMAGE, TOPIC)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a dropdown. `meaning` is what the rules go by, or empty."""

    title: str
    meaning: str = ""


def _plain(*titles: str) -> tuple[Choice, ...]:
    return tuple(map(Choice, titles))


FIRST: Final[dict[str, tuple[Choice, ...]]] = {
    APPLICATION: (
        Choice("Ввод в эксплуатацию нового прибора учета", NEW),
        Choice("Ввод в эксплуатацию после замены", NEW),
        Choice("Опломбировка после поверки"),
        Choice("Опломбировка после ремонта или нарушения пломбы"),
    ),
    METER_TYPE: _plain("Холодная вода (ХВС)", "Горячая вода (ГВС)"),
    BRAND: _plain(
        "СВК", "СГВ", "СХВ", "ВСКМ", "ВСХ", "ВСГ", "Бетар", "Норма", "Пульсар", "Itelma", "Valtec", "Zenner",
        "Тритон", "Другая",
    ),
    PLACE: _plain("Санузел", "Ванная", "Туалет", "Кухня", "Коридор", "Подвал", "Колодец", "Другое"),
    DAMAGE: _plain(
        "Течь воды на поверхность", "Нет холодной воды", "Слабый напор воды", "Засор канализации",
        "Излив из канализационного колодца", "Открытый или провалившийся люк", "Провал грунта", "Другое",
    ),
    TOPIC: _plain(
        "Начисления и перерасчёт", "Приборы учёта и показания", "Оплата и возврат", "Качество воды",
        "Нарушение благоустройства", "Данные лицевого счета", "Работа личного кабинета", "Другое",
    ),
}  # fmt: skip
_ENTRIES = (
    select(col(DictionaryEntry.organization_id), col(DictionaryEntry.title), col(DictionaryEntry.meaning),
           col(DictionaryEntry.hidden_at))
    .where(
        col(DictionaryEntry.kind) == bindparam("kind"),
        or_(
            col(DictionaryEntry.organization_id).is_(None),
            col(DictionaryEntry.organization_id) == bindparam("organization_id"),
        ),
    )
    .order_by(col(DictionaryEntry.position), col(DictionaryEntry.id))
)  # fmt: skip


def choices(db: Reader, kind: str, organization_id: int | None) -> tuple[Choice, ...]:
    """What a dropdown of this organization offers, in its order."""
    rows = db.rows(_ENTRIES, kind=kind, organization_id=organization_id)
    own = [row for row in rows if row.organization_id is not None] or rows
    if not own:
        return FIRST[kind]
    return tuple(Choice(row.title, row.meaning) for row in own if row.hidden_at is None)
