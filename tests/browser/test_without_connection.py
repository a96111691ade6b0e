"""The server goes away under a half-filled form and comes back. The last file: it stops what all others use."""

import json

import pytest
from playwright.sync_api import expect

from lk_reflex.ui.shared.words import OFFLINE
from tests.browser.conftest import Open
from tests.browser.look import axe, shot
from tests.browser.people import Town
from tests.browser.sealing import get_service
from tests.site import Site


@pytest.fixture
def interrupted(site: Site):
    """Starts the site again whatever has happened, for those who come after."""
    yield site
    if site.process.poll() is not None:
        site.start_again()


def test_a_half_filled_form_outlives_a_restart(open_page: Open, town: Town, interrupted: Site, watcher) -> None:
    watcher.forgiven += ["ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    person = town.person(town.spare_account())
    page = open_page("/readings", person)
    scales = [meter.scales[0] for meter in person.meters().meters[:2]]
    before, during = (page.locator(f"#reading-{scale.row}") for scale in scales)
    typed = [str(((scale.last or 0) + (scale.average or 0)) // 1000 + 1) for scale in scales]
    before.fill(typed[0])
    expect(page.locator(f"#volume-{scales[0].row}")).not_to_have_value("")
    interrupted.stop()
    banner = page.get_by_text(OFFLINE)
    expect(banner).to_be_visible(timeout=30_000)
    shot(page, "offline", whole=False)
    assert not axe(page)
    during.fill(typed[1])
    interrupted.start_again()
    expect(banner).to_be_hidden(timeout=30_000)
    page.wait_for_load_state("networkidle")
    expect(before).to_have_value(typed[0])
    expect(during).to_have_value(typed[1])
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#taken")).to_contain_text("Показания переданы", timeout=20_000)
    assert [value for _, value in town.sent(person.accounts[0])] == [int(value) * 1000 for value in typed]


def test_a_half_filled_application_outlives_a_restart(open_page: Open, town: Town, interrupted: Site, watcher) -> None:
    watcher.forgiven += ["ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    page = open_page("/services/sealing", town.person(town.spare_account()))
    number = get_service(page).rpartition("/")[2]
    before, during = page.locator("[id='m1.serial']"), page.locator("[id='m1.installer']")
    before.fill("58416745412")
    expect(page.get_by_text("Черновик сохранён")).to_be_visible()
    interrupted.stop()
    expect(page.get_by_text(OFFLINE)).to_be_visible(timeout=30_000)
    during.fill("ООО «Тепло»")
    during.blur()
    interrupted.start_again()
    expect(page.get_by_text(OFFLINE)).to_be_hidden(timeout=30_000)
    expect(before).to_have_value("58416745412")
    expect(during).to_have_value("ООО «Тепло»")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#kept")).to_contain_text("в черновики", timeout=20_000)
    ((form,),) = town.ask("SELECT form FROM requests WHERE number = ?", number)
    row = json.loads(form)["meters"][0]
    assert (row["serial"], row["installer"]) == ("58416745412", "ООО «Тепло»")
