"""What the document's head carries: stylesheets, fonts, icons, colours of the browser's own bars."""

from typing import Final

import reflex as rx

#: For `rx.App(stylesheets=…)`: bundled by the build into one hashed, preloaded file that may be cached for ever.
STYLESHEETS: Final = [
    "/styles/tokens.css",
    "/styles/base.css",
    "/styles/frame.css",
    "/styles/things.css",
    "/styles/tables.css",
    "/styles/compact.css",
    "/styles/payments.css",
    "/styles/forms.css",
    "/styles/elsewhere.css",
    "/styles/help.css",
    "/styles/settings.css",
    "/styles/why.css",
    "/styles/charts.css",
    "/styles/documents.css",
    "/styles/services.css",
    "/styles/sealing.css",
    "/styles/uploads.css",
    "/styles/map.css",
    "/styles/desk.css",
    "/styles/print.css",
]


#: The stylesheets bring their own small reset: `rx.App(reset_style=RESET_STYLE)`.
RESET_STYLE: Final = False

_FONTS: Final = ("/fonts/golos-text-cyrillic.woff2", "/fonts/golos-text-latin.woff2")


def head() -> list[rx.Component]:
    """For `rx.App(head_components=…)`: hints and files that a browser asks for before the page."""
    fonts = [
        rx.el.link(rel="preload", href=href, type="font/woff2", custom_attrs={"as": "font", "crossOrigin": "anonymous"})
        for href in _FONTS
    ]
    return [
        *fonts,
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="alternate icon", href="/favicon.ico", sizes="32x32"),
        rx.el.link(rel="apple-touch-icon", href="/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#ffffff", custom_attrs={"media": "(prefers-color-scheme: light)"}),
        rx.el.meta(name="theme-color", content="#15232b", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        rx.el.meta(name="format-detection", content="telephone=no"),
    ]


HEAD: Final = head()
