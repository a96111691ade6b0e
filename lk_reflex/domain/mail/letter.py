"""A letter as its author writes it: paragraphs, perhaps facts and one link; text and simple HTML come out of it."""

from dataclasses import dataclass
from html import escape

#: The look of all letters. Mail programs know no stylesheets, so it stands in the elements themselves; many know no
#: widths or margins of anything but tables.
_INK, _QUIET, _WATER, _LINE = "#10232e", "#44565f", "#0a5a78", "#d5dde1"
_FONT = "font-family:'Golos Text','PT Sans',Arial,sans-serif"
_TEXT = f"margin:0 0 16px;font-size:17px;line-height:26px;color:{_INK}"
_SMALL = f"margin:0 0 8px;font-size:14px;line-height:21px;color:{_QUIET}"
_BUTTON = (
    f"display:inline-block;padding:13px 24px;border-radius:8px;background:{_WATER};color:#ffffff;"
    "font-size:17px;line-height:24px;text-align:center;text-decoration:none;font-weight:bold"
)
_CELL = f"padding:8px 0;border-top:1px solid {_LINE};font-size:17px;line-height:24px;color:{_INK}"
_TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"'
_PAGE = f"""<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{{subject}}</title>
</head>
<body style="margin:0;padding:0;background:#eef2f4;{_FONT}">
<table {_TABLE} style="background:#eef2f4"><tr><td align="center" style="padding:24px 12px">
<table {_TABLE} style="max-width:600px;background:#ffffff;border-radius:12px">
<tr><td align="left" style="padding:20px 28px;border-bottom:3px solid {_WATER};{_FONT}">
<p style="margin:0;font-size:15px;line-height:20px;font-weight:bold;color:{_WATER}">{{product}}</p></td></tr>
<tr><td align="left" style="padding:28px 28px 12px;{_FONT}">
<h1 style="margin:0 0 16px;font-size:24px;line-height:31px;color:{_INK}">{{subject}}</h1>
{{body}}
</td></tr>
<tr><td align="left" style="padding:16px 28px 20px;border-top:1px solid {_LINE};{_FONT}">
<p style="{_SMALL};margin:0">{{signature}}</p></td></tr>
</table>
</td></tr></table>
</body>
</html>
"""
PRODUCT = "Личный кабинет абонента"
SIGNATURE = "Это письмо отправлено автоматически личным кабинетом абонента, отвечать на него не нужно."
COPY = "Если кнопка не открывается, скопируйте адрес в браузер:"


@dataclass(frozen=True, slots=True)
class Link:
    """The one thing to do: the button's words and the whole address."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is to be read by line: «ХВС, № 26616450» and «123,000 м³»."""

    title: str
    rows: tuple[tuple[str, str], ...]
    #: What is to be done about these alone.
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject, greeting-less paragraphs in plain words, facts, perhaps a link, and what follows it."""

    subject: str
    paragraphs: tuple[str, ...]
    link: Link | None = None
    after: tuple[str, ...] = ()
    facts: tuple[Facts, ...] = ()

    def plain(self) -> str:
        """The text form."""
        facts = tuple(part for one in self.facts for part in (_plain_facts(one), *_plain_link(one.link)))
        link = _plain_link(self.link)
        return "\n\n".join((*self.paragraphs, *facts, *link, *self.after, "-- \n" + SIGNATURE)) + "\n"

    def html(self) -> str:
        """The HTML form; whatever stands in the texts is shown as text."""
        parts = [_paragraph(text) for text in self.paragraphs]
        parts += [_facts(one) for one in self.facts]
        parts += _link(self.link) if self.link else []
        parts += [_paragraph(text) for text in self.after]
        subject, signature = escape(self.subject), escape(SIGNATURE)
        return _PAGE.format(subject=subject, product=PRODUCT, body="\n".join(parts), signature=signature)


def _plain_facts(facts: Facts) -> str:
    return "\n".join((facts.title, *(f"  {name}: {value}" for name, value in facts.rows)))


def _plain_link(link: Link | None) -> tuple[str, ...]:
    return (f"{link.words}:\n{link.address}",) if link else ()


def _paragraph(text: str) -> str:
    return f'<p style="{_TEXT}">{escape(text)}</p>'


def _facts(facts: Facts) -> str:
    rows = "".join(
        f'<tr><td valign="top" style="{_CELL};padding-right:16px">{escape(name)}</td>'
        f'<td valign="top" align="right" style="{_CELL};font-weight:bold">{escape(value)}</td></tr>'
        for name, value in facts.rows
    )
    title = f'<p style="{_SMALL}">{escape(facts.title)}</p>'
    return f'{title}<table {_TABLE} style="margin:0 0 20px;border-bottom:1px solid {_LINE}">{rows}</table>' + (
        "\n".join(_link(facts.link)) if facts.link else ""
    )


def _link(link: Link) -> list[str]:
    href = escape(link.address, quote=True)
    return [
        f'<p style="margin:8px 0 20px"><a href="{href}" style="{_BUTTON}">{escape(link.words)}</a></p>',
        f'<p style="{_SMALL};margin-bottom:20px">{COPY}<br>'
        f'<a href="{href}" style="color:{_WATER};word-break:break-all">{href}</a></p>',
    ]
