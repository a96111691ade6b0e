from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.linked import (
    NOT_LINKED,
    address_line,
    choose_account,
    chosen_account,
    link_account,
    linked_accounts,
)
from lk_reflex.domain.identity.tables import AccountLink
from tests.cast import NOW, Cast, make_account

HOUR = timedelta(hours=1)
LINKS = select(*AccountLink.__table__.columns).order_by(AccountLink.__table__.c.id)


def links(db):
    return [tuple(row) for row in db.read(lambda reader: reader.rows(LINKS))]


@pytest.fixture
def dacha(db, cast: Cast) -> int:
    """The owner's second account, linked later than the flat."""
    with db.transaction() as writer:
        account = make_account(writer, cast.organization, "3000000002", flat="", street="СНТ «ЁЛОЧКА»", house="5А")
        link_account(writer, cast.owner.actor.user_id, account, now=NOW + HOUR)
    return account


def ids(db, person):
    return [account.account_id for account in db.read(linked_accounts, person.actor)]


def chosen(db, person):
    account = db.read(chosen_account, person.actor)
    return account and account.account_id


def test_an_account_is_shown_with_its_address_and_organization(db, cast: Cast):
    (account,) = db.read(linked_accounts, cast.owner.actor)
    assert account.number == "1234567899"
    assert account.address == "УЛ. КЫШТЫМСКАЯ, 10 - 1010"
    assert (account.organization, account.organization_id) == ("ПОВВ", cast.organization)
    assert account.takes_payments is True
    assert account.time_zone == "Asia/Yekaterinburg"
    assert account.closed_on is None
    assert db.read(chosen_account, cast.owner.actor) == account


def test_a_private_house_has_no_flat_in_its_address(db, cast):
    assert db.read(chosen_account, cast.stranger.actor).address == "УЛ. САДОВАЯ, 7"
    assert address_line("УЛ. САДОВАЯ", "7", "") == "УЛ. САДОВАЯ, 7"


def test_everybody_sees_their_own_accounts_alone(db, cast, dacha):
    assert ids(db, cast.owner) == [cast.flat, dacha]
    assert ids(db, cast.relative) == [cast.flat]
    assert ids(db, cast.stranger) == [cast.house]
    assert ids(db, cast.operator) == []
    assert chosen(db, cast.operator) is None


def test_until_one_is_chosen_the_oldest_link_is(db, cast, dacha):
    assert chosen(db, cast.owner) == cast.flat


def test_the_choice_comes_first_holds_for_the_next_visit_and_can_be_changed(db, cast, dacha):
    db.write(choose_account, cast.owner.actor, dacha, now=NOW + 2 * HOUR)
    assert ids(db, cast.owner) == [dacha, cast.flat]
    assert chosen(db, cast.owner) == dacha
    db.write(choose_account, cast.owner.actor, cast.flat, now=NOW + 3 * HOUR)
    assert chosen(db, cast.owner) == cast.flat


def test_one_persons_choice_is_not_anothers(db, cast, dacha):
    with db.transaction() as writer:
        link_account(writer, cast.relative.actor.user_id, dacha, now=NOW + HOUR)
    db.write(choose_account, cast.owner.actor, dacha, now=NOW + 2 * HOUR)
    assert chosen(db, cast.relative) == cast.flat


@pytest.mark.parametrize("which", ["house", "unknown", "zero", "negative", "huge"])
def test_a_foreign_account_and_one_that_does_not_exist_are_refused_alike_and_nothing_changes(db, cast, dacha, which):
    account = {"house": cast.house, "unknown": 10**6, "zero": 0, "negative": -1, "huge": 2**62}[which]
    before = links(db)
    with pytest.raises(NotFound) as refusal:
        db.write(choose_account, cast.owner.actor, account, now=NOW)
    assert refusal.value.message == NOT_LINKED
    assert links(db) == before
    assert chosen(db, cast.owner) == cast.flat


def test_an_operator_chooses_nobodys_account(db, cast):
    with pytest.raises(NotFound):
        db.write(choose_account, cast.operator.actor, cast.flat, now=NOW)


def test_an_account_is_linked_once(db, cast):
    with pytest.raises(IntegrityError):
        db.write(link_account, cast.owner.actor.user_id, cast.flat, now=NOW)
    assert ids(db, cast.owner) == [cast.flat]


def test_only_an_account_that_exists_is_linked(db, cast):
    with pytest.raises(IntegrityError):
        db.write(link_account, cast.owner.actor.user_id, 10**6, now=NOW)
