"""Оплата по ссылке through the real processor: what a stranger sees of each state; looking does nothing."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import text, update

from lk_reflex.domain.accounts.tables import PAYER, Organization
from lk_reflex.domain.payments.links.making import make_link, revoke_link
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.domain.payments.links.tokens import link_token
from lk_reflex.settings import get_settings
from lk_reflex.ui.public.pay.state import PayLinkState
from tests.billing.paper import february_2018
from tests.cast import NOW
from tests.payments.links.test_paying import press
from tests.payments.world import World
from tests.ui.plain import plain


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


@pytest.fixture
def key(world) -> str:
    return world.database.write(make_link, world.cast.owner.actor, world.receipt, in_cart=False, now=world.now)


@pytest.fixture
def token(key) -> str:
    return link_token(key, get_settings().key())


@pytest.fixture(autouse=True)
def asked(monkeypatch) -> list[str]:
    """The keys about which the page has the bank asked, in place of asking it."""
    keys: list[str] = []

    class Pool:
        def submit(self, _look, _database, _banks, key, **_more):
            keys.append(key)

    monkeypatch.setattr("lk_reflex.ui.public.pay.state.bank_threads", lambda: Pool())
    monkeypatch.setattr("lk_reflex.ui.public.pay.state.banks", lambda: None)
    return keys


@pytest.fixture
def see(tabs, token):
    """Opens the link in a new tab of nobody's; returns the screen."""

    async def open_page(last: str = ""):
        tab = tabs()
        await tab.open(f"/pay/{last or token}")
        return tab.seen(PayLinkState)

    return open_page


async def test_whom_to_pay_and_how_much(see, token, db):
    db.write(
        lambda w: w.change(update(Organization).values(commission_by=PAYER, commission_rate=100, commission_minimum=0))
    )
    seen = await see()
    bill = plain(seen["bill"])
    assert (seen["heading"], seen["told"].kind, seen["payable"], seen["carried"]) == (
        "Оплата по ссылке",
        "",
        True,
        token,
    )
    assert (bill.organization, bill.number, bill.title) == ("ПОВВ", "••••7899", "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018")
    assert (bill.amount, bill.commission, bill.total, bill.until) == ("539,20", "5,39", "544,59", "20.12.2026")
    told = plain(str({name: value for name, value in seen.items() if name != "carried"}))
    for secret in ("1234567899", "ЗДЕТОВЕЦКИЙ", "КЫШТЫМСКАЯ", "КОПЕЙСК", "owner@", token[:22]):
        assert secret not in told


async def test_looking_changes_nothing_however_often(see, db):
    for _ in range(3):
        assert (await see())["payable"]
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM orders")) == 0
        assert connection.scalar(text("SELECT COUNT(*) FROM order_events")) == 0


@pytest.mark.parametrize("last", ["x", "%00", "x" * 65, "-" * 500])
async def test_an_address_that_is_none_of_ours_tells_nothing(see, last):
    seen = await see(last)
    assert (seen["heading"], seen["payable"], seen["carried"]) == ("Ссылка больше не действует", False, "")
    assert seen["bill"].title == ""


async def test_an_altered_link_tells_nothing(see, token):
    seen = await see(token[:-1] + ("A" if token[-1] != "A" else "B"))
    assert (seen["payable"], seen["bill"].organization) == (False, "")


async def test_while_somebody_is_at_the_bank_one_may_go_on_and_the_bank_is_asked(see, world, key, asked):
    press(world, key)
    seen = await see()
    assert (seen["told"].kind, seen["payable"], seen["again"]) == ("due", True, True)
    assert seen["way"].startswith("/pay/") and asked == [key]


async def test_while_the_bank_thinks_there_is_no_button(see, world, key, asked):
    number = press(world, key).number
    world.bank.think(number)
    world.look(number)
    seen = await see()
    assert (seen["heading"], seen["payable"], seen["carried"], asked) == ("Проверяем платёж", False, "", [key])
    assert "Не платите второй раз" in str(seen["told"].notes)


async def test_paid_says_when_and_which_number(see, world, key, asked):
    number = press(world, key).number
    world.bank.pay(number)
    world.look(number)
    seen = await see()
    assert (seen["heading"], seen["told"].kind, seen["payable"], asked) == ("Оплачено", "good", False, [])
    assert plain(seen["told"].lead) == "Платёж 539,20 руб. принят банком 20.11.2026 в 15:00."
    assert number[:6] in seen["told"].notes[0]


async def test_a_refusal_says_why_and_offers_another_try(see, world, key):
    number = press(world, key).number
    world.bank.refuse(number, "116")
    world.look(number)
    seen = await see()
    assert (seen["heading"], seen["told"].kind, seen["payable"], seen["again"]) == ("Не оплачено", "bad", True, False)
    assert "не хватило денег" in seen["told"].lead and "не списаны" in seen["told"].lead


async def test_a_revoked_link_says_no_more_than_that(see, db, cast, key):
    (mine,) = db.read(my_links, cast.owner.actor, now=NOW)
    db.write(revoke_link, cast.owner.actor, mine.link_id, now=NOW)
    seen = await see()
    assert (seen["heading"], seen["payable"], seen["bill"].organization) == ("Ссылка больше не действует", False, "")
    assert "отозвал" in seen["told"].lead


async def test_an_expired_link_says_so(see, db):
    db.write(lambda w: w.change(text("UPDATE pay_links SET expires_at = :then"), then=str(NOW - timedelta(days=1))))
    assert "срок вышел" in (await see())["told"].lead


async def test_another_link_in_the_same_tab_keeps_nothing_of_the_first(tabs, token):
    tab = tabs()
    await tab.open(f"/pay/{token}")
    await tab.open("/pay/other")
    seen = tab.seen(PayLinkState)
    assert (seen["payable"], seen["carried"], seen["bill"].title, seen["bill"].total) == (False, "", "", "")


async def test_what_was_refused_is_said_at_its_field_with_what_was_typed(tabs, token):
    tab = tabs()
    note = '{"form": "pay", "faults": {"email": "Введите адрес"}, "email": "кто-то"}'
    tab.cookies["lk_flash"] = quote(note)
    await tab.open(f"/pay/{token}")
    seen = tab.seen(PayLinkState)
    assert (seen["email"], seen["email_fault"]) == ("кто-то", "Введите адрес")
    assert [fault.field_id for fault in seen["faults"]] == ["email"]
