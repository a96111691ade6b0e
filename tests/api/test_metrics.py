"""The metrics through the whole HTTP side: who may read them, that counts move, and that they name nobody."""

import asyncio
import json
import os
import re
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from lk_reflex import wiring
from lk_reflex.api.edge.watch import Watch, route_of
from lk_reflex.api.seen import exposed, metrics, siblings
from lk_reflex.api.seen.exposed import joined, own_text
from lk_reflex.api.seen.siblings import Siblings
from lk_reflex.core.backup_mark import note_done
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.leases import take
from lk_reflex.core.metrics import REGISTRY
from lk_reflex.domain.administration.figures import MEANING, figures
from lk_reflex.settings import Settings, get_settings
from tests.api.conftest import TestClient
from tests.cast import people
from tests.logged import logged
from tests.mail.conftest import put

TOKEN = "a-token-of-twenty-characters"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(edge, over, behind, monkeypatch):
    """The edge behind the watch, as served; asked by whoever has the token."""
    behind(LK_METRICS_TOKEN=TOKEN)
    metrics.siblings.cache_clear()
    monkeypatch.setattr(exposed._figures, "_found", None)
    monkeypatch.setattr(exposed._figures, "seconds", 0.0)
    with TestClient(
        Watch(edge, edge.pages), "http://lk.test", follow_redirects=False, raise_server_exceptions=False
    ) as client:
        yield client
    metrics.siblings.cache_clear()


def samples(client) -> dict[str, float]:
    """«name{label=value,…}» → value; of every process together."""
    answer = client.get("/api/metrics", headers=BEARER)
    assert answer.status_code == 200, answer.text
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()) if k not in ("process", "le"))
            key = f"{sample.name}{{{labels}}}"
            found[key] = found.get(key, 0) + sample.value
    return found


@pytest.mark.parametrize(
    ("host", "peer", "headers", "status"),
    [
        ("127.0.0.1:3000", "127.0.0.1", {}, 200),
        ("localhost:3000", "::1", {}, 200),
        ("localhost", "::ffff:127.0.0.1", {}, 200),
        ("127.0.0.2:3000", "127.0.0.2", {}, 200),
        ("[::1]:3000", "::1", {}, 200),
        ("127.0.0.1.example.org", "127.0.0.1", {}, 404),
        ("lk.example.org", "127.0.0.1", {}, 404),  # by a proxy on this machine that tells nothing of itself
        ("127.0.0.1:3000", "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1:3000", "127.0.0.1", {"forwarded": "for=127.0.0.1"}, 404),
        ("127.0.0.1:3000", "127.0.0.1", {"x-real-ip": "127.0.0.1"}, 404),
        ("127.0.0.1:3000", "192.0.2.7", {}, 404),
        ("127.0.0.1:3000", "10.0.0.5", {"authorization": "Bearer " + TOKEN[:-1]}, 404),
        ("127.0.0.1:3000", "127.0.0.1", {"authorization": "Bearer wrong"}, 404),
        ("127.0.0.1:3000", "127.0.0.1", {"authorization": "Bearer токен".encode()}, 404),
        ("lk.example.org", "192.0.2.7", BEARER, 200),
        ("lk.example.org", "127.0.0.1", {**BEARER, "x-forwarded-for": "192.0.2.7"}, 200),
    ],
    ids=str,
)
def test_only_this_machine_and_the_token_may_read_them(watched, host, peer, headers, status):
    with TestClient(watched.app, f"http://{host}", client=(peer, 5)) as client:
        answer = client.get("/api/metrics", headers=headers)
    assert answer.status_code == status
    assert ("lk_database_up" in answer.text) == (status == 200)
    assert answer.headers["cache-control"] == "no-store"


def test_without_a_token_in_the_settings_none_opens_them(watched, behind):
    behind(LK_METRICS_TOKEN="")
    for given in ("Bearer ", "Bearer", "Bearer x"):
        assert watched.get("/api/metrics", headers={"authorization": given}).status_code == 404


@pytest.mark.parametrize("token", ["short", "нужны латинские буквы", "a token with spaces in it"])
def test_a_token_that_can_be_guessed_or_cannot_be_sent_forbids_the_start(token):
    [fault] = Settings(metrics_token=token).faults()
    assert fault.startswith("LK_METRICS_TOKEN")
    assert token not in str(Settings(metrics_token=token).masked())


def test_requests_count_by_route_and_never_by_address(watched, sign_in):
    secret = "Zm9vYmFyYmF6cXV4MTIzNDU2"
    before = samples(watched)
    for path in ("/overview", f"/documents/{secret}", f"/reset/{secret}", f"/api/files/{secret}", f"/api/{secret}",
                 "/assets/app-1.js", "/broken"):  # fmt: skip
        watched.get(path)
    watched.post("/api/sign-in", data={"login": "anna@example.org", "password": "wrong"})
    watched.request("BREW", "/overview")
    after = samples(watched)
    grown = {key: after[key] - before.get(key, 0) for key in after if key.startswith("lk_http_requests_total")}
    grown = {key: value for key, value in grown.items() if value and "metrics" not in key}
    assert grown == {
        "lk_http_requests_total{method=GET,route=/overview,status=303}": 1,
        "lk_http_requests_total{method=GET,route=/documents/[token],status=303}": 1,
        "lk_http_requests_total{method=GET,route=…,status=404}": 1,
        "lk_http_requests_total{method=GET,route=…,status=500}": 1,
        "lk_http_requests_total{method=GET,route=/api/files/{key},status=404}": 1,
        "lk_http_requests_total{method=GET,route=/api/…,status=404}": 1,
        "lk_http_requests_total{method=GET,route=/assets/…,status=200}": 1,
        "lk_http_requests_total{method=POST,route=/api/sign-in,status=303}": 1,
        "lk_http_requests_total{method=other,route=/overview,status=405}": 1,
    }
    assert secret not in watched.get("/api/metrics", headers=BEARER).text


def test_every_answer_has_its_id_and_only_our_proxy_may_give_one(watched, behind):
    own = watched.get("/help", headers={"x-request-id": "given-by-anybody"}).headers.get_list("x-request-id")
    assert len(own) == 1
    assert re.fullmatch("[0-9a-f]{16}", own[0])
    behind(LK_TRUSTED_PROXY_HOPS="1")
    assert watched.get("/help", headers={"x-request-id": "given-by-nginx"}).headers["x-request-id"] == "given-by-nginx"
    assert watched.get("/help", headers={"x-request-id": "x y"}).headers["x-request-id"] != "x y"


def test_the_number_on_a_fault_page_is_the_beginning_of_its_id(watched):
    with logged() as lines:
        answer = watched.get("/broken?email=anna@example.org", headers={"cookie": "session=hush-hush"})
    number = re.search(r"\b[0-9A-F]{6}\b", answer.text)
    assert number
    assert answer.headers["x-request-id"].upper().startswith(number[0])
    told, ended = lines()
    assert told["message"] == f"error {number[0]} in a request"
    assert told["faults"][0]["type"] == "RuntimeError"
    assert (ended["route"], ended["status"], ended["method"]) == ("…", 500, "GET")
    assert {line["request"] for line in (told, ended)} == {answer.headers["x-request-id"]}
    assert not re.search("secret detail|anna@|hush-hush|testclient", json.dumps([told, ended]))


def test_a_wrong_password_leaves_a_line_without_it(watched, sign_in):
    form = {"login": "anna@example.org", "password": "not-hers-at-all", "next": ""}
    with logged() as lines:
        watched.post("/api/sign-in", data=form, headers={"origin": "http://lk.test"})
        watched.get("/help")
    [line] = lines()
    assert (line["route"], line["status"]) == ("/api/sign-in", 303)
    assert not re.search("anna|not-hers", json.dumps(line))


def test_the_databases_figures_follow_it(watched, over):
    cast = people(over)
    before = samples(watched)
    put(over, "anna@example.org", now=utc_now() - timedelta(minutes=20))
    take(over, "receipts", "worker-1", now=utc_now(), length=timedelta(minutes=1))
    with over.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO orders (number, once_key, user_id, organization_id, status, gateway, bank_id, form_url,"
                " amount, commission, total, captured, refunded, email, card, reason, flag, created_at, expires_at)"
                " VALUES ('26112000000009', 'k', :who, :of, 'waiting', 'rbs', '', '', 1, 0, 1, 0, 0, '', '', '',"
                " 'amount', :at, :at)"
            ),
            {"who": cast.owner.actor.user_id, "of": cast.organization, "at": utc_now() - timedelta(hours=2)},
        )
    after = samples(watched)
    assert (before["lk_mail_waiting{}"], after["lk_mail_waiting{}"]) == (0, 1)
    assert after["lk_mail_oldest_seconds{}"] >= 20 * 60
    assert after["lk_orders_open{status=waiting}"] == 1
    assert after["lk_orders_open_oldest_seconds{status=waiting}"] >= 2 * 3600
    assert after["lk_orders_open{status=new}"] == 0
    assert after["lk_orders_flagged{}"] == 1
    assert after["lk_sign_ins{}"] >= 7  # the cast's sessions
    assert after["lk_database_bytes{}"] > 0
    lease = after["lk_job_lease_until_timestamp_seconds{lease=receipts}"]
    assert lease > utc_now().timestamp()
    assert after["lk_database_up{}"] == 1
    assert "lk_import_last_timestamp_seconds{}" not in after  # there has been none


def test_figures_name_what_they_mean_and_read_through_indexes(over):
    people(over)
    found = over.read(figures, now=utc_now())
    assert {one.name for one in found} <= MEANING.keys()
    assert all(bool(one.label) == bool(MEANING[one.name][1]) for one in found)


def test_without_its_database_it_still_tells_what_it_counts(watched, monkeypatch):
    gone = Database("sqlite:////nowhere/lk.db")
    monkeypatch.setattr(wiring, "_opened", lambda: gone)
    wiring.database.cache_clear()
    found = samples(watched)
    gone.close()
    assert found["lk_database_up{}"] == 0
    assert "lk_sockets{}" in found
    assert not any(key.startswith("lk_orders") for key in found)


def test_backups_and_the_disk_are_shown(watched):
    note_done(get_settings().data_dir, "verify", now=utc_now())
    found = samples(watched)
    assert found["lk_backup_verified_timestamp_seconds{}"] > 0
    assert found["lk_disk_bytes{}"] > found["lk_disk_free_bytes{}"] > 0
    assert any(key.startswith("lk_build_info{") for key in found)


async def test_sockets_count_while_they_are_open():
    seen = []

    async def inner(_scope, _receive, _send):
        seen.append(REGISTRY.get_sample_value("lk_sockets"))

    before = REGISTRY.get_sample_value("lk_sockets")
    await Watch(inner, frozenset())({"type": "websocket", "path": "/_event/"}, inner, inner)
    assert seen == [before + 1]
    assert REGISTRY.get_sample_value("lk_sockets") == before


@pytest.mark.parametrize("deep", [1, 4])
async def test_processes_behind_one_port_answer_for_one_another(tmp_path, deep, monkeypatch):
    folder = tmp_path.joinpath(*(["a-folder-whose-path-is-too-long-for-a-socket"] * deep))
    monkeypatch.setattr(siblings, "PATIENCE", 30.0)
    told = {1: own_text(), 2: json.dumps({**json.loads(own_text()), "process": "2"})}
    tasks, ones = [], []
    for number, pid in ((1, 7001), (2, 7002)):
        monkeypatch.setattr(os, "getpid", lambda pid=pid: pid)
        ones.append(Siblings(folder, 3000, lambda number=number: told[number]))
        tasks.append(asyncio.create_task(ones[-1].run()))
    other_port = Siblings(folder, 3001, lambda: pytest.fail("it serves another port"))
    tasks.append(asyncio.create_task(other_port.run()))
    killed = folder / f"{ones[0]._kind}7003.sock"
    try:
        async with asyncio.timeout(30):
            while len(list(folder.glob("*.sock")) if folder.exists() else []) < 3:
                await asyncio.sleep(0.01)
        await _leave_a_dead_one(killed.name, folder)
        assert await ones[0].others() == [told[2]]
        assert await ones[1].others() == [told[1]]
        assert not killed.exists()
        families = {family.name: family for family in joined([told[1], told[2]])}
        assert {sample.labels["process"] for sample in families["lk_sockets"].samples} == {
            str(json.loads(told[1])["process"]),
            "2",
        }
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert list(folder.glob("*.sock")) == []


async def _leave_a_dead_one(name, folder):
    """As kill -9 leaves it: the file is there, and nobody behind it."""
    import socket

    dead = socket.socket(socket.AF_UNIX)
    with siblings._reachable(folder) as near:
        dead.bind(str(near / name))
    dead.close()


@pytest.mark.parametrize(
    ("path", "route"),
    [("/", "/"), ("/help/", "/help"), ("/documents/5", "/documents/[token]"), ("/_event/", "/_event/…"),
     ("/_upload", "/_upload/…"), ("/wp-login.php", "…"), ("/api/x/y", "/api/…"), ("/demo/mail/5", "/demo/…")],
)  # fmt: skip
def test_addresses_are_counted_by_their_pattern(path, route):
    assert route_of({"path": path}, frozenset({"/", "/help", "/documents/[token]"})) == route
