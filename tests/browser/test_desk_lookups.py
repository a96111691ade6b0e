"""The desk beside requests and payments: an account looked up, a caller's reading, an outage; scripts stay text."""

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import update

from lk_reflex.core.clock import utc_now
from lk_reflex.core.text import surname_key
from lk_reflex.domain.accounts.tables import Account
from tests.browser.conftest import Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE
from tests.browser.people import Town

BOTH = (DESKTOP, PHONE)
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def _but_english(page: Page, name: str) -> dict[str, Any]:
    """The script stands there in its own words."""
    return {kind: fault for kind, fault in faults_of(page, name, BOTH).items() if kind != "english"}


def test_a_call_from_the_search_to_the_reading(open_page: Open, town: Town) -> None:
    account = town.spare_account()
    person = town.person(account)
    surname = f"Щепкин {SCRIPT}"
    with town.database.transaction() as db:
        db.change(
            update(Account)
            .where(Account.id == person.accounts[0])
            .values(surname=surname, surname_key=surname_key(surname), first_name="", patronymic="")
        )
    page = open_page("/staff/accounts", town.session_of("admin@example.org"))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Найти", exact=True).click()
    expect(page.locator("#error-summary a")).to_have_count(1)
    expect_none(faults_of(page, "staff-accounts-refused", BOTH))
    page.get_by_label("Найти:").fill("щепкин")
    page.get_by_role("button", name="Найти", exact=True).click()
    expect(page.get_by_role("table")).to_contain_text(SCRIPT)
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Лицевой счет")
    expect(page.get_by_role("main")).to_contain_text(SCRIPT)
    page.get_by_role("link", name="Ввести показания по звонку").click()
    page.get_by_label("Кто звонит").fill(SCRIPT)
    scale = person.meters().meters[0].scales[0]
    page.locator(f"#reading-{scale.row}").fill(f"{((scale.last or 0) + (scale.average or 0)) / 1000:.2f}")
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    page.locator("#taken").get_by_role("link", name="Показания за период").click()
    page.get_by_label("Показать:").select_option("all")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.get_by_role("table")).to_contain_text(f"Оператор: {SCRIPT}")
    expect_none(_but_english(page, "staff-period-all"))
    assert dialogs == []


def test_an_outage_from_the_desk_to_the_overview(open_page: Open, town: Town) -> None:
    page = open_page("/staff/announcements", town.session_of("admin@example.org"))
    page.get_by_role("button", name="Проверить").click()
    expect(page.locator("#error-summary a")).not_to_have_count(0)
    expect_none(faults_of(page, "staff-announcements-refused", BOTH))
    begins = utc_now() + timedelta(days=1)
    page.get_by_label(re.compile("^Заголовок")).fill(f"Отключение {SCRIPT}")
    page.get_by_label("с, день:").fill(f"{begins:%d.%m.%Y}")
    page.get_by_label("с, время:").fill("09:30")
    page.get_by_label("Текст:").fill(SCRIPT)
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_role("heading", name="Проверьте перед публикацией")).to_be_visible()
    expect_none(_but_english(page, "staff-announcements-check"))
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator("#outcome")).to_contain_text("Опубликовано")
    home = open_page("/overview", town.session_of("anna@example.org"))
    dialogs: list[str] = []
    home.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    expect(home.get_by_role("main")).to_contain_text(f"Отключение {SCRIPT}")
    page.get_by_role("button", name=re.compile("^Скрыть")).first.click()
    expect(page.locator("#outcome")).to_contain_text("Скрыто")
    assert dialogs == []
