"""The top of the page: demonstration strip, switches and exit, the sign, the account, the cart."""

from collections.abc import Callable

import reflex as rx

from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Frame, present
from lk_reflex.ui.shared.icons import drop, icon
from lk_reflex.ui.shared.menu import count, leave
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import demo_banner
from lk_reflex.ui.shared.view import view_switches


def skip_link() -> rx.Component:
    """The first stop of the keyboard."""
    return native_link(words.SKIP_TO_CONTENT, href="#main", class_name="skip")


def resident_header(frame: Frame, current: str) -> rx.Component:
    """The header of a signed-in person."""
    return rx.el.header(
        _demo(),
        rx.el.div(rx.el.div(view_switches(), leave(frame)), class_name="strip"),
        rx.el.div(
            rx.el.div(_brand(rx.el.a, paths.OVERVIEW, words.TO_OVERVIEW), _account(frame), _personal(frame, current)),
            class_name="bar",
        ),
    )


def staff_header(frame: Frame) -> rx.Component:
    """The header of the operators' desk: no account and no cart, since nothing here is one's own."""
    return rx.el.header(
        _demo(),
        rx.el.div(rx.el.div(view_switches(), leave(frame)), class_name="strip"),
        rx.el.div(rx.el.div(_brand(rx.el.a, paths.DESK_HOME, words.TO_DESK)), class_name="bar staff"),
    )


def public_header() -> rx.Component:
    """The header of a page for everyone."""
    return rx.el.header(
        _demo(),
        rx.el.div(rx.el.div(_brand(native_link, paths.HOME, words.TO_HOME), view_switches()), class_name="bar public"),
    )


def _demo() -> rx.Component:
    # Known when the pages are built: a strip that came later would push the whole page down.
    return demo_banner() if get_settings().preview else rx.fragment()


def _brand(link: Callable[..., rx.Component], href: str, label: str) -> rx.Component:
    """A public page asks the server for the home page: it leads whoever has signed in on to the overview."""
    return link(
        drop(),
        rx.el.span("Личный кабинет", rx.el.br(), "абонента"),
        href=href,
        aria_label=label,
        class_name="brand",
    )


def _account(frame: Frame) -> rx.Component:
    shown = rx.cond(
        present(frame.account_number),
        rx.el.span(
            rx.el.b(words.ACCOUNT, " ", rx.el.span(frame.account_number, class_name="num")), rx.el.small(frame.address)
        ),
        rx.el.b(words.CHOOSE_ACCOUNT),
    )
    waiting = rx.el.span(rx.el.i(), rx.el.i(), rx.el.span(words.CHOOSE_ACCOUNT, class_name="hidden"))
    return rx.el.a(
        rx.cond(frame.ready, shown, waiting),
        rx.el.span("▾", custom_attrs={"aria-hidden": "true"}),
        href=paths.ACCOUNTS,
        class_name="account",
        title=words.CHOOSE_ACCOUNT,
    )


def _personal(frame: Frame, current: str) -> rx.Component:
    attrs = {"aria-current": "page"} if current == paths.CART else {}
    return rx.el.nav(
        rx.el.a(
            icon("cart"),
            rx.el.span(words.CART, class_name="label"),
            count(frame.cart_count),
            href=paths.CART,
            custom_attrs=attrs,
        ),
        class_name="icons",
        aria_label=words.PERSONAL,
    )
