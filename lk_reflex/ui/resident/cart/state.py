"""Корзина: what has been put in, the sums that may be typed over, and «что и сколько» before the bank."""

import secrets
from collections.abc import Mapping
from typing import Any

import reflex as rx

from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.cart.amounts import agree, type_amounts
from lk_reflex.domain.payments.cart.contents import CartPart, cart_contents
from lk_reflex.domain.payments.cart.putting import remove_from_cart
from lk_reflex.domain.payments.cart.replacing import replace_by_newer
from lk_reflex.domain.payments.orders.own_open import open_orders
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.flash import faults_in, note_in
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.fresh import show_fresh
from lk_reflex.ui.guard import resident
from lk_reflex.ui.open_payments import OpenPayment, open_payment
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.cart import words
from lk_reflex.ui.resident.cart.cards import OrganizationCard, field_id, organization_card
from lk_reflex.ui.resident.cart.checks import NO_CHECK, Check, checks_of
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.visit import Visit

CHECKING = "Проверьте платёж"
#: No sum that a person means is longer.
LONGEST = 100


class CartPageState(rx.State):
    """The cart of the signed-in person, over all accounts.

    The fields hold what the person types; a text from the server replaces it only where `turn` has grown.
    """

    loaded: bool = False
    heading: str = paths.TITLES[paths.CART]
    parts: list[OrganizationCard] = []
    total: str = ""
    payable: bool = False
    #: What came of «Заменить новой квитанцией» where the new one asks for nothing.
    said: str = ""
    under_way: list[OpenPayment] = []
    #: By row: why its text couldn't be taken; empty where it could.
    errors: dict[str, str] = {}
    faults: list[Fault] = []
    #: Grows with each answer to «Оплатить», by which the button knows that it came.
    answers: int = 0

    checking: bool = False
    check: Check = NO_CHECK
    later: list[Check] = []
    form_key: str = ""
    #: Why the press of «Оплатить» on the check page came to nothing.
    pay_fault: str = ""
    email: str = ""

    #: What the fields began with, by row; how often the server put another text there; what receipts asked for.
    _shown: dict[str, str] = {}
    _turns: dict[str, int] = {}
    _seen: dict[int, int] = {}
    #: The faults there are, by row.
    _wrong: dict[str, str] = {}

    @rx.event
    @resident
    def load(self, visit: Visit) -> Any:
        """Show the cart, or what will be paid, checked against the newest receipts."""
        show_fresh(visit, visit.chosen())
        if visit.opening:
            self._wrong = {}
            publish(self, said="", faults=[])
        orders = visit.read(open_orders)
        under_way = [open_payment(order, visit.now) for order in orders]
        publish(self, pay_fault=_pay_fault(visit), under_way=under_way)
        parts = self._show(visit, anew=True)
        if visit.query("check") == "":
            return self._turn(checking=False)
        checks = checks_of(parts, orders, visit.now)
        if not checks:
            self._turn(checking=False)
            return rx.redirect(paths.CART, replace=True)
        # A press by the Enter key, a double click, the browser's Back: the same rendering is one order.
        publish(self, check=checks[0], later=checks[1:], form_key=secrets.token_urlsafe(16), email=visit.actor.email)
        return self._turn(checking=True)

    @rx.event
    @resident(writes=True)
    def type_amount(self, visit: Visit, row: str, text: str) -> None:
        """A field was left: keep its sum if it is another one, and say what is wrong with it if it can't be read."""
        given = field_text({"text": text}, "text", longest=LONGEST)
        if isinstance(row, str) and row in self._shown:
            self._keep(visit, {row: given})
            self._show(visit)
            publish(self, faults=self._faults() if self.faults else [])

    @rx.event
    @resident(writes=True)
    def to_check(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Оплатить»: keep what stands in the fields and go on to «что и сколько», or lead to what is wrong."""
        given = form if isinstance(form, dict) else {}
        typed = {row: field_text(given, row, longest=LONGEST) for row in self._shown if isinstance(given.get(row), str)}
        seen = dict(self._seen)
        publish(self, answers=self.answers + 1, said="")
        self._keep(visit, typed)
        parts = self._show(visit)
        faults = self._faults() or _unpayable(parts)
        publish(self, faults=faults)
        if faults:
            return rx.set_focus(SUMMARY_ID)
        visit.write(agree, seen)
        return rx.redirect(paths.CART_CHECK)

    @rx.event
    @resident(writes=True)
    def take_out(self, visit: Visit, receipt: str) -> rx.event.EventSpec:
        """Take a receipt out; a repeat is quiet. Its button goes with it, so the focus moves to the heading."""
        visit.write(remove_from_cart, row_id(receipt))
        publish(self, said="", faults=[])
        self._show(visit)
        return rx.set_focus(TITLE_ID)

    @rx.event
    @resident(writes=True)
    def replace(self, visit: Visit, receipt: str) -> rx.event.EventSpec:
        """«Заменить новой квитанцией», in one press."""
        why = visit.write(replace_by_newer, row_id(receipt), now=visit.now)
        publish(self, said=f"{words.REPLACED_BY_NOTHING} {why.rstrip('.')}." if why else "", faults=[])
        self._show(visit)
        return rx.set_focus(TITLE_ID)

    def _show(self, visit: Visit, *, anew: bool = False) -> tuple[CartPart, ...]:
        """`anew`: also in fields that hold another sum than there is now: somebody has paid, or typed elsewhere."""
        parts = visit.read(cart_contents)
        visit.count()
        if anew:
            self._turn_fields(parts)
        cards = [organization_card(part, self._turns, visit.now) for part in parts]
        self._shown = {row.key: row.text for card in cards for one in card.receipts for row in one.rows if row.edits}
        self._wrong = {row: text for row, text in self._wrong.items() if row in self._shown}
        self._seen = {receipt.receipt_id: receipt.due for part in parts for receipt in part.receipts}
        publish(
            self,
            loaded=True,
            parts=cards,
            total=format_money(sum(part.total for part in parts)),
            payable=any(row for row in self._shown),
            errors={**dict.fromkeys(self._shown, ""), **self._wrong},
        )
        return parts

    def _turn_fields(self, parts: tuple[CartPart, ...]) -> None:
        now = {row.key: format_money(row.amount) for part in parts for one in part.receipts for row in one.rows}
        stale = [row for row, text in self._shown.items() if row in now and now[row] != text]
        self._turns = {**self._turns, **{row: self._turns.get(row, 0) + 1 for row in stale}}

    def _keep(self, visit: Visit, typed: Mapping[str, str]) -> None:
        """Keep the texts that this tab's fields didn't begin with, and note the faults of those that are no sums.

        What another tab has typed into other rows isn't touched: their fields here still hold what they began with.
        """
        changed = {row: text for row, text in typed.items() if text.strip() != self._shown[row].strip()}
        found = visit.write(type_amounts, changed) if changed else {}
        emptied = {row: self._turns.get(row, 0) + 1 for row, text in changed.items() if not text.strip()}
        self._turns = {**self._turns, **emptied}
        self._wrong = {**{row: text for row, text in self._wrong.items() if row not in typed}, **found}

    def _faults(self) -> list[Fault]:
        """In the order of the page."""
        labels = {row.key: row.label for part in self.parts for one in part.receipts for row in one.rows}
        return [Fault(field_id(row), f"{labels[row]}: {self._wrong[row]}") for row in labels if row in self._wrong]

    def _turn(self, *, checking: bool) -> rx.event.EventSpec | None:
        """Between the cart and the check page; the focus goes to the heading where the page has really changed."""
        turned = self.checking != checking
        publish(self, checking=checking, heading=CHECKING if checking else paths.TITLES[paths.CART])
        return rx.set_focus(TITLE_ID) if turned else None


def _unpayable(parts: tuple[CartPart, ...]) -> list[Fault]:
    """Why none of it, or one organization's part, can't be paid."""
    faults = [
        Fault(_first_field(part), f"{part.name}: {words.over_ceiling(part)}") for part in parts if part.over_ceiling
    ]
    if faults or any(part.payable for part in parts):
        return faults
    open_parts = [part for part in parts if any(_edits(part))]
    return [Fault(_first_field(open_parts[0]), words.ALL_ZERO)] if open_parts else [Fault(TITLE_ID, words.NOT_BY_CARD)]


def _pay_fault(visit: Visit) -> str:
    """Why the last press of «Оплатить» came to nothing, told by the route that took it."""
    return faults_in(note_in(visit.cookies)).get("", "") if visit.query("fault") else ""


def _first_field(part: CartPart) -> str:
    return field_id(next(_edits(part), ""))


def _edits(part: CartPart) -> Any:
    return (row.key for one in part.receipts if one.takes_payments and not one.superseded for row in one.rows)
