"""Registration as a person goes through it: the form with its mistakes, the letter, the link, the first sign-in."""

from playwright.sync_api import Page, expect

from lk_reflex.domain.identity.registering.captcha import digits_of
from tests.browser.conftest import LOADED, Open, sign_in
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import PHONE
from tests.browser.people import Town

PASSWORD = "три слова и кот"
SEND = "Отправить письмо для активации аккаунта"


def _code(page: Page, town: Town) -> str:
    """What a person reads in the picture, worked out as the server does."""
    token = page.locator("input[name=captcha_token]").input_value()
    return digits_of(token, (town.site.data / "secret.key").read_bytes())


def _fill(page: Page, email: str) -> None:
    page.get_by_label("Логин (email)").fill(email)
    page.get_by_label("Пароль *", exact=True).fill(PASSWORD)
    page.get_by_label("Пароль еще раз").fill(PASSWORD)
    page.get_by_label("Сотовый телефон").fill("8 (912) 345-67-89")
    page.get_by_label("Принимаю условия").check()
    page.get_by_label("Даю согласие на обработку").check()


def test_from_the_form_to_the_first_sign_in(open_page: Open, town: Town) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Регистрация").click()
    expect(page.locator("h1")).to_have_text("Регистрация")
    page.wait_for_function(LOADED)
    _fill(page, "Pervyi@Example.org")
    page.get_by_label("Введите код").fill(_code(page, town))
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("#sent")).to_be_focused()
    expect(page.locator("#sent")).to_contain_text("Мы отправили письмо на Pervyi@Example.org")
    expect_none(faults_of(page, "register-sent"))

    page.goto(town.site.link("pervyi@example.org", "/activate/"))
    expect(page.get_by_role("main")).to_contain_text("Pervyi@Example.org")
    page.reload()
    assert town.ask("SELECT count(*) FROM users WHERE email_key = 'pervyi@example.org'") == [(0,)]
    press = page.get_by_role("button", name="Активировать аккаунт")
    expect(press).to_be_visible()
    expect_none(faults_of(page, "activate"))
    press.click()
    page.wait_for_url("**/?done=activated")
    expect(page.locator("#message")).to_contain_text("Аккаунт активирован")
    sign_in(page, "pervyi@example.org", PASSWORD)
    page.wait_for_url("**/overview")
    expect(page.get_by_role("main")).to_contain_text("К аккаунту не привязаны лицевые счета!")
    agreed = town.ask(
        "SELECT document FROM consents JOIN users u ON u.id = user_id WHERE email_key = 'pervyi@example.org'"
    )
    assert {document for (document,) in agreed} == {"terms", "consent"}


def test_mistakes_lose_nothing_that_was_typed(open_page: Open, town: Town) -> None:
    page = open_page("/register", width=PHONE)
    _fill(page, "vtoroi@mail.ry")
    page.get_by_label("Введите код").fill("00000")
    page.get_by_label("Сотовый телефон").fill("351 700")
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").click()
    expect(page.get_by_label("Сотовый телефон")).to_be_focused()
    page.get_by_label("Сотовый телефон").fill("9123456789")
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("#email-error")).to_contain_text("vtoroi@mail.ru?")
    before = page.get_by_alt_text("Картинка с кодом").get_attribute("src")
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("#captcha-error")).to_contain_text("Код не совпал")
    expect(page.get_by_alt_text("Картинка с кодом")).not_to_have_attribute("src", before or "")
    expect(page.get_by_label("Введите код")).to_have_value("")
    expect(page.get_by_label("Логин (email)")).to_have_value("vtoroi@mail.ry")
    for label in ("Пароль *", "Пароль еще раз *"):
        expect(page.get_by_label(label, exact=True)).to_have_value(PASSWORD)
    expect(page.get_by_label("Сотовый телефон")).to_have_value("9123456789")
    expect(page.get_by_label("Принимаю условия")).to_be_checked()
    expect(page.get_by_label("Даю согласие на обработку")).to_be_checked()
    assert town.ask("SELECT count(*) FROM registrations WHERE email_key LIKE 'vtoroi@%'") == [(0,)]


def test_the_code_is_heard_and_changed_without_losing_the_form(open_page: Open, town: Town) -> None:
    page = open_page("/register")
    page.get_by_label("Логин (email)").fill("tretii@example.org")
    expect(page.locator("audio")).to_be_visible()
    said = page.evaluate(
        """async () => {
            const voice = document.querySelector('audio[aria-label="Прослушать код"]');
            voice.muted = true;
            await voice.play();
            return voice.duration;
        }"""
    )
    assert 6 < said < 14
    drawn = page.evaluate("document.querySelector('main img').naturalWidth")
    assert drawn == 240
    before = _code(page, town), page.locator("input[name=captcha_token]").input_value()
    page.get_by_role("button", name="Изменить код").click()
    expect(page.locator("input[name=captcha_token]")).not_to_have_value(before[1])
    expect(page.get_by_label("Логин (email)")).to_have_value("tretii@example.org")


def test_a_document_opens_beside_the_form(open_page: Open) -> None:
    page = open_page("/register")
    for name, heading in (
        ("пользовательского соглашения", "Пользовательское соглашение"),
        ("согласие на обработку персональных данных", "Согласие на обработку персональных данных"),
    ):
        with page.expect_popup() as opened:
            page.get_by_role("main").get_by_role("link", name=name).click()
        expect(opened.value.locator("h1")).to_have_text(heading)
    assert not page.get_by_label("Принимаю условия").is_checked()
    assert not page.get_by_label("Даю согласие на обработку").is_checked()
