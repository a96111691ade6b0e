"""The whole form judged field by field. Pure: what it needs of the database is in `Around`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from lk_reflex.domain.metering.typed import Unreadable
from lk_reflex.domain.requests.dictionaries import APPLICATION, BRAND, METER_TYPE, NEW, PLACE, Choice
from lk_reflex.domain.requests.forms import METERS, MOST_METERS, meter_rows
from lk_reflex.domain.requests.passports.sealed import Passport
from lk_reflex.domain.requests.sealing import fields
from lk_reflex.domain.requests.slots import ACT, PASSPORT, meter_slot

T = TypeVar("T")
NO_METERS: Final = "Добавьте хотя бы один счётчик"
TOO_MANY: Final = f"В одной заявке не больше {MOST_METERS} счётчиков. Уберите лишние и отправьте их другой заявкой"
NO_PASSPORT: Final = "Приложите паспорт на ПУ"
NO_ACT: Final = "Приложите акт о прохождении поверки ПУ: он не нужен только для нового счётчика"
PASSPORT_LOST: Final = "Паспортные данные больше не прочитать. Введите их заново"


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is judged by: the organization's day and calendar, its dropdowns, the slots that have a file."""

    today: date
    is_working: Callable[[date], bool]
    choices: Mapping[str, Collection[Choice]]
    slots: Collection[str]


@dataclass(frozen=True, slots=True)
class MeterRow:
    """A meter as it is meant. `reading` in thousandths."""

    key: str
    application: str
    meter_type: str
    serial: str
    brand: str
    reading: int
    verification_due: date
    place: str
    installer: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Faults by the fields' names in the form's order; without any, the rest is what is meant.

    `phone` is E.164; `owner`, `phone`, `wished` and `meters` are whole only where there are no faults.
    """

    faults: dict[str, str]
    owner: str = ""
    phone: str = ""
    wished: str = ""
    meters: tuple[MeterRow, ...] = ()
    passport: Passport = field(default=Passport(), repr=False)


class _Faults(dict[str, str]):
    """Gathers sentences; a field that can't be read counts as its stand-in for the rest."""

    def read(self, name: str, judge: Callable[[], T], otherwise: T) -> T:
        try:
            return judge()
        except Unreadable as fault:
            self[name] = str(fault)
            return otherwise


def judge(form: Mapping[str, object], passport: Passport, around: Around) -> Judged:
    """All faults at once, and what the form means."""
    faults = _Faults()
    text = _texts(form)
    owner = faults.read("owner", lambda: fields.owner(text("owner")), "")
    faults.read("document", lambda: fields.document(text("document")), "")
    said = _passport(passport, around.today, faults)
    phone = faults.read("phone", lambda: fields.phone(text("phone")), "")
    wished = faults.read("wished", lambda: fields.wished(text("wished"), around.today, around.is_working), "")
    meters = _meters(form, around, faults)
    return Judged(dict(faults), owner, phone, wished, meters, said)


def needs_act(application: str, choices: Collection[Choice]) -> bool:
    """Whether a meter of this kind of application needs an act of verification: all but new ones do."""
    return not any(choice.title == application.strip() and choice.meaning == NEW for choice in choices)


def _passport(passport: Passport, today: date, faults: _Faults) -> Passport:
    day = faults.read("issued_on", lambda: fields.issued_on(passport.issued_on, today), today)
    said = Passport(
        faults.read("series", lambda: fields.series(passport.series), ""),
        faults.read("number", lambda: fields.number(passport.number), ""),
        fields.format_date(day),
        faults.read("code", lambda: fields.code(passport.code), ""),
        faults.read("issued_by", lambda: fields.issued_by(passport.issued_by), ""),
    )
    in_order = {name: faults.pop(name) for name in said.fields() if name in faults}
    faults.update(in_order)
    return said


def _meters(form: Mapping[str, object], around: Around, faults: _Faults) -> tuple[MeterRow, ...]:
    rows = meter_rows(form)
    if not rows:
        faults[METERS] = NO_METERS
    if len(rows) > MOST_METERS:
        faults[METERS] = TOO_MANY
        return ()
    seen: dict[str, int] = {}
    return tuple(_meter(row, place, seen, around, faults) for place, row in enumerate(rows, start=1))


def _meter(row: Mapping[str, str], place: int, seen: dict[str, int], around: Around, faults: _Faults) -> MeterRow:
    key, text = str(row.get("key")), _texts(row)

    def read(name: str, judge: Callable[[str], T], otherwise: T) -> T:
        return faults.read(f"{key}.{name}", lambda: judge(text(name)), otherwise)

    def verified(typed: str) -> date:
        return fields.verification_due(typed, around.today)

    def chosen(name: str, kind: str, nothing: str) -> str:
        titles = [choice.title for choice in around.choices[kind]]
        return read(name, lambda typed: fields.choice(typed, titles, nothing), "")

    meant = MeterRow(
        key=key,
        application=chosen("application", APPLICATION, "Выберите тип заявки"),
        meter_type=chosen("type", METER_TYPE, "Выберите тип прибора учета"),
        serial=read("serial", lambda typed: _new_serial(typed, place, seen), ""),
        brand=chosen("brand", BRAND, "Выберите марку прибора учета"),
        reading=read("reading", fields.reading, 0),
        verification_due=read("verification_due", verified, around.today),
        place=chosen("place", PLACE, "Выберите место установки"),
        installer=read("installer", fields.installer, ""),
    )
    if meter_slot(key, PASSPORT) not in around.slots:
        faults[meter_slot(key, PASSPORT)] = NO_PASSPORT
    if needs_act(text("application"), around.choices[APPLICATION]) and meter_slot(key, ACT) not in around.slots:
        faults[meter_slot(key, ACT)] = NO_ACT
    return meant


def _new_serial(typed: str, place: int, seen: dict[str, int]) -> str:
    serial = fields.serial(typed)
    first = seen.setdefault(fields.serial_key(serial), place)
    if first != place:
        raise Unreadable(f"Этот номер уже указан у счётчика {first}. Исправьте его или уберите лишний счётчик")
    return serial


def _texts(form: Mapping[str, object]) -> Callable[[str], str]:
    return lambda name: str(form.get(name) or "")
