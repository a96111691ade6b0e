"""Журнал действий through the real processor: found by person, account, deed and days, by administrators alone."""

from datetime import timedelta

import pytest

from lk_reflex.domain.administration.audit_search import BACKWARDS, NOBODY, PAGE
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.requests.machine import Status
from lk_reflex.ui import paths
from lk_reflex.ui.staff.audit.rows import details
from lk_reflex.ui.staff.audit.state import AuditState
from lk_reflex.ui.staff.days import NO_DAY
from tests.cast import NOW
from tests.requests.desk.requests import put_request
from tests.ui.plain import plain


@pytest.fixture
def noted(db, cast):
    """Four deeds on three days."""
    owner, operator = cast.owner.actor.user_id, cast.operator.actor.user_id
    with db.transaction() as writer:
        note(writer, "password-changed", now=NOW - timedelta(days=2), actor_id=owner, user_id=owner, address="10.0.0.7")
        note(writer, "account-linked", now=NOW - timedelta(days=1), actor_id=owner, account_id=cast.flat)
        note(writer, "order-seen", now=NOW, actor_id=operator, user_id=owner, account_id=cast.flat, order=17)
        note(writer, "refund-asked", now=NOW, actor_id=cast.admin.actor.user_id, kopecks=500_00, accepted=True)


@pytest.fixture
async def page(tabs, cast, noted):
    tab = tabs(cast.admin.cookie)
    await tab.open(paths.STAFF_AUDIT)
    return tab


def shown(tab):
    return [plain(row) for row in tab.seen(AuditState)["rows"]]


def deeds(tab):
    return [row.deed for row in shown(tab)]


async def test_the_newest_stand_first_and_in_words(page):
    rows = shown(page)
    assert [row.deed for row in rows] == [
        "Запрошен возврат платежа", "Сотрудник открыл платёж", "Привязан лицевой счет", "Пароль изменён",
    ]  # fmt: skip
    assert (rows[0].detail, rows[0].at) == ("сумма, руб. 500,00; принято да", "20.11.2026 15:00:00")
    assert (rows[1].by, rows[1].about, rows[1].account, rows[1].detail) == (
        "operator@example.org", "owner@example.org", "1234567899", "заказ № 17",
    )  # fmt: skip
    assert (rows[3].by, rows[3].about, rows[3].address) == ("owner@example.org", "", "10.0.0.7")


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ({"search": " Owner@Example.org "}, ["Сотрудник открыл платёж", "Привязан лицевой счет", "Пароль изменён"]),
        ({"search": "1234 567 899"}, ["Сотрудник открыл платёж", "Привязан лицевой счет"]),
        ({"action": "refund-asked"}, ["Запрошен возврат платежа"]),
        ({"first": "19.11.2026", "last": "19.11.2026"}, ["Привязан лицевой счет"]),
        ({"search": "owner@example.org", "action": "password-changed"}, ["Пароль изменён"]),
        ({"action": "no such deed"}, None),
        ({}, None),
    ],
)
async def test_it_is_narrowed(page, form, found):
    await page.send(AuditState.look_for, form=form)
    assert deeds(page) == (found if found is not None else deeds(page)) and len(deeds(page)) == len(found or range(4))


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"search": "nobody@example.org"}, "search_error", NOBODY),
        ({"search": "%"}, "search_error", NOBODY),
        ({"search": "x" * 10_000}, "search_error", NOBODY),
        ({"search": "a\0@b"}, "search_error", NOBODY),
        ({"first": "31.02.2026"}, "first_error", NO_DAY["first"]),
        ({"first": "20.11.2026", "last": "19.11.2026"}, "last_error", BACKWARDS),
    ],
)
async def test_what_cant_be_looked_for_is_said_at_its_place(page, form, field, words):
    await page.send(AuditState.look_for, form=form)
    assert page.seen(AuditState)[field] == words and page.seen(AuditState)["faults"]


async def test_it_is_read_page_by_page(page, db, cast):
    with db.transaction() as writer:
        for place in range(PAGE + 10):
            note(writer, "signed-in", now=NOW, actor_id=cast.owner.actor.user_id, rows=place)
    await page.send(AuditState.look_for, form={})
    first = [row.key for row in shown(page)]
    await page.send(AuditState.go_older)
    second = [row.key for row in shown(page)]
    assert (len(first), len(second)) == (PAGE, 14) and not set(first) & set(second)
    await page.send(AuditState.go_newer)
    assert [row.key for row in shown(page)] == first


async def test_nobody_else_reads_it(tabs, cast, noted):
    for person in (cast.operator, cast.owner):
        tab = tabs(person.cookie)
        await tab.open(paths.STAFF_AUDIT)
        await tab.send(AuditState.look_for, form={})
        assert not tab.seen(AuditState).get("rows")


async def test_a_request_is_found_by_its_number_and_named_by_it(page, db, cast):
    request_id = put_request(db, cast, "261120000001", status=Status.SENT)
    with db.transaction() as writer:
        note(writer, "request-seen", now=NOW, actor_id=cast.operator.actor.user_id, request=request_id)
    await page.send(AuditState.look_for, form={"search": "261120-000-001"})
    (row,) = shown(page)
    assert (row.deed, row.detail) == ("Сотрудник открыл заявку", "заявка № 261120-000-001")


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (
            {"switches": "documents=on, sealing=off"},
            "переключены «Документы»: включено, «Заявка на опломбировку»: выключено",
        ),
        ({"role": "operator"}, "роль оператор"),
        ({"kind": "sealing-application"}, "вид тип заявки"),
        ({"fields": "bic, name"}, "поля «БИК», «Наименование»"),
    ],
)
def test_short_english_names_are_said_in_russian(detail, said):
    assert details(detail) == said


def test_a_detail_nobody_has_words_for_is_shown_all_the_same():
    assert details({"strange": 5, "order": None, "known": False}) == "strange 5; заказ № —; знакомое устройство нет"
