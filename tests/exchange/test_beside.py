"""What people do while a month is being taken in, on a server's database: nobody waits for the importer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.domain.accounts.giving import give_access
from lk_reflex.domain.accounts.guest import guest_of, open_visit
from lk_reflex.domain.accounts.linking import link_by_surname
from lk_reflex.domain.accounts.look_up import Place
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.accounts.unlinking import unlink_account
from lk_reflex.domain.accounts.wishes import Wish
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import submit, submit_as_guest
from lk_reflex.domain.metering.tables import Meter
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.progress import Silent
from tests.cast import NOW, person
from tests.exchange import packages

SITE, HERE = "https://lk.example.org", Client("127.0.0.1", "тест")
#: Seconds in which somebody who waits for nobody is done on the busiest machine.
SOON = 60
NUMBER = "100"


class Halted(Silent):
    """Stops an import after its last portion, before it is committed."""

    def __init__(self, last: str) -> None:
        self.last, self.reached, self.over = last, Event(), Event()

    def step(self, file: str, rows: int, done: int, total: int) -> None:
        if file.startswith(self.last):
            self.reached.set()
            self.over.wait()


def month(folder, surname):
    """A package of one account whose every row is written anew."""
    folder.mkdir()
    package = packages.small(folder)
    packages.write(package, "accounts", [packages.account(NUMBER, Фамилия=surname, Квартира="5")])
    packages.write(package, "meters", [packages.row("meters", METER)])
    return package


METER = {
    "ИНН": packages.INN, "Лицевой счет": NUMBER, "Код ПУ": "М-1", "Номер": "55", "Наименование": "ХВС", "Ресурс": "ХВС",
}  # fmt: skip


@pytest.fixture
def account(db, tmp_path):
    report = import_package(db, month(tmp_path / "before", "ПЕТРОВ"))
    assert report.imported, report.text()
    with db.engine.connect() as connection:
        return connection.execute(select(col(Account.id))).scalar_one()


@pytest.fixture
def importing(db, account, tmp_path):
    """The next month's package is in, and not committed."""
    halted = Halted("meters")
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(import_package, db, month(tmp_path / "after", "СИДОРОВ"), progress=halted)
        try:
            assert halted.reached.wait(SOON)
            yield
        finally:
            halted.over.set()
        assert running.result(SOON).imported
    with db.engine.connect() as connection:
        assert connection.execute(select(col(Account.surname))).scalar_one() == "СИДОРОВ"


def meter(db):
    with db.engine.connect() as connection:
        return f"m{connection.execute(select(col(Meter.id))).scalar_one()}-1"


def sends(db, account):
    who = db.write(person, "anna@example.org", account=account).actor
    taken = db.write(submit, who, account, {meter(db): Entry("7")}, "", "key-of-one-form", now=NOW)
    assert taken.submission_id


def sends_without_registration(db, account):
    guest = db.read(guest_of, token_hash(db.write(open_visit, account, client=HERE, now=NOW)), now=NOW)
    assert db.write(submit_as_guest, guest, {meter(db): Entry("7")}, "", "key-of-one-form", now=NOW).submission_id


def links_and_unlinks(db, account):
    who = db.write(person, "boris@example.org").actor
    linked = link_by_surname(
        db, who, Place(NUMBER, "1А", "5"), account, "Петров", client=HERE, site=SITE, now=NOW
    )  # fmt: skip
    assert not linked.already
    db.write(unlink_account, who, account, client=HERE, now=NOW)


def gives(db, account):
    who = db.write(person, "anna@example.org", account=account).actor
    db.write(give_access, who, account, Wish("vera@example.org", "Вера"), client=HERE, site=SITE, now=NOW)


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
@pytest.mark.parametrize("deed", [sends, sends_without_registration, links_and_unlinks, gives])
def test_nobody_waits_for_an_import(db, account, importing, deed):
    threads = ThreadPoolExecutor(1)
    try:
        threads.submit(deed, db, account).result(SOON)
    finally:
        threads.shutdown(wait=False)  # who waits after all is let go when the import has ended
