"""What the bank knows of an order. Sums in kopecks, moments in seconds since 1970."""

from dataclasses import dataclass
from enum import IntEnum

RBS, JSON = "rbs", "json"
RUB = "643"


class Status(IntEnum):
    """`orderStatus` as RBS has it."""

    REGISTERED = 0
    HELD = 1
    PAID = 2
    REVERSED = 3
    REFUNDED = 4
    AUTHORISING = 5
    DECLINED = 6


#: `actionCode` and its words.
PAID_CODE, NO_TRY = 0, -100
ISSUER_SAYS_NO, NO_MONEY, NOT_PROVED, TIMED_OUT, BY_SHOP = 120, 116, -2006, -2007, -2003
WORDS = {
    PAID_CODE: "Операция прошла успешно",
    NO_TRY: "Не было попыток оплаты",
    ISSUER_SAYS_NO: "Отказ в проведении операции: транзакция не разрешена эмитентом",
    NO_MONEY: "Недостаточно средств на карте",
    NOT_PROVED: "Плательщик не подтвердил оплату кодом из СМС",
    TIMED_OUT: "Истёк срок, отведённый на ввод данных карты",
    BY_SHOP: "Заказ отклонён магазином",
}


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `closed`: no card can be tried in it any more. `tried`: wrong codes of the 3-D Secure step so far."""

    bank_id: str
    merchant: str
    wire: str
    number: str
    amount: int
    currency: str
    description: str
    return_url: str
    fail_url: str
    email: str
    extra: str
    created: float
    expires: float
    capture: int = 1
    status: int = Status.REGISTERED
    closed: int = 0
    code: int = NO_TRY
    approved: int = 0
    deposited: int = 0
    refunded: int = 0
    pan: str = ""
    expiry: str = ""
    approval: str = ""
    paid_at: float = 0.0
    card: str = ""
    tried: int = 0

    @property
    def words(self) -> str:
        """`actionCodeDescription`."""
        return WORDS[self.code]

    @property
    def rest(self) -> int:
        """What may still be given back."""
        return self.deposited - self.refunded


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back."""

    refund_id: str
    bank_id: str
    amount: int
    at: float
