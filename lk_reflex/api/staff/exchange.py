"""Files of the exchange with billing in the browser: a package comes in, what came of a task goes out."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from lk_reflex.api.flash import noted
from lk_reflex.api.http import field, same_site, see_other
from lk_reflex.api.papers.downloads import asker, explained, number_of, private_file
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, Invalid, NotFound, Refused, Unavailable
from lk_reflex.core.executors import on
from lk_reflex.core.months import Month
from lk_reflex.core.task_files import plain_name
from lk_reflex.domain.exchange_log.tasks import IMPORT, NO_TASK, Order, Task, note_taken, one_task, order_task
from lk_reflex.domain.identity.access import ADMIN, Actor
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.exchange.tasks import PACKAGE, REGISTER
from lk_reflex.ui import paths
from lk_reflex.wiring import database, file_threads, task_files

FILE, PROFILE, MONTH, DRY_RUN, SKIP_BAD = "file", "profile", "month", "dry_run", "skip_bad_rows"
FOREIGN = "Запрос пришёл с чужой страницы. Загрузите файл здесь"
NO_FILE = "Выберите файл: архив ZIP, книгу XLSX, таблицу CSV или реестр"
NO_MONTH = "Введите месяц в виде ММ.ГГГГ, например 10.2026, или оставьте поле пустым"
NO_ROOM = "Файл не помещается на диск сервера. Сообщите тому, кто его обслуживает"
MONTH_ONLY = "Месяц нужен только реестру: выберите профиль или очистите месяц"


async def exchange_import_route(request: Request) -> Response:
    """POST multipart file, profile, month, dry_run, skip_bad_rows → a task in the queue, and back to the page.

    The edge has let in administrators alone, and no more bytes than a package may have; they are kept on disk.
    """
    form = await request.form(max_files=1, max_fields=8)
    try:
        if not same_site(request):
            raise Refused(FOREIGN)
        await on(file_threads(), _ordered, request, form)
    except Invalid as fault:
        return noted(see_other(f"{paths.STAFF_EXCHANGE}?fault=1"), request, faults=fault.fields)
    except DomainError as fault:
        return noted(see_other(f"{paths.STAFF_EXCHANGE}?fault=1"), request, faults={FILE: fault.message})
    finally:
        await form.close()
    return see_other(f"{paths.STAFF_EXCHANGE}?ordered=1")


async def exchange_file_route(request: Request) -> Response:
    """GET → what came of a task; 404 for whoever isn't an administrator."""
    return await _given(request, _result)


async def exchange_report_route(request: Request) -> Response:
    """GET → the whole report of a task as text."""
    return await _given(request, _report)


async def _given(request: Request, make: Callable[[Request], Response]) -> Response:
    try:
        return await on(file_threads(), make, request)
    except DomainError as fault:
        return explained(fault, paths.OVERVIEW if isinstance(fault, NotFound) else paths.STAFF_EXCHANGE)


def _ordered(request: Request, form: FormData) -> None:
    now = utc_now()
    actor = database().read(identify, session_hash(request.headers.get("cookie", "")), now=now)
    if actor is None or actor.role != ADMIN:
        raise Refused("Войдите в личный кабинет как администратор")
    file, options = form.get(FILE), _options(form)
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid({FILE: NO_FILE})
    path = task_files().incoming(file.filename)
    try:
        size = _kept(file.file, path)
        kind = REGISTER if options.get(PROFILE) else PACKAGE
        order = Order(IMPORT, kind, plain_name(file.filename), str(path), size, options)
        database().write(order_task, actor, order, now=now)
    except BaseException:
        task_files().remove(str(path))
        raise


def _options(form: FormData) -> dict[str, object]:
    month = field(form, MONTH).strip()
    profile = field(form, PROFILE)
    if month and not profile:
        raise Invalid({MONTH: MONTH_ONLY})
    try:
        found = Month.parse_dotted(month).key if month else ""
    except ValueError:
        raise Invalid({MONTH: NO_MONTH}) from None
    return {
        PROFILE: profile,
        MONTH: found,
        DRY_RUN: field(form, DRY_RUN) == "yes",
        SKIP_BAD: field(form, SKIP_BAD) == "yes",
    }


def _kept(source: IO[bytes], path: Path) -> int:
    try:
        with path.open("xb") as out:
            path.chmod(0o600)
            shutil.copyfileobj(source, out, 1024 * 1024)
    except OSError as fault:
        raise Unavailable(NO_ROOM) from fault
    size = path.stat().st_size
    if not size:
        raise Invalid({FILE: "Файл пустой. Выберите другой"})
    return size


def _result(request: Request) -> Response:
    now = utc_now()
    actor = asker(request, now=now)
    task = _task(request, actor)
    if not task.result_path or not task_files().owns(task.result_path) or not Path(task.result_path).is_file():
        raise NotFound(NO_TASK)
    _note(actor, task.task_id, now)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        task.result_path, media_type="application/octet-stream", filename=task.result_name, headers=headers
    )


def _report(request: Request) -> Response:
    task = _task(request, asker(request, now=utc_now()))
    text = "\r\n".join(task.report).encode("utf-8-sig")
    name = f"report-{task.task_id}.txt"
    return private_file(text, "text/plain; charset=utf-8", f"отчёт-{task.task_id}.txt", plain=name)


def _task(request: Request, actor: Actor) -> Task:
    return database().read(one_task, actor, number_of(request.path_params["task_id"]))


def _note(actor: Actor, task_id: int, now: datetime) -> None:
    database().write(note_taken, actor, task_id, now=now)
