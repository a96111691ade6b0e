"""Stands in for the operator that delivers SMS: takes messages as the real one does, and shows them on a page."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from lk_reflex.core.clock import format_date, local_time, utc_now
from lk_reflex.standins.secrets import SMS_TOKEN
from lk_reflex.standins.sheet import sheet

TITLE = "Телефон для демонстрации"
ABOUT = "Сюда приходят сообщения, которые в рабочем режиме ушли бы на телефон. Настоящие номера их не получают."
NOTHING = "Сообщений пока нет. Смените номер телефона в настройках личного кабинета, и здесь появится код."
SHOWN = 30
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was handed over; `at` is «22.11.2026, 10:00:05»."""

    at: str
    to: str
    text: str


class Phone:
    """Keeps messages in a file, so that they outlive a restart and are the same in every process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "sms.jsonl"
        self._lock = Lock()

    def take(self, to: str, text: str) -> None:
        """Keep a message."""
        now = local_time(utc_now())
        message = Message(f"{format_date(now.date())}, {now:%H:%M:%S}", to[:LONGEST], text[:LONGEST])
        line = json.dumps(asdict(message), ensure_ascii=False) + "\n"
        with self._lock:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(line)

    def messages(self) -> Sequence[Message]:
        """The newest first."""
        if not self._file.exists():
            return ()
        lines = self._file.read_text("utf-8").splitlines()[-SHOWN:]
        return [Message(**json.loads(line)) for line in reversed(lines)]


def phone_routes(folder: Path) -> list[Route]:
    """The gateway and the page: POST /demo/sms/send, GET /demo/sms."""
    phone = Phone(folder)

    async def send(request: Request) -> Response:
        # Anybody without the token is refused, as the real gateway would.
        if request.headers.get("authorization") != f"Bearer {SMS_TOKEN}":
            return JSONResponse({"error": "token"}, 401)
        try:
            given = json.loads(await request.body())
            to, text = given["to"], given["text"]
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "body"}, 400)
        if not (isinstance(to, str) and isinstance(text, str) and to and text):
            return JSONResponse({"error": "body"}, 400)
        await run_in_threadpool(phone.take, to, text)
        return JSONResponse({"status": "accepted"}, 202)

    async def show(_request: Request) -> Response:
        return HTMLResponse(_drawn(await run_in_threadpool(phone.messages)))

    return [Route("/demo/sms/send", send, methods=["POST"]), Route("/demo/sms", show)]


def _drawn(messages: Sequence[Message]) -> str:
    if not messages:
        return sheet(TITLE, f"<p>{escape(ABOUT)}</p><p>{escape(NOTHING)}</p>")
    rows = "".join(
        f'<li class="card"><p><b>{escape(one.text)}</b></p>'
        f'<p class="muted small">{escape(one.to)} · {escape(one.at)}</p></li>'
        for one in messages
    )
    return sheet(TITLE, f'<p>{escape(ABOUT)}</p><ul class="stack">{rows}</ul>')
