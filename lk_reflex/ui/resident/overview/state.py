"""Общая информация: what to pay and by when, the newest receipts, and what the meters want."""

from dataclasses import dataclass, field
from datetime import date

import reflex as rx

from lk_reflex.core.clock import local_date
from lk_reflex.core.errors import Refused
from lk_reflex.core.money import format_money
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.domain.announcements.showing import announcements_for
from lk_reflex.domain.billing.due import Bill, bill_of
from lk_reflex.domain.billing.explaining.explained import newest_difference
from lk_reflex.domain.billing.months import months_of
from lk_reflex.domain.billing.posted import paid_since
from lk_reflex.domain.billing.summary import newest_receipts
from lk_reflex.domain.metering.meters import meters_of
from lk_reflex.domain.metering.usage.use import use_of
from lk_reflex.domain.payments.cart.putting import cart_variants, put_into_cart, remove_from_cart
from lk_reflex.domain.payments.orders.paid_here import left_to_pay, paid_here
from lk_reflex.domain.payments.paid import pending_of
from lk_reflex.ui import paths
from lk_reflex.ui.announcements import AnnouncementRow, announcement_rows
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.consumption.rows import HintRow, hint_rows
from lk_reflex.ui.fresh import show_fresh
from lk_reflex.ui.guard import resident
from lk_reflex.ui.open_payments import OpenPayment, shown_open
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.overview import words
from lk_reflex.ui.resident.overview.meters import ReadingsCard, Warning, readings_card, verification_warnings
from lk_reflex.ui.resident.overview.newest import newest_words
from lk_reflex.ui.resident.overview.receipts import SummaryTable, summary_table
from lk_reflex.ui.visit import Visit
from lk_reflex.ui.why.state import WhyPart
from lk_reflex.ui.why.words import lead


@dataclass(frozen=True)
class BillCard:
    """The headline, less what was paid here. `owed`: something is left; `payable`: and can be put into the cart.

    No title: no receipts. `pending`: what was paid here and billing doesn't know yet.
    """

    title: str = ""
    amount: str = ""
    due: str = ""
    notes: list[str] = field(default_factory=list)
    payable: bool = False
    owed: bool = False
    pending: str = ""


class OverviewState(WhyPart, rx.State):
    """Everything on the page, as ready strings."""

    loaded: bool = False
    #: What the organization tells those of this house.
    announcements: list[AnnouncementRow] = []
    bill: BillCard = BillCard()
    #: Payments of the person's own, for whatever account, whose fate the bank hasn't told.
    under_way: list[OpenPayment] = []
    #: What «Почему изменилась сумма?» says while it is closed.
    why_lead: str = ""
    readings: ReadingsCard = ReadingsCard()
    warnings: list[Warning] = []
    #: The newest unread line of the feed.
    newest: str = ""
    hints: list[HintRow] = []
    #: How many charts of consumption will come: they have their room at once.
    resources: int = 0
    takes_payments: bool = False
    receipts: list[SummaryTable] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the chosen account."""
        account = visit.chosen()
        if account is None:
            # Unlinked since: what this tab still holds of the account goes at once.
            self.reset()
            show_fresh(visit, None)
        else:
            self._show(visit, account)
            self._follow_why(visit, _newest(visit, account.account_id) if self.why_opened else None)
        publish(self, loaded=True)

    @rx.event
    @resident(writes=True)
    def put(self, visit: Visit, receipt: str, advance: bool) -> None:
        """Put a receipt into the cart; a repeat is quiet."""
        visit.write(put_into_cart, row_id(receipt), with_advance=advance is True, now=visit.now)
        self._show_receipts(visit)

    @rx.event
    @resident(writes=True)
    def take_out(self, visit: Visit, receipt: str) -> None:
        """Take a receipt out of the cart again."""
        visit.write(remove_from_cart, row_id(receipt))
        self._show_receipts(visit)

    @rx.event
    @resident(writes=True)
    def pay(self, visit: Visit) -> rx.event.EventSpec | None:
        """Put all that the headline counts into the cart, and go there."""
        account = visit.chosen()
        bill = bill_of(visit.read(newest_receipts, account.account_id), account.due_day) if account else None
        if bill is None:
            return None
        kept = visit.read(cart_variants)
        refused = None
        for summary in bill.counted:
            if summary.due > 0 and summary.receipt_id not in kept:
                try:
                    visit.write(put_into_cart, summary.receipt_id, with_advance=False, now=visit.now)
                except Refused as why:  # one of several may be paid already
                    refused = why
        if refused is not None and not visit.read(cart_variants):
            raise refused
        return rx.redirect(paths.CART)

    def _about(self, visit: Visit) -> tuple[int, Month] | None:
        return _newest(visit, visit.account._account_id)

    def _show_receipts(self, visit: Visit) -> None:
        account = visit.chosen()
        if account is not None:
            publish(self, receipts=_receipts(visit, account))

    def _show(self, visit: Visit, account: LinkedAccount) -> None:
        today = local_date(visit.now, account.time_zone)
        bill = bill_of(visit.read(newest_receipts, account.account_id), account.due_day)
        meters = visit.read(meters_of, account.account_id, now=visit.now)
        use = visit.read(use_of, account.account_id, now=visit.now)
        show_fresh(visit, account, issued_on=bill.issued_on if bill else None)
        publish(
            self,
            takes_payments=account.takes_payments and account.may_pay,
            receipts=_receipts(visit, account),
            bill=_bill(visit, account, bill, today),
            under_way=shown_open(visit),
            why_lead=lead(visit.read(newest_difference, account.account_id)),
            readings=readings_card(meters),
            warnings=verification_warnings(meters),
            newest=newest_words(visit),
            announcements=announcement_rows(visit.read(announcements_for, account.account_id, now=visit.now)),
            hints=hint_rows([hint for hint in use.hints if hint.news]),
            resources=len(use.resources),
        )


def _newest(visit: Visit, account_id: int) -> tuple[int, Month] | None:
    months = visit.read(months_of, account_id)
    return (account_id, months[-1]) if months else None


def _receipts(visit: Visit, account: LinkedAccount) -> list[SummaryTable]:
    variants = visit.read(cart_variants)
    summaries = visit.read(newest_receipts, account.account_id)
    payable = account.takes_payments and account.may_pay
    return [summary_table(one, variants, takes_payments=payable) for one in summaries]


def _bill(visit: Visit, account: LinkedAccount, bill: Bill | None, today: date) -> BillCard:
    if bill is None:
        return BillCard()
    here = visit.read(paid_here, bill.dues)
    left = left_to_pay(bill.dues, here)
    numbers = {number for paid in here.values() for number in paid.numbers}
    since = visit.read(paid_since, account.account_id, bill.issued_on, without=numbers)
    pending = visit.read(pending_of, account.account_id)
    return BillCard(
        words.bill_title(bill, today, left),
        format_money(left or (0 if bill.amount else bill.overpaid)),
        words.due_sentence(bill, today, left),
        words.bill_notes(bill, since, left=left, takes_payments=account.takes_payments, may_pay=account.may_pay),
        account.takes_payments and account.may_pay and left > 0,
        left > 0,
        words.pending_note(pending, deducted=bill.amount - left, left=left),
    )
