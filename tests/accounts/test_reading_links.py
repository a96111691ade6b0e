"""A reminder's link: once, one account, its addressee's, and only as long as that person may send."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.domain.accounts.access_tables import GuestVisit, ReadingLink
from lk_reflex.domain.accounts.guest import LASTS, accounts_of_guest, guest_of, turn_to
from lk_reflex.domain.accounts.reading_links import (
    LONGEST,
    OF_CLIENT,
    STALE,
    behind,
    end_links,
    make_link,
    use_link,
)
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.masks import masked_number
from tests.cast import NOW, make_account

HERE, ELSEWHERE = Client("203.0.113.5", "телефон"), Client("198.51.100.7", "почта")
UNTIL = NOW + timedelta(days=5)
SECOND = timedelta(seconds=1)


def change(db, table, condition, **facts):
    with db.transaction() as writer:
        for found in writer.session.exec(select(table).where(condition)):
            for name, value in facts.items():
                setattr(found, name, value)


@pytest.fixture
def owner(cast) -> int:
    return cast.owner.actor.user_id


@pytest.fixture
def link(db, cast, owner) -> str:
    return db.write(make_link, owner, cast.flat, until=UNTIL, now=NOW)


def use(db, link, *, now=NOW, client=HERE):
    return db.read(guest_of, token_hash(use_link(db, link, client, now=now)), now=now)


def looked_at(db, link, *, now=NOW):
    return db.read(behind, link, now=now)


def test_looking_tells_whose_form_it_is_without_the_number_and_uses_nothing_up(db, link):
    for _ in range(3):
        found = looked_at(db, link)
        assert (found.number, found.organization, found.expires_at) == ("••••7899", "ПОВВ", UNTIL)
    assert use(db, link) is not None


@pytest.mark.parametrize(("number", "shown"), [("1234567899", "••••7899"), ("12345", "••••2345"), ("1234", "••••")])
def test_a_short_number_isnt_shown_at_all(number, shown):
    assert masked_number(number) == shown


def test_its_press_opens_half_an_hour_for_its_addressee_at_its_account(db, cast, owner, link):
    guest = use(db, link)
    assert (guest.account_id, guest.user_id, guest.expires_at) == (cast.flat, owner, NOW + LASTS)


def test_it_works_once(db, link):
    use(db, link)
    assert looked_at(db, link) is None
    with pytest.raises(NotFound, match=STALE):
        use(db, link)


def test_only_its_hash_is_kept(db, link):
    with db.transaction() as writer:
        (row,) = writer.session.exec(select(ReadingLink)).all()
        assert row.token_hash == token_hash(link)
        assert link not in repr(row)


@pytest.mark.parametrize("altered", ["", "x", "{link}x", "\0", "{hash}", "é" * 200])
def test_an_altered_one_opens_nothing(db, link, altered):
    wrong = altered.format(link=link, hash=token_hash(link))
    assert looked_at(db, wrong) is None
    with pytest.raises(NotFound):
        use(db, wrong)


@pytest.mark.parametrize(("now", "works"), [(UNTIL - SECOND, True), (UNTIL, False)])
def test_it_ends_with_the_window(db, link, now, works):
    assert (looked_at(db, link, now=now) is not None) is works


def test_none_works_for_more_than_two_weeks(db, cast, owner):
    link = db.write(make_link, owner, cast.flat, until=NOW + timedelta(days=60), now=NOW)
    assert looked_at(db, link, now=NOW + LONGEST - SECOND)
    assert looked_at(db, link, now=NOW + LONGEST) is None


LOST = {
    "the right to send": lambda db, me: change(db, AccountLink, AccountLink.user_id == me, may_send=False),
    "the time": lambda db, me: change(db, AccountLink, AccountLink.user_id == me, ends_at=NOW),
    "the login, blocked": lambda db, me: change(db, User, User.id == me, blocked_at=NOW),
    "the login, deleted": lambda db, me: change(db, User, User.id == me, deleted_at=NOW),
    "the mailbox": lambda db, me: db.write(end_links, me, now=NOW),
}


def unlink(db, me):
    with db.transaction() as writer:
        for found in writer.session.exec(select(AccountLink).where(AccountLink.user_id == me)):
            writer.session.delete(found)


LOST["the account"] = unlink


@pytest.mark.parametrize("what", LOST)
def test_whoever_has_lost_it_opens_nothing_any_more(db, owner, link, what):
    LOST[what](db, owner)
    assert looked_at(db, link) is None
    with pytest.raises(NotFound):
        use(db, link)


@pytest.mark.parametrize("what", LOST)
def test_an_open_visit_is_over_at_that_moment(db, owner, link, what):
    cookie = use_link(db, link, HERE, now=NOW)
    LOST[what](db, owner)
    assert db.read(guest_of, token_hash(cookie), now=NOW) is None


def test_another_persons_loss_is_not_ones_own(db, cast, link):
    for lose in LOST.values():
        lose(db, cast.relative.actor.user_id)
    assert use(db, link) is not None


def test_a_visit_by_link_never_turns_to_another_account_of_the_same_number(db, cast, link):
    with db.transaction() as writer:
        organization = Organization(inn="7421000300", name="АО «Тепло»")
        writer.add(organization)
        heat = make_account(writer, organization.id or 0, "1234567899", flat="1010", house="д. 10")
    guest = use(db, link)
    assert [one.account_id for one in db.read(accounts_of_guest, guest)] == [cast.flat]
    with pytest.raises(NotFound):
        db.write(turn_to, guest, heat, now=NOW)


def test_whoever_presses_dead_links_again_and_again_has_to_wait(db, link):
    for _ in range(OF_CLIENT.free):
        with pytest.raises(NotFound):
            use(db, "nothing")
    with pytest.raises(Refused):
        use(db, link)
    assert use(db, link, client=ELSEWHERE) is not None


def test_its_use_is_in_the_log_and_names_nobody_as_its_doer(db, cast, owner, link):
    use(db, link)
    with db.transaction() as writer:
        entries = writer.session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        used = [(one.action, one.actor_id, one.user_id, one.account_id, one.address) for one in entries]
    assert used == [("reading-link-used", None, owner, cast.flat, "203.0.113.5")]


def test_two_presses_in_one_instant_open_one_visit(db, link):
    from concurrent.futures import ThreadPoolExecutor

    def press(_number):
        try:
            return use_link(db, link, HERE, now=NOW)
        except NotFound:
            return None

    with ThreadPoolExecutor(4) as pool:
        opened = [cookie for cookie in pool.map(press, range(4)) if cookie]
    assert len(opened) == 1
    with db.transaction() as writer:
        assert len(writer.session.exec(select(GuestVisit)).all()) == 1
