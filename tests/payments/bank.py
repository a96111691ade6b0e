"""A bank in memory that does what it is told: answers, refuses, says nothing before or after having done its work."""

from collections import Counter, defaultdict, deque
from dataclasses import replace
from datetime import datetime
from threading import Lock

from lk_reflex.core.errors import Unavailable
from lk_reflex.integrations.bank.port import (
    RUB,
    Bank,
    BankState,
    Hints,
    NumberTaken,
    Registered,
    Rejected,
    Request,
    Silent,
    Stage,
)

#: What may go wrong with a call: nothing was done and nothing said, or all was done and nothing said.
BEFORE, AFTER = "before", "after"
CARD = "411111******1111"
UNPAID = (Stage.REGISTERED, Stage.AUTHORISING, Stage.DECLINED)


class MemoryBank:
    """Orders by number. `tells_pages`: repeats an order's page when asked; `repeats`: a number again is the same."""

    kind = "rbs"
    knows_repeats = False

    def __init__(self, *, tells_pages: bool = False, repeats: bool = False) -> None:
        self.orders: dict[str, BankState] = {}
        self.requests: dict[str, Request] = {}
        self.calls: Counter[str] = Counter()
        self.trouble: defaultdict[str, deque[str | Exception]] = defaultdict(deque)
        self.down = False
        self.tells_pages, self.repeats = tells_pages, repeats
        self._lock = Lock()

    # What the cabinet asks.

    def register(self, request: Request) -> Registered:
        with self._call("register"):
            known = self.orders.get(request.number)
            if known is not None and not self.repeats:
                raise NumberTaken("1", "Заказ с таким номером уже зарегистрирован")
            bank_id = f"md-{request.number}"
            if known is None:
                self.requests[request.number] = request
                self.orders[request.number] = BankState(
                    request.number, bank_id, Stage.REGISTERED, request.amount, form_url=self._page(bank_id)
                )
            return Registered(bank_id, f"https://bank.example/pay/{bank_id}")

    def state(self, number: str, bank_id: str = "") -> BankState | None:
        with self._call("state"):
            return self.orders.get(number)

    def refund(self, number: str, bank_id: str, amount: int, *, key: str) -> None:
        with self._call("refund"):
            self._give_back(number, amount)

    def reverse(self, number: str, bank_id: str) -> None:
        with self._call("reverse"):
            if self.orders[number].stage is not Stage.HELD:
                raise Rejected("7")
            self._become(number, stage=Stage.REVERSED)

    def decline(self, number: str, bank_id: str) -> None:
        with self._call("decline"):
            order = self.orders.get(number)
            if order is None or not (order.stage is Stage.REGISTERED or order.retries):
                raise Rejected("7")
            self._become(number, stage=Stage.DECLINED, retries=False)

    # What happens at the bank.

    def pay(self, number: str, *, at: datetime | None = None) -> None:
        amount = self.orders[number].amount
        self._become(number, stage=Stage.PAID, captured=amount, card=CARD, code="", retries=False, paid_at=at)

    def refuse(self, number: str, code: str = "116", *, retries: bool = False) -> None:
        self._become(number, stage=Stage.DECLINED, code=code, retries=retries)

    def think(self, number: str) -> None:
        self._become(number, stage=Stage.AUTHORISING)

    def hold(self, number: str) -> None:
        self._become(number, stage=Stage.HELD)

    def give_back(self, number: str, amount: int) -> None:
        with self._lock:
            self._give_back(number, amount)

    def undo(self, number: str) -> None:
        """A payment of the same day taken back as a whole: no amounts any more."""
        self._become(number, stage=Stage.REVERSED, captured=0, refunded=0)

    def change(self, number: str, **changes: object) -> None:
        self._become(number, **changes)

    def kept(self) -> int:
        """What the bank has of payers in all, by its own books."""
        return sum(order.captured - order.refunded for order in self.orders.values())

    def _give_back(self, number: str, amount: int) -> None:
        order = self.orders[number]
        if order.captured - order.refunded < amount:
            raise Rejected("7", "Сумма возврата превышает сумму списания")
        self._become(number, refunded=order.refunded + amount, stage=Stage.REFUNDED)

    def _become(self, number: str, **changes: object) -> None:
        self.orders[number] = replace(self.orders[number], **changes)

    def _page(self, bank_id: str) -> str:
        return f"https://bank.example/pay/{bank_id}" if self.tells_pages else ""

    def _call(self, name: str) -> "_Call":
        return _Call(self, name)


class _Call:
    """One call: counted, and gone wrong where that was ordered."""

    def __init__(self, bank: MemoryBank, name: str) -> None:
        self.bank, self.name, self.fate = bank, name, None

    def __enter__(self) -> None:
        self.bank._lock.acquire()
        self.bank.calls[self.name] += 1
        planned = self.bank.trouble[self.name]
        self.fate = planned.popleft() if planned else None
        if self.bank.down or self.fate == BEFORE or isinstance(self.fate, Exception):
            self.bank._lock.release()
            raise self.fate if isinstance(self.fate, Exception) else Silent(self.name)

    def __exit__(self, fault: object, *_: object) -> None:
        self.bank._lock.release()
        if self.fate == AFTER and fault is None:
            raise Silent(self.name)


class MemoryBanks:
    """One bank for everybody, or one by INN."""

    def __init__(self, bank: MemoryBank, **by_inn: MemoryBank) -> None:
        self.bank, self.by_inn = bank, by_inn
        self.connected = True

    def of(self, inn: str) -> Bank:
        if not self.connected:
            raise Unavailable("Организация не подключена")
        return self.by_inn.get(inn, self.bank)

    def hints(self, inn: str) -> Hints:
        raise NotImplementedError

    def kind(self, inn: str) -> str:
        return self.of(inn).kind


def state(number: str, stage: Stage, amount: int, **more: object) -> BankState:
    """A bank's word: paid and refunded orders have captured all unless said otherwise."""
    captured = amount if stage in (Stage.PAID, Stage.REFUNDED) else 0
    given: dict[str, object] = {"captured": captured, "currency": RUB, "bank_id": f"md-{number}", **more}
    return BankState(number=number, stage=stage, amount=amount, **given)  # type: ignore[arg-type]
