"""Payments of one's own for a journey: recorded, registered at the stand-in bank and paid there with a test card."""

import time
from datetime import timedelta

from sqlmodel import col, select

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.payments.orders.placing import Placed, Wanted, place
from lk_reflex.domain.payments.orders.starting import start
from lk_reflex.domain.payments.tables import MAIN, Order
from lk_reflex.integrations.bank.banks import GatewayBanks
from lk_reflex.integrations.bank.gateways import Gateway
from lk_reflex.standins.bank.cards import Way
from lk_reflex.standins.secrets import BANK_CALLBACK_KEY, BANK_LOGIN, BANK_PASSWORD
from tests.bank import type_card
from tests.browser.people import Person, Town


def placed(town: Town, person: Person, *amounts: int, form: str = "form") -> Placed:
    """An order of that person for so many services of their first account's newest receipt; kopecks."""
    with town.database.transaction() as db:
        account = db.session.get(Account, person.accounts[0])
        assert account is not None
        receipt = db.session.exec(
            select(Receipt).where(Receipt.account_id == account.id).order_by(col(Receipt.month).desc())
        ).first()
        assert receipt is not None
        services = db.session.exec(select(BalanceLine.service).where(BalanceLine.receipt_id == receipt.id)).all()
        assert account.id and receipt.id
        lines = [
            Wanted(account.id, receipt.id, service, MAIN, amount, sum(amounts))
            for service, amount in zip(services, amounts, strict=False)
        ]
        return place(
            db, organization_id=account.organization_id, lines=lines, user_id=person.actor.user_id, link_id=None,
            email=person.email, once_key=form, gateway="rbs", lives=timedelta(minutes=20), now=utc_now(),
        )  # fmt: skip


def paid(town: Town, person: Person, *amounts: int, form: str = "form") -> str:
    """The same, paid: its number. The bank's callback settles it, as it would for anybody."""
    number = placed(town, person, *amounts, form=form).number
    banks = GatewayBanks({}, lambda inn: _gateway(town, inn))
    started = start(town.database, banks, number, site=town.site.base, clock=utc_now)
    address = started.form_url if started.form_url.startswith("http") else f"{town.site.base}{started.form_url}"
    type_card(address, Way.PAID)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if town.ask("SELECT status FROM orders WHERE number = ?", number)[0][0] == "paid":
            return number
        time.sleep(0.1)
    raise AssertionError(f"order {number} isn't paid")


def flag(town: Town, number: str, word: str) -> None:
    """Mark an order as somebody should look at it."""
    with town.database.transaction() as db:
        order = db.session.exec(select(Order).where(Order.number == number)).one()
        order.flag = word


def _gateway(town: Town, inn: str) -> Gateway:
    return Gateway(
        "rbs", f"{town.site.base}/demo/bank/rest", f"{BANK_LOGIN}-{inn}", BANK_PASSWORD,
        callback_key=BANK_CALLBACK_KEY, retries=True,
    )  # fmt: skip
