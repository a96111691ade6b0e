"""Readings without registration, as somebody with a paper receipt does it: in, send, out; and every state of it."""

import csv
import json
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update
from sqlmodel import col

from lk_reflex.domain.accounts.access_tables import GuestVisit
from lk_reflex.domain.accounts.guest_entry import CODE_AFTER
from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from lk_reflex.domain.identity.registering.captcha import digits_of
from lk_reflex.domain.identity.tables import Attempt
from lk_reflex.domain.metering.units import number
from tests.browser.conftest import LOADED, Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE
from tests.browser.people import Person, Town
from tests.browser.reading import plain
from tests.site import Site, command

_FORGET = delete(Attempt).where(col(Attempt.kind).like("guest:%"))
_END_ALL = update(GuestVisit).values(ended_at=col(GuestVisit.created_at))
_PLACE = """
    SELECT a.number, b.house, a.flat, a.surname FROM accounts a JOIN buildings b ON b.id = a.building_id
    WHERE a.id = ?
"""


@pytest.fixture(autouse=True)
def _no_misses_yet(town: Town) -> None:
    """All browsers of the tests are one client: nobody pays for another test's misses."""
    town.database.write(lambda db: db.change(_FORGET))


@pytest.fixture
def person(town: Town) -> Person:
    """A resident of a flat with two or three meters that nobody else touches; the guest isn't signed in."""
    return town.person(town.spare_account())


def _place(town: Town, person: Person) -> tuple[str, str, str, str]:
    return town.ask(_PLACE, person.accounts[0])[0]


def _knock(page: Page, number: str, house: str, flat: str) -> None:
    form = page.get_by_role("region", name="Передать показания ИПУ")
    form.get_by_label("Лицевой счет").fill(number)
    form.get_by_label("№ дома").fill(house)
    form.get_by_label("№ квартиры").fill(flat)
    form.get_by_role("button", name="Вход", exact=True).click()


def _miss(page: Page, times: int = 1) -> None:
    for _ in range(times):
        with page.expect_navigation():
            _knock(page, "9999999999", "10 А", "5")
        page.wait_for_function(LOADED)


def _enter(page: Page, town: Town, person: Person) -> None:
    account, house, flat, _ = _place(town, person)
    _knock(page, f" {account[:4]} {account[4:]} ", f"д. {house}", f"кв. {flat}" if flat else "")
    page.wait_for_url("**/guest")
    page.wait_for_function(LOADED)


def _fill(page: Page, person: Person, volume: int = 1500) -> list[int]:
    """A usual month more in each field; returns the values in thousandths."""
    values = []
    for meter in person.meters().meters:
        for scale in meter.scales:
            values.append((scale.last or 0) + volume)
            page.locator(f"#reading-{scale.row}").fill(plain(number(values[-1])))
    return values


def _send(page: Page) -> None:
    page.get_by_role("button", name="Передать показания").click()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_from_the_receipt_to_the_export(width, open_page: Open, town: Town, site: Site, person, tmp_path) -> None:
    account, _, _, surname = _place(town, person)
    page = open_page("/", width=width)
    _enter(page, town, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Передать показания ИПУ")
    main = page.get_by_role("main")
    expect(main).to_contain_text(account)
    last = person.meters().meters[0].scales[0].last or 0
    values = _fill(page, person)
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    expect(page.locator("#taken")).to_be_focused()
    expect(page.locator("#taken")).to_contain_text("Спасибо!")
    said = plain(page.locator("body").inner_text())
    assert surname not in said
    assert plain(number(last)) not in said
    assert "руб" not in said
    out = tmp_path / "readings.csv"
    done = command("export", "readings", "--out", str(out), data=site.data)
    assert done.returncode == 0, done.stderr
    with out.open(encoding="utf-8-sig", newline="") as file:
        mine = [row for row in csv.DictReader(file, delimiter=";") if row["Лицевой счет"] == account]
    assert {row["Источник"] for row in mine} == {"Без регистрации"}
    assert sorted(round(float(row["Показание"].replace(",", ".")) * 1000) for row in mine) == sorted(values)
    page.get_by_role("button", name="Завершить").click()
    expect(page.get_by_text("Вы завершили передачу показаний без регистрации.")).to_be_visible()
    page.goto("/guest")
    assert page.url == f"{site.base}/"


def test_what_was_wrong_is_said_and_what_was_typed_is_kept(open_page: Open, town, person) -> None:
    page = open_page("/", width=PHONE)
    _miss(page)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary")).to_contain_text("не найден. Сверьте все три поля с квитанцией")
    for label, value in (("Лицевой счет", "9999999999"), ("№ дома", "10 А"), ("№ квартиры", "5")):
        expect(page.get_by_label(label)).to_have_value(value)
    page.locator("#error-summary a").click()
    expect(page.get_by_label("Лицевой счет")).to_be_focused()
    _enter(page, town, person)


def _code(page: Page, site: Site) -> str:
    """What stands in the picture: read with the installation's own key."""
    source = page.locator("img[src*='/api/captcha/']").get_attribute("src") or ""
    return digits_of(source.split("/")[-1].removesuffix(".png"), (site.data / "secret.key").read_bytes())


def test_after_some_misses_the_code_is_typed_and_lets_in(open_page: Open, town, site, person) -> None:
    page = open_page("/")
    _miss(page, CODE_AFTER)
    expect(page.get_by_label("Прослушать код")).to_be_visible()
    picture = page.locator("img[src*='/api/captcha/']")
    first = picture.get_attribute("src") or ""
    page.get_by_role("button", name="Изменить код").click()
    expect(picture).not_to_have_attribute("src", first)
    expect(page.get_by_label("№ дома")).to_have_value("10 А")
    page.get_by_label("Введите код").fill(_code(page, site))
    account, house, flat, _ = _place(town, person)
    _knock(page, account, house, flat)
    page.wait_for_url("**/guest")


def test_the_half_hours_end_leads_home_and_what_was_typed_waits(open_page: Open, town, person) -> None:
    page = open_page("/", width=PHONE)
    _enter(page, town, person)
    page.wait_for_timeout(2_000)  # the loader follows what has filled the page; the half hour ends later than that
    town.database.write(lambda db: db.change(_END_ALL))
    values = _fill(page, person)
    _send(page)
    expect(page.get_by_text("вы закончили её или прошло 30 минут")).to_be_visible()
    assert town.sent(person.accounts[0]) == []
    _enter(page, town, person)
    first = person.meters().meters[0].scales[0]
    expect(page.locator(f"#reading-{first.row}")).to_have_value(plain(number(values[0])))
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    expect(page.locator(f"#reading-{first.row}")).to_have_value("")
    assert sorted(value for _, value in town.sent(person.accounts[0])) == sorted(values)


def test_the_next_guest_at_the_same_screen_sees_only_their_own(open_page: Open, town, person) -> None:
    other = town.person(town.spare_account())
    page = open_page("/")
    _enter(page, town, person)
    _fill(page, person)
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")
    mine = _place(town, person)[0]
    page.get_by_role("button", name="Завершить").click()
    page.wait_for_function(LOADED)
    page.go_back()
    page.wait_for_load_state()
    expect(page.get_by_text(mine)).to_have_count(0)
    page.goto("/")
    page.wait_for_function(LOADED)
    _enter(page, town, other)
    expect(page.get_by_role("main")).to_contain_text(_place(town, other)[0])
    expect(page.get_by_text(mine)).to_have_count(0)
    expect(page.locator("#taken")).to_be_empty()


def _refused(page: Page, town: Town, person: Person) -> None:
    _enter(page, town, person)
    page.locator(f"#reading-{person.meters().meters[0].scales[0].row}").fill("0,5")
    page.get_by_label("Дата снятия показания").fill("31.02.2026")
    _send(page)
    expect(page.locator("#error-summary a")).to_have_count(2)


def _asked(page: Page, town: Town, person: Person) -> None:
    _enter(page, town, person)
    meter = next(meter for meter in person.meters().meters if meter.scales[0].average)
    scale = meter.scales[0]
    page.locator(f"#reading-{scale.row}").fill(str(((scale.last or 0) + 9 * (scale.average or 0)) // 1000))
    _send(page)
    expect(page.get_by_label("Да, показание верное")).to_be_visible()


def _taken(page: Page, town: Town, person: Person) -> None:
    _enter(page, town, person)
    _fill(page, person)
    _send(page)
    expect(page.locator("#taken")).to_contain_text("Показания переданы")


def _left(page: Page, town: Town, person: Person) -> None:
    _enter(page, town, person)
    page.get_by_role("button", name="Завершить").click()
    page.wait_for_function(LOADED)


STATES: dict[str, Callable[[Page, Town, Person], None]] = {
    "guest-missed": lambda page, _town, _person: _miss(page),
    "guest-captcha": lambda page, _town, _person: _miss(page, CODE_AFTER),
    "guest-form": _enter,
    "guest-refused": _refused,
    "guest-question": _asked,
    "guest-taken": _taken,
    "guest-left": _left,
}


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_fit_for_everyone(name, open_page: Open, town, person) -> None:
    page = open_page("/")
    STATES[name](page, town, person)
    expect_none(faults_of(page, name))


def test_the_note_of_a_refusal_holds_no_secret(open_page: Open) -> None:
    page = open_page("/")
    _miss(page)
    (cookie,) = [one for one in page.context.cookies() if one.get("name") == FLASH_COOKIE]
    assert cookie.get("httpOnly")
    assert set(json.loads(unquote(str(cookie.get("value"))))) == {
        "form", "number", "house", "flat", "captcha_token", "faults",
    }  # fmt: skip
