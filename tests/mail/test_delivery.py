import threading
from contextlib import nullcontext
from datetime import timedelta

import pytest

from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.mail import delivery
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.integrations.mail.port import Denied, Permanent, Temporary, Unreachable
from lk_reflex.jobs import mail
from lk_reflex.jobs.mail import BATCH, Post
from tests.cast import NOW
from tests.mail.conftest import LETTER, Told, outbox, put

ANNA, BORIS, VERA = "anna@example.org", "boris@example.org", "vera@example.org"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(db, mailer, clock):
    return Post(db, mailer, host="lk.example.org", clock=clock)


def test_what_was_queued_is_sent_once_and_its_texts_are_wiped(db, post, mailer):
    put(db, ANNA)
    identity = outbox(db)[ANNA].message_id
    assert post.send_due()
    assert not post.send_due()
    (message,) = mailer.taken
    assert (message.recipient, message.subject) == (ANNA, LETTER.subject)
    assert (message.plain, message.html) == (LETTER.plain(), LETTER.html())
    assert (message.identity, message.written_at) == (f"{identity}@lk.example.org", NOW)
    row = outbox(db)[ANNA]
    assert (row.plain, row.html, row.lease, row.leased_until) == ("", "", "", None)
    assert (row.sent_at, row.settled_at, row.refusal, row.tries) == (NOW, NOW, "", 1)


def test_nothing_goes_before_its_transaction_is_committed_or_if_it_is_undone(db, post, mailer):
    with pytest.raises(ZeroDivisionError), db.transaction() as writer:
        queue(writer, ANNA, LETTER, kind="activate", now=NOW)
        raise ZeroDivisionError
    assert not post.send_due()
    assert mailer.taken == []


def test_a_void_letter_is_written_like_any_other_and_never_goes(db, post, mailer, clock):
    put(db, ANNA, void=True)
    clock.pass_by(days=2)
    assert not post.send_due()
    assert mailer.taken == []
    assert outbox(db)[ANNA].settled_at == NOW


@pytest.mark.parametrize("fault", [Temporary("451 4.3.0"), Unreachable("ConnectionRefusedError")])
def test_tries_come_at_growing_pauses_and_never_end(db, post, mailer, clock, fault):
    put(db, ANNA)
    mailer.faults["*"] = fault
    pauses = []
    while clock() < NOW + timedelta(days=7):
        try:
            post.send_due()
        except Unavailable:
            assert isinstance(fault, Unreachable)
        row = outbox(db)[ANNA]
        assert row.settled_at is None
        pauses.append((row.next_try_at - clock()) / MINUTE)
        clock.now = row.next_try_at
    for pause, usual in zip(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240], strict=False):
        assert usual * 0.8 <= pause <= usual * 1.2
    assert max(pauses) <= 240 * 1.2
    assert len(set(pauses[9:])) > 10  # no two crowds come back together
    mailer.faults.clear()
    post.send_due()
    assert outbox(db)[ANNA].sent_at == clock()
    assert outbox(db)[ANNA].tries == len(pauses) + 1


def test_nothing_is_tried_before_its_time(db, post, mailer, clock):
    put(db, ANNA)
    mailer.faults["*"] = Temporary("451")
    post.send_due()
    mailer.faults.clear()
    clock.pass_by(seconds=47)
    assert not post.send_due()
    clock.pass_by(seconds=26)
    assert post.send_due()
    assert len(mailer.taken) == 1


def test_a_recipient_refused_for_good_is_settled_with_the_reason_and_the_others_go(db, post, mailer):
    put(db, ANNA, BORIS, VERA)
    mailer.faults[ANNA] = Permanent("550 5.1.1")
    post.send_due()
    row = outbox(db)[ANNA]
    assert (row.refusal, row.settled_at, row.sent_at) == ("550 5.1.1", NOW, None)
    assert (row.plain, row.html) == ("", "")
    assert [message.recipient for message in mailer.taken] == [BORIS, VERA]


def test_a_refusal_by_policy_is_believed_only_after_days(db, post, mailer, clock):
    put(db, ANNA)
    mailer.faults["*"] = Denied("554 5.7.1")
    for _ in range(6):
        post.send_due()
        assert outbox(db)[ANNA].settled_at is None
        clock.now = outbox(db)[ANNA].next_try_at
    clock.now = NOW + delivery.DOUBT + MINUTE
    post.send_due()
    assert outbox(db)[ANNA].refusal == "554 5.7.1"


def test_a_letter_that_can_not_be_written_at_all_stops_nobody_elses(db, post, mailer, caplog):
    put(db, ANNA, BORIS)
    mailer.faults[ANNA] = ValueError(f"{ANNA}: secret")
    post.send_due()
    assert [message.recipient for message in mailer.taken] == [BORIS]
    assert outbox(db)[ANNA].last_fault == "ValueError"
    assert ANNA not in caplog.text


def test_a_server_that_does_not_answer_is_asked_for_one_letter_and_the_rest_is_untouched(db, post, mailer):
    put(db, ANNA, BORIS, VERA)
    tried = []
    mailer.on_send = lambda message: tried.append(message.recipient)
    mailer.faults["*"] = Unreachable("TimeoutError")
    with pytest.raises(Unavailable):
        post.send_due()
    assert tried == [ANNA]
    rows = outbox(db)
    assert [(row.tries, row.lease, row.leased_until) for row in rows.values()] == [(1, "", None), *[(0, "", None)] * 2]
    assert rows[ANNA].last_fault == "server: TimeoutError"


def test_when_the_server_is_back_nobody_waits_out_a_long_pause(db, post, mailer, clock):
    put(db, ANNA)
    mailer.faults["*"] = Unreachable("TimeoutError")
    for _ in range(8):
        with pytest.raises(Unavailable):
            post.send_due()
        clock.now = outbox(db)[ANNA].next_try_at
    with pytest.raises(Unavailable):
        post.send_due()  # Anna's next try is hours away now
    mailer.faults.clear()
    mailer.faults[VERA] = Temporary("450 4.2.0")
    clock.pass_by(minutes=1)
    put(db, BORIS, VERA, now=clock())
    post.send_due()
    post.send_due()
    assert [message.recipient for message in mailer.taken] == [BORIS, ANNA]
    assert outbox(db)[VERA].next_try_at > clock()  # it has a reason of its own to wait


@pytest.mark.parametrize(("minutes", "sent_again"), [(3, False), (12, True)])
def test_what_became_of_a_letter_is_noted_when_the_database_is_free_again(
    db, mailer, clock, monkeypatch, minutes, sent_again
):
    """An import on SQLite holds the right to write; only a lease that has run out leaves the letter to others."""
    put(db, ANNA)
    monkeypatch.setattr(mail, "AGAIN", 0)
    busy, write = [], db.write

    def locked(step, *args, **kwargs):
        if step is delivery.settle_sent and len(busy) < minutes:
            busy.append(clock.pass_by(minutes=1))
            raise Unavailable("locked")
        return write(step, *args, **kwargs)

    monkeypatch.setattr(db, "write", locked)
    post = Post(db, mailer, host="h", clock=clock)
    with nullcontext() if not sent_again else pytest.raises(Unavailable):
        post.send_due()
    assert bool(outbox(db)[ANNA].sent_at) is not sent_again
    clock.pass_by(minutes=20)
    post.send_due()
    assert len(mailer.taken) == 1 + sent_again
    assert len({message.identity for message in mailer.taken}) == 1


def test_the_longest_waiting_go_first(db, post, mailer, clock):
    put(db, VERA, now=NOW - MINUTE)
    put(db, ANNA, now=NOW - 3 * MINUTE)
    put(db, BORIS, now=NOW - 2 * MINUTE)
    post.send_due()
    assert [message.recipient for message in mailer.taken] == [ANNA, BORIS, VERA]


def test_a_leased_letter_is_nobody_elses_until_the_lease_has_run_out(db, clock):
    put(db, ANNA)
    (first,) = db.write(delivery.lease, now=NOW, count=10)
    assert db.write(delivery.lease, now=NOW + delivery.LEASE, count=10) == []
    assert not db.read(delivery.anything_due, now=NOW + delivery.LEASE)
    (second,) = db.write(delivery.lease, now=NOW + delivery.LEASE + MINUTE, count=10)
    assert (second.mail_id, second.message_id) == (first.mail_id, first.message_id)
    assert not db.write(delivery.settle_sent, first, now=NOW)
    assert not db.write(delivery.postpone, first, "late", now=NOW)
    assert db.write(delivery.settle_sent, second, now=NOW)


def test_a_worker_that_was_slow_begins_with_no_letter_its_lease_may_not_outlast(db, post, mailer, clock):
    put(db, ANNA, BORIS, VERA)
    mailer.on_send = lambda _message: clock.pass_by(minutes=4, seconds=1)
    post.send_due()
    assert [message.recipient for message in mailer.taken] == [ANNA]
    assert outbox(db)[BORIS].leased_until is None
    mailer.on_send = None
    post.send_due()
    assert len(mailer.taken) == 3


def test_a_worker_told_to_end_finishes_the_letter_in_hand_and_gives_back_the_rest(db, mailer, clock):
    put(db, ANNA, BORIS)
    post = Post(db, mailer, host="h", clock=clock, ending=lambda: len(mailer.taken) > 0)
    post.send_due()
    assert [message.recipient for message in mailer.taken] == [ANNA]
    assert (outbox(db)[BORIS].leased_until, outbox(db)[BORIS].tries) == (None, 0)


def test_no_letter_goes_twice_however_many_workers_there_are(db, clock):
    people = [f"person{number}@example.org" for number in range(4 * BATCH + 3)]
    put(db, *people)
    mailers = [Told() for _ in range(6)]
    start = threading.Barrier(len(mailers))

    def work(mailer):
        post = Post(db, mailer, host="h", clock=clock)
        start.wait()
        while post.send_due():
            pass

    threads = [threading.Thread(target=work, args=(mailer,)) for mailer in mailers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message.recipient for mailer in mailers for message in mailer.taken) == sorted(people)
    assert all(row.tries == 1 and row.sent_at for row in outbox(db).values())


def test_what_was_settled_a_month_ago_is_forgotten_and_what_waits_is_kept(db, post, mailer, clock):
    put(db, ANNA, VERA)
    mailer.faults[VERA] = Temporary("451")
    post.send_due()
    clock.pass_by(days=30)
    put(db, BORIS, void=True, now=clock())
    assert db.write(delivery.prune, now=clock()) == 0
    clock.pass_by(seconds=1)
    assert db.write(delivery.prune, now=clock()) == 1
    assert set(outbox(db)) == {VERA, BORIS}


def test_the_outboxs_age_counts_what_waits_for_us_and_for_our_server_alone(db, post, mailer, clock):
    assert db.read(delivery.waiting_for, now=NOW) == timedelta(0)
    put(db, ANNA, now=NOW - timedelta(hours=3))
    mailer.faults[ANNA] = Temporary("450 4.2.2")  # a full mailbox of hers
    assert db.read(delivery.waiting_for, now=NOW) == timedelta(hours=3)
    post.send_due()
    assert db.read(delivery.waiting_for, now=NOW) == timedelta(0)
    put(db, BORIS, now=NOW - timedelta(hours=1))
    mailer.faults[BORIS] = Unreachable("TimeoutError")
    with pytest.raises(Unavailable):
        post.send_due()
    assert db.read(delivery.waiting_for, now=NOW) == timedelta(hours=1)
