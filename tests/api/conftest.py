"""The whole HTTP side over a small stand-in for the built front end, with the test's own database behind it."""

import warnings
from pathlib import Path

import bcrypt
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles

from lk_reflex import wiring
from lk_reflex.api.edge.headers import content_policy
from lk_reflex.api.edge.layer import Edge
from lk_reflex.api.routes import api
from lk_reflex.api.seen.health import readiness
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.identity.passwords import hashing as passwords
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.domain.identity.users import put_user
from lk_reflex.settings import get_settings
from tests.cast import NOW

with warnings.catch_warnings():
    # It would rather have the successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PASSWORD = "пароль Анны"
SCRIPT = 'window.__data = {"а": "<b>"};'
HEAD = f'<head><script>{SCRIPT}</script><script src="/assets/app-1.js"></script></head>'
PAGE = f'<!DOCTYPE html>\n<html lang="ru">{HEAD}</html>'
FILES = {
    "index.html": PAGE,
    "overview/index.html": PAGE,
    "charges/index.html": PAGE,
    "guest/index.html": PAGE,
    "staff/readings/index.html": PAGE,
    "staff/requests/index.html": PAGE,
    "help/index.html": PAGE.replace("</head>", "</head>" + "д" * 100_000),
    "404.html": PAGE.replace("<head>", "<head><script type=module>late()</script>"),
    "assets/app-1.js": "run()",
    "styles/frame.css": "a{}",
    "icon.svg": "<svg/>",
    "font.woff2": "font",
    "help/home.webp": "picture",
}


def _taken(_request):
    return PlainTextResponse("taken")


def _broken(_request):
    raise RuntimeError("secret detail")


async def _socket(websocket):
    await websocket.accept()
    await websocket.send_text("connected")
    await websocket.close()


@pytest.fixture
def built(tmp_path) -> Path:
    folder = tmp_path / "client"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    content_policy.cache_clear()
    return folder


@pytest.fixture
def edge(built) -> Edge:
    inner = Router(
        routes=[
            WebSocketRoute("/_event/", _socket),
            WebSocketRoute("/other", _socket),
            Route("/_upload", _taken, methods=["POST"]),
            Route("/_upload/{name}", _taken),
            Route("/_form", _taken, methods=["POST"]),
            Route("/broken", _broken),
            Mount("/", StaticFiles(directory=built, html=True)),
        ]
    )
    private = frozenset({"/overview", "/charges", "/documents/[token]", "/staff/readings", "/staff/requests"})
    pages = frozenset({"/", "/help", "/guest"}) | private
    guests = frozenset({"/guest"})
    return Edge(inner, api=api(), demo=None, pages=pages, private=private, guests=guests, built=built)


@pytest.fixture
def behind(monkeypatch):
    """Sets the installation's settings anew: `behind(LK_PUBLIC_URL="https://…")`."""

    def put(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()

    yield put
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def over(db, monkeypatch):
    """Makes the process's database the test's own."""
    wiring.database.cache_clear()
    monkeypatch.setattr(wiring, "_opened", lambda: db)
    yield db
    wiring.database.cache_clear()


@pytest.fixture
def web(edge, over, monkeypatch):
    """A browser without a mind: follows nothing, keeps cookies. Readiness is looked at anew each time."""
    monkeypatch.setattr(readiness, "seconds", 0.0)
    with TestClient(edge, "http://lk.test", follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def anna(over, monkeypatch) -> int:
    """A resident who signs in by password; bcrypt at its lowest cost."""
    monkeypatch.setattr(passwords, "_NOBODY", bcrypt.hashpw(b"nobody knows", bcrypt.gensalt(4)).decode())
    kept = hash_password(PASSWORD, get_settings().key(), cost=4)
    return over.write(put_user, "anna@example.org", "resident", kept, now=NOW)


@pytest.fixture
def sign_in(web, anna):
    """Posts the sign-in form."""

    def post(login="anna@example.org", password=PASSWORD, target="", **headers):
        form = {"login": login, "password": password, "next": target}
        return web.post("/api/sign-in", data=form, headers={"origin": "http://lk.test", **headers})

    return post


def cookie_of(answer, name: str = SESSION_COOKIE) -> str:
    """The Set-Cookie line of one cookie, or nothing; with the prefix that it has behind https."""
    names = tuple(f"{prefix}{name}=" for prefix in ("", "__Host-", "__Secure-"))
    return next((line for line in answer.headers.get_list("set-cookie") if line.startswith(names)), "")


def as_person(web, person) -> None:
    """Give the browser a session of somebody of the cast, begun now; with None nobody's."""
    web.cookies.clear()
    if person is not None:
        started = wiring.database().write(
            open_session, person.actor.user_id, client=Client("127.0.0.1", "тест"), now=utc_now()
        )
        web.cookies.set(SESSION_COOKIE, started)
