"""Инструкция по использованию личного кабинета: contents, chapters with pictures, contacts."""

from typing import Final

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.public.help.model import Chapter, Picture, Section, Step, pieces
from lk_reflex.ui.public.help.sizes import SIZES
from lk_reflex.ui.public.help.state import ContactCard, HelpState
from lk_reflex.ui.public.help.texts import CHAPTERS, SECTIONS
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import skeleton

TITLE = paths.TITLES[paths.HELP]
LEAD: Final = (
    "Выберите, что Вам нужно, в оглавлении. Названия кнопок и полей в тексте выделены. "
    "Если инструкция не помогла, позвоните в свою организацию: телефоны в конце страницы."
)
CONTENTS, CONTENTS_ID = "Оглавление", "contents"
BACK = "К оглавлению"
CABINET = "Вернуться в личный кабинет"
CONTACTS_ID: Final = paths.CONTACTS.partition("#")[2]
CONTACTS_LEAD = "По вопросам использования «Личного кабинета» Вы можете обращаться в Вашу организацию."
NO_CONTACTS = "Телефон Вашей управляющей (ресурсоснабжающей) компании напечатан на квитанции."


def help_page() -> rx.Component:
    """The whole manual on one page: found by one search, printed in one go, each errand with an address of its own."""
    return public_page(
        TITLE,
        rx.el.p(LEAD, class_name="lead muted"),
        _contents(),
        *(_chapter(number, chapter) for number, chapter in enumerate(CHAPTERS, 1)),
        _contacts(),
        help_name=SessionState.help_name,
        help_phone=SessionState.help_phone,
    )


def _contents() -> rx.Component:
    return rx.el.nav(
        rx.el.h2(CONTENTS, id=CONTENTS_ID, tab_index=-1),
        rx.el.ol(
            *(
                rx.el.li(
                    native_link(f"{number}. {chapter.title}", href=f"#{chapter.anchor}"),
                    rx.el.ul(*(rx.el.li(_link(section)) for section in chapter.sections)),
                )
                for number, chapter in enumerate(CHAPTERS, 1)
            ),
            rx.el.li(native_link(words.CONTACTS, href=f"#{CONTACTS_ID}")),
        ),
        # To the home page of the server, which leads a signed-in person on to the overview.
        rx.el.p(native_link(CABINET, href=paths.HOME)),
        class_name="card contents",
        custom_attrs={"aria-labelledby": CONTENTS_ID},
    )


def _chapter(number: int, chapter: Chapter) -> rx.Component:
    return rx.el.section(
        rx.el.h2(f"{number}. {chapter.title}", id=chapter.anchor, tab_index=-1),
        *(_section(section) for section in chapter.sections),
        class_name="chapter",
    )


def _section(section: Section) -> rx.Component:
    return rx.el.section(
        rx.el.h3(section.title, id=section.anchor, tab_index=-1),
        *(part for step in section.intro for part in _paragraph(step)),
        _list(rx.el.ul, section.points),
        _list(rx.el.ol, section.steps),
        *(part for step in section.notes for part in _paragraph(step)),
        *([_see(section)] if section.see else []),
        rx.el.p(native_link(BACK, href=f"#{CONTENTS_ID}"), class_name="back"),
        class_name="card",
    )


def _paragraph(step: Step) -> list[rx.Component]:
    return [rx.el.p(*_text(step.text)), *_figure(step.picture)]


def _list(kind: type[rx.Component], steps: tuple[Step, ...]) -> rx.Component:
    if not steps:
        return rx.fragment()
    return kind(*(rx.el.li(*_paragraph(step)) for step in steps))  # pyright: ignore


def _text(text: str) -> list[rx.Component | str]:
    """What stands on the screen is bold, so that it is found there."""
    return [rx.el.b(piece) if is_name else piece for piece, is_name in pieces(text) if piece]


def _figure(picture: Picture | None) -> list[rx.Component]:
    """Fetched only when it comes near the screen; its room is kept, so that nothing jumps."""
    if picture is None or picture.name not in SIZES:
        return []  # not taken yet: `make help-pictures`
    drawing = rx.el.img(
        src=f"/help/{picture.name}.webp",
        alt=picture.alt,
        loading="lazy",
        decoding="async",
        custom_attrs=_room(picture.name),
    )
    return [rx.el.figure(rx.el.picture(*_wide(f"{picture.name}-wide"), drawing))]


def _wide(name: str) -> list[rx.Component]:
    if name not in SIZES:
        return []
    return [
        rx.el.source(
            src_set=f"/help/{name}.webp",
            media="(min-width: 56.01rem)",
            type="image/webp",
            custom_attrs=_room(name),
        )
    ]


def _room(name: str) -> dict[str, str]:
    """As attributes of HTML: the props of these names would become styles, and no proportion."""
    width, height = SIZES[name]
    return {"width": str(width), "height": str(height)}


def _see(section: Section) -> rx.Component:
    links = [rx.el.li(_link(SECTIONS[anchor])) for anchor in section.see]
    return rx.el.div(rx.el.p("Подробнее в разделах инструкции:"), rx.el.ul(*links), class_name="see")


def _link(section: Section) -> rx.Component:
    return native_link(section.title, href=f"#{section.anchor}")


def _contacts() -> rx.Component:
    return rx.el.section(
        rx.el.h2(words.CONTACTS, id=CONTACTS_ID, tab_index=-1),
        rx.cond(
            HelpState.contacts.length() > 0,
            rx.fragment(
                rx.el.p(CONTACTS_LEAD),
                rx.el.ul(rx.foreach(HelpState.contacts, _contact), class_name="contacts"),
            ),
            rx.cond(HelpState.loaded, rx.el.p(NO_CONTACTS), skeleton()),
        ),
        class_name="card",
    )


def _contact(contact: ContactCard) -> rx.Component:
    return rx.el.li(
        rx.el.b(contact.name),
        rx.cond(contact.call != "", native_link(contact.phone, href=contact.call, class_name="num")),
        rx.cond(contact.address != "", rx.el.span(contact.address, class_name="muted")),
        key=contact.name,
    )
