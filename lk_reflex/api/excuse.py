"""The page that stands in for one that failed: what happened, what to do, and the number to name on the phone."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import HTMLResponse

from lk_reflex.core.errors import Unavailable
from lk_reflex.core.traces import number
from lk_reflex.ui.shared.plain import plain_page
from lk_reflex.ui.shared.words import NOT_FOUND_TEXT, NOT_FOUND_TITLE

log = logging.getLogger(__name__)
BROKEN = "Это наша ошибка, мы её уже записали. Обновите страницу через минуту; если не поможет, назовите номер ошибки."
BUSY = "Кабинет сейчас занят или недоступен. Ничего из введённого раньше не пропало. Обновите страницу через минуту."
AGAIN = "Вернитесь на предыдущую страницу, обновите её и отправьте форму ещё раз."
#: What a browser gets where Starlette would say it in English.
SAID = {
    HTTPStatus.BAD_REQUEST: ("Не удалось прочитать форму", AGAIN),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("Не удалось прочитать форму", AGAIN),
    HTTPStatus.NOT_FOUND: (NOT_FOUND_TITLE, NOT_FOUND_TEXT),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "Так эту страницу не открыть",
        "По этому адресу принимают только отправленную форму или, наоборот, только показывают страницу. Перейдите на "
        "главную и начните оттуда.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: (
        "Запрос шёл слишком долго",
        "Связь слишком медленная или прервалась. Вернитесь на предыдущую страницу и отправьте форму ещё раз.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: (
        "Слишком длинный адрес",
        "Такого адреса в кабинете нет. Перейдите на главную и начните оттуда.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("Слишком большой запрос", "Сократите то, что ввели, и отправьте ещё раз."),
}
OTHERWISE = ("Запрос не выполнен", AGAIN)


def refused(status: int, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """The page of a request that is refused as such: an unknown address, a wrong method, an unreadable form."""
    title, text = SAID.get(HTTPStatus(status), OTHERWISE)
    return HTMLResponse(plain_page(title, text, status), status, headers=headers)


def excuse(fault: Exception) -> HTMLResponse:
    """Log the fault under a number and answer with a page; 503 where waiting helps, else 500."""
    if isinstance(fault, Unavailable):
        log.warning("unavailable: %s", fault)
        text = plain_page("Кабинет временно недоступен", BUSY, 503, href="", action="Обновить страницу")
        return HTMLResponse(text, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
    said = number()
    log.error("error %s in a request", said, exc_info=fault)
    text = plain_page("Не получилось открыть страницу", BROKEN, 500, number=said)
    return HTMLResponse(text, HTTPStatus.INTERNAL_SERVER_ERROR)
