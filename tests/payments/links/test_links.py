"""«Поделиться ссылкой на оплату»: who may make one, what it tells, what ends it, and what its maker sees of it."""

from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import PAYER, Organization
from lk_reflex.domain.billing.tables import BalanceLine
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.payments.cart.putting import put_into_cart
from lk_reflex.domain.payments.leaving import leave_account
from lk_reflex.domain.payments.links.behind import Behind, behind
from lk_reflex.domain.payments.links.making import LIVES, MOST, make_link, revoke_link
from lk_reflex.domain.payments.links.mine import _LINES_OF_MINE, my_links
from lk_reflex.domain.payments.links.queries import BY_KEY, LINES, MINE, ORDERS, ORDERS_OF_MINE
from lk_reflex.domain.payments.links.state import LinkState
from lk_reflex.domain.payments.tables import PayLink
from tests.accounts.link_steps import HOME
from tests.billing.paper import february_2018, receipt, september_2019
from tests.billing.plans import plan, scans
from tests.cast import NOW
from tests.payments.books import Line, paid, refunded
from tests.payments.test_pay_code import type_amount

COLD = "МУП ПОВВ:ХВС(КОПЕЙСК)"


@pytest.fixture
def february(db, cast) -> int:
    return february_2018(db, cast.flat)


def make(db, person, receipt_id, *, in_cart=False, now=NOW) -> str:
    return db.write(make_link, person.actor, receipt_id, in_cart=in_cart, now=now)


def look(db, key, *, now=NOW) -> Behind:
    found = db.read(behind, key, now=now)
    assert found is not None
    return found


def state(db, key, *, now=NOW) -> LinkState:
    return look(db, key, now=now).state


def put(db, person, receipt_id):
    db.write(put_into_cart, person.actor, receipt_id, with_advance=False, now=NOW)


def change(db, statement):
    return db.write(lambda writer: writer.change(statement))


def test_it_tells_whom_to_pay_and_how_much_and_nothing_else(db, cast, february):
    change(db, update(Organization).values(commission_by=PAYER, commission_rate=100, commission_minimum=0))
    found = look(db, make(db, cast.owner, february))
    assert (found.state, found.organization, found.number) == (LinkState.PAYABLE, "ПОВВ", "••••7899")
    assert found.title == "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018"
    assert (found.amount, found.commission, found.total) == (53920, 539, 54459)
    assert (found.expires_at, found.last) == (NOW + LIVES, None)
    told = " ".join(str(getattr(found, field.name)) for field in fields(found) if field.name != "key")
    for secret in ("1234567899", "ЗДЕТОВЕЦКИЙ", "СЕРГЕЙ", "КЫШТЫМСКАЯ", "1010", "example.org", "КОПЕЙСК"):
        assert secret not in told


def test_out_of_the_cart_it_has_the_sums_as_edited(db, cast, february):
    put(db, cast.owner, february)
    type_amount(db, cast.owner, 0, "100")
    assert look(db, make(db, cast.owner, february, in_cart=True)).amount == 10000 + 19790
    assert look(db, make(db, cast.owner, february)).amount == 53920


def test_editing_the_cart_afterwards_changes_no_link(db, cast, february):
    put(db, cast.owner, february)
    key = make(db, cast.owner, february, in_cart=True)
    type_amount(db, cast.owner, 0, "1")
    assert look(db, key).amount == 53920


def test_a_repeat_is_the_same_link_as_long_as_its_sums_are_still_to_be_paid(db, cast, february):
    key = make(db, cast.owner, february)
    assert make(db, cast.owner, february) == key
    put(db, cast.owner, february)
    assert make(db, cast.owner, february, in_cart=True) == key
    assert make(db, cast.relative, february) != key
    (link,) = db.read(my_links, cast.owner.actor, now=NOW)
    db.write(revoke_link, cast.owner.actor, link.link_id, now=NOW)
    assert make(db, cast.owner, february) != key


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_anothers_receipt_is_not_found(db, cast, february, who):
    for receipt_id in (february, 999_999, 0):
        with pytest.raises(NotFound):
            make(db, getattr(cast, who), receipt_id)


def test_whoever_may_only_look_can_share_nothing(db, cast, february):
    change(db, update(AccountLink).where(AccountLink.user_id == cast.relative.actor.user_id).values(may_pay=False))
    with pytest.raises(Refused):
        make(db, cast.relative, february)
    assert make(db, cast.owner, february)


def test_what_cannot_be_paid_cannot_be_shared(db, cast, february):
    nothing = receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", "0", "0", "-1,00", "-1,00")])
    with pytest.raises(Refused):
        make(db, cast.owner, nothing)
    with pytest.raises(NotFound):
        make(db, cast.owner, february, in_cart=True)
    change(db, update(Organization).values(payment_ceiling=53919))
    with pytest.raises(Refused):
        make(db, cast.owner, february)
    change(db, update(Organization).values(payment_ceiling=10_000_000, takes_payments=False))
    with pytest.raises(Refused):
        make(db, cast.owner, february)
    change(db, update(Organization).values(takes_payments=True))
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "0", "0", "1,00", "1,00")])
    with pytest.raises(Conflict):
        make(db, cast.owner, february)
    assert db.read(my_links, cast.owner.actor, now=NOW) == ()


def test_so_many_links_and_no_more_are_alive_at_once(db, cast):
    for month in range(1, MOST + 1):
        made = receipt(db, cast.flat, f"Вид {month}", Month(2026, 10), [("ХВС", "0", "0", "1,00", "1,00")])
        make(db, cast.owner, made)
    one_more = receipt(db, cast.flat, "Ещё вид", Month(2026, 10), [("ХВС", "0", "0", "1,00", "1,00")])
    with pytest.raises(Refused):
        make(db, cast.owner, one_more)
    assert make(db, cast.relative, one_more)
    newest, *_ = db.read(my_links, cast.owner.actor, now=NOW)
    db.write(revoke_link, cast.owner.actor, newest.link_id, now=NOW)
    assert make(db, cast.owner, one_more)


def test_it_works_for_thirty_days(db, cast, february):
    key = make(db, cast.owner, february)
    assert state(db, key, now=NOW + LIVES - timedelta(seconds=1)) is LinkState.PAYABLE
    assert state(db, key, now=NOW + LIVES) is LinkState.EXPIRED


def test_its_maker_and_nobody_else_revokes_it(db, cast, february):
    key = make(db, cast.owner, february)
    (link,) = db.read(my_links, cast.owner.actor, now=NOW)
    for person in (cast.relative, cast.stranger, cast.operator):
        with pytest.raises(NotFound):
            db.write(revoke_link, person.actor, link.link_id, now=NOW)
    assert state(db, key) is LinkState.PAYABLE
    for _ in range(2):
        db.write(revoke_link, cast.owner.actor, link.link_id, now=NOW)
    assert state(db, key) is LinkState.REVOKED
    assert [one.state for one in db.read(my_links, cast.owner.actor, now=NOW)] == [LinkState.REVOKED]
    with pytest.raises(NotFound):
        db.write(revoke_link, cast.owner.actor, 999_999, now=NOW)


@pytest.mark.parametrize("how", ["unlinked", "may only look", "access over", "blocked", "takes no payments"])
def test_it_ends_with_the_makers_access(db, cast, february, how):
    key = make(db, cast.owner, february)
    mine = AccountLink.user_id == cast.owner.actor.user_id
    if how == "unlinked":
        db.write(leave_account, cast.owner.actor, cast.flat, client=HOME, now=NOW)
    else:
        change(
            db,
            {
                "may only look": update(AccountLink).where(mine).values(may_pay=False),
                "access over": update(AccountLink).where(mine).values(ends_at=NOW),
                "blocked": update(User).where(User.id == cast.owner.actor.user_id).values(blocked_at=NOW),
                "takes no payments": update(Organization).values(takes_payments=False),
            }[how],
        )
    assert state(db, key) is LinkState.CLOSED
    if how != "blocked" and how != "takes no payments":
        assert db.read(my_links, cast.owner.actor, now=NOW) == ()


def test_it_is_gone_with_the_makers_login(db, cast, february):
    key = make(db, cast.owner, february)
    change(db, delete(PayLink).where(PayLink.user_id == cast.owner.actor.user_id))
    assert db.read(behind, key, now=NOW) is None
    assert db.read(behind, "", now=NOW) is None


def test_a_newer_receipt_or_a_corrected_one_ends_it(db, cast, february):
    september = september_2019(db, cast.flat)
    older, corrected = make(db, cast.owner, february), make(db, cast.owner, september)
    receipt(db, cast.flat, "ХВС и ВО", Month(2018, 3), [("ХВС", "539,20", "0", "1,00", "540,20")])
    assert state(db, older) is LinkState.CHANGED
    assert state(db, corrected) is LinkState.PAYABLE
    change(db, update(BalanceLine).where(BalanceLine.receipt_id == september).values(total=1))
    assert state(db, corrected) is LinkState.CHANGED


def test_what_was_paid_otherwise_since_is_not_paid_again(db, cast, february):
    earlier = Line(cast.flat, february, 100, service=COLD)
    paid(db, cast.organization, [earlier], number="26112000000001", at=NOW - timedelta(days=1))
    key = make(db, cast.owner, february)
    assert state(db, key) is LinkState.PAYABLE
    paid(db, cast.organization, [Line(cast.flat, february, 5, service="иное")], number="26112000000002", at=later(1))
    assert state(db, key) is LinkState.PAYABLE
    order = paid(db, cast.organization, [Line(cast.flat, february, 90, service=COLD)], number="3", at=later(2))
    assert state(db, key) is LinkState.COVERED
    refunded(db, order, 90)
    assert state(db, key) is LinkState.PAYABLE


def later(minutes: int):
    return NOW + timedelta(minutes=minutes)


def test_its_maker_sees_the_newest_first_with_their_fates(db, cast, february):
    september = september_2019(db, cast.flat)
    make(db, cast.owner, february)
    make(db, cast.owner, september, now=later(1))
    newest, oldest = db.read(my_links, cast.owner.actor, now=NOW)
    assert (newest.receipt_id, oldest.receipt_id) == (september, february)
    assert (oldest.title, oldest.account) == ("Квитанция ХВС и ВО за ФЕВРАЛЬ 2018", "1234567899")
    assert (oldest.amount, oldest.state, oldest.paid_at) == (53920, LinkState.PAYABLE, None)
    assert db.read(my_links, cast.relative.actor, now=NOW) == ()
    assert db.read(my_links, cast.owner.actor, now=NOW + timedelta(days=61)) == ()


def test_only_the_key_is_kept(db, cast, february):
    key = make(db, cast.owner, february)
    with db.engine.connect() as connection:
        row = connection.execute(select(PayLink.__table__)).one()
        assert connection.scalar(select(func.count()).select_from(PayLink.__table__)) == 1
    assert row.key == key and len(key) == 22


def test_no_query_scans_a_growing_table(db):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    mine = {"user_id": 1, "since": NOW}
    steps = (
        plan(db, BY_KEY, key="x", now=NOW)
        + plan(db, MINE, owned_at=NOW, now=NOW, **mine)
        + plan(db, ORDERS, link_id=1)
        + plan(db, LINES, link_id=1)
        + plan(db, ORDERS_OF_MINE, **mine)
        + plan(db, _LINES_OF_MINE, owned_at=NOW, **mine)
    )
    assert scans(steps) == []
