"""What all parts of «Выбор лицевого счета» share: the cards, the one answer to what was done, the form's faults."""

from collections.abc import Mapping
from dataclasses import dataclass

import reflex as rx

from lk_reflex.domain.accounts.granted import granted_accounts
from lk_reflex.domain.accounts.grants import grants_given
from lk_reflex.domain.accounts.linked import linked_accounts
from lk_reflex.domain.billing.due import bill_of
from lk_reflex.domain.billing.dues import newest_of_all
from lk_reflex.domain.payments.orders.paid_here import left_to_pay, paid_here
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.accounts.rows import AccountRow, account_row
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.words import FIX_ERRORS
from lk_reflex.ui.visit import Visit

#: The fields of both forms of the page; only one form is open at a time.
FIELDS = ("number", "house", "flat", "account", "surname", "email", "name", "ends_on")
SAID_ID = "said"


@dataclass(frozen=True)
class Said:
    """What was done: the whole in the title, what next in the text; `overview` adds the way there."""

    title: str = ""
    text: str = ""
    kind: str = "good"
    overview: bool = False


class AccountsList(rx.State, mixin=True):
    """The cards and what the page says. At most one form is open: of linking (`step`) or of an access (`giving`)."""

    loaded: bool = False
    #: Where the person is in linking: empty while its form is closed.
    step: str = ""
    #: The account on whose card the form of an access is open.
    giving: str = ""
    rows: list[AccountRow] = []
    said: Said = Said()
    errors: dict[str, str] = dict.fromkeys(FIELDS, "")
    faults: list[Fault] = []
    faults_title: str = FIX_ERRORS

    def _show(self, visit: Visit) -> None:
        """Read the list anew, the header's account and the cart's counter with it."""
        visit.chosen()
        accounts, receipts = visit.read(linked_accounts), visit.read(newest_of_all)
        granted, given = visit.read(granted_accounts), visit.read(grants_given)
        bills = {one.account_id: bill_of(receipts.get(one.account_id, ()), one.due_day) for one in accounts}
        dues = {account_id: bill.dues if bill else {} for account_id, bill in bills.items()}
        paid = visit.read(paid_here, {receipt: due for one in dues.values() for receipt, due in one.items()})
        rows = [
            account_row(
                account,
                bills[account.account_id],
                granted.get(account.account_id),
                given,
                left=left_to_pay(dues[account.account_id], paid),
                chosen=place == 0,
            )
            for place, account in enumerate(accounts)
        ]
        publish(self, rows=rows, loaded=True)

    def _say(self, said: Said) -> rx.event.EventSpec:
        """Answer what was done, and take the focus there."""
        self._forget()
        publish(self, said=said)
        return rx.set_focus(SAID_ID)

    def _refuse(self, errors: Mapping[str, str], title: str = FIX_ERRORS) -> rx.event.EventSpec:
        """Show every fault at its field and above the form; what was typed stays."""
        publish(
            self,
            said=Said(),
            errors={name: errors.get(name, "") for name in FIELDS},
            faults=[Fault(name, sentence) for name, sentence in errors.items()],
            faults_title=title,
        )
        return rx.set_focus(SUMMARY_ID)

    def _forget(self) -> None:
        """No form has faults, nothing has been said."""
        publish(self, said=Said(), errors=dict.fromkeys(FIELDS, ""), faults=[], faults_title=FIX_ERRORS)
