"""Stands in for phones with the mobile application and for the service that pushes to them: shows what they get."""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import anyio
import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from lk_reflex.core.clock import format_date, local_time, utc_now
from lk_reflex.standins.secrets import PUSH_TOKEN
from lk_reflex.standins.sheet import sheet

TITLE = "Пуш-уведомления"
ABOUT = (
    "Здесь видно то, что в рабочем режиме пришло бы на телефон с мобильным приложением: слова на экране, число на "
    "значке и данные, по которым приложение откроет нужную страницу."
)
NO_PHONES = "Телефонов пока нет. Войдите в личный кабинет и нажмите «Установить приложение»: телефон привяжется к вам."
NO_NOTES = "Уведомлений ещё не было. Например, отправьте обращение и ответьте на него как оператор."
NOT_SIGNED_IN = "Сначала войдите в личный кабинет: приложение привязывает телефон к тому, кто в нём вошёл."
FAILED = "Кабинет не привязал телефон: "
PAGE = "/demo/push"
NORMAL, OUTAGE, SILENCE = "", "503", "silence"
TROUBLES = {NORMAL: "Работает", OUTAGE: "Отвечает «503»", SILENCE: "Не отвечает"}
PLATFORMS = {"android": "Android", "ios": "iOS", "rustore": "Android (RuStore)"}
#: Longer than the cabinet waits, in seconds.
SILENT_FOR = 8.0
PHONES_KEPT, NOTES_KEPT, LONGEST = 20, 30, 1000


@dataclass(slots=True)
class Handset:
    """One phone; `notes` are the payloads that it got, newest last. Without the application it is gone."""

    token: str
    name: str
    platform: str
    installed: bool
    notes: list[dict[str, object]]


class Handsets:
    """All phones of a demonstration, in a file, so that they outlive a restart."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "push.json"
        self._lock = Lock()

    def read(self) -> tuple[list[Handset], str]:
        """The phones, newest last, and the trouble that was chosen."""
        if not self._file.exists():
            return [], NORMAL
        kept = json.loads(self._file.read_text("utf-8"))
        return [Handset(**one) for one in kept["phones"]], kept["trouble"]

    def change(self, work: Callable[[list[Handset]], None], trouble: str | None = None) -> None:
        """Let `work` change the phones, and keep them; the file appears whole or not at all."""
        with self._lock:
            handsets, chosen = self.read()
            work(handsets)
            phones = [asdict(one) for one in handsets[-PHONES_KEPT:]]
            kept = {"phones": phones, "trouble": chosen if trouble is None else trouble}
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
            fresh.replace(self._file)

    def take(self, token: str, note: dict[str, object]) -> bool:
        """Show a message on a phone, once however often it comes; False where there is no such phone."""
        found = False

        def show(handsets: list[Handset]) -> None:
            nonlocal found
            for one in handsets:
                if one.token == token and one.installed:
                    found = True
                    if all(known.get("id") != note.get("id") for known in one.notes):
                        one.notes = [*one.notes, note][-NOTES_KEPT:]

        self.change(show)
        return found


def push_routes(folder: Path, *, cabinet: str, client: Callable[[], httpx.AsyncClient] | None = None) -> list[Route]:
    """The gateway (POST /demo/push/send), and the page where phones are looked at, made, removed, and troubled."""
    handsets = Handsets(folder)
    make = client or (lambda: httpx.AsyncClient(base_url=cabinet, timeout=10, trust_env=False))

    async def send(request: Request) -> Response:
        # Anybody without the token is refused, as a real gateway would.
        if request.headers.get("authorization") != f"Bearer {PUSH_TOKEN}":
            return JSONResponse({"error": "token"}, 401)
        _, trouble = await run_in_threadpool(handsets.read)
        if trouble == SILENCE:
            await anyio.sleep(SILENT_FOR)
        if trouble != NORMAL:
            return JSONResponse({"error": "unavailable"}, 503)
        note = _note(await request.body())
        if note is None:
            return JSONResponse({"error": "body"}, 400)
        token = str(note.pop("token"))
        if not await run_in_threadpool(handsets.take, token, note):
            return JSONResponse({"error": "gone"}, 410)
        return JSONResponse({"status": "accepted"}, 202)

    async def show(_request: Request) -> Response:
        return HTMLResponse(_drawn(*await run_in_threadpool(handsets.read)))

    async def install(request: Request) -> Response:
        """What the application does at its first start: it asks its platform for a token and brings it to us."""
        form = await request.form()
        platform = str(form.get("platform", ""))
        name = str(form.get("name", ""))[:60].strip() or "Мой телефон"
        if not _own_page(request) or platform not in PLATFORMS:
            return RedirectResponse(PAGE, 303)
        token = f"demo-{secrets.token_urlsafe(24)}"
        given = {"token": token, "platform": platform, "name": name}
        async with make() as browser:
            answer = await browser.post(
                "/api/push/devices", json=given, headers={"cookie": request.headers.get("cookie", "")}
            )
        if answer.status_code == 401:
            return HTMLResponse(_excuse(NOT_SIGNED_IN), 401)
        if not answer.is_success:
            return HTMLResponse(_excuse(FAILED + str(answer.json().get("error", answer.status_code))), 502)
        handset = Handset(token, name, platform, True, [])
        await run_in_threadpool(handsets.change, lambda all_: all_.append(handset))
        return RedirectResponse(PAGE, 303)

    async def remove(request: Request) -> Response:
        """The application is removed: nobody tells the cabinet, it hears of it by «gone»."""
        token = str((await request.form()).get("token", ""))

        def uninstall(all_: list[Handset]) -> None:
            for one in all_:
                one.installed = one.installed and one.token != token

        if _own_page(request):
            await run_in_threadpool(handsets.change, uninstall)
        return RedirectResponse(PAGE, 303)

    async def trouble(request: Request) -> Response:
        chosen = str((await request.form()).get("trouble", ""))
        if _own_page(request) and chosen in TROUBLES:
            await run_in_threadpool(handsets.change, lambda _all: None, chosen)
        return RedirectResponse(PAGE, 303)

    return [
        Route(f"{PAGE}/send", send, methods=["POST"]),
        Route(f"{PAGE}/install", install, methods=["POST"]),
        Route(f"{PAGE}/remove", remove, methods=["POST"]),
        Route(f"{PAGE}/trouble", trouble, methods=["POST"]),
        Route(PAGE, show, methods=["GET"]),
    ]


def _note(body: bytes) -> dict[str, object] | None:
    try:
        given = json.loads(body)
    except ValueError:
        return None
    if not isinstance(given, dict) or not all(isinstance(given.get(name), str) for name in ("token", "title", "body")):
        return None
    now = local_time(utc_now())
    known = ("id", "token", "platform", "title", "body", "kind", "number", "badge")
    note = {name: given.get(name) if name == "badge" else str(given.get(name, ""))[:LONGEST] for name in known}
    return {**note, "at": f"{format_date(now.date())}, {now:%H:%M:%S}"}


def _own_page(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def _excuse(sentence: str) -> str:
    return sheet(TITLE, f'<p>{escape(sentence)}</p><p><a class="back" href="{PAGE}">← К телефонам</a></p>')


def _drawn(handsets: list[Handset], trouble: str) -> str:
    phones = "".join(_phone(one) for one in reversed(handsets)) or f"<p>{escape(NO_PHONES)}</p>"
    return sheet(TITLE, f'<p class="muted">{escape(ABOUT)}</p>{_install()}{_troubles(trouble)}{phones}')


def _install() -> str:
    return (
        f'<form class="card stack" method="post" action="{PAGE}/install"><h2>Установить приложение</h2>'
        '<div class="field"><label for="name">Название телефона:</label>'
        '<input id="name" name="name" value="Мой телефон" maxlength="60" autocomplete="off"></div>'
        '<div class="field"><label for="platform">Платформа:</label>'
        f'<select id="platform" name="platform">{_options(PLATFORMS, "android")}</select></div>'
        '<div class="row"><button class="button" type="submit">Установить приложение</button></div></form>'
    )


def _troubles(chosen: str) -> str:
    return (
        f'<form class="card stack" method="post" action="{PAGE}/trouble"><h2>Служба уведомлений</h2>'
        '<div class="field"><label for="trouble">Что с ней сейчас:</label>'
        f'<select id="trouble" name="trouble">{_options(TROUBLES, chosen)}</select></div>'
        '<div class="row"><button class="button quiet" type="submit">Применить</button></div></form>'
    )


def _options(choices: dict[str, str], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(title)}</option>'
        for key, title in choices.items()
    )


def _phone(one: Handset) -> str:
    notes = "".join(_shown(note) for note in reversed(one.notes))
    badge = f" · на значке: {escape(str(one.notes[-1].get('badge')))}" if one.notes else ""
    state = f"приложение установлено{badge}" if one.installed else "приложение удалено"
    button = (
        f'<form method="post" action="{PAGE}/remove"><input type="hidden" name="token" value="{escape(one.token)}">'
        f'<button class="button quiet" type="submit">Удалить приложение<span class="hidden"> '
        f"({escape(one.name)})</span></button></form>"
    )
    return (
        f'<section class="card stack"><h2>{escape(one.name)}</h2>'
        f'<p class="muted small">{escape(PLATFORMS.get(one.platform, one.platform))} · {state}</p>'
        + (f'<ul class="stack">{notes}</ul>' if notes else f"<p>{escape(NO_NOTES)}</p>")
        + (button if one.installed else "")
        + "</section>"
    )


def _shown(note: dict[str, object]) -> str:
    raw = json.dumps({name: value for name, value in note.items() if name != "at"}, ensure_ascii=False, indent=2)
    return (
        f"<li><p><b>{escape(str(note['title']))}</b><br>{escape(str(note['body']))}</p>"
        f'<p class="muted small">{escape(str(note["at"]))}</p>'
        "<details><summary>Что получило приложение</summary>"
        f'<pre class="letter-text">{escape(raw)}</pre></details></li>'
    )
