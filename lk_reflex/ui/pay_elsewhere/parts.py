"""The two openers and what stands under them: a code for the bank's application, links for those who pay for us."""

from typing import Any

import reflex as rx
from reflex.experimental.client_state import ClientStateVar

from lk_reflex.ui.pay_elsewhere.rows import CodeCard, LinkRow, Payable
from lk_reflex.ui.pay_elsewhere.state import BILL, CODES, LINKS, LIST_ID, ElsewhereState
from lk_reflex.ui.shared.frame import Text, joined
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import notice, number

BY_CODE = "Оплатить по QR-коду в приложении банка"
BY_LINK = "Поделиться ссылкой на оплату"
HOW = "Наведите на код камеру в приложении банка: получатель, лицевой счет и сумма заполнятся сами."
ONE_PHONE = (
    "Если приложение банка в этом же телефоне, скачайте код и откройте картинку в приложении: "
    "обычно это кнопка «Из галереи» рядом с камерой."
)
COMMISSION = "Комиссию, если она есть, ваш банк назовёт до оплаты."
SAVE = "Скачать код"
CHANGED = "Сумма в корзине изменилась."
RENEW = "Показать код с новой суммой"
ABOUT_LINK = (
    "По ссылке любой человек заплатит вашу квитанцию картой, без входа в личный кабинет. "
    "Имён, адреса и начислений он не увидит."
)
MAKE = "Создать ссылку"
ADDRESS = "Адрес ссылки"
HINT = "Скопируйте и отправьте: по ссылке видно организацию, последние цифры счета и сумму."
COPY, COPIED = "Скопировать", "Скопировано."
REVOKE = "Отозвать"


def bill_elsewhere(shares: Any) -> rx.Component:
    """On the overview, over all receipts of the bill; `shares` is a var of whether the person may pay here."""
    return rx.el.div(
        _opener(BY_CODE, CODES, BILL),
        _below(CODES, BILL, _codes("")),
        rx.cond(shares, rx.fragment(_opener(BY_LINK, LINKS, BILL), _below(LINKS, BILL, _links()))),
        class_name="elsewhere",
    )


def receipt_elsewhere(receipt: Any, amount: Any, about: Text) -> rx.Component:
    """In the cart, of one receipt: its id, its sum as the cart shows it now, and its name for those who listen."""
    return rx.el.div(
        _opener(BY_CODE, CODES, receipt, about),
        _below(CODES, receipt, _codes(amount)),
        _opener(BY_LINK, LINKS, receipt, about),
        _below(LINKS, receipt, _links()),
        class_name="elsewhere",
    )


def _opener(title: str, what: str, where: Any, about: Text = "") -> rx.Component:
    name = joined(what, "-", where)
    return rx.el.button(
        title,
        *([rx.el.span(": ", about, class_name="hidden")] if not isinstance(about, str) else []),
        type="button",
        on_click=ElsewhereState.toggle(what, where),
        class_name="link-button opener",
        custom_attrs={
            "aria-expanded": rx.cond(ElsewhereState.opened == name, "true", "false"),
            "aria-controls": joined(what, "-of-", where),
        },
    )


def _below(what: str, where: Any, body: rx.Component) -> rx.Component:
    """Stays in the page while it is closed: the opener points at it."""
    return rx.el.div(
        rx.cond(ElsewhereState.opened == joined(what, "-", where), body),
        id=joined(what, "-of-", where),
        class_name="opened",
    )


def _codes(amount: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(HOW),
        rx.foreach(ElsewhereState.codes, lambda code: _present(code, amount)),
        rx.el.p(ONE_PHONE, class_name="small"),
        rx.el.p(COMMISSION, class_name="small muted"),
    )


def _present(code: CodeCard, amount: Any) -> rx.Component:
    """A code is shown beside the sum that it has, and never beside another one."""
    if isinstance(amount, str):
        return _code(code)
    stale = rx.el.div(
        rx.el.p(CHANGED),
        rx.el.button(RENEW, type="button", on_click=ElsewhereState.renew, class_name="button quiet"),
        class_name="stack",
        key=code.key,
    )
    return rx.cond(code.amount == amount, _code(code), stale)


def _code(code: CodeCard) -> rx.Component:
    with_code = rx.fragment(
        rx.el.img(src=code.drawing, alt=code.alt, class_name="pay-code"),
        rx.el.p(
            native_link(SAVE, rx.el.span(": ", code.title, class_name="hidden"), href=code.picture, download=True),
            class_name="take-away on-screen",
        ),
    )
    return rx.el.div(
        rx.el.p(rx.el.b(code.title, ":\u00a0"), number(code.amount, "руб.")),
        rx.cond(code.reason != "", notice("due", code.reason), with_code),
        class_name="stack",
        key=code.key,
    )


def _links() -> rx.Component:
    copied = ClientStateVar.create("copied_link", default="")
    return rx.el.div(
        rx.el.p(ABOUT_LINK),
        rx.foreach(ElsewhereState.payable, _make),
        rx.el.div(
            rx.cond(ElsewhereState.fault != "", notice("bad", ElsewhereState.fault)),
            rx.cond(ElsewhereState.said != "", rx.el.p(ElsewhereState.said)),
            role="status",
        ),
        rx.cond(
            ElsewhereState.links.length() > 0,
            rx.el.ul(rx.foreach(ElsewhereState.links, lambda link: _link(link, copied)), class_name="pay-links"),
        ),
        id=LIST_ID,
        tab_index=-1,
        class_name="stack",
    )


def _make(receipt: Payable) -> rx.Component:
    return rx.el.div(
        rx.el.p(receipt.title, ":\u00a0", number(receipt.amount, "руб.")),
        rx.el.button(
            MAKE,
            rx.el.span(": ", receipt.title, class_name="hidden"),
            type="button",
            on_click=ElsewhereState.share(receipt.key),
            class_name="button quiet",
        ),
        class_name="row",
        key=receipt.key,
    )


def _link(link: LinkRow, copied: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(rx.el.b(link.title), " ", link.fate),
        rx.cond(link.address != "", _address(link, copied)),
        key=link.key,
    )


def _address(link: LinkRow, copied: Any) -> rx.Component:
    hint = joined(link.field_id, "-hint")
    return rx.el.div(
        rx.el.div(
            rx.el.label(ADDRESS, html_for=link.field_id),
            rx.el.input(id=link.field_id, value=link.address, read_only=True, custom_attrs={"aria-describedby": hint}),
            rx.el.p(HINT, id=hint, class_name="hint"),
            class_name="field",
        ),
        rx.el.div(
            rx.el.button(
                COPY,
                type="button",
                on_click=[rx.set_clipboard(link.address), copied.set_value(link.key)],
                class_name="button quiet",
            ),
            rx.el.button(
                REVOKE,
                rx.el.span(": ", link.title, class_name="hidden"),
                type="button",
                on_click=ElsewhereState.revoke(link.key),
                class_name="button quiet",
            ),
            rx.el.span(rx.cond(copied.value == link.key, COPIED, ""), role="status"),
            class_name="row",
        ),
        class_name="stack",
    )
