"""From the strip of the demonstration to a letter, and by its link back into the cabinet."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.mail.letter import Facts, Letter, Link
from lk_reflex.domain.mail.outbox import queue
from tests.browser.conftest import Open
from tests.browser.look import DESKTOP, PHONE, axe, shot
from tests.browser.people import Person, Town


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_letter_is_found_and_its_link_pressed(open_page: Open, town: Town, anna: Person, width: int) -> None:
    recipient, subject = f"reader{width}@example.org", f"Письмо {width}"
    facts = Facts("Лицевой счет 1234567899", (("ХВС С/У, № 26616450", "124,500 м³, расход 6,500 м³"),))
    link = Link("Посмотреть приборы", f"{town.site.base}/meters")
    letter = Letter(subject, ("Вот что принято.",), link, ("До свидания.",), (facts,))
    town.database.write(queue, recipient, letter, kind="readings", now=utc_now())
    town.site.letter(recipient, subject)

    page = open_page("/overview", anna, width=width)
    page.get_by_role("link", name="Почта", exact=True).click()
    expect(page).to_have_title("Почта демонстрации — Демонстрация")
    assert not axe(page)
    shot(page, f"mail-list-{width}")
    page.get_by_label("Кому").fill(recipient.upper())
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("listitem").filter(has_text=recipient)).to_have_count(1)
    page.get_by_role("link", name=subject).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    framed = page.frame_locator("iframe.letter")
    expect(framed.get_by_text("124,500 м³")).to_be_visible()
    shot(page, f"mail-letter-{width}")
    framed.get_by_role("link", name="Посмотреть приборы").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Информация об ИПУ")
    page.go_back()
    page.get_by_role("link", name="/meters").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Информация об ИПУ")
    assert urlsplit(page.url).path == "/meters"


@pytest.mark.parametrize("path", ["/", "/help", "/no-such-page"])
def test_every_public_page_of_a_demonstration_leads_there(open_page: Open, watcher, path: str) -> None:
    watcher.forgiven += ["404"]
    page = open_page("/")
    page.goto(path)
    expect(page.locator(".demo").get_by_role("link", name="Почта", exact=True)).to_have_attribute("href", "/demo/mail")
