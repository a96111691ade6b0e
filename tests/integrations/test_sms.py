"""One contract for every gateway of SMS, and the stand-in's page."""

import asyncio
import json

import httpx
import pytest
from starlette.applications import Starlette

from lk_reflex.integrations.sms.http import HttpSms
from lk_reflex.integrations.sms.port import SmsFailed
from lk_reflex.standins.phone import SHOWN, phone_routes
from lk_reflex.standins.secrets import SMS_TOKEN as TOKEN

URL = "http://testserver/demo/sms/send"


class InProcess(httpx.BaseTransport):
    """HTTP to an application without a port."""

    def __init__(self, app):
        self.inner = httpx.ASGITransport(app)

    def handle_request(self, request):
        async def ask():
            answer = await self.inner.handle_async_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        return asyncio.run(ask())


def phone(folder):
    """The stand-in, spoken to over HTTP."""
    app = Starlette(routes=phone_routes(folder))
    return httpx.Client(transport=InProcess(app), base_url="http://testserver")


@pytest.fixture
def operator(tmp_path):
    with phone(tmp_path / "demo") as client:
        yield client


def answering(answer) -> HttpSms:
    return HttpSms("https://sms.example/send", "secret", httpx.Client(transport=httpx.MockTransport(answer)))


def test_a_message_is_taken_and_shown(operator):
    HttpSms(URL, TOKEN, operator).send("+79123456789", "Код 123456")
    page = operator.get("/demo/sms")
    assert page.status_code == 200
    assert "Код 123456" in page.text
    assert "+79123456789" in page.text


def test_the_newest_stands_first_and_old_ones_leave(operator):
    for number in range(SHOWN + 2):
        HttpSms(URL, TOKEN, operator).send("+79123456789", f"Код {number:06}")
    text = operator.get("/demo/sms").text
    assert text.index(f"Код {SHOWN + 1:06}") < text.index(f"Код {SHOWN:06}")
    assert "Код 000001" not in text
    assert "Код 000002" in text


def test_messages_outlive_a_restart(tmp_path):
    for _ in range(2):
        with phone(tmp_path) as client:
            HttpSms(URL, TOKEN, client).send("+79123456789", "Код")
    with phone(tmp_path) as client:
        assert client.get("/demo/sms").text.count("<li ") == 2


def test_text_is_shown_as_text(operator):
    HttpSms(URL, TOKEN, operator).send("<b>", "<script>alert(1)</script>\n</li>")
    text = operator.get("/demo/sms").text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert text.count("<li ") == 1


def test_an_empty_phone_says_what_to_do(operator):
    assert "Сообщений пока нет" in operator.get("/demo/sms").text


def test_a_wrong_token_is_refused(operator):
    with pytest.raises(SmsFailed):
        HttpSms(URL, "another", operator).send("+79123456789", "Код")
    assert "Код" not in operator.get("/demo/sms").text.replace("появится код", "")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"to": "+79"}', b'{"to": 1, "text": "x"}', b'{"to": "", "text": ""}']
)
def test_nonsense_is_refused_and_not_kept(operator, body):
    answer = operator.post("/demo/sms/send", content=body, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 400
    assert "<li " not in operator.get("/demo/sms").text


def test_what_goes_over_the_wire():
    asked = []

    def answer(request):
        asked.append(request)
        return httpx.Response(202)

    answering(answer).send("+79123456789", "Код 1")
    (request,) = asked
    assert request.method == "POST"
    assert request.headers["authorization"] == "Bearer secret"
    assert json.loads(request.content) == {"to": "+79123456789", "text": "Код 1"}


@pytest.mark.parametrize("status", [302, 400, 401, 429, 500, 503])
def test_anything_but_success_is_a_failure(status):
    with pytest.raises(SmsFailed):
        answering(lambda _: httpx.Response(status, headers={"location": "https://elsewhere.example"})).send("+7", "x")


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_silence_is_a_failure_that_tells_no_secret(fault):
    def answer(request):
        raise fault("https://sms.example/send?token=secret", request=request)

    with pytest.raises(SmsFailed) as failed:
        answering(answer).send("+79123456789", "Код")
    assert "secret" not in repr(failed.value)
    assert failed.value.__cause__ is None
