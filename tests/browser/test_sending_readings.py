"""Sending readings in a real browser: refusals, questions, repeats, and two fields that follow each other."""

import re

import pytest
from playwright.sync_api import Page, expect

from lk_reflex.domain.metering.meters import ScaleView
from lk_reflex.domain.metering.units import number
from tests.browser.conftest import LOADED, Open
from tests.browser.look import PHONE
from tests.browser.people import Person, Town
from tests.browser.reading import plain, rows


@pytest.fixture
def person(town: Town) -> Person:
    """Somebody with two or three meters that nobody else touches."""
    return town.person(town.spare_account())


def _scales(person: Person) -> list[ScaleView]:
    return [meter.scales[0] for meter in person.meters().meters]


def _usual(scale: ScaleView) -> str:
    """The last reading and a usual month more, as a person types it."""
    return f"{((scale.last or 0) + (scale.average or 1000)) // 10 / 100:.2f}".replace(".", ",")


def _send(page: Page) -> None:
    page.get_by_role("button", name="Передать показания").click()


def test_a_lower_reading_is_refused_at_its_field_and_nothing_is_lost(open_page: Open, person, town) -> None:
    page = open_page("/readings", person)
    good, low = _scales(person)[:2]
    page.locator(f"#reading-{good.row}").fill(_usual(good))
    page.locator(f"#reading-{low.row}").fill("0,5")
    day = page.get_by_label("Дата снятия показания").input_value()
    _send(page)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator(f"#reading-{low.row}-error")).to_contain_text("Меньше последнего показания")
    expect(page.locator(f"#reading-{low.row}")).to_have_attribute("aria-invalid", "true")
    assert town.sent(person.accounts[0]) == []
    page.locator("#error-summary a").click()
    expect(page.locator(f"#reading-{low.row}")).to_be_focused()
    expect(page.locator(f"#reading-{low.row}")).to_have_value("0,5")
    expect(page.locator(f"#reading-{good.row}")).to_have_value(_usual(good))
    expect(page.get_by_label("Дата снятия показания")).to_have_value(day)
    page.locator(f"#reading-{low.row}").fill(_usual(low))
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    expect(page.locator("#taken")).to_be_focused()
    expect(page.locator("#error-summary a")).to_have_count(0)
    assert len(town.sent(person.accounts[0])) == 2


def test_an_unusual_reading_is_asked_about(open_page: Open, person, town) -> None:
    page = open_page("/readings", person, width=PHONE)
    scale = next(scale for scale in _scales(person) if scale.average)
    much = (scale.last or 0) // 1000 + 9 * (scale.average or 0) // 1000 + 5
    page.locator(f"#reading-{scale.row}").fill(str(much))
    _send(page)
    yes = page.get_by_label("Да, показание верное")
    expect(yes).not_to_be_checked()
    expect(page.locator("#error-summary")).to_be_focused()
    assert town.sent(person.accounts[0]) == []
    page.locator("#error-summary a").click()
    expect(yes).to_be_focused()
    page.keyboard.press("Space")
    _send(page)
    expect(page.locator("#taken")).to_contain_text(f"показание {number(much * 1000)}".replace("\u00a0", " "))
    assert [value for _, value in town.sent(person.accounts[0])] == [much * 1000]


def test_a_sent_reading_stands_in_the_history(open_page: Open, person) -> None:
    page = open_page("/readings", person)
    meter = person.meters().meters[0]
    typed = number((meter.scales[0].last or 0) + 1500)
    page.locator(f"#reading-{meter.scales[0].row}").fill(typed)
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    page.goto("/meters")
    page.wait_for_function(LOADED)
    page.get_by_role("button", name=f"Показать {meter.name}", exact=True).first.click()
    past = page.get_by_role("table", name=meter.name, exact=True)
    expect(past).to_be_visible()
    assert rows(past)[0][2:] == ["Личный кабинет", plain(typed), "Передано"]


def test_a_reading_and_its_volume_follow_each_other(open_page: Open, person) -> None:
    page = open_page("/readings", person)
    scale = _scales(person)[0]
    reading, volume = page.locator(f"#reading-{scale.row}"), page.locator(f"#volume-{scale.row}")
    whole = str((scale.last or 0) // 1000 + 7)
    reading.press_sequentially(whole, delay=60)
    expect(reading).to_have_value(whole)
    expect(volume).not_to_have_value("")
    first = volume.input_value().strip()
    reading.press_sequentially(",25", delay=450)
    expect(volume).not_to_have_value(re.compile(rf"^{first}\s*$"))
    expect(reading).to_have_value(f"{whole},25")
    volume.fill("")
    volume.press_sequentially("3", delay=60)
    expect(reading).to_have_value(re.compile(rf"^{re.escape(number((scale.last or 0) + 3000))}\s*$"))
    volume.press_sequentially(",5", delay=450)
    expect(volume).to_have_value("3,5")
    expect(reading).to_have_value(re.compile(rf"^{re.escape(number((scale.last or 0) + 3500))}\s*$"))


# One after another by scripts, as fast as an event can be, and as slow as a person who presses twice to be sure.
_PRESS = """([times, pause]) => {
    const press = () => document.querySelector('main form').requestSubmit();
    for (let place = 0; place < times; place++) setTimeout(press, place * pause);
    return new Promise(done => setTimeout(done, times * pause));
}"""


@pytest.mark.parametrize(("times", "pause"), [(5, 0), (5, 30), (2, 200)])
def test_an_impatient_finger_sends_once(times, pause, open_page: Open, person, town) -> None:
    page = open_page("/readings", person, width=PHONE)
    scale = _scales(person)[0]
    field = page.locator(f"#reading-{scale.row}")
    field.fill(_usual(scale))
    page.evaluate(_PRESS, [times, pause])
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    expect(page.locator("#error-summary a")).to_have_count(0)
    page.reload()
    page.wait_for_function(LOADED)
    assert len(town.sent(person.accounts[0])) == 1
    assert town.ask("SELECT count(*) FROM submissions WHERE account_id = ?", person.accounts[0]) == [(1,)]


def test_a_second_thought_replaces_the_first(open_page: Open, person, town) -> None:
    page = open_page("/readings", person)
    scale = _scales(person)[0]
    field = page.locator(f"#reading-{scale.row}")
    for step, typed in enumerate((number((scale.last or 0) + volume) for volume in (1500, 2250)), 1):
        field.fill(typed)
        _send(page)
        expect(page.locator("#taken")).to_contain_text(plain(typed))
        expect(field).to_have_value("")
        assert len(town.sent(person.accounts[0])) == step
    held = town.ask(
        "SELECT count(*) FROM sent_readings s JOIN meters m ON m.id = s.meter_id"
        " WHERE m.account_id = ? AND s.replaced_at IS NULL",
        person.accounts[0],
    )
    assert held == [(1,)]


def test_an_empty_form_says_what_to_do(open_page: Open, person) -> None:
    page = open_page("/readings", person, width=PHONE)
    _send(page)
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").first.click()
    expect(page.locator("[id^=reading-m]:not([id$=error]):not([id$=hint])").first).to_be_focused()
