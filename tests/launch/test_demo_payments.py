"""The demonstration's payments: made by the real services, in every state that the pages show, and in balance."""

import pytest
from sqlalchemy import text

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.demo import make_demo_people
from lk_reflex.domain.identity.users import user_id_of
from lk_reflex.domain.payments.history import paid_years
from lk_reflex.exchange.demo.cast import DEMO_ACCOUNTS, MANUAL, OVERPAID
from lk_reflex.exchange.importer import import_package
from lk_reflex.launch.demo import _account_ids
from lk_reflex.launch.demo_payments import make_demo_payments
from tests.cast import NOW
from tests.exchange import packages


@pytest.fixture
def filled(db, tmp_path):
    import_package(db, packages.demo(tmp_path, months=6))
    linked = {f"{login}@example.org": db.read(_account_ids, accounts) for login, accounts in DEMO_ACCOUNTS.items()}
    db.write(make_demo_people, linked, (), "!", now=NOW)
    before = sums(db)
    make_demo_payments(
        db, tmp_path / "stand-ins", site="http://localhost:3000", email="anna@example.org", today=packages.TODAY
    )
    return before


def sums(db):
    with db.engine.connect() as connection:
        return connection.execute(
            text("SELECT COUNT(*), SUM(amount) FROM posted_payments WHERE code NOT LIKE '%-R'")
        ).one()


def seen(db, login, account):
    user = db.read(user_id_of, f"{login}@example.org")
    actor = Actor(user, "resident", "", 0, NOW, None, NOW)
    (account_id,) = db.read(_account_ids, [account])
    return [one for year in db.read(paid_years, actor, account_id) for one in year.payments]


def test_there_is_one_of_each(db, filled):
    with db.engine.connect() as connection:
        orders = connection.execute(text("SELECT status, flag, refunded, reason FROM orders ORDER BY id")).all()
    assert [tuple(one) for one in orders] == [
        ("paid", "", 100_00, ""), ("paid", "", 0, ""), ("declined", "", 0, "insufficient_funds"), ("paid", "", 0, ""),
    ]  # fmt: skip


def test_the_shared_flats_are_accounted_without_a_changed_balance(db, filled):
    assert sums(db) == filled
    ours = [one for one in seen(db, "anna", MANUAL) if one.trace]
    assert len(ours) == 3
    for one in ours:
        assert one.trace.accepted_on <= one.trace.handed_on <= one.trace.accounted_on
        assert one.trace.amount == one.trace.billed
        assert one.trace.mine and not one.pending
    assert [one.amount > 0 for one in ours] == [False, True, False]
    assert 99_00 <= ours[1].amount <= 100_00, "the commission gives its part"


def test_one_is_in_process_and_the_neighbour_sees_what_is_the_flats(db, filled):
    pending = [one for one in seen(db, "anna", OVERPAID) if one.pending]
    assert [(one.amount, one.trace.handed_on) for one in pending] == [(-1_500_00, None)]
    shared = [one for one in seen(db, "boris", MANUAL) if one.trace]
    assert len(shared) == 3
    assert not any(one.trace.mine for one in shared)
    assert seen(db, "boris", OVERPAID) == []


def test_the_ledger_is_what_the_bank_took(db, filled, tmp_path):
    with db.engine.connect() as connection:
        (posted, moved) = connection.execute(
            text("SELECT (SELECT SUM(amount) FROM postings), (SELECT SUM(captured - refunded) FROM orders)")
        ).one()
        unread = connection.scalar(text("SELECT COUNT(*) FROM notifications WHERE read_at IS NULL"))
        letters = connection.scalar(text("SELECT COUNT(*) FROM outgoing_mail"))
    assert posted == moved > 0
    assert (unread, letters) == (0, 0), "what is long past calls nobody"


def test_nothing_of_it_lies_in_the_future(db, filled):
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM orders WHERE created_at > :now"), {"now": utc_now()}) == 0
