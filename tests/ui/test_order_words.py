"""Everything that an order's row or journal may hold has Russian words on the staff's pages."""

import re
from datetime import UTC, datetime

import pytest

from lk_reflex.domain.payments.desk.order_view import Happened
from lk_reflex.domain.payments.orders import rules
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.refund_end import DONE, DROPPED, UNANSWERED
from lk_reflex.domain.payments.refunding.asking import ACCEPTED, ASKED, REFUSED, REPEAT
from lk_reflex.ui.staff.order_words import FLAGS, REFUNDS, STATUSES
from lk_reflex.ui.staff.payment.journal_words import hint_word, what, who, why

AT = datetime(2026, 11, 20, tzinfo=UTC)


def happened(was="paid", became="paid", cause="schedule", by="", staff=False, **detail):
    return Happened(AT, cause, was, became, by, staff, detail)


def test_no_status_flag_cause_or_outcome_is_without_words():
    assert set(STATUSES) == set(Status)
    assert set(FLAGS) == set(rules.FLAGS) - {""}
    assert set(REFUNDS) == {ASKED, ACCEPTED, REPEAT, DONE, UNANSWERED, DROPPED, REFUSED}
    assert {why(happened(cause=str(cause))) for cause in Cause}.isdisjoint({"без указания причины"})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (happened("", "new"), "Заказ создан."),
        (happened("waiting", "paid", captured=539_20), "Ждёт оплаты → Оплачен. Банк списал 539,20 руб."),
        (happened("waiting", "declined", code="51"), "Ждёт оплаты → Отклонён банком. На карте не хватило денег"),
        (happened("expired", "paid", captured=1_00, flags=["late"]), "Помечен: «Оплачен с опозданием»."),
        (happened(refunded=1_00, amount=1_00), "Банк вернул 1,00 руб. сам: возврат сделан в банке."),
        (happened(refunded=1_00, amount=1_00, refund=7), "Банк вернул 1,00 руб. по нашему запросу."),
        (happened("paid", "refunded", refunded=1_00, amount=1_00, refund=7), "Оплачен → Возвращён. Банк вернул"),
        (happened(flags=["amount-differs"], stage="paid", amount=5_00, currency="643", captured=5_00, refunded=0),
         "У банка сумма 5,00 руб., списано 5,00 руб. Помечен: «Сумма не сходится»."),
        (happened(flags=["billing-differs"], account="77", paid=5_00, billed=4_00, returned=0, billed_back=0),
         "Лицевой счет 77: принято у нас 5,00 руб., у биллинга 4,00 руб. Помечен: «В биллинге другая сумма»."),
        (happened(deed="refund-asked", amount=1_00), "Запрошен возврат: 1,00 руб."),
        (happened(deed="refund-refused", amount=1_00), "Возврат не выполнен: 1,00 руб."),
        (happened(deed="hold-undone"), "Запрошена отмена удержания."),
        (happened(deed="flag-cleared", flag="late", said="Звонил"), "Пометка «Оплачен с опозданием» снята: Звонил"),
        (happened(), "Заказ проверен, ничего не изменилось."),
        (happened("checking", "checking", cause="return"), "Заказ проверен, ничего не изменилось."),
    ],
)  # fmt: skip
def test_the_journal_speaks(line, words):
    said = what(line).replace("\u00a0", " ")
    assert words in said
    assert not re.search("[A-Za-z]", said)


@pytest.mark.parametrize("detail", [{"flags": "late"}, {"amount": None, "refunded": 1}, {"deed": "?"}, {"billed": "x"}])
def test_strange_details_break_nothing(detail):
    assert isinstance(what(happened(**detail)), str)


def test_staff_are_named_and_payers_masked():
    assert who(happened()) == "—"
    assert who(happened(by="operator@example.org", staff=True)) == "operator@example.org"
    assert who(happened(by="anna@example.org")) == "плательщик a•••@example.org"


def test_hints():
    assert hint_word("deposited") == "оплачен"
    assert hint_word("<b>something</b>") == "другое событие"
