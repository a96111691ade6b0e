"""Выбор лицевого счета: the linked accounts, and choosing one for all sections and tabs."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.core.money import format_roubles
from lk_reflex.domain.accounts.linked import LinkedAccount, choose_account, linked_accounts
from lk_reflex.domain.billing.due import Bill, bill_of
from lk_reflex.domain.billing.dues import newest_of_all
from lk_reflex.ui import paths
from lk_reflex.ui.account import show_account
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


@dataclass(frozen=True)
class AccountRow:
    """One linked account, ready to be shown."""

    key: str
    number: str
    address: str
    organization: str
    closed: str
    due: str
    chosen: bool


class AccountsState(rx.State):
    """The list; the choice itself is kept in the database."""

    rows: list[AccountRow] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show what is linked."""
        accounts = visit.read(linked_accounts)
        show_account(visit.account, accounts[0] if accounts else None)
        receipts = visit.read(newest_of_all)
        bills = [bill_of(receipts.get(account.account_id, ()), account.due_day) for account in accounts]
        publish(self, rows=[_row(*one, place == 0) for place, one in enumerate(zip(accounts, bills, strict=True))])

    @rx.event
    @resident(writes=True)
    def choose(self, visit: Visit, key: str) -> rx.event.EventSpec:
        """Make an account the chosen one and go to its overview."""
        visit.write(choose_account, _id(key), now=visit.now)
        visit.chosen()
        return rx.redirect(paths.OVERVIEW)


def _id(key: object) -> int:
    """The account's id out of what a browser sent; 0 is nobody's account."""
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 16 else 0


def due_words(bill: Bill | None) -> str:
    """How the account stands, in a word and a sum; an overpayment never as a minus."""
    if bill is None:
        return "Начислений нет"
    if bill.amount > 0:
        return f"К оплате {format_roubles(bill.amount)}"
    return f"Переплата {format_roubles(bill.overpaid)}" if bill.overpaid else "Платить не нужно"


def _row(account: LinkedAccount, bill: Bill | None, chosen: bool) -> AccountRow:
    closed = f"Закрыт {format_date(account.closed_on)}" if account.closed_on else ""
    return AccountRow(
        str(account.account_id),
        account.number,
        account.address,
        account.organization,
        closed,
        due_words(bill),
        chosen,
    )
