"""Attacks over a real socket on the served cabinet: no browser, no politeness."""

import pytest
import socketio
from sqlalchemy import create_engine

from lk_reflex.ui.gate import HYDRATE, ON_LOAD
from lk_reflex.ui.resident.accounts.state import AccountsState
from tests.attack import fingerprint, handlers, payloads

ANNAS = ("1234567899", "КЫШТЫМСКАЯ", "ЗДЕТОВЕЦКИЙ", "34230774", "3000000024")
CHOOSE = f"{AccountsState.get_full_name()}.choose"


@pytest.fixture
def books(site):
    """The served installation's own database, looked at from outside."""
    engine = create_engine(f"sqlite:///{site.data / 'lk.db'}")
    yield engine
    engine.dispose()


def _vera(books) -> int:
    with books.connect() as connection:
        return connection.exec_driver_sql("SELECT id FROM users WHERE email_key = 'vera@example.org'").scalar_one()


def _leaks(heard: str) -> list[str]:
    return [secret for secret in ANNAS if secret in heard]


@pytest.mark.parametrize("who", ["nobody", "guest", "vera"])
async def test_every_handler_over_the_wire_gives_nothing_and_changes_nothing(
    app, site, sockets, books, vera, guest, who
):
    socket = await sockets(vera if who == "vera" else "", guest=guest if who == "guest" else "").open("/overview")
    before = fingerprint(books, but_of=_vera(books), served=True)
    for name, entry in handlers().items():
        for payload in payloads(entry.handler):
            await socket.send(name, payload, "/charges?month=2019-09")
    heard = await socket.settle()
    assert socket.client.connected
    assert not _leaks(heard)
    assert fingerprint(books, but_of=_vera(books), served=True) == before


async def test_the_same_socket_tells_anna_what_is_hers(site, sockets, anna):
    socket = await sockets(anna).open("/charges?month=2019-09")
    heard = await socket.settle()
    assert "3\\xa0293,08" in heard or "3\u00a0293,08" in heard


async def test_a_guests_socket_tells_a_guest_the_meters_and_an_owner_nothing(site, sockets, guest, vera):
    """The control of the walk above, and that a visit isn't carried over to who has none."""
    mine = await sockets(guest=guest).open("/guest")
    heard = await mine.settle()
    assert "Новое показание" in heard
    thief = await sockets(vera, token=mine.token).open("/guest")
    assert "Новое показание" not in await thief.settle()


async def test_an_account_of_another_person_cannot_be_chosen(site, sockets, books, vera):
    with books.connect() as connection:
        ids = [row[0] for row in connection.exec_driver_sql("SELECT account_id FROM account_links")]
    before = fingerprint(books, served=True)
    socket = await sockets(vera).open("/accounts")
    for account_id in ids:
        await socket.send(CHOOSE, {"key": str(account_id)}, "/accounts")
    heard = await socket.settle()
    assert not _leaks(heard)
    assert fingerprint(books, served=True) == before


async def test_garbage_frames_leave_the_server_and_the_others_unharmed(site, sockets, anna):
    socket = await sockets().open("/")
    for junk in ("text", 7, None, [], {}, {"name": 1}, {"name": "x" * 5000}, {"name": HYDRATE, "payload": []}):
        await socket.send_anything(junk)
    await socket.settle()
    other = await sockets(anna).open("/charges?month=2019-09")
    assert "293,08" in await other.settle()


async def test_a_socket_of_a_foreign_page_is_refused(site, sockets, anna):
    with pytest.raises(socketio.exceptions.ConnectionError):
        await sockets(anna, origin="https://evil.example").open("/overview")


async def test_another_persons_tab_token_shows_nothing_of_theirs(site, sockets, anna, vera):
    owner = await sockets(anna).open("/charges?month=2019-09")
    await owner.settle()
    thief = await sockets(vera, token=owner.token).open("/charges?month=2019-09")
    await thief.send(ON_LOAD, {}, "/charges?month=2019-09")
    assert not _leaks(await thief.settle())
