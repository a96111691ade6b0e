"""A letter as its author writes it: paragraphs and at most one link; text and simple HTML come out of it."""

from dataclasses import dataclass
from html import escape

#: The look of all letters. Mail programs know no stylesheets, so it stands in the elements themselves.
_BODY = "margin:0;padding:24px;background:#f3f6f7;font:17px/1.5 Arial,sans-serif;color:#12262d"
_SHEET = "max-width:560px;margin:0 auto;padding:24px 28px;background:#ffffff;border-radius:12px"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#0b5c74;color:#ffffff;"
    "text-decoration:none;font-weight:bold"
)
_SMALL = "font-size:14px;color:#4a5f67"
SIGNATURE = "Это письмо отправлено автоматически личным кабинетом абонента, отвечать на него не нужно."


@dataclass(frozen=True, slots=True)
class Link:
    """The one thing to do: the button's words and the whole address."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject, greeting-less paragraphs in plain words, perhaps a link, and what follows it."""

    subject: str
    paragraphs: tuple[str, ...]
    link: Link | None = None
    after: tuple[str, ...] = ()

    def plain(self) -> str:
        """The text form."""
        link = (f"{self.link.words}:\n{self.link.address}",) if self.link else ()
        return "\n\n".join((*self.paragraphs, *link, *self.after, "-- \n" + SIGNATURE)) + "\n"

    def html(self) -> str:
        """The HTML form; whatever stands in the texts is shown as text."""
        parts = [f"<p>{escape(text)}</p>" for text in self.paragraphs]
        if self.link:
            href = escape(self.link.address, quote=True)
            parts.append(f'<p><a href="{href}" style="{_BUTTON}">{escape(self.link.words)}</a></p>')
            parts.append(f'<p style="{_SMALL}">Если кнопка не открывается, скопируйте адрес в браузер:<br>{href}</p>')
        parts += [f"<p>{escape(text)}</p>" for text in self.after]
        parts.append(f'<p style="{_SMALL}">{escape(SIGNATURE)}</p>')
        return (
            '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
            f"<title>{escape(self.subject)}</title></head>"
            f'<body style="{_BODY}"><div style="{_SHEET}">{"".join(parts)}</div></body></html>'
        )
