"""Shared pay links of people in the browser's town, in every state that a stranger may find them in."""

from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import update

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.domain.billing.summary import newest_receipts
from lk_reflex.domain.payments.links.making import make_link, revoke_link
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.domain.payments.links.tokens import link_token
from lk_reflex.domain.payments.tables import Order
from tests.browser.conftest import LOADED
from tests.browser.people import Person
from tests.browser.results import order_of


def link_of(person: Person, status: str = "", **more: Any) -> str:
    """The path of a link for the newest receipt with something to pay; with an order of that status, if any."""
    key = person.town.database.write(_made, person)
    if status:
        number = order_of(person, status, **more)
        link = next(one for one in person.town.database.read(my_links, person.actor, now=utc_now()) if one.key == key)
        person.town.database.write(_by_link, number, link.link_id)
    return f"/pay/{link_token(key, (person.town.site.data / 'secret.key').read_bytes())}"


def revoked(person: Person) -> str:
    """The path of one that was taken back."""
    path = link_of(person)
    (link, *_) = person.town.database.read(my_links, person.actor, now=utc_now())
    person.town.database.write(revoke_link, person.actor, link.link_id, now=utc_now())
    return path


def opened(heading: str, status: str = "", **more: Any) -> Any:
    """For the list of pages: the link's page in that state."""

    def show(page: Page, person: Person) -> None:
        page.goto(revoked(person) if status == "revoked" else link_of(person, status, **more))
        page.wait_for_function(LOADED)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)

    return show


def refused(page: Page, person: Person) -> None:
    """An address of mail that is none."""
    opened("Оплата по ссылке")(page, person)
    page.get_by_label("Электронная почта").fill("кто-то где-то")
    page.get_by_role("button", name="Оплатить").click()
    expect(page.locator("#error-summary a")).to_have_count(1)
    page.wait_for_function(LOADED)


def _made(db: Writer, person: Person) -> str:
    receipts = newest_receipts(db, person.actor, person.accounts[0])
    due = next(one.receipt_id for one in receipts if one.due > 0)
    return make_link(db, person.actor, due, in_cart=False, now=utc_now())


def _by_link(db: Writer, number: str, link_id: int) -> None:
    db.change(update(Order).where(Order.number == number).values(user_id=None, link_id=link_id))
