"""Лицевой счет: what its resident sees, read for staff, each look noted. No chosen account of anybody changes."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.overseen import OverseenAccount, logins_of, note_account_seen
from lk_reflex.domain.billing.charges import charges_for_staff
from lk_reflex.domain.billing.months import months_for_staff
from lk_reflex.domain.billing.summary import newest_receipts_for_staff
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.metering.history import history_for_staff
from lk_reflex.domain.metering.meters import meters_for_staff
from lk_reflex.domain.payments.history import paid_years_for_staff
from lk_reflex.domain.requests.of_account import requests_for_staff
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.staff.account.rows import (
    SHOWN,
    Fact,
    LoginRow,
    MeterFile,
    MonthReceipt,
    PaidRow,
    ReceiptRow,
    RequestRow,
    facts_of,
    login_row,
    meter_file,
    month_receipt,
    paid_rows,
    receipt_row,
    request_row,
    window_words,
)
from lk_reflex.ui.visit import Visit

CHARGES_ID = "charges"


class StaffAccountState(rx.State):
    """One account; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    missing: str = ""
    heading: str = paths.TITLES[paths.STAFF_ACCOUNT]
    facts: list[Fact] = []
    call_href: str = ""
    receipts: list[ReceiptRow] = []
    month: str = ""
    earlier: str = ""
    later: str = ""
    charges: list[MonthReceipt] = []
    payments: list[PaidRow] = []
    older_payments: list[PaidRow] = []
    window: str = ""
    meters: list[MeterFile] = []
    requests: list[RequestRow] = []
    logins: list[LoginRow] = []

    _account_id: int = 0
    _months: list[int] = []
    _shown: int = 0

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def load(self, visit: Visit) -> None:
        """The account in the address; one that isn't the person's work isn't there."""
        self.reset()
        publish(visit.account, known=True)
        try:
            account = visit.write(note_account_seen, row_id(visit.token), "all", now=visit.now)
        except NotFound as fault:
            publish(self, loaded=True, missing=fault.sentence)
            return
        self._show(visit, account)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def go_earlier(self, visit: Visit) -> Any:
        """The receipts of the month before."""
        return self._turn(visit, -1)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def go_later(self, visit: Visit) -> Any:
        """The receipts of the month after."""
        return self._turn(visit, 1)

    def _turn(self, visit: Visit, step: int) -> Any:
        place = self._shown + step
        if not 0 <= place < len(self._months):
            return None
        view = Month.from_ordinal(self._months[place]).key
        account = visit.write(note_account_seen, self._account_id, view, now=visit.now)
        self._show_month(visit, account, place)
        return rx.set_focus(CHARGES_ID)

    def _show(self, visit: Visit, account: OverseenAccount) -> None:
        read = visit.database.read
        meters = read(meters_for_staff, account, now=visit.now)
        payments = paid_rows(read(paid_years_for_staff, account))
        self._account_id = account.account_id
        self._months = [month.ordinal for month in read(months_for_staff, account)]
        self._show_month(visit, account, len(self._months) - 1)
        publish(
            self,
            loaded=True,
            heading=f"{paths.TITLES[paths.STAFF_ACCOUNT]} {account.number}",
            facts=facts_of(account),
            call_href=f"{paths.STAFF_PERIOD}?account={account.account_id}",
            receipts=[receipt_row(one) for one in read(newest_receipts_for_staff, account)],
            payments=payments[:SHOWN],
            older_payments=payments[SHOWN:],
            window=window_words(meters),
            meters=[meter_file(one, read(history_for_staff, account, one.meter_id)) for one in meters.meters],
            requests=[request_row(one, account.time_zone) for one in read(requests_for_staff, account)],
            logins=[
                login_row(place, one, account.time_zone)
                for place, one in enumerate(read(logins_of, account, now=visit.now))
            ],
        )

    def _show_month(self, visit: Visit, account: OverseenAccount, place: int) -> None:
        if not self._months:
            return
        months = [Month.from_ordinal(ordinal) for ordinal in self._months]
        self._shown = place
        publish(
            self,
            month=months[place].title,
            earlier=months[place - 1].title if place else "",
            later=months[place + 1].title if place + 1 < len(months) else "",
            charges=[month_receipt(one) for one in visit.database.read(charges_for_staff, account, months[place])],
        )
