"""«Забыли пароль?»: scenario 17 for its link, scenario 18 for what a stranger learns."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lk_reflex.core.errors import DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.esia.bindings import bind, binding_of
from lk_reflex.domain.identity.passwords.reset import LIFE, STALE, ask_reset, link_works, reset_password
from lk_reflex.domain.identity.passwords.rules import COMMON, SAME_AS_EMAIL
from lk_reflex.domain.identity.registering.consents import REQUIRED
from lk_reflex.domain.identity.registering.registration import queue_registration, resend
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.domain.identity.tables import Attempt, User, UserSession
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.mail.tables import OutgoingMail
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.letters import letters, links

PASSWORD, NEW = "пароль Анны", "совсем другой пароль"
ANNA, NOBODY = "anna@example.org", "nobody@example.org"
SITE = "https://lk.example.org"
HOME, ELSEWHERE = Client("10.0.0.1", "Firefox"), Client("203.0.113.5")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TABLES = (OneTimeToken, OutgoingMail, AuditEntry, Attempt)


@pytest.fixture
def anna(db, cheap, hashed):
    return db.write(put_user, ANNA, "resident", hashed(PASSWORD), now=NOW)


def ask(db, email=ANNA, client=HOME, now=NOW):
    return db.write(ask_reset, email, client=client, site=SITE, now=now)


def renew(db, token, password=NEW, now=NOW, client=HOME):
    return reset_password(db, token, password, key=KEY, site=SITE, client=client, now=now)


def works(db, token, now=NOW):
    return db.read(link_works, token, now=now)


def enter(db, password=NEW, email=ANNA, client=HOME):
    return sign_in(db, email, password, client, key=KEY, now=NOW, site=SITE)


def alter(db, **values):
    db.write(lambda writer: writer.change(update(User).values(**values)))


def everything(db):
    """The rows of all that asking may touch, and of the logins."""
    with db.engine.connect() as connection:
        return [connection.execute(select(one.__table__)).all() for one in (*TABLES, User, UserSession)]


def actions(db):
    with db.engine.connect() as connection:
        return [row.action for row in connection.execute(select(AuditEntry.__table__).order_by(AuditEntry.id))]


@pytest.mark.parametrize("email", [ANNA, " ANNA@Example.org", "anna@example.org\u200b"])
def test_the_letters_link_gives_a_new_password(db, anna, email):
    assert ask(db, email) is None
    (letter,) = letters(db, "reset")
    assert (letter.recipient, letter.settled_at) == (ANNA, None)
    (token,) = links(db, "reset")
    assert works(db, token)
    renew(db, token)
    assert enter(db).user_id == anna
    with pytest.raises(Refused):
        enter(db, PASSWORD)


def test_looking_at_the_link_changes_nothing_however_often(db, anna):
    ask(db)
    (token,) = links(db, "reset")
    before = everything(db)
    assert all(works(db, token) for _ in range(5))
    assert everything(db) == before


def test_the_link_works_once(db, anna):
    ask(db)
    (token,) = links(db, "reset")
    renew(db, token)
    assert not works(db, token)
    with pytest.raises(NotFound) as dead:
        renew(db, token, "ещё один пароль")
    assert dead.value.message == STALE
    assert enter(db, NEW)


def test_the_link_works_for_an_hour(db, anna):
    ask(db)
    (token,) = links(db, "reset")
    assert works(db, token, NOW + LIFE - timedelta(seconds=1))
    assert not works(db, token, NOW + LIFE)
    with pytest.raises(NotFound):
        renew(db, token, now=NOW + LIFE)
    assert enter(db, PASSWORD)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token + "x",
        str.swapcase,
        *(lambda _, made=made: made for made in ("", "\x00", "\ud800", "%", "x" * 5000)),
    ],
)
def test_an_altered_link_is_worth_nothing(db, anna, spoil):
    ask(db)
    (token,) = links(db, "reset")
    assert not works(db, spoil(token))
    with pytest.raises(NotFound):
        renew(db, spoil(token))
    assert enter(db, PASSWORD)


def test_a_newer_link_makes_the_older_ones_worthless(db, anna):
    for minutes in range(3):
        ask(db, now=NOW + minutes * MINUTE)
    assert [works(db, token) for token in links(db, "reset")] == [False, False, True]


@pytest.mark.parametrize("email", [ANNA, NOBODY])
def test_a_second_press_sends_nothing_and_leaves_the_first_link_alone(db, anna, email):
    ask(db, email)
    before = everything(db)
    for seconds in (0, 1, 59):
        assert ask(db, email.upper(), now=NOW + timedelta(seconds=seconds)) is None
    assert everything(db) == before
    assert all(works(db, token) for token in links(db, "reset"))
    ask(db, email, now=NOW + MINUTE)
    assert len(letters(db, "reset")) == 2


def test_asking_at_once_again_after_the_link_was_used_sends_another(db, anna):
    ask(db)
    renew(db, links(db, "reset")[0])
    ask(db)
    assert works(db, links(db, "reset")[1])


def test_who_got_a_login_this_minute_gets_the_link(db, cheap, hashed):
    ask(db)
    db.write(put_user, ANNA, "resident", hashed(PASSWORD), now=NOW)
    ask(db)
    assert works(db, links(db, "reset")[0])


def test_another_persons_link_stays(db, anna, hashed):
    db.write(put_user, "boris@example.org", "resident", hashed(PASSWORD), now=NOW)
    ask(db, "boris@example.org")
    ask(db)
    assert all(works(db, token) for token in links(db, "reset"))


@pytest.mark.parametrize(
    ("password", "sentence"), [("пароль123", COMMON), (ANNA, SAME_AS_EMAIL), ("", None), ("короче", None)]
)
def test_a_password_against_the_rules_is_told_and_the_link_stays(db, anna, password, sentence):
    ask(db)
    (token,) = links(db, "reset")
    with pytest.raises(Invalid) as invalid:
        renew(db, token, password)
    assert set(invalid.value.fields) == {"password"}
    assert sentence is None or invalid.value.fields["password"] == sentence
    assert works(db, token)


def test_all_sessions_end_and_nobody_elses(db, cast, cheap):
    ask(db, "owner@example.org")
    renew(db, links(db, "reset")[0])
    assert db.read(identify, token_hash(cast.owner.cookie), now=NOW) is None
    assert db.read(identify, token_hash(cast.relative.cookie), now=NOW) is not None


def test_it_is_in_the_log_and_the_mailbox(db, anna):
    db.write(open_session, anna, client=ELSEWHERE, now=NOW)
    ask(db)
    renew(db, links(db, "reset")[0], client=ELSEWHERE)
    assert actions(db) == ["reset-asked", "password-reset"]
    (letter,) = letters(db, "password-changed")
    assert (letter.recipient, letter.subject, letter.settled_at) == (ANNA, "Пароль изменён", None)
    assert f"{SITE}/forgot" in letter.plain


def test_who_came_from_gosuslugi_alone_gets_a_password_this_way(db, anna):
    alter(db, password_hash=None)
    ask(db)
    renew(db, links(db, "reset")[0])
    assert enter(db)


FACTS = {"oid": "1000", "surname_key": "", "name": "СЕРГЕЙ З.", "trusted": True}


def test_gosuslugi_go_with_the_old_password(db, anna):
    """A thief of an open session may have bound their own."""
    db.write(bind, anna, FACTS, site=SITE, now=NOW)
    ask(db)
    assert renew(db, links(db, "reset")[0])
    assert db.read(binding_of, anna) is None
    assert actions(db) == ["esia-bound", "reset-asked", "password-reset", "esia-unbound"]
    (letter,) = letters(db, "password-changed")
    assert "Госуслуги от вашей учётной записи отвязаны" in letter.plain


def test_gosuslugi_stay_with_a_first_password_and_nobody_elses_go(db, anna, hashed):
    boris = db.write(put_user, "boris@example.org", "resident", hashed(PASSWORD), now=NOW)
    db.write(bind, anna, FACTS, site=SITE, now=NOW)
    db.write(bind, boris, {**FACTS, "oid": "2000"}, site=SITE, now=NOW)
    db.write(lambda writer: writer.change(update(User).where(col(User.id) == anna).values(password_hash=None)))
    ask(db)
    assert not renew(db, links(db, "reset")[0])
    assert db.read(binding_of, anna)
    assert "отвязаны" not in letters(db, "password-changed")[0].plain
    ask(db, now=NOW + HOUR)
    assert renew(db, links(db, "reset")[1], now=NOW + HOUR)
    assert (db.read(binding_of, anna), bool(db.read(binding_of, boris))) == (None, True)


def test_whoever_reads_the_mailbox_needs_no_activation_any_more(db, anna):
    alter(db, activated_at=None)
    ask(db)
    renew(db, links(db, "reset")[0])
    assert enter(db)


@pytest.mark.parametrize("gone", ["blocked_at", "deleted_at"])
def test_a_closed_login_gets_no_link_and_no_link_opens_it(db, anna, gone):
    ask(db)
    (token,) = links(db, "reset")
    alter(db, **{gone: NOW})
    assert not works(db, token)
    with pytest.raises(NotFound):
        renew(db, token)
    ask(db)
    assert len(links(db, "reset")) == 1


@pytest.mark.parametrize("email", [NOBODY, "", "%", "\x00", "anna@example.org\x00", "\ud800", "x" * 5000, "' OR 1=1"])
def test_an_unknown_address_leaves_the_same_rows_and_gets_no_letter(db, anna, email):
    grown = []
    for asked in (ANNA, email):
        before = everything(db)
        assert ask(db, asked) is None
        grown.append([len(after) - len(was) for after, was in zip(everything(db), before, strict=True)])
    assert grown[0] == grown[1] == [1, 1, 1, 3, 0, 0]
    (void,) = (letter for letter in letters(db, "reset") if letter.settled_at)
    assert (void.recipient, void.plain, void.html) == ("", "", "")
    assert actions(db) == ["reset-asked"] * 2


def test_nothing_tells_whose_address_a_stranger_typed(db, anna):
    ask(db, NOBODY)
    assert "nobody" not in repr(everything(db))


def test_the_pause_is_the_same_for_known_and_unknown_addresses(db, anna):
    said = []
    for email, client in ((ANNA, HOME), (NOBODY, ELSEWHERE)):
        said.append([_said(db, email, client, NOW + minutes * MINUTE) for minutes in range(5)])
    assert said[0] == said[1]
    assert said[0][3:] == [
        None,
        "Слишком много писем с новой ссылкой за короткое время. Попробуйте снова через минуту.",
    ]
    assert len(links(db, "reset")) == 4


def test_one_client_cannot_send_letters_to_many(db, anna):
    said = [_said(db, f"guess{number}@example.org", HOME) for number in range(12)]
    assert [sentence is None for sentence in said] == [True] * 10 + [False] * 2
    assert _said(db, ANNA, ELSEWHERE) is None


def test_a_form_that_waits_for_its_activation_gets_that_link_once_more(db, cheap, hashed):
    db.write(
        queue_registration, email="new@example.org", password_hash=hashed(PASSWORD), phone="+79001234567",
        consents=REQUIRED, esia=None, client=HOME, site=SITE, now=NOW,
    )  # fmt: skip
    before = len(links(db, "activate"))
    assert ask(db, "new@example.org") is None
    assert len(links(db, "activate")) == before + 1
    assert links(db, "reset") == []


def test_that_such_letters_have_a_limit_of_their_own_is_told_to_nobody(db, cheap, hashed):
    db.write(
        queue_registration, email="new@example.org", password_hash=hashed(PASSWORD), phone="+79001234567",
        consents=REQUIRED, esia=None, client=HOME, site=SITE, now=NOW,
    )  # fmt: skip
    for _ in range(3):
        db.write(resend, "new@example.org", client=HOME, site=SITE, now=NOW)
    before = len(links(db, "activate"))
    assert _said(db, "new@example.org", ELSEWHERE) is None
    assert len(links(db, "activate")) == before


def test_of_two_presses_at_once_one_sets_the_password(db, anna):
    ask(db)
    (token,) = links(db, "reset")

    def press(password):
        try:
            renew(db, token, password)
        except DomainError as fault:
            return fault.message
        return password

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(press, ["пароль первый", "пароль второй"]))
    assert STALE in done
    (won,) = (password for password in done if password != STALE)
    assert enter(db, won)


def _said(db, email, client, now=NOW):
    try:
        ask(db, email, client, now)
    except Refused as refused:
        return refused.message
    return None
