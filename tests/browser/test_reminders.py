"""From a reminder in the mailbox to the sent reading without signing in; the feed with its counter; every state."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.accounts.reading_links import make_link
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import REMINDER
from lk_reflex.domain.metering.reminders.letters import Asked, readings_letter
from lk_reflex.domain.metering.reminders.persons import Whose
from lk_reflex.domain.metering.reminders.places import LAST
from lk_reflex.domain.metering.units import number
from lk_reflex.domain.notifications.feed import tell
from tests.browser.conftest import LOADED, Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE
from tests.browser.people import Person, Town
from tests.browser.reading import plain
from tests.site import Site

_PLACE = """
    SELECT a.number, b.street, b.house, a.flat FROM accounts a JOIN buildings b ON b.id = a.building_id WHERE a.id = ?
"""
BUTTON = "Открыть форму показаний"


@pytest.fixture
def person(town: Town) -> Person:
    """A resident whom nobody else is, and who hasn't signed in in the browser of the test."""
    return town.person(town.spare_account())


def _link(town: Town, person: Person) -> str:
    now = utc_now()
    until = now + timedelta(days=2)
    return town.database.write(make_link, person.actor.user_id, person.accounts[0], until=until, now=now)


def _write(town: Town, site: Site, person: Person) -> None:
    """The letter that the worker writes, whatever day of the month it is."""
    account, *place = town.ask(_PLACE, person.accounts[0])[0]
    whose = Whose(person.accounts[0], account, ", ".join(place))
    asked = Asked(whose, LAST, 3, utc_now().date(), f"{site.base}/remind/{_link(town, person)}")
    letter = readings_letter([asked])
    town.database.write(queue, person.email, letter, kind=REMINDER, now=utc_now())


def _tell(town: Town, person: Person, *titles: str) -> None:
    for title in titles:
        town.database.write(
            tell, person.actor.user_id, title, "Передайте их до 25 ноября включительно.", kind="readings",
            now=utc_now(), link="/readings", account_id=person.accounts[0],
        )  # fmt: skip


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_from_the_letter_to_the_sent_reading(width, open_page: Open, town: Town, site: Site, person: Person) -> None:
    _write(town, site, person)
    path = site.link(person.email, "/remind/")
    page = open_page("/demo/mail", width=width) if width == DESKTOP else open_page(path, width=width)
    if width == DESKTOP:
        page.goto(path)
        page.wait_for_function(LOADED)
    account = town.ask(_PLACE, person.accounts[0])[0][0]
    expect(page.get_by_role("main")).to_contain_text(f"••••{account[-4:]}")
    expect(page.get_by_role("main")).not_to_contain_text(account)
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url("**/guest")
    page.wait_for_function(LOADED)
    scale = person.meters().meters[0].scales[0]
    expect(page.get_by_role("main")).to_contain_text(number(scale.last or 0))
    values = []
    for meter in person.meters().meters:
        for each in meter.scales:
            values.append((each.last or 0) + 1500)
            page.locator(f"#reading-{each.row}").fill(plain(number(values[-1])))
    page.get_by_role("button", name="Передать показания").click()
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    assert sorted(value for _, value in town.sent(person.accounts[0])) == sorted(values)
    assert site.letter(person.email, "Показания приняты")
    # The same letter once more: here it leads back to the open form, elsewhere its link is used up.
    page.goto(path)
    expect(page.get_by_text("Форма уже открыта до")).to_be_visible()
    elsewhere = open_page(path, width=width)
    expect(elsewhere.get_by_text("Ссылка уже использована или её срок истёк.")).to_be_visible()
    expect(elsewhere.get_by_role("link", name="Передать без регистрации")).to_be_visible()


def test_looking_at_the_address_again_and_again_uses_nothing_up(open_page: Open, town: Town, person: Person) -> None:
    link = _link(town, person)
    for _ in range(2):
        page = open_page(f"/remind/{link}")
        expect(page.get_by_role("button", name=BUTTON)).to_be_visible()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_counter_changes_without_a_new_page(width, open_page: Open, town: Town, person: Person) -> None:
    _tell(town, person, "Первое", "Второе")
    page = open_page("/notifications", person, width=width)
    menu = page.get_by_role("navigation", name="Разделы", exact=True)
    counter = menu.get_by_role("link", name=re.compile("^Уведомления"))
    if width == PHONE:
        counter = page.get_by_role("navigation", name="Разделы (телефон)").locator("summary")
    expect(counter).to_contain_text("2")
    page.get_by_role("button", name=re.compile("Прочитано\\s+Первое")).click()
    expect(counter).to_contain_text("1")
    page.get_by_role("link", name=re.compile("Открыть\\s+Второе")).click()
    page.wait_for_url("**/readings")
    expect(counter).not_to_contain_text(re.compile("[0-9]"))


def _feed(page: Page, town: Town, person: Person) -> None:
    _tell(town, person, "Показания за ноябрь ещё не переданы: осталось 3 дня", "Срок поверки истёк 01.11.2026")
    page.goto("/notifications")
    page.wait_for_function(LOADED)
    expect(page.get_by_role("button", name="Отметить все прочитанными")).to_be_visible()


def _read(page: Page, town: Town, person: Person) -> None:
    _feed(page, town, person)
    page.get_by_role("button", name="Отметить все прочитанными").click()
    expect(page.get_by_text("Все уведомления прочитаны.")).to_be_visible()


def _empty(page: Page, _town: Town, _person: Person) -> None:
    page.goto("/notifications")
    page.wait_for_function(LOADED)
    expect(page.get_by_role("heading", level=1)).to_have_text("Уведомления")


def _newest(page: Page, town: Town, person: Person) -> None:
    _tell(town, person, "Показания за ноябрь ещё не переданы: осталось 3 дня")
    page.goto("/overview")
    page.wait_for_function(LOADED)
    expect(page.get_by_role("main").get_by_role("link", name="Показания за ноябрь ещё не переданы")).to_be_visible()


def _offer(page: Page, town: Town, person: Person) -> None:
    page.goto(f"/remind/{_link(town, person)}")
    page.wait_for_function(LOADED)
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()


def _stale(page: Page, _town: Town, _person: Person) -> None:
    page.goto("/remind/used")
    page.wait_for_function(LOADED)
    expect(page.get_by_text("Ссылка уже использована")).to_be_visible()


def _opened(page: Page, town: Town, person: Person) -> None:
    _offer(page, town, person)
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url("**/guest")
    page.wait_for_function(LOADED)


STATES: dict[str, tuple[Callable[[Page, Town, Person], None], bool]] = {
    "notifications": (_feed, True),
    "notifications-read": (_read, True),
    "notifications-empty": (_empty, True),
    "overview-newest": (_newest, True),
    "remind-offer": (_offer, False),
    "remind-stale": (_stale, False),
    "remind-form": (_opened, False),
}


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_fit_for_everyone(name, open_page: Open, town: Town, person: Person) -> None:
    prepare, signed_in = STATES[name]
    page = open_page("/help", person if signed_in else None)
    prepare(page, town, person)
    expect_none(faults_of(page, name))
