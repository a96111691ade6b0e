"""The server goes away under a half-filled form and comes back, as it was or renewed (scenario 16).

The last file: it stops what all others use.
"""

import json
import re
import shutil
import time

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.accounts.guest import open_visit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import GUEST_COOKIE
from lk_reflex.ui.meter_form.parts import UNSENT
from lk_reflex.ui.shared.words import MANY_TABS, NEW_VERSION, OFFLINE, REFRESH, REFUSED_SOCKETS
from tests.browser.conftest import LOADED, Open
from tests.browser.look import axe, shot
from tests.browser.people import Person, Town
from tests.browser.sealing import get_service
from tests.renewed import make_next_build
from tests.site import Site, own_builds


def _texts(person: Person) -> list[str]:
    """A whole number that each of the first two meters may well have come to."""
    scales = [meter.scales[0] for meter in person.meters().meters[:2]]
    return [str(((scale.last or 0) + (scale.average or 0)) // 1000 + 1) for scale in scales]


def _fields(page: Page, person: Person) -> list[Locator]:
    return [page.locator(f"#reading-{meter.scales[0].row}") for meter in person.meters().meters[:2]]


def _guest(open_page: Open, town: Town) -> tuple[Person, Page]:
    """A visit without registration, and whose account it is at."""
    visited = town.person(town.spare_account())
    client = Client("127.0.0.1", "test")
    cookie = town.database.write(open_visit, visited.accounts[0], client=client, now=utc_now())
    page = open_page()
    page.context.add_cookies([{"name": GUEST_COOKIE, "value": cookie, "url": town.site.base, "httpOnly": True}])
    page.goto("/guest")
    page.wait_for_function(LOADED)
    return visited, page


def _until_kept(town: Town, person: Person, texts: list[str]) -> None:
    """The server has what is typed: in its own time, nobody waits for it."""
    deadline = time.monotonic() + 60
    found: list[str] = []
    while found != sorted(texts):
        assert time.monotonic() < deadline, found
        rows = town.ask("SELECT texts FROM typed_readings WHERE account_id = ?", person.accounts[0])
        found = sorted(text for (row,) in rows for text in json.loads(row).values())
        time.sleep(0.05)


def _meter(town: Town, number: str) -> tuple[str, str]:
    """What an application says of its first meter."""
    ((form,),) = town.ask("SELECT form FROM requests WHERE number = ?", number)
    row = json.loads(form)["meters"][0]
    return row["serial"], row["installer"]


@pytest.fixture
def interrupted(site: Site):
    """Starts the site again whatever has happened, for those who come after."""
    yield site
    if site.process.poll() is not None:
        site.start_again()


@pytest.fixture
def renewed(interrupted: Site):
    """Another version of the pages lies ready, which hasn't the file of the page of charges any longer."""
    builds = own_builds(interrupted.data)
    _, gone = make_next_build(builds, without="_charges_._index-")
    yield gone
    interrupted.stop()  # who comes after gets what was built
    shutil.rmtree(builds)
    interrupted.start_again()


def test_a_tab_that_is_refused_says_why_and_connects_when_there_is_a_place(open_page: Open, town: Town) -> None:
    """That the server says so is looked at in tests/served/test_hard_shell.py; here it is said until there is room."""
    page, full = open_page("/", town.person(town.spare_account())), [True]

    def server(socket: WebSocketRoute) -> None:
        if not full[0]:
            socket.connect_to_server()
            return
        socket.on_message(lambda _: socket.send(f'44/_event,{{"message": "{MANY_TABS}"}}'))
        socket.send('0{"sid":"none","upgrades":[],"pingTimeout":20000,"pingInterval":25000,"maxPayload":1000000}')

    page.route_web_socket(re.compile("/_event"), server)
    page.main_frame.goto("/readings")  # it isn't filled for now
    bar = page.get_by_text(REFUSED_SOCKETS[MANY_TABS])
    expect(bar).to_be_visible()
    assert not axe(page)
    full[0] = False
    expect(bar).to_be_hidden(timeout=60_000)
    page.wait_for_function(LOADED)
    expect(page.get_by_role("button", name="Передать показания")).to_be_visible()


def test_half_filled_forms_outlive_a_restart(open_page: Open, town: Town, interrupted: Site, watcher) -> None:
    watcher.forgiven += ["ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    person = town.person(town.spare_account())
    page = open_page("/readings", person)
    (before, during), typed = _fields(page, person), _texts(person)
    before.fill(typed[0])
    _until_kept(town, person, typed[:1])
    application = open_page("/services/sealing", town.person(town.spare_account()))
    number = get_service(application).rpartition("/")[2]
    serial, installer = application.locator("[id='m1.serial']"), application.locator("[id='m1.installer']")
    serial.fill("58416745412")
    expect(application.get_by_text("Черновик сохранён")).to_be_visible()
    interrupted.stop()
    banner = page.get_by_text(OFFLINE)
    expect(banner).to_be_visible(timeout=30_000)
    shot(page, "offline", whole=False)
    assert not axe(page)
    during.fill(typed[1])
    expect(application.get_by_text(OFFLINE)).to_be_visible(timeout=30_000)
    installer.fill("ООО «Тепло»")
    installer.blur()
    interrupted.start_again()
    for one in (page, application):
        expect(one.get_by_text(OFFLINE)).to_be_hidden(timeout=60_000)
        one.wait_for_load_state("networkidle")
    expect(before).to_have_value(typed[0])
    expect(during).to_have_value(typed[1])
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#taken")).to_contain_text("Показания переданы", timeout=60_000)
    assert [value for _, value in town.sent(person.accounts[0])] == [int(value) * 1000 for value in typed]
    expect(serial).to_have_value("58416745412")
    expect(installer).to_have_value("ООО «Тепло»")
    application.get_by_role("button", name="Сохранить").click()
    expect(application.locator("#kept")).to_contain_text("в черновики", timeout=60_000)
    assert _meter(town, number) == ("58416745412", "ООО «Тепло»")


def test_a_new_version_comes_under_half_filled_forms(
    open_page: Open, town: Town, interrupted: Site, renewed: str, watcher
) -> None:
    """Nothing is reloaded under whoever types; the old page goes on, and what it hasn't loaded yet is still there.

    Who presses «Обновить» finds every typed reading in its field again, and nothing of it sent.
    """
    watcher.forgiven += ["ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    person, old = town.person(town.spare_account()), town.person(town.spare_account())
    page = open_page("/readings", person)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    (before, during), texts = _fields(page, person), _texts(person)
    draft = open_page("/services/sealing", old)
    number = get_service(draft).rpartition("/")[2]
    draft.locator("[id='m1.serial']").fill("58416745412")
    expect(draft.get_by_text("Черновик сохранён")).to_be_visible()
    visitor, guest = _guest(open_page, town)
    guests, guests_text = _fields(guest, visitor)[0], _texts(visitor)[0]
    before.fill(texts[0])
    guests.fill(guests_text)
    _until_kept(town, person, texts[:1])
    _until_kept(town, visitor, [guests_text])
    interrupted.stop()
    expect(page.get_by_text(OFFLINE)).to_be_visible(timeout=30_000)
    during.fill(texts[1])
    draft.locator("[id='m1.installer']").fill("ООО «Тепло»")
    draft.locator("[id='m1.installer']").blur()
    interrupted.start_again("tests.renewed")
    bar = page.get_by_text(NEW_VERSION)
    expect(bar).to_be_visible(timeout=60_000)
    assert any("built for another version" in one for one in said)  # Reflex has noticed, too, and does nothing
    expect(before).to_have_value(texts[0])
    expect(during).to_have_value(texts[1])
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        shot(page, f"new-version-{width}", whole=False)
        assert not axe(page)
    # The draft has what was typed while the server was away, and goes from the old page to the new server.
    expect(draft.get_by_text(NEW_VERSION)).to_be_visible(timeout=60_000)
    expect(draft.locator("[id='m1.installer']")).to_have_value("ООО «Тепло»")
    draft.get_by_role("button", name="Сохранить").click()
    expect(draft.locator("#kept")).to_contain_text("в черновики", timeout=60_000)
    assert _meter(town, number) == ("58416745412", "ООО «Тепло»")
    # A page that this tab has never been at is the old version's: its file comes from the build before.
    with draft.expect_response(re.compile(re.escape(renewed))) as kept:
        draft.get_by_role("link", name="Детализация по услугам").first.click()
    assert kept.value.status == 200
    expect(draft.get_by_role("heading", level=1, name="Детализация")).to_be_visible()
    # «Обновить»: what was typed is in its fields, says that it isn't sent, and goes by one press.
    _until_kept(town, person, texts)
    for one in (page, guest):
        one.get_by_role("link", name=REFRESH, exact=True).click()
        expect(one.get_by_text(UNSENT)).to_be_visible(timeout=60_000)
        expect(one.get_by_text(NEW_VERSION)).to_be_hidden()
    expect(guests).to_have_value(guests_text)
    expect(before).to_have_value(texts[0])
    expect(during).to_have_value(texts[1])
    assert town.sent(person.accounts[0]) == []
    assert not axe(page)
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#taken")).to_contain_text("Показания переданы", timeout=60_000)
    assert [value for _, value in town.sent(person.accounts[0])] == [int(text) * 1000 for text in texts]
    page.reload()
    expect(before).to_have_value("")
    expect(page.get_by_text(UNSENT)).to_be_hidden()
