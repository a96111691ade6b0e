"""Выбор лицевого счета: the linked accounts, and choosing one for all sections and tabs."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.domain.accounts.linked import LinkedAccount, choose_account, linked_accounts
from lk_reflex.ui import paths
from lk_reflex.ui.account import show_account
from lk_reflex.ui.guard import Visit, resident
from lk_reflex.ui.publish import publish


@dataclass(frozen=True)
class AccountRow:
    """One linked account, ready to be shown."""

    key: str
    number: str
    address: str
    organization: str
    closed: str
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
        publish(self, rows=[_row(account, place == 0) for place, account in enumerate(accounts)])

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


def _row(account: LinkedAccount, chosen: bool) -> AccountRow:
    closed = f"Закрыт {format_date(account.closed_on)}" if account.closed_on else ""
    return AccountRow(str(account.account_id), account.number, account.address, account.organization, closed, chosen)
