"""Refunds: who may, how much, once whatever breaks in between, and what the payer is told."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused, Unavailable
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.settling import settle
from lk_reflex.domain.payments.refunding.asking import ask_refund, read_amount
from lk_reflex.domain.payments.refunding.carrying import KEY_LIVES, LONGEST, PATIENCE, carry_out
from lk_reflex.domain.payments.refunding.deciding import drop_refund, repeat_refund
from lk_reflex.domain.payments.refunding.holds import undo_hold
from lk_reflex.domain.payments.refunding.unfinished import GRACE
from lk_reflex.domain.payments.tables import Order, OrderEvent, Posting, PostingLine, Refund
from lk_reflex.integrations.bank.port import BankState, Stage
from lk_reflex.jobs.refunds import Refunder
from tests.cast import NOW
from tests.payments.desk_bank import DeskBank, silent
from tests.payments.desk_orders import put_order

WHY = "Оплата зачислена дважды"
SITE = "https://lk.example.org"
LATER = NOW + timedelta(hours=1)


class Clock:
    """The hour at which the test is."""

    def __init__(self) -> None:
        self.now = LATER

    def __call__(self):
        return self.now

    def forward(self, delta: timedelta) -> None:
        self.now += delta


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def admin(db, cast):
    return cast.admin.actor


@pytest.fixture
def bank():
    return DeskBank()


@pytest.fixture
def paid(db, cast, bank):
    """539,20 of the owner's, captured and posted."""
    number = put_order(db, cast)
    bank.paid(number)
    return number


def ask(db, actor, number, amount=539_20, why=WHY):
    return db.write(ask_refund, actor, number, amount, why, now=LATER)


def rows(db, table):
    with db.transaction() as writer:
        found = writer.session.exec(select(table).order_by(table.id)).all()
        writer.session.expunge_all()
        return found


def books(db) -> tuple[int, int, list[int], list[int]]:
    """Captured, refunded, postings, and what is left of each line."""
    (order,) = rows(db, Order)
    lines: dict[int, int] = {}
    for line in rows(db, PostingLine):
        lines[line.order_line_id] = lines.get(line.order_line_id, 0) + line.amount
    postings = [posting.amount for posting in rows(db, Posting)]
    assert sum(postings) == order.captured - order.refunded
    return order.captured, order.refunded, postings, [*lines.values()]


def refunds(db):
    return [(one.amount, one.status, one.settled_at is not None) for one in rows(db, Refund)]


def do(db, bank, asked, clock):
    return carry_out(db, bank, asked.refund_id, clock=clock, site=SITE)


def test_a_whole_refund_leaves_nothing_and_tells_the_payer_why(db, cast, admin, bank, paid, clock):
    assert do(db, bank, ask(db, admin, paid), clock) == "done"
    assert books(db) == (539_20, 539_20, [539_20, -539_20], [0, 0])
    assert (rows(db, Order)[0].status, refunds(db)) == ("refunded", [(539_20, "done", True)])
    (letter,) = rows(db, OutgoingMail)
    assert (letter.recipient, letter.subject) == ("owner@example.org", "Возвращено: 539,20\u00a0руб.")
    assert f"Причина: {WHY}." in letter.plain
    (line,) = rows(db, Notification)
    assert (line.user_id, line.title) == (cast.owner.actor.user_id, "Возвращено: 539,20\u00a0руб.")
    assert f"Причина: {WHY}." in line.body


def test_parts_go_back_one_after_the_other_and_never_more_than_all(db, cast, admin, bank, paid, clock):
    assert do(db, bank, ask(db, admin, paid, 100_00), clock) == "done"
    assert rows(db, Order)[0].status == "paid"
    with pytest.raises(Invalid) as fault:
        ask(db, admin, paid, 439_21)
    assert fault.value.fields == {"amount": "Вернуть можно не больше 439,20\u00a0руб."}
    assert do(db, bank, ask(db, admin, paid, 439_20), clock) == "done"
    assert books(db) == (539_20, 539_20, [539_20, -100_00, -439_20], [0, 0])
    assert len(rows(db, OutgoingMail)) == len(rows(db, Notification)) == 2
    with pytest.raises(Refused):
        ask(db, admin, paid, 1)


@pytest.mark.parametrize("who", ["owner", "relative", "stranger", "operator"])
def test_nobody_but_an_administrator_gives_money_back(db, cast, bank, paid, who, clock):
    actor = getattr(cast, who).actor
    with pytest.raises(Refused) as fault:
        ask(db, actor, paid)
    with pytest.raises(Refused):
        undo_hold(db, bank, actor, paid, clock=clock, site=SITE)
    assert refunds(db) == [] and bank.told == []
    if who == "operator":
        assert "только администратор" in fault.value.message


@pytest.mark.parametrize("amount", [0, -1, 539_21, 10**12])
def test_no_sum_but_one_that_is_there(db, admin, paid, amount):
    with pytest.raises(Invalid):
        ask(db, admin, paid, amount)
    assert refunds(db) == []


@pytest.mark.parametrize("why", ["", "  \n", "\0", "x" * 501])
def test_a_reason_has_to_be_given(db, admin, paid, why):
    with pytest.raises(Invalid) as fault:
        ask(db, admin, paid, why=why)
    assert list(fault.value.fields) == ["explanation"]


@pytest.mark.parametrize("status", ["new", "waiting", "checking", "declined", "expired", "failed", "reversed"])
def test_what_isnt_paid_has_nothing_to_give_back(db, cast, admin, status):
    number = put_order(db, cast, status=status)
    with pytest.raises(Refused):
        ask(db, admin, number)


def test_an_order_that_is_none(db, admin):
    with pytest.raises(NotFound):
        ask(db, admin, "26112000000000")


def test_one_at_a_time(db, admin, paid):
    ask(db, admin, paid, 100_00)
    with pytest.raises(Conflict) as fault:
        ask(db, admin, paid, 100_00)
    assert "уже идёт возврат 100,00" in fault.value.message


def test_two_administrators_at_once_ask_once(db, admin, paid):
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        try:
            ask(db, admin, paid)
            outcomes.append("asked")
        except DomainError as fault:
            outcomes.append(type(fault).__name__)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Conflict", "asked"]
    assert len(refunds(db)) == 1


def test_two_processes_at_once_tell_the_bank_once(db, admin, bank, paid, clock):
    asked = ask(db, admin, paid, 100_00)
    threads = [threading.Thread(target=do, args=(db, bank, asked, clock)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bank.told) == 1
    assert books(db)[:2] == (539_20, 100_00)
    assert refunds(db) == [(100_00, "done", True)]


def test_silence_after_it_was_done_repeats_nothing(db, admin, bank, paid, clock):
    bank.after_refund = silent
    assert do(db, bank, ask(db, admin, paid, 100_00), clock) == "done"
    assert len(bank.told) == 1 and books(db)[1] == 100_00


def unanswered(db, bank, admin, clock, amount=100_00):
    """A refund to which the bank has said nothing, and whose amounts show nothing either."""
    bank.before_refund = silent
    asked = ask(db, admin, rows(db, Order)[0].number, amount)
    assert do(db, bank, asked, clock) == "asked"
    assert do(db, bank, asked, clock) == "asked"  # too soon: it may be on its way
    clock.forward(PATIENCE)
    assert do(db, bank, asked, clock) == "unanswered"
    bank.before_refund = lambda: None
    return asked


def test_after_silence_a_bank_that_knows_no_repeats_is_told_no_more_by_itself(db, admin, bank, paid, clock):
    asked = unanswered(db, bank, admin, clock)
    clock.forward(timedelta(days=5))
    assert do(db, bank, asked, clock) == "unanswered"
    assert len(bank.told) == 1
    assert rows(db, Order)[0].flag == "refund-unanswered"
    assert [one.detail.get("deed") for one in rows(db, OrderEvent)].count("refund-unanswered") == 1
    bank.back(paid, 100_00)  # five days late
    assert do(db, bank, asked, clock) == "done"
    assert (rows(db, Order)[0].flag, books(db)[1], len(bank.told)) == ("", 100_00, 1)


def test_a_bank_deaf_since_leaves_it_to_a_person_as_well(db, admin, bank, paid, clock):
    asked = ask(db, admin, paid, 100_00)
    bank.before_refund = silent
    do(db, bank, asked, clock)
    bank.deaf = True
    clock.forward(PATIENCE)
    assert do(db, bank, asked, clock) == "unanswered"


def test_a_bank_that_knows_repeats_is_told_again_while_it_remembers_the_key(db, admin, bank, paid, clock):
    bank.knows_repeats = True
    bank.before_refund = silent
    asked = ask(db, admin, paid, 100_00)
    do(db, bank, asked, clock)
    clock.forward(PATIENCE)
    assert do(db, bank, asked, clock) == "asked"
    assert len(bank.told) == 2 and len({key for _, _, key in bank.told}) == 1
    clock.forward(KEY_LIVES)
    assert do(db, bank, asked, clock) == "unanswered"
    assert len(bank.told) == 2


def test_an_administrator_has_it_told_once_more(db, admin, bank, paid, clock):
    asked = unanswered(db, bank, admin, clock)
    assert db.write(repeat_refund, admin, paid, now=clock()) == asked.refund_id
    assert rows(db, Order)[0].flag == ""
    with pytest.raises(Conflict):  # a second press
        db.write(repeat_refund, admin, paid, now=clock())
    assert do(db, bank, asked, clock) == "done"
    assert len(bank.told) == 2 and books(db)[1] == 100_00


def test_what_was_done_before_the_repeat_isnt_repeated(db, admin, bank, paid, clock):
    asked = unanswered(db, bank, admin, clock)
    db.write(repeat_refund, admin, paid, now=clock())
    bank.back(paid, 100_00)
    assert do(db, bank, asked, clock) == "done"
    assert len(bank.told) == 1 and books(db)[1] == 100_00


@pytest.mark.parametrize("seen", ["together", "one after the other"])
def test_more_than_was_asked_for_is_flagged(db, admin, bank, paid, clock, seen):
    """The first telling is carried out after all, hours late, and the repeat as well."""
    asked = unanswered(db, bank, admin, clock)
    db.write(repeat_refund, admin, paid, now=clock())
    if seen == "together":
        bank.after_refund = lambda: bank.back(paid, 100_00)
    assert do(db, bank, asked, clock) == "done"
    if seen != "together":
        assert rows(db, Order)[0].flag == ""
        bank.back(paid, 100_00)
        look(db, bank, paid, cause=Cause.STAFF, clock=clock, site=SITE)
    assert (rows(db, Order)[0].flag, books(db)[1]) == ("refund-beyond", 200_00)


def test_an_administrator_says_that_nothing_went_back(db, admin, bank, paid, clock):
    unanswered(db, bank, admin, clock)
    db.write(drop_refund, admin, paid, now=clock())
    assert refunds(db) == [(100_00, "dropped", True)]
    assert rows(db, Order)[0].flag == "" and rows(db, AuditEntry)[-1].action == "refund-dropped"
    with pytest.raises(Conflict):
        db.write(drop_refund, admin, paid, now=clock())
    bank.back(paid, 100_00)  # and yet
    look(db, bank, paid, cause=Cause.STAFF, clock=clock, site=SITE)
    assert (rows(db, Order)[0].flag, books(db)[1]) == ("refund-beyond", 100_00)


def test_nobody_but_an_administrator_decides(db, cast, admin, bank, paid, clock):
    unanswered(db, bank, admin, clock)
    for actor in (cast.owner.actor, cast.operator.actor):
        for decide in (repeat_refund, drop_refund):
            with pytest.raises(Refused):
                db.write(decide, actor, paid, now=clock())
    assert refunds(db) == [(100_00, "unanswered", False)]


def test_nothing_is_to_be_decided_while_the_bank_is_awaited(db, admin, bank, paid, clock):
    ask(db, admin, paid, 100_00)
    for decide in (repeat_refund, drop_refund):
        with pytest.raises(Conflict):
            db.write(decide, admin, paid, now=clock())


def test_a_refund_that_the_bank_takes_back_is_flagged(db, bank, paid, clock):
    bank.back(paid, 100_00)
    look(db, bank, paid, cause=Cause.STAFF, clock=clock, site=SITE)
    assert rows(db, Order)[0].flag == ""
    bank.known[paid] = replace(bank.known[paid], stage=Stage.PAID, refunded=0)
    look(db, bank, paid, cause=Cause.STAFF, clock=clock, site=SITE)
    assert (rows(db, Order)[0].flag, books(db)[1]) == ("amount-differs", 100_00)


def test_an_answer_older_than_a_refund_isnt_taken_for_a_refund_taken_back(db, bank, paid, clock):
    """The bank is asked, a refund is made and settled, and only then the first answer comes."""
    real, order_id = bank.state, rows(db, Order)[0].id

    def overtaken(number, bank_id=""):
        answer = real(number, bank_id)
        bank.state = real
        bank.back(number, 100_00)
        with db.transaction() as writer:
            settle(writer, order_id, real(number), cause=Cause.REFUND, now=clock(), site=SITE)
        return answer

    bank.state = overtaken
    look(db, bank, paid, cause=Cause.STAFF, clock=clock, site=SITE)
    assert (rows(db, Order)[0].flag, books(db)[1]) == ("", 100_00)


def test_a_bank_that_is_deaf_to_everything_is_told_nothing(db, admin, bank, paid, clock):
    bank.deaf = True
    asked = ask(db, admin, paid, 100_00)
    assert do(db, bank, asked, clock) == "asked"
    assert bank.told == []
    bank.deaf = False
    assert do(db, bank, asked, clock) == "done"


def test_silence_then_deafness_then_the_amounts(db, admin, bank, paid, clock):
    """It was done, nobody heard of it, and the next look finds it: the bank isn't told again."""

    def lost() -> None:
        bank.deaf = True
        silent()

    bank.after_refund = lost
    asked = ask(db, admin, paid, 100_00)
    assert do(db, bank, asked, clock) == "asked"
    bank.deaf = False
    clock.forward(PATIENCE)
    assert do(db, bank, asked, clock) == "done"
    assert len(bank.told) == 1 and books(db)[1] == 100_00


def test_whatever_looks_first_ends_it(db, admin, bank, paid, clock):
    bank.before_refund = silent
    ask(db, admin, paid, 100_00)
    (refund,) = rows(db, Refund)
    carry_out(db, bank, refund.id, clock=clock, site=SITE)
    bank.back(paid, 100_00)  # late, but done
    look(db, bank, paid, cause=Cause.CALLBACK, clock=clock, site=SITE)
    assert refunds(db) == [(100_00, "done", True)]
    assert WHY in rows(db, OutgoingMail)[0].plain


def test_an_accepted_refund_is_never_told_twice(db, admin, bank, paid, clock):
    """A bank that says yes and shows it in its amounts tomorrow."""
    bank.back = lambda number, amount: None
    asked = ask(db, admin, paid, 100_00)
    assert do(db, bank, asked, clock) == "accepted"
    clock.forward(timedelta(days=1))
    assert do(db, bank, asked, clock) == "accepted"
    assert len(bank.told) == 1
    DeskBank.back(bank, paid, 100_00)
    assert do(db, bank, asked, clock) == "done"
    assert books(db)[1] == 100_00


def test_an_accepted_refund_that_never_comes_is_said_so(db, admin, bank, paid, clock):
    bank.back = lambda number, amount: None
    asked = ask(db, admin, paid, 100_00)
    do(db, bank, asked, clock)
    clock.forward(LONGEST + timedelta(minutes=1))
    assert do(db, bank, asked, clock) == "refused"
    assert "за три дня не провёл" in rows(db, Refund)[0].refusal
    assert books(db) == (539_20, 0, [539_20], [500_00, 39_20])


def test_what_the_bank_gave_back_before_isnt_taken_for_ours(db, admin, bank, paid, clock):
    """100,00 went back at the bank, unknown to us, before our own 100,00 was asked for."""
    bank.back(paid, 100_00)
    assert do(db, bank, ask(db, admin, paid, 100_00), clock) == "done"
    assert len(bank.told) == 1
    assert books(db) == (539_20, 200_00, [539_20, -100_00, -100_00], books(db)[3])
    assert [WHY in letter.plain for letter in rows(db, OutgoingMail)] == [False, True]


def test_what_the_bank_gave_back_before_may_leave_too_little(db, admin, bank, paid, clock):
    asked = ask(db, admin, paid)
    bank.back(paid, 100_00)
    assert do(db, bank, asked, clock) == "refused"
    assert rows(db, Refund)[0].refusal == (
        "Банк уже вернул 100,00\u00a0руб. по этому заказу: осталось 439,20\u00a0руб."
    )
    assert bank.told == []
    assert do(db, bank, ask(db, admin, paid, 439_20), clock) == "done"


def test_while_the_banks_amounts_arent_ours_no_money_goes_out(db, admin, bank, paid, clock):
    bank.known[paid] = replace(bank.known[paid], amount=1_00, captured=1_00)
    assert do(db, bank, ask(db, admin, paid, 50), clock) == "asked"
    assert bank.told == [] and rows(db, Order)[0].flag == "amount-differs"


def test_the_banks_no_is_kept_with_its_words(db, admin, bank, paid, clock):
    from lk_reflex.integrations.bank.port import Rejected

    def no() -> None:
        raise Rejected("5", "Доступ запрещён")

    bank.before_refund = no
    assert do(db, bank, ask(db, admin, paid, 100_00), clock) == "refused"
    assert rows(db, Refund)[0].refusal == "Банк отказал: Доступ запрещён"
    assert books(db)[1] == 0
    assert [event.detail.get("deed") for event in rows(db, OrderEvent)][-1] == "refund-refused"


def test_a_refund_made_at_the_bank_is_posted_and_told_without_a_reason(db, bank, paid, clock):
    bank.back(paid, 39_20)
    look(db, bank, paid, cause=Cause.STAFF, clock=clock, site=SITE)
    assert books(db)[:3] == (539_20, 39_20, [539_20, -39_20])
    (letter,) = rows(db, OutgoingMail)
    assert "Причина" not in letter.plain
    assert "refund" not in rows(db, OrderEvent)[-1].detail


def test_the_worker_finishes_what_a_crash_left(db, admin, bank, paid, clock):
    ask(db, admin, paid, 100_00)  # and the process dies before the bank hears of it
    job = Refunder(db, bank, clock=clock, site=SITE)
    clock.now = LATER + GRACE / 2
    job.step()
    assert bank.told == []  # whoever pressed may be at it
    clock.now = LATER + 2 * GRACE
    job.step()
    assert refunds(db) == [(100_00, "done", True)] and len(bank.told) == 1
    job.step()
    assert len(bank.told) == 1


def test_one_organization_without_a_gateway_holds_up_nobody(db, cast, admin, bank, clock):
    first, second = put_order(db, cast), put_order(db, cast)
    bank.paid(first)
    bank.paid(second)
    ask(db, admin, first, 100_00)
    ask(db, admin, second, 100_00)
    calls: list[str] = []

    class Half(DeskBank):
        def of(self, inn):
            calls.append(inn)
            if len(calls) == 1:
                raise Unavailable("Нет шлюза")
            return bank

    clock.forward(2 * GRACE)
    Refunder(db, Half(), clock=clock, site=SITE).step()  # pyright: ignore[reportArgumentType]
    assert [status for _, status, _ in refunds(db)] == ["asked", "done"]


def test_the_journal_and_the_audit_log_know_who_asked(db, admin, bank, paid, clock):
    do(db, bank, ask(db, admin, paid, 100_00), clock)
    asked, done = rows(db, OrderEvent)[-2:]
    assert (asked.cause, asked.actor_id, asked.detail["deed"]) == ("refund", admin.user_id, "refund-asked")
    assert (done.detail["refunded"], done.detail["amount"], done.detail["refund"]) == (100_00, 100_00, 1)
    assert [(one.action, one.actor_id) for one in rows(db, AuditEntry)] == [("refund-asked", admin.user_id)]


def test_a_payer_without_a_login_is_written_to(db, cast, admin, bank, clock):
    number = put_order(db, cast, user_id=None, email="aunt@example.org")
    bank.paid(number)
    do(db, bank, ask(db, admin, number), clock)
    assert [one.recipient for one in rows(db, OutgoingMail)] == ["aunt@example.org"]
    assert rows(db, Notification) == []


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("1 234,5", 123_450),
        ("539.20", 539_20),
        ("10,5 руб.", 10_50),
        ("10,50\u00a0₽", 10_50),
        ("10 р.", 10_00),
        ("руб.", None),
        ("0", None),
        ("-5", None),
        ("", None),
        ("1e3", None),
    ],
)
def test_typed_amounts(text, kopecks):
    if kopecks is None:
        with pytest.raises(Invalid):
            read_amount(text)
    else:
        assert read_amount(text) == kopecks


@pytest.fixture
def held(db, cast, bank):
    number = put_order(db, cast, status="checking")
    bank.known[number] = BankState(number, f"bank-{number}", Stage.HELD, 539_20)
    return number


def test_a_hold_is_undone(db, admin, bank, held, clock):
    undo_hold(db, bank, admin, held, clock=clock, site=SITE)
    assert rows(db, Order)[0].status == "reversed"
    assert rows(db, Posting) == []
    with pytest.raises(Refused):
        undo_hold(db, bank, admin, held, clock=clock, site=SITE)


def test_what_isnt_held_cant_be_undone(db, admin, bank, held, clock):
    bank.known[held] = BankState(held, f"bank-{held}", Stage.AUTHORISING, 539_20)
    with pytest.raises(Refused):
        undo_hold(db, bank, admin, held, clock=clock, site=SITE)
    assert bank.known[held].stage is Stage.AUTHORISING


def test_a_silent_bank_may_have_undone_it(db, admin, bank, held, clock):
    done = bank.reverse

    def lost(number, bank_id):
        done(number, bank_id)
        silent()

    bank.reverse = lost
    undo_hold(db, bank, admin, held, clock=clock, site=SITE)
    assert rows(db, Order)[0].status == "reversed"
    bank.deaf = True
