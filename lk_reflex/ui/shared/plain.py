"""A page that needs neither script nor socket: for the HTTP layer when the rest can't speak. No Reflex here."""

from collections.abc import Sequence
from html import escape
from typing import Final

_STYLES: Final = ("/styles/tokens.css", "/styles/base.css", "/styles/things.css")
_PAGE: Final = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">{refresh}
<title>{title} — Личный кабинет</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
{styles}
</head>
<body>
<main class="plain" data-status="{status}">
<div class="card">
<h1>{title}</h1>
<p>{text}</p>{number}{facts}
{button}{also}
</div>
</main>
</body>
</html>
"""


def plain_page(
    title: str, text: str, status: int, *, number: str = "", href: str = "/", action: str = "На главную",
    facts: Sequence[tuple[str, str]] = (), refresh: int = 0, also: tuple[str, str] | None = None,
) -> str:  # fmt: skip
    """A whole small HTML page in the product's look; all texts are escaped.

    `number` is the error's id, which a person may name to the help desk; `facts` are labels with their values.
    Without an `action` nothing invites to leave what was typed on the page before.
    `refresh`: after so many seconds the browser asks for this very address again; `also`: another way and its words.
    """
    return _PAGE.format(
        title=escape(title),
        text=escape(text),
        status=status,
        styles="\n".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in _STYLES),
        number=f'\n<p class="small muted">Номер ошибки: {escape(number)}</p>' if number else "",
        facts=_facts(facts),
        button=f'<p><a class="button" href="{escape(href, quote=True)}">{escape(action)}</a></p>' if action else "",
        refresh=f'\n<meta http-equiv="refresh" content="{refresh}">' if refresh else "",
        also=f'\n<p><a href="{escape(also[0], quote=True)}">{escape(also[1])}</a></p>' if also else "",
    )


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f"<div><dt>{escape(label)}:</dt><dd>{escape(value)}</dd></div>" for label, value in facts)
    return f'\n<dl class="facts">{rows}</dl>' if rows else ""
