"""A new e-mail: asked for with the password, confirmed by a press, told to the old mailbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.change_email import SAME, ask_change, cancel_change, pending_change
from lk_reflex.domain.identity.contacts.confirm_email import STALE, change_behind, confirm_change
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.passwords.asked_again import EMPTY, NO_PASSWORD, WRONG
from lk_reflex.domain.identity.passwords.change import change_password
from lk_reflex.domain.identity.passwords.reset import ask_reset, reset_password
from lk_reflex.domain.identity.registering.emails import EMPTY as NO_EMAIL
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.domain.identity.tokens import token_hash
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.people import PASSWORD, alter, deeds, give_password, letters, token_in, user

HOME = Client("10.0.0.1", "Firefox")
SITE = "https://lk.example"
NEW = "anna.new@example.org"


@pytest.fixture
def owner(db, cast, cheap):
    give_password(db, cast.owner)
    return cast.owner


def ask(db, person, email=NEW, password=PASSWORD, now=NOW, client=HOME):
    return ask_change(db, person.actor, email, password, key=KEY, site=SITE, client=client, now=now)


def press(db, token, now=NOW):
    return db.write(confirm_change, token, client=HOME, now=now)


def faults(db, person, **how):
    with pytest.raises(Invalid) as invalid:
        ask(db, person, **how)
    return invalid.value.fields


def test_the_old_login_works_until_the_link_is_pressed(db, owner):
    assert ask(db, owner) == NEW
    assert user(db, owner).email == "owner@example.org"
    assert sign_in(db, "owner@example.org", PASSWORD, HOME, key=KEY, now=NOW)
    token = token_in(letters(db, NEW)[0])
    assert db.read(change_behind, token, now=NOW) == NEW
    assert user(db, owner).email == "owner@example.org", "looking at the link must change nothing"
    changed = press(db, token)
    assert (changed.user_id, changed.email) == (owner.actor.user_id, NEW)
    assert sign_in(db, NEW.upper(), PASSWORD, HOME, key=KEY, now=NOW)
    with pytest.raises(Refused):
        sign_in(db, "owner@example.org", PASSWORD, HOME, key=KEY, now=NOW)


def test_the_old_mailbox_is_told_twice_and_what_to_do(db, owner):
    ask(db, owner)
    press(db, token_in(letters(db, NEW)[0]))
    asked, changed = letters(db, "owner@example.org")
    assert asked[1] == "email-change-asked"
    assert NEW in asked[2]
    assert "смените пароль" in asked[2]
    assert changed[1] == "email-changed"
    assert "Если это были не вы" in changed[2]
    assert "/confirm-email/" not in asked[2] + changed[2]


def test_the_deeds_are_in_the_log_without_addresses(db, owner):
    ask(db, owner)
    press(db, token_in(letters(db, NEW)[0]))
    assert deeds(db)[-2:] == ["email-change-asked", "email-changed"]


@pytest.mark.parametrize("email", ["relative@example.org", "RELATIVE@example.org", " Relative@Example.org "])
def test_a_taken_address_gets_the_same_answer_and_its_owner_a_letter(db, owner, email):
    free = ask(db, owner)
    pending = db.read(pending_change, owner.actor, now=NOW)
    assert ask(db, owner, email=email, now=NOW + timedelta(hours=1)) == email.strip()
    taken = db.read(pending_change, owner.actor, now=NOW + timedelta(hours=1))
    assert type(free) is str
    assert (taken.email, taken.expires_at - pending.expires_at) == (email.strip(), timedelta(hours=1))
    (letter,) = letters(db, email.strip())
    assert letter[1] == "email-change", "the kind must not tell either"
    assert "/confirm-email/" not in letter[2]
    assert "уже занят" not in letter[2].lower() or "учётн" in letter[2]
    assert user(db, owner).email == "owner@example.org"


@pytest.mark.parametrize("email", [NEW, "relative@example.org"])
def test_a_second_press_is_answered_alike_and_sends_nothing(db, owner, email):
    ask(db, owner, email=email)
    before, deeds_before = letters(db), deeds(db)
    for seconds in (0, 1, 59):
        assert ask(db, owner, email=email, now=NOW + timedelta(seconds=seconds)) == email
    assert (letters(db), deeds(db)) == (before, deeds_before)
    if email == NEW:
        assert db.read(change_behind, token_in(before[0]), now=NOW) == NEW
    assert faults(db, owner, email=email, password="не тот") == {"password": WRONG}
    ask(db, owner, email=email, now=NOW + timedelta(minutes=1))
    assert len(letters(db)) == 2 * len(before)


def test_an_address_asked_for_again_after_giving_it_up_gets_another_link(db, owner):
    ask(db, owner)
    db.write(cancel_change, owner.actor, client=HOME, now=NOW)
    ask(db, owner)
    assert db.read(change_behind, token_in(letters(db, NEW)[1]), now=NOW) == NEW


def test_both_kinds_of_address_cost_the_same_rows(db, owner):
    def rows():
        return len(letters(db)), db.read(
            lambda r: r.connection.exec_driver_sql("SELECT count(*) FROM one_time_tokens").scalar()
        )

    ask(db, owner)
    free = rows()
    ask(db, owner, email="relative@example.org")
    assert rows() == (2 * free[0], 2 * free[1])


@pytest.mark.parametrize(
    ("how", "fields"),
    [
        ({"email": ""}, {"email": NO_EMAIL}),
        ({"email": "OWNER@example.org "}, {"email": SAME}),
        ({"password": ""}, {"password": EMPTY}),
        ({"email": "", "password": ""}, {"email": NO_EMAIL, "password": EMPTY}),
        ({"password": "не тот"}, {"password": WRONG}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(db, owner, how, fields):
    assert faults(db, owner, **how) == fields
    assert letters(db) == []
    assert db.read(pending_change, owner.actor, now=NOW) is None


@pytest.mark.parametrize("email", ["owner", "a@b", "пётр@example.org", "x" * 300 + "@example.org", "a@b.c\0", "a b@c"])
def test_what_is_no_address_is_refused_with_a_sentence(db, owner, email):
    assert set(faults(db, owner, email=email)) == {"email"}
    assert letters(db) == []


def test_who_has_no_password_sets_one_first(db, owner):
    alter(db, owner, password_hash=None)
    with pytest.raises(Refused, match=NO_PASSWORD[:20]):
        ask(db, owner)


def test_guessing_the_password_here_is_paused_as_well(db, owner):
    for _ in range(5):
        assert "password" in faults(db, owner, password="не тот")
    with pytest.raises(Refused, match="Слишком много неверных паролей"):
        ask(db, owner)
    assert ask(db, owner, now=NOW + timedelta(minutes=1)) == NEW


@pytest.mark.parametrize("link", ["", "x", "used", "old", "altered", "cancelled", "replaced"])
def test_a_link_that_is_worth_nothing(db, owner, link):
    ask(db, owner)
    token, now = token_in(letters(db, NEW)[0]), NOW
    if link == "used":
        press(db, token)
    elif link == "old":
        now = NOW + timedelta(hours=72)
    elif link == "cancelled":
        assert db.write(cancel_change, owner.actor, client=HOME, now=NOW)
    elif link == "replaced":
        ask(db, owner, email="another@example.org")
    elif link == "altered":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    else:
        token = link
    before = user(db, owner)
    assert db.read(change_behind, token, now=now) is None
    with pytest.raises(Refused) as refused:
        press(db, token, now=now)
    assert refused.value.message == STALE
    assert user(db, owner) == before


def test_a_link_works_to_the_last_minute(db, owner):
    ask(db, owner)
    assert press(db, token_in(letters(db, NEW)[0]), now=NOW + timedelta(hours=71, minutes=59))


def test_a_links_purpose_counts(db, owner):
    db.write(lambda w: w.add(OneTimeToken(
        token_hash=token_hash("reset-link"), purpose="reset", user_id=owner.actor.user_id, email="",
        created_at=NOW, expires_at=NOW + timedelta(hours=1),
    )))  # fmt: skip
    with pytest.raises(Refused):
        press(db, "reset-link")


def test_an_address_taken_meanwhile_is_not_taken_away(db, cast, owner):
    give_password(db, cast.stranger)
    ask(db, owner)
    ask(db, cast.stranger)
    first, second = (token_in(letter) for letter in letters(db, NEW))
    press(db, second)
    with pytest.raises(Refused):
        press(db, first)
    assert user(db, owner).email == "owner@example.org"
    assert user(db, cast.stranger).email == NEW


@pytest.mark.parametrize("state", ["blocked_at", "deleted_at"])
def test_a_blocked_or_deleted_login_gets_no_new_address(db, owner, state):
    ask(db, owner)
    alter(db, owner, **{state: NOW})
    with pytest.raises(Refused):
        press(db, token_in(letters(db, NEW)[0]))


def test_links_that_wait_in_the_old_mailbox_lose_their_worth(db, owner):
    db.write(lambda w: w.add(OneTimeToken(
        token_hash=token_hash("reset-link"), purpose="reset", user_id=owner.actor.user_id, email="",
        created_at=NOW, expires_at=NOW + timedelta(hours=1),
    )))  # fmt: skip
    ask(db, owner)
    press(db, token_in(letters(db, NEW)[0]))
    query = "SELECT count(*) FROM one_time_tokens WHERE used_at IS NULL"
    assert db.read(lambda r: r.connection.exec_driver_sql(query).scalar()) == 0


def test_sessions_stay_and_know_the_new_address(db, owner):
    ask(db, owner)
    press(db, token_in(letters(db, NEW)[0]))
    actor = db.read(identify, token_hash(owner.cookie), now=NOW)
    assert actor.email == NEW


def test_nobody_elses_change_is_seen_or_cancelled(db, cast, owner):
    ask(db, owner)
    for other in (cast.relative, cast.stranger, cast.operator):
        assert db.read(pending_change, other.actor, now=NOW) is None
        assert not db.write(cancel_change, other.actor, client=HOME, now=NOW)
    assert db.read(pending_change, owner.actor, now=NOW).email == NEW


def test_mailboxes_cannot_be_flooded(db, cast, owner):
    for number in range(5):
        ask(db, owner, email=f"box{number}@example.org")
    with pytest.raises(Refused, match="несколько раз"):
        ask(db, owner, email="box9@example.org")
    for person in (cast.relative, cast.stranger):
        give_password(db, person)
    for minutes, person in enumerate((cast.relative, cast.stranger, cast.relative)):
        ask(db, person, now=NOW + timedelta(minutes=minutes))
    with pytest.raises(Refused, match="несколько раз"):
        ask(db, cast.stranger, now=NOW + timedelta(minutes=3))
    assert len(letters(db, NEW)) == 3


@pytest.mark.parametrize("way", ["change", "reset"])
def test_a_new_password_ends_a_change_that_waits(db, owner, way):
    ask(db, owner)
    token = token_in(letters(db, NEW)[0])
    given = {"key": KEY, "site": SITE, "client": HOME, "now": NOW}
    if way == "change":
        change_password(db, owner.actor, PASSWORD, "совсем другая фраза", **given)
    else:
        db.write(ask_reset, "owner@example.org", client=HOME, site=SITE, now=NOW)
        reset_password(db, token_in(letters(db, "owner@example.org")[-1]), "совсем другая фраза", **given)
    with pytest.raises(Refused):
        press(db, token)


def test_presses_at_once_change_it_once(db, owner):
    ask(db, owner)
    token = token_in(letters(db, NEW)[0])

    def tried(_):
        try:
            return press(db, token).email
        except Refused:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(map(str, pool.map(tried, range(8)))) == ["None"] * 7 + [NEW]
    assert len(letters(db, "owner@example.org")) == 2
