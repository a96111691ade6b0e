"""Joins the frame around a resident's page with the shared states that fill it."""

from typing import Any

import reflex as rx

from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.ui import paths
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared.frame import Frame, Text, joined
from lk_reflex.ui.shared.layout import resident_page
from lk_reflex.ui.shared.month import month_switch
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.take_away import take_away


def cabinet_frame() -> Frame:
    """Everything that the frame shows, from the shared states."""
    return Frame(
        account_number=AccountState.number,
        address=AccountState.address,
        email=SessionState.email,
        cart_count=CartState.count,
        unread_count=FeedState.unread,
        staff=(SessionState.role == OPERATOR) | (SessionState.role == ADMIN),
        admin=SessionState.role == ADMIN,
        off=AccountState.off,
        help_phone=AccountState.phone,
        help_name=AccountState.organization,
        ready=AccountState.known,
        message=SessionState.fault,
        message_kind="bad",
    )


def section_page(
    title: Text,
    *children: rx.Component,
    current: str,
    head_extra: rx.Component | None = None,
    needs_account: bool = True,
) -> rx.Component:
    """A page of a signed-in resident: `section_page("История оплат", …, current=paths.PAYMENTS)`."""
    return resident_page(
        title,
        *children,
        frame=cabinet_frame(),
        current=current,
        head_extra=head_extra,
        needs_account=needs_account,
    )


def freshness() -> rx.Component:
    """«Данные на …» beside the heading of a section whose handler calls `show_fresh`."""
    return rx.cond(AccountState.fresh != "", rx.el.p(AccountState.fresh, class_name="muted small"))


def table_files(name: str, title: str, label: str = "Скачать таблицу:") -> rx.Component:
    """«Скачать таблицу: XLSX, CSV» under a section's tables.

    The account is named, since another tab may have chosen another one meanwhile.
    """
    return take_away(name, title, query=joined("account=", AccountState.key), label=label)


def meter_files(meter: Any, name: Any) -> rx.Component:
    """The same under the readings of one meter, by its key."""
    return take_away("readings", name, query=joined("account=", AccountState.key, "&meter=", meter))


def month_files(name: str, title: str) -> rx.Component:
    """The same for a section that goes by month: the month shown, all months, and the month's receipts as PDF.

    The month goes by the title that the navigator has anyway: a key of its own would travel with each press of it.
    """
    account, month = joined("account=", AccountState.key), MonthState.title
    return rx.el.div(
        take_away(
            name, title, query=joined(account, "&month=", month), label=joined("Скачать таблицу за ", month, ":")
        ),
        take_away(name, joined(title, " за все месяцы"), query=account, label="За все месяцы:"),
        rx.el.p(
            native_link(
                joined("Квитанция за ", month, " для печати"),
                href=joined(paths.RECEIPTS_PDF, "?", account, "&from=", month, "&to=", month),
                target="_blank",
                rel="noopener",
            ),
            class_name="take-away",
        ),
        class_name="files",
    )


def month_navigator(path: str) -> rx.Component:
    """«< Сентябрь 2019 >» for a section that goes by month."""
    return rx.cond(
        MonthState.title != "",
        month_switch(
            MonthState.title,
            _address(path, MonthState.previous),
            MonthState.previous_title,
            _address(path, MonthState.next),
            MonthState.next_title,
        ),
    )


def _address(path: str, key: Any) -> Any:
    return rx.cond(key != "", rx.Var.create(f"{path}?month=") + key, "")
