"""Payments of the demonstration, made by the real services over the stand-in bank's books, in days that are past.

Those of the flat that two logins share are billing's own payments of its package, given their orders' numbers, so that
no balance has to change; the others pay ahead for an account that owes nothing, or come to nothing.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.clock import format_date, zone
from lk_reflex.core.db import Database, Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.billing.tables import BalanceLine, PostedPayment, Receipt
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.payments.history import PAID_HERE, RETURNED_HERE
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.placing import Wanted, place
from lk_reflex.domain.payments.orders.schedule import PAYERS_TIME
from lk_reflex.domain.payments.orders.starting import start
from lk_reflex.domain.payments.orders.telling import FEED_KIND
from lk_reflex.domain.payments.tables import ADVANCE, MAIN, Order, OrderLine, PostingLine
from lk_reflex.exchange.demo.cast import MANUAL, OVERPAID
from lk_reflex.exchange.demo.tariffs import WATER
from lk_reflex.exchange.exporter import export
from lk_reflex.exchange.importer import import_package
from lk_reflex.launch.demo_bank import DemoBanks
from lk_reflex.standins.bank.cards import Way

AHEAD, BACK = 1_500_00, 100_00
_HEADER: Final = "ИНН;Лицевой счет;Код платежа;Вид оплаты;Дата приема;Дата обработки;Сумма;Номер заказа"
_ABOUT = (
    select(
        col(Organization.id).label("organization_id"),
        col(Organization.inn),
        col(Account.id).label("account_id"),
        col(Account.number),
        col(Organization.time_zone),
        col(Receipt.id).label("receipt_id"),
        col(Receipt.kind),
        col(Receipt.month),
    )
    .select_from(Receipt)
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Organization.inn) == bindparam("inn"), col(Account.number) == bindparam("number"))
    .order_by(col(Receipt.month).desc(), col(Receipt.id).desc())
)
_LINES = select(col(BalanceLine.service), col(BalanceLine.total), col(BalanceLine.penalty_total)).where(
    col(BalanceLine.receipt_id) == bindparam("receipt_id")
)
_POSTED = select(
    col(PostedPayment.code), col(PostedPayment.accepted_on), col(PostedPayment.processed_on), col(PostedPayment.amount)
).where(
    col(PostedPayment.account_id) == bindparam("account_id"),
    col(PostedPayment.amount) == bindparam("amount"),
    col(PostedPayment.accepted_on) >= bindparam("first"),
    col(PostedPayment.accepted_on) <= bindparam("last"),
)
_PAYER = select(col(User.id)).where(col(User.email_key) == bindparam("email"))


@dataclass(frozen=True)
class _Known:
    """A receipt with its services, and billing's payment of just that sum."""

    receipt: Any
    lines: tuple[tuple[str, int], ...]
    posted: Any


class _Demo:
    """The payer, the bank, and a clock that goes through the days."""

    def __init__(self, base: Database, folder: Path, site: str, email: str) -> None:
        self.base, self.folder, self.site = base, folder, site
        self.now = datetime(2000, 1, 1, tzinfo=UTC)
        self.banks = DemoBanks(folder / "bank", self.clock)
        self.payer = base.read(lambda db: db.value(_PAYER, email=email))

    def clock(self) -> datetime:
        return self.now

    def at(self, day: date, hour: int, zone_name: str) -> None:
        self.now = datetime.combine(day, time(hour, 24), tzinfo=zone(zone_name)).astimezone(UTC)

    def pay(self, about: Any, lines: tuple[Wanted, ...], way: Way) -> str:
        """From «Оплатить» to the return from the bank; returns the order's number."""
        number = self.base.write(
            place, organization_id=about.organization_id, lines=lines, user_id=self.payer, link_id=None, email="",
            once_key=f"demo {self.now:%Y%m%d}", gateway=self.banks.kind(about.inn), lives=PAYERS_TIME, now=self.now,
        ).number  # fmt: skip
        start(self.base, self.banks, number, site=self.site, clock=self.clock)
        self.now += timedelta(minutes=3)
        self.banks.of(about.inn).try_card(number, way)
        self.look(number, Cause.RETURN)
        return number

    def give_back(self, about: Any, number: str, amount: int) -> None:
        self.banks.of(about.inn).give_back(number, amount)
        self.look(number, Cause.SCHEDULE)

    def look(self, number: str, cause: Cause) -> None:
        self.now += timedelta(minutes=1)
        look(self.base, self.banks, number, cause=cause, clock=self.clock, site=self.site)

    def hand_over(self) -> None:
        """The next night's register."""
        self.now += timedelta(hours=12)
        export(self.base, "payments", self.folder / "payments" / "register.csv", clock=self.clock)


def make_demo_payments(base: Database, folder: Path, *, site: str, email: str, today: date) -> None:
    """The shared flat's payments of two months, one with a part given back; one ahead, in process; one declined.

    `folder` is the stand-ins' one. A package too small for some of them goes without.
    """
    demo = _Demo(base, folder, site, email)
    (folder / "payments").mkdir(parents=True, exist_ok=True)
    rows: list[list[str]] = []
    for place_, known in enumerate(reversed(base.read(_water_bills)[:2])):
        rows += _accounted(demo, known, give_back=place_ == 0)
    if rows:
        _bring_back(base, folder / "payments", rows)
    _ahead(demo, today)
    read = update(Notification).where(col(Notification.kind) == FEED_KIND, col(Notification.user_id) == demo.payer)
    base.write(lambda db: db.change(read.values(read_at=col(Notification.created_at))))


def _water_bills(db: Reader) -> list[_Known]:
    """Of the manual's account, newest first: those that a newer one has followed and billing has a payment of."""
    inn, number = MANUAL
    found = []
    for about in [row for row in db.rows(_ABOUT, inn=inn, number=number) if row.kind == WATER][1:]:
        services = [
            (line.service, line.total + line.penalty_total) for line in db.rows(_LINES, receipt_id=about.receipt_id)
        ]
        amount = sum(total for _, total in services)
        month: Month = about.month.shift(1)
        posted = db.first(_POSTED, account_id=about.account_id, amount=-amount, first=month.day(1), last=month.day(31))
        if posted is not None and all(total > 0 for _, total in services):
            found.append(_Known(about, tuple(services), posted))
    return found


def _accounted(demo: _Demo, known: _Known, *, give_back: bool) -> list[list[str]]:
    """Pay it as billing has it, hand it over; the rows by which billing answers."""
    about, posted = known.receipt, known.posted
    demo.at(posted.accepted_on, 19, about.time_zone)
    due = sum(amount for _, amount in known.lines)
    lines = tuple(
        Wanted(about.account_id, about.receipt_id, service, MAIN, amount, due) for service, amount in known.lines
    )
    number = demo.pay(about, lines, Way.PAID)
    demo.hand_over()
    rows = [_row(about, posted.code, PAID_HERE, posted.accepted_on, posted.processed_on, posted.amount, number)]
    if give_back:
        day = posted.accepted_on + timedelta(days=5)
        demo.at(day, 11, about.time_zone)
        demo.give_back(about, number, BACK)
        demo.hand_over()
        back = _shared_back(demo.base, about.account_id, number)
        rows.append(_row(about, f"{posted.code}-R", RETURNED_HERE, day, day + timedelta(days=2), back, number))
    return rows


def _shared_back(base: Database, account_id: int, number: str) -> int:
    """What of the refund is the services': the commission gives its part."""
    shares = (
        select(col(PostingLine.amount))
        .join(OrderLine, col(OrderLine.id) == col(PostingLine.order_line_id))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(col(Order.number) == number, col(OrderLine.account_id) == account_id, col(PostingLine.amount) < 0)
    )
    with base.engine.connect() as connection:
        return -sum(connection.execute(shares).scalars())


def _row(
    about: Any, code: str, kind: str, accepted: date, processed: date | None, amount: int, number: str
) -> list[str]:
    money = f"{'-' if amount < 0 else ''}{abs(amount) // 100},{abs(amount) % 100:02d}"
    quoted = '"' + kind.replace('"', '""') + '"'
    return [about.inn, about.number, code, quoted, format_date(accepted), format_date(processed), money, number]


def _bring_back(base: Database, folder: Path, rows: list[list[str]]) -> None:
    """Billing's answer, through the real importer."""
    package = folder / "package"
    package.mkdir(exist_ok=True)
    text = "\n".join([_HEADER, *(";".join(row) for row in rows)])
    (package / "payments.csv").write_text(f"{text}\n", encoding="utf-8")
    if not import_package(base, package).imported:
        raise RuntimeError("the demonstration's payments were refused")


def _ahead(demo: _Demo, today: date) -> None:
    """Of the account that pays ahead: a card without money four days ago, a good one yesterday."""
    inn, number = OVERPAID
    about = next(iter(demo.base.read(lambda db: db.rows(_ABOUT, inn=inn, number=number))), None)
    if about is None:
        return
    lines = (Wanted(about.account_id, about.receipt_id, "", ADVANCE, AHEAD, 0),)
    for days, way in ((4, Way.NO_MONEY), (1, Way.PAID)):
        demo.at(today - timedelta(days=days), 18, about.time_zone)
        demo.pay(about, lines, way)
