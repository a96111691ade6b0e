"""Подтверждение оплаты: its text is the database's figures to the kopeck, whoever draws it and whenever."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from lk_reflex.core.errors import NotFound
from lk_reflex.core.money import format_money
from lk_reflex.domain.accounts.tables import EXEMPT, OWN_TILL, TRANSFER
from lk_reflex.domain.payments.confirmation.drawing import draw_confirmation
from lk_reflex.domain.payments.confirmation.words import NO_TILL, file_name
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.own import OwnOrder, PaidLine, own_order
from lk_reflex.domain.payments.orders.present import grouped, masked_card
from lk_reflex.domain.payments.orders.reasons import UNKNOWN, reason_words
from tests.billing.paper import february_2018
from tests.payments.orders import BACK_AT, NUMBER, PAID_AT, some_order


def text_of(order: OwnOrder) -> str:
    pages = PdfReader(io.BytesIO(draw_confirmation(order)), strict=True).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def paid(db, cast) -> OwnOrder:
    some_order(db, cast, february_2018(db, cast.flat), commission=1078, refunded=20000)
    return db.read(own_order, cast.owner.actor, NUMBER)


def test_says_the_databases_figures_to_the_kopeck(paid):
    text = text_of(paid)
    for part in (
        "Подтверждение оплаты", "№ 261120 1234 5678", NUMBER, "Оплачено 549,98 руб.", "Из них возвращено 200,00 руб.",
        "20.11.2026, 15:05", "•••• 1111", "МУП «ПОВВ»", "7421000200", "1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010",
        "Квитанция ХВС и ВО за ФЕВРАЛЬ 2018", "МУП ПОВВ:ХВС(КОПЕЙСК) 341,30", "МУП ПОВВ:ВО(КОПЕЙСК) 197,90",
        "Комиссия банка 10,78", "ИТОГО: 549,98", "21.11.2026, 15:00 -200,00", "Осталось оплачено: 349,98",
        NO_TILL[TRANSFER], "Страница 1 из 1",
    ):  # fmt: skip
        assert part in text, part
    assert paid.paid_at == PAID_AT and paid.refunds[0].at == BACK_AT
    assert sum(line.amount for line in paid.lines) + paid.commission == paid.total == paid.captured


def test_is_the_same_file_for_the_same_facts(paid):
    assert draw_confirmation(paid) == draw_confirmation(paid)
    reader = PdfReader(io.BytesIO(draw_confirmation(paid)))
    assert reader.metadata and reader.metadata.title == f"Подтверждение оплаты № {NUMBER}"
    assert file_name(paid) == f"Подтверждение оплаты {NUMBER}.pdf"


@pytest.mark.parametrize("mode", [TRANSFER, OWN_TILL, EXEMPT])
def test_says_that_it_is_no_fiscal_receipt(paid, mode):
    assert NO_TILL[mode] in text_of(replace(paid, fiscal_mode=mode))


def test_a_whole_payment_without_commission_and_card_has_no_empty_lines(paid):
    text = text_of(replace(paid, refunded=0, refunds=(), commission=0, total=53920, captured=53920, card=""))
    assert "Оплачено 539,20 руб." in text and "ИТОГО: 539,20" in text
    for absent in ("Комиссия", "озвращено", "Карта", "КПП"):
        assert absent not in text


def test_many_lines_go_over_several_pages_and_none_is_lost(paid):
    lines = tuple(
        PaidLine("1234567899", "УЛ. МИРА, 1", "Квитанция", f"Услуга {at}", "main", at) for at in range(1, 121)
    )
    text = text_of(replace(paid, lines=lines))
    assert "Страница 3 из 3" in text
    for line in lines:
        assert f"{line.service} {format_money(line.amount)}" in text


def test_only_the_payer_has_it(db, cast, paid):
    for other in (cast.relative, cast.stranger, cast.operator):
        with pytest.raises(NotFound):
            db.read(own_order, other.actor, NUMBER)
    with pytest.raises(NotFound):
        db.read(own_order, cast.owner.actor, "26112000000000")


def test_penalties_and_advances_are_named(db, cast):
    made = february_2018(db, cast.flat)
    some_order(db, cast, made, parts=[("ХВС", "main", 100), ("ХВС", "penalty", 50), ("", "advance", 30),
                                      ("", "advance-penalty", 5)])  # fmt: skip
    order = db.read(own_order, cast.owner.actor, NUMBER)
    assert [line.called for line in order.lines] == ["ХВС", "ХВС, пени", "Аванс", "Аванс, пени"]
    assert order.status is Status.PAID and order.created_at < datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(("number", "shown"), [(NUMBER, "261120\u00a01234\u00a05678"), ("", ""), ("123", "123")])
def test_numbers_are_read_out_in_groups(number, shown):
    assert grouped(number) == shown


@pytest.mark.parametrize(
    ("card", "shown"),
    [("411111******1111", "••••\u00a01111"), ("4111 **** 0007", "••••\u00a00007"), ("", ""), ("СБП", ""), ("11**", "")],
)
def test_a_card_is_its_last_four_digits(card, shown):
    assert masked_card(card) == shown


def test_an_unknown_reason_is_still_a_sentence():
    assert reason_words("116").startswith("На карте не хватило денег")
    assert reason_words("99999") == reason_words("") == UNKNOWN
