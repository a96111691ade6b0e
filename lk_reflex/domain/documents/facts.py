"""What a receipt on paper says, in plain values: the PDF and the HTML page are drawings of these facts."""

from dataclasses import dataclass
from datetime import date

from lk_reflex.core.exact import format_scaled
from lk_reflex.core.months import Month
from lk_reflex.core.text import fold, visible
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.sums import Sums
from lk_reflex.domain.metering.tables import PLACES


@dataclass(frozen=True, slots=True)
class Payee:
    """The organization that issued the receipt, with its bank details as billing gave them."""

    name: str
    short_name: str
    inn: str
    kpp: str
    bank_account: str
    bank: str
    bic: str
    correspondent_account: str
    address: str
    phone: str

    @property
    def called(self) -> str:
        """«МУП «ПОВВ»»: the short name where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Whom and what the receipt is for. `area` in thousandths of m²; `flat` is empty for a private house."""

    account_id: int
    number: str
    els: str
    izhku: str
    surname: str
    first_name: str
    patronymic: str
    city: str
    street: str
    house: str
    flat: str
    area: int | None
    residents: int | None
    closed_on: date | None = None

    @property
    def living(self) -> str:
        """«2 чел.»; empty where nobody lives or nothing is known of it: «0 чел.» tells nobody anything."""
        return f"{self.residents} чел." if self.residents else ""

    @property
    def payer(self) -> str:
        """«ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ»."""
        return " ".join(part for part in (self.surname, self.first_name, self.patronymic) if part)

    @property
    def address(self) -> str:
        """«УЛ. КЫШТЫМСКАЯ, 10 - 1010», as on the pages."""
        return address_line(self.street, self.house, self.flat)

    @property
    def full_address(self) -> str:
        """The same with the town, where billing gave it."""
        return f"{self.city}, {self.address}" if self.city else self.address


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service by one tariff. `tariff`, `norm`, `volume` in millionths or None; kopecks; total of both sums.

    `recalculated` are the service's recalculations together; a second line of the same service has none.
    """

    service: str
    operation: str
    unit: str
    tariff: int | None
    norm: int | None
    volume: int | None
    period_from: Month | None
    period_to: Month | None
    charged: int
    recalculated: int

    @property
    def total(self) -> int:
        """What the line adds to the receipt, in kopecks."""
        return self.charged + self.recalculated


@dataclass(frozen=True, slots=True)
class Recalculation:
    """One recalculation for past months, in billing's words and with its own `k` (months)."""

    service: str
    operation: str
    period_from: Month | None
    period_to: Month | None
    months: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A service as on /charges: the sum itself and, apart from it, the penalty. Kopecks."""

    service: str
    main: Sums
    penalty: Sums


@dataclass(frozen=True, slots=True)
class MeterLine:
    """One scale of a meter. Values in thousandths; `current` is what billing counted in the receipt's month, or None.

    `scale` is «Т1» on a multi-tariff meter, otherwise empty; `volume` is the difference of both readings.
    """

    serial: str
    name: str
    place: str
    scale: str
    unit: str
    verification_due: date | None
    previous: int | None
    previous_on: date | None
    current: int | None
    current_on: date | None
    volume: int | None
    #: How many places the dial has: an electricity meter mostly has none to the thousandth.
    decimals: int = PLACES

    @property
    def called(self) -> str:
        """«ГВС, ванная, Т1»; the place once, where billing has put it into the name already («ГВС С/У»)."""
        said = set(fold(self.name).split()) >= set(fold(self.place).split())
        return ", ".join(part for part in (self.name, "" if said else self.place, self.scale) if part)

    def figure(self, value: int) -> str:
        """A reading or a volume with the dial's own places, «1 532,40»; more only where billing gave more."""
        return format_scaled(value, PLACES, show=self.decimals)


@dataclass(frozen=True, slots=True)
class Paper:
    """One receipt. Money in kopecks, as billing gave it: nothing is recomputed but the sums of lines (ИТОГО).

    `advance` is charged beforehand for the next month. `charged`, `recalculated` and `accrued` are ИТОГО of `services`.
    """

    receipt_id: int
    kind: str
    month: Month
    document_number: str
    issued_on: date
    due_on: date
    payee: Payee
    dwelling: Dwelling
    services: tuple[ServiceLine, ...]
    recalculations: tuple[Recalculation, ...]
    balance: tuple[BalanceRow, ...]
    meters: tuple[MeterLine, ...]
    charged: int
    recalculated: int
    main: Sums
    penalty: Sums
    advance: int
    advance_penalty: int

    @property
    def title(self) -> str:
        """«Квитанция Объединённая за СЕНТЯБРЬ 2019»."""
        return receipt_title(self.kind, self.month)

    @property
    def accrued(self) -> int:
        """ИТОГО of «Детализация начислений», in kopecks."""
        return self.charged + self.recalculated

    @property
    def total(self) -> int:
        """Итого к оплате with penalties; negative for an overpayment."""
        return self.main.total + self.penalty.total

    @property
    def amount(self) -> int:
        """What is to be paid by `due_on`: never negative, and what the payment code asks for."""
        return max(self.total, 0)

    @property
    def has_advance(self) -> bool:
        """Whether anything was charged beforehand for the next month."""
        return bool(self.advance or self.advance_penalty)

    @property
    def total_with_advance(self) -> int:
        """К оплате с учетом предварительного начисления (авансом), with penalties; may be negative."""
        return self.total + self.advance + self.advance_penalty

    @property
    def file_name(self) -> str:
        """«Квитанция 1234567899 Объединённая 2019-09.pdf», with nothing that a file system refuses."""
        plain = "".join(" " if char in '\\/:*?"<>|' else char for char in visible(self.kind))
        number = "".join(char for char in self.dwelling.number if char.isalnum() or char == "-")
        return f"Квитанция {number} {' '.join(plain.split())[:60]} {self.month.key}.pdf"
