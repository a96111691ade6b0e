"""Through Госуслуги as a person goes: there, as somebody, and back; the first time and the next."""

import re

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.domain.identity.demo import DEMO_PASSWORD
from lk_reflex.domain.identity.esia import bindings as esia
from lk_reflex.domain.identity.esia.entry import KNOWN
from lk_reflex.domain.identity.esia.tries import STALE
from lk_reflex.exchange.demo.cast import MANUAL
from lk_reflex.integrations.esia.port import Declined, Misconfigured, Silent, Unexpected
from tests.browser.conftest import Open
from tests.browser.look import (
    DESKTOP,
    NARROW,
    PHONE,
    axe,
    english,
    faint_borders,
    no_sideways_scroll,
    shot,
    small_targets,
    sticks_out,
    text_size,
    tiny_texts,
    wide,
)
from tests.browser.people import PASSWORD, Town

MARIA, OLEG, TATYANA = "Иванова Мария Петровна", "Смирнов Олег Игоревич", "Кузнецова Татьяна Львовна"
SERGEY, ANNA = "Здетовецкий Сергей Владимирович", "Здетовецкая Анна Сергеевна"


@pytest.fixture(autouse=True)
def unbound(town: Town) -> None:
    """Nobody of the stand-in's people is bound when a journey begins, and nobody waits for having begun too many."""
    with town.database.transaction() as db:
        for statement in (
            "DELETE FROM esia_bindings",
            "DELETE FROM attempts",
            "DELETE FROM account_links WHERE user_id IN (SELECT id FROM users WHERE password_hash IS NULL)",
            "DELETE FROM users WHERE password_hash IS NULL",
        ):
            db.connection.exec_driver_sql(statement)


def go_there(page: Page) -> None:
    """From the home page."""
    page.get_by_role("link", name="Вход через Госуслуги").click()
    expect(page.get_by_role("heading", name="Госуслуги для демонстрации")).to_be_visible()


def ask_to_bind(page: Page) -> None:
    """On the settings."""
    page.locator("#gosuslugi-password").fill(PASSWORD)
    page.get_by_role("button", name="Привязать +").click()
    expect(page.get_by_role("heading", name="Госуслуги для демонстрации")).to_be_visible()


def be(page: Page, person: str, press: str = "Войти") -> None:
    """On the stand-in's page."""
    page.get_by_label(person).check()
    page.get_by_role("button", name=press, exact=True).click()


def arrive(page: Page, person: str) -> Page:
    """At the page of choice."""
    go_there(page)
    be(page, person)
    page.wait_for_url("**/esia")
    expect(page.get_by_role("heading", name="Вход через Госуслуги")).to_be_visible()
    expect(page.get_by_role("heading", name="Я здесь впервые")).to_be_visible()
    return page


def create(page: Page) -> None:
    """Tick both and send."""
    page.get_by_label("Принимаю условия").check()
    page.get_by_label("Даю согласие").check()
    page.get_by_role("button", name="Создать учётную запись").click()


def test_the_password_is_asked_once_and_then_never_again(open_page: Open, town) -> None:
    person = town.person(MANUAL)
    page = arrive(open_page("/charges?month=2019-09"), SERGEY)
    have = page.get_by_role("region", name="У меня есть учётная запись")
    have.get_by_label("Логин (email)").fill(person.email)
    have.get_by_label("Пароль").fill(PASSWORD)
    have.get_by_role("button", name="Войти и привязать").click()
    page.wait_for_url("**/charges?month=2019-09")
    expect(page.get_by_role("table").first).to_be_visible()
    binding = town.database.read(esia.binding_of, person.actor.user_id)
    assert binding.confirms("здетовецкий")
    again = open_page("/", width=PHONE)
    go_there(again)
    be(again, SERGEY)
    again.wait_for_url("**/overview")
    expect(again.get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_password_is_said_and_the_login_kept(open_page: Open, town) -> None:
    page = arrive(open_page("/"), SERGEY)
    have = page.get_by_role("region", name="У меня есть учётная запись")
    have.get_by_label("Логин (email)").fill("anna@example.org")
    have.get_by_label("Пароль").fill("не тот пароль")
    have.get_by_role("button", name="Войти и привязать").click()
    expect(page.locator("#error-summary")).to_contain_text("Неверный логин или пароль")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page).to_have_title("Ошибка: Вход через Госуслуги — Личный кабинет")
    expect(have.get_by_label("Логин (email)")).to_have_value("anna@example.org")
    have.get_by_label("Пароль").fill(DEMO_PASSWORD)
    have.get_by_role("button", name="Войти и привязать").click()
    page.wait_for_url("**/overview")


def test_a_confirmed_e_mail_makes_a_login_that_cannot_be_unbound_without_a_password(open_page: Open, town) -> None:
    page = arrive(open_page("/", width=PHONE), MARIA)
    email = page.get_by_role("region", name="Я здесь впервые").get_by_label("Логин (email)")
    expect(email).to_have_value("maria.ivanova@example.org")
    create(page)
    page.wait_for_url("**/overview")
    expect(page.get_by_text("К аккаунту не привязаны лицевые счета!").first).to_be_visible()
    page.goto("/settings")
    page.get_by_role("button", name=re.compile("Отвязать")).click()
    page.get_by_role("button", name=re.compile("Да, отвязать")).click()
    expect(page.get_by_text(esia.NO_PASSWORD).first).to_be_visible()
    assert town.ask("SELECT count(*) FROM esia_bindings") == [(1,)]


@pytest.mark.parametrize(("who", "filled"), [(OLEG, "oleg.smirnov@example.org"), (TATYANA, "")])
def test_another_e_mail_waits_for_its_link_and_then_gosuslugi_are_enough(open_page: Open, town, who, filled) -> None:
    page = arrive(open_page("/"), who)
    email = page.get_by_role("region", name="Я здесь впервые").get_by_label("Логин (email)")
    expect(email).to_have_value(filled)
    address = filled or "tatyana@example.org"
    email.fill(address)
    create(page)
    expect(page.get_by_text(f"Мы отправили письмо на {address}.")).to_be_visible()
    assert town.ask("SELECT count(*) FROM esia_bindings") == [(0,)]
    # From the mailbox: the outbox wipes a letter's text as soon as it has gone.
    letter = town.site.letter(address, "Активация аккаунта в личном кабинете")
    link = re.search(r"/activate/\S+", letter.plain)
    assert link
    page.goto(link[0])
    expect(page.get_by_text(" ".join(who.split()[1:]))).to_be_visible()
    page.get_by_role("button", name="Активировать аккаунт").click()
    page.wait_for_url("**/?done=esia")
    expect(page.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()
    go_there(page)
    be(page, who)
    page.wait_for_url("**/overview")


def test_an_e_mail_that_has_a_login_is_not_taken_over(open_page: Open, town) -> None:
    page = arrive(open_page("/"), ANNA)
    expect(page.get_by_text("У вашего адреса уже есть учётная запись")).to_be_visible()
    expect(page.get_by_role("region", name="У меня есть").get_by_label("Логин (email)")).to_have_value(
        "anna@example.org"
    )
    page.get_by_role("region", name="Я здесь впервые").get_by_label("Логин (email)").fill("anna@example.org")
    create(page)
    expect(page.locator("#error-summary")).to_contain_text(KNOWN)
    assert town.ask("SELECT count(*) FROM esia_bindings") == [(0,)]
    page.get_by_role("region", name="У меня есть").get_by_label("Пароль").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Войти и привязать").click()
    page.wait_for_url("**/overview")
    expect(page.get_by_title("Выбор лицевого счета")).to_contain_text("1234567899")


def test_binding_from_the_settings_and_an_identity_that_is_anothers(open_page: Open, town) -> None:
    first, second = town.person(MANUAL), town.person(MANUAL)
    page = open_page("/settings", first)
    ask_to_bind(page)
    be(page, MARIA)
    page.wait_for_url("**/settings?esia=bound")
    expect(page.get_by_text("Мария Петровна И.").first).to_be_visible()
    other = open_page("/settings", second)
    ask_to_bind(other)
    be(other, MARIA)
    other.wait_for_url("**/settings?fault=esia")
    expect(other.get_by_text(esia.TAKEN).first).to_be_visible()
    assert town.database.read(esia.user_of, "1000500001") == first.actor.user_id


def test_whoever_is_not_the_one_leaves(open_page: Open, town) -> None:
    page = arrive(open_page("/"), MARIA)
    page.get_by_role("link", name="Выйти из Госуслуг").click()
    expect(page.get_by_role("heading", name="Вход в личный кабинет")).to_be_visible()
    page.goto("/esia")
    expect(page.get_by_role("heading", name="Время входа через Госуслуги истекло")).to_be_visible()


@pytest.mark.parametrize(
    ("press", "sentence"),
    [
        ("Отказаться", Declined.says),
        ("Системе не разрешён вход (007005)", Misconfigured.says),
        ("Неверная подпись запроса (007053)", Misconfigured.says),
        ("Нет обязательного параметра (007014)", Misconfigured.says),
        ("Неизвестная ошибка", Unexpected.says),
        ("Госуслуги отвечают «503»", Silent.says),
    ],
)
def test_what_goes_wrong_there_is_a_sentence_here(open_page: Open, press, sentence) -> None:
    page = open_page("/charges")
    go_there(page)
    if press != "Отказаться":
        page.get_by_text("Что может пойти не так").click()
    be(page, MARIA, press)
    expect(page.locator("#error-summary")).to_contain_text(sentence)
    expect(page.locator("#error-summary")).to_be_focused()
    assert "next=/charges" in page.url


def test_going_back_and_answering_otherwise_says_what_to_do(open_page: Open) -> None:
    page = open_page("/")
    go_there(page)
    be(page, MARIA, "Отказаться")
    expect(page.locator("#error-summary")).to_contain_text(Declined.says)
    page.go_back()
    be(page, MARIA)
    expect(page.locator("#error-summary")).to_contain_text(STALE)


def _refused(page: Page) -> None:
    page.get_by_role("button", name="Создать учётную запись").click()
    expect(page.locator("#error-summary a")).to_have_count(2)


def _sent(page: Page) -> None:
    create(page)
    expect(page.get_by_text("Мы отправили письмо на")).to_be_visible()


def _over(page: Page) -> None:
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="Время входа через Госуслуги истекло")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "who", "prepare"),
    [
        ("choice", MARIA, None),
        ("known", ANNA, None),
        ("empty", TATYANA, None),
        ("refused", MARIA, _refused),
        ("sent", OLEG, _sent),
        ("over", MARIA, _over),
    ],
)
def test_the_page_of_choice_is_fit_for_everyone(open_page: Open, name, who, prepare) -> None:
    page = arrive(open_page("/"), who)
    if prepare:
        prepare(page)
    _fit(page, f"esia-{name}")


@pytest.mark.parametrize("path", ["/demo/esia", "sign-in"])
def test_the_stand_ins_pages_are_fit_for_everyone(open_page: Open, path) -> None:
    page = open_page("/")
    if path == "sign-in":
        go_there(page)
        page.get_by_text("Что может пойти не так").click()
    else:
        page.goto(path)
    _fit(page, f"stand-in-esia-{path.strip('/').replace('/', '-')}")
    assert page.locator("script").count() == 0


def _fit(page: Page, name: str) -> None:
    faults = {"english": english(page)}
    for width in (DESKTOP, PHONE):
        wide(page, width)
        shot(page, name)
        faults[f"axe at {width}"] = axe(page)
        faults[f"cut at {width}"] = sticks_out(page)
        faults[f"tiny at {width}"] = tiny_texts(page)
        faults[f"scroll at {width}"] = "" if no_sideways_scroll(page) else "scrolls sideways"
        faults[f"borders at {width}"] = faint_borders(page)
    faults["small targets"] = small_targets(page)
    wide(page, NARROW)
    faults["cut at 320"] = sticks_out(page)
    text_size(page, 32)
    wide(page, PHONE)
    faults["200 % at 390"] = sticks_out(page)
    found = {what: fault for what, fault in faults.items() if fault}
    assert not found
