"""A receipt's facts as ready strings for its page: the same facts as on the PDF. No Reflex here."""

from dataclasses import dataclass

from lk_reflex.core.clock import format_date
from lk_reflex.core.exact import NBSP, format_scaled
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.billing.present import period_text, printed_unit, quantity_text, tariff_text
from lk_reflex.domain.billing.sums import Sums
from lk_reflex.domain.documents.facts import BalanceRow, MeterLine, Paper, Recalculation, ServiceLine
from lk_reflex.domain.documents.qr.codes import payment_code

_AREA_PLACES = 3


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class ServiceRow:
    """A service by one tariff; `key` is the place in the table, here and below."""

    key: int
    service: str
    tariff: str
    norm: str
    volume: str
    charged: str
    recalculated: str
    total: str


@dataclass(frozen=True)
class RecalculationRow:
    """A recalculation for past months."""

    key: int
    service: str
    operation: str
    period: str
    amount: str


@dataclass(frozen=True)
class MoneyRow:
    """A service's debt, payments, charge and total; of the sum itself or of the penalty."""

    key: int
    service: str
    debt: str
    paid: str
    charged: str
    total: str


@dataclass(frozen=True)
class MeterRow:
    """One scale of a meter with its readings at the receipt's month."""

    key: int
    name: str
    serial: str
    previous: str
    previous_on: str
    current: str
    current_on: str
    volume: str
    verification: str


def about(paper: Paper) -> list[Fact]:
    """For whom and what the receipt is; what billing hasn't told is left out."""
    dwelling, payee = paper.dwelling, paper.payee
    area = f"{format_scaled(dwelling.area, _AREA_PLACES, show=1)} м²" if dwelling.area is not None else ""
    return _given(
        ("Лицевой счет", dwelling.number),
        ("Единый лицевой счет", dwelling.els),
        ("Идентификатор ЖКУ", dwelling.izhku),
        ("Плательщик", dwelling.payer),
        ("Адрес", dwelling.full_address),
        ("Площадь", area),
        ("Проживает", dwelling.living),
        ("Лицевой счет закрыт", format_date(dwelling.closed_on)),
        ("Организация", payee.name),
        ("Адрес организации", payee.address),
        ("Телефон", payee.phone),
        ("Дата выпуска", format_date(paper.issued_on)),
        ("Номер документа", paper.document_number),
    )


def requisites(paper: Paper) -> list[Fact]:
    """What to type where no code can be read: the details that the payment code holds."""
    payee = paper.payee
    return _given(
        ("Получатель", payee.called),
        ("ИНН", payee.inn),
        ("КПП", payee.kpp),
        ("Расчетный счет", payee.bank_account),
        ("Банк", payee.bank),
        ("БИК", payee.bic),
        ("Корр. счет", payee.correspondent_account),
        ("Назначение платежа", f"{paper.title}, л/с {paper.dwelling.number}"),
        ("Сумма", format_roubles(paper.amount) if payment_code(paper).text else ""),
    )


def _given(*facts: tuple[str, str]) -> list[Fact]:
    return [Fact(label, value) for label, value in facts if value]


def service_rows(paper: Paper) -> list[ServiceRow]:
    """Начисления по услугам."""
    return [_service(place, line) for place, line in enumerate(paper.services)]


def _service(place: int, line: ServiceLine) -> ServiceRow:
    unit = printed_unit(line.unit)
    return ServiceRow(
        place,
        line.service,
        tariff_text(line.tariff, unit),
        quantity_text(line.norm, unit),
        quantity_text(line.volume, unit),
        format_money(line.charged),
        format_money(line.recalculated),
        format_money(line.total),
    )


def recalculation_rows(paper: Paper) -> list[RecalculationRow]:
    """Перерасчеты."""
    return [_recalculation(place, line) for place, line in enumerate(paper.recalculations)]


def _recalculation(place: int, line: Recalculation) -> RecalculationRow:
    period = period_text(line.period_from, line.period_to, line.months)
    return RecalculationRow(place, line.service, line.operation, period, format_money(line.amount))


def balance_rows(paper: Paper) -> list[MoneyRow]:
    """Расчет по услугам, as on /charges."""
    return [money_row(place, row.service, row.main) for place, row in enumerate(paper.balance)]


def penalty_rows(paper: Paper) -> list[MoneyRow]:
    """Пени by service; none where there are none."""
    charged: list[BalanceRow] = [row for row in paper.balance if row.penalty]
    return [money_row(place, row.service, row.penalty) for place, row in enumerate(charged)]


def money_row(place: int, service: str, sums: Sums) -> MoneyRow:
    """One row of either table."""
    return MoneyRow(place, service, *map(format_money, sums))


def meter_rows(paper: Paper) -> list[MeterRow]:
    """Показания приборов учета."""
    return [_meter(place, line) for place, line in enumerate(paper.meters)]


def _meter(place: int, line: MeterLine) -> MeterRow:
    return MeterRow(
        place,
        line.called,
        line.serial,
        _amount(line, line.previous),
        format_date(line.previous_on),
        _amount(line, line.current),
        format_date(line.current_on),
        _amount(line, line.volume),
        format_date(line.verification_due),
    )


def _amount(line: MeterLine, value: int | None) -> str:
    return "" if value is None else f"{line.figure(value)}{NBSP}{line.unit}"
