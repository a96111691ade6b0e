"""An application for three meters: begun on a phone, finished on a desktop, sent, corrected, and worked off."""

from playwright.sync_api import Page, expect

from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.letters import title_of
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.exchange.demo.cast import MANUAL
from tests.browser.conftest import Open
from tests.browser.look import DESKTOP, PHONE, axe, shot
from tests.browser.people import Town
from tests.browser.sealing import PASSPORT, attach, fill_meter, get_service

UNREAD = ".menu a[href='/notifications'] .count"


def _passport(page: Page) -> None:
    for label, text in PASSPORT.items():
        page.get_by_label(label, exact=True).fill(text)


def test_three_meters_begun_on_a_phone_and_finished_on_a_desktop(open_page: Open, town: Town) -> None:
    person = town.person(MANUAL)
    phone = open_page("/services/sealing", person, width=PHONE)
    address = get_service(phone)
    _passport(phone)
    phone.get_by_label("Контактный телефон").fill("8 912 345-67-89")
    for place in (2, 3):
        phone.get_by_role("button", name="+ Добавить счетчик").click()
        expect(
            phone.get_by_role("heading", name=f"Счетчик {place} из 3" if place == 3 else "Счетчик 2 из 2")
        ).to_be_visible()
    expect(phone.locator("[id='m3.application']")).to_be_focused()
    for place, key in enumerate(("m1", "m2"), 1):
        fill_meter(phone, key, serial=f"5841674541{place}", new=place == 1)
    attach(phone, "m1:passport")
    expect(phone.locator("[id='file-m1:act']")).to_have_count(0)  # a new meter needs none
    phone.get_by_role("button", name="Сохранить").click()
    expect(phone.locator("#kept")).to_contain_text("в черновики")
    shot(phone, "sealing-kept-phone")

    desk = open_page(address, person, width=DESKTOP)
    expect(desk.locator("[id='m2.serial']")).to_have_value("58416745412")
    expect(desk.locator(".passport")).to_contain_text("•• ••  ••••73")
    expect(desk.get_by_label("Серия *", exact=True)).to_have_count(0)
    desk.get_by_role("button", name="Отправить", exact=True).click()
    summary = desk.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Счетчик 3: ")
    summary.get_by_role("link").first.click()
    expect(desk.locator("[id='file-m2:passport']")).to_be_focused()
    assert not axe(desk)
    fill_meter(desk, "m3", serial="58416745413", new=True)
    for slot in ("m2:passport", "m2:act", "m3:passport"):
        attach(desk, slot)
    desk.get_by_role("button", name="Отправить", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Проверьте заявку")
    desk.get_by_label("Обязуюсь предоставить доступ").check()
    desk.get_by_text("Прочитать обязательство").click()
    desk.get_by_role("button", name="Отправить").click()
    expect(desk.locator("#error-summary")).to_be_focused()
    expect(desk.get_by_label("Обязуюсь предоставить доступ")).to_be_checked()
    assert not axe(desk)
    desk.go_back()
    expect(desk.locator("[id='m3.serial']")).to_have_value("58416745413")
    desk.get_by_role("button", name="Отправить", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Проверьте заявку")
    desk.get_by_label("Принимаю условия").check()
    desk.get_by_label("Обязуюсь предоставить доступ").check()
    for _ in range(5):
        desk.keyboard.press("Enter")
    desk.wait_for_url("**/services/requests/*")
    number = address.rpartition("/")[2]
    assert town.ask("SELECT status FROM requests WHERE number = ?", number) == [("sent",)]
    meters = "SELECT count(*) FROM request_meters m JOIN requests r ON r.id = m.request_id WHERE r.number = ?"
    assert town.ask(meters, number) == [(3,)]
    _worked_off(open_page, town, desk, number)


def _worked_off(open_page: Open, town: Town, resident: Page, number: str) -> None:
    """By an operator in another browser: each step shows on the resident's page by itself, and in the mailbox."""
    operator = open_page(f"/staff/requests/{number}", town.session_of("operator@example.org"))
    _moved(operator, resident, "Принять", "Принято")
    _moved(operator, resident, "На исправление", "На исправление", "Уточните телефон", "Контактный телефон")
    expect(resident.get_by_role("main")).to_contain_text("Уточните телефон")
    resident.get_by_role("link", name="Исправить заявку").click()
    marked = resident.get_by_label("Контактный телефон")
    expect(resident.get_by_role("link", name="Исправьте: ").first).to_be_visible()
    marked.fill("8 912 345-67-80")
    resident.get_by_role("button", name="Отправить", exact=True).click()
    expect(resident.get_by_role("heading", level=1)).to_have_text("Проверьте заявку")
    resident.get_by_label("Принимаю условия").check()
    resident.get_by_label("Обязуюсь предоставить доступ").check()
    resident.get_by_role("button", name="Отправить", exact=True).click()
    resident.wait_for_url("**/services/requests/*")
    expect(operator.locator("main .tag").first).to_have_text("Отправлено")
    expect(operator.get_by_role("main")).to_contain_text("80")
    for button, status in (("Принять", "Принято"), ("Взять в работу", "В работу"), ("Выполнено", "Выполнено")):
        _moved(operator, resident, button, status)
    recipient = town.ask("SELECT u.email FROM users u JOIN requests r ON r.user_id = u.id WHERE r.number = ?", number)
    for status in (Status.ACCEPTED, Status.CORRECTING, Status.WORKING, Status.DONE):
        town.site.letter(recipient[0][0], title_of(Kind.SEALING, number, TITLES[status]))


def _moved(operator: Page, resident: Page, button: str, status: str, comment: str = "", field: str = "") -> None:
    """A move with its comment; `field` is what «На исправление» names."""
    unread = _unread(resident)
    operator.get_by_role("button", name=button).first.click()
    if field:
        operator.get_by_label(field, exact=True).check()
    operator.get_by_label("Комментарий для жителя").fill(comment)
    operator.locator("#move").get_by_role("button", name=button, exact=True).click()
    expect(operator.locator("#outcome")).to_contain_text(f"Статус изменён: «{status}»")
    expect(resident.locator("main .tag").first).to_have_text(status)
    expect(resident.locator(UNREAD)).to_have_text(str(unread + 1))


def _unread(page: Page) -> int:
    counter = page.locator(UNREAD)
    return int(counter.inner_text()) if counter.count() else 0
