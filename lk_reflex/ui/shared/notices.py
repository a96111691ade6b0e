"""What a page says besides its data: notices, the page's one message, empty states, a skeleton, money."""

from typing import Literal

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text, joined, present
from lk_reflex.ui.shared.native import native_link

Kind = Literal["info", "due", "good", "bad"]
Content = rx.Component | rx.Var | str


def notice(kind: Kind | rx.Var[str], title: Text, *body: Content) -> rx.Component:
    """A coloured note whose bold first line already says the whole: `notice("due", "Поверка до 13.02.2027.", "…")`."""
    return rx.el.div(
        rx.el.p(rx.el.b(title)),
        *body,
        class_name=joined("notice ", kind),
        role="note",
    )


def message_area(text: Text, kind: Text = "good") -> rx.Component:
    """The page's one message. The container never leaves the page, so that a screen reader hears what enters it."""
    return rx.el.div(
        rx.cond(present(text), rx.el.div(rx.el.p(text), class_name=joined("notice ", kind))),
        id="message",
        role="status",
        class_name="message",
    )


def outcome_area(area_id: str, *content: Content) -> rx.Component:
    """What came of a press. The container never leaves the page, so that the focus (`area_id`) always finds it."""
    return rx.el.div(*content, id=area_id, tab_index=-1, role="status", class_name="message")


def empty_state(title: Text, *body: Content) -> rx.Component:
    """An absence said in words, with the next step: `empty_state("Оплат ещё не было", action_link(…))`."""
    return rx.el.section(rx.el.h2(title), *body, class_name="card empty")


def no_accounts() -> rx.Component:
    """What every section says while no account is linked."""
    return empty_state(
        words.NO_ACCOUNTS,
        rx.el.div(action_link(words.LINK_ACCOUNT, paths.LINKING), class_name="row"),
    )


def action_link(title: Text, href: Text, *, quiet: bool = False) -> rx.Component:
    """A link to a page of the site that looks like a button."""
    return rx.el.a(title, href=href, class_name="button quiet" if quiet else "button")


def skeleton() -> rx.Component:
    """Quiet grey bars until the data come; a screen reader hears one sentence."""
    return rx.el.div(
        rx.el.span(words.LOADING, class_name="hidden", role="status"),
        *(rx.el.i(custom_attrs={"aria-hidden": "true"}) for _ in range(4)),
        class_name="card skeleton",
    )


def card(*children: Content, title: Text = "", card_id: str = "") -> rx.Component:
    """A sheet of paper with a thing on it; a titled one is a section that bears its heading's name."""
    if isinstance(title, str) and not title:
        return rx.el.div(*children, class_name="card")
    return rx.el.section(
        rx.el.h2(title, id=card_id),
        *children,
        class_name="card",
        custom_attrs={"aria-labelledby": card_id},
    )


def number(text: Text, unit: str = "") -> rx.Component:
    """A figure with its unit that never breaks across lines: `number(row.total, "руб.")`."""
    return rx.el.span(text, f"\u00a0{unit}" if unit else "", class_name="num")


def big_sum(text: Text, unit: str = "руб.") -> rx.Component:
    """The figure a person came for."""
    return rx.el.p(text, " ", rx.el.small(unit), class_name="sum num")


def tag(text: Text, kind: Kind | rx.Var[str] = "info") -> rx.Component:
    """A status in a word; the colour only repeats it."""
    return rx.el.span(text, class_name=joined("tag ", kind))


def demo_banner() -> rx.Component:
    """The strip of a demonstration, above everything, with the ways to what stands in for the outside world."""
    ways = (native_link(name, href=path) for name, path in paths.STAND_INS)
    return rx.el.div(
        rx.el.p(rx.el.span(rx.el.b(f"{words.DEMO}. "), words.DEMO_ABOUT), *ways),
        class_name="demo",
    )
