"""A phone is the login's once its code has been typed in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phone_codes import (
    LIFE,
    NO_CODE,
    SPENT,
    TRIES,
    WRONG,
    confirm_phone,
    give_up,
    new_code,
    on_its_way,
    unsent,
    waiting_phone,
)
from lk_reflex.domain.identity.contacts.phones import EMPTY, FORMAT, mobile_of
from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.domain.identity.contacts.set_phone import set_phone
from lk_reflex.domain.identity.entry_tables import PhoneCode
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.people import deeds, letters

HOME = Client("10.0.0.1", "Firefox")
PHONE = "+79123456789"
MINUTE = timedelta(minutes=1)


def ask(db, person, phone=PHONE, now=NOW, client=HOME):
    return db.write(new_code, person.actor, phone, key=KEY, client=client, now=now)


def code_of(message):
    return re.match(r"\d{6}\b", message.text).group()


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def confirm(db, person, typed, now=NOW, key=KEY):
    return confirm_phone(db, person.actor, typed, key=key, client=HOME, now=now)


def fault(db, person, typed, **how):
    with pytest.raises(Invalid) as invalid:
        confirm(db, person, typed, **how)
    return invalid.value.fields["code"]


def phone_of(db, person):
    profile = db.read(profile_of, person.actor)
    return profile.phone, profile.phone_confirmed


def test_the_right_code_makes_the_phone_the_logins(db, cast):
    message = ask(db, cast.owner)
    assert message.phone == PHONE
    assert phone_of(db, cast.owner) == ("", False)
    assert db.read(waiting_phone, cast.owner.actor, now=NOW) == PHONE
    assert confirm(db, cast.owner, code_of(message)) == PHONE
    assert phone_of(db, cast.owner) == (PHONE, True)
    assert db.read(waiting_phone, cast.owner.actor, now=NOW) == ""
    assert deeds(db) == ["phone-code", "phone-changed"]
    (letter,) = letters(db, "owner@example.org")
    assert "345" not in letter[2], "the letter may be read over a shoulder"


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{:.3} {:.0}", "Код: {}"])
def test_a_code_however_typed(db, cast, spelling):
    code = code_of(ask(db, cast.owner))
    typed = f"{code[:3]} {code[3:]}" if ":.3" in spelling else spelling.format(code)
    assert confirm(db, cast.owner, typed) == PHONE


def test_only_a_keyed_hash_is_kept(db, cast):
    message = ask(db, cast.owner)
    row = db.read(lambda r: r.connection.execute(select(PhoneCode.__table__)).one())
    assert code_of(message) not in repr(row)
    assert fault(db, cast.owner, code_of(message), key=b"other" * 8) == WRONG


def test_five_tries_and_no_more(db, cast):
    code = code_of(ask(db, cast.owner))
    for _ in range(TRIES):
        assert fault(db, cast.owner, wrong(code)) == WRONG
    assert fault(db, cast.owner, code) == SPENT
    assert phone_of(db, cast.owner) == ("", False)


@pytest.mark.parametrize("typed", ["", "  ", "код", "-"])
def test_no_code_at_all_costs_no_try(db, cast, typed):
    code = code_of(ask(db, cast.owner))
    for _ in range(10):
        assert fault(db, cast.owner, typed) == NO_CODE
    assert confirm(db, cast.owner, code) == PHONE


def test_a_code_ends_after_ten_minutes(db, cast):
    code = code_of(ask(db, cast.owner))
    assert fault(db, cast.owner, code, now=NOW + LIFE) == SPENT
    assert confirm(db, cast.owner, code, now=NOW + LIFE - timedelta(seconds=1))


def test_a_code_works_once(db, cast):
    code = code_of(ask(db, cast.owner))
    confirm(db, cast.owner, code)
    assert fault(db, cast.owner, code, now=NOW + MINUTE) == SPENT


def test_the_second_press_finds_the_phone_confirmed_already(db, cast):
    code = code_of(ask(db, cast.owner))
    confirm(db, cast.owner, code)
    before = (deeds(db), letters(db))
    assert confirm(db, cast.owner, code, now=NOW + timedelta(seconds=5)) == PHONE
    assert (deeds(db), letters(db)) == before, "nothing happens twice"
    assert fault(db, cast.owner, wrong(code)) == SPENT
    assert fault(db, cast.relative, code) == SPENT
    db.write(set_phone, cast.owner.actor, "+79990000000", confirmed=False, client=HOME, now=NOW)
    assert fault(db, cast.owner, code) == SPENT


def test_a_code_is_on_its_way_for_a_minute_to_that_phone_alone(db, cast):
    def waits(phone=PHONE, now=NOW, person=cast.owner):
        return db.read(on_its_way, person.actor, phone, now=now)

    assert not waits()
    code = code_of(ask(db, cast.owner))
    assert waits()
    assert waits(now=NOW + timedelta(seconds=59))
    assert not waits(now=NOW + MINUTE)
    assert not waits("+79990000000")
    assert not waits(person=cast.relative)
    for _ in range(TRIES):
        fault(db, cast.owner, wrong(code))
    assert not waits(), "a code that can't be typed in any more is none"


def test_a_new_code_ends_the_former_one(db, cast):
    first = code_of(ask(db, cast.owner))
    second = code_of(ask(db, cast.owner, phone="+79990000000", now=NOW + MINUTE))
    if first != second:
        assert fault(db, cast.owner, first, now=NOW + MINUTE) == WRONG
    assert confirm(db, cast.owner, second, now=NOW + MINUTE) == "+79990000000"


def test_another_persons_code_is_no_code(db, cast):
    code = code_of(ask(db, cast.owner))
    assert fault(db, cast.relative, code) == SPENT
    db.write(give_up, cast.relative.actor, now=NOW)
    assert db.read(waiting_phone, cast.relative.actor, now=NOW) == ""
    assert confirm(db, cast.owner, code) == PHONE


def test_giving_up_leaves_the_phone_as_it_was(db, cast):
    code = code_of(ask(db, cast.owner))
    db.write(give_up, cast.owner.actor, now=NOW)
    assert fault(db, cast.owner, code) == SPENT


def test_another_code_may_be_asked_for_after_a_pause_that_is_told(db, cast):
    ask(db, cast.owner)
    with pytest.raises(Refused) as refused:
        ask(db, cast.owner, now=NOW + timedelta(seconds=20))
    assert refused.value.message == "Код отправлен только что. Новый можно запросить через 40 с."
    assert ask(db, cast.owner, now=NOW + MINUTE)


def test_a_message_that_did_not_go_asks_for_no_pause(db, cast):
    message = ask(db, cast.owner)
    db.write(unsent, message, now=NOW)
    assert db.read(waiting_phone, cast.owner.actor, now=NOW) == ""
    assert fault(db, cast.owner, code_of(message)) == SPENT
    assert ask(db, cast.owner)


def test_five_messages_a_day_for_a_person(db, cast):
    for number in range(5):
        ask(db, cast.owner, phone=f"+7912345670{number}", now=NOW + number * MINUTE)
    with pytest.raises(Refused, match="Слишком много кодов"):
        ask(db, cast.owner, now=NOW + 10 * MINUTE)
    assert ask(db, cast.owner, now=NOW + timedelta(days=1, minutes=10))


def test_five_messages_a_day_for_a_phone_whoever_asks(db, cast):
    people = (cast.owner, cast.relative, cast.stranger, cast.owner, cast.relative)
    for number, person in enumerate(people):
        ask(db, person, now=NOW + number * MINUTE)
    with pytest.raises(Refused, match="Слишком много кодов"):
        ask(db, cast.stranger, now=NOW + 10 * MINUTE)
    assert ask(db, cast.stranger, phone="+79990000000", now=NOW + 10 * MINUTE)


@pytest.mark.parametrize(
    ("typed", "said"), [("", EMPTY), ("  ", EMPTY), ("12345", FORMAT), ("8 343 222-33-44", FORMAT)]
)
def test_what_is_no_mobile_phone(typed, said):
    with pytest.raises(Invalid) as invalid:
        mobile_of(typed)
    assert invalid.value.fields == {"phone": said}


def test_without_a_gateway_the_phone_is_kept_as_unconfirmed(db, cast):
    confirm(db, cast.owner, code_of(ask(db, cast.owner)))
    db.write(set_phone, cast.owner.actor, "+79990000000", confirmed=False, client=HOME, now=NOW)
    assert phone_of(db, cast.owner) == ("+79990000000", False)
    assert db.read(lambda r: r.connection.execute(select(col(PhoneCode.id))).all())
