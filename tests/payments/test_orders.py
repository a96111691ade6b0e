"""An order from the press to billing's door: what is recorded, settled and told, rule by rule, on both databases."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import select

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.payments.cart.putting import cart_variants, put_into_cart
from lk_reflex.domain.payments.orders.cancelling import cancel
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.machine import Status, may_move
from lk_reflex.domain.payments.orders.moving import move
from lk_reflex.domain.payments.orders.placing import place
from lk_reflex.domain.payments.orders.settling import settle
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import NumberTaken, Rejected, Stage
from tests.billing.paper import february_2018, receipt
from tests.cast import NOW
from tests.payments.bank import AFTER, BEFORE, CARD, state
from tests.payments.world import DUE, SITE, World


@pytest.fixture
def world(db, cast) -> World:
    return World(db, cast, february_2018(db, cast.flat))


def terms(world: World, **changes) -> None:
    world.database.write(lambda db: db.change(update(Organization).values(**changes)))


def audited(world: World) -> list[str]:
    with world.database.transaction() as db:
        return list(db.session.exec(select(AuditEntry.action).order_by(AuditEntry.id)).all())


# Placing.


def test_stands_here_before_the_bank_hears_of_it(world):
    number = world.placed()
    order = world.order(number)
    assert (order.status, order.amount, order.commission, order.total) == ("new", DUE, 0, DUE)
    assert len(number) == 14 and number.startswith("261120") and number.isdigit()
    assert world.moves(number) == [("", "new", "pressed")]
    assert order.next_look_at == NOW + timedelta(minutes=1)
    assert not world.bank.calls


@pytest.mark.parametrize(
    ("by", "rate", "minimum", "commission"),
    [("payer", 100, 0, 539), ("payer", 10, 5000, 5000), ("organization", 100, 500, 0), ("payer", 0, 0, 0)],
)
def test_the_payers_commission_comes_on_top(world, by, rate, minimum, commission):
    terms(world, commission_by=by, commission_rate=rate, commission_minimum=minimum)
    number = world.paid()
    assert world.bank.requests[number].amount == DUE + commission
    assert world.shares(number) == [[commission, 34130, 19790]]
    world.check()


def test_the_ceiling_bounds_the_whole_order(world):
    terms(world, commission_rate=100, payment_ceiling=DUE + 539)
    world.placed()
    terms(world, payment_ceiling=DUE + 538)
    with pytest.raises(Refused, match="не больше"):
        world.placed()


@pytest.mark.parametrize("sums", [(), (("ХВС", 0),), (("ХВС", 100), ("ВО", -1))])
def test_nothing_to_pay_is_refused(world, sums):
    with pytest.raises(Refused):
        world.database.write(
            place, organization_id=world.cast.organization, lines=world.wanted(sums), user_id=None, link_id=None,
            email="", once_key="k", gateway="rbs", lives=timedelta(minutes=20), now=NOW,
        )  # fmt: skip


def test_an_organization_that_takes_no_payments_gets_no_order(world):
    terms(world, takes_payments=False)
    with pytest.raises(Refused):
        world.placed()


def test_the_same_form_is_the_same_order_and_anothers_isnt(world):
    first = world.placed(key="form")
    assert world.placed(key="form") == first
    assert world.placed(key="form", user=world.cast.relative.actor.user_id) != first
    assert world.placed(key="form", user=None) != first


def test_a_taken_number_is_drawn_again(world, monkeypatch):
    drawn = iter(["26112000000001", "26112000000001", "26112000000002"])
    monkeypatch.setattr("lk_reflex.domain.payments.orders.placing.new_number", lambda *_: next(drawn))
    assert [world.placed(), world.placed()] == ["26112000000001", "26112000000002"]


# Making it known to the bank.


def test_the_bank_gets_what_it_needs(world):
    started = world.start(world.placed())
    request = world.bank.requests[started.number]
    assert (request.amount, request.lives, request.email) == (DUE, 1200, "owner@example.org")
    assert request.return_url == request.fail_url == f"{SITE}/cart/result/{started.number}"
    assert "лицевой счет 1234567899" in request.description
    assert request.extra == {"account": "1234567899", "period": "02.2018"}
    assert (started.status, started.form_url) == (Status.WAITING, f"https://bank.example/pay/md-{started.number}")
    assert world.moves(started.number)[1:] == [("new", "waiting", "registered")]


def test_starting_again_gives_the_same_page(world):
    first = world.start(world.placed())
    assert world.start(first.number) == first
    assert world.bank.calls["register"] == 1


@pytest.mark.parametrize(
    ("troubles", "registered", "asked", "status"),
    [
        ({"register": [BEFORE]}, 2, 1, Status.WAITING),
        ({"register": [AFTER]}, 1, 1, Status.WAITING),
        ({"register": [BEFORE, AFTER]}, 2, 2, Status.WAITING),
        ({"register": [BEFORE, BEFORE]}, 2, 2, Status.NEW),
        ({"register": [AFTER], "state": [BEFORE]}, 1, 1, Status.NEW),
        # A refused question isn't a refused order.
        ({"register": [AFTER], "state": [Rejected("5")]}, 1, 1, Status.NEW),
        ({"register": [NumberTaken("1")]}, 2, 1, Status.WAITING),
        ({"register": [Rejected("5", "доступ")]}, 1, 0, Status.FAILED),
    ],
)
def test_silence_at_the_registration(world, troubles, registered, asked, status):
    for call, fates in troubles.items():
        world.bank.trouble[call].extend(fates)
    number = world.placed()
    assert world.start(number).status is status
    assert (world.bank.calls["register"], world.bank.calls["state"]) == (registered, asked)
    world.check()
    # Whatever it was, the next look settles it, and a payment is taken.
    world.later(minutes=1)
    world.look(number)
    if number in world.bank.orders:
        assert world.status(number) is Status.WAITING
        world.bank.pay(number)
        assert world.look(number).status is Status.PAID
    world.check()


def test_an_organization_without_a_bank_is_a_failed_order(world):
    world.banks.connected = False
    number = world.placed()
    assert world.start(number).status is Status.FAILED
    assert world.order(number).reason == "rejected"


# Statuses.


@pytest.mark.parametrize("becomes", list(Status))
@pytest.mark.parametrize("was", list(Status))
def test_only_the_tables_moves_are_made(world, was, becomes):
    number = world.placed()
    world.database.write(lambda db: db.change(update(Order).values(status=was.value)))
    given = (world.order(number).id, was, becomes)
    if not may_move(was, becomes):
        with pytest.raises(ValueError, match="no order goes"):
            world.database.write(move, *given, cause=Cause.STAFF, now=NOW)
        assert world.status(number) is was
        return
    assert world.database.write(move, *given, cause=Cause.STAFF, now=NOW, actor_id=7)
    assert world.status(number) is becomes
    assert world.moves(number)[1:] == [(was.value, becomes.value, "staff")]
    # Whoever comes second moves nothing and writes nothing.
    assert not world.database.write(move, *given, cause=Cause.STAFF, now=NOW)
    assert len(world.moves(number)) == 2


#: What a bank's word makes of an order that isn't paid: from each status to each, where the machine allows it.
UNPAID = [Status.NEW, Status.WAITING, Status.CHECKING, Status.DECLINED, Status.REVERSED, Status.EXPIRED, Status.FAILED]
MEANS = {
    Stage.REGISTERED: Status.WAITING,
    Stage.HELD: Status.CHECKING,
    Stage.AUTHORISING: Status.CHECKING,
    Stage.DECLINED: Status.DECLINED,
    Stage.REVERSED: Status.REVERSED,
    Stage.PAID: Status.PAID,
}


@pytest.mark.parametrize("stage", MEANS)
@pytest.mark.parametrize("was", UNPAID)
def test_a_banks_word_moves_what_may_move(world, was, stage):
    number = world.placed()
    if was is not Status.NEW:
        world.database.write(move, world.order(number).id, Status.NEW, was, cause=Cause.STAFF, now=NOW)
    word = state(number, stage, DUE)
    becomes = world.database.write(settle, world.order(number).id, word, cause=Cause.SCHEDULE, now=NOW, site=SITE)
    means = MEANS[stage]
    assert becomes is world.status(number) is (means if may_move(was, means) else was)
    assert may_move(was, Status.PAID)
    world.check()


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.REVERSED, Stage.REFUNDED)])
def test_paid_stays_paid(world, stage):
    number = world.paid()
    world.bank.change(number, stage=stage)
    assert world.look(number).status is Status.PAID
    assert len(world.postings(number)) == len(world.mail()) == 1
    assert world.order(number).flag == ("declined-after-paid" if stage is Stage.DECLINED else "")
    world.look(number)
    assert world.moves(number)[3:] == ([("paid", "paid", "callback")] if stage is Stage.DECLINED else [])
    world.check()


# Paid.


def test_a_payment_is_posted_told_and_out_of_the_cart(world, db, cast):
    db.write(put_into_cart, cast.owner.actor, world.receipt, with_advance=False, now=NOW)
    db.write(put_into_cart, cast.relative.actor, world.receipt, with_advance=False, now=NOW)
    other = receipt(db, cast.flat, "ХВС", Month(2026, 10), [("ХВС", "0", "0", "5,00", "5,00")])
    db.write(put_into_cart, cast.owner.actor, other, with_advance=False, now=NOW)
    number = world.paid()
    order = world.order(number)
    assert (order.captured, order.refunded, order.card, order.paid_at, order.flag) == (DUE, 0, CARD, NOW, "")
    assert world.shares(number) == [[0, 34130, 19790]]
    assert db.read(cart_variants, cast.owner.actor) == {other: False}
    assert db.read(cart_variants, cast.relative.actor) == {world.receipt: False}
    me = cast.owner.actor.user_id
    assert {(me, "order", number), (me, "cart", ""), (me, "feed", "")} <= set(world.signals())
    (letter,) = world.mail()
    assert letter.recipient == "owner@example.org"
    assert letter.subject == "Оплата принята: 539,20\u00a0руб."
    assert f"{SITE}/cart/result/{number}" in letter.plain
    assert "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018. Лицевой счет 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010" in letter.plain
    assert "МУП ПОВВ:ВО(КОПЕЙСК): 197,90" in letter.plain and "•••• 1111" in letter.plain.replace("\u00a0", " ")
    (line,) = world.feed()
    assert (line.user_id, line.link, line.title) == (me, f"/cart/result/{number}", letter.subject)
    world.check()


def test_a_payer_by_link_gets_the_letter_alone(world):
    number = world.placed(user=None)
    world.start(number)
    world.bank.pay(number)
    world.look(number)
    (letter,) = world.mail()
    assert "/cart/" not in letter.plain and world.feed() == [] and world.signals() == []
    assert world.postings(number)[0].amount == DUE


def test_what_remains_is_said(world):
    number = world.paid(*world.wanted((("ХВС", 30000),)))
    assert "осталось оплатить 239,20\u00a0руб." in world.mail()[0].plain
    assert world.order(number).flag == ""
    # The rest later is no second payment.
    assert world.order(world.paid(*world.wanted((("ВО", 23920),)))).flag == ""


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=3650)])
def test_a_banks_clock_may_be_wrong(world, ahead):
    for paid_at in (NOW + ahead, NOW - ahead):
        number = world.started()
        world.bank.pay(number, at=paid_at)
        assert world.look(number).status is Status.PAID
        assert world.order(number).paid_at == NOW


@pytest.mark.parametrize("stage", [Stage.REFUNDED, Stage.PAID])
@pytest.mark.parametrize(("refunded", "status"), [(DUE, Status.REFUNDED), (10000, Status.PAID)])
def test_paid_and_given_back_before_we_heard_of_it(world, stage, refunded, status):
    number = world.started()
    world.bank.pay(number)
    world.bank.change(number, stage=stage, refunded=refunded)
    assert world.look(number).status is status
    assert [posting.amount for posting in world.postings(number)] == [DUE, -refunded]
    assert (len(world.mail()), len(world.mail("payment-refunded"))) == (1, 1)
    world.check()


# Refunds.


def test_refunds_follow_the_banks_running_total_and_leave_nothing(world):
    terms(world, commission_rate=100)
    number = world.paid()
    for amount in (1, 10000, 33333, 1, DUE + 539 - 43335):
        world.bank.give_back(number, amount)
        for _ in range(2):
            world.look(number)
        world.check()
    assert world.status(number) is Status.REFUNDED
    assert [sum(column) for column in zip(*world.shares(number), strict=True)] == [0, 0, 0]
    assert all(share <= 0 for shares in world.shares(number)[1:] for share in shares)
    assert len(world.mail("payment-refunded")) == 5
    assert world.moves(number)[3:] == [("paid", "paid", "callback")] * 4 + [("paid", "refunded", "callback")]
    assert "Платёж возвращён весь." in world.mail("payment-refunded")[-1].plain
    assert "Оплаченными остаются" in world.mail("payment-refunded")[0].plain


def test_a_payment_undone_on_its_day_is_a_whole_refund(world):
    number = world.paid()
    world.bank.undo(number)
    assert world.look(number).status is Status.REFUNDED
    assert world.order(number).refunded == DUE
    world.check()


def test_a_refund_total_that_falls_changes_nothing(world):
    number = world.paid()
    world.bank.give_back(number, 20000)
    world.look(number)
    world.bank.change(number, refunded=10000)
    world.look(number)
    assert world.order(number).refunded == 20000
    world.check()


# What isn't as it should be.


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": DUE - 1, "captured": DUE - 1}, {"amount": DUE + 1, "captured": DUE + 1}, {"currency": "840"},
        {"captured": DUE - 1}, {"captured": 0}, {"captured": DUE + 1}, {"refunded": -1}, {"refunded": DUE + 1},
    ],
)  # fmt: skip
def test_amounts_other_than_ours_post_nothing(world, wrong):
    number = world.started()
    world.bank.pay(number)
    world.bank.change(number, **wrong)
    for _ in range(2):
        assert world.look(number).status is Status.WAITING
    assert (world.order(number).flag, world.postings(number), world.mail()) == ("amount-differs", [], [])
    assert world.moves(number)[2:] == [("waiting", "waiting", "callback")]
    assert audited(world).count("bank-amount-differs") == 1
    world.check()
    # Given back at the bank, it is over.
    world.bank.change(number, captured=DUE - 1, refunded=DUE - 1, stage=Stage.REFUNDED)
    assert world.look(number).status is Status.REVERSED
    world.check()


def test_a_word_about_another_order_is_ignored(world):
    number = world.started()
    word = state("26112099999999", Stage.PAID, DUE)
    world.database.write(settle, world.order(number).id, word, cause=Cause.CALLBACK, now=NOW, site=SITE)
    assert world.status(number) is Status.WAITING
    assert "bank-answered-of-another-order" in audited(world)


def test_a_second_payment_is_an_advance(world):
    first, second = world.started(), world.started()
    world.bank.pay(first)
    world.bank.pay(second)
    world.look(first)
    world.look(second)
    assert (world.order(first).flag, world.order(second).flag) == ("", "second-payment")
    assert "зачтутся авансом" in world.mail()[1].plain and "зачтутся авансом" in world.feed()[1].body
    assert "зачтутся авансом" not in world.mail()[0].plain
    world.check()


def test_a_payment_after_a_whole_refund_is_no_second_one(world):
    first = world.paid()
    world.bank.give_back(first, DUE)
    world.look(first)
    assert world.order(world.paid()).flag == ""


def test_a_payment_of_billings_new_figures_is_no_second_one(world):
    world.paid()
    assert world.order(world.paid(*world.wanted(due=60000))).flag == ""


def test_the_advance_beside_the_debt_is_no_second_payment(world):
    world.database.write(lambda db: db.session.connection().exec_driver_sql("UPDATE receipts SET advance = 500"))
    world.paid()
    ahead = world.wanted((("", 500),), part="advance")
    assert world.order(world.paid(*ahead)).flag == ""
    assert world.order(world.paid(*ahead)).flag == "second-payment"


def test_a_late_success_is_taken_and_flagged(world):
    number = world.started()
    world.database.write(
        settle, world.order(number).id, None, cause=Cause.SCHEDULE, now=NOW, site=SITE, closed="expired"
    )
    assert world.status(number) is Status.EXPIRED
    world.bank.pay(number)
    assert world.look(number).status is Status.PAID
    assert world.order(number).flag == "late"
    assert "после того, как время на оплату вышло" in world.mail()[0].plain
    world.check()


def test_a_decline_has_its_reason_and_the_next_card_may_pay(world):
    number = world.started()
    world.bank.refuse(number, "116", retries=True)
    assert world.look(number).status is Status.DECLINED
    assert world.order(number).reason == "116"
    world.bank.change(number, stage=Stage.REGISTERED)
    assert world.look(number).status is Status.WAITING
    world.bank.pay(number)
    assert world.look(number).status is Status.PAID
    assert (world.order(number).reason, world.order(number).flag) == ("", "")
    world.check()


def test_the_last_refusal_is_the_one_that_is_told(world):
    number = world.started()
    for code in ("5", "116", "116", ""):
        world.bank.refuse(number, code, retries=True)
        assert world.look(number).status is Status.DECLINED
    assert world.order(number).reason == "116"
    assert world.moves(number)[2:] == [("waiting", "declined", "callback"), ("declined", "declined", "callback")]
    world.check()


@pytest.mark.parametrize("code", ["-2007", "expired_on_confirmation"])
def test_a_banks_own_time_out_is_no_refusal(world, code):
    number = world.started()
    world.bank.refuse(number, code)
    assert world.look(number).status is Status.EXPIRED


# Cancelling.


def cancelled(world, number, person=None) -> Status:
    actor = (person or world.cast.owner).actor
    return cancel(world.database, world.banks, actor, number, site=SITE, clock=world.clock)


def test_a_payer_gives_up(world):
    number = world.started()
    assert cancelled(world, number) is Status.EXPIRED
    assert world.order(number).reason == "cancelled"
    assert world.bank.orders[number].stage is Stage.DECLINED
    assert world.look(number).status is Status.EXPIRED
    assert cancelled(world, number) is Status.EXPIRED


def test_paid_wins_over_cancelled(world):
    number = world.started()
    world.bank.pay(number)
    assert cancelled(world, number) is Status.PAID
    assert world.bank.calls["decline"] == 0


def test_paid_between_the_question_and_the_closing(world):
    number = world.started()
    declining = world.bank.decline

    def paid_just_now(*given) -> None:
        world.bank.pay(number)
        declining(*given)

    world.bank.decline = paid_just_now
    assert cancelled(world, number) is Status.PAID
    world.check()


def test_what_the_payers_bank_thinks_about_isnt_cancelled(world):
    number = world.started()
    world.bank.think(number)
    with pytest.raises(Refused, match="проверяет"):
        cancelled(world, number)


@pytest.mark.parametrize("call", ["state", "decline"])
def test_nothing_is_cancelled_while_the_bank_is_silent(world, call):
    number = world.started()
    world.bank.trouble[call].append(AFTER)
    with pytest.raises(Exception, match="не отвечает"):
        cancelled(world, number)
    assert world.status(number) is Status.WAITING
    assert cancelled(world, number) is Status.EXPIRED


@pytest.mark.parametrize("who", ["relative", "stranger", "operator"])
def test_anothers_order_is_not_found(world, who):
    number = world.started()
    with pytest.raises(NotFound):
        cancelled(world, number, getattr(world.cast, who))
    with pytest.raises(NotFound):
        cancelled(world, "26112000000000")


def test_nobody_but_the_journal_writes_the_journal():
    """Its rows are added and never changed: no statement of the product updates or deletes them."""
    from pathlib import Path

    import lk_reflex

    root = Path(lk_reflex.__file__).parent
    texts = {path: path.read_text() for path in root.rglob("*.py")}
    for path, source in texts.items():
        for verb in ("update(OrderEvent", "delete(OrderEvent", "UPDATE order_events", "DELETE FROM order_events"):
            assert verb not in source, path
    makers = [path.name for path, source in texts.items() if "OrderEvent(" in source and path.name != "tables.py"]
    assert makers == ["journal.py"]
    changes = re.compile(r"update\(Order\)(?:(?!update\().)*?\.values\(\s*status=", re.DOTALL)
    statuses = [path.name for path, source in texts.items() if changes.search(source)]
    assert statuses == ["moving.py"]


def test_a_deleted_line_of_the_cart_is_no_fault(world, db, cast):
    number = world.started()
    from lk_reflex.domain.payments.tables import CartLine

    db.write(lambda w: w.change(delete(CartLine)))
    world.bank.pay(number)
    assert world.look(number).status is Status.PAID
