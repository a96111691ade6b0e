"""«Страница не найдена»."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.notices import action_link


def not_found_page() -> rx.Component:
    """For the route `/404`, which answers every unknown address."""
    return public_page(
        words.NOT_FOUND_TITLE,
        rx.el.div(
            rx.el.p(words.NOT_FOUND_TEXT),
            rx.el.div(action_link(words.GO_HOME, paths.HOME), class_name="row"),
            class_name="card",
        ),
    )
