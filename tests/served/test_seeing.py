"""What the served processes tell of themselves while people use them well and badly: all of it readable by a machine,
none of it anybody's."""

import asyncio
import json
import re
import time

import httpx
import pytest

from lk_reflex.core.traces import Outcome
from lk_reflex.domain.identity.demo import DEMO_PASSWORD
from tests.logged import NEEDED
from tests.served.conftest import RawSocket, sign_in

READINGS = "reflex___state____state.lk_reflex___ui___resident___readings___state____readings_state"
SEALING = "reflex___state____state.lk_reflex___ui___resident___sealing___state____sealing_state"
SCRIPT_FAULT = "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception"
#: Each stands somewhere in what is sent below; none may stand in a log, nor in the metrics.
SECRETS = {
    "password": "wrong-password-of-hers", "e-mail": "somebody@secret.example", "surname": "Заславская-Тестова",
    "passport": "9182736455", "token": "Zm9vYmFyYmF6cXV4MTIzNDU2", "cookie": "c00k1e-that-opens-nothing",
    "reading": "31337424242",
}  # fmt: skip


def figures(site) -> dict[str, float]:
    answer = httpx.get(f"{site.base}/api/metrics")
    assert answer.status_code == 200, answer.text
    assert not [name for name, secret in SECRETS.items() if secret in answer.text]
    found: dict[str, float] = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            key, _, value = line.rpartition(" ")
            name, _, labels = key.partition("{")
            plain = ",".join(sorted(one for one in labels.rstrip("}").split(",") if not one.startswith("process=")))
            found[f"{name}{{{plain}}}"] = found.get(f"{name}{{{plain}}}", 0) + float(value)
    return found


@pytest.mark.parametrize("passed_on", ["x-forwarded-for", "forwarded", "x-real-ip"])
def test_whoever_comes_through_a_proxy_sees_no_figures(site, passed_on):
    refused = httpx.get(f"{site.base}/api/metrics", headers={passed_on: "127.0.0.1"})
    assert refused.status_code == 404
    assert "lk_" not in refused.text


async def test_people_use_it_and_no_word_of_theirs_is_in_the_log(site, sockets):
    begun, before = len(site.log.read_text().splitlines()), figures(site)
    await asyncio.to_thread(_by_http, site)
    cookie = await asyncio.to_thread(sign_in, site, "anna")
    tab: RawSocket = await sockets(cookie).open("/readings")
    form = dict.fromkeys(("reading-m1-1", "form_key", "taken_on"), SECRETS["reading"])
    await tab.send(f"{READINGS}.submit", {"form": form}, "/readings")
    passport = {"number": SECRETS["passport"], "name": "passport", "text": SECRETS["passport"]}
    await tab.send(f"{SEALING}.type_field", passport, "/services/sealing/1")
    await tab.send(f"{SEALING}.{SECRETS['surname']}", {"password": SECRETS["password"]}, "/")
    fault = {"info": SECRETS["e-mail"], "component_stack": f"at {site.base}/reset/{SECRETS['token']}"}
    await tab.send(SCRIPT_FAULT, fault, "/")
    await tab.settle()
    stray = {"name": f"{READINGS}.submit", "payload": {"form": {"x": SECRETS["passport"]}}, "token": SECRETS["token"]}
    unread = {"name": 5, "payload": SECRETS["surname"]}
    for odd in (f"password {SECRETS['password']}", [SECRETS["e-mail"]], unread, stray):
        other: RawSocket = await sockets(f"{SECRETS['cookie']}").open("/")
        await other.send_anything(odd)
        await other.settle()

    # The form, and what comes to the page after its first sight; and the stranger's.
    expected = {"ok": 2.0, "refused": 1.0}
    deadline = time.monotonic() + 60
    # The database's figures are some seconds old at most.
    while _of_readings(after := figures(site), before) != expected or after["lk_sign_ins{}"] == before["lk_sign_ins{}"]:
        assert time.monotonic() < deadline, after
        await asyncio.sleep(0.2)

    def grown(name: str) -> float:
        return after.get(name, 0.0) - before.get(name, 0.0)

    assert grown('lk_http_requests_total{method="POST",route="/api/sign-in",status="303"}') == 2
    assert grown("lk_sign_ins{}") == 1
    assert grown('lk_events_total{outcome="ok",page="reflex"}') >= 1  # the pages that were opened
    assert after['lk_tabs{signed_in="yes"}'] >= 1
    assert after["lk_sockets{}"] >= 1
    assert grown("lk_loop_lag_seconds_count{}") > 0

    said = site.log.read_text().splitlines()[begun:]
    lines = [json.loads(line) for line in said]
    assert all(line.keys() >= NEEDED and line["role"] == "web" for line in lines), said
    signed_in = [line for line in lines if line.get("route") == "/api/sign-in"]
    assert len(signed_in) == 2
    assert all(re.fullmatch("[0-9a-f]{16}", line["request"]) for line in signed_in)
    assert [line for line in lines if line.get("event") and "ReadingsState" in line["message"]] == []  # it succeeded
    _clean("\n".join(said), cookie)


def test_all_that_was_ever_written_are_whole_lines(site):
    for log, role in ((site.log, "web"), (site.data / "worker.log", "worker")):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert lines == [] or {line["role"] for line in lines} == {role}
        _clean(log.read_text(), DEMO_PASSWORD)


def _of_readings(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    """By how much its events have grown, by what came of them."""
    names = {one: f'lk_events_total{{outcome="{one}",page="resident/readings"}}' for one in Outcome}
    grown = {one.value: after.get(name, 0.0) - before.get(name, 0.0) for one, name in names.items()}
    return {outcome: number for outcome, number in grown.items() if number}


def _by_http(site) -> None:
    form = {"login": SECRETS["e-mail"], "password": SECRETS["password"], "next": "/overview"}
    with httpx.Client(base_url=site.base, headers={"Origin": site.base, "Cookie": f"x={SECRETS['cookie']}"}) as browser:
        browser.post("/api/sign-in", data=form)
        for path in (f"/reset/{SECRETS['token']}", f"/activate/{SECRETS['token']}", f"/pay/{SECRETS['token']}",
                     f"/api/files/{SECRETS['token']}", f"/api/captcha/{SECRETS['token']}.png",
                     f"/api/esia/return?code={SECRETS['token']}&state={SECRETS['token']}",
                     f"/overview?mail={SECRETS['e-mail']}"):  # fmt: skip
            browser.get(path)


def _clean(text: str, *more: str) -> None:
    """Also where JSON or Python would have spelled it otherwise."""
    plain = text + text.encode().decode("unicode_escape", "replace")
    found = [name for name, secret in (*SECRETS.items(), *enumerate(more)) if secret in plain]
    assert found == [], [line for line in text.splitlines() if any(secret in line for secret in SECRETS.values())]
