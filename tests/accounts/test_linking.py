"""Linking by surname: equal, never alike; a day's pause after five wrong ones; letters to those who see it.

Scenarios 21 and 30.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.core.text import surname_key
from lk_reflex.domain.accounts import link_limits
from lk_reflex.domain.accounts.giving import Wish, give_access
from lk_reflex.domain.accounts.linked import chosen_account, linked_accounts
from lk_reflex.domain.accounts.linking import WRONG_SURNAME
from lk_reflex.domain.accounts.look_up import Place
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.esia.tables import EsiaBinding
from lk_reflex.domain.identity.tables import AccountLink
from tests.accounts.link_steps import (
    ELSEWHERE,
    HOME,
    HOUSE,
    SITE,
    again,
    letters,
    link,
    log,
    newcomer,
    pause,
    recipients,
)
from tests.cast import NOW, make_account

DAY = timedelta(days=1)
LINKS = select(*AccountLink.__table__.columns).order_by(AccountLink.__table__.c.id)


@pytest.fixture
def vera(db, cast):
    return newcomer(db)


def sees(db, actor):
    return [account.account_id for account in db.read(linked_accounts, actor)]


def wrong(db, actor, account, surname="Иванов", **how):
    with pytest.raises(Invalid) as fault:
        link(db, actor, account, surname, **how)
    assert list(fault.value.fields) == ["surname"]
    return fault.value.fields["surname"]


def refused(db, actor, account, surname="Здетовецкий", **how):
    with pytest.raises(Refused) as fault:
        link(db, actor, account, surname, **how)
    return fault.value.message


def bind(db, actor, surname, *, trusted=True):
    with db.transaction() as writer:
        writer.add(
            EsiaBinding(
                user_id=actor.user_id, oid=str(actor.user_id), surname_key=surname_key(surname), trusted=trusted,
                bound_at=NOW,
            )
        )  # fmt: skip


@pytest.mark.parametrize("typed", ["здетовецкий ", "ЗДЕТОВЕЦКИЙ", "Здетовецкий С.В.", "здетове\u0301цки\u0438\u0306"])
def test_the_surname_links_the_account_which_becomes_the_chosen_one(db, cast, vera, typed):
    linked = link(db, vera, cast.flat, typed)
    assert (linked.account_id, linked.number, linked.closed_on, linked.already) == (
        cast.flat,
        "1234567899",
        None,
        False,
    )
    assert sees(db, vera) == [cast.flat]
    assert db.read(chosen_account, vera).account_id == cast.flat
    row = db.read(lambda reader: reader.rows(LINKS))[-1]
    assert (row.may_send, row.may_pay, row.ends_at, row.grant_id) == (True, True, None, None)


@pytest.mark.parametrize("typed", ["Здетовецкая", "Здетовецки", "Здетовецкийй", "Сдетовецкий", "Здетовец кий"])
def test_a_surname_that_is_only_alike_is_wrong(db, cast, vera, typed):
    assert wrong(db, vera, cast.flat, typed) == WRONG_SURNAME
    assert sees(db, vera) == []
    assert log(db) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Здетoвецкий", "В фамилии есть латинские буквы: «o»"),
        ("Zdetovetskiy", "введена латинскими буквами"),
        ("Plfkjdtwrbq", "введена латинскими буквами"),
        ("Здетовецкий😀", "«😀»"),
        ("", "Введите фамилию"),
        ("\u200b", "Введите фамилию"),
        ("З" * 500, "слишком длинная"),
    ],
)
def test_what_can_be_no_surname_is_said_and_costs_no_try(db, cast, vera, typed, said):
    for _ in range(7):
        assert said in wrong(db, vera, cast.flat, typed)
    assert sees(db, vera) == []
    link(db, vera, cast.flat)


def test_a_foreigners_surname_is_typed_as_it_stands_in_the_billing(db, cast, vera):
    with db.transaction() as writer:
        writer.change(
            update(Account)
            .where(col(Account.id) == cast.flat)
            .values(surname="O'NEILL", surname_key=surname_key("O'NEILL"))
        )
    assert wrong(db, vera, cast.flat, "Oneil") == WRONG_SURNAME
    assert link(db, vera, cast.flat, "O’Neill").account_id == cast.flat


def test_only_an_account_of_the_typed_place_can_be_linked(db, cast, vera):
    for place in (HOUSE, Place("1234567899", "10", "1011"), Place("", "", "")):
        with pytest.raises(NotFound):
            link(db, vera, cast.flat, place=place)
    with pytest.raises(NotFound):
        link(db, vera, 10**6)
    assert sees(db, vera) == []


def test_of_two_organizations_the_chosen_one_is_linked(db, cast, vera):
    with db.transaction() as writer:
        twin = make_account(writer, cast.organization, "01234567899", flat="1010", street="УЛ. ЛИНЕЙНАЯ")
    link(db, vera, twin)
    assert sees(db, vera) == [twin]


def test_those_who_see_it_are_told_without_the_newcomers_address(db, cast, vera):
    link(db, vera, cast.flat)
    told = letters(db)
    assert [(letter.kind, letter.recipient) for letter in told] == [
        ("linked", "owner@example.org"), ("linked", "relative@example.org"),
    ]  # fmt: skip
    for letter in told:
        assert "v•••@example.org" in letter.plain
        assert "vera" not in letter.plain + letter.html
        assert "1234567899" in letter.plain
        assert f"{SITE}/accounts" in letter.plain
    assert log(db) == ["account-linked"]


def test_linked_already_is_quiet(db, cast, vera):
    link(db, vera, cast.flat)
    mail, rows = len(letters(db)), db.read(lambda reader: reader.rows(LINKS))
    again_linked = link(db, vera, cast.flat, "Иванов")
    assert again_linked.already
    assert (len(letters(db)), db.read(lambda reader: reader.rows(LINKS))) == (mail, rows)


def test_a_closed_account_is_linked_with_a_word(db, cast, vera):
    with db.transaction() as writer:
        writer.change(update(Account).where(col(Account.id) == cast.flat).values(closed_on=date(2026, 8, 1)))
    assert link(db, vera, cast.flat).closed_on == date(2026, 8, 1)


def test_five_wrong_surnames_pause_the_account_for_a_day_whoever_tries(db, cast, vera):
    said = pause(db, cast.flat)
    assert "приостановлена на сутки" in said
    assert "через 24 ч." in said
    assert "обратитесь в организацию: ПОВВ" in said
    assert "через 12 ч." in refused(db, vera, cast.flat, client=ELSEWHERE, now=NOW + DAY / 2)
    assert sees(db, vera) == []
    assert ("link-paused", "owner@example.org") in recipients(db)
    assert log(db) == ["linking-paused", "linking-refused"]


def test_the_pause_ends_after_the_day_and_five_tries_are_free_again(db, cast, vera):
    pause(db, cast.flat)
    refused(db, vera, cast.flat, now=NOW + DAY - timedelta(seconds=1))
    later = NOW + DAY
    vera = again(db, vera.user_id, now=later)
    for _ in range(4):
        wrong(db, vera, cast.flat, now=later)
    link(db, vera, cast.flat, now=later)
    assert sees(db, vera) == [cast.flat]


def test_the_right_surname_begins_the_count_anew(db, cast, vera):
    for _ in range(4):
        wrong(db, vera, cast.flat)
    link(db, newcomer(db, "galina@example.org"), cast.flat)
    for number in range(4):
        wrong(db, newcomer(db, f"guess{number}@example.org"), cast.flat)
    link(db, vera, cast.flat)


def test_another_account_goes_on_while_one_is_paused(db, cast, vera):
    pause(db, cast.flat)
    assert link(db, vera, cast.house, place=HOUSE).account_id == cast.house


def test_a_refusal_by_a_pause_is_logged_once_a_day_and_person(db, cast, vera):
    pause(db, cast.flat)
    for _ in range(5):
        refused(db, vera, cast.flat)
    assert log(db) == ["linking-paused", "linking-refused"]
    refused(db, newcomer(db, "galina@example.org"), cast.flat)
    assert log(db).count("linking-refused") == 2


def test_a_confirmed_identity_of_that_surname_is_not_held_up(db, cast, vera):
    pause(db, cast.flat)
    bind(db, vera, "ЗДЕТОВЕЦКИЙ")
    assert wrong(db, vera, cast.flat, "Петров") == WRONG_SURNAME
    assert link(db, vera, cast.flat).account_id == cast.flat


@pytest.mark.parametrize(("surname", "trusted"), [("ЗДЕТОВЕЦКИЙ", False), ("ЗДЕТОВЕЦКАЯ", True), ("", True)])
def test_an_unconfirmed_identity_or_another_surname_waits_like_everybody(db, cast, vera, surname, trusted):
    pause(db, cast.flat)
    bind(db, vera, surname, trusted=trusted)
    assert "приостановлена" in refused(db, vera, cast.flat)


def accounts(db, cast, count):
    with db.transaction() as writer:
        return [
            (make_account(writer, cast.organization, str(5_000_000_000 + number), flat="1", street=f"УЛ. {number}"),
             Place(str(5_000_000_000 + number), "10", "1"))
            for number in range(count)
        ]  # fmt: skip


def test_one_surname_over_many_accounts_pauses_the_person(db, cast, vera):
    many = accounts(db, cast, link_limits.SURNAME_USER.free + 1)
    for account, place in many[:-1]:
        wrong(db, vera, account, place=place)
    account, place = many[-1]
    said = refused(db, vera, account, place=place, client=ELSEWHERE)
    assert said.startswith(f"{link_limits.PAUSE} Попробуйте снова через 15 мин.")
    assert "обратитесь" in said
    link(db, cast.stranger.actor, account, place=place)


def test_many_people_of_one_network_and_all_together_are_counted_too(db, cast, vera, monkeypatch):
    many = accounts(db, cast, 4)
    monkeypatch.setattr(link_limits, "SURNAME_CLIENT", link_limits.Limit("link-surname:client", 3))
    for number, (account, place) in enumerate(many[:3]):
        wrong(db, newcomer(db, f"guess{number}@example.org"), account, place=place)
    account, place = many[3]
    assert link_limits.PAUSE in refused(db, vera, account, place=place)
    monkeypatch.setattr(link_limits, "SURNAME_ALL", link_limits.Limit("link-surname:all", 3))
    assert link_limits.PAUSE in refused(db, vera, account, place=place, client=ELSEWHERE)


def test_a_granted_account_becomes_ones_own(db, cast, vera):
    wish = Wish("vera@example.org", ends_on="21.11.2026")
    db.write(give_access, cast.owner.actor, cast.flat, wish, client=HOME, site=SITE, now=NOW)
    linked = link(db, vera, cast.flat)
    assert not linked.already
    assert sees(db, again(db, vera.user_id, now=NOW + 9 * DAY)) == [cast.flat]


def test_two_people_link_the_same_account_at_once(db, cast):
    people = [newcomer(db, f"twin{number}@example.org") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda actor: link(db, actor, cast.flat), people))
    assert [one.already for one in done] == [False] * 4
    assert all(sees(db, person) == [cast.flat] for person in people)


def test_the_same_person_in_two_tabs_links_once(db, cast, vera):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: link(db, vera, cast.flat), range(4)))
    assert sorted(one.already for one in done) == [False, True, True, True]
    assert sees(db, vera) == [cast.flat]
    assert len(letters(db)) == 2


def test_guesses_at_once_are_counted_one_by_one(db, cast):
    people = [newcomer(db, f"guess{number}@example.org") for number in range(8)]

    def guess(actor):
        try:
            link(db, actor, cast.flat, "Иванов")
        except Invalid:
            return "wrong"
        except Refused:
            return "paused"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, people))
    assert (said.count("wrong"), said.count("paused")) == (4, 4)
    assert log(db).count("linking-paused") == 1
