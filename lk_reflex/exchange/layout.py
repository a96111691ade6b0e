"""The tables of a package: which column goes where, how it is read, and what it refers to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint

from lk_reflex.core.money import MAX_KOPECKS
from lk_reflex.core.text import account_key, house_key, surname_key
from lk_reflex.domain.accounts.tables import EXEMPT, ORGANIZATION, OWN_TILL, PAYER, TRANSFER
from lk_reflex.domain.billing.tables import PLACES
from lk_reflex.domain.payments.orders.numbers import bare_number
from lk_reflex.exchange import cells
from lk_reflex.exchange.cells import Parser
from lk_reflex.tables import METADATA

INN, ACCOUNT, KIND, MONTH = "ИНН", "Лицевой счет", "Квитанция", "Месяц"
_HUGE = 2**31 - 1


@dataclass(frozen=True)
class Cell:
    """One column of a file. `attribute` is the table's column, or None where it only helps to find a reference."""

    header: str
    attribute: str | None
    parse: Parser
    required: bool = False

    @property
    def money(self) -> bool:
        """Whether its sum belongs to the control totals."""
        return self.parse is cells.sum_of_money


@dataclass(frozen=True)
class Reference:
    """How the cells under `headers` find a row of `table`: by `keys`, the first of them the parent's id if any."""

    attribute: str
    table: Table
    headers: tuple[str, ...]
    keys: tuple[str, ...]
    missing: str
    parent: "Reference | None" = None


@dataclass(frozen=True)
class Layout:
    """One table of a package."""

    name: str
    table: Table
    columns: tuple[Cell, ...]
    references: tuple[Reference, ...] = ()
    #: Attribute → the header it is made from and the function that makes it.
    derived: Mapping[str, tuple[str, Callable[[str], str]]] = field(default_factory=dict)
    #: Attribute → the one whose value it takes where its own cell is empty.
    same_as: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """The natural key: the table's one unique constraint."""
        return next(
            tuple(column.name for column in constraint.columns)
            for constraint in self.table.constraints
            if isinstance(constraint, UniqueConstraint)
        )

    def default(self, attribute: str) -> Any:
        """What the table says for a value that isn't given."""
        return default_of(self.table.c[attribute])

    def empty(self, cell: Cell) -> Any:
        """What an empty cell means; REQUIRED where it is a fault."""
        if cell.required:
            return cells.REQUIRED
        return "" if cell.attribute is None else self.default(cell.attribute)


def default_of(column: Column[Any]) -> Any:
    """The scalar default of a column as both drivers take it, or None."""
    value = getattr(column.default, "arg", None)
    return int(value) if isinstance(value, bool) else value


def _needed(header: str, attribute: str | None, parse: Parser) -> Cell:
    return Cell(header, attribute, parse, required=True)


def _order_number(given: str) -> str:
    """Ours without the spaces and the sign in which our letters and screens show it; another's as it is."""
    return bare_number(given) or _code(given)


_inn, _short, _name, _long = cells.digits(10, 12), cells.text(50), cells.text(200), cells.text(500)
_code, _money, _exact = cells.text(100), cells.sum_of_money, cells.scaled(PLACES)
_tables = METADATA.tables

ORGANIZATION_REF = Reference(
    "organization_id", _tables["organizations"], (INN,), ("inn",), "организация с таким ИНН не найдена"
)
BUILDING_REF = Reference("building_id", _tables["buildings"], ("Код дома",), ("code",), "дом с таким кодом не найден")
ACCOUNT_REF = Reference(
    "account_id", _tables["accounts"], (INN, ACCOUNT), ("organization_id", "number"),
    "лицевой счет у этой организации не найден", ORGANIZATION_REF,
)  # fmt: skip
RECEIPT_REF = Reference(
    "receipt_id", _tables["receipts"], (INN, ACCOUNT, KIND, MONTH), ("account_id", "kind", "month"),
    "квитанция этого лицевого счета за этот месяц не найдена", ACCOUNT_REF,
)  # fmt: skip
METER_REF = Reference(
    "meter_id", _tables["meters"], (INN, "Код ПУ"), ("organization_id", "code"),
    "прибор учета с таким кодом у этой организации не найден", ORGANIZATION_REF,
)  # fmt: skip

_ACCOUNT_CELLS = (_needed(INN, None, _inn), _needed(ACCOUNT, None, _short))
_RECEIPT_CELLS = (*_ACCOUNT_CELLS, _needed(KIND, None, _code), _needed(MONTH, None, cells.month))

ORGANIZATIONS = Layout("organizations", _tables["organizations"], (
    _needed(INN, "inn", _inn),
    Cell("КПП", "kpp", cells.text(9)),
    _needed("Наименование", "name", _long),
    Cell("Краткое наименование", "short_name", _name),
    Cell("Расчетный счет", "bank_account", cells.digits(20)),
    Cell("Банк", "bank", _name),
    Cell("БИК", "bic", cells.digits(9)),
    Cell("Корр. счет", "correspondent_account", cells.digits(20)),
    Cell("Адрес", "address", _long),
    Cell("Телефон", "phone", _code),
    Cell("Оплата подключена", "takes_payments", cells.flag),
    Cell("Комиссия, %", "commission_rate", cells.scaled(2, low=0, high=100_00)),
    Cell("Комиссия, мин.", "commission_minimum", _money),
    Cell("Комиссию платит", "commission_by", cells.one_of({"плательщик": PAYER, "организация": ORGANIZATION})),
    Cell("Предел платежа", "payment_ceiling", cells.scaled(2, low=1_00, high=MAX_KOPECKS)),
    Cell("Чек", "fiscal_mode", cells.one_of({"перевод": TRANSFER, "касса": OWN_TILL, "освобождена": EXEMPT})),
    Cell("Показания с (день)", "window_opens", cells.whole(1, 31)),
    Cell("Показания по (день)", "window_closes", cells.whole(1, 31)),
    Cell("Оплатить до (день)", "due_day", cells.whole(1, 31)),
))  # fmt: skip

BUILDINGS = Layout("buildings", _tables["buildings"], (
    _needed("Код дома", "code", _code),
    Cell("Город", "city", _code),
    _needed("Улица", "street", _name),
    _needed("Дом", "house", _short),
    _needed("Многоквартирный", "apartments", cells.flag),
    Cell("Широта", "latitude", cells.coordinate(90)),
    Cell("Долгота", "longitude", cells.coordinate(180)),
), derived={"house_key": ("Дом", house_key)})  # fmt: skip

ACCOUNTS = Layout("accounts", _tables["accounts"], (
    _needed(INN, None, _inn),
    _needed(ACCOUNT, "number", _short),
    _needed("Код дома", None, _code),
    Cell("Квартира", "flat", _short),
    _needed("Фамилия", "surname", _name),
    Cell("Имя", "first_name", _name),
    Cell("Отчество", "patronymic", _name),
    Cell("Площадь", "area", cells.scaled(3, low=0, high=10**9)),
    Cell("Проживает", "residents", cells.whole(0, 9999)),
    Cell("ЕЛС", "els", _short),
    Cell("ИЖКУ", "izhku", _short),
    Cell("Закрыт", "closed_on", cells.day),
    Cell("ФИАС", "fias", _short),
), (ORGANIZATION_REF, BUILDING_REF), {
    "number_key": (ACCOUNT, account_key),
    "flat_key": ("Квартира", house_key),
    "surname_key": ("Фамилия", surname_key),
})  # fmt: skip

RECEIPTS = Layout("receipts", _tables["receipts"], (
    *_ACCOUNT_CELLS,
    _needed(KIND, "kind", _code),
    _needed(MONTH, "month", cells.month),
    _needed("Дата выпуска", "issued_on", cells.day),
    Cell("Номер ПД", "document_number", _code),
    Cell("Предварительно начислено", "advance", _money),
    Cell("Предварительно пени", "advance_penalty", _money),
), (ACCOUNT_REF,))  # fmt: skip

BALANCES = Layout("balances", _tables["balance_lines"], (
    *_RECEIPT_CELLS,
    _needed("Услуга", "service", _name),
    _needed("Долг", "debt", _money),
    _needed("Оплачено", "paid", _money),
    _needed("Начислено", "charged", _money),
    _needed("Итого", "total", _money),
    Cell("Долг пени", "penalty_debt", _money),
    Cell("Оплачено пени", "penalty_paid", _money),
    Cell("Начислено пени", "penalty_charged", _money),
    Cell("Итого пени", "penalty_total", _money),
), (RECEIPT_REF,))  # fmt: skip

ACCRUALS = Layout("accruals", _tables["accruals"], (
    *_RECEIPT_CELLS,
    _needed("№ строки", "line", cells.whole(0, _HUGE)),
    _needed("Услуга", "service", _name),
    _needed("Тип операции", "operation", _code),
    Cell("Тариф", "tariff", _exact),
    Cell("Единица", "unit", _short),
    Cell("Норматив", "norm", _exact),
    Cell("Объем", "volume", _exact),
    _needed("Период с", "period_from", cells.month),
    Cell("Период по", "period_to", cells.month),
    Cell("k", "months", cells.whole(0, 9999)),
    _needed("Сумма", "amount", _money),
), (RECEIPT_REF,))  # fmt: skip

PAYMENTS = Layout("payments", _tables["posted_payments"], (
    *_ACCOUNT_CELLS,
    _needed("Код платежа", "code", _code),
    _needed("Вид оплаты", "kind", _name),
    _needed("Дата приема", "accepted_on", cells.day),
    Cell("Дата обработки", "processed_on", cells.day),
    _needed("Сумма", "amount", _money),
    Cell("Номер заказа", "order_number", _order_number),
), (ORGANIZATION_REF, ACCOUNT_REF))  # fmt: skip

METERS = Layout("meters", _tables["meters"], (
    *_ACCOUNT_CELLS,
    _needed("Код ПУ", "code", _code),
    _needed("Номер", "serial", _code),
    _needed("Наименование", "name", _name),
    _needed("Ресурс", "resource", _code),
    Cell("Место установки", "place", _name),
    Cell("Дата установки", "installed_on", cells.day),
    Cell("Дата поверки", "verification_due", cells.day),
    Cell("Дата начала расчета", "started_on", cells.day),
    Cell("Дата окончания расчета", "ended_on", cells.day),
    Cell("Причина снятия с расчета", "end_reason", _name),
    Cell("Разрядность", "digits", cells.whole(1, 9)),
    Cell("Знаков после запятой", "decimals", cells.whole(0, 3)),
    Cell("Тарифных зон", "scales", cells.whole(1, 3)),
), (ORGANIZATION_REF, ACCOUNT_REF))  # fmt: skip

READINGS = Layout("readings", _tables["readings"], (
    _needed(INN, None, _inn),
    _needed("Код ПУ", None, _code),
    Cell("Зона", "scale", cells.whole(1, 3)),
    Cell("Дата учета", "accounted_on", cells.day),
    _needed("Дата снятия", "taken_on", cells.day),
    _needed("Источник", "source", _code),
    _needed("Показание", "value", cells.reading),
), (METER_REF,), same_as={"accounted_on": "taken_on"})  # fmt: skip

#: Billing's answers to what an export handed to it; `exchange.answers` finds the reading that each one speaks of.
READING_ANSWERS = Layout("reading_answers", _tables["reading_answers"], (
    _needed(INN, None, _inn),
    _needed("Код ПУ", None, _code),
    Cell("Зона", None, cells.whole(1, 3)),
    _needed("Дата снятия", None, cells.day),
    Cell("Показание", None, cells.reading),
    _needed("Результат", None, cells.accounted),
    Cell("Причина", None, _long),
), (METER_REF,))  # fmt: skip

#: In the order in which they refer to one another.
LAYOUTS = (
    ORGANIZATIONS, BUILDINGS, ACCOUNTS, RECEIPTS, BALANCES, ACCRUALS, PAYMENTS, METERS, READINGS, READING_ANSWERS,
)  # fmt: skip
BY_NAME = {layout.name: layout for layout in LAYOUTS}
