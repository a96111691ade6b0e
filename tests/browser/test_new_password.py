"""«Забыли пароль?» as a person goes through it: the letter, its link, a new password, the first sign-in with it."""

from playwright.sync_api import expect

from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import Open, sign_in
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import PHONE, wide
from tests.browser.people import PASSWORD, Town

NEW = "три слова и кот"
#: Writes down what the button of the sign-in says between the press and the next page.
_LISTEN = """() => {
    const button = document.querySelector('form[action="/api/sign-in"] button[type=submit]');
    const note = () => { sessionStorage.said = `${button.innerText} ${button.getAttribute('aria-busy')}`; };
    new MutationObserver(note).observe(button, {attributes: true, childList: true, characterData: true, subtree: true});
}"""


def test_from_the_forgotten_password_to_a_new_one(open_page: Open, town: Town) -> None:
    person = town.person(MANUAL)
    other = open_page("/charges", person)
    page = open_page("/")
    page.get_by_role("link", name="Забыли пароль?").click()
    expect(page.locator("h1")).to_have_text("Забыли пароль?")
    expect_none(faults_of(page, "forgot"))
    page.get_by_role("button", name="Отправить ссылку").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_role("button", name="Отправить ссылку")).to_have_attribute("aria-busy", "false")
    expect_none(faults_of(page, "forgot-refused"))
    page.get_by_label("Логин (email)").fill(f" {person.email.upper()}")
    page.get_by_label("Логин (email)").press("Enter")
    expect(page.locator("#sent")).to_be_focused()
    expect(page.locator("#sent")).to_contain_text(person.email.upper())
    expect_none(faults_of(page, "forgot-sent"))

    path = town.site.link(person.email, "/reset/")
    page.goto(path)
    expect(page.get_by_label("Новый пароль")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Новый пароль")).to_be_visible()
    expect_none(faults_of(page, "reset"))
    field = page.get_by_label("Новый пароль")
    field.fill("йцукенгш")
    page.get_by_role("button", name="Показать пароль").click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_have_value("йцукенгш")
    page.get_by_role("button", name="Сохранить новый пароль").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#password-error")).to_contain_text("подбирают")
    expect(field).to_have_value("йцукенгш")
    expect_none(faults_of(page, "reset-refused"))
    page.get_by_role("button", name="Скрыть пароль").click()
    expect(field).to_have_attribute("type", "password")
    field.fill(NEW)
    page.get_by_role("button", name="Сохранить новый пароль").click()
    expect(page.locator("#outcome")).to_be_focused()
    expect(page.locator("#outcome")).to_contain_text("Новый пароль сохранён")
    expect_none(faults_of(page, "reset-done"))

    other.get_by_role("link", name="История оплат").first.click()
    expect(other.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Вход").click()
    sign_in(page, person.email, PASSWORD)
    expect(page.locator("#error-summary")).to_contain_text("Неверный логин или пароль")
    sign_in(page, person.email, NEW)
    page.wait_for_url("**/overview")

    late = open_page("/", width=PHONE)
    late.goto(path)
    expect(late.locator("#outcome")).to_contain_text("Ссылка не действует")
    expect_none(faults_of(late, "reset-dead"))
    late.get_by_role("link", name="Получить новую ссылку").click()
    expect(late.locator("h1")).to_have_text("Забыли пароль?")


def test_a_refused_sign_in_does_not_leave_the_button_waiting(open_page: Open) -> None:
    page = open_page("/")
    sign_in(page, "nobody@example.org", "не тот пароль")
    expect(page.locator("#error-summary")).to_be_focused()
    expect_none(faults_of(page, "home-refused"))
    form = page.get_by_role("region", name="Вход в личный кабинет")
    expect(form.get_by_role("button", name="Вход", exact=True)).to_have_attribute("aria-busy", "false")


def test_a_password_at_the_front_door_can_be_shown_and_is_sent_as_typed(open_page: Open, town: Town) -> None:
    person = town.person(MANUAL)
    page = open_page("/")
    wide(page, PHONE)
    page.get_by_label("Логин (email)").fill(person.email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Показать пароль").click()
    expect(page.get_by_label("Пароль")).to_have_attribute("type", "text")
    expect(page.get_by_label("Пароль")).to_have_value(PASSWORD)
    page.evaluate(_LISTEN)
    page.get_by_role("button", name="Вход", exact=True).first.click()
    page.wait_for_url("**/overview")
    assert page.evaluate("sessionStorage.said") == "Подождите… true"
    names = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert names["lk_device"]["httpOnly"] is True
