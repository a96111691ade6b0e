"""A zone for files in a real browser: chosen, listed, replaced, refused, taken out, by mouse and by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.requests.drafts import open_draft
from lk_reflex.domain.requests.kinds import Kind
from tests.browser.conftest import Open
from tests.browser.look import DESKTOP, PHONE, axe, shot
from tests.browser.people import Person, Town
from tests.files.papers import paper, with_script
from tests.files.photos import photo


@pytest.fixture
def person(town: Town) -> Person:
    return town.person(town.spare_account())


@pytest.fixture
def address(town: Town, person: Person) -> str:
    """The form of an appeal that the person has just begun."""
    account = person.accounts[0]
    (organization,) = town.ask("SELECT organization_id FROM accounts WHERE id = ?", account)[0]
    number = town.database.write(
        open_draft, person.actor, Kind.APPEAL, organization_id=organization, account_id=account, now=utc_now()
    )
    return f"/services/appeal/{number}"


def _choose(page: Page, path: Path, name: str, by_keyboard: bool = False) -> None:
    button = page.locator(".upload").get_by_role("button", name=name)
    with page.expect_file_chooser() as chooser:
        if by_keyboard:
            button.focus()
            page.keyboard.press("Enter")
        else:
            button.click()
    chooser.value.set_files(path)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_files_come_and_go(open_page: Open, person, address, tmp_path, width) -> None:
    act, picture, bad = tmp_path / "Акт поверки.pdf", tmp_path / ("Снимок счётчика " * 8 + ".jpg"), tmp_path / "js.pdf"
    act.write_bytes(paper())
    picture.write_bytes(photo("JPEG", (1200, 900), turned=6))
    bad.write_bytes(with_script())
    page = open_page(address, person, width=width)
    zone = page.locator(".upload")
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
    _choose(page, act, "Выберите файл", by_keyboard=True)
    expect(zone.locator("bdi")).to_have_text("Акт поверки.pdf")
    expect(zone.get_by_role("status")).to_have_text("Файл приложен")
    _choose(page, picture, "Добавить ещё файл")
    expect(zone.locator("li")).to_have_count(2)
    expect(zone.locator("img")).to_be_visible()
    _choose(page, bad, "Добавить ещё файл")
    expect(zone.get_by_role("alert")).to_contain_text("JavaScript")
    assert not axe(page)
    zone.scroll_into_view_if_needed()
    shot(page, f"uploads-{width}")
    with page.expect_download() as saved:
        zone.get_by_role("link", name="Открыть Акт поверки.pdf").click()
    assert saved.value.suggested_filename == "Акт поверки.pdf"
    _choose(page, picture, "Заменить Акт поверки.pdf")
    expect(zone.locator("bdi", has_text="Акт поверки.pdf")).to_have_count(0)
    expect(zone.locator("li")).to_have_count(2)
    zone.get_by_role("button", name="Убрать").first.click()
    expect(zone.locator("li")).to_have_count(1)
    page.reload()
    expect(zone.locator("li")).to_have_count(1)
