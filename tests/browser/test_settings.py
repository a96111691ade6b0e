"""Настройки as a person uses them: a new e-mail by its letter, a phone by its code, another device, the end."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.esia.bindings import bind
from lk_reflex.domain.identity.signing_in.sign_in import WRONG
from tests.browser.conftest import Open, sign_in
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE, axe, shot, sticks_out, wide
from tests.browser.people import PASSWORD, Person, Town


def press(page: Page, card: str, name: str) -> None:
    page.get_by_role("region", name=card).get_by_role("button", name=name).first.click()


def ask_email(page: Page, email: str) -> None:
    page.locator("#email-email").fill(email)
    page.locator("#email-password").fill(PASSWORD)
    press(page, "Логин/Email", "Изменить")
    expect(page.locator("#said")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Необходимо активировать новую почту")


def code_in(page: Page) -> str:
    """The newest code on the demonstration's phone, looked at in another tab."""
    phone = page.context.new_page()
    phone.goto("/demo/sms")
    code = re.match(r"\d{6}", phone.locator("li b").first.inner_text()).group()
    phone.close()
    return code


def test_a_new_e_mail_is_confirmed_from_another_device(open_page: Open, town: Town, site) -> None:
    person, new = town.person(), "novy.adres@example.org"
    page = open_page("/settings", person)
    ask_email(page, new)
    expect(page.get_by_text(f"Ждём подтверждения адреса {new}")).to_be_visible()
    other = open_page("/", width=PHONE)
    sign_in(other, person.email, PASSWORD)
    other.wait_for_url("**/overview")
    reader = open_page(site.link(new, "/confirm-email/"), width=PHONE)
    reader.get_by_role("button", name="Подтвердить адрес").click()
    expect(reader.get_by_text("Адрес подтверждён.")).to_be_visible()
    reader.get_by_role("link", name="Войти в личный кабинет").click()
    reader.wait_for_url(re.compile(r"/$"))
    sign_in(reader, person.email, PASSWORD)
    expect(reader.locator("#error-summary")).to_contain_text(WRONG)
    sign_in(reader, new, PASSWORD)
    reader.wait_for_url("**/overview")
    page.reload()
    expect(page.locator("#email-email")).to_have_value(new)
    assert site.letter(person.email, "Логин личного кабинета изменён")


def test_a_phone_is_confirmed_with_the_code_from_the_message(open_page: Open, town: Town) -> None:
    page = open_page("/settings", town.person(), width=PHONE)
    page.locator("#phone-phone").fill("8 912 345-67-89")
    press(page, "Сотовый телефон", "Изменить")
    expect(page.locator("#code-code")).to_be_visible()
    page.locator("#code-code").fill(code_in(page))
    press(page, "Сотовый телефон", "Подтвердить")
    expect(page.locator("#said")).to_contain_text("Телефон изменён и подтверждён: +7 912 345-67-89.")
    expect(page.locator("#phone-phone")).to_have_value("+7 912 345-67-89")


def test_another_device_is_signed_out_with_its_next_press(open_page: Open, town: Town) -> None:
    """Scenario 25."""
    person = town.person()
    page = open_page("/settings", person)
    lost = open_page("/settings", town.session_of(person.email))
    page.reload()
    press(page, "Устройства", "Завершить")
    expect(page.locator("#said")).to_contain_text("Сеанс на этом устройстве завершён")
    lost.get_by_label("Новая квитанция").click()
    expect(lost.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()
    answer = lost.context.request.get("/api/my-data.zip")
    assert answer.status == 403
    page.get_by_label("Новая квитанция").click()
    expect(page.get_by_text("Сохранено: «Новая квитанция» — не отправлять.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Новая квитанция")).not_to_be_checked()


def test_a_login_is_deleted_and_its_owner_is_told(open_page: Open, town: Town, site) -> None:
    person = town.person()
    page = open_page("/settings", person)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать все мои данные").click()
    assert download.value.suggested_filename == "мои-данные.zip"
    press(page, "Удаление учётной записи", "Удалить учётную запись")
    expect(page.locator("#deletion-faults")).to_be_focused()
    expect(page.locator("#deletion-faults a")).to_have_count(2)
    page.locator("#deletion-password").fill(PASSWORD)
    page.get_by_label("Я понимаю: восстановить учётную запись будет нельзя").check()
    press(page, "Удаление учётной записи", "Удалить учётную запись")
    expect(page.get_by_role("heading", name="Учётная запись удалена")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()
    sign_in(page, person.email, PASSWORD)
    expect(page.locator("#error-summary")).to_contain_text(WRONG)
    assert site.letter(person.email, "Учётная запись личного кабинета удалена")
    assert not town.ask("SELECT 1 FROM users WHERE email LIKE ?", person.email)


def _refused(page: Page, _person: Person, _site) -> None:
    page.locator("#email-email").fill("адрес")
    press(page, "Логин/Email", "Изменить")
    expect(page.locator("#email-faults")).to_be_focused()


def _waiting(page: Page, person: Person, _site) -> None:
    ask_email(page, f"new-{person.email}")
    page.locator("#phone-phone").fill("8 912 345-67-89")
    press(page, "Сотовый телефон", "Изменить")
    page.locator("#code-code").fill("1")
    press(page, "Сотовый телефон", "Подтвердить")
    expect(page.locator("#code-faults")).to_be_focused()


def _bound(page: Page, person: Person, _site) -> None:
    facts = {"oid": f"oid {person.email}", "surname_key": "", "name": "СЕРГЕЙ ВЛАДИМИРОВИЧ З.", "trusted": True}
    person.town.database.write(bind, person.actor.user_id, facts, site="", now=utc_now())
    person.town.session_of(person.email)
    page.reload()
    press(page, "Вход через Госуслуги", "Отвязать")
    expect(page.get_by_text("Отвязать учетную запись Госуслуг?")).to_be_visible()


def _without_password(page: Page, person: Person, _site) -> None:
    with person.town.database.transaction() as db:
        db.connection.exec_driver_sql("UPDATE users SET password_hash = NULL WHERE id = ?", (person.actor.user_id,))
    page.reload()
    expect(page.get_by_role("button", name="Задать пароль")).to_be_visible()


def _asks(page: Page, person: Person, site) -> None:
    ask_email(page, f"asks-{person.email}")
    page.goto(site.link(f"asks-{person.email}", "/confirm-email/"))
    expect(page.get_by_role("button", name="Подтвердить адрес")).to_be_visible()


def _confirmed(page: Page, person: Person, site) -> None:
    _asks(page, person, site)
    page.get_by_role("button", name="Подтвердить адрес").click()
    expect(page.get_by_text("Адрес подтверждён.")).to_be_visible()


def _stale(page: Page, _person: Person, _site) -> None:
    page.goto("/confirm-email/nonsense")
    expect(page.get_by_text("Ссылка устарела или уже сработала.")).to_be_visible()


def _farewell(page: Page, _person: Person, _site) -> None:
    page.goto("/farewell")
    expect(page.get_by_role("link", name="На главную", exact=True)).to_be_visible()


STATES: dict[str, Callable[[Page, Person, object], None]] = {
    "plain": lambda *_: None, "refused": _refused, "waiting": _waiting, "bound": _bound,
    "without-password": _without_password, "confirm-asks": _asks, "confirm-done": _confirmed, "confirm-stale": _stale,
    "farewell": _farewell,
}  # fmt: skip


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_demonstrations_phone_is_accessible(open_page: Open, town: Town, width: int) -> None:
    page = open_page("/settings", town.person())
    page.locator("#phone-phone").fill("8 912 345-67-88")
    press(page, "Сотовый телефон", "Изменить")
    expect(page.locator("#code-code")).to_be_visible()
    page.get_by_role("link", name="Открыть телефон демонстрации").click()
    expect(page.get_by_role("heading", name="Телефон для демонстрации")).to_be_visible()
    wide(page, width)
    shot(page, "demo-phone")
    assert not axe(page)
    assert not sticks_out(page)


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_whole_and_russian(open_page: Open, town: Town, site, state: str) -> None:
    person = town.person()
    page = open_page("/settings", person)
    page.wait_for_selector("#deletion")
    STATES[state](page, person, site)
    expect_none(faults_of(page, f"settings-{state}", (DESKTOP, PHONE)))
