"""An appeal from a draft on a phone to the mark at the end; each step of the operator's shows by itself."""

from playwright.sync_api import Page, expect

from lk_reflex.domain.requests.machine import Status
from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import LOADED, Open
from tests.browser.look import PHONE
from tests.browser.people import Town
from tests.browser.services import TEXT, begin_appeal, move, number_on

HOSTILE = "<img src=x onerror=alert(1)> течь"


def _state(page: Page, status: str) -> None:
    expect(page.locator("main .card").first.locator(".tag")).to_have_text(status)


def test_from_a_phones_draft_to_the_mark_at_the_end(open_page: Open, town: Town) -> None:
    person = town.person(MANUAL)
    phone = open_page("/services", person, width=PHONE)
    phone.get_by_role("link", name="Написать обращение").click()
    begin_appeal(phone, person)
    phone.get_by_label("Текст обращения").press_sequentially(TEXT, delay=5)
    expect(phone.get_by_text("Сохранено в")).to_be_visible()
    number = number_on(phone)

    page = open_page("/services", person)
    page.get_by_role("link", name="Продолжить").click()
    expect(page.get_by_label("Текст обращения")).to_have_value(TEXT)
    page.get_by_label("Тема обращения").select_option("Качество воды")
    page.get_by_label("Контактный телефон").fill("89123456789")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Проверьте обращение")
    page.go_back()
    expect(page.get_by_label("Тема обращения")).to_have_value("Качество воды")
    page.get_by_label("Текст обращения").fill(f"{TEXT}. {HOSTILE}")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(HOSTILE)
    page.get_by_role("button", name="Отправить", exact=True).dblclick()
    page.wait_for_url(f"**/services/requests/{number}")
    expect(page.get_by_role("main")).to_contain_text("Обращение отправлено. Номер")
    assert town.ask("SELECT COUNT(*) FROM requests WHERE user_id = ?", person.actor.user_id) == [(1,)]
    page.reload()
    page.wait_for_function(LOADED)
    expect(page.get_by_role("main")).to_contain_text("Обращение отправлено. Номер")
    expect(page.get_by_role("main")).to_contain_text(HOSTILE)
    # The other device was still at the form, and is told.
    expect(phone.get_by_role("link", name="Открыть обращение")).to_be_visible()

    page.get_by_label("Ваше сообщение").fill("Я сегодня дома")
    page.wait_for_timeout(1100)  # what a page is told in its first second waits for the second
    move(town, person, number, Status.ACCEPTED)
    _state(page, "Принято")
    expect(page.get_by_label("Ваше сообщение")).to_have_value("Я сегодня дома")
    page.get_by_role("button", name="Отправить сообщение").click()
    expect(page.locator(".thread")).to_contain_text("Я сегодня дома")
    expect(page.get_by_label("Ваше сообщение")).to_have_value("")

    move(town, person, number, Status.CORRECTING, "Какой подъезд?", "text")
    _state(page, "На исправление")
    page.get_by_role("link", name="Исправить заявку").click()
    expect(page.get_by_role("main")).to_contain_text("Какой подъезд?")
    page.get_by_label("Текст обращения").fill("Подъезд третий, вода рыжая")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Проверьте обращение")
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url(f"**/services/requests/{number}")
    _state(page, "Отправлено")

    page.wait_for_timeout(1100)
    for status in (Status.ACCEPTED, Status.WORKING, Status.DONE):
        move(town, person, number, status)
    _state(page, "Выполнено")
    page.get_by_label("5: отлично").check()
    page.get_by_role("button", name="Оценить").click()
    expect(page.get_by_role("main")).to_contain_text("Ваша оценка: 5 из 5")


def test_a_draft_is_deleted_by_keyboard_and_gone_on_the_other_device(open_page: Open, town: Town) -> None:
    person = town.person(MANUAL)
    page = open_page("/services/appeal", person)
    begin_appeal(page, person)
    page.get_by_label("Текст обращения").fill("Не буду отправлять")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("main")).to_contain_text("Черновик сохранён")
    other = open_page("/services", person)
    page.goto("/services")
    page.wait_for_function(LOADED)
    page.get_by_role("button", name="Удалить").press("Enter")
    expect(page.locator("#delete-draft")).to_be_focused()
    page.get_by_role("button", name="Да, удалить").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Черновик удалён.")
    expect(other.get_by_role("heading", name="Черновики")).to_have_count(0)
    assert town.ask("SELECT COUNT(*) FROM requests WHERE user_id = ?", person.actor.user_id) == [(0,)]
