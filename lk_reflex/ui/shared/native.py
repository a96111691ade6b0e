"""HTML elements that Reflex replaces with its own: a form the browser sends by itself, a link it follows by itself."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class NativeForm(BaseHTML):
    """A plain `<form>`: a document navigation, no script and no socket.

    `rx.el.form` always prevents the browser's own sending, so that it can't post to a route of the server.
    """

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    target: rx.Var[str]
    no_validate: rx.Var[bool]
    enc_type: rx.Var[str]
    auto_complete: rx.Var[str]
    #: Beside the browser's own sending, never in its place.
    on_submit: rx.EventHandler[rx.event.no_args_event_spec]


class NativeLink(BaseHTML):
    """A plain `<a>`: for anchors on the page (the focus moves with them) and for files of the server.

    `rx.el.a` is a router link: right for pages, wrong for both of these.
    """

    tag = "a"
    href: rx.Var[str]
    download: rx.Var[str | bool]
    target: rx.Var[str]
    rel: rx.Var[str]


def native_form(*children: rx.Component, action: str, method: str = "post", **props: Any) -> rx.Component:
    """A form that the browser itself sends to a route: `native_form(…, action=paths.SIGN_IN)`."""
    return NativeForm.create(*children, action=action, method=method, **props)


def native_link(*children: Any, href: str | rx.Var[str], **props: Any) -> rx.Component:
    """A link that the browser itself follows: anchors and downloads."""
    return NativeLink.create(*children, href=href, **props)
