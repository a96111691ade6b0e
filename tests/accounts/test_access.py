"""Access for a relative: promised to an address, kept within its rights and its end, taken back at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.domain.accounts import giving
from lk_reflex.domain.accounts.giving import give_access
from lk_reflex.domain.accounts.grants import grants_given, revoke_grant, take_up
from lk_reflex.domain.accounts.linked import linked_accounts
from lk_reflex.domain.accounts.unlinking import unlink_account
from lk_reflex.domain.accounts.wishes import Wish
from lk_reflex.domain.identity.access import owned
from lk_reflex.domain.identity.tables import AccountLink, User
from tests.accounts.link_steps import HOME, SITE, again, letters, link, log, newcomer, recipients
from tests.cast import NOW

DAY = timedelta(days=1)
#: The end of 31 December 2026 in Yekaterinburg.
NEW_YEAR = datetime(2026, 12, 31, 19, 0, tzinfo=UTC)
MAMA = Wish("vera@example.org", "Мама", may_send=True)


@pytest.fixture
def vera(db, cast):
    return newcomer(db)


@pytest.fixture
def mother(db, cast):
    """Somebody who owns the flat and gives access; the cast's relative is another owner."""
    return cast.owner.actor


def give(db, actor, account, wish=MAMA, *, now=NOW):
    return db.write(give_access, actor, account, wish, client=HOME, site=SITE, now=now)


def revoke(db, actor, grant, *, now=NOW):
    return db.write(revoke_grant, actor, grant, client=HOME, site=SITE, now=now)


def given(db, actor, *, now=NOW):
    return db.read(grants_given, again(db, actor.user_id, now=now))


def sees(db, user, *, now=NOW):
    return [account.account_id for account in db.read(linked_accounts, again(db, user, now=now))]


def may(db, user, account, right=None, *, now=NOW):
    actor = again(db, user, now=now)
    query = select(col(User.id)).where(col(User.id) == user, owned(account, right))
    with db.engine.connect() as connection:
        return connection.execute(query, actor.owning).first() is not None


def test_who_has_a_login_sees_the_account_at_once_with_those_rights_alone(db, cast, mother, vera):
    give(db, mother, cast.flat)
    assert sees(db, vera.user_id) == [cast.flat]
    assert may(db, vera.user_id, cast.flat, "send")
    assert not may(db, vera.user_id, cast.flat, "pay")
    assert log(db) == ["access-given"]


def test_who_has_none_sees_it_after_signing_up(db, cast, mother):
    give(db, mother, cast.flat, Wish("Vera@Example.org ", may_pay=True))
    vera = newcomer(db)
    assert sees(db, vera.user_id) == []
    assert db.write(take_up, vera.user_id, now=NOW) == 1
    assert sees(db, vera.user_id) == [cast.flat]
    assert may(db, vera.user_id, cast.flat, "pay")
    assert not may(db, vera.user_id, cast.flat, "send")
    assert db.write(take_up, vera.user_id, now=NOW) == 0
    assert log(db) == ["access-given", "access-taken-up"]


def test_the_list_and_the_letter_are_the_same_for_an_address_with_and_without_a_login(db, cast, mother, vera):
    give(db, mother, cast.flat, Wish("vera@example.org", "Кто-то"))
    give(db, mother, cast.flat, Wish("nobody@example.org", "Кто-то"))
    known, unknown = given(db, mother)
    assert (known.name, known.may_send, known.may_pay, known.ends_at) == (
        unknown.name, unknown.may_send, unknown.may_pay, unknown.ends_at,
    )  # fmt: skip
    one, other = (letter for letter in letters(db) if letter.kind == "access")
    assert (one.subject, one.plain, one.html) == (other.subject, other.plain, other.html)


def test_the_relatives_letter_names_the_giver_masked_and_no_address_or_whole_number(db, cast, mother):
    give(db, mother, cast.flat, Wish("vera@example.org", "Мама", "31.12.2026", may_send=True, may_pay=True))
    (letter,) = (letter for letter in letters(db) if letter.kind == "access")
    assert letter.recipient == "vera@example.org"
    assert "o•••@example.org" in letter.plain
    assert "••••7899" in letter.plain
    assert "передавать показания, оплачивать" in letter.plain
    assert "до 31.12.2026 включительно" in letter.plain
    assert not [secret for secret in ("1234567899", "КЫШТЫМСКАЯ", "owner@", "Мама") if secret in letter.plain]


def test_all_who_linked_it_are_told_the_giver_among_them(db, cast, mother, vera):
    """Whoever got hold of an open session must not share the account unnoticed."""
    give(db, mother, cast.flat)
    assert recipients(db) == [
        ("access", "vera@example.org"),
        ("access-watch", "owner@example.org"),
        ("access-watch", "relative@example.org"),
    ]
    watch = letters(db)[1]
    assert "v•••@example.org" in watch.plain
    assert "vera" not in watch.plain


def test_who_is_blocked_is_not_told(db, cast, mother, vera):
    relative = cast.relative.actor.user_id
    db.write(lambda w: w.change(update(User).where(col(User.id) == relative).values(blocked_at=NOW)))
    give(db, mother, cast.flat)
    assert ("access-watch", "relative@example.org") not in recipients(db)


def test_access_follows_its_person_to_another_address_and_stays_behind_for_nobody(db, cast, mother, vera):
    give(db, mother, cast.flat)
    renamed = update(User).where(col(User.id) == vera.user_id)
    db.write(lambda w: w.change(renamed.values(email="new@example.org", email_key="new@example.org")))
    assert db.write(take_up, vera.user_id, now=NOW) == 0
    assert [grant.email for grant in given(db, mother)] == ["new@example.org"]
    assert sees(db, vera.user_id) == [cast.flat]
    heir = newcomer(db)
    assert db.write(take_up, heir.user_id, now=NOW) == 0
    assert sees(db, heir.user_id) == []
    revoke(db, mother, given(db, mother)[0].grant_id)
    assert sees(db, vera.user_id) == []


def test_it_ends_with_its_last_day_by_itself(db, cast, mother, vera):
    give(db, mother, cast.flat, Wish("vera@example.org", ends_on="31.12.2026"))
    before, after = NEW_YEAR - timedelta(seconds=1), NEW_YEAR
    assert sees(db, vera.user_id, now=before) == [cast.flat]
    assert len(given(db, mother, now=before)) == 1
    assert sees(db, vera.user_id, now=after) == []
    assert not may(db, vera.user_id, cast.flat, now=after)
    assert given(db, mother, now=after) == []
    assert again(db, vera.user_id, now=after).chosen_account_id is None


def test_an_ended_promise_is_taken_up_by_nobody(db, cast, mother):
    give(db, mother, cast.flat, Wish("vera@example.org", ends_on="20.11.2026"))
    vera = newcomer(db)
    assert db.write(take_up, vera.user_id, now=NOW + DAY) == 0


def test_it_is_taken_back_at_once_and_cannot_be_taken_up_again(db, cast, mother, vera):
    give(db, mother, cast.flat)
    (grant,) = given(db, mother)
    assert revoke(db, mother, grant.grant_id) == cast.flat
    assert sees(db, vera.user_id) == []
    assert given(db, mother) == []
    assert db.write(take_up, vera.user_id, now=NOW) == 0
    assert log(db) == ["access-given", "access-revoked"]
    sent = len(letters(db))
    assert revoke(db, mother, grant.grant_id) == cast.flat, "a second press finds it done"
    assert (log(db), len(letters(db))) == (["access-given", "access-revoked"], sent)


@pytest.mark.parametrize("email", ["vera@example.org", "nobody@example.org"])
def test_the_relative_is_told_that_it_was_taken_back(db, cast, mother, vera, email):
    give(db, mother, cast.flat, Wish(email, "Мама"))
    revoke(db, mother, given(db, mother)[0].grant_id)
    letter = letters(db)[-1]
    assert (letter.kind, letter.recipient, letter.subject) == ("access-closed", email, "Доступ к лицевому счету закрыт")
    assert "o•••@example.org больше не даёт вам доступ к лицевому счету ••••7899" in letter.plain
    assert not [secret for secret in ("1234567899", "КЫШТЫМСКАЯ", "owner@", "Мама") if secret in letter.plain]


def test_nobody_is_told_of_an_access_that_was_over_already(db, cast, mother, vera):
    give(db, mother, cast.flat, Wish("vera@example.org", ends_on="20.11.2026"))
    (grant,) = given(db, mother)
    revoke(db, mother, grant.grant_id, now=NOW + 2 * DAY)
    assert "access-closed" not in [kind for kind, _ in recipients(db)]


@pytest.mark.parametrize("who", ["relative", "stranger", "operator"])
def test_only_the_giver_takes_it_back(db, cast, mother, vera, who):
    give(db, mother, cast.flat)
    (grant,) = given(db, mother)
    for number in (grant.grant_id, 0, 10**6):
        with pytest.raises(NotFound):
            revoke(db, getattr(cast, who).actor, number)
    assert sees(db, vera.user_id) == [cast.flat]


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_only_who_linked_the_account_gives(db, cast, who):
    with pytest.raises(NotFound):
        give(db, getattr(cast, who).actor, cast.flat)
    assert letters(db) == []


def test_whoever_is_given_cannot_give_further(db, cast, mother, vera):
    give(db, mother, cast.flat)
    with pytest.raises(NotFound):
        give(db, vera, cast.flat, Wish("galina@example.org"))


def test_a_link_of_ones_own_is_stronger_than_what_is_given(db, cast, mother):
    give(db, mother, cast.flat, Wish("relative@example.org", ends_on="20.11.2026"))
    relative = cast.relative.actor.user_id
    assert may(db, relative, cast.flat, "pay", now=NOW + 2 * DAY)
    (grant,) = given(db, mother)
    revoke(db, mother, grant.grant_id)
    assert may(db, relative, cast.flat, "pay")


def test_given_by_two_the_wider_counts_and_what_is_left_stays(db, cast, mother, vera):
    give(db, mother, cast.flat, Wish("vera@example.org"))
    give(db, cast.relative.actor, cast.flat, Wish("vera@example.org", may_pay=True, may_send=True))
    assert may(db, vera.user_id, cast.flat, "pay")
    (grant,) = given(db, cast.relative.actor)
    revoke(db, cast.relative.actor, grant.grant_id)
    assert sees(db, vera.user_id) == [cast.flat]
    assert not may(db, vera.user_id, cast.flat, "pay")


def test_a_second_time_for_the_same_address_replaces_the_first(db, cast, mother, vera):
    give(db, mother, cast.flat, Wish("vera@example.org", may_pay=True))
    give(db, mother, cast.flat, Wish(" VERA@example.org", "Мама", "31.12.2026"))
    (grant,) = given(db, mother)
    assert (grant.name, grant.may_pay, grant.ends_at) == ("Мама", False, NEW_YEAR)
    assert not may(db, vera.user_id, cast.flat, "pay")
    assert sees(db, vera.user_id) == [cast.flat]


@pytest.mark.parametrize(
    ("wish", "field", "said"),
    [
        (Wish(""), "email", "Введите адрес электронной почты близкого человека"),
        (Wish("vera"), "email", "целиком"),
        (Wish("вера@example.org"), "email", "латинскими"),
        (Wish("Owner@example.org "), "email", "Это ваш собственный адрес"),
        (Wish("vera@example.org", "М" * 61), "name", "до 60 знаков"),
        (Wish("vera@example.org", ends_on="31.02.2027"), "ends_on", "ДД.ММ.ГГГГ"),
        (Wish("vera@example.org", ends_on="завтра"), "ends_on", "ДД.ММ.ГГГГ"),
        (Wish("vera@example.org", ends_on="19.11.2026"), "ends_on", "уже прошла"),
        (Wish("vera@example.org", ends_on="31.12.9999"), "ends_on", "слишком длинный"),
        (Wish("vera@example.org", ends_on="1.1.2050"), "ends_on", "слишком длинный"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_given(db, cast, mother, wish, field, said):
    with pytest.raises(Invalid) as fault:
        give(db, mother, cast.flat, wish)
    assert list(fault.value.fields) == [field]
    assert said in fault.value.fields[field]
    assert given(db, mother) == []
    assert letters(db) == []


def test_the_last_day_may_be_today(db, cast, mother, vera):
    give(db, mother, cast.flat, Wish("vera@example.org", ends_on="20.11.2026"))
    assert sees(db, vera.user_id, now=NOW + timedelta(hours=8)) == [cast.flat]
    assert sees(db, vera.user_id, now=NOW + timedelta(hours=9)) == []


def test_there_is_a_most_of_accesses_to_one_account(db, cast, mother, monkeypatch):
    monkeypatch.setattr(giving, "MOST", 2)
    for name in ("a", "b"):
        give(db, mother, cast.flat, Wish(f"{name}@example.org"))
    with pytest.raises(Refused):
        give(db, mother, cast.flat, Wish("c@example.org"))
    give(db, mother, cast.flat, Wish("a@example.org", may_pay=True))


def test_nobodys_mailbox_is_flooded(db, cast, mother):
    for _ in range(giving.TO_ADDRESS.free):
        give(db, mother, cast.flat, Wish("vera@example.org"))
    with pytest.raises(Refused):
        give(db, mother, cast.flat, Wish("vera@example.org"))
    with pytest.raises(Refused):
        give(db, cast.stranger.actor, cast.house, Wish("VERA@example.org"))
    give(db, mother, cast.flat, Wish("galina@example.org"))


def test_a_blocked_login_is_given_nothing(db, cast, mother, vera):
    with db.transaction() as writer:
        writer.change(User.__table__.update().where(col(User.id) == vera.user_id).values(blocked_at=NOW))
    give(db, mother, cast.flat)
    rows = select(col(AccountLink.id)).where(col(AccountLink.user_id) == vera.user_id).order_by(AccountLink.id)
    assert db.read(lambda reader: reader.rows(rows)) == []


def unlink(db, actor, account, *, now=NOW):
    return db.write(unlink_account, actor, account, client=HOME, now=now)


def test_unlinking_ends_ones_own_access_and_what_one_gave(db, cast, mother, vera):
    give(db, mother, cast.flat)
    assert unlink(db, mother, cast.flat) == 1
    assert sees(db, mother.user_id) == sees(db, vera.user_id) == []
    assert sees(db, cast.relative.actor.user_id) == [cast.flat]
    assert log(db) == ["access-given", "account-unlinked"]
    with pytest.raises(NotFound):
        unlink(db, mother, cast.flat)


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_anothers_account_cannot_be_unlinked(db, cast, who):
    with pytest.raises(NotFound):
        unlink(db, getattr(cast, who).actor, cast.flat)
    assert sees(db, cast.owner.actor.user_id) == [cast.flat]


def test_whoever_was_given_access_can_leave_it_for_good(db, cast, mother, vera):
    give(db, mother, cast.flat)
    unlink(db, vera, cast.flat)
    assert sees(db, vera.user_id) == []
    assert given(db, mother) == []
    assert db.write(take_up, vera.user_id, now=NOW) == 0


def test_leaving_after_a_change_of_the_e_mail_ends_the_access_as_well(db, cast, mother, vera):
    give(db, mother, cast.flat)
    with db.transaction() as writer:
        moved = {"email": "new@example.org", "email_key": "new@example.org"}
        writer.change(User.__table__.update().where(col(User.id) == vera.user_id).values(**moved))
    unlink(db, vera, cast.flat)
    assert given(db, mother) == []


def test_unlinking_ones_own_does_not_bring_a_given_access_back(db, cast, mother, vera):
    give(db, mother, cast.flat)
    link(db, vera, cast.flat)
    unlink(db, vera, cast.flat)
    assert sees(db, vera.user_id) == []
    assert db.write(take_up, vera.user_id, now=NOW) == 0
