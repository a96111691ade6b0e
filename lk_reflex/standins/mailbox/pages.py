"""The mailbox to look at: a list with a search, and one letter with its links to press."""

import re
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.standins.mailbox.store import Letter, Mailbox
from lk_reflex.standins.sheet import sheet

TITLE = "Почта демонстрации"
ABOUT = "Сюда приходят письма, которые в рабочем режиме ушли бы на электронную почту. Настоящие адреса их не получают."
NOTHING = (
    "Писем пока нет. Например, зарегистрируйтесь или нажмите «Забыли пароль?», и через секунду здесь будет письмо."
)
NOTHING_FOR = "Писем на такой адрес нет. Если вы только что что-то отправили, обновите страницу через секунду."
GONE = "Такого письма нет"
GONE_WHY = "Возможно, данные демонстрации начаты заново."
BACK = '<p><a class="back" href="/demo/mail">← Все письма</a></p>'
NO_SUBJECT = "(без темы)"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)»]")
#: Nothing of a letter may run, post or reach anywhere; a pressed link opens in the whole window.
_FRAME = (
    '<iframe class="letter" title="Письмо в оформлении, как его видит получатель" srcdoc="{html}" '
    'sandbox="allow-top-navigation-by-user-activation"></iframe>'
)


def mailbox_routes(folder: Path) -> list[Route]:
    """The two pages: GET /demo/mail?to=…, GET /demo/mail/{key}."""
    mailbox = Mailbox(folder)

    # Plain functions: Starlette runs them on a thread, as reading files wants.
    def show_all(request: Request) -> HTMLResponse:
        wanted = request.query_params.get("to", "")[:320]
        return HTMLResponse(_list(mailbox.letters(wanted), wanted))

    def show_one(request: Request) -> HTMLResponse:
        letter = mailbox.letter(request.path_params["key"])
        if letter is None:
            return HTMLResponse(sheet(GONE, f"<p>{escape(GONE_WHY)}</p>{BACK}"), 404)
        return HTMLResponse(_one(letter))

    return [
        Route("/demo/mail", show_all, methods=["GET"]),
        Route("/demo/mail/{key}", show_one, methods=["GET"]),
    ]


def _list(letters: list[Letter], wanted: str) -> str:
    search = (
        '<form method="get" action="/demo/mail" role="search" class="stack">'
        '<div class="field"><label for="to">Кому (адрес или его часть):</label>'
        f'<input id="to" name="to" type="search" value="{escape(wanted)}" autocomplete="off" spellcheck="false"></div>'
        '<div class="row"><button class="button" type="submit">Найти</button>'
        '<a class="button quiet" href="/demo/mail">Показать все</a></div></form>'
    )
    empty = f"<p>{escape(NOTHING_FOR if wanted else NOTHING)}</p>"
    rows = "".join(_row(letter) for letter in letters)
    found = f'<ul class="letters">{rows}</ul>' if rows else empty
    return sheet(TITLE, f'<p class="muted">{escape(ABOUT)}</p><div class="card">{search}</div>{found}')


def _row(letter: Letter) -> str:
    return (
        f'<li class="card"><p><a href="/demo/mail/{escape(letter.key)}"><b>{escape(letter.subject or NO_SUBJECT)}</b>'
        f'</a></p><p class="muted small">{escape(letter.recipient)} · {_moment(letter)}</p></li>'
    )


def _one(letter: Letter) -> str:
    about = (
        f'<dl class="facts"><div><dt>Кому:</dt><dd>{escape(letter.recipient)}</dd></div>'
        f"<div><dt>От кого:</dt><dd>{escape(letter.sender)}</dd></div>"
        f"<div><dt>Пришло:</dt><dd>{_moment(letter)}</dd></div></dl>"
    )
    shown = f'<div class="card"><h2>Текст письма</h2><div class="letter-text">{_linked(letter.plain)}</div></div>'
    # Before what the letter brings: the first of two such elements is the one that counts.
    framed = _FRAME.format(html=escape('<base target="_top">' + letter.html)) if letter.html else ""
    look = f'<div class="card"><h2>Письмо в оформлении</h2>{framed}</div>' if framed else ""
    return sheet(letter.subject or NO_SUBJECT, BACK + f'<div class="card">{about}</div>' + shown + look)


def _linked(text: str) -> str:
    """Text as it is, with its addresses to press."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _moment(letter: Letter) -> str:
    at = local_time(letter.arrived)
    return f"{format_date(at.date())}, {at:%H:%M:%S}"
