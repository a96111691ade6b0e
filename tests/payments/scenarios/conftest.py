"""The installation that is killed again and again, once for each engine."""

import shutil

import pytest

from lk_reflex.core.db import Database
from tests.bank import BankServer, free_port
from tests.conftest import ENGINES
from tests.payments.scenarios.town import Nursery, Town
from tests.refill import empty


@pytest.fixture(scope="session")
def nursery():
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(scope="module", params=ENGINES)
def town(request, nursery, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"town-{request.param}")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "lk.db")
        database = Database(f"sqlite:///{folder / 'lk.db'}")
    else:
        database = Database(
            request.getfixturevalue("postgres_database").engine.url.render_as_string(hide_password=False)
        )
    bank = BankServer(free_port(), folder / "bank")
    town = Town(database, folder, nursery, bank)
    bank.words = ["--callback", f"{town.web}/api/bank/callback", "--pause", "0.5", "--patience", "5", "--late", "0.3",
                  "--silence", "0.3", "--slow", "0.3"]  # fmt: skip
    try:
        town.settle_in()
        yield town
        posted, moved = town.balance()
        assert posted == moved
    finally:
        town.close()
        if request.param == "postgresql":
            empty(database)
        database.close()


@pytest.fixture(autouse=True)
def all_alive(town):
    """Whatever a test has killed runs again before the next one."""
    yield
    for role, child in list(town.children.items()):
        if child.code() is not None:
            town.start(role)
