"""The code of a picture: right once, wrong five times, and never in the database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.entry_tables import Captcha
from lk_reflex.domain.identity.registering.captcha import (
    LIFE,
    PICTURES,
    TRIES,
    check_captcha,
    digits_of,
    may_be_shown,
    new_captcha,
    seed_of,
)
from tests.cast import NOW
from tests.identity.conftest import KEY


@pytest.fixture
def token(db) -> str:
    return db.write(new_captcha, now=NOW)


def typed(db, token, text, now=NOW):
    return db.write(check_captcha, token, text, key=KEY, now=now)


def wrong(token):
    return f"{(int(digits_of(token, KEY)) + 1) % 100000:05d}"


def test_the_digits_follow_from_token_and_key_and_differ():
    tokens = [f"token {number}" for number in range(200)]
    codes = [digits_of(token, KEY) for token in tokens]
    assert codes == [digits_of(token, KEY) for token in tokens]
    assert all(len(code) == 5 and code.isascii() and code.isdigit() for code in codes)
    assert len(set(codes)) > 190
    assert codes != [digits_of(token, b"another key") for token in tokens]


def test_the_right_code_is_right_once(db, token):
    assert typed(db, token, digits_of(token, KEY))
    assert not typed(db, token, digits_of(token, KEY))


@pytest.mark.parametrize("form", ["{0} {1} {2} {3} {4}", " {0}{1}-{2}{3}{4}\n", "{0},{1},{2},{3},{4}"])
def test_spaces_and_signs_between_the_digits_do_not_matter(db, token, form):
    assert typed(db, token, form.format(*digits_of(token, KEY)))


def test_digits_of_another_script_are_digits(db, token):
    arabic = digits_of(token, KEY).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert typed(db, token, arabic)


@pytest.mark.parametrize("text", ["", "     ", "пять", "1", "123456", "\0", "9" * 10_000, "²³¹"])
def test_anything_else_is_wrong(db, token, text):
    assert not typed(db, token, text)


def test_after_five_wrong_codes_the_right_one_is_too_late(db, token):
    for _ in range(TRIES - 1):
        assert not typed(db, token, wrong(token))
    assert db.read(may_be_shown, token, now=NOW)
    assert not typed(db, token, wrong(token))
    assert not db.read(may_be_shown, token, now=NOW)
    assert not typed(db, token, digits_of(token, KEY))


def test_a_code_expires(db, token):
    assert db.read(may_be_shown, token, now=NOW + LIFE - timedelta(seconds=1))
    assert not db.read(may_be_shown, token, now=NOW + LIFE)
    assert not typed(db, token, digits_of(token, KEY), now=NOW + LIFE)


@pytest.mark.parametrize("forged", ["", "nobody's", "'; --", "\0", "x" * 1000])
def test_a_token_that_we_never_gave_out_opens_nothing(db, forged):
    assert not db.read(may_be_shown, forged, now=NOW)
    assert not typed(db, forged, digits_of(forged, KEY))


def test_one_code_typed_in_many_windows_at_once_works_in_one(db, token):
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: typed(db, token, digits_of(token, KEY)), range(8)))
    assert outcomes.count(True) == 1


def test_neither_token_nor_digits_are_kept(db, token):
    row = db.read(lambda reader: reader.first(select(*Captcha.__table__.columns)))
    assert token not in repr(row)
    assert digits_of(token, KEY) not in repr(row)


def test_a_client_that_asks_for_pictures_without_end_has_to_wait(db):
    client = Client("203.0.113.5")
    for _ in range(PICTURES.free):
        db.write(new_captcha, now=NOW, client=client)
    with pytest.raises(Refused, match=r"слишком часто запрашивают код\. Попробуйте снова через минуту"):
        db.write(new_captcha, now=NOW, client=client)
    assert db.write(new_captcha, now=NOW, client=Client("203.0.113.6"))
    assert db.write(new_captcha, now=NOW + timedelta(minutes=1), client=client)


def test_the_murmur_under_the_voice_follows_from_our_key_and_not_from_the_address_alone():
    assert seed_of("token", b"our key") == seed_of("token", b"our key")
    assert seed_of("token", b"our key") != seed_of("token", b"another key")
    assert "token" not in seed_of("token", b"our key")
