"""QR codes and pay links on the overview and in the cart: shown when asked for, with the sums that hold now."""

import pytest
from sqlalchemy import update

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.payments.links.mine import my_links
from lk_reflex.domain.payments.links.state import LinkState
from lk_reflex.domain.payments.links.tokens import key_of
from lk_reflex.settings import get_settings
from lk_reflex.ui.pay_elsewhere.state import ENDED_LATE, READY, ElsewhereState
from lk_reflex.ui.resident.overview.state import OverviewState
from tests.billing.paper import receipt
from tests.cast import NOW
from tests.payments.orders import some_order
from tests.payments.test_pay_code import put, set_bank, type_amount
from tests.ui.plain import plain

LINES = [("ХВС", "0", "0", "341,30", "341,30"), ("ВО", "0", "0", "197,90", "197,90")]


@pytest.fixture
def october(db, cast) -> int:
    set_bank(db)
    return receipt(db, cast.flat, "Объединённая", Month(2026, 10), LINES)


@pytest.fixture
def water(db, cast, october) -> int:
    return receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", "0", "0", "10,00", "10,00")])


@pytest.fixture
async def tab(tabs, cast, october):
    opened = tabs(cast.owner.cookie)
    await opened.open("/overview")
    return opened


def seen(tab):
    return tab.seen(ElsewhereState)


async def toggle(tab, what, where="bill"):
    await tab.send(ElsewhereState.toggle, what=what, where=where)
    return seen(tab)


async def test_opening_the_page_reads_and_draws_nothing(tab):
    assert tab.seen(OverviewState)["bill"].owed
    assert (seen(tab)["opened"], seen(tab)["codes"], seen(tab)["links"]) == ("", [], [])


async def test_the_bills_codes_are_its_receipts_with_words_for_who_cannot_see_them(tab, db, cast, october, water):
    codes = (await toggle(tab, "codes"))["codes"]
    assert {(code.key, code.amount) for code in codes} == {(str(october), "539,20"), (str(water), "10,00")}
    (code,) = [code for code in codes if code.key == str(october)]
    assert code.drawing == f"/api/qr/{october}.svg?of=due&sum=53920"
    assert code.picture == f"/api/qr/{october}.png?of=due&sum=53920"
    assert plain(code.alt) == "Код для оплаты: ПОВВ, лицевой счет 1234567899, 539,20 руб."
    closed = await toggle(tab, "codes")
    assert (closed["opened"], closed["codes"]) == ("", [])


async def test_a_fault_in_the_bank_details_is_said_in_place_of_the_code(tab, db):
    set_bank(db, bic="")
    (code,) = (await toggle(tab, "codes"))["codes"]
    assert code.drawing == code.picture == "" and "не указаны банковские реквизиты" in code.reason


async def test_in_the_cart_the_code_has_the_sum_as_edited_and_is_renewed(tab, db, cast, october):
    put(db, cast.owner, october)
    await tab.open("/cart")
    (code,) = (await toggle(tab, "codes", str(october)))["codes"]
    assert (code.amount, seen(tab)["opened"]) == ("539,20", f"codes-{october}")
    type_amount(db, cast.owner, 0, "100")
    await tab.send(ElsewhereState.renew)
    (code,) = seen(tab)["codes"]
    assert (code.amount, code.drawing) == ("297,90", f"/api/qr/{october}.svg?of=cart&sum=29790")


async def test_a_link_is_made_shown_and_revoked(tab, db, cast, october):
    shown = await toggle(tab, "links")
    assert ([one.key for one in shown["payable"]], shown["links"]) == ([str(october)], [])
    await tab.send(ElsewhereState.share, receipt=str(october))
    (row,) = seen(tab)["links"]
    assert plain(row.title) == "Ссылка на 539,20 руб." and row.fate == "Действует до 20.12.2026."
    site, _, token = row.address.rpartition("/pay/")
    (link,) = db.read(my_links, cast.owner.actor, now=NOW)
    assert (site, key_of(token, get_settings().key())) == ("http://test", link.key)
    assert seen(tab)["said"] == READY
    await tab.send(ElsewhereState.share, receipt=str(october))
    assert len(seen(tab)["links"]) == 1
    _, events = await tab.send(ElsewhereState.revoke, link=row.key)
    assert "pay_links" in str(events)
    (row,) = seen(tab)["links"]
    assert (row.address, row.fate) == ("", "Отозвана.")
    assert db.read(my_links, cast.owner.actor, now=NOW)[0].state is LinkState.REVOKED


async def test_in_the_cart_a_link_has_the_edited_sum(tab, db, cast, october):
    put(db, cast.owner, october)
    type_amount(db, cast.owner, 0, "100")
    await tab.open("/cart")
    await toggle(tab, "links", str(october))
    await tab.send(ElsewhereState.share, receipt=str(october))
    assert [plain(row.title) for row in seen(tab)["links"]] == ["Ссылка на 297,90 руб."]


async def test_what_cannot_be_shared_is_said_beside_the_button(tab, db, cast, october):
    await toggle(tab, "links")
    db.write(lambda w: w.change(update(Organization).values(takes_payments=False)))
    await tab.send(ElsewhereState.share, receipt=str(october))
    assert seen(tab)["fault"] == "Организация не принимает оплату через личный кабинет"
    assert seen(tab)["links"] == []


async def test_a_link_revoked_while_somebody_pays_promises_nothing_and_has_the_order_closed(
    tab, db, cast, october, monkeypatch
):
    closed: list[object] = []

    class Pool:
        def submit(self, *given, **more):
            closed.append(given[-1])

    monkeypatch.setattr("lk_reflex.ui.pay_elsewhere.state.bank_threads", lambda: Pool())
    monkeypatch.setattr("lk_reflex.ui.pay_elsewhere.state.banks", lambda: None)
    await toggle(tab, "links")
    await tab.send(ElsewhereState.share, receipt=str(october))
    (link,) = db.read(my_links, cast.owner.actor, now=NOW)
    some_order(db, cast, october, status="waiting", user_id=None, link_id=link.link_id)
    await tab.send(ElsewhereState.revoke, link=str(link.link_id))
    assert (seen(tab)["said"], closed) == (ENDED_LATE, [link.link_id])


async def test_a_stranger_gets_no_code_and_no_link_and_revokes_none(tab, tabs, db, cast, october):
    await toggle(tab, "links")
    await tab.send(ElsewhereState.share, receipt=str(october))
    (link,) = db.read(my_links, cast.owner.actor, now=NOW)
    stranger = tabs(cast.stranger.cookie)
    await stranger.open("/overview")
    assert (await toggle(stranger, "codes", str(october)))["codes"] == []
    shown = await toggle(stranger, "links", str(october))
    assert (shown["payable"], shown["links"]) == ([], [])
    await stranger.send(ElsewhereState.share, receipt=str(october))
    await stranger.send(ElsewhereState.revoke, link=str(link.link_id))
    assert db.read(my_links, cast.stranger.actor, now=NOW) == ()
    assert db.read(my_links, cast.owner.actor, now=NOW)[0].payable


async def test_whoever_only_sees_the_account_has_its_code(tabs, db, cast, october):
    db.write(lambda w: w.change(update(AccountLink).values(may_pay=False)))
    tab = tabs(cast.relative.cookie)
    await tab.open("/overview")
    bill = tab.seen(OverviewState)["bill"]
    assert (bill.owed, bill.payable) == (True, False)
    assert [code.amount for code in (await toggle(tab, "codes"))["codes"]] == ["539,20"]


@pytest.mark.parametrize(("what", "where"), [("codes", "x"), ("other", "bill"), ("codes", None), (5, [1]), ("", "")])
async def test_odd_arguments_open_nothing(tab, what, where):
    await toggle(tab, what, where)
    assert (seen(tab)["opened"], seen(tab)["codes"]) == ("", [])
