"""Databases without anything in them, on both engines."""

import pytest
from sqlalchemy import make_url, text

from lk_reflex.core.db import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """A database without anything in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    own = Database(server)
    with own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS bare"))
        connection.execute(text("CREATE DATABASE bare TEMPLATE template0"))
    yield make_url(server).set(database="bare").render_as_string(hide_password=False)
    with own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE bare WITH (FORCE)"))
    own.close()


@pytest.fixture
def bare(url):
    database = Database(url)
    yield database
    database.close()
