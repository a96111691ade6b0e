"""The second shared state: the chosen account, as every section's header shows it."""

import reflex as rx

from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.ui.publish import publish


class AccountState(rx.State):
    """Read anew at each load of a page, so that a choice made in one tab holds in the others."""

    number: str = ""
    #: Its id, for links to files: another tab may have chosen another account since.
    key: str = ""
    address: str = ""
    organization: str = ""
    phone: str = ""
    #: «Данные на …», beside the heading of the pages that show billing's figures; filled by `fresh.show_fresh`.
    fresh: str = ""
    #: False until a page has loaded; then whether any account is linked.
    known: bool = False
    linked: bool = False
    #: The addresses of the sections that the account's organization does without.
    off: list[str] = []

    #: The account that this tab shows: what comes after the page's own data belongs to it, whatever was chosen since.
    _account_id: int = 0


def show_account(state: AccountState, account: LinkedAccount | None) -> None:
    """Publish the chosen account, or that there is none."""
    state._account_id = account.account_id if account else 0
    publish(
        state,
        known=True,
        linked=account is not None,
        number=account.number if account else "",
        key=str(account.account_id) if account else "",
        address=account.address if account else "",
        organization=account.organization if account else "",
        phone=account.phone if account else "",
        off=[f"/{name}" for name in account.off] if account else [],
    )
