"""Пользовательское соглашение, политика и согласие на обработку персональных данных."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.texts.state import TextsState, day_of, newest, versions
from lk_reflex.ui.shared.notices import card, notice
from lk_reflex.ui.shared.prose import prose, prose_of

#: What else of the kind one may want to read.
_SEE_ALSO = {
    paths.TERMS: (paths.CONSENT, paths.PRIVACY),
    paths.PRIVACY: (paths.CONSENT, paths.TERMS),
    paths.CONSENT: (paths.PRIVACY, paths.TERMS),
}


def terms_page() -> rx.Component:
    """Пользовательское соглашение."""
    return _text_page(paths.TERMS)


def privacy_page() -> rx.Component:
    """Политика обработки персональных данных."""
    return _text_page(paths.PRIVACY)


def consent_page() -> rx.Component:
    """Согласие на обработку персональных данных."""
    return _text_page(paths.CONSENT)


def _text_page(path: str) -> rx.Component:
    return door_page(
        paths.TITLES[path],
        rx.cond(
            TextsState.version != "",
            rx.fragment(_earlier(path), card(prose_of(TextsState.blocks))),
            card(prose(newest(path))),
        ),
        _versions(path),
        rx.el.nav(
            rx.el.p("Смотрите также:"),
            rx.el.ul(*(rx.el.li(rx.el.a(paths.TITLES[other], href=other)) for other in _SEE_ALSO[path])),
            aria_label="Смотрите также",
        ),
    )


def _earlier(path: str) -> rx.Component:
    return notice(
        "due",
        rx.Var.create("Это прежняя редакция, она действовала с ") + TextsState.version + ".",
        rx.el.p(rx.el.a("Открыть действующую редакцию", href=path)),
    )


def _versions(path: str) -> rx.Component:
    all_versions = versions(path)
    if len(all_versions) < 2:
        return rx.fragment()
    return rx.el.details(
        rx.el.summary("Все редакции"),
        rx.el.ul(
            *(rx.el.li(rx.el.a(f"с {day_of(version)}", href=f"{path}?version={version}")) for version in all_versions)
        ),
    )
