"""Услуги: the manual's buttons, drafts, and «Выполненные заявки и принятые обращения»."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.services.state import ASK_ID, DraftRow, RequestRow, ServicesState
from lk_reflex.ui.shared.icons import icon
from lk_reflex.ui.shared.notices import card, empty_state, message_area, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table

TITLE = paths.TITLES[paths.SERVICES]
APPLY, REPORT, WRITE = (
    "Подать заявку на ввод в эксплуатацию прибора учета воды",
    "Сообщить об аварии",
    "Написать обращение",
)
LIST = "Выполненные заявки и принятые обращения"
DRAFTS = "Черновики"
CONTINUE, DELETE, YES, NO = "Продолжить", "Удалить", "Да, удалить", "Отмена"
MORE = "Показать ещё"
EMPTY = "Заявок ещё не было"
EMPTY_HOW = "Здесь появятся заявки и обращения, которые вы отправите, и ответы на них."
ASK = "Вернуть его будет нельзя."


def services_page() -> rx.Component:
    """What may be applied for and what became of it, over all accounts."""
    return section_page(
        TITLE,
        message_area(ServicesState.said, ServicesState.said_kind),
        rx.cond(ServicesState.loaded, rx.el.div(_offers(), _drafts(), _list(), class_name="stack"), skeleton()),
        current=paths.SERVICES,
        needs_account=False,
    )


def _offers() -> rx.Component:
    offers = ServicesState.offers
    return rx.el.div(
        rx.el.ul(
            _offer(APPLY, "Опломбировка нового счётчика или счётчика после поверки.", paths.SEALING, "gauge",
                   offers.sealing),
            _offer(REPORT, "Течь на улице, нет воды, засор, открытый люк.", paths.EMERGENCY, "alarm",
                   offers.emergency),
            _offer(WRITE, "Вопрос, просьба или жалоба: ответит оператор.", paths.APPEAL, "letter", offers.appeal),
            class_name="services",
        ),
        rx.cond(
            ServicesState.linked,
            rx.fragment(),
            rx.el.p(rx.el.a("+ Привязать лицевой счет", href=paths.LINKING)),
        ),
        class_name="stack tight",
    )  # fmt: skip


def _offer(title: str, about: str, path: str, picture: str, why_not: Any) -> rx.Component:
    """A service as a large link, or the sentence of why it isn't offered."""
    return rx.el.li(
        rx.cond(
            why_not == "",
            rx.el.a(icon(picture), rx.el.b(title), rx.el.span(about), href=path, class_name="service"),
            rx.el.div(icon(picture), rx.el.b(title), rx.el.span(why_not), class_name="service off"),
        )
    )


def _drafts() -> rx.Component:
    return rx.cond(
        ServicesState.drafts.length() > 0,
        card(
            rx.el.ul(rx.foreach(ServicesState.drafts, _draft), class_name="lines"),
            outcome_area(ASK_ID, rx.cond(ServicesState.asking != "", _ask())),
            title=DRAFTS,
            card_id="drafts",
        ),
    )


def _draft(draft: DraftRow) -> rx.Component:
    return rx.el.li(
        rx.el.h3(draft.title),
        rx.cond(draft.said != "", rx.el.p(draft.said, class_name="said")),
        rx.el.p("Изменён ", rx.el.span(draft.changed, class_name="num"), class_name="small muted"),
        _ways(draft),
        class_name="line",
        key=draft.key,
    )


def _ways(draft: DraftRow) -> rx.Component:
    whose = rx.el.span(": ", draft.title, ", ", draft.changed, class_name="hidden")
    return rx.el.div(
        rx.el.a(CONTINUE, whose, href=draft.href, class_name="button quiet"),
        rx.el.button(
            DELETE, whose, type="button", on_click=ServicesState.ask_to_delete(draft.key), class_name="link-button"
        ),
        class_name="row",
    )


def _ask() -> rx.Component:
    return notice(
        "due",
        ServicesState.question,
        rx.el.p(ASK),
        rx.el.div(
            rx.el.button(YES, type="button", on_click=ServicesState.delete, class_name="button"),
            rx.el.button(NO, type="button", on_click=ServicesState.keep, class_name="button quiet"),
            class_name="row",
        ),
    )


def _list() -> rx.Component:
    return rx.cond(
        ServicesState.rows.length() > 0,
        card(
            rx.el.div(
                data_table(COLUMNS, ServicesState.rows, caption=LIST, row_key="key", hide_caption=True),
                class_name="requests",
            ),
            rx.cond(
                ServicesState.more,
                rx.el.div(
                    rx.el.button(MORE, type="button", on_click=ServicesState.show_more, class_name="button quiet"),
                    class_name="row",
                ),
            ),
            title=LIST,
            card_id="requests",
        ),
        empty_state(EMPTY, rx.el.p(EMPTY_HOW)),
    )


def _kind(row: RequestRow) -> rx.Component:
    return rx.el.span(
        rx.el.a(row.title, rx.el.span(" № ", row.number, class_name="hidden"), href=row.href),
        rx.el.br(),
        rx.el.span("№ ", row.number, class_name="small muted num", custom_attrs={"aria-hidden": "true"}),
    )


def _status(row: RequestRow) -> rx.Component:
    return tag(row.status, row.tag)


COLUMNS = (
    Column("Дата обращения", "date"),
    Column("Тип обращения", _kind),
    Column("Статус", _status),
    Column("Комментарий", lambda row: rx.el.span(row.said, class_name="said")),
)
