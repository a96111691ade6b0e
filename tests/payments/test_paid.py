"""What was paid here: pending until billing's own record comes, never twice, and who sees how much of it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from lk_reflex.core.months import Month
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.payments.history import PAID_HERE, RETURNED_HERE, Paid, Trace, paid_years
from lk_reflex.domain.payments.paid import _RECORDS, _SHARES, Record, Share, closed_by, pending_of
from lk_reflex.domain.payments.tables import PENALTY, Posting
from tests.billing.paper import payment, receipt
from tests.billing.plans import plan, scans
from tests.cast import NOW, TODAY
from tests.payments.books import Line, paid, refunded

NUMBER = "26112012345678"
OCTOBER = Month(2026, 10)


@pytest.fixture
def bill(db, cast):
    return receipt(db, cast.flat, "Объединённая", OCTOBER, [("ХВС", "0", "0", "500,00", "500,00")])


@pytest.fixture
def order(db, cast, bill):
    """500 roubles of the flat, paid by the owner with a commission on top."""
    lines = [Line(cast.flat, bill, 400_00), Line(cast.flat, bill, 100_00, part=PENALTY)]
    return paid(db, cast.organization, lines, number=NUMBER, user=cast.owner.actor.user_id, commission=5_00)


def history(db, person, account):
    return [one for year in db.read(paid_years, person.actor, account) for one in year.payments]


def share(amount, number=NUMBER):
    return Share(number, amount, TODAY, None, True)


@pytest.mark.parametrize(
    ("shares", "records", "closed"),
    [
        ([100], [], [False]),
        ([100], [-100], [True]),
        ([100], [-99], [True]),  # billing's sum differs: its own is shown, never both
        ([100], [100], [False]),  # that is a refund's record
        ([100, -30], [-100], [True, False]),
        ([100, -30], [-100, 30], [True, True]),
        ([100, -30, -20], [-100, 30], [True, True, False]),
        ([100, -30, -20], [-100, 50], [True, True, True]),  # two refunds in one row
        ([100, -30, -20], [-100, 29], [True, True, False]),
        ([100, -100], [], [False, False]),
        ([100], [0], [True]),
        ([500, -300, -200], [-500, 100, 200], [True, True, False]),  # one refund, a row a service
        ([500, -300, -200], [-500, 100, 199], [True, True, False]),
        ([500, -300, -200], [-500, 100, 200, 200], [True, True, True]),
        ([500, -300, -200], [-500, 300, 150], [True, True, True]),  # the second one with another sum
        ([500, -300, -200], [-500, 310], [True, True, False]),
        ([500, -500], [0], [True, True]),  # netted to nothing
        ([500, -200], [-300], [True, True]),  # netted to what is left
        ([500, -200, -300], [-300], [True, True, False]),
    ],
)  # fmt: skip
def test_what_billing_has_closes_what_is_ours(shares, records, closed):
    assert closed_by([share(one) for one in shares], [Record(NUMBER, one) for one in records]) == closed


def test_another_orders_record_closes_nothing():
    assert closed_by([share(100)], [Record("26112000000000", -100)]) == [False]


@pytest.mark.usefixtures("order")
def test_is_pending_at_once_with_billings_sign_and_without_the_commission(db, cast):
    (one,) = history(db, cast.owner, cast.flat)
    trace = Trace(NUMBER, -500_00, 0, TODAY, None, None, True)
    assert one == Paid(PAID_HERE, TODAY, None, -500_00, pending=True, trace=trace)
    (year,) = db.read(paid_years, cast.owner.actor, cast.flat)
    assert (year.amount, year.pending) == (-500_00, -500_00)
    assert [one.amount for one in db.read(pending_of, cast.owner.actor, cast.flat)] == [500_00]


@pytest.mark.usefixtures("order")
def test_the_flats_other_people_see_it_too_but_it_is_not_theirs(db, cast):
    (one,) = history(db, cast.relative, cast.flat)
    assert one.pending and not one.trace.mine


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_what_isnt_yours_is_not_found(db, cast, who):
    assert history(db, getattr(cast, who), cast.flat) == []
    assert db.read(pending_of, getattr(cast, who).actor, cast.flat) == ()


@pytest.mark.usefixtures("order")
def test_billings_own_record_takes_its_place(db, cast):
    payment(db, cast.organization, cast.flat, date(2026, 11, 21), "-500,00", order_number=NUMBER, kind="банк",
            processed_on=date(2026, 11, 23))  # fmt: skip
    (one,) = history(db, cast.owner, cast.flat)
    trace = Trace(NUMBER, -500_00, -500_00, TODAY, None, date(2026, 11, 23), True)
    assert one == Paid("банк", date(2026, 11, 21), date(2026, 11, 23), -500_00, trace=trace)
    assert db.read(pending_of, cast.owner.actor, cast.flat) == ()


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize("other", [{"order_number": ""}, {"order_number": "26112000000000"}])
def test_a_record_without_our_number_is_another_payment(db, cast, other):
    payment(db, cast.organization, cast.flat, TODAY, "-500,00", **other)
    assert [one.pending for one in history(db, cast.owner, cast.flat)] == [True, False]


def test_an_order_over_two_accounts_is_closed_for_each_alone(db, cast, bill):
    theirs = receipt(db, cast.house, "Объединённая", OCTOBER)
    lines = [Line(cast.flat, bill, 300_00), Line(cast.house, theirs, 200_00)]
    paid(db, cast.organization, lines, number=NUMBER, user=cast.owner.actor.user_id)
    assert [one.amount for one in history(db, cast.owner, cast.flat)] == [-300_00]
    assert [one.amount for one in history(db, cast.stranger, cast.house)] == [-200_00]
    payment(db, cast.organization, cast.flat, TODAY, "-300,00", order_number=NUMBER)
    assert [one.pending for one in history(db, cast.owner, cast.flat)] == [False]
    assert [one.pending for one in history(db, cast.stranger, cast.house)] == [True]


@pytest.mark.usefixtures("order")
def test_billing_may_have_a_row_for_each_service(db, cast):
    for sums in ("-400,00", "-100,00"):
        payment(db, cast.organization, cast.flat, TODAY, sums, order_number=NUMBER)
    found = history(db, cast.owner, cast.flat)
    assert [(one.amount, one.pending, one.trace.amount, one.trace.billed) for one in found] == [
        (-100_00, False, -500_00, -500_00), (-400_00, False, -500_00, -500_00),
    ]  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), [(["30,00"], (30_00, 30_00)), (["50,00"], (50_00, 50_00)),
                                            (["30,00", "20,00"], (50_00, 50_00)), (["31,00"], (50_00, 31_00)),
                                            (["70,00"], (50_00, 70_00))])  # fmt: skip
def test_refunds_are_held_against_what_billing_has_of_them(db, cast, order, rows, told):
    refunded(db, order, 30_30)
    refunded(db, order, 20_20)
    for sums in rows:
        payment(db, cast.organization, cast.flat, TODAY, sums, order_number=NUMBER)
    found = [one for one in history(db, cast.owner, cast.flat) if one.amount > 0 and not one.pending]
    assert {(one.trace.amount, one.trace.billed) for one in found} == {told}


def test_a_refund_goes_the_same_way(db, cast, order):
    payment(db, cast.organization, cast.flat, TODAY, "-500,00", order_number=NUMBER)
    refunded(db, order, 101_00, at=datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    back, there = history(db, cast.owner, cast.flat)
    assert (back.kind, back.amount, back.pending, back.accepted_on) == (RETURNED_HERE, 100_00, True, date(2026, 11, 25))
    assert not there.pending
    assert [one.amount for one in db.read(pending_of, cast.owner.actor, cast.flat)] == [-100_00]
    payment(db, cast.organization, cast.flat, date(2026, 11, 26), "100,00", order_number=NUMBER)
    back, there = history(db, cast.owner, cast.flat)
    assert (back.amount, back.pending, back.trace.amount) == (100_00, False, 100_00)
    assert there.trace.amount == -500_00


def test_a_whole_refund_adds_up_to_nothing(db, cast, order):
    refunded(db, order, 200_00)
    refunded(db, order, 305_00)
    (year,) = db.read(paid_years, cast.owner.actor, cast.flat)
    assert (year.amount, year.pending) == (0, 0)
    assert len(year.payments) == 3


def test_the_register_to_billing_is_a_station(db, cast, order):
    with db.transaction() as writer:
        batch = Export(kind="payments", number=1, created_at=NOW)
        writer.add(batch)
        writer.change(update(Posting).values(export_id=batch.id))
        batch_id = batch.id
    assert history(db, cast.owner, cast.flat)[0].trace.handed_on is None, "not before the file is whole"
    with db.transaction() as writer:
        writer.session.get(Export, batch_id).completed_at = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
    assert history(db, cast.owner, cast.flat)[0].trace.handed_on == date(2026, 11, 22)


@pytest.mark.usefixtures("order")
def test_an_old_payment_and_a_new_one_stand_in_their_years(db, cast):
    payment(db, cast.organization, cast.flat, date(2025, 12, 31), "-1,00")
    payment(db, cast.organization, cast.flat, TODAY, "-2,00")
    years = db.read(paid_years, cast.owner.actor, cast.flat)
    assert [(year.year, year.amount, year.pending) for year in years] == [(2026, -502_00, -500_00), (2025, -1_00, 0)]
    assert [one.pending for one in years[0].payments] == [True, False]


def test_no_query_scans_a_growing_table(db, cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    params = {"account_id": cast.flat, "user_id": 1, "owned_at": NOW}
    assert scans(plan(db, _SHARES, **params) + plan(db, _RECORDS, **params)) == []
