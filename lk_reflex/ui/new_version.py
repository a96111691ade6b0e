"""The bar of a tab that was opened before a new version came: it goes on as it can, and is never reloaded by itself."""

import os
from typing import Any

import reflex as rx
from reflex_components_core.base.fragment import Fragment

from lk_reflex.core.builds import BUILD_VARIABLE
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.native import native_link

#: The build that the pages are compiled for, or that this process serves; empty where neither is done (tests).
BUILD = os.environ.get(BUILD_VARIABLE, "")
#: Its slot in `rx.App(extra_app_wraps={NEW_VERSION_SLOT: new_version_bar})`.
NEW_VERSION_SLOT = (6, "NewVersion")


@rx.memo
def new_version() -> rx.Component:
    """What is compiled in is the page's own build; the var is that of the server it has just connected to."""
    another = (SessionState.build != "") & (SessionState.build != BUILD)
    bar = rx.el.div(
        rx.el.p(words.NEW_VERSION),
        native_link(words.REFRESH, href="", class_name="button quiet"),
        class_name="offline renewed",
    )
    return rx.el.div(rx.cond(another, bar), role="status")


class Behind(Fragment):
    """Its own first child stands behind the page that it is wrapped around, as the bar does on the screen.

    Before it, its link would be the first of the page, in place of «К содержанию».
    """

    def render(self) -> dict[str, Any]:
        """As any fragment, in another order."""
        whole = super().render()
        own, *page = whole["children"]
        return {**whole, "children": [*page, own]}


def new_version_bar(stateful: bool) -> rx.Component | None:
    """The wrap of the app; pages without a state are as good as ever."""
    return Behind.create(new_version()) if stateful and BUILD else None
