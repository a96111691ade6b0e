"""The daily totals as ready strings. No Reflex here."""

from dataclasses import dataclass
from datetime import date

from lk_reflex.core.clock import format_date
from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.desk.totals import DayTotals, Differing, Unaccounted
from lk_reflex.domain.payments.orders.present import grouped
from lk_reflex.ui.paths import staff_order, staff_orders_of


@dataclass(frozen=True)
class DayRow:
    """One organization's day: what was taken and, if any, given back.

    `differs` where our postings aren't what the bank says; `key` names the day for a press.
    """

    key: str
    day: str
    href: str
    organization: str
    query: str
    orders: str
    captured: str
    refunded: str
    paid: str
    back: str
    difference: str
    differs: bool
    flagged: str
    open: str
    looked: str


@dataclass(frozen=True)
class OrderLink:
    """An order that doesn't agree with billing, and how."""

    number: str
    href: str
    how: str


def day_row(one: DayTotals) -> DayRow:
    """A line of the totals."""
    day = format_date(one.day)
    return DayRow(
        key=f"{one.organization_id}:{one.day.isoformat()}",
        day=day,
        href=staff_orders_of(one.organization_id, day),
        organization=one.organization,
        query=f"organization={one.organization_id}&day={one.day.isoformat()}",
        orders=str(one.orders),
        captured=format_money(one.captured),
        refunded=f"возвращено {format_money(one.refunded)}" if one.refunded else "",
        paid=format_money(one.paid),
        back=f"возвращено {format_money(one.back)}" if one.back else "",
        difference=format_money(one.difference),
        differs=one.difference != 0,
        flagged=f"требуют внимания: {one.flagged}" if one.flagged else "",
        open=f"ещё не выяснено: {one.open} на {format_money(one.open_total)}" if one.open else "",
        looked=f"проверено {one.looked_at:%d.%m.%Y %H:%M}" if one.looked_at else "",
    )


def unaccounted(one: Unaccounted) -> OrderLink:
    """«… передан 14.11.2026, дней: 6»."""
    how = f"передан {format_date(one.handed_on)}, дней: {one.days}"
    return OrderLink(grouped(one.number), staff_order(one.number), how)


def differing(one: Differing) -> OrderLink:
    """«… лицевой счет 1234567899: принято у нас 539,20, у биллинга 500,00»."""
    how = "; ".join(account.how for account in one.accounts)
    return OrderLink(grouped(one.number), staff_order(one.number), how)


def day_of(key: str) -> tuple[int, date] | None:
    """What a press names; None for anything else."""
    organization, _, day = key.partition(":")
    try:
        return int(organization), date.fromisoformat(day)
    except ValueError:
        return None
