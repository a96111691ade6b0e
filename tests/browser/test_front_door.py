"""The front door from end to end, with a browser and the demonstration's mailbox only, and what it leaves behind.

A person with a paper receipt registers, links the account by surname, changes the login's address and deletes it.
Afterwards (scenario 40) nothing personal may stand in logs, built files or the browser's own storage.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from lk_reflex.domain.identity.registering.captcha import digits_of
from tests.browser.conftest import LOADED, Open, sign_in
from tests.browser.people import Town
from tests.site import KEPT, Site

PASSWORD = "тихий омут и чай 7"
FIRST, SECOND = "receipt.in.hand@example.org", "new.mailbox@example.org"
SURNAME, PHONE_NUMBER = "здетовецкий", "9123456701"
SEND = "Отправить письмо для активации аккаунта"


def _register(page: Page, town: Town) -> None:
    page.get_by_role("link", name="Регистрация").click()
    expect(page.locator("h1")).to_have_text("Регистрация")
    page.wait_for_function(LOADED)
    page.get_by_label("Логин (email)").fill(FIRST)
    page.get_by_label("Пароль *", exact=True).fill(PASSWORD)
    page.get_by_label("Пароль еще раз").fill(PASSWORD)
    page.get_by_label("Сотовый телефон").fill(f"8{PHONE_NUMBER}")
    token = page.locator("input[name=captcha_token]").input_value()
    heard = httpx.get(f"{town.site.base}/api/captcha/{token}.wav")
    assert heard.headers["content-type"] == "audio/wav"
    page.get_by_label("Введите код").fill(digits_of(token, (town.site.data / "secret.key").read_bytes()))
    page.get_by_label("Принимаю условия").check()
    page.get_by_label("Даю согласие на обработку").check()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("#sent")).to_contain_text("Мы отправили письмо")


def _open_letter(page: Page, site: Site, recipient: str, subject: str) -> None:
    """In the demonstration's mailbox, as a person finds it from the strip on top; follows the letter's link."""
    site.letter(recipient, subject)
    page.goto(f"/demo/mail?to={recipient}")
    page.get_by_role("link", name=subject).first.click()
    address = page.locator(f"a[href^='{site.base}/']").first.get_attribute("href")
    assert address
    page.goto(address)


def _link(page: Page) -> None:
    page.get_by_role("link", name="+ Привязать лицевой счет").click()
    page.get_by_label("Лицевой счет:").fill(" 12345 67899 ")
    page.get_by_label("№ дома").fill("дом 10")
    page.get_by_label("№ квартиры").fill("кв. 1010")
    page.get_by_role("button", name="Найти").click()
    surname = page.get_by_label("Фамилия собственника")
    surname.fill("ЗДЕТОВЕЦКAЯ")  # with a Latin A, and not his either
    page.get_by_role("button", name="+Привязать лицевой счет").click()
    expect(page.locator("#error-summary")).to_contain_text("латинские буквы")
    surname.fill(f"{SURNAME} ")
    page.get_by_role("button", name="+Привязать лицевой счет").click()
    expect(page.get_by_role("main")).to_contain_text("КЫШТЫМСКАЯ")


def _change_address(page: Page, site: Site) -> None:
    page.goto("/settings")
    card = page.get_by_role("region", name="Логин/Email")
    card.get_by_role("textbox", name="Логин/Email").fill(SECOND)
    card.get_by_label("Ваш пароль").fill(PASSWORD)
    card.get_by_role("button", name=re.compile("^Изменить")).click()
    expect(page.get_by_role("main")).to_contain_text("Необходимо активировать новую почту")
    site.letter(FIRST, "Запрошена смена логина личного кабинета")
    _open_letter(page, site, SECOND, "Подтвердите новый адрес электронной почты")
    page.get_by_role("main").get_by_role("button").first.click()
    site.letter(FIRST, "Логин личного кабинета изменён")


def _delete(page: Page) -> None:
    page.goto("/settings")
    card = page.locator("form", has=page.get_by_role("button", name="Удалить учётную запись"))
    card.get_by_label("Ваш пароль").fill(PASSWORD)
    card.get_by_role("checkbox").check()
    card.get_by_role("button", name="Удалить учётную запись").click()
    page.wait_for_url("**/farewell")


def _kept_by_the_browser(page: Page) -> str:
    """What scripts of the page could read: storages and the cookies that aren't HttpOnly."""
    return page.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
    )


def _texts_of(folder: Path, *patterns: str) -> Iterator[tuple[Path, str]]:
    for pattern in patterns:
        for path in folder.rglob(pattern):
            yield path, path.read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def secrets() -> tuple[str, ...]:
    return (PASSWORD, FIRST, SECOND, SURNAME, SURNAME.upper(), PHONE_NUMBER)


def test_from_a_paper_receipt_to_the_charges_and_out_again(open_page: Open, town: Town, site: Site, secrets) -> None:
    page = open_page("/")
    _register(page, town)
    _open_letter(page, site, FIRST, "Активация аккаунта в личном кабинете")
    page.get_by_role("button", name="Активировать аккаунт").click()
    page.wait_for_url("**/?done=activated")
    sign_in(page, FIRST, PASSWORD)
    page.wait_for_url("**/overview")
    _link(page)
    page.goto("/charges?month=2019-09")
    expect(page.get_by_role("main")).to_contain_text("3 293,08")
    kept = _kept_by_the_browser(page)
    assert not [secret for secret in secrets if secret in kept]

    _change_address(page, site)
    _delete(page)
    page.goto("/")
    sign_in(page, SECOND, PASSWORD)
    expect(page.locator("#error-summary")).to_contain_text("Неверный логин или пароль")
    assert town.ask("SELECT count(*) FROM users WHERE email_key IN (?, ?)", FIRST, SECOND) == [(0,)]


def test_nothing_personal_is_left_in_logs_built_files_and_error_pages(site: Site, town: Town, secrets) -> None:
    """Over everything that the suite has done to this installation before; the control is that the logs say much."""
    logs = dict(_texts_of(site.data, "*.log"))
    assert sum(map(len, logs.values())) > 200, "the logs are empty, so that nothing is proven"
    hashes = [row[0] for row in town.ask("SELECT password_hash FROM users WHERE password_hash IS NOT NULL")]
    emails = [row[0] for row in town.ask("SELECT email FROM users WHERE email <> ''")]
    hidden = {*secrets, *hashes, *emails, "ЗДЕТОВЕЦК", "demo-cabinet-2026"}
    told = [(path.name, secret) for path, text in logs.items() for secret in hidden if secret in text]
    assert told == []
    built = _texts_of(KEPT / "web" / "build" / "client", "*.js", "*.html", "*.json")
    key = (site.data / "secret.key").read_text()
    shipped = [(path.name, secret) for path, text in built for secret in {key, *secrets, *hashes} if secret in text]
    assert shipped == []
    echo = httpx.post(f"{site.base}/api/sign-in", data={"login": SECOND, "password": PASSWORD}, headers={"Origin": "x"})
    assert PASSWORD not in echo.text + str(echo.headers)
