"""One order whole, the days against the bank, the accountant's file, and what staff do beside refunds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.billing.tables import PostedPayment
from lk_reflex.domain.documents.sheets.catalogue import as_file
from lk_reflex.domain.payments.desk import totals
from lk_reflex.domain.payments.desk.day_sheet import day_sheet
from lk_reflex.domain.payments.desk.deeds import clear_flag, look_up_day, note_seen
from lk_reflex.domain.payments.desk.order_view import order_view
from lk_reflex.domain.payments.desk.totals import day_totals
from lk_reflex.domain.payments.orders.posting import post_refund
from lk_reflex.domain.payments.tables import BankHint, Order, OrderEvent, OrderLine, Posting, PostingLine
from tests.billing.plans import plan, scans
from tests.cast import NOW, make_account
from tests.payments.desk_orders import hand_over, order_in, put_order, put_receipt

DAY = date(2026, 11, 20)
RESIDENTS = ["owner", "relative", "stranger"]


def seen(db, cast, number):
    return db.read(order_view, cast.operator.actor, number)


def summed(db, cast, who="operator", **more):
    return db.read(day_totals, getattr(cast, who).actor, now=NOW + timedelta(hours=2), **more)


def give_back(db, number: str, amount: int) -> None:
    """As the bank's amounts would have it."""
    with db.transaction() as writer:
        order = writer.session.exec(select(Order).where(Order.number == number)).one()
        order.refunded += amount
        writer.session.flush()
        post_refund(writer, order.id, amount, running=order.refunded, now=NOW + timedelta(days=1))


def differing(db, cast):
    return [(one.number, [row.account for row in one.accounts]) for one in summed(db, cast).differing]


def billed(db, cast, number: str, amount: int, account: int | None = None) -> None:
    """Billing's own record of an order; a payment is negative there."""
    with db.transaction() as writer:
        writer.add(
            PostedPayment(
                organization_id=cast.organization, account_id=account or cast.flat, code=f"b-{number}-{amount}",
                kind="Сайт", accepted_on=DAY, processed_on=DAY + timedelta(days=1), amount=-amount, order_number=number,
            )
        )  # fmt: skip


def test_an_order_whole(db, cast):
    number = put_order(db, cast, commission=10_78, card="411111******1111", reason="")
    give_back(db, number, 100_00)
    hand_over(db, NOW + timedelta(days=1))
    billed(db, cast, number, 539_20)
    with db.transaction() as writer:
        order = writer.session.exec(select(Order)).one()
        writer.add(BankHint(order_id=order.id, operation="deposited", succeeded=True, times=50, first_at=NOW,
                            last_at=NOW + timedelta(minutes=5)))  # fmt: skip
    view = seen(db, cast, number)
    assert (view.amount, view.commission, view.total, view.captured, view.refunded) == (
        539_20, 10_78, 549_98, 549_98, 100_00,
    )  # fmt: skip
    assert (view.left, view.refunding, view.may_refund, view.by_link) == (449_98, False, False, False)
    assert [(line.service, line.part, line.amount) for line in view.lines] == [
        ("ХВС", "main", 500_00), ("ХВС", "penalty", 39_20),
    ]  # fmt: skip
    assert sum(line.back for line in view.lines) == -sum(one.amount - one.commission for one in view.postings[1:])
    assert [(one.amount, one.register) for one in view.postings] == [(549_98, 7), (-100_00, 7)]
    assert [(one.operation, one.times) for one in view.hints] == [("deposited", 50)]
    assert [(one.account, one.amount) for one in view.accounted] == [("1234567899", -539_20)]
    assert [one.became for one in view.journal] == ["new", "paid"]
    assert view.journal[0].by == "owner@example.org" and not view.journal[0].staff


def test_an_order_of_a_login_that_is_gone(db, cast):
    number = put_order(db, cast, user_id=None, link_id=None, email="")
    assert (seen(db, cast, number).email, seen(db, cast, number).by_link) == ("", False)


@pytest.mark.parametrize("number", ["", "1", "%", "x" * 10_000, "\0"])
def test_an_order_that_is_none(db, cast, number):
    if "\0" in number and db.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL takes no NUL; an address can't hold one")
    with pytest.raises(NotFound):
        seen(db, cast, number)


def test_a_day_adds_up(db, cast):
    first = put_order(db, cast, commission=10_00)
    put_order(db, cast, flag="late")
    put_order(db, cast, status="expired")
    give_back(db, first, 100_00)
    (day,) = summed(db, cast).days
    assert (day.day, day.organization, day.orders, day.flagged) == (DAY, "ПОВВ", 2, 1)
    assert (day.captured, day.refunded, day.paid, day.back) == (1088_40, 100_00, 1088_40, 100_00)
    assert (day.commission, day.difference) == (10_00, 0)


def test_a_difference_is_seen(db, cast):
    """The bank has taken money that we haven't posted, and given back what we haven't taken off."""
    put_order(db, cast, posted=False)
    put_order(db, cast, refunded=39_20)
    (day,) = summed(db, cast).days
    assert day.difference == 539_20 - 39_20


def test_what_is_still_open_is_told_beside_the_day_on_which_it_was_made(db, cast):
    asked = NOW + timedelta(minutes=7)
    put_order(db, cast, status="waiting", looked_at=asked + timedelta(minutes=1))
    put_order(db, cast, status="checking", looked_at=asked)
    put_order(db, cast, status="declined")
    (day,) = summed(db, cast).days
    assert (day.orders, day.open, day.open_total) == (0, 2, 2 * 539_20)
    assert day.looked_at is not None and f"{day.looked_at:%d.%m %H:%M}" == "20.11 15:07"
    put_order(db, cast)
    (day,) = summed(db, cast).days
    assert (day.orders, day.open) == (1, 2)


def test_days_are_the_organizations_own_and_each_has_its_own(db, cast):
    put_order(db, cast, paid_at=NOW - timedelta(hours=10, minutes=30))  # 23:30 UTC, the 20th in Yekaterinburg
    put_order(db, cast, paid_at=NOW - timedelta(hours=16))  # the 19th, 23:00 there
    with db.transaction() as writer:
        other = Organization(inn="7400000001", name="Калининград", time_zone="Europe/Kaliningrad")
        writer.add(other)
        other_id = other.id or 0
        account = make_account(writer, other_id, "777", flat="1")
        order_in(writer, cast, organization_id=other_id, account=account, paid_at=NOW - timedelta(hours=11))
    found = [(one.organization, one.day.day) for one in summed(db, cast, "admin").days]
    assert found == [("ПОВВ", 20), ("Калининград", 20), ("ПОВВ", 19)]


def test_two_weeks_at_a_time(db, cast):
    put_order(db, cast, paid_at=NOW - timedelta(days=20))
    assert summed(db, cast).days == ()
    assert [one.day for one in summed(db, cast, last=DAY - timedelta(days=14)).days] == [DAY - timedelta(days=20)]


def test_what_billing_hasnt_accounted_for_after_days_is_named(db, cast):
    slow, known = put_order(db, cast), put_order(db, cast)
    billed(db, cast, known, 539_20)
    hand_over(db, NOW - timedelta(days=6))
    put_order(db, cast)
    hand_over(db, NOW - timedelta(days=4), number=8)
    assert [one.number for one in summed(db, cast).unaccounted] == [slow]


def test_the_day_of_handing_over_is_the_organizations(db, cast):
    put_order(db, cast)
    hand_over(db, datetime(2026, 11, 13, 19, 30, tzinfo=UTC))  # half past midnight in Chelyabinsk
    (one,) = summed(db, cast).unaccounted
    assert (one.handed_on, one.days) == (date(2026, 11, 14), 6)


def test_an_account_of_several_may_be_the_one_that_is_missing(db, cast):
    number = put_order(db, cast)
    with db.transaction() as writer:
        second = make_account(writer, cast.organization, "555", flat="5")
        order = writer.session.exec(select(Order)).one()
        receipt = put_receipt(writer, second)
        writer.add(OrderLine(order_id=order.id, account_id=second, receipt_id=receipt, service="ХВС", part="main",
                             amount=1, receipt_due=1))  # fmt: skip
    billed(db, cast, number, 539_20)
    hand_over(db, NOW - timedelta(days=6))
    assert [one.number for one in summed(db, cast).unaccounted] == [number]


def test_another_sum_at_billing_is_named(db, cast):
    right, wrong, young = put_order(db, cast), put_order(db, cast), put_order(db, cast)
    billed(db, cast, right, 539_20)  # before its register was made: no matter
    billed(db, cast, wrong, 500_00)
    assert differing(db, cast) == [(wrong, ["1234567899"])]
    (one,) = summed(db, cast).differing[0].accounts
    assert (one.paid, one.billed, one.returned, one.billed_back) == (539_20, 500_00, 0, 0)
    give_back(db, right, 39_20)
    hand_over(db, NOW)  # on its way in billing: no difference yet
    assert differing(db, cast) == [(wrong, ["1234567899"])] and young
    billed(db, cast, right, -39_21)
    assert differing(db, cast) == [(right, ["1234567899"]), (wrong, ["1234567899"])]


def test_payment_and_refunds_netted_are_the_same_money(db, cast):
    number = put_order(db, cast)
    give_back(db, number, 39_20)
    billed(db, cast, number, 500_00)
    assert differing(db, cast) == []


def test_each_account_is_compared_alone(db, cast):
    """An account that billing hasn't recorded yet is none of a difference; two wrong ones stand in one line."""
    number = put_order(db, cast)
    with db.transaction() as writer:
        second = make_account(writer, cast.organization, "555", flat="5")
        order = writer.session.exec(select(Order)).one()
        posting = writer.session.exec(select(Posting)).one()
        line = OrderLine(order_id=order.id, account_id=second, receipt_id=put_receipt(writer, second), service="ХВС",
                         part="main", amount=1_00, receipt_due=1_00)  # fmt: skip
        writer.add(line)
        writer.add(PostingLine(posting_id=posting.id, order_line_id=line.id, amount=1_00))
    billed(db, cast, number, 539_20)
    assert differing(db, cast) == []
    billed(db, cast, number, 1_00)
    billed(db, cast, number, 99, second)
    assert differing(db, cast) == [(number, ["1234567899", "555"])]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_no_total_walks_the_orders(db, cast):
    asked = {"organization_id": 1, "begins": NOW, "ends": NOW}
    for query in (totals._BANK, totals._OURS, totals._DIFFERS):
        steps = plan(db, query, **asked)
        assert set(scans(steps)) <= {"SCAN touched"}, steps  # what it has found by then
        assert any("ix_orders_organization_id_paid_at" in step for step in steps), steps
    assert not scans(plan(db, totals._OPEN, **asked))
    steps = plan(db, totals._SLOW, since=NOW, until=NOW, **cast.operator.actor.overseeing)
    assert not [step for step in scans(steps) if "exports" not in step], steps  # of these there are a few a day


def test_the_accountants_file(db, cast):
    with db.transaction() as writer:
        writer.session.get(Account, cast.flat).number = "=HYPERLINK(1)"
    number = put_order(db, cast, commission=10_00, bank_id="@bank")
    give_back(db, number, 100_00)
    put_order(db, cast, paid_at=NOW + timedelta(days=1))
    sheet = db.read(day_sheet, cast.operator.actor, cast.organization, DAY)
    assert sheet.rows == (
        (number, "'@bank", "20.11.2026", "15:03:00", "'=HYPERLINK(1)", "539,20", "10,00", "549,20", "100,00", "449,20"),
        ("Итого", "", "", "", "", "539,20", "10,00", "549,20", "100,00", "449,20"),
    )
    put_order(db, cast)
    assert db.read(day_sheet, cast.operator.actor, cast.organization, DAY).rows[-1] == (
        "Итого", "", "", "", "", "1078,40", "10,00", "1088,40", "100,00", "988,40",
    )  # fmt: skip
    assert as_file(sheet, "csv").decode("utf-8-sig").splitlines()[0].startswith("Заказ;Номер у банка;Оплачен")
    assert as_file(sheet, "xlsx")[:2] == b"PK"
    with pytest.raises(NotFound):
        db.read(day_sheet, cast.operator.actor, 999, DAY)


def test_a_flag_is_cleared_once_with_a_note(db, cast):
    number = put_order(db, cast, flag="late")
    who = cast.operator.actor
    for said in ("", " ", "x" * 501):
        with pytest.raises(Invalid):
            db.write(clear_flag, who, number, "late", said, now=NOW)
    for flag in ("", "second-payment"):
        with pytest.raises(Conflict):
            db.write(clear_flag, who, number, flag, "Проверено", now=NOW)
    db.write(clear_flag, who, number, "late", "Проверено", now=NOW)
    with pytest.raises(Conflict):
        db.write(clear_flag, who, number, "late", "Проверено", now=NOW)
    last = seen(db, cast, number).journal[-1]
    assert (last.by, last.detail) == (
        "operator@example.org", {"deed": "flag-cleared", "flag": "late", "said": "Проверено"},
    )  # fmt: skip


def test_a_day_is_looked_up_whole_and_no_other(db, cast):
    numbers = {
        "paid today": put_order(db, cast, created_at=NOW - timedelta(days=1), paid_at=NOW),
        "made today": put_order(db, cast, status="expired"),
        "of another day": put_order(db, cast, created_at=NOW - timedelta(days=1)),
    }
    assert db.write(look_up_day, cast.operator.actor, cast.organization, DAY, now=NOW) == 2
    with db.transaction() as writer:
        due = {one.number: one.next_look_at for one in writer.session.exec(select(Order))}
        (noted,) = writer.session.exec(select(AuditEntry)).all()
        assert (noted.action, noted.detail["orders"]) == ("day-looked-up", 2)
    assert {name: due[number] for name, number in numbers.items()} == {
        "paid today": NOW, "made today": NOW, "of another day": None,
    }  # fmt: skip
    with pytest.raises(NotFound):
        db.write(look_up_day, cast.operator.actor, 999, DAY, now=NOW)


@pytest.mark.parametrize("who", RESIDENTS)
def test_residents_have_no_part_in_it(db, cast, who):
    number, actor = put_order(db, cast, flag="late"), getattr(cast, who).actor
    for read, args in ((order_view, (number,)), (day_sheet, (cast.organization, DAY))):
        with pytest.raises(Refused):
            db.read(read, actor, *args)
    with pytest.raises(Refused):
        db.read(day_totals, actor, now=NOW)
    for write, args in (
        (clear_flag, (number, "late", "x")), (note_seen, (number,)), (look_up_day, (cast.organization, DAY)),
    ):  # fmt: skip
        with pytest.raises(Refused):
            db.write(write, actor, *args, now=NOW)
    with db.transaction() as writer:
        assert len(writer.session.exec(select(OrderEvent)).all()) == 2
        assert writer.session.exec(select(AuditEntry)).all() == []
