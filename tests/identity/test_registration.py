"""Registration, its letters, and the press that makes a login of it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.cleaning import forget_old_entries
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.entry_tables import Consent, Registration
from lk_reflex.domain.identity.esia.tables import EsiaBinding
from lk_reflex.domain.identity.passwords import hashing as passwords
from lk_reflex.domain.identity.registering import registration
from lk_reflex.domain.identity.registering.application import (
    APART,
    BAD_PHONE,
    EMPTY_AGAIN,
    EMPTY_CODE,
    EMPTY_PHONE,
    NO_CONSENT,
    NO_TERMS,
    Application,
    application_faults,
)
from lk_reflex.domain.identity.registering.captcha import digits_of, new_captcha
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.logins import ALREADY, ESIA_TAKEN, create_login
from lk_reflex.domain.identity.registering.registration import (
    DEAD,
    LIFE,
    WRONG_CODE,
    activate,
    opened,
    queue_registration,
    register,
    resend,
)
from lk_reflex.domain.identity.registering.waiting import KEPT, pending
from lk_reflex.domain.identity.registering.welcome import ACTIVATION, KNOWN, SEVERAL
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.mail.tables import OutgoingMail
from tests.cast import NOW
from tests.identity.conftest import KEY

SITE = "https://lk.example.org"
PASSWORD = "три слова и собака"
HOME = Client("10.0.0.1", "Firefox")
ANNA = "anna@example.org"
FORM = Application(ANNA, PASSWORD, PASSWORD, "8 (912) 345-67-89", "", "", True, True)
LETTERS = select(
    col(OutgoingMail.recipient), col(OutgoingMail.subject), col(OutgoingMail.plain), col(OutgoingMail.settled_at),
    col(OutgoingMail.sent_at),
).order_by(col(OutgoingMail.id))  # fmt: skip
USERS = select(
    col(User.id), col(User.email), col(User.phone), col(User.activated_at), col(User.role), col(User.password_hash)
).order_by(col(User.id))


@pytest.fixture(autouse=True)
def cheap_bcrypt(cheap, monkeypatch):
    monkeypatch.setattr(
        registration, "hash_password", lambda password, key: passwords.hash_password(password, key, cost=4)
    )


def filled(db, now=NOW, **changes):
    token = db.write(new_captcha, now=now)
    return replace(FORM, captcha_token=token, captcha=digits_of(token, KEY), **changes)


def apply(db, *, client=HOME, now=NOW, **changes):
    return register(db, filled(db, now, **changes), client, key=KEY, site=SITE, now=now)


def rows(db, query):
    return db.read(lambda reader: reader.rows(query))


def count(db, table):
    return db.read(lambda reader: reader.value(select(func.count()).select_from(table)))


def links(db):
    """The tokens in the letters that will be sent, the oldest first."""
    found = [re.search(r"/activate/(\S+)", letter.plain) for letter in rows(db, LETTERS) if letter.settled_at is None]
    return [match[1] for match in found if match]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, {"captcha": EMPTY_CODE}),
        ({"captcha": "1"}, {}),
        ({"captcha": "1", "terms": False}, {"terms": NO_TERMS}),
        ({"captcha": "1", "consent": False}, {"consent": NO_CONSENT}),
        ({"captcha": "1", "phone": " "}, {"phone": EMPTY_PHONE}),
        ({"captcha": "1", "phone": "8 351 700-00-00"}, {"phone": BAD_PHONE}),
        ({"captcha": "1", "phone": "+7 701 234-56-78"}, {"phone": BAD_PHONE}),
        ({"captcha": "1", "again": ""}, {"again": EMPTY_AGAIN}),
        ({"captcha": "1", "again": PASSWORD + " "}, {"again": APART}),
        ({"captcha": "1", "password": "короче", "again": "короче"}, {"password": None}),
        ({"captcha": "1", "password": ANNA, "again": ANNA}, {"password": None}),
        ({"captcha": "1", "password": " Anna@Example.org", "again": " Anna@Example.org"}, {"password": None}),
        ({"captcha": "1", "email": "анна@mail.ru"}, {"email": None}),
    ],
)
def test_each_fault_is_said_at_its_field(changes, faults):
    found = application_faults(replace(FORM, **changes))
    assert set(found) == set(faults)
    assert all(sentence is None or found[name] == sentence for name, sentence in faults.items())


def test_an_empty_form_names_every_field_in_its_order():
    nothing = Application("", "", "", "", "", "", False, False)
    assert list(application_faults(nothing)) == ["email", "password", "again", "phone", "captcha", "terms", "consent"]


def test_no_login_comes_to_be_before_the_link_is_opened(db):
    assert apply(db, email="  Anna@Example.org ").email == "Anna@Example.org"
    assert count(db, User) == 0
    (letter,) = rows(db, LETTERS)
    assert (letter.recipient, letter.subject, letter.settled_at) == ("Anna@Example.org", ACTIVATION, None)
    assert f"{SITE}/activate/" in letter.plain
    assert "72 часа" in letter.plain
    with pytest.raises(Refused):
        sign_in(db, ANNA, PASSWORD, HOME, key=KEY, now=NOW)


def test_the_link_makes_a_login_that_opens_with_the_password(db):
    apply(db, email="Anna@Example.org")
    later = NOW + timedelta(hours=71, minutes=59)
    user_id = db.write(activate, links(db)[0], client=Client("10.9.9.9"), now=later)
    (user,) = rows(db, USERS)
    assert (user.id, user.email, user.phone, user.activated_at, user.role) == (
        user_id, "Anna@Example.org", "+79123456789", later, "resident",
    )  # fmt: skip
    assert sign_in(db, ANNA, PASSWORD, HOME, key=KEY, now=later)


def test_consents_are_kept_as_they_were_given(db):
    apply(db)
    db.write(activate, links(db)[0], client=Client("10.9.9.9"), now=NOW + timedelta(hours=2))
    query = select(col(Consent.document), col(Consent.version), col(Consent.given_at), col(Consent.address)).order_by(
        Consent.id
    )
    assert {tuple(row) for row in rows(db, query)} == {
        (name, version, NOW, HOME.address) for name, version in REQUIRED.items()
    }


def test_activation_is_noted_in_the_log_without_the_address_of_mail(db):
    apply(db)
    user_id = db.write(activate, links(db)[0], client=HOME, now=NOW)
    query = select(
        col(AuditEntry.action), col(AuditEntry.user_id), col(AuditEntry.address), col(AuditEntry.detail)
    ).order_by(AuditEntry.id)
    assert [tuple(row) for row in rows(db, query)] == [("registered", user_id, HOME.address, {})]


def test_looking_at_the_link_changes_nothing(db):
    apply(db)
    (token,) = links(db)
    for _ in range(3):
        form = db.read(opened, token, now=NOW)
        assert form is not None
        assert form.email == ANNA
    assert count(db, User) == 0
    assert db.write(activate, token, client=HOME, now=NOW)


def test_a_link_works_once_and_for_72_hours(db):
    apply(db)
    (token,) = links(db)
    assert refusal(db, token, now=NOW + LIFE) == DEAD
    assert db.read(opened, token, now=NOW + LIFE) is None
    db.write(activate, token, client=HOME, now=NOW)
    assert refusal(db, token) == DEAD
    assert db.read(opened, token, now=NOW) is None
    assert count(db, User) == 1


@pytest.mark.parametrize(
    "alter", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.swapcase(), lambda t: "", str.upper]
)
def test_an_altered_link_opens_nothing(db, alter):
    apply(db)
    assert refusal(db, alter(links(db)[0])) == DEAD
    assert count(db, User) == 0


def refusal(db, token, now=NOW):
    with pytest.raises(Refused) as refused:
        db.write(activate, token, client=HOME, now=now)
    return refused.value.message


def test_two_registrations_of_one_address_have_a_link_each_and_the_first_opened_wins(db):
    apply(db)
    apply(db, password="совсем другой пароль", again="совсем другой пароль")
    first, second = links(db)
    db.write(activate, second, client=HOME, now=NOW)
    assert refusal(db, first) == ALREADY
    assert refusal(db, first) == ALREADY
    assert sign_in(db, ANNA, "совсем другой пароль", HOME, key=KEY, now=NOW)
    assert count(db, User) == 1


def test_two_links_pressed_at_once_make_one_login(db):
    apply(db)
    apply(db)

    def press(token):
        try:
            return db.write(activate, token, client=HOME, now=NOW)
        except Refused as refused:
            return refused.message

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(press, links(db) * 2))
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert {outcome for outcome in outcomes if isinstance(outcome, str)} <= {DEAD, ALREADY}
    assert count(db, User) == 1
    assert count(db, Consent) == 2


@pytest.fixture
def known(db, hashed) -> int:
    return db.write(put_user, "Anna@Example.org", "resident", hashed("прежний пароль"), now=NOW)


def test_a_registered_address_gets_the_same_answer_and_a_letter_of_its_own(db, known):
    assert apply(db, email="ANNA@example.org").email == "ANNA@example.org"
    (letter,) = rows(db, LETTERS)
    assert (letter.recipient, letter.subject, letter.settled_at) == ("ANNA@example.org", KNOWN, None)
    assert f"{SITE}/forgot" in letter.plain
    assert "activate" not in letter.plain
    assert sign_in(db, ANNA, "прежний пароль", HOME, key=KEY, now=NOW)
    db.write(resend, ANNA, client=HOME, site=SITE, now=NOW)
    assert [letter.subject for letter in rows(db, LETTERS)] == [KNOWN, KNOWN]


def test_known_and_unknown_addresses_cost_the_same_work(db, known, monkeypatch):
    spent = []
    for email in (ANNA, "nobody@example.org"):
        hashes, real = [], bcrypt.hashpw
        monkeypatch.setattr(bcrypt, "hashpw", lambda *given, real=real, hashes=hashes: hashes.append(1) or real(*given))
        before = (count(db, Registration), count(db, OutgoingMail))
        apply(db, email=email)
        monkeypatch.setattr(bcrypt, "hashpw", real)
        after = (count(db, Registration), count(db, OutgoingMail))
        spent.append((len(hashes), after[0] - before[0], after[1] - before[1]))
    assert spent == [(1, 1, 1), (1, 1, 1)]


def test_a_wrong_code_is_refused_and_counts_as_no_letter(db):
    form = replace(filled(db), captcha="00000000")
    for _ in range(12):
        with pytest.raises(Invalid) as invalid:
            register(db, form, HOME, key=KEY, site=SITE, now=NOW)
        assert invalid.value.fields == {"captcha": WRONG_CODE}
    assert count(db, OutgoingMail) == count(db, Registration) == 0
    assert apply(db)


def test_a_faulty_form_does_not_use_up_its_code(db):
    form = filled(db)
    with pytest.raises(Invalid):
        register(db, replace(form, phone="?"), HOME, key=KEY, site=SITE, now=NOW)
    assert register(db, form, HOME, key=KEY, site=SITE, now=NOW).email == ANNA


def test_one_code_is_good_for_one_registration(db):
    form = filled(db)
    register(db, form, HOME, key=KEY, site=SITE, now=NOW)
    with pytest.raises(Invalid):
        register(db, form, HOME, key=KEY, site=SITE, now=NOW)
    assert count(db, OutgoingMail) == 1


def waits(db, **how):
    with pytest.raises(Refused) as refused:
        apply(db, **how)
    assert refused.value.message.startswith("Слишком много писем для активации за короткое время. Попробуйте снова")
    return True


@pytest.mark.parametrize("email", [ANNA, "nobody@example.org"])
def test_an_address_is_not_buried_in_letters_whoever_asks(db, known, email):
    for number in range(4):
        apply(db, email=email, client=Client(f"203.0.113.{number}"))
    assert waits(db, email=email.upper(), client=Client("203.0.113.9"))
    assert apply(db, email="other@example.org", client=Client("203.0.113.9"))
    assert apply(db, email=email, now=NOW + timedelta(minutes=2))


def test_one_client_registers_thirty_addresses_an_hour(db):
    for number in range(30):
        apply(db, email=f"person{number}@example.org")
    assert waits(db, email="person31@example.org")
    assert apply(db, email="person31@example.org", client=Client("203.0.113.9"))


def test_all_together_have_a_limit_too(db, monkeypatch):
    monkeypatch.setattr(registration, "IN_ALL", replace(registration.IN_ALL, free=3))
    for number in range(3):
        apply(db, email=f"person{number}@example.org", client=Client(f"203.0.113.{number}"))
    assert waits(db, email="person4@example.org", client=Client("203.0.113.9"))


def test_the_letter_can_be_had_again_and_every_link_works(db):
    apply(db)
    db.write(resend, "ANNA@example.org", client=HOME, site=SITE, now=NOW + timedelta(days=5))
    old, new = links(db)
    later = NOW + timedelta(days=6)
    assert db.read(opened, old, now=later) is None
    db.write(activate, new, client=HOME, now=later)
    query = select(col(Consent.given_at), col(Consent.address)).order_by(Consent.id)
    assert {tuple(row) for row in rows(db, query)} == {(NOW, HOME.address)}


def test_ones_own_form_is_sent_again_and_not_a_strangers_later_one(db):
    own = apply(db)
    apply(db, password="пароль чужого человека", again="пароль чужого человека", client=Client("203.0.113.9"))
    db.write(resend, ANNA, client=HOME, site=SITE, now=NOW, form_id=own.form_id)
    form = db.read(opened, links(db)[-1], now=NOW)
    assert form is not None
    assert form.address == HOME.address


@pytest.mark.parametrize("number", [0, 1000])
def test_by_address_alone_no_link_goes_out_where_somebody_else_filled_in_a_form_too(db, number):
    apply(db)
    later = NOW + timedelta(minutes=5)
    stranger = Client("203.0.113.9")
    apply(db, password="пароль чужого человека", again="пароль чужого человека", client=stranger, now=later)
    db.write(resend, ANNA, client=HOME, site=SITE, now=later, form_id=number)
    letter = rows(db, LETTERS)[-1]
    assert (letter.recipient, letter.subject, letter.settled_at) == (ANNA, SEVERAL, None)
    assert "20.11.2026 в 15:05, 20.11.2026 в 15:00" in letter.plain
    assert f"{SITE}/register" in letter.plain
    assert len(links(db)) == 2


def test_by_address_alone_a_form_that_was_sent_again_is_still_one(db):
    own = apply(db)
    db.write(resend, ANNA, client=HOME, site=SITE, now=NOW, form_id=own.form_id)
    db.write(resend, ANNA, client=HOME, site=SITE, now=NOW)
    assert len(links(db)) == 3


def test_a_number_of_another_address_s_form_opens_nothing_of_it(db):
    other = apply(db, email="boris@example.org")
    db.write(resend, ANNA, client=HOME, site=SITE, now=NOW, form_id=other.form_id)
    assert rows(db, LETTERS)[-1].plain == ""


def test_an_address_with_a_login_is_reminded_of_it_and_nobody_gets_nothing(db, known):
    db.write(resend, ANNA, client=HOME, site=SITE, now=NOW)
    db.write(resend, "nobody@example.org", client=HOME, site=SITE, now=NOW)
    reminded, nothing = rows(db, LETTERS)
    assert (reminded.subject, reminded.settled_at) == (KNOWN, None)
    assert (nothing.settled_at, nothing.sent_at, nothing.plain) == (NOW, None, "")
    assert (reminded.recipient, nothing.recipient) == (ANNA, "")


def test_resending_is_limited_as_registering(db):
    apply(db)
    for _ in range(3):
        db.write(resend, ANNA, client=HOME, site=SITE, now=NOW)
    with pytest.raises(Refused, match="Слишком много писем"):
        db.write(resend, ANNA, client=HOME, site=SITE, now=NOW)
    assert len(links(db)) == 4


def test_after_the_first_login_a_waiting_form_is_sent_no_more(db):
    apply(db)
    apply(db)
    db.write(activate, links(db)[0], client=HOME, now=NOW)
    db.write(resend, ANNA, client=HOME, site=SITE, now=NOW)
    assert rows(db, LETTERS)[-1].subject == KNOWN


def test_forms_that_nobody_opened_are_forgotten_after_a_month(db):
    apply(db)
    later = NOW + KEPT + timedelta(seconds=1)
    assert db.read(pending, ANNA, now=later) is None
    db.write(forget_old_entries, now=later)
    assert count(db, Registration) == 0


def test_neither_password_nor_token_is_kept(db):
    apply(db)
    (token,) = links(db)
    kept = repr(rows(db, select(*Registration.__table__.columns)))
    assert PASSWORD not in kept
    assert token not in kept


PERSON = {"oid": "1000299654", "surname_key": "здетовецкий", "name": "Сергей Здетовецкий", "trusted": True}


def from_esia(db, email=ANNA, esia=PERSON, client=HOME):
    db.write(
        queue_registration, email=email, password_hash=None, phone=None, consents=REQUIRED, esia=esia, client=client,
        site=SITE, now=NOW,
    )  # fmt: skip


def test_a_person_from_gosuslugi_is_bound_when_the_link_is_opened(db):
    from_esia(db)
    user_id = db.write(activate, links(db)[0], client=HOME, now=NOW)
    query = select(
        col(EsiaBinding.user_id), col(EsiaBinding.oid), col(EsiaBinding.surname_key), col(EsiaBinding.name),
        col(EsiaBinding.trusted), col(EsiaBinding.bound_at),
    )  # fmt: skip
    assert [tuple(row) for row in rows(db, query)] == [(user_id, *PERSON.values(), NOW)]
    assert rows(db, USERS)[0].password_hash is None


def test_an_identity_that_is_bound_already_makes_no_second_login(db):
    from_esia(db)
    from_esia(db, "second@example.org")
    first, second = links(db)
    db.write(activate, first, client=HOME, now=NOW)
    assert refusal(db, second) == ESIA_TAKEN
    assert count(db, User) == 1


def test_a_confirmed_address_of_gosuslugi_gets_its_login_at_once(db):
    made = {
        "password_hash": None, "phone": None, "consents": REQUIRED, "esia": PERSON, "address": "10.0.0.1", "now": NOW,
    }  # fmt: skip
    user_id = db.write(create_login, email=ANNA, **made)
    assert rows(db, USERS)[0].id == user_id
    with pytest.raises(Refused, match="уже есть логин"):
        db.write(create_login, email="Anna@example.org", **made)


def test_known_and_unknown_addresses_take_the_same_time(db, known):
    taken = {ANNA: [], "nobody@example.org": []}
    for number in range(30):
        for email, times in taken.items():
            form = filled(db, email=email)
            client, moment = Client(f"10.{number}.0.1"), NOW + timedelta(hours=3 * number)
            form = filled(db, moment, email=email)
            begun = time.perf_counter()
            register(db, form, client, key=KEY, site=SITE, now=moment)
            times.append(time.perf_counter() - begun)
    known_times, unknown_times = (sorted(times) for times in taken.values())
    # The middle halves overlap: no single try tells one from the other.
    assert known_times[7] < unknown_times[22]
    assert unknown_times[7] < known_times[22]
