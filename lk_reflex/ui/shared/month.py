"""The month navigator «< Сентябрь 2019 >»."""

import reflex as rx

from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text, present


def month_switch(
    title: Text,
    previous_href: Text,
    previous_title: Text,
    next_href: Text,
    next_title: Text,
) -> rx.Component:
    """Two links round the month's name; an empty address means there is no such month.

    `month_switch(State.month, "/charges?month=2019-08", "Август 2019", "", "")`
    """
    return rx.el.nav(
        _step("‹", previous_href, previous_title),
        rx.el.b(title, custom_attrs={"aria-live": "polite"}),
        _step("›", next_href, next_title),
        class_name="month",
        aria_label=words.MONTH,
    )


def _step(sign: str, href: Text, title: Text) -> rx.Component:
    return rx.cond(
        present(href),
        rx.el.a(sign, href=href, aria_label=title),
        rx.el.span(sign, class_name="none", custom_attrs={"aria-hidden": "true"}),
    )
