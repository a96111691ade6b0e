"""Обмен с биллингом through the real processor."""

import pytest

from lk_reflex.core.signals import EVERY_DESK, EXCHANGE, Heard
from lk_reflex.core.task_files import Progress, TaskFiles
from lk_reflex.domain.exchange_log import tasks
from lk_reflex.domain.exchange_log.tasks import EXPORT, IMPORT, Order, Status
from lk_reflex.ui import paths, task_ear
from lk_reflex.ui.staff.exchange import state
from lk_reflex.ui.staff.exchange.state import CANCELLED, EXPORT_ORDERED, NO_MONTH, ExchangeState
from tests.cast import NOW
from tests.ui.plain import plain


@pytest.fixture
def files(tmp_path, monkeypatch):
    made = TaskFiles(tmp_path / "exchange")
    for module in (state, task_ear):
        monkeypatch.setattr(module, "task_files", lambda: made)
    return made


@pytest.fixture
async def page(tabs, cast, files):
    tab = tabs(cast.admin.cookie)
    await tab.open(paths.STAFF_EXCHANGE)
    return tab


def shown(tab):
    return [plain(row) for row in tab.seen(ExchangeState)["tasks"]]


async def test_an_export_is_ordered_and_can_be_cancelled(page, db, cast):
    assert page.seen(ExchangeState)["loaded"] and shown(page) == []
    await page.send(ExchangeState.order_export, form={"kind": "payments", "suffix": "xlsx"})
    assert page.seen(ExchangeState)["outcome"] == EXPORT_ORDERED
    (row,) = shown(page)
    assert (row.what, row.status, row.waiting, row.at) == (
        "Выгрузка: платежи",
        "Ждёт очереди",
        True,
        "20.11.2026 15:00",
    )
    await page.send(ExchangeState.cancel, key=row.key)
    assert page.seen(ExchangeState)["outcome"] == CANCELLED and shown(page)[0].status == "Отменено"


async def test_how_far_it_is_and_what_came_of_it_are_shown(page, db, cast, files):
    order = Order(IMPORT, "package", name="пакет.zip", options={"dry_run": True})
    task = db.write(tasks.order_task, cast.admin.actor, order, now=NOW)
    db.write(tasks.begin_task, task, now=NOW)
    files.say(task, Progress("receipts.csv: 10 строк", 30, 100))
    await page.send(ExchangeState.load)
    row = shown(page)[0]
    assert (row.what, row.name, row.running, row.share, row.progress) == (
        "Проверка пакета", "пакет.zip", True, 30, "receipts.csv: 10 строк",
    )  # fmt: skip
    lines = ["Пакет пакет.zip", *(f"  ошибка {n}" for n in range(100)), "База не изменена, ошибок: 100."]
    db.write(tasks.end_task, task, Status.REFUSED, lines, now=NOW)
    await page.send(ExchangeState.load)
    row = shown(page)[0]
    assert (row.status, row.verdict) == ("Не принято", "База не изменена, ошибок: 100.")
    assert len(row.report) == 60 and row.more == "Показаны первые 60 строк из 102."
    assert (row.report_href, row.file_href) == (f"/api/staff/exchange/{task}/report.txt", "")


async def test_an_unreadable_month_and_an_unknown_profile_are_said(page):
    await page.send(ExchangeState.order_export, form={"kind": "readings", "export-month": "октябрь"})
    assert page.seen(ExchangeState)["export_month_error"] == NO_MONTH
    await page.send(ExchangeState.order_export, form={"profile": "нет такого"})
    assert "нет такого" in page.seen(ExchangeState)["outcome"] and shown(page) == []


@pytest.mark.parametrize("form", [{}, {"kind": ["readings"]}, {"kind": "charges"}, {"suffix": None}])
async def test_a_form_of_anything_orders_what_can_be_ordered(page, form):
    await page.send(ExchangeState.order_export, form=form)
    assert shown(page)[0].what == "Выгрузка: показания"


async def test_a_full_queue_is_said(page, db, cast):
    for _ in range(tasks.MOST_WAITING):
        db.write(tasks.order_task, cast.admin.actor, Order(EXPORT, "readings"), now=NOW)
    await page.send(ExchangeState.order_export, form={"kind": "readings"})
    assert page.seen(ExchangeState)["outcome"] == f"{tasks.TOO_MANY}."


async def test_operators_see_nothing_of_it(tabs, cast, files, db):
    db.write(tasks.order_task, cast.admin.actor, Order(EXPORT, "readings"), now=NOW)
    tab = tabs(cast.operator.cookie)
    await tab.open(paths.STAFF_EXCHANGE)
    assert not tab.seen(ExchangeState).get("loaded") and not tab.seen(ExchangeState).get("tasks")


def test_the_ear_hears_each_word_once(files):
    ear = task_ear.TaskEar()
    assert ear() == []
    files.say(7, Progress("1", 0, 0))
    assert ear() == [Heard(EVERY_DESK, EXCHANGE, "7")] and ear() == []
    files.quiet(7)
    assert ear() == []
