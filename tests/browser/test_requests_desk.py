"""Two operators at one request, in two browsers: each sees the other, nothing is overwritten, no words are lost."""

import re
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Page, expect

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.core.signals import EVERY_DESK, QUEUE, stir
from lk_reflex.domain.requests.machine import Status
from tests.browser.conftest import Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE
from tests.browser.people import Person, Town
from tests.requests.desk.requests import put_request

FORM = {
    "owner": "Ромашкина Вера Павловна", "document": "Паспорт", "phone": "+7 912 345-67-89", "wished": "01.12.2026",
    "meters": [{"key": "m1", "serial": "00456789", "brand": "СВК", "place": "Кухня", "reading": "12,345"}],
}  # fmt: skip


def test_two_operators_at_one_request(open_page: Open, town: Town) -> None:
    resident = town.person(town.spare_account())
    first, second = _request(town, resident, "990101000001"), _request(town, resident, "990101000002")
    operator, colleague = (town.session_of(f"{name}@example.org") for name in ("operator", "operator2"))
    mine = open_page("/staff/requests", operator)
    mine.get_by_role("searchbox", name="Найти").fill("990101-000-001")
    mine.get_by_role("searchbox", name="Найти").press("Enter")
    expect(mine).to_have_url(re.compile("search=990101-000-001"))
    expect(mine.get_by_role("region", name="Заявки: таблица").get_by_role("row")).to_have_count(2)
    mine.get_by_role("link", name=_grouped(first)).click()
    mine.get_by_role("button", name="Отказать…").click()

    theirs = open_page(f"/staff/requests/{first}", colleague)
    expect(theirs.get_by_text("Сейчас смотрит")).to_be_visible()
    expect(mine.get_by_text("Сейчас смотрит")).to_be_visible()
    theirs.get_by_role("button", name="На исправление…").click()
    theirs.get_by_label("Комментарий для жителя").fill("Проверьте номер прибора")
    theirs.get_by_label("Счетчик 1: Заводской номер ПУ").check()

    mine.get_by_role("button", name="Отказать", exact=True).click()
    expect(mine.get_by_role("alert").get_by_text("Напишите причину отказа")).to_be_visible()
    expect_none(faults_of(mine, "desk-refusing", (DESKTOP, PHONE)))
    mine.get_by_label("Комментарий для жителя").fill("Прибор не найден по адресу")
    mine.get_by_role("button", name="Отказать", exact=True).click()
    expect(mine.locator("#outcome")).to_contain_text("Статус изменён: «Отказано»")
    expect_none(faults_of(mine, "desk-refused", (DESKTOP, PHONE)))

    expect(theirs.locator("#outcome")).to_contain_text("Пока вы смотрели")
    expect(theirs.get_by_label("Комментарий для жителя")).to_have_value("Проверьте номер прибора")
    expect_none(faults_of(theirs, "desk-outrun", (DESKTOP, PHONE)))
    theirs.get_by_role("button", name="На исправление", exact=True).click()
    expect(theirs.locator("#outcome")).to_contain_text("тем временем изменили")
    assert town.ask("SELECT status, version FROM requests WHERE number = ?", first) == [("refused", 2)]
    _comes_in(open_page("/staff/requests", colleague), town, resident, second)


def _comes_in(queue: Page, town: Town, resident: Person, known: str) -> None:
    """What is new is told and waits to be asked for."""
    expect(queue.get_by_role("link", name=_grouped(known))).to_be_visible()
    new = _request(town, resident, "990101000003", status=Status.SENT)
    town.database.write(_stirred, new)
    button = queue.get_by_role("button", name="Новых: 1 — показать")
    expect(button).to_be_visible()
    expect(queue.get_by_role("link", name=_grouped(new))).to_have_count(0)
    button.click()
    expect(queue.get_by_role("link", name=_grouped(new))).to_be_visible()


def _request(town: Town, resident: Person, number: str, *, status: Status = Status.ACCEPTED) -> str:
    account = resident.accounts[0]
    ((organization,),) = town.ask("SELECT organization_id FROM accounts WHERE id = ?", account)
    cast: Any = SimpleNamespace(organization=organization, owner=resident, flat=account)
    put_request(town.database, cast, number, status=status, sent_at=utc_now(), form=FORM)
    return number


def _stirred(db: Writer, number: str) -> None:
    stir(db, EVERY_DESK, QUEUE, now=utc_now(), subject=number)


def _grouped(number: str) -> str:
    return f"{number[:6]}-{number[6:9]}-{number[9:]}"
