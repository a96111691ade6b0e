"""Квитанция as a page: readable aloud, at any size of letters and on a phone, and printable by the browser."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.document.rows import Fact
from lk_reflex.ui.resident.document.state import DocumentState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, big_sum, card, empty_state, notice, skeleton
from lk_reflex.ui.shared.tables import Column, data_table

GONE, GONE_HOW = "Документ не найден", "На ваших лицевых счетах такой квитанции нет: возможно, ссылка устарела."
ALL = "Все документы"
PRINT = "Открыть для печати"
PRINT_HOW = "Эту страницу тоже можно напечатать: выберите «Печать» в меню браузера."
CODE_ALT = "Код для оплаты по квитанции. Те же реквизиты и сумма написаны текстом рядом."
CODE_HOW = "Наведите на код камеру в приложении банка или терминал: реквизиты и сумма заполнятся сами."
WAY_ALT = "Код со ссылкой в личный кабинет. Та же ссылка стоит рядом."
WAY_LINK = "Открыть форму привязки"
WAY_HOW = "По этому коду открывается личный кабинет с заполненной формой привязки лицевого счета."
_MONEY = (
    Column("Долг (+) / Переплата (-) (руб.)", "debt", numeric=True),
    Column("Оплачено (-) (руб.)", "paid", numeric=True),
    Column("Начислено (руб.)", "charged", numeric=True),
    Column("Итого к оплате (руб.)", "total", numeric=True),
)
SERVICES = (
    Column("Услуга", "service"),
    Column("Тариф", "tariff", hide_empty=True),
    Column("Норматив", "norm", hide_empty=True),
    Column("Объем", "volume", hide_empty=True),
    Column("Начислено (руб.)", "charged", numeric=True),
    Column("Перерасчет (руб.)", "recalculated", numeric=True),
    Column("Всего (руб.)", "total", numeric=True),
)
RECALCULATIONS = (
    Column("Услуга", "service"),
    Column("Тип операции", "operation"),
    Column("Период расчета", "period", hide_empty=True),
    Column("Сумма (руб.)", "amount", numeric=True),
)
BALANCE = (Column("Услуга", "service"), *_MONEY)
METERS = (
    Column("Прибор учёта", "name"),
    Column("Номер", "serial"),
    Column("Предыдущее показание", lambda row: _reading(row.previous, row.previous_on), numeric=True),
    Column("Текущее показание", lambda row: _reading(row.current, row.current_on), numeric=True),
    Column("Расход", "volume", numeric=True, hide_empty=True),
    Column("Дата поверки", "verification", hide_empty=True),
)


def _reading(value: Any, day: Any) -> rx.Component:
    """A figure with its day under it; «—» where billing has none."""
    return rx.el.span(
        rx.cond(value != "", value, words.NO_VALUE),
        rx.cond(day != "", rx.el.small(" ", day, class_name="muted day")),
    )


def document_page() -> rx.Component:
    """One receipt, or that there is none."""
    shown = DocumentState.receipt
    return section_page(
        DocumentState.heading,
        rx.cond(
            shown.title != "",
            rx.el.div(_other_account(), _due(), _about(), *_tables(), _codes(), class_name="stack receipt"),
            rx.cond(DocumentState.loaded, _gone(), skeleton()),
        ),
        current=paths.DOCUMENTS,
        needs_account=False,
    )


def _gone() -> rx.Component:
    ways = rx.el.div(action_link(ALL, paths.DOCUMENTS), class_name="row")
    return empty_state(GONE, rx.el.p(GONE_HOW), ways)


def _other_account() -> rx.Component:
    said: Any = rx.Var.create("Квитанция другого вашего лицевого счета: ") + DocumentState.other_account
    return rx.cond(DocumentState.other_account != "", notice("info", said))


def _due() -> rx.Component:
    shown = DocumentState.receipt
    return card(
        big_sum(shown.amount),
        rx.foreach(shown.notes, lambda note: rx.el.p(note)),
        rx.el.div(
            native_link(PRINT, href=shown.pdf, target="_blank", rel="noopener", class_name="button"),
            action_link(ALL, paths.DOCUMENTS, quiet=True),
            class_name="row",
        ),
        rx.el.p(PRINT_HOW, class_name="small muted on-screen"),
        title=shown.due,
        card_id="due",
    )


def _about() -> rx.Component:
    return card(_facts(DocumentState.about), title="О квитанции", card_id="about")


def _facts(facts: Any) -> rx.Component:
    return rx.el.dl(rx.foreach(facts, _fact), class_name="facts")


def _fact(fact: Fact) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label, ":"), rx.el.dd(fact.value), key=fact.label)


def _tables() -> list[rx.Component]:
    shown, state = DocumentState.receipt, DocumentState
    return [
        _sheet(
            state.services,
            SERVICES,
            "Начисления по услугам",
            (words.TOTAL, "", "", "", shown.charged, shown.recalculated, shown.accrued),
        ),
        _sheet(state.recalculations, RECALCULATIONS, "Перерасчеты", None),
        _sheet(state.balance, BALANCE, "Расчет по услугам", _total(state.balance_total)),
        _sheet(state.penalty, BALANCE, "Пени", _total(state.penalty_total)),
        _sheet(state.meters, METERS, "Показания приборов учёта", None),
    ]


def _total(row: Any) -> tuple[Text, ...]:
    return words.TOTAL, row.debt, row.paid, row.charged, row.total


def _sheet(rows: Any, columns: tuple[Column, ...], caption: str, foot: tuple[Text, ...] | None) -> rx.Component:
    """A table with its rows, or nothing at all: an empty table says nothing."""
    table = data_table(columns, rows, caption=caption, row_key="key", foot=foot)
    return rx.cond(rows.length() > 0, card(table))


def _codes() -> rx.Component:
    return rx.el.div(_payment(), _way(), class_name="stack codes")


def _payment() -> rx.Component:
    shown = DocumentState.receipt
    return card(
        rx.cond(
            shown.code != "",
            rx.fragment(rx.el.p(CODE_HOW), rx.el.div(_code(shown.code, CODE_ALT), _requisites(), class_name="coded")),
            rx.fragment(rx.el.p(shown.no_code), _requisites()),
        ),
        title="Реквизиты для оплаты",
        card_id="payment",
    )


def _requisites() -> rx.Component:
    return _facts(DocumentState.requisites)


def _way() -> rx.Component:
    shown = DocumentState.receipt
    return card(
        rx.el.p(WAY_HOW),
        rx.el.div(
            _code(shown.way, WAY_ALT, "code small-code"),
            rx.el.p(rx.el.a(WAY_LINK, href=shown.linking), class_name="on-screen"),
            class_name="coded",
        ),
        title="Личный кабинет",
        card_id="way",
    )


def _code(picture: Any, alt: str, name: str = "code") -> rx.Component:
    return rx.el.img(src=picture, alt=alt, class_name=name)
