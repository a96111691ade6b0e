"""Passwords at bcrypt's lowest cost, where the cost isn't the subject."""

import bcrypt
import pytest

from lk_reflex.domain.identity.passwords import hashing as passwords

KEY = b"k" * 32


@pytest.fixture
def cheap(monkeypatch):
    """Hashing and the check against nobody's password take a millisecond."""
    nobody = bcrypt.hashpw(b"nobody knows", bcrypt.gensalt(4)).decode()
    monkeypatch.setattr(passwords, "_NOBODY", nobody)


@pytest.fixture
def hashed():
    """Makes the kept text of a password."""
    return lambda password: passwords.hash_password(password, KEY, cost=4)
