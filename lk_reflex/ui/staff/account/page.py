"""Лицевой счет: the figures, charges, payments, meters, requests and logins of one account, read only."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.account.rows import Fact, MeterFile, MonthReceipt, PaidRow, ReadingRow, RequestRow
from lk_reflex.ui.staff.account.state import CHARGES_ID, StaffAccountState

LOGGED = "Так этот лицевой счет видит житель. Здесь ничего нельзя изменить; просмотр записан в журнал действий."
CALL = "Ввести показания по звонку"
BACK = "К поиску"


def staff_account_page() -> rx.Component:
    """The account's file."""
    return staff_page(
        StaffAccountState.heading,
        rx.cond(
            StaffAccountState.loaded,
            rx.cond(
                StaffAccountState.missing != "",
                empty_state(StaffAccountState.missing, rx.el.div(_back(), class_name="row")),
                _file(),
            ),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_ACCOUNTS,
    )


def _back() -> rx.Component:
    return action_link(BACK, paths.STAFF_ACCOUNTS, quiet=True)


def _file() -> rx.Component:
    return rx.el.div(
        notice("info", LOGGED),
        card(
            _facts(StaffAccountState.facts),
            rx.el.div(action_link(CALL, StaffAccountState.call_href), _back(), class_name="row"),
            title="Помещение",
            card_id="place",
        ),
        _newest(),
        _charges(),
        _meters(),
        _payments(),
        _requests(),
        _logins(),
        class_name="stack",
    )


def _facts(facts: Any) -> rx.Component:
    return rx.el.dl(rx.foreach(facts, _fact), class_name="facts")


def _fact(fact: Fact) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label), rx.el.dd(fact.value), key=fact.key)


def _listed(
    title: str, card_id: str, rows: Any, columns: tuple[Column, ...], nothing: str, *more: rx.Component
) -> rx.Component:  # fmt: skip
    table = data_table(columns, rows, caption=title, row_key="key", hide_caption=True, turn="cards-wide")
    sheet = rx.el.div(table, role="region", aria_label=f"{title}: таблица", class_name="dense")
    return card(rx.cond(rows.length() > 0, sheet, rx.el.p(nothing)), *more, title=title, card_id=card_id)


def _newest() -> rx.Component:
    return _listed(
        "Последние квитанции (руб.)", "receipts", StaffAccountState.receipts, RECEIPTS, "Квитанций пока нет."
    )


def _charges() -> rx.Component:
    ways = rx.el.div(
        rx.cond(
            StaffAccountState.earlier != "",
            rx.el.button("← ", StaffAccountState.earlier, type="button", on_click=StaffAccountState.go_earlier,
                         class_name="button quiet"),
        ),
        rx.cond(
            StaffAccountState.later != "",
            rx.el.button(StaffAccountState.later, " →", type="button", on_click=StaffAccountState.go_later,
                         class_name="button quiet"),
        ),
        class_name="row",
    )  # fmt: skip
    return rx.cond(
        StaffAccountState.month != "",
        rx.el.section(
            rx.el.h2("Детализация по услугам: ", StaffAccountState.month, id=CHARGES_ID, tab_index=-1),
            rx.foreach(StaffAccountState.charges, _receipt),
            ways,
            class_name="card",
            custom_attrs={"aria-labelledby": CHARGES_ID},
        ),
    )


def _receipt(receipt: MonthReceipt) -> rx.Component:
    foot = (words.TOTAL, receipt.debt, receipt.paid, receipt.charged, receipt.total)
    return rx.el.div(
        data_table(CHARGES, receipt.rows, caption=receipt.title, row_key="key", foot=foot),
        rx.cond(receipt.penalty != "", rx.el.p(receipt.penalty)),
        key=receipt.key,
    )


def _meters() -> rx.Component:
    return card(
        rx.el.p(StaffAccountState.window, "."),
        rx.cond(
            StaffAccountState.meters.length() > 0,
            rx.el.div(rx.foreach(StaffAccountState.meters, _meter), class_name="stack"),
            rx.el.p("Приборов учета нет."),
        ),
        title="Приборы учета и показания",
        card_id="meters",
    )


def _meter(meter: MeterFile) -> rx.Component:
    past = data_table(READINGS, meter.rows, caption=meter.title, row_key="key", hide_caption=True)
    return rx.el.div(
        rx.el.h3(meter.title, rx.cond(meter.warning != "", rx.fragment(" ", tag(meter.warning, "due")))),
        _facts(meter.facts),
        rx.cond(meter.rows.length() > 0, past, rx.el.p("Показаний ещё не было.")),
        rx.cond(
            meter.older.length() > 0,
            rx.el.details(
                rx.el.summary("Более ранние показания", rx.el.span(": ", meter.title, class_name="hidden")),
                data_table(READINGS, meter.older, caption="Более ранние показания", row_key="key", hide_caption=True),
            ),
        ),
        key=meter.key,
    )


def _photo(row: ReadingRow) -> rx.Component:
    return rx.cond(
        row.photo != "",
        native_link("Фото", rx.el.span(" к показанию ", row.value, class_name="hidden"), href=row.photo,
                    target="_blank", rel="noopener"),
        words.NO_VALUE,
    )  # fmt: skip


def _payments() -> rx.Component:
    older = rx.cond(
        StaffAccountState.older_payments.length() > 0,
        rx.el.details(
            rx.el.summary("Более ранние оплаты"),
            data_table(PAYMENTS, StaffAccountState.older_payments, caption="Более ранние оплаты", row_key="key",
                       hide_caption=True),
        ),
    )  # fmt: skip
    return _listed("История оплат", "payments", StaffAccountState.payments, PAYMENTS, "Оплат пока нет.", older)


def _processed(row: PaidRow) -> rx.Component:
    day = rx.cond(row.processed != "", row.processed, words.NO_VALUE)
    return rx.cond(row.pending, tag("в обработке", "due"), rx.el.span(day))


def _requests() -> rx.Component:
    return _listed("Заявки и обращения", "requests", StaffAccountState.requests, REQUESTS, "Заявок не было.")


def _request(row: RequestRow) -> rx.Component:
    return rx.el.a(row.number, href=row.href)


def _logins() -> rx.Component:
    nobody = "Личного кабинета пока ни у кого нет."
    return _listed("Кто видит этот лицевой счет", "logins", StaffAccountState.logins, LOGINS, nobody)


RECEIPTS = (
    Column("Квитанция", "title"),
    Column("Долг (+) / Переплата (-)", "debt", numeric=True),
    Column("Оплачено (-)", "paid", numeric=True),
    Column("Начислено", "charged", numeric=True),
    Column("Итого к оплате", "total", numeric=True),
    Column("Пени", "penalty", numeric=True),
)
CHARGES = (
    Column("Услуга", "service"),
    Column("Долг (+) / Переплата (-)", "debt", numeric=True),
    Column("Оплачено (-) (руб.)", "paid", numeric=True),
    Column("Начислено (руб.)", "charged", numeric=True),
    Column("Итого к оплате (руб.)", "total", numeric=True),
)
READINGS = (
    Column("Дата снятия", "taken"),
    Column("Источник", "source"),
    Column("Показание", "value", numeric=True),
    Column("Состояние", "fate", hide_empty=True),
    Column("Фото", _photo),
)
PAYMENTS = (
    Column("Дата приема", "accepted"),
    Column("Вид оплаты", "kind"),
    Column("Дата обработки", _processed),
    Column("Сумма (руб.)", "amount", numeric=True),
)
REQUESTS = (
    Column("Номер", _request),
    Column("Тип обращения", "kind"),
    Column("Дата обращения", "sent"),
    Column("Статус", "status"),
)
LOGINS = (
    Column("Адрес почты", "email"),
    Column("Как получен доступ", "how"),
    Column("С какого дня", "since"),
)
