"""What the downloads have in common: who asks, how much, what the file is called, and pages for what goes wrong."""

import re
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lk_reflex.core.errors import DomainError, Invalid, NotFound, Unavailable
from lk_reflex.core.months import NAMES, Month
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.ui.shared.plain import plain_page
from lk_reflex.wiring import database

#: No id of the database is longer.
_ID = re.compile("[1-9][0-9]{0,17}")
_NUMBERS = {name.casefold(): number for number, name in enumerate(NAMES, 1)}
_LONGEST_MONTH = 20
#: Of one person: enough for going through years by hand, not for a machine that goes through them all day.
FILES = Limit("files:user", 120, longest=timedelta(minutes=15), window=timedelta(minutes=15))
PAUSE = "Вы скачали очень много файлов подряд."
SIGN_IN = "Войдите в личный кабинет"
ENDED = "Сеанс завершён. Войдите и откройте ссылку снова."
MISSING = "Документ не найден"
WHERE = "На ваших лицевых счетах такого документа нет: возможно, ссылка устарела или лицевой счет отвязан."


class TooMany(DomainError):
    """The person has taken so many files that they have to wait."""


class SignedOut(DomainError):
    """Nobody's session."""


def asker(request: Request, *, now: datetime) -> Actor:
    """The person behind the request, and one file more of theirs. Raises SignedOut, TooMany. Blocks: not on the loop.

    The count is written at leisure: while an import holds the right to write, people still open their receipts.
    """
    actor = database().read(identify, session_hash(request.headers.get("cookie", "")), now=now)
    if actor is None:
        raise SignedOut(ENDED)
    subject = str(actor.user_id)
    if wait := database().read(attempts.wait_for, FILES, subject, now=now):
        raise TooMany(attempts.waiting(PAUSE, wait).message)
    database().write_at_leisure(attempts.note_miss, FILES, subject, now=now)
    return actor


def number_of(text: str) -> int:
    """An id out of an address. Raises NotFound: what is no number names nothing."""
    if not _ID.fullmatch(text):
        raise NotFound(WHERE)
    return int(text)


def asked_number(request: Request, name: str) -> int | None:
    """A parameter that holds an id, or None where it is absent or empty. Raises NotFound."""
    text = request.query_params.get(name, "")
    return number_of(text) if text else None


def asked_month(request: Request, name: str) -> Month | None:
    """A parameter that names a month: «2026-10», or «Октябрь 2026» as pages show it. None where it is absent or empty.

    Raises Invalid.
    """
    text = request.query_params.get(name, "").strip()
    if not text:
        return None
    try:
        if len(text) > _LONGEST_MONTH:
            raise ValueError(text)
        word, _, year = text.replace("\u00a0", " ").partition(" ")
        return Month(int(year), _NUMBERS[word.casefold()]) if year else Month.parse(text)
    except (ValueError, KeyError):
        raise Invalid({name: "Такого месяца нет. Вернитесь в раздел и выберите месяц из списка."}) from None


def private_file(body: bytes, kind: str, name: str, *, plain: str, shown: bool = False) -> Response:
    """A file for nobody else: never kept by a proxy or a browser. `shown` opens it in the browser instead of saving it.

    `name` is the Russian name, `plain` the one for programs that read only ASCII.
    """
    way = "inline" if shown else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
    }
    return Response(body, media_type=kind, headers=headers)


def explained(fault: DomainError, back: str) -> Response:
    """The page of a download that isn't given; `back` is the section to return to. An unknown fault is raised on."""
    if isinstance(fault, SignedOut):
        return _page(SIGN_IN, fault.message, HTTPStatus.FORBIDDEN, href="/", action="Ко входу")
    if isinstance(fault, NotFound):
        # The same words whether it doesn't exist or is somebody else's.
        return _page(MISSING, WHERE, HTTPStatus.NOT_FOUND, href=back, action="К разделу")
    if isinstance(fault, TooMany):
        return _page("Файл пока не готовим", fault.message, HTTPStatus.TOO_MANY_REQUESTS, href=back, action="К разделу")
    if isinstance(fault, Unavailable):
        page = _page("Кабинет сейчас занят", fault.message, HTTPStatus.SERVICE_UNAVAILABLE, href="", action="Повторить")
        page.headers["Retry-After"] = "60"
        return page
    text = " ".join(fault.fields.values()) if isinstance(fault, Invalid) else fault.message
    return _page("Не удалось подготовить файл", text, HTTPStatus.BAD_REQUEST, href=back, action="К разделу")


def _page(title: str, text: str, status: HTTPStatus, *, href: str, action: str) -> HTMLResponse:
    return HTMLResponse(plain_page(title, text, status, href=href, action=action), status)
