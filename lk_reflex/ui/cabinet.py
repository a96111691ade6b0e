"""Joins the frame around a resident's page with the shared states that fill it."""

from typing import Any

import reflex as rx

from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared.frame import Frame, joined
from lk_reflex.ui.shared.layout import resident_page
from lk_reflex.ui.shared.month import month_switch
from lk_reflex.ui.shared.take_away import take_away


def cabinet_frame() -> Frame:
    """Everything that the frame shows, from the shared states."""
    return Frame(
        account_number=AccountState.number,
        address=AccountState.address,
        email=SessionState.email,
        cart_count=CartState.count,
        unread_count=FeedState.unread,
        help_phone=AccountState.phone,
        help_name=AccountState.organization,
        ready=AccountState.known,
        message=SessionState.fault,
        message_kind="bad",
    )


def section_page(
    title: str,
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


def table_files(name: str, title: str, *, by_month: bool = False) -> rx.Component:
    """«Скачать таблицу: XLSX, CSV» under a section's tables; `by_month` offers the month shown and all of them.

    The account is named, since another tab may have chosen another one meanwhile. The month goes by the title that
    the navigator has anyway: a key of its own would travel with each press of it.
    """
    account = joined("account=", AccountState.key)
    whole = take_away(name, title, query=account, label="Скачать за все месяцы:" if by_month else "Скачать таблицу:")
    if not by_month:
        return whole
    month = joined(account, "&month=", MonthState.title)
    return rx.fragment(take_away(name, title, query=month, label="Скачать таблицу:"), whole)


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
