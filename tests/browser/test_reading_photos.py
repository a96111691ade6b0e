"""A photo beside a reading, what it will cost, a form that waits, and presses over a lost connection."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.domain.metering.meters import ScaleView
from tests.browser.conftest import LOADED, Open
from tests.browser.look import DESKTOP, PHONE, axe, shot
from tests.browser.people import Person, Town
from tests.browser.reading import plain
from tests.files.photos import photo


@pytest.fixture
def person(town: Town) -> Person:
    return town.person(town.spare_account())


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "Мой счётчик.jpg"
    path.write_bytes(photo("JPEG", (1200, 900), turned=6))
    return path


def _scales(person: Person) -> list[ScaleView]:
    return [meter.scales[0] for meter in person.meters().meters]


def _next(scale: ScaleView) -> str:
    return str(((scale.last or 0) + (scale.average or 1000)) // 1000 + 1)


def _zone(page: Page, scale: ScaleView):
    return page.locator(f"section:has(#reading-{scale.row}) .photo")


def _add(page: Page, scale: ScaleView, path: Path, button: str = "Приложить фото") -> None:
    with page.expect_file_chooser() as chooser:
        _zone(page, scale).get_by_role("button", name=button).click()
    chooser.value.set_files(path)


def _send(page: Page) -> None:
    page.get_by_role("button", name="Передать показания").click()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_photo_stays_through_a_fault_and_goes_with_the_reading(
    open_page: Open, person, town, picture, tmp_path, width
) -> None:
    page = open_page("/readings", person, width=width)
    scale = _scales(person)[0]
    field, zone = page.locator(f"#reading-{scale.row}"), _zone(page, scale)
    field.fill(_next(scale))
    _add(page, scale, picture)
    expect(zone.get_by_text("Фото приложено")).to_be_visible()
    shown = zone.locator("img")
    assert shown.evaluate("img => img.decode().then(() => img.naturalHeight > img.naturalWidth)")
    assert not axe(page)
    shot(page, f"readings-photo-{width}")
    no_photo = tmp_path / "act.jpg"
    no_photo.write_bytes(b"%PDF-1.7")
    _add(page, scale, no_photo, "Заменить фото")
    expect(zone.locator(".error")).to_contain_text("Это не фотография")
    expect(shown).to_be_visible()
    field.fill("0")
    _send(page)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(shown).to_be_visible()
    page.reload()
    page.wait_for_function(LOADED)
    expect(shown).to_be_visible()
    field.fill(_next(scale))
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    expect(zone.locator("img")).to_have_count(0)
    page.locator(f"section:has(#reading-{scale.row})").get_by_role("button", name="Показать").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Фото к показанию").click()
    assert opened.value.evaluate("document.contentType") == "image/jpeg"
    sent = town.ask("SELECT count(*) FROM reading_photos p JOIN submissions s ON s.id = p.submission_id"
                    " WHERE s.account_id = ?", person.accounts[0])  # fmt: skip
    assert sent == [(1,)]


def test_a_file_too_large_is_refused_in_russian_before_it_travels(open_page: Open, person, tmp_path) -> None:
    page = open_page("/readings", person, width=PHONE)
    scale = _scales(person)[0]
    large = tmp_path / "large.jpg"
    large.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    _add(page, scale, large)
    expect(_zone(page, scale).locator(".error")).to_contain_text("Файл больше 10 МБ")


def test_what_is_typed_is_priced(open_page: Open, person) -> None:
    page = open_page("/readings", person, width=PHONE)
    first, second = _scales(person)[:2]
    page.locator(f"#reading-{first.row}").fill(_next(first))
    card = page.locator(f"section:has(#reading-{first.row})")
    expect(card.locator(".fields .cost")).to_contain_text("₽")
    page.locator(f"#reading-{second.row}").fill(_next(second))
    expect(page.get_by_text("Всего ≈")).to_be_visible()
    shot(page, "readings-cost")
    assert not axe(page)


@pytest.fixture
def closed(town: Town, person):
    """The organization's window has just closed, and it takes nothing early."""
    from sqlalchemy import text

    def put(opens: int, closes: int, early: bool) -> None:
        with town.database.transaction() as db:
            db.change(
                text("UPDATE organizations SET window_opens = :o, window_closes = :c, takes_early = :e WHERE id ="
                     " (SELECT organization_id FROM accounts WHERE id = :a)"),
                o=opens, c=closes, e=early, a=person.accounts[0],
            )  # fmt: skip

    window = town.ask(
        "SELECT window_opens, window_closes, takes_early FROM organizations WHERE id ="
        " (SELECT organization_id FROM accounts WHERE id = ?)",
        person.accounts[0],
    )[0]
    today = person.meters().today.day
    put(*((today + 2, today + 3) if today < 26 else (1, 2)), False)
    yield
    put(*window)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_form_filled_early_waits_and_can_be_cancelled(open_page: Open, person, town, closed, width) -> None:
    page = open_page("/readings", person, width=width)
    scale = _scales(person)[0]
    page.locator(f"#reading-{scale.row}").fill(_next(scale))
    page.get_by_role("button", name="Передать, когда откроется приём").dblclick()
    expect(page.locator("#waiting")).to_contain_text("ждут открытия приёма")
    expect(page.locator("#waiting")).to_contain_text(plain(_next(scale)))
    expect(page.locator(f"#reading-{scale.row}")).to_have_value("")
    assert not axe(page)
    shot(page, f"readings-waiting-{width}")
    assert town.sent(person.accounts[0]) == []
    assert town.ask("SELECT count(*) FROM waiting_forms WHERE account_id = ?", person.accounts[0]) == [(1,)]
    page.locator("#waiting").get_by_role("button", name="Отменить").click()
    expect(page.locator("#waiting")).to_be_empty()


def _lost(page: Page, watcher) -> None:
    # An answer that was on its way may find the page that it is for reloaded.
    watcher.forgiven += ["ERR_INTERNET_DISCONNECTED", "WebSocket", "net::", "No element found for ref"]
    page.context.set_offline(True)


@pytest.mark.parametrize("step", ["before typing ends", "before the press", "after the press"])
def test_a_connection_lost_at_any_step_leaves_one_reading(open_page: Open, person, town, watcher, step) -> None:
    page = open_page("/readings", person, width=PHONE)
    scale = _scales(person)[0]
    field = page.locator(f"#reading-{scale.row}")
    if step == "before typing ends":
        _lost(page, watcher)
    field.fill(_next(scale))
    if step == "before the press":
        expect(page.locator(f"#volume-{scale.row}")).not_to_have_value("")
        _lost(page, watcher)
    _send(page)
    if step == "after the press":
        _lost(page, watcher)
    page.context.set_offline(False)
    page.wait_for_load_state("networkidle")
    # Whatever the person does who isn't sure: presses again, or looks anew.
    page.reload()
    page.wait_for_function(LOADED)
    if not town.sent(person.accounts[0]):
        field.fill(_next(scale))
        _send(page)
        expect(page.locator("#taken")).to_contain_text("Показания переданы")
    assert town.sent(person.accounts[0]) == [(int(scale.row[1:].split("-")[0]), int(_next(scale)) * 1000)]
    page.reload()
    page.wait_for_function(LOADED)
    expect(page.locator(f"section:has(#reading-{scale.row})")).to_contain_text("передано")


def test_back_after_sending_shows_the_truth_and_sends_nothing(open_page: Open, person, town) -> None:
    page = open_page("/readings", person)
    scale = _scales(person)[0]
    page.locator(f"#reading-{scale.row}").fill(_next(scale))
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    page.goto("/meters")
    page.wait_for_function(LOADED)
    page.go_back()
    page.wait_for_function(LOADED)
    expect(page.locator(f"#reading-{scale.row}")).to_have_value("")
    expect(page.locator(f"section:has(#reading-{scale.row})")).to_contain_text("передано")
    assert len(town.sent(person.accounts[0])) == 1
