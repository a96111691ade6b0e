"""Уведомления: the feed by day, with what to do about a line."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.resident.notifications.state import Day, NotificationsState, Row
from lk_reflex.ui.shared.notices import empty_state, message_area, skeleton, tag

TITLE = paths.TITLES[paths.NOTIFICATIONS]
MARK_ALL = "Отметить все прочитанными"
MARK_ONE = "Прочитано"
UNREAD = "Новое"
MORE = "Показать ещё"
OPEN = "Открыть"
EMPTY = "Уведомлений пока нет"
EMPTY_HOW = (
    "Здесь появятся ход ваших заявок, напоминания о показаниях и поверке и всё, о чём кабинет должен вам сказать."
)
SET_UP = "Настроить получение уведомлений"


def notifications_page() -> rx.Component:
    """The feed of a person, over all accounts."""
    return section_page(
        TITLE,
        message_area(NotificationsState.said),
        rx.el.p(NotificationsState.heard, role="status", class_name="hidden"),
        rx.cond(
            NotificationsState.days.length() > 0,
            rx.el.div(
                _mark_all(),
                rx.foreach(NotificationsState.days, _day),
                rx.cond(NotificationsState.more, _more()),
                _by_mail(),
                class_name="stack",
            ),
            rx.cond(
                NotificationsState.loaded,
                rx.el.div(empty_state(EMPTY, rx.el.p(EMPTY_HOW)), _by_mail(), class_name="stack"),
                skeleton(),
            ),
        ),
        current=paths.NOTIFICATIONS,
        needs_account=False,
    )


def _mark_all() -> rx.Component:
    return rx.cond(
        FeedState.unread > 0,
        rx.el.div(
            rx.el.button(MARK_ALL, type="button", on_click=NotificationsState.read_all, class_name="button quiet"),
            class_name="row",
        ),
    )


def _day(day: Day) -> rx.Component:
    title_id = rx.Var.create("day-") + day.key
    return rx.el.section(
        rx.el.h2(day.title, id=title_id),
        rx.el.ul(rx.foreach(day.rows, _line), class_name="lines"),
        class_name="card",
        custom_attrs={"aria-labelledby": title_id},
        key=day.key,
    )


def _line(row: Row) -> rx.Component:
    """An unread line says so in a word, in bold and by a bar at its side."""
    return rx.el.li(
        rx.el.h3(rx.cond(row.unread, rx.fragment(tag(UNREAD, "due"), " ")), row.title),
        rx.cond(row.body != "", rx.el.p(row.body)),
        rx.el.p(
            rx.cond(row.account != "", rx.fragment(row.account, rx.el.br())),
            rx.el.span(row.time, class_name="num"),
            class_name="small muted",
        ),
        rx.el.div(rx.cond(row.link != "", _open(row)), rx.cond(row.unread, _read(row)), class_name="row"),
        class_name=rx.cond(row.unread, "line unread", "line"),
        key=row.key,
    )


def _open(row: Row) -> rx.Component:
    """A link, so that it opens in another tab as well; here it is read on the way, and its account is chosen."""
    return rx.el.a(
        OPEN,
        rx.el.span(" ", row.title, class_name="hidden"),
        href=row.link,
        on_click=NotificationsState.follow(row.key).prevent_default,
        class_name="button quiet",
    )


def _read(row: Row) -> rx.Component:
    return rx.el.button(
        MARK_ONE,
        rx.el.span(" ", row.title, class_name="hidden"),
        type="button",
        on_click=NotificationsState.read(row.key),
        class_name="link-button",
    )


def _more() -> rx.Component:
    return rx.el.div(
        rx.el.button(MORE, type="button", on_click=NotificationsState.show_more, class_name="button quiet"),
        class_name="row",
    )


def _by_mail() -> rx.Component:
    return rx.el.p(rx.el.a(SET_UP, href=paths.SETTINGS), ": о чём присылать ещё и письма.", class_name="small muted")
