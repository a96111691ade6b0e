"""A guest's way in, and the half hour behind it: one refusal for everything, counted tries, one account, an end."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.domain.accounts.access_tables import GuestVisit
from lk_reflex.domain.accounts.find import NOT_FOUND
from lk_reflex.domain.accounts.guest import (
    LASTS,
    accounts_of_guest,
    end_visit,
    guest_account,
    guest_of,
    open_visit,
    turn_to,
)
from lk_reflex.domain.accounts.guest_entry import CODE_AFTER, OF_ACCOUNT, OF_ALL, OF_CLIENT, Typed, code_wanted, enter
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.registering.captcha import digits_of, new_captcha
from lk_reflex.domain.identity.tokens import token_hash
from tests.cast import NOW, make_account

KEY = b"k" * 32
HERE, ELSEWHERE = Client("203.0.113.5", "телефон"), Client("198.51.100.7", "телефон")
RIGHT = Typed("1234567899", "10", "1010")


def visit(db, typed=RIGHT, client=HERE, *, now=NOW):
    return enter(db, typed, client, key=KEY, now=now)


WRONG = Typed("1234567899", "10", "7")


def miss(db, times, typed=WRONG, client=HERE, *, now=NOW):
    for _ in range(times):
        with pytest.raises((Refused, Invalid)):
            enter(db, typed, client, key=KEY, now=now)


def with_code(db, typed=RIGHT, *, now=NOW, code=None):
    picture = db.write(new_captcha, now=now)
    return Typed(typed.number, typed.house, typed.flat, picture, code or digits_of(picture, KEY))


def guest(db, cookie, *, now=NOW):
    return db.read(guest_of, token_hash(cookie), now=now)


class TestEntering:
    def test_the_three_together_open_a_visit_to_that_account(self, db, cast):
        found = guest(db, visit(db, Typed(" 1234 567899", "д. 10", "кв. 1010")))
        assert (found.account_id, found.expires_at) == (cast.flat, NOW + timedelta(minutes=30))
        shown = db.read(guest_account, found)
        assert (shown.number, shown.organization) == ("1234567899", "ПОВВ")
        assert "ЗДЕТОВЕЦКИЙ" not in repr(shown)

    def test_a_private_house_has_no_flat(self, db, cast):
        assert guest(db, visit(db, Typed("2000000001", "7", ""))).account_id == cast.house

    def test_the_visit_is_kept_with_its_hash_and_noted(self, db, cast):
        cookie = visit(db)
        with db.transaction() as writer:
            row = writer.session.exec(select(GuestVisit)).one()
            assert (row.token_hash, row.address) == (token_hash(cookie), "203.0.113.5")
            entry = writer.session.exec(select(AuditEntry)).one()
            assert (entry.action, entry.account_id, entry.actor_id) == ("guest-entered", cast.flat, None)

    @pytest.mark.parametrize(
        "typed",
        [
            Typed("9999999999", "10", "1010"),
            Typed("1234567899", "11", "1010"),
            Typed("1234567899", "10", "1011"),
            Typed("1234567899", "10", ""),
            Typed("2000000001", "10", "1010"),
            Typed("%", "%", "%"),
            Typed("\0", "\0", "\0"),
        ],
    )
    def test_whatever_is_wrong_is_refused_in_the_same_words(self, db, cast, typed):
        with pytest.raises(Refused) as refusal:
            visit(db, typed)
        assert refusal.value.message == NOT_FOUND

    @pytest.mark.parametrize(
        ("typed", "fields"),
        [
            (Typed("", "", ""), {"number", "house"}),
            (Typed(" ", "10", "1"), {"number"}),
            (Typed("1234567899", "\t", "1"), {"house"}),
        ],
    )
    def test_empty_fields_are_named_and_count_as_no_try(self, db, cast, typed, fields):
        for _ in range(CODE_AFTER + 1):
            with pytest.raises(Invalid) as fault:
                visit(db, typed)
            assert set(fault.value.fields) == fields
        assert not db.read(code_wanted, HERE, now=NOW)


class TestLimits:
    def test_after_some_misses_the_code_is_asked_for_and_checked(self, db, cast):
        miss(db, CODE_AFTER)
        assert db.read(code_wanted, HERE, now=NOW)
        assert not db.read(code_wanted, ELSEWHERE, now=NOW)
        for typed in (RIGHT, with_code(db, code="00000"), Typed(*RIGHT_WORDS, "no-such-picture", "12345")):
            with pytest.raises(Invalid) as fault:
                visit(db, typed)
            assert set(fault.value.fields) == {"captcha"}
        assert guest(db, visit(db, with_code(db))).account_id == cast.flat

    def test_a_code_works_once(self, db, cast):
        miss(db, CODE_AFTER)
        typed = with_code(db)
        visit(db, typed)
        with pytest.raises(Invalid):
            visit(db, typed)

    def test_the_right_answer_of_one_account_doesnt_clear_the_clients_misses(self, db, cast):
        miss(db, CODE_AFTER)
        visit(db, with_code(db))
        assert db.read(code_wanted, HERE, now=NOW)

    def test_one_account_pauses_for_whoever_tries_and_says_until_when(self, db, cast):
        for place in range(OF_ACCOUNT.free):
            miss(db, 1, client=Client(f"203.0.113.{place}"))
        with pytest.raises(Refused, match=r"Попробуйте снова через минуту\."):
            visit(db, client=ELSEWHERE)
        assert guest(db, visit(db, client=ELSEWHERE, now=NOW + timedelta(minutes=2)), now=NOW) is not None

    def test_an_account_that_doesnt_exist_pauses_just_the_same(self, db, cast):
        unknown = Typed("5555555555", "10", "1010")
        for place in range(OF_ACCOUNT.free):
            miss(db, 1, unknown, Client(f"203.0.113.{place}"))
        with pytest.raises(Refused, match="Слишком много"):
            visit(db, unknown, ELSEWHERE)

    def test_spaces_and_zeros_make_no_other_account_of_it(self, db, cast):
        for place in range(OF_ACCOUNT.free):
            miss(db, 1, Typed(f"{'0' * place} 1234567899", "10", "7"), Client(f"203.0.113.{place}"))
        with pytest.raises(Refused, match="Слишком много"):
            visit(db, client=ELSEWHERE)

    def test_one_client_pauses_whatever_the_account(self, db, cast):
        with db.transaction() as writer:
            for _ in range(OF_CLIENT.free):
                attempts.note_miss(writer, OF_CLIENT, HERE.network, now=NOW)
        with pytest.raises(Refused, match="Слишком много"):
            visit(db, with_code(db))
        assert visit(db, client=ELSEWHERE)

    def test_a_household_of_ipv6_is_one_client(self, db, cast):
        for place in range(CODE_AFTER):
            miss(db, 1, client=Client(f"2001:db8::{place}"))
        assert db.read(code_wanted, Client("2001:db8::ffff"), now=NOW)

    def test_many_misses_in_all_ask_everybody_for_the_code_and_lock_nobody_out(self, db, cast):
        with db.transaction() as writer:
            for _ in range(OF_ALL.free):
                attempts.note_miss(writer, OF_ALL, "", now=NOW)
        assert db.read(code_wanted, ELSEWHERE, now=NOW)
        assert visit(db, with_code(db), ELSEWHERE)
        assert not db.read(code_wanted, ELSEWHERE, now=NOW + timedelta(hours=2))


RIGHT_WORDS = (RIGHT.number, RIGHT.house, RIGHT.flat)


class TestHalfAnHour:
    def test_it_ends_by_itself(self, db, cast):
        cookie = visit(db)
        assert guest(db, cookie, now=NOW + LASTS - timedelta(seconds=1))
        assert guest(db, cookie, now=NOW + LASTS) is None

    def test_it_ends_when_told_to_and_only_that_one(self, db, cast):
        mine, other = visit(db), visit(db)
        db.write(end_visit, token_hash(mine), now=NOW)
        db.write(end_visit, token_hash(mine), now=NOW)
        assert guest(db, mine) is None
        assert guest(db, other)

    @pytest.mark.parametrize("hashed", ["", "x", token_hash(""), token_hash("guessed")])
    def test_no_other_cookie_is_a_visit(self, db, cast, hashed):
        visit(db)
        assert db.read(guest_of, hashed, now=NOW) is None


class TestOrganizationsThatNumberAlike:
    @pytest.fixture
    def heat(self, db, cast):
        with db.transaction() as writer:
            organization = Organization(inn="7421000300", name="АО «Тепло»")
            writer.add(organization)
            return make_account(writer, organization.id or 0, "1234567899", flat="1010", house="д. 10")

    def test_a_guest_may_turn_from_one_to_the_other_and_back(self, db, cast, heat):
        cookie = visit(db)
        for account in (heat, cast.flat):
            turned = db.write(turn_to, guest(db, cookie), account, now=NOW)
            assert guest(db, cookie) == turned
            assert turned.account_id == account
        assert [one.organization for one in db.read(accounts_of_guest, guest(db, cookie))] == ["ПОВВ", "АО «Тепло»"]

    def test_and_to_no_other_account(self, db, cast, heat):
        cookie = visit(db)
        for account in (cast.house, 0, -1, 10**9):
            with pytest.raises(NotFound):
                db.write(turn_to, guest(db, cookie), account, now=NOW)
        assert guest(db, cookie).account_id == cast.flat

    def test_a_visit_that_ended_turns_nowhere(self, db, cast, heat):
        cookie = visit(db)
        before = guest(db, cookie)
        db.write(end_visit, token_hash(cookie), now=NOW)
        with pytest.raises(Refused):
            db.write(turn_to, before, heat, now=NOW)
        with db.transaction() as writer:
            assert writer.session.exec(select(GuestVisit)).one().account_id == cast.flat

    def test_a_move_of_the_account_closes_the_way_to_what_is_no_longer_alike(self, db, cast, heat):
        with db.transaction() as writer:
            building = writer.session.get_one(Building, writer.session.get_one(Account, heat).building_id)
            building.house_key = "99"
        with pytest.raises(NotFound):
            db.write(turn_to, guest(db, visit(db)), heat, now=NOW)


def test_the_domain_opens_a_visit_only_to_an_account_that_exists(db, cast):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        db.write(open_visit, 10**6, client=HERE, now=NOW)
