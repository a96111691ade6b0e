"""The page that stands in for one that failed: what happened, what to do, and the number to name on the phone."""

import logging
import secrets
from http import HTTPStatus

from starlette.responses import HTMLResponse

from lk_reflex.core.errors import Unavailable
from lk_reflex.ui.shared.plain import plain_page

log = logging.getLogger(__name__)
BROKEN = "Это наша ошибка, мы её уже записали. Обновите страницу через минуту; если не поможет, назовите номер ошибки."
BUSY = "Кабинет сейчас занят или недоступен. Ничего из введённого раньше не пропало. Обновите страницу через минуту."


def excuse(fault: Exception) -> HTMLResponse:
    """Log the fault under a number and answer with a page; 503 where waiting helps, else 500."""
    if isinstance(fault, Unavailable):
        log.warning("unavailable: %s", fault)
        text = plain_page("Кабинет временно недоступен", BUSY, 503, href="", action="Обновить страницу")
        return HTMLResponse(text, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
    number = secrets.token_hex(3).upper()
    log.error("error %s in a request", number, exc_info=fault)
    text = plain_page("Не получилось открыть страницу", BROKEN, 500, number=number)
    return HTMLResponse(text, HTTPStatus.INTERNAL_SERVER_ERROR)
