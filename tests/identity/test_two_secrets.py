"""One secret is exchanged for another: what was made under either is accepted, passwords pass over by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.secret import Secret
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phone_codes import confirm_phone, new_code
from lk_reflex.domain.identity.passwords import hashing
from lk_reflex.domain.identity.registering.captcha import check_captcha, digits_of, new_captcha
from lk_reflex.domain.identity.signing_in.known_device import known_mark, new_mark
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.payments.links.tokens import key_of, link_token, new_key
from lk_reflex.launch.backup.installation import Keys
from lk_reflex.launch.backup.keeping_keys import write_keys
from lk_reflex.settings import Settings
from tests.cast import NOW

OLD, NEW = b"o" * 32, b"n" * 32
#: The steps of the exchange, as each process has them.
BOTH, TURNED = Secret(OLD, NEW), Secret(NEW, OLD)
HERE = Client("203.0.113.5", "Firefox")
PASSWORD = "пароль Анны"


@pytest.fixture(autouse=True)
def _cheap(cheap, monkeypatch):
    monkeypatch.setattr(hashing, "COST", 4)
    monkeypatch.setattr(hashing.hash_password, "__kwdefaults__", {"cost": 4})


def hash_of(db, user) -> str:
    query = select(col(User.password_hash)).where(col(User.id) == user)
    return db.read(lambda reader: reader.connection.execute(query).scalar_one())


def enter(db, key, password=PASSWORD):
    return sign_in(db, "anna@example.org", password, HERE, key=key, now=NOW)


def test_a_password_passes_over_at_its_next_sign_in_and_then_needs_no_second_secret(db):
    anna = db.write(put_user, "anna@example.org", "resident", hashing.hash_password(PASSWORD, OLD), now=NOW)
    before = hash_of(db, anna)
    enter(db, BOTH)  # while processes are restarted one by one, nothing passes over yet
    assert hash_of(db, anna) == before
    signed = enter(db, TURNED)
    after = hash_of(db, anna)
    assert after != before
    assert known_mark(signed.mark, anna, after, key=Secret(NEW), now=NOW) == signed.mark
    enter(db, TURNED)
    assert hash_of(db, anna) == after  # once
    enter(db, BOTH)  # a process that is one step behind
    enter(db, TURNED)
    enter(db, Secret(NEW))
    with pytest.raises(Refused):
        enter(db, Secret(OLD))


@pytest.mark.parametrize("key", [BOTH, TURNED], ids=["both", "turned"])
def test_a_wrong_password_stays_wrong_and_takes_as_long_whoever_is_meant(db, key, monkeypatch):
    db.write(put_user, "anna@example.org", "resident", hashing.hash_password(PASSWORD, OLD), now=NOW)
    checked, real = [], hashing._matches
    monkeypatch.setattr(hashing, "_matches", lambda *given: checked.append(given) or real(*given))
    for login in ("anna@example.org", "nobody@example.org"):
        with pytest.raises(Refused):
            sign_in(db, login, "wrong", HERE, key=key, now=NOW)
    assert len(checked) == 4  # both secrets for each


@pytest.mark.parametrize(("made", "asked"), [(OLD, BOTH), (NEW, BOTH), (OLD, TURNED), (NEW, TURNED)])
def test_what_was_signed_under_either_is_accepted(db, cast, made, asked):
    mark = new_mark(7, "hash", key=made, now=NOW)
    assert known_mark(mark, 7, "hash", key=asked, now=NOW) == mark
    link = new_key()
    assert key_of(link_token(link, made), asked) == link
    token = db.write(new_captcha, now=NOW)
    assert db.write(check_captcha, token, digits_of(token, made), key=asked, now=NOW)
    message = db.write(new_code, cast.owner.actor, "+79123456789", key=made, client=HERE, now=NOW)
    code = "".join(filter(str.isdigit, message.text))[:6]
    assert confirm_phone(db, cast.owner.actor, code, key=asked, client=HERE, now=NOW) == "+79123456789"


def test_a_third_secret_opens_nothing(db, cast):
    third = b"t" * 32
    assert known_mark(new_mark(7, "h", key=third, now=NOW), 7, "h", key=TURNED, now=NOW + timedelta(days=1)) == ""
    assert key_of(link_token(new_key(), third), TURNED) == ""
    token = db.write(new_captcha, now=NOW)
    right = {digits_of(token, one) for one in (OLD, NEW)}
    assert digits_of(token, third) in right or not db.write(
        check_captcha, token, digits_of(token, third), key=TURNED, now=NOW
    )
    db.write(new_code, cast.owner.actor, "+79123456789", key=third, client=HERE, now=NOW)
    with pytest.raises(Invalid):
        confirm_phone(db, cast.owner.actor, "000000", key=TURNED, client=HERE, now=NOW)


def test_a_copy_knows_either_and_the_sheet_of_keys_has_both(tmp_path):
    mark = Keys(OLD, ("k",)).mark()
    assert Keys(TURNED, ("k",)).is_marked(mark)
    assert not Keys(Secret(NEW), ("k",)).is_marked(mark)
    write_keys(Keys(TURNED, ("k",)), tmp_path / "keys.env")
    lines = [line for line in (tmp_path / "keys.env").read_text().splitlines() if line.startswith("LK_SECRET")]
    assert lines == [f"LK_SECRET_KEY={NEW.decode()}", f"LK_SECRET_KEY_ALSO={OLD.decode()}"]


@pytest.mark.parametrize("mode", ["preview", "production"])
@pytest.mark.parametrize(("also", "wrong"), [("", False), ("short", True), ("n" * 32, True), ("o" * 32, False)])
def test_a_second_secret_that_is_none_stops_the_start(mode, also, wrong):
    settings = Settings(mode=mode, secret_key="n" * 32, secret_key_also=also, _env_file=None)
    assert any(fault.startswith("LK_SECRET_KEY_ALSO") for fault in settings.faults()) is wrong
    assert settings.masked()["LK_SECRET_KEY_ALSO"] == ("задан" if also else "не задан")
    assert (settings.key(), settings.key().also) == (b"n" * 32, also.encode())
