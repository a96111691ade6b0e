"""A bank in memory for the desk's tests, with the ways in which a real one lets down."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lk_reflex.integrations.bank.port import Bank, BankState, Hints, Rejected, Silent, Stage


@dataclass
class DeskBank:
    """One gateway for every organization. `before_refund` and `after_refund` run around the doing of a refund.

    `deaf` is silent to everything; `known` are the orders as the bank has them.
    """

    kind: str = "rbs"
    knows_repeats: bool = False
    deaf: bool = False
    known: dict[str, BankState] = field(default_factory=dict)
    told: list[tuple[str, int, str]] = field(default_factory=list)
    before_refund: Callable[[], None] = lambda: None
    after_refund: Callable[[], None] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, inn: str) -> Bank:
        return self  # pyright: ignore[reportReturnType]

    def hints(self, inn: str) -> Hints:
        raise NotImplementedError

    def paid(self, number: str, amount: int = 539_20) -> None:
        """The bank has taken the money of this order."""
        self.known[number] = BankState(number, f"bank-{number}", Stage.PAID, amount, captured=amount)

    def state(self, number: str, bank_id: str = "") -> BankState | None:
        if self.deaf:
            raise Silent("no answer")
        return self.known.get(number)

    def refund(self, number: str, bank_id: str, amount: int, *, key: str) -> None:
        self.told.append((number, amount, key))
        self.before_refund()
        self.back(number, amount)
        self.after_refund()

    def back(self, number: str, amount: int) -> None:
        """Money goes back, at our word or at somebody's at the bank."""
        with self.lock:
            now = self.known[number]
            if now.refunded + amount > now.captured:
                raise Rejected("7", "Сумма возврата больше суммы платежа")
            self.known[number] = replace(now, stage=Stage.REFUNDED, refunded=now.refunded + amount)

    def reverse(self, number: str, bank_id: str) -> None:
        self.known[number] = replace(self.known[number], stage=Stage.REVERSED)


def silent() -> None:
    raise Silent("no answer")
