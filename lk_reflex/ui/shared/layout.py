"""The two frames of a page: of a signed-in resident, and of everyone."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Frame, Text, joined, lacking, present
from lk_reflex.ui.shared.header import public_header, resident_header, skip_link, staff_header
from lk_reflex.ui.shared.menu import phone_tabs, side_menu, staff_menu
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import empty_state, message_area, no_accounts, skeleton

TITLE_ID = "page-title"


def resident_page(
    title: Text,
    *children: rx.Component,
    frame: Frame,
    current: str,
    head_extra: rx.Component | None = None,
    needs_account: bool = True,
) -> rx.Component:
    """A page of the cabinet; `head_extra` stands beside the heading (a month navigator, the data's age).

    `resident_page("История оплат", data_table(…), frame=cabinet_frame(), current=paths.PAYMENTS)`
    """
    content = rx.cond(lacking(frame, current), _switched_off(), rx.fragment(*children))
    if needs_account:
        content = rx.cond(present(frame.account_number), content, no_accounts())
    return rx.el.div(
        skip_link(),
        resident_header(frame, current),
        rx.el.div(
            side_menu(frame, current),
            _main(
                message_area(frame.message, frame.message_kind),
                rx.el.div(heading(title), _beside(head_extra, frame), class_name="head"),
                rx.cond(frame.ready, content, skeleton()),
            ),
            class_name="frame",
        ),
        footer(frame.help_name, frame.help_phone),
        phone_tabs(frame, current),
        class_name="signed-in",
    )


def _switched_off() -> rx.Component:
    return empty_state(words.SECTION_OFF, rx.el.p(words.SECTION_OFF_HOW))


def staff_page(title: Text, *children: rx.Component, frame: Frame, current: str) -> rx.Component:
    """A page of the operators' desk: as wide as the screen, with a short menu above it on every screen."""
    return rx.el.div(
        skip_link(),
        staff_header(frame),
        rx.el.div(
            staff_menu(frame, current),
            _main(message_area(frame.message, frame.message_kind), heading(title), *children),
            class_name="frame single wide",
        ),
        footer(frame.help_name, frame.help_phone),
    )


def public_page(
    title: Text,
    *children: rx.Component,
    help_name: Text = "",
    help_phone: Text = "",
    large_title: bool = False,
) -> rx.Component:
    """A page for everyone: home, registration, texts, «Страница не найдена»."""
    return rx.el.div(
        skip_link(),
        public_header(),
        rx.el.div(
            _main(heading(title, large=large_title), *children),
            class_name="frame single",
        ),
        footer(help_name, help_phone),
    )


def heading(title: Text, *, large: bool = False) -> rx.Component:
    """The page's one h1. On a change of page the focus comes here; on the first load it is left alone.

    `is_hydrated` is still true when the next page's heading mounts, and false when the first one does. `data-filled`
    says whether the page has what its loader gives, for whoever drives a browser.
    """
    return rx.el.h1(
        title,
        id=TITLE_ID,
        tab_index=-1,
        class_name="large" if large else "",
        custom_attrs={"data-filled": rx.State.is_hydrated},
        on_mount=rx.cond(rx.State.is_hydrated, rx.set_focus(TITLE_ID), rx.noop()),
    )


def footer(help_name: Text, help_phone: Text) -> rx.Component:
    """Where to ask, in the same place of every page."""
    who = rx.Var.create(help_name)
    phone = rx.Var.create(help_phone)
    return rx.el.footer(
        rx.el.p(
            words.HELP,
            " ",
            rx.cond(
                phone != "",
                rx.fragment(who, " ", native_link(phone, href=joined("tel:", help_phone), class_name="num")),
                rx.fragment(words.HELP_BY_DEFAULT, " ", native_link(words.CONTACTS, href=paths.CONTACTS)),
            ),
        ),
        _documents(),
        class_name="foot",
    )


def _documents() -> rx.Component:
    """The instruction, and what a stranger may want to read before giving us anything."""
    linked = (paths.HELP, paths.TERMS, paths.PRIVACY)
    return rx.el.nav(
        *(rx.el.a(paths.TITLES[path], href=path) for path in linked), aria_label=words.DOCUMENTS, class_name="texts"
    )


def _main(*children: rx.Component) -> rx.Component:
    return rx.el.main(*children, id="main", tab_index=-1)


def _beside(extra: rx.Component | None, frame: Frame) -> rx.Component:
    return rx.cond(frame.ready, extra) if extra is not None else rx.fragment()
