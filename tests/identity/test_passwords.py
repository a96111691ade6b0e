import bcrypt
import pytest

from lk_reflex.domain.identity.passwords import hashing as passwords
from lk_reflex.domain.identity.passwords.hashing import COST, hash_password, password_matches
from tests.identity.conftest import KEY


@pytest.mark.parametrize(
    "password",
    [
        "demo-cabinet",
        "пароль",
        "пароль с пробелами ",
        "\x00",
        "до\x00после",
        "🔑" * 40,
        "x" * 10_000,
        " ",
        "й",
        "и\u0306",
    ],
)
def test_any_password_matches_itself_and_nothing_near_it(hashed, password):
    kept = hashed(password)
    assert password_matches(password, kept, KEY)
    for near in (password + "x", password[:-1], password.swapcase() + " ", password + "\x00"):
        assert not password_matches(near, kept, KEY)


@pytest.mark.parametrize("same", ["ж" * 36, "a" * 72, "a" * 71 + "\x00"])
def test_nothing_beyond_bcrypts_72_bytes_is_lost(hashed, same):
    kept = hashed(same + "right")
    assert password_matches(same + "right", kept, KEY)
    assert not password_matches(same + "wrong", kept, KEY)
    assert not password_matches(same, kept, KEY)


def test_what_follows_a_nul_counts(hashed):
    assert not password_matches("a\x00b", hashed("a\x00c"), KEY)


def test_a_stolen_database_is_worth_nothing_without_the_installations_key(hashed):
    assert not password_matches("demo-cabinet", hashed("demo-cabinet"), b"x" * 32)
    assert not bcrypt.checkpw(b"demo-cabinet", hashed("demo-cabinet").encode())


def test_the_same_password_is_kept_differently_each_time(hashed):
    assert hashed("demo-cabinet") != hashed("demo-cabinet")


def test_the_usual_cost_is_twelve_and_nobodys_password_costs_the_same():
    assert COST == 12
    assert hash_password("demo-cabinet", KEY).startswith("$2b$12$")
    assert passwords._NOBODY.startswith("$2b$12$")


@pytest.mark.parametrize("kept", [None, ""])
def test_a_login_without_a_password_lets_nobody_in_and_takes_as_long(cheap, monkeypatch, kept):
    checked = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *given: checked.append(given) or real(*given))
    assert not password_matches("demo-cabinet", kept, KEY)
    assert not password_matches("", kept, KEY)
    assert len(checked) == 2


def test_not_even_nobodys_own_password_opens_a_login_without_one(monkeypatch, hashed):
    monkeypatch.setattr(passwords, "_NOBODY", hashed("guess"))
    assert not password_matches("guess", None, KEY)
