"""The server goes away under a half-filled form and comes back, as it was or renewed (scenario 16).

The last file: it stops what all others use.
"""

import json
import re
import shutil

import pytest
from playwright.sync_api import expect

from lk_reflex.ui.shared.words import NEW_VERSION, OFFLINE, REFRESH
from tests.browser.conftest import Open
from tests.browser.look import axe, shot
from tests.browser.people import Town
from tests.browser.sealing import get_service
from tests.renewed import NEXT, make_next_build
from tests.site import KEPT, Site


@pytest.fixture
def interrupted(site: Site):
    """Starts the site again whatever has happened, for those who come after."""
    yield site
    if site.process.poll() is not None:
        site.start_again()


@pytest.fixture
def renewed(interrupted: Site):
    """Another version of the pages lies ready, which hasn't the file of the page of charges any longer."""
    _, gone = make_next_build(KEPT / "builds", without="_charges_._index-")
    yield gone
    interrupted.stop()  # who comes after gets what was built
    interrupted.start_again()
    shutil.rmtree(KEPT / "builds" / NEXT, ignore_errors=True)


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
    expect(page.locator("#taken")).to_contain_text("Показания переданы", timeout=60_000)
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
    expect(page.locator("#kept")).to_contain_text("в черновики", timeout=60_000)
    ((form,),) = town.ask("SELECT form FROM requests WHERE number = ?", number)
    row = json.loads(form)["meters"][0]
    assert (row["serial"], row["installer"]) == ("58416745412", "ООО «Тепло»")


def test_a_new_version_comes_under_half_filled_forms(
    open_page: Open, town: Town, interrupted: Site, renewed: str, watcher
) -> None:
    """Nothing is reloaded under whoever types; the old page goes on, and what it hasn't loaded yet is still there."""
    watcher.forgiven += ["ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    person = town.person(town.spare_account())
    page = open_page("/readings", person)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    scale = person.meters().meters[0].scales[0]
    field, text = page.locator(f"#reading-{scale.row}"), str((scale.last or 0) // 1000 + 1)
    draft = open_page("/services/sealing", person)
    number = get_service(draft).rpartition("/")[2]
    draft.locator("[id='m1.serial']").fill("58416745412")
    expect(draft.get_by_text("Черновик сохранён")).to_be_visible()
    field.fill(text)
    expect(page.locator(f"#volume-{scale.row}")).not_to_have_value("")
    interrupted.stop()
    expect(page.get_by_text(OFFLINE)).to_be_visible(timeout=30_000)
    draft.locator("[id='m1.installer']").fill("ООО «Тепло»")
    draft.locator("[id='m1.installer']").blur()
    interrupted.start_again("tests.renewed")
    bar = page.get_by_text(NEW_VERSION)
    expect(bar).to_be_visible(timeout=60_000)
    assert any("built for another version" in one for one in said)  # Reflex has noticed, too, and does nothing
    expect(field).to_have_value(text)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        shot(page, f"new-version-{width}", whole=False)
        assert not axe(page)
    # The draft has what was typed while the server was away; its page is as it was, too.
    expect(draft.get_by_text(NEW_VERSION)).to_be_visible(timeout=60_000)
    expect(draft.locator("[id='m1.installer']")).to_have_value("ООО «Тепло»")
    draft.get_by_role("button", name="Сохранить").click()
    expect(draft.locator("#kept")).to_contain_text("в черновики", timeout=60_000)
    ((form,),) = town.ask("SELECT form FROM requests WHERE number = ?", number)
    row = json.loads(form)["meters"][0]
    assert (row["serial"], row["installer"]) == ("58416745412", "ООО «Тепло»")
    # The reading goes from the old page to the new server.
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#taken")).to_contain_text("Показания переданы", timeout=60_000)
    assert [value for _, value in town.sent(person.accounts[0])] == [int(text) * 1000]
    # A page that this tab has never been at is the old version's: its file comes from the build before.
    with page.expect_response(re.compile(re.escape(renewed))) as kept:
        page.get_by_role("link", name="Детализация по услугам").first.click()
    assert kept.value.status == 200
    expect(page.get_by_role("heading", level=1, name="Детализация")).to_be_visible()
    page.get_by_role("link", name=REFRESH, exact=True).click()
    expect(bar).to_be_hidden(timeout=30_000)
    expect(page.get_by_role("heading", level=1, name="Детализация")).to_be_visible()
