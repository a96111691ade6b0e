"""The lines of the operators' list of orders as ready strings. No Reflex here."""

from dataclasses import dataclass

from lk_reflex.core.money import format_money
from lk_reflex.domain.mail.masks import masked_email
from lk_reflex.domain.payments.desk.listing import ListedOrder, OrdersPage
from lk_reflex.domain.payments.orders.present import grouped
from lk_reflex.ui.paths import staff_order
from lk_reflex.ui.staff.order_words import FLAGS, OTHER_FLAG, STATUSES, moment


@dataclass(frozen=True)
class OrderRow:
    """One order. `flag` is empty where nobody needs to look; `paid` says when, and what went back."""

    key: str
    number: str
    href: str
    created: str
    payer: str
    accounts: str
    organization: str
    total: str
    status: str
    kind: str
    flag: str
    paid: str
    back: str


@dataclass(frozen=True)
class Choice:
    """One option of a list to choose from."""

    key: str
    title: str


ANY_STATUS, ANY_PAYEE = Choice("", "Любое"), Choice("", "Все")
#: Which of an order's days are meant.
DAY_CHOICES = [Choice("", "создания"), Choice("paid", "оплаты")]
STATUS_CHOICES = [ANY_STATUS, *(Choice(str(status), word) for status, (word, _) in STATUSES.items())]


def order_row(one: ListedOrder) -> OrderRow:
    """A line of the list."""
    word, kind = STATUSES.get(one.status, (one.status, "info"))
    return OrderRow(
        key=one.number,
        number=grouped(one.number),
        href=staff_order(one.number),
        created=moment(one.created_at, one.time_zone),
        payer=masked_email(one.email) if one.email else "не указан",
        accounts=", ".join(one.accounts),
        organization=one.organization,
        total=format_money(one.total),
        status=word,
        kind=kind,
        flag=FLAGS.get(one.flag, OTHER_FLAG)[0] if one.flag else "",
        paid=moment(one.paid_at, one.time_zone),
        back=f"возвращено {format_money(one.refunded)}" if one.refunded else "",
    )


def counted(page: OrdersPage) -> list[str]:
    """What is under way, in words; nothing where nothing is."""
    said = [("Проверяются в банке", page.checking), ("Возвраты выполняются", page.refunding)]
    return [f"{words}: {number}" for words, number in said if number]
