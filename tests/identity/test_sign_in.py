from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.registration import activate, queue_registration, resend
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.identity.signing_in.sign_in import NOT_ACTIVATED, WRONG, NotActivated, sign_in
from lk_reflex.domain.identity.tables import User, UserSession
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.mail.topics import NEW_DEVICE, choose
from lk_reflex.jobs.cleaning import clean
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.letters import letters, links

PASSWORD = "пароль Анны"
HOME = Client("10.0.0.1", "Firefox")
SITE = "https://lk.example.org"
ELSEWHERE = Client("203.0.113.5")
PAUSE = "Слишком много неудачных попыток входа. Попробуйте снова через {}."
SESSIONS = select(func.count()).select_from(UserSession)


@pytest.fixture
def anna(db, cheap, hashed):
    return db.write(put_user, "Anna@Example.org", "resident", hashed(PASSWORD), now=NOW)


def enter(db, email="anna@example.org", password=PASSWORD, client=HOME, now=NOW, marks=""):
    return sign_in(db, email, password, client, key=KEY, now=now, marks=marks, site=SITE)


def refusal(db, **how):
    with pytest.raises(Refused) as refused:
        enter(db, **how)
    return refused.value.message


def alter(db, user, **values):
    db.write(lambda writer: writer.change(update(User).where(col(User.id) == user).values(**values)))


@pytest.mark.parametrize(
    "email", ["anna@example.org", "ANNA@EXAMPLE.ORG", "  anna@example.org ", "Anna@Example.org\u00a0"]
)
def test_the_right_pair_opens_a_session_whatever_the_case_and_outer_spaces(db, anna, email):
    actor = db.read(identify, token_hash(enter(db, email=email).cookie), now=NOW)
    assert (actor.user_id, actor.email) == (anna, "Anna@Example.org")


@pytest.mark.parametrize("password", [PASSWORD + " ", " " + PASSWORD, PASSWORD.upper(), PASSWORD[:-1], "x" * 20_000])
def test_a_password_is_taken_as_typed(db, anna, password):
    assert refusal(db, password=password) == WRONG


@pytest.mark.parametrize(
    "email",
    [
        "boris@example.org",
        "anna@example.or",
        "%",
        "anna@example.org\x00",
        "\x00",
        "' OR 1=1 --",
        "а@б.рф",
        "x" * 10_000,
        "\\",
    ],
)
def test_a_wrong_e_mail_and_a_wrong_password_are_refused_in_the_same_words(db, anna, email):
    assert refusal(db, email=email) == refusal(db, password="not it") == WRONG
    assert db.read(lambda reader: reader.value(SESSIONS)) == 0


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"password": "not it"},
        {"email": "nobody@example.org"},
        {"email": "esia@example.org"},
        {"email": "barred@example.org"},
    ],
)
def test_every_try_costs_exactly_one_bcrypt(db, anna, hashed, monkeypatch, how):
    alter(db, db.write(put_user, "esia@example.org", "resident", "-", now=NOW), password_hash=None)
    alter(db, db.write(put_user, "barred@example.org", "resident", hashed(PASSWORD), now=NOW), blocked_at=NOW)
    checked = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *given: checked.append(given) or real(*given))
    try:
        enter(db, **how)
    except Refused as refused:
        assert refused.message == WRONG
    assert len(checked) == 1


@pytest.mark.parametrize(
    ("email", "password", "fields"),
    [("", "", {"login", "password"}), ("  ", "x", {"login"}), ("anna@example.org", "", {"password"})],
)
def test_empty_fields_are_named_and_count_as_no_try(db, anna, email, password, fields):
    for _ in range(10):
        with pytest.raises(Invalid) as invalid:
            enter(db, email=email, password=password)
        assert set(invalid.value.fields) == fields
    assert enter(db)


def test_not_activated_is_told_only_after_the_right_password(db, anna):
    alter(db, anna, activated_at=None)
    assert refusal(db, password="not it") == WRONG
    assert refusal(db) == NOT_ACTIVATED
    assert db.read(lambda reader: reader.value(SESSIONS)) == 0


def test_a_blocked_person_gets_the_same_words_as_a_stranger(db, anna):
    alter(db, anna, blocked_at=NOW)
    assert refusal(db) == WRONG


def test_a_login_of_gosuslugi_alone_has_no_password_that_opens_it(db, anna):
    alter(db, anna, password_hash=None)
    assert refusal(db) == WRONG


def test_after_five_misses_the_next_try_waits_and_the_wait_is_said_in_words(db, anna):
    for _ in range(5):
        assert refusal(db, password="not it") == WRONG
    assert refusal(db) == PAUSE.format("минуту")
    assert refusal(db, now=NOW + timedelta(seconds=29)) == PAUSE.format("минуту")
    assert enter(db, now=NOW + timedelta(seconds=30))


def test_pauses_grow(db, anna):
    for _ in range(4):
        refusal(db, password="not it")
    now = NOW
    for seconds, said in ((30, "минуту"), (60, "минуту"), (120, "2 мин"), (240, "4 мин"), (480, "8 мин")):
        assert refusal(db, password="not it", now=now) == WRONG
        assert refusal(db, now=now) == PAUSE.format(said)
        now += timedelta(seconds=seconds)


def test_a_waiting_try_is_not_checked_and_does_not_lengthen_the_wait(db, anna, monkeypatch):
    for _ in range(5):
        refusal(db, password="not it")
    monkeypatch.setattr(bcrypt, "checkpw", lambda *_: pytest.fail("checked"))
    for _ in range(50):
        assert refusal(db) == PAUSE.format("минуту")


def test_the_wait_is_the_same_for_an_e_mail_that_nobody_has(db, anna):
    said = []
    for email, password in (("anna@example.org", "not it"), ("nobody@example.org", "x")):
        said.append([refusal(db, email=email, password=password) for _ in range(6)])
    assert said[0] == said[1]


def test_twenty_misses_from_one_client_make_it_wait_for_every_e_mail(db, anna):
    for number in range(20):
        assert refusal(db, email=f"guess{number}@example.org") == WRONG
    assert refusal(db) == PAUSE.format("минуту")
    assert enter(db, client=ELSEWHERE)


def test_a_right_password_of_ones_own_does_not_wipe_out_a_clients_guesses(db, anna):
    for number in range(19):
        refusal(db, email=f"guess{number}@example.org")
    assert enter(db)
    assert refusal(db, email="guess20@example.org") == WRONG
    assert refusal(db, email="guess21@example.org") == PAUSE.format("минуту")


def test_a_strangers_misses_do_not_keep_the_owner_out(db, anna):
    for _ in range(5):
        refusal(db, password="not it", client=ELSEWHERE)
    assert refusal(db, client=ELSEWHERE) == PAUSE.format("минуту")
    assert enter(db, client=HOME)


def test_many_strangers_misses_hold_up_those_who_missed_and_not_the_owner(db, anna):
    for number in range(60):
        assert refusal(db, password="not it", client=Client(f"203.0.113.{number}")) == WRONG
    assert refusal(db, client=Client("203.0.113.59"), password="not it") == PAUSE.format("минуту")
    assert enter(db, client=HOME)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)  # some ten thousand tries; the limits' SQL is tried above
def test_twelve_strangers_who_never_cease_do_not_keep_the_owner_of_a_new_browser_out(db, anna):
    strangers = [Client(f"198.51.100.{number}") for number in range(12)]
    missed, newcomers, after_a_slip = 0, 0, 0
    for second in range(0, 3600, 4):
        now = NOW + timedelta(seconds=second)
        missed += [refusal(db, password="not it", client=one, now=now) for one in strangers].count(WRONG)
        if second % 300 == 296:  # each time from a network that has never been seen
            newcomers += bool(enter(db, client=Client(f"203.0.113.{second // 300}"), now=now))
        if second == 1500:
            assert refusal(db, password="опечатка", client=HOME, now=now) == WRONG
        if second == 1500 + 904:
            after_a_slip += bool(enter(db, client=HOME, now=now))
    assert (newcomers, after_a_slip) == (12, 1)
    assert 60 < missed < 12 * 12  # they are slowed down all the same


def test_the_right_password_begins_the_count_anew(db, anna):
    for _ in range(3):
        for _ in range(4):
            refusal(db, password="not it")
        enter(db)


def test_limits_are_the_databases_and_not_one_processs(db, anna):
    from lk_reflex.core.db import Database

    other = Database(db.engine.url.render_as_string(hide_password=False))
    try:
        for process in (db, other, db, other, db):
            refusal(process, password="not it")
        assert refusal(other) == PAUSE.format("минуту")
    finally:
        other.close()


def test_sign_ins_at_once_each_open_a_session_of_their_own(db, anna):
    with ThreadPoolExecutor(4) as pool:
        cookies = list(pool.map(lambda _: enter(db), range(8)))
    assert len({one.cookie for one in cookies}) == 8
    assert db.read(lambda reader: reader.value(SESSIONS)) == 8


def test_a_password_that_was_changed_while_it_was_checked_opens_nothing(db, anna, hashed, monkeypatch):
    real = bcrypt.checkpw

    def meanwhile(*given):
        alter(db, anna, password_hash=hashed("новый пароль"))
        return real(*given)

    monkeypatch.setattr(bcrypt, "checkpw", meanwhile)
    assert refusal(db) == WRONG
    assert db.read(lambda reader: reader.value(SESSIONS)) == 0


def test_a_new_browser_is_told_to_the_owner_and_a_known_one_is_not(db, anna):
    mark = enter(db).mark
    assert not letters(db, "new-device")  # who enters for the first time knows
    enter(db, client=ELSEWHERE, marks=mark)
    assert not letters(db, "new-device")
    enter(db, client=Client("203.0.113.5", "Mozilla/5.0 (Windows NT 10.0) Firefox/133.0"))
    (letter,) = letters(db, "new-device")
    assert letter.recipient == "Anna@Example.org"
    assert "Компьютер, Windows, Firefox, сетевой адрес 203.0.113.5" in letter.plain
    assert "20.11.2026, 15:00" in letter.plain
    assert f"{SITE}/forgot" in letter.plain


def test_a_new_browser_is_told_after_years_away_too(db, anna):
    enter(db)
    years = NOW + timedelta(days=800)
    while clean(db, now=years):
        pass
    assert db.read(lambda reader: reader.value(SESSIONS)) == 0
    enter(db, client=ELSEWHERE, now=years)
    assert len(letters(db, "new-device")) == 1


def test_who_wants_no_letters_of_new_browsers_gets_none(db, anna):
    enter(db)
    db.write(choose, anna, NEW_DEVICE, False, now=NOW)
    enter(db, client=ELSEWHERE)
    assert not letters(db, "new-device")


def test_each_sign_in_is_in_the_log(db, anna):
    enter(db)
    with db.engine.connect() as connection:
        (entry,) = connection.execute(select(AuditEntry.__table__)).all()
    assert (entry.action, entry.actor_id, entry.user_id, entry.address) == ("signed-in", anna, anna, HOME.address)
    assert entry.detail == {"way": "password", "known": False}


def test_a_form_that_waits_for_its_activation_is_told_of_after_its_own_password_only(db, cheap, hashed, monkeypatch):
    db.write(
        queue_registration, email="new@example.org", password_hash=hashed(PASSWORD), phone="+79001234567",
        consents=REQUIRED, esia=None, client=HOME, site=SITE, now=NOW,
    )  # fmt: skip
    checked = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *given: checked.append(given) or real(*given))
    assert refusal(db, email="new@example.org", password="not it") == WRONG
    with pytest.raises(NotActivated):
        enter(db, email="NEW@example.org")
    assert len(checked) == 4
    assert db.read(lambda reader: reader.value(SESSIONS)) == 0


def fill_in(db, email, password_hash):
    return db.write(
        queue_registration, email=email, password_hash=password_hash, phone="+79001234567", consents=REQUIRED,
        esia=None, client=ELSEWHERE, site=SITE, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    "state", [{"phone": None}, {"blocked_at": NOW}, {"password_hash": None}, {"activated_at": None}]
)
def test_who_fills_in_a_form_does_not_learn_at_the_door_whether_the_address_has_a_login(
    db, anna, hashed, monkeypatch, state
):
    alter(db, anna, **state)
    checked = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *given: checked.append(given) or real(*given))
    seen = []
    for email in ("anna@example.org", "free@example.org"):
        fill_in(db, email, hashed("подложный"))
        checked.clear()
        said = [refusal(db, email=email, password="подложный"), refusal(db, email=email, password="ничей")]
        seen.append((said, len(checked)))
    assert seen[0] == seen[1] == ([NOT_ACTIVATED, WRONG], 4)


def test_a_form_of_a_strangers_hand_does_not_stand_before_a_real_login(db, anna, hashed):
    fill_in(db, "anna@example.org", hashed("подложный"))
    assert enter(db)


def test_the_password_of_a_form_that_became_a_login_is_wrong_after_another_was_set(db, cheap, hashed):
    number = fill_in(db, "new@example.org", hashed(PASSWORD))
    db.write(resend, "new@example.org", client=HOME, site=SITE, now=NOW, form_id=number)
    token, _ = links(db, "activate")
    user = db.write(activate, token, client=HOME, now=NOW)
    alter(db, user, password_hash=hashed("новый пароль"))
    assert refusal(db, email="new@example.org") == WRONG


@pytest.mark.parametrize("email", ["anna@example.org\u200b", "\ufeffanna@example.org", "anna\u00ad@example.org"])
def test_marks_without_width_in_a_pasted_e_mail_are_not_the_persons_fault(db, anna, email):
    assert enter(db, email=email).user_id == anna


def test_half_a_character_is_a_wrong_password_and_no_fault_of_ours(db, anna):
    assert refusal(db, password="\ud800") == WRONG
    assert refusal(db, email="anna\ud800@example.org") == WRONG


def test_a_browsers_long_words_about_itself_are_cut(db, anna):
    enter(db, client=Client("10.0.0.1", "Ж" * 5000))
    kept = db.read(lambda reader: reader.value(select(col(UserSession.client))))
    assert kept == "Ж" * 200
