"""Codes and links as ready strings, with their words. No Reflex here."""

from dataclasses import dataclass

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.payments.elsewhere.code import PayCode
from lk_reflex.domain.payments.links.mine import MyLink
from lk_reflex.domain.payments.links.state import LinkState
from lk_reflex.domain.payments.links.tokens import link_token
from lk_reflex.ui import paths

#: What becomes of a link, for its maker; those that can still be paid say until when.
_FATES = {
    LinkState.WAITING: "По ней сейчас платят на странице банка.",
    LinkState.CHECKING: "Платёж по ней проверяет банк.",
    LinkState.REFUNDED: "Оплачена, но деньги возвращены.",
    LinkState.EXPIRED: "Срок вышел, по ней никто не заплатил.",
    LinkState.REVOKED: "Отозвана.",
    LinkState.CHANGED: "Больше не действует: сумма в квитанции изменилась или пришла новая квитанция.",
    LinkState.COVERED: "Больше не действует: это уже оплачено другим платежом.",
    LinkState.CLOSED: "Больше не действует: организация не принимает оплату.",
}


@dataclass(frozen=True)
class CodeCard:
    """One receipt's code; `reason` stands in place of a code that can't be given."""

    key: str
    title: str
    amount: str
    drawing: str
    picture: str
    alt: str
    reason: str


@dataclass(frozen=True)
class LinkRow:
    """One link of the person's; `address` is empty where nobody can pay by it any more."""

    key: str
    receipt: str
    title: str
    address: str
    field_id: str
    fate: str
    kind: str


@dataclass(frozen=True)
class Payable:
    """One receipt of which a link can be made; `key` is its id."""

    key: str
    title: str
    amount: str


def code_card(code: PayCode, *, in_cart: bool) -> CodeCard:
    """A code as the page shows it."""
    return CodeCard(
        key=str(code.receipt_id),
        title=code.title,
        amount=format_money(code.amount),
        drawing=paths.pay_code(code.receipt_id, code.amount, "svg", in_cart=in_cart) if code.text else "",
        picture=paths.pay_code(code.receipt_id, code.amount, "png", in_cart=in_cart) if code.text else "",
        alt=f"Код для оплаты: {code.organization}, лицевой счет {code.account}, {format_roubles(code.amount)}",
        reason=code.reason,
    )


def link_row(link: MyLink, site: str, secret: bytes) -> LinkRow:
    """A link as its maker sees it."""
    return LinkRow(
        key=str(link.link_id),
        receipt=str(link.receipt_id),
        title=f"Ссылка на {format_roubles(link.amount)}",
        address=f"{site}{paths.pay_link(link_token(link.key, secret))}" if link.payable else "",
        field_id=f"pay-link-{link.link_id}",
        fate=_fate(link),
        kind="good" if link.state is LinkState.PAID else "info",
    )


def _fate(link: MyLink) -> str:
    if link.state is LinkState.PAID and link.paid_at:
        return f"Оплачена {format_date(local_date(link.paid_at, link.time_zone))}."
    until = f"Действует до {format_date(local_date(link.expires_at, link.time_zone))}."
    if link.state is LinkState.FAILED:
        return f"Последняя попытка оплаты не удалась. {until}"
    said = _FATES.get(link.state, "")
    return f"{said} {until}" if link.state is LinkState.WAITING else said or until
