"""What the sections that go by month begin with: whose account, and which month of it."""

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.months import months_of
from lk_reflex.ui.fresh import show_fresh
from lk_reflex.ui.month import show_month
from lk_reflex.ui.visit import Visit


def account_and_month(visit: Visit) -> tuple[int, Month] | None:
    """The chosen account's id and the month that the address asks for; None where there are no receipts.

    Header, freshness and the list of months are read when the page is opened or another account has been chosen.
    A step to the next month, the commonest press of all, reads none of them.
    """
    account_id = visit.actor.chosen_account_id
    if visit.opening or visit.month._account_id != account_id:
        account = visit.chosen()
        show_fresh(visit, account)
        visit.month._account_id = account_id
        visit.month._months = visit.read(months_of, account.account_id) if account else ()
    month = show_month(visit.month, visit.query("month"), visit.month._months)
    return None if month is None or account_id is None else (account_id, month)


def shown_account_and_month(visit: Visit) -> tuple[int, Month] | None:
    """What this tab shows since its last load, whatever has been chosen in another tab meanwhile."""
    month = show_month(visit.month, visit.query("month"), visit.month._months)
    account_id = visit.month._account_id
    return None if month is None or account_id is None else (account_id, month)
