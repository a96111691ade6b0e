"""An operator sees and moves orders of the organizations of their duties alone; the administrator all."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.tables import StaffDuty
from lk_reflex.domain.payments.desk.day_sheet import day_sheet
from lk_reflex.domain.payments.desk.deeds import clear_flag, look_up_day, note_seen, note_taken
from lk_reflex.domain.payments.desk.listing import Wanted, orders_page
from lk_reflex.domain.payments.desk.order_view import order_view
from lk_reflex.domain.payments.desk.totals import day_totals
from lk_reflex.domain.payments.tables import Order
from tests.cast import NOW, TODAY, make_account
from tests.payments.desk_orders import hand_over, order_in, put_order

LATER = NOW + timedelta(days=6)


@pytest.fixture
def order(db, cast):
    """A flagged order of the cast's organization, handed to billing and not accounted for."""
    number = put_order(db, cast, flag="late")
    hand_over(db, NOW)
    return number


@pytest.fixture
def theirs(db, cast):
    """The outsider has found work at another organization, which has an order of its own."""
    with db.transaction() as writer:
        other = Organization(inn="7400000001", name="Тепло", takes_payments=True)
        writer.add(other)
        writer.add(StaffDuty(user_id=cast.outsider.actor.user_id, organization_id=other.id))
        account = make_account(writer, other.id, "777", flat="1")
        number = order_in(writer, cast, organization_id=other.id, account=account, flag="late")
        return number, other.id


def seen(db, person):
    found = db.read(orders_page, person.actor, Wanted())
    return [one.number for one in found.orders], found.flagged, [one.organization_id for one in found.payees]


def test_each_sees_the_orders_of_their_own_organizations(db, cast, order, theirs):
    number, other = theirs
    assert seen(db, cast.operator) == ([order], 1, [cast.organization])
    assert seen(db, cast.outsider) == ([number], 1, [other])
    assert sorted(seen(db, cast.admin)[0]) == sorted([order, number])
    for person, mine, foreign in ((cast.operator, order, number), (cast.outsider, number, order)):
        assert db.read(order_view, person.actor, mine).number == mine
        with pytest.raises(NotFound):
            db.read(order_view, person.actor, foreign)
        assert db.read(orders_page, person.actor, Wanted(search=foreign)).orders == ()
        # Not even as the place at which a page begins.
        assert db.read(orders_page, person.actor, Wanted(before=foreign)).orders[0].number == mine


def test_whoever_works_for_nobody_sees_nothing(db, cast, order):
    assert seen(db, cast.outsider) == ([], 0, [])
    with pytest.raises(NotFound):
        db.read(order_view, cast.outsider.actor, order)
    totals = db.read(day_totals, cast.outsider.actor, now=LATER)
    assert (totals.days, totals.unaccounted, totals.differing) == ((), (), ())
    assert db.read(day_totals, cast.operator.actor, now=LATER).unaccounted
    with pytest.raises(NotFound):
        db.read(day_sheet, cast.outsider.actor, cast.organization, TODAY)


def test_and_changes_nothing(db, cast, order):
    outsider = cast.outsider.actor
    for deed, given in (
        (clear_flag, (order, "late", "Разобрались")),
        (note_seen, (order,)),
        (note_taken, (cast.organization, TODAY)),
        (look_up_day, (cast.organization, date(2026, 11, 20))),
    ):
        with pytest.raises(NotFound):
            db.write(deed, outsider, *given, now=NOW)
    with db.transaction() as writer:
        kept = writer.session.exec(select(Order).where(Order.number == order)).one()
        assert (kept.flag, kept.next_look_at) == ("late", None)
        assert not [one for one in writer.session.exec(select(AuditEntry)) if one.actor_id == outsider.user_id]
    assert db.write(look_up_day, cast.operator.actor, cast.organization, TODAY, now=NOW) == 1
    db.write(clear_flag, cast.admin.actor, order, "late", "Разобрались", now=NOW)
