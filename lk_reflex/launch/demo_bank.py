"""The demonstration's bank, spoken to without a network: the same books that its stand-in serves afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lk_reflex.integrations.bank.gateways import JSON, RBS
from lk_reflex.integrations.bank.port import BankState, Forged, Hint, Registered, Request, Stage
from lk_reflex.standins import secrets
from lk_reflex.standins.bank.cards import CARDS, Typed, Way
from lk_reflex.standins.bank.desk import Desk, Unknown, drafted
from lk_reflex.standins.bank.model import NO_MONEY, Order, Status
from lk_reflex.standins.bank.setup import Setup

_STAGES = {
    Status.REGISTERED: Stage.REGISTERED,
    Status.HELD: Stage.HELD,
    Status.PAID: Stage.PAID,
    Status.REVERSED: Stage.REVERSED,
    Status.REFUNDED: Stage.REFUNDED,
    Status.AUTHORISING: Stage.AUTHORISING,
    Status.DECLINED: Stage.DECLINED,
}
_CODES = {NO_MONEY: "insufficient_funds"}


@dataclass
class DemoBank:
    """One organization's account; the port `Bank`."""

    desk: Desk
    merchant: str
    kind: str
    knows_repeats: bool = False

    def register(self, request: Request) -> Registered:
        """As either wire would."""
        fields = {
            "number": request.number, "description": request.description, "return_url": request.return_url,
            "fail_url": request.fail_url, "email": request.email, "extra": "",
        }  # fmt: skip
        order = self.desk.register(
            drafted(fields, merchant=self.merchant, wire=self.kind, amount=request.amount, lives=request.lives,
                    now=self.desk.now())
        )  # fmt: skip
        return Registered(order.bank_id, f"/demo/bank/pay/{order.bank_id}")

    def state(self, number: str, bank_id: str = "") -> BankState | None:
        """By our number."""
        try:
            order = self.desk.seen(merchant=self.merchant, number=number).order
        except Unknown:
            return None
        return _state(order)

    def refund(self, number: str, bank_id: str, amount: int, *, key: str) -> None:
        """Give back."""
        self.desk.refund(bank_id, amount, self.merchant)

    def reverse(self, number: str, bank_id: str) -> None:
        """Undo a hold."""
        self.desk.reverse(bank_id, self.merchant)

    def decline(self, number: str, bank_id: str) -> None:
        """Close."""
        self.desk.decline(bank_id, self.merchant)

    def try_card(self, number: str, way: Way) -> None:
        """What the payer does on the bank's page."""
        card = next(card for card in CARDS if card.way is way)
        order = self.desk.seen(merchant=self.merchant, number=number).order
        self.desk.pay(order.bank_id, Typed(way, card.number, "203112", {}))

    def give_back(self, number: str, amount: int) -> None:
        """What the bank's clerk does."""
        order = self.desk.seen(merchant=self.merchant, number=number).order
        self.desk.refund(order.bank_id, amount)


class DemoBanks:
    """The port `Banks` over the books in `folder`. Nobody is called back."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._desk = Desk(Setup(folder), clock)

    def of(self, inn: str) -> DemoBank:
        """Each organization has its account."""
        return DemoBank(self._desk, inn, self.kind(inn))

    def hints(self, inn: str) -> "DemoBanks":
        """None come."""
        return self

    def hint(self, fields: object, body: bytes) -> Hint:
        """Raises Forged: nobody calls."""
        raise Forged("nobody calls a demonstration that is being filled")

    def kind(self, inn: str) -> str:
        """The wire that the stand-in serves this organization over."""
        return JSON if inn == secrets.BANK_JSON_INN else RBS


def _state(order: Order) -> BankState:
    return BankState(
        number=order.number,
        bank_id=order.bank_id,
        stage=_STAGES[Status(order.status)],
        amount=order.amount,
        captured=order.deposited,
        refunded=order.refunded,
        code=_CODES.get(order.code, "") if order.wire == JSON else str(order.code),
        card=order.pan,
        paid_at=datetime.fromtimestamp(order.paid_at, UTC) if order.paid_at else None,
    )
