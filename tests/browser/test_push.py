"""A phone of the demonstration: installed by a signed-in person, told by the worker, unbound in «Настройки»."""

from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.push.topics import Words
from tests.browser.conftest import Open
from tests.browser.look import DESKTOP, PHONE, axe, no_sideways_scroll, shot, small_targets, sticks_out, wide
from tests.browser.people import Town


def look(page: Page, name: str) -> None:
    """The page as it stands, on a desktop and on a phone."""
    for width in (DESKTOP, PHONE):
        wide(page, width)
        shot(page, name)
        assert axe(page) == ""
        assert no_sideways_scroll(page) and sticks_out(page) == [] and small_targets(page) == []
    wide(page, DESKTOP)


def test_an_installed_application_is_told_until_it_is_unbound(open_page: Open, town: Town) -> None:
    person = town.person()
    settings = open_page("/settings", person)
    card = settings.get_by_role("region", name="Уведомления на телефон")
    expect(card).to_contain_text("Телефонов пока нет")
    phone = settings.context.new_page()
    phone.goto("/demo/push")
    phone.get_by_label("Название телефона").fill("Телефон из теста")
    phone.get_by_role("button", name="Установить приложение").click()
    mine = phone.locator("section").filter(has_text="Телефон из теста")
    expect(mine).to_contain_text("приложение установлено")
    words = Words("Заявка на ремонт: Принято", "Номер 261123-482-913", "261123482913")
    town.database.write(
        tell, person.actor.user_id, "Заявка на ремонт 261123-482-913: Принято", kind="request", now=utc_now(),
        pushed=words,
    )  # fmt: skip
    for _ in range(20):  # the worker looks once a second
        phone.reload()
        if mine.get_by_text("Заявка на ремонт: Принято").count():
            break
        phone.wait_for_timeout(300)
    expect(mine).to_contain_text("на значке: 1")
    mine.locator("summary").click()
    expect(mine.locator("pre")).to_contain_text('"number": "261123482913"')
    look(phone, "demo-push")
    settings.reload()
    expect(card).to_contain_text("Телефон из теста")
    card.get_by_label("Платежи").click()
    expect(card.get_by_role("status")).to_have_text("Сохранено: «Платежи» — не присылать.")
    look(settings, "settings-phones")
    card.get_by_role("button", name="Отвязать Телефон из теста").click()
    expect(settings.locator("#said")).to_be_focused()
    expect(settings.locator("#said")).to_contain_text("Телефон отвязан")
    expect(card).to_contain_text("Телефонов пока нет")
