"""What the two openers show: nothing is read or drawn until one of them is pressed."""

import reflex as rx

from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, NotFound
from lk_reflex.core.money import format_money
from lk_reflex.domain.accounts.linked import chosen_account
from lk_reflex.domain.billing.due import bill_of
from lk_reflex.domain.billing.summary import newest_receipts
from lk_reflex.domain.payments.elsewhere.code import PayCode, pay_code
from lk_reflex.domain.payments.links.closing import close_behind, left_at_bank
from lk_reflex.domain.payments.links.making import make_link, revoke_link
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.settings import get_settings
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.pay_elsewhere.rows import CodeCard, LinkRow, Payable, code_card, link_row
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import bank_threads, banks

#: The openers of the bill's card; in the cart they are each receipt's: «codes-5», «links-5».
BILL = "bill"
CODES, LINKS = "codes", "links"
#: The open block of links; there is one at a time.
LIST_ID = "pay-links"
READY = "Ссылка готова, её адрес ниже."
ENDED = "Ссылка отозвана: заплатить по ней больше нельзя."
ENDED_LATE = (
    "Ссылка отозвана: начать по ней новый платёж нельзя. По ней уже платят на странице банка, мы просим банк "
    "отменить этот платёж. Если он успеет пройти, вы увидите его здесь и в уведомлениях."
)


class ElsewhereState(rx.State):
    """One block is open at a time: `opened` names it."""

    opened: str = ""
    codes: list[CodeCard] = []
    payable: list[Payable] = []
    links: list[LinkRow] = []
    #: The block's own fault, beside the button that has been pressed.
    fault: str = ""
    #: What the press has done, for those who listen.
    said: str = ""

    @rx.event
    @resident
    def toggle(self, visit: Visit, what: str, where: str) -> None:
        """Open codes or links of the bill («bill») or of one receipt of the cart (its id); close them if open."""
        name = _name(what, where)
        self._show(visit, "" if self.opened == name else name)

    @rx.event
    @resident
    def renew(self, visit: Visit) -> None:
        """Read the open block anew: a sum of the cart has been changed."""
        self._show(visit, self.opened)

    @rx.event
    @resident(writes=True)
    def share(self, visit: Visit, receipt: str) -> None:
        """Make a link of one of the block's receipts, or show the one that there is."""
        if not self.opened.startswith(LINKS):
            return
        try:
            visit.write(make_link, row_id(receipt), in_cart=not self.opened.endswith(BILL), now=visit.now)
        except DomainError as fault:
            publish(self, fault=fault.message, said="")
            return
        self._show(visit, self.opened)
        publish(self, said=READY)

    @rx.event
    @resident(writes=True)
    def revoke(self, visit: Visit, link: str) -> rx.event.EventSpec:
        """End a link; its button goes with it, so the focus moves to the block."""
        link_id = row_id(link)
        visit.write(revoke_link, link_id, now=visit.now)
        late = visit.read(left_at_bank, link_id, now=visit.now)
        self._show(visit, self.opened)
        publish(self, said=ENDED_LATE if late else ENDED)
        if late:
            bank_threads().submit(
                close_behind, visit.database, banks(), visit.actor, link_id, site=get_settings().site, clock=utc_now
            )
        return rx.set_focus(LIST_ID)

    def _show(self, visit: Visit, name: str) -> None:
        what, _, where = name.partition("-")
        codes = _codes(visit, where) if name else []
        shown = what == LINKS
        publish(
            self,
            opened=name,
            fault="",
            said="",
            codes=[] if shown else [code_card(code, in_cart=where != BILL) for code in codes],
            payable=[_payable(code) for code in codes if code.amount > 0] if shown else [],
            links=_links(visit, codes) if shown else [],
        )


def _name(what: object, where: object) -> str:
    """A block's name; empty for one that there isn't."""
    if what not in (CODES, LINKS) or not (where == BILL or row_id(where)):
        return ""
    return f"{what}-{where}"


def _codes(visit: Visit, where: str) -> list[PayCode]:
    """Of the bill's receipts that ask for money, or of the cart's one."""
    if where != BILL:
        return _found(visit, row_id(where), in_cart=True)
    account = visit.read(chosen_account)
    account_id = visit.account._account_id or (account.account_id if account else 0)
    bill = bill_of(visit.read(newest_receipts, account_id), account.due_day) if account else None
    owing = [one.receipt_id for one in bill.counted if one.due > 0] if bill else []
    return [code for receipt_id in owing for code in _found(visit, receipt_id, in_cart=False)]


def _found(visit: Visit, receipt_id: int, *, in_cart: bool) -> list[PayCode]:
    try:
        return [visit.read(pay_code, receipt_id, in_cart=in_cart)]
    except NotFound:
        return []


def _payable(code: PayCode) -> Payable:
    return Payable(str(code.receipt_id), code.title, format_money(code.amount))


def _links(visit: Visit, codes: list[PayCode]) -> list[LinkRow]:
    """The person's links of these receipts, the newest first."""
    receipts = {code.receipt_id for code in codes}
    secret = get_settings().key()
    mine = visit.read(my_links, now=visit.now)
    return [link_row(link, visit.site, secret) for link in mine if link.receipt_id in receipts]
