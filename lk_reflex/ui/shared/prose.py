"""Long texts out of plain files: headings, paragraphs and lists, nothing else; whatever else stands there is text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import reflex as rx

TITLE, HEADING, PARAGRAPH, LIST = "title", "heading", "paragraph", "list"


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph with its text, or a list with its points (not `items`: Vars have a method so named)."""

    kind: str
    text: str = ""
    points: list[str] = field(default_factory=list)
    key: str = ""


def blocks_of(text: str) -> list[Block]:
    """«# » is the title, «## » a heading, lines that begin with «- » a list, an empty line ends a paragraph."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return [_block(part, str(place)) for place, part in enumerate(parts) if part]


def _block(part: str, key: str) -> Block:
    if part.startswith("# "):
        return Block(TITLE, part[2:], key=key)
    if part.startswith("## "):
        return Block(HEADING, part[3:], key=key)
    if part.startswith("- "):
        return Block(LIST, points=list(_items(part)), key=key)
    return Block(PARAGRAPH, " ".join(part.split("\n")), key=key)


def _items(part: str) -> Iterator[str]:
    item = ""
    for line in part.split("\n"):
        if line.startswith("- "):
            if item:
                yield item
            item = line[2:]
        else:
            item += f" {line.strip()}"
    yield item


def prose(blocks: Sequence[Block]) -> rx.Component:
    """A text known when the pages are built; its title is the page's own heading."""
    return rx.el.div(*(_drawn(block) for block in blocks if block.kind != TITLE), class_name="prose")


def prose_of(blocks: rx.Var[list[Block]]) -> rx.Component:
    """A text that a state publishes."""
    return rx.el.div(rx.foreach(blocks, _published), class_name="prose")


def _drawn(block: Block) -> rx.Component:
    if block.kind == HEADING:
        return rx.el.h2(block.text)
    if block.kind == LIST:
        return rx.el.ul(*(rx.el.li(item) for item in block.points))
    return rx.el.p(block.text)


def _published(block: Block) -> rx.Component:
    return rx.fragment(
        rx.match(
            block.kind,
            (HEADING, rx.el.h2(block.text)),
            (LIST, rx.el.ul(rx.foreach(block.points, lambda item: rx.el.li(item)))),
            (PARAGRAPH, rx.el.p(block.text)),
            rx.fragment(),
        ),
        key=block.key,
    )
