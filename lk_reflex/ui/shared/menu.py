"""The sections: a menu at the left on a desktop, tabs at the bottom and a sheet behind «Ещё» on a phone."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.paths import Section
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Frame, lacking, present
from lk_reflex.ui.shared.icons import icon
from lk_reflex.ui.shared.native import native_form
from lk_reflex.ui.shared.view import view_switches

#: Closes an open `<details>` and gives the focus back to its summary, in the browser alone.
_ESCAPE: Any = rx.Var(
    "(event) => { const sheet = event.currentTarget; if (event.key === 'Escape' && sheet.open)"
    " { sheet.open = false; sheet.querySelector('summary').focus(); } }"
)


def side_menu(frame: Frame, current: str) -> rx.Component:
    """The manual's sections by group."""
    return rx.el.nav(
        *(
            rx.el.div(
                rx.el.h2(group),
                rx.el.ul(
                    *(_offered(section, frame, rx.el.li(_section(section, frame, current))) for section in sections)
                ),
            )
            for group, sections in paths.groups().items()
        ),
        rx.cond(frame.staff, rx.el.div(rx.el.h2(words.STAFF), rx.el.ul(*map(rx.el.li, _links(paths.DESK, current))))),
        rx.cond(frame.admin, _administration(current)),
        class_name="menu",
        aria_label=words.SECTIONS,
    )


def _offered(section: Section, frame: Frame, link: rx.Component) -> rx.Component:
    """Nothing in the place of a section that the account's organization does without."""
    return link if section.always else rx.cond(lacking(frame, section.path), rx.fragment(), link)


def _section(section: Section, frame: Frame, current: str) -> rx.Component:
    """A section's line; «Уведомления» with its counter, as the manual has it."""
    counted = (count(frame.unread_count),) if section.path == paths.NOTIFICATIONS else ()
    return section_link(section.title, section.path, current, *counted)


def staff_menu(frame: Frame, current: str) -> rx.Component:
    """The sections of the operators' desk, the way into the cabinet, and what administrators have beside them."""
    links = (*_links(paths.DESK, current), section_link(words.TO_CABINET, paths.OVERVIEW, current))
    return rx.el.nav(
        rx.el.ul(*map(rx.el.li, links)),
        rx.cond(frame.admin, _administration(current)),
        class_name="menu desk",
        aria_label=words.SECTIONS,
    )


def _administration(current: str) -> rx.Component:
    links = _links(paths.ADMINISTRATION, current)
    return rx.el.div(rx.el.h2(words.ADMINISTRATION), rx.el.ul(*map(rx.el.li, links)))


def _links(pages: tuple[str, ...], current: str) -> tuple[rx.Component, ...]:
    return tuple(section_link(paths.TITLES[path], path, current) for path in pages)


def section_link(title: str, path: str, current: str, *more: rx.Component) -> rx.Component:
    """A link that says when it leads to where the person already is."""
    attrs = {"aria-current": "page"} if path == current else {}
    return rx.el.a(title, *more, href=path, custom_attrs=attrs)


def phone_tabs(frame: Frame, current: str) -> rx.Component:
    """Four sections and «Ещё»."""
    return rx.el.nav(
        *(_offered(section, frame, _tab(section, current)) for section in paths.bar()),
        _more(frame, current),
        class_name="tabs-phone",
        aria_label=words.SECTIONS_PHONE,
    )


def _tab(section: Section, current: str) -> rx.Component:
    attrs = {"aria-current": "page"} if section.path == current else {}
    return rx.el.a(icon(section.icon), rx.el.span(section.bar), href=section.path, custom_attrs=attrs)


def _more(frame: Frame, current: str) -> rx.Component:
    behind = paths.behind_more()
    here = current == paths.CART or any(section.path == current for section in behind)
    return rx.el.details(
        rx.el.summary(icon("more"), _more_words(frame), custom_attrs={"aria-current": "true"} if here else {}),
        rx.el.div(
            *(_offered(section, frame, _section(section, frame, current)) for section in behind),
            section_link(words.CART, paths.CART, current, count(frame.cart_count)),
            rx.cond(frame.staff, rx.fragment(*_links(paths.DESK, current))),
            rx.cond(frame.admin, rx.fragment(*_links(paths.ADMINISTRATION, current))),
            view_switches(),
            leave(frame),
            class_name="sheet-more",
        ),
        custom_attrs={"onKeyDown": _ESCAPE},
    )


def _more_words(frame: Frame) -> rx.Component:
    """«Ещё», with the counter of what waits behind it: on a phone nobody would look there else."""
    value: Any = rx.Var.create(frame.unread_count)
    waiting = rx.cond(
        value > 0, rx.fragment(" ", count(value), rx.el.span(words.UNREAD_BEHIND, class_name="hidden"))
    )  # fmt: skip
    return rx.el.span(words.MORE, waiting)


def leave(frame: Frame) -> rx.Component:
    """Whose cabinet it is, and the way out: a plain form, so that it works with a broken socket as well."""
    return native_form(
        rx.cond(present(frame.email), rx.el.span(frame.email, class_name="who")),
        rx.el.button(words.SIGN_OUT, type="submit", class_name="link-button"),
        action=paths.SIGN_OUT,
        class_name="leave",
    )


def count(number: int | rx.Var[int]) -> rx.Component:
    """A round counter; nothing where there is nothing to count."""
    value: Any = rx.Var.create(number)
    return rx.cond(value > 0, rx.el.span(value, class_name="count"))
