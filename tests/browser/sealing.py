"""Filling in an application for sealing as a person does."""

import io
from typing import Any

from playwright.sync_api import Page, expect
from reportlab.pdfgen.canvas import Canvas

#: Label → what is typed.
PASSPORT = {
    "Серия *": "75 01", "Номер *": "918273", "Дата выдачи *": "12.05.2014", "Код подразделения *": "740-054",
    "Кем *": "Отделом УФМС России",
}  # fmt: skip


def get_service(page: Page) -> str:
    """«Получить услугу +» on the regulation's page; returns the form's path."""
    page.get_by_role("button", name="Получить услугу +").click()
    page.wait_for_url("**/services/sealing/2*")
    expect(page.get_by_label("ФИО собственника")).not_to_have_value("")
    return "/services/sealing/" + page.url.rstrip("/").rpartition("/")[2]


def fill_meter(page: Page, key: str, *, serial: str, new: bool) -> None:
    """Every field of one meter; an application for a new one, or for one after its verification."""
    page.locator(f"[id='{key}.application']").select_option(index=1 if new else 3)
    for name in ("type", "brand", "place"):
        page.locator(f"[id='{key}.{name}']").select_option(index=1)
    texts = {"serial": serial, "reading": "12,5", "verification_due": "20.11.2032", "installer": "ООО «Тепло»"}
    for name, text in texts.items():
        page.locator(f"[id='{key}.{name}']").fill(text)


def _paper() -> bytes:
    """A page with a line."""
    buffer = io.BytesIO()
    page = Canvas(buffer)
    page.drawString(72, 72, "58416745412")
    page.save()
    return buffer.getvalue()


def attach(page: Page, slot: str) -> None:
    """Choose a file for one place."""
    with page.expect_file_chooser() as chooser:
        page.locator(f"[id='file-{slot}']").click()
    chooser.value.set_files({"name": "паспорт.pdf", "mimeType": "application/pdf", "buffer": _paper()})
    zone = page.locator(".upload", has=page.locator(f"[id='file-{slot}']"))
    expect(zone.locator(".file-name", has_text="паспорт.pdf")).to_be_visible(timeout=60_000)


def begin(page: Page, _person: Any) -> None:
    """An empty form with two meters."""
    get_service(page)
    page.get_by_role("button", name="+ Добавить счетчик").click()
    expect(page.get_by_role("heading", name="Счетчик 2 из 2")).to_be_visible()


def begin_wrongly(page: Page, person: Any) -> None:
    """The same, sent as it is."""
    begin(page, person)
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.locator("#error-summary a").first).to_be_visible()


def check(page: Page, _person: Any) -> None:
    """The check page of an application for one new meter."""
    get_service(page)
    for label, text in PASSPORT.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Контактный телефон").fill("8 912 345-67-89")
    fill_meter(page, "m1", serial="58416745411", new=True)
    attach(page, "m1:passport")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте заявку")


def check_wrongly(page: Page, person: Any) -> None:
    """Sent without the consents."""
    check(page, person)
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.locator("#error-summary a")).to_have_count(2)
