"""«Исправить» an exported reading: from the resident's card over the operator's desk and back, in a browser."""

from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.metering.meters import AccountMeters
from lk_reflex.domain.metering.tables import CABINET, SentReading, Submission
from tests.browser.conftest import LOADED, Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE
from tests.browser.people import Person, Town

WHY = "Перепутана последняя цифра"


def test_from_the_card_to_the_desk_and_back(open_page: Open, town: Town) -> None:
    person = town.person(town.spare_account())
    right = _send_and_export(town, person)
    page = open_page("/readings", person)
    _ask(page, right)
    expect(page.locator("#correction-done")).to_contain_text("Просьба отправлена оператору")
    expect(page.get_by_role("main").get_by_text("ждёт оператора").first).to_be_visible()

    desk = open_page("/staff/readings", town.session_of("operator@example.org"))
    expect(desk.get_by_role("region", name="Просьбы исправить показания")).to_contain_text(WHY)
    line = desk.get_by_role("row").filter(has_text=WHY)
    line.get_by_role("button", name="Отклонить…").click()
    desk.get_by_role("button", name="Отклонить", exact=True).click()
    expect(desk.get_by_text("Напишите, почему отклонено")).to_be_visible()
    expect_none(faults_of(desk, "desk-declining", (DESKTOP, PHONE)))
    desk.get_by_label("Почему отклонено").press_sequentially("Н")
    expect(desk.get_by_text("Напишите, почему отклонено")).to_have_count(0)
    line.get_by_role("button", name="Исправить").click()
    expect(desk.get_by_role("button", name="Да, исправить")).to_be_focused()
    desk.get_by_role("button", name="Отмена").click()
    expect(line.get_by_role("button", name="Исправить")).to_be_focused()
    line.get_by_role("button", name="Исправить").click()
    expect(desk.get_by_text("Заменить ")).to_be_visible()
    expect_none(faults_of(desk, "desk-confirming", (DESKTOP, PHONE)))
    desk.get_by_role("button", name="Да, исправить").click()
    expect(desk.locator("#outcome")).to_contain_text("Исправлено")
    expect_none(faults_of(desk, "desk-decided", (DESKTOP, PHONE)))

    page.reload()
    page.wait_for_function(LOADED)
    expect(page.get_by_role("region", name="Просьбы исправить показания")).to_contain_text("исправлено")
    expect(page.get_by_role("main").get_by_text("Новое показание заменит его").first).to_be_visible()


def test_a_resident_is_led_away_from_the_desk(open_page: Open, town: Town) -> None:
    page = open_page("/staff/readings", town.person(town.spare_account()))
    expect(page.get_by_role("heading", name="Общая информация")).to_be_visible()
    expect(page.get_by_role("link", name="Просьбы исправить показания")).to_have_count(0)


def _ask(page: Page, right: str) -> None:
    """First with everything wrong, so that the faults are looked at, too."""
    page.get_by_role("button", name="Исправить").first.click()
    expect(page.locator("#correction")).to_be_focused()
    page.get_by_role("button", name="Отправить оператору").click()
    expect(page.locator("#correction-faults a")).to_have_count(2)
    expect_none(faults_of(page, "correction-refused", (DESKTOP, PHONE)))
    page.get_by_label("Верное показание").fill(right)
    page.get_by_label("Что было не так").fill(WHY)
    page.get_by_role("button", name="Отправить оператору").click()


def _send_and_export(town: Town, person: Person) -> str:
    """A usual reading of the first meter has gone to billing; returns another one that holds as well."""
    account = person.meters()
    meter = account.meters[0]
    last, usual = meter.scales[0].last or 0, meter.scales[0].average or 2_000
    town.database.write(_put, person, account, meter.meter_id, last + 2 * usual, 2 * usual)
    return f"{(last + usual) / 1000:.2f}"


def _put(db: Writer, person: Person, account: AccountMeters, meter: int, value: int, volume: int) -> None:
    now = utc_now()
    batch = Export(kind="readings", number=9_000, created_at=now, completed_at=now)
    db.add(batch)
    submission = Submission(
        key="key-of-a-journey", account_id=account.account_id, user_id=person.actor.user_id, source=CABINET,
        created_at=now,
    )  # fmt: skip
    db.add(submission)
    db.add(
        SentReading(
            submission_id=int(submission.id or 0), meter_id=meter, period=account.window.period,
            taken_on=account.today, value=value, volume=volume, export_id=batch.id,
        )
    )  # fmt: skip
