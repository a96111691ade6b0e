"""The demonstration's phones: what is pushed is shown, once, as text; troubles come when they are asked for."""

import json

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from lk_reflex.integrations.push.http import HttpPush
from lk_reflex.integrations.push.port import Away, Gone, PushNote, Unfit
from lk_reflex.standins import push as standin
from lk_reflex.standins.push import PAGE, push_routes
from lk_reflex.standins.secrets import PUSH_TOKEN
from tests.api.conftest import TestClient

NOTE = {
    "identity": "lk-1", "platform": "android", "title": "Заявка на ремонт: Принято", "body": "Номер 261120-000-001",
    "kind": "request", "number": "261120000001", "badge": 3,
}  # fmt: skip


class Cabinet:
    """Answers the application as the cabinet would."""

    def __init__(self):
        self.asked: list[tuple[dict, str]] = []
        self.status, self.answer = 200, {"device": 1}

    def client(self) -> httpx.AsyncClient:
        async def bind(request: Request) -> JSONResponse:
            self.asked.append((await request.json(), request.headers.get("cookie", "")))
            return JSONResponse(self.answer, self.status)

        inner = Starlette(routes=[Route("/api/push/devices", bind, methods=["POST"])])
        return httpx.AsyncClient(transport=httpx.ASGITransport(inner), base_url="http://cabinet.test")


@pytest.fixture
def cabinet():
    return Cabinet()


@pytest.fixture
def web(cabinet, tmp_path):
    routes = push_routes(tmp_path, cabinet="", client=cabinet.client)
    with TestClient(Starlette(routes=routes), "http://lk.test") as client:
        yield client


@pytest.fixture
def push(web):
    """Pushes to a phone over the wire that the cabinet uses."""

    def hand_over(token, secret=PUSH_TOKEN, **changed):
        def carry(request: httpx.Request) -> httpx.Response:
            answer = web.post(f"{PAGE}/send", content=request.content, headers=dict(request.headers))
            return httpx.Response(answer.status_code, content=answer.content)

        gateway = HttpPush("http://gateway.test/send", secret, httpx.Client(transport=httpx.MockTransport(carry)))
        gateway.send(PushNote(token=token, **{**NOTE, **changed}))

    return hand_over


@pytest.fixture
def token(web, cabinet):
    web.cookies.set("lk_session", "session-of-anna")
    assert web.post(f"{PAGE}/install", data={"name": "Телефон Анны", "platform": "ios"}).status_code == 200
    return cabinet.asked[-1][0]["token"]


def test_installing_binds_the_phone_through_the_cabinets_own_door(web, cabinet, token):
    given, cookie = cabinet.asked[0]
    assert (given["name"], given["platform"]) == ("Телефон Анны", "ios") and "lk_session=session-of-anna" in cookie
    assert "Телефон Анны" in web.get(PAGE).text


def test_what_is_pushed_is_shown_once_with_all_that_the_application_gets(web, push, token):
    push(token)
    push(token)
    page = web.get(PAGE).text
    assert page.count("<b>Заявка на ремонт: Принято</b>") == 1
    assert "на значке: 3" in page and "261120000001" in page
    assert token not in page.replace(f'value="{token}"', "")


def test_foreign_text_is_text(web, push, token):
    push(token, title="<script>alert(1)</script>", body="<img src=x onerror=alert(2)>")
    page = web.get(PAGE).text
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page


def test_without_a_session_nothing_is_installed(web, cabinet):
    cabinet.status, cabinet.answer = 401, {"error": "Войдите в личный кабинет"}
    answer = web.post(f"{PAGE}/install", data={"name": "Чужой", "platform": "ios"})
    assert answer.status_code == 401 and "Сначала войдите" in answer.text and "Чужой" not in web.get(PAGE).text


def test_a_phone_without_the_application_is_gone(web, push, token):
    web.post(f"{PAGE}/remove", data={"token": token})
    with pytest.raises(Gone):
        push(token)
    with pytest.raises(Gone):
        push("nobody-has-this-token")
    assert "приложение удалено" in web.get(PAGE).text


def test_the_service_fails_as_long_as_it_is_told_to(web, push, token, monkeypatch):
    monkeypatch.setattr(standin, "SILENT_FOR", 0.01)
    for trouble in ("503", "silence"):
        web.post(f"{PAGE}/trouble", data={"trouble": trouble})
        with pytest.raises(Away):
            push(token)
    web.post(f"{PAGE}/trouble", data={"trouble": "nonsense"})
    web.post(f"{PAGE}/trouble", data={"trouble": ""})
    push(token)


def test_strangers_and_nonsense_are_refused_as_a_real_gateway_would(web, push, token):
    with pytest.raises(Away, match="401"):
        push(token, secret="other")
    for body in ("", "[]", "{", json.dumps({"token": token})):
        answer = web.post(f"{PAGE}/send", content=body, headers={"authorization": f"Bearer {PUSH_TOKEN}"})
        assert answer.status_code == 400


@pytest.mark.parametrize("action", ["install", "remove", "trouble"])
def test_another_site_presses_no_button_here(web, cabinet, token, action):
    before = web.get(PAGE).text
    form = {"name": "Чужой", "platform": "ios", "token": token, "trouble": "503"}
    web.post(f"{PAGE}/{action}", data=form, headers={"origin": "https://evil.example"})
    assert web.get(PAGE).text == before and len(cabinet.asked) == 1


@pytest.mark.parametrize(
    ("status", "fault"),
    [(404, Away), (410, Gone), (400, Unfit), (413, Unfit), (422, Unfit), (401, Away), (403, Away), (429, Away),
     (302, Away), (500, Away), (503, Away)],
)  # fmt: skip
def test_what_a_gateways_answer_means(status, fault):
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.headers["authorization"], json.loads(request.content)))
        return httpx.Response(status)

    client = httpx.Client(transport=httpx.MockTransport(answer))
    with pytest.raises(fault):
        HttpPush("https://push.test/send", "secret", client).send(PushNote(token="t" * 20, **NOTE))
    ((authorization, sent),) = asked
    assert authorization == "Bearer secret"
    assert sent == {"id": "lk-1", "token": "t" * 20, **{k: v for k, v in NOTE.items() if k != "identity"}}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('{"error": "unknown-token"}', Gone),
        ('{"error": {"status": "NOT_FOUND", "details": [{"errorCode": "UNREGISTERED"}]}}', Gone),
        ("<html>404 Not Found</html>", Away),
        ('{"error": "no such route"}', Away),
        ("", Away),
    ],
)
def test_a_404_costs_a_phone_only_where_it_names_the_token(body, fault):
    client = httpx.Client(transport=httpx.MockTransport(lambda _request: httpx.Response(404, text=body)))
    with pytest.raises(fault, match="status 404"):
        HttpPush("https://push.test/send", "", client).send(PushNote(token="t" * 20, **NOTE))


def test_a_gateway_that_does_not_answer_is_away_and_the_fault_names_no_address():
    def silent(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("https://push.test/send?token=secret")

    client = httpx.Client(transport=httpx.MockTransport(silent))
    with pytest.raises(Away) as fault:
        HttpPush("https://push.test/send", "", client).send(PushNote(token="t" * 20, **NOTE))
    assert fault.value.reason == "ConnectTimeout"
