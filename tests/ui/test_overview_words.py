"""The overview's sentences: by when to pay, and the year."""

from datetime import date

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.due import Bill
from lk_reflex.domain.billing.year import ChargedYear, ServiceYear
from lk_reflex.domain.payments.paid import Share
from lk_reflex.ui.resident.overview.words import bill_title, due_sentence, pending_note
from lk_reflex.ui.resident.overview.year import year_sentence
from tests.ui.plain import plain

OCTOBER = Month(2026, 10)


def bill(amount: int = 100, overpaid: int = 0, *, month: Month = OCTOBER, due: date = date(2026, 11, 15)) -> Bill:
    return Bill(month, amount, overpaid, due, month.day(30), (), (), 0)


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 11, 1), "Оплатите до 15 ноября включительно: осталось 14 дней."),
        (date(2026, 11, 13), "Оплатите до 15 ноября включительно: осталось 2 дня."),
        (date(2026, 11, 14), "Оплатите до 15 ноября включительно: остался 1 день."),
        (date(2026, 11, 15), "Сегодня, 15 ноября, последний день оплаты."),
        (
            date(2026, 11, 16),
            "Срок оплаты, 15 ноября, прошёл 1 день назад. Пени не начисляются первые 30 дней просрочки.",
        ),
        (
            date(2026, 12, 15),
            "Срок оплаты, 15 ноября, прошёл 30 дней назад. Пени не начисляются первые 30 дней просрочки.",
        ),
        (date(2026, 12, 16), "Срок оплаты, 15 ноября, прошёл. За просрочку дольше 30 дней начисляются пени."),
        (date(2027, 2, 1), "Срок оплаты, 15 ноября 2026, прошёл. За просрочку дольше 30 дней начисляются пени."),
    ],
)
def test_says_by_when(today, sentence):
    assert due_sentence(bill(), today, 100) == sentence


@pytest.mark.parametrize(
    ("given", "title", "sentence"),
    [
        (bill(0, 0), "К оплате за октябрь", "Платить не нужно."),
        (bill(0, 5), "Переплата за октябрь", "Платить не нужно: переплата уйдёт в следующие квитанции."),
    ],
)
def test_says_that_nothing_is_due(given, title, sentence):
    today = date(2026, 11, 1)
    assert (bill_title(given, today, 0), due_sentence(given, today, 0)) == (title, sentence)


@pytest.mark.parametrize(
    ("left", "title", "said"),
    [
        (100, "К оплате за октябрь", "Срок оплаты"),
        (1, "Осталось оплатить за октябрь", "Срок оплаты"),
        (0, "К оплате за октябрь", "Платить не нужно: всё оплачено."),
    ],
)
def test_what_is_paid_here_is_asked_for_no_more(left, title, said):
    today = date(2026, 11, 23)
    assert bill_title(bill(), today, left) == title and due_sentence(bill(), today, left).startswith(said)


@pytest.mark.parametrize(
    ("deducted", "left", "end"),
    [
        (0, 0, "Организация вычтет эти деньги, когда получит реестр; второй раз платить их не нужно."),
        (100, 0, "Организация учтёт эти деньги, когда получит реестр; второй раз платить не нужно."),
        (100, 5, "Из суммы выше эти деньги уже вычтены."),
        (60, 5, "Из суммы выше уже вычтено 0,60 руб."),
    ],
)
def test_says_what_the_headline_has_less(deducted, left, end):
    pending = [Share("26112012345678", 100, date(2026, 11, 20), None, True)]
    assert plain(pending_note(pending, deducted=deducted, left=left)) == (
        f"Оплачено 20.11.2026: 1,00 руб., ещё не учтено. {end}"
    )


def test_another_years_month_has_its_year():
    assert bill_title(bill(month=Month(2019, 9)), date(2026, 11, 1), 100) == "К оплате за сентябрь 2019"


def year(*totals: int | None) -> ChargedYear:
    months = tuple(OCTOBER.shift(place - len(totals) + 1) for place in range(len(totals)))
    return ChargedYear(months, totals, (ServiceYear("ХВС", tuple(total or 0 for total in totals)),))


@pytest.mark.parametrize(
    ("charged", "sentence"),
    [
        (year(291_025, 1, 312_040), "В октябре начислено 3 120,40 ₽, на 210,15 ₽ больше, чем год назад."),
        (year(312_040, 291_025), "В октябре начислено 2 910,25 ₽, на 210,15 ₽ меньше, чем год назад."),
        (year(5, 5), "В октябре начислено 0,05 ₽, столько же, сколько год назад."),
        (year(None, 5), "В октябре начислено 0,05 ₽. Год назад квитанций здесь ещё не было."),
        (year(100, -50), "В октябре начислено -0,50 ₽, на 1,50 ₽ меньше, чем год назад."),
    ],
)
def test_says_the_newest_month_against_the_same_a_year_ago(charged, sentence):
    assert plain(year_sentence(charged, date(2026, 11, 1))) == sentence


def test_an_old_years_month_has_its_year():
    assert "В октябре 2026 года начислено" in year_sentence(year(1, 2), date(2027, 1, 1))
