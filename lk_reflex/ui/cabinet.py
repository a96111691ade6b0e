"""Joins the frame around a resident's page with the shared states that fill it."""

from typing import Any

import reflex as rx

from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared.frame import Frame
from lk_reflex.ui.shared.layout import resident_page
from lk_reflex.ui.shared.month import month_switch


def cabinet_frame() -> Frame:
    """Everything that the frame shows, from the shared states."""
    return Frame(
        account_number=AccountState.number,
        address=AccountState.address,
        email=SessionState.email,
        cart_count=CartState.count,
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
