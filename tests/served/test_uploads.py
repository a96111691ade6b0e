"""Scenario 26 over the real door: what isn't taken is refused early, in its own words, and costs no memory."""

import json
import re
import socket
import time
from pathlib import Path

import httpx
import pytest

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.domain.files import pdf
from lk_reflex.domain.files.documents import ARCHIVE, EMPTY, PAGE, SVG, TOO_LARGE, UNKNOWN
from lk_reflex.domain.files.pictures import MAX_BYTES, TOO_MANY_PIXELS
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.requests.drafts import open_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.ui.resident.appeal.state import AppealState
from lk_reflex.ui.uploads.words import ONE_ONLY
from tests.files import papers
from tests.files.photos import bomb, photo
from tests.files.test_documents import REFUSED, zipped
from tests.served.conftest import sign_in

TAKE = f"{AppealState.get_full_name()}.take_upload"
#: What all of them together may leave behind in the server, in kilobytes: a decoder's tables, buffers of the loop.
ROOM = 100 * 1024
GIGABYTE = 1024**3


@pytest.fixture(scope="module")
def boris(site):
    return sign_in(site, "boris")


@pytest.fixture(scope="module")
def draft(site, boris):
    """The number of an appeal that Boris has begun."""
    database = Database(f"sqlite:///{site.data / 'lk.db'}")
    actor = database.read(identify, token_hash(boris), now=utc_now())
    assert actor and actor.chosen_account_id
    with database.transaction() as db:
        organization = db.connection.exec_driver_sql(
            f"SELECT organization_id FROM accounts WHERE id = {actor.chosen_account_id}"
        ).scalar_one()
    number = database.write(
        open_draft, actor, Kind.APPEAL, organization_id=organization, account_id=actor.chosen_account_id, now=utc_now()
    )
    database.close()
    return number


@pytest.fixture
def bring(site, sockets, boris, draft):
    """Brings files into the draft's place from a tab that has it open; returns all that the tab was told."""

    async def post(*files, handler=TAKE, slot="file"):
        path = f"/services/appeal/{draft}"
        tab = await sockets(boris, origin=site.base).open(path)
        await tab.settle()
        tab.heard.clear()
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(
                f"{site.base}/_upload",
                data={"__reflex_event_args": json.dumps({"slot": slot, "replacing": ""})},
                files=[("files", (name, data, "image/jpeg")) for name, data in files],
                headers={"Cookie": f"{SESSION_COOKIE}={boris}", "Origin": site.base,
                         "Reflex-Client-Token": tab.token, "Reflex-Event-Handler": handler},
            )  # fmt: skip
        heard = await tab.settle()
        return answer.status_code, heard + repr(
            [json.loads(line) for line in answer.text.splitlines() if line[:1] == "{"]
        )

    return post


def _memory(site) -> int:
    """Kilobytes that the server and its workers hold."""
    found, grown = {site.process.pid}, True
    while grown:
        grown = False
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:
                continue
            parent = re.search(r"^PPid:\s+(\d+)", text, re.MULTILINE)
            pid = int(status.parent.name)
            if parent and int(parent[1]) in found and pid not in found:
                found.add(pid)
                grown = True
    held = 0
    for pid in found:
        rss = re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        held += int(rss[1]) if rss else 0
    return held


async def test_each_is_refused_in_its_own_words_and_costs_no_memory(site, bring):
    await bring(("warm.jpg", photo(size=(3000, 2000))))
    before = _memory(site)
    cases = [
        (REFUSED["svg"][0], SVG),
        (REFUSED["page"][0], PAGE),
        (b"", EMPTY),
        (b"no picture at all", UNKNOWN),
        (zipped(), ARCHIVE),
        (bomb(), TOO_MANY_PIXELS),
        (papers.with_script(), pdf.ACTIVE),
        (papers.with_attachment(), pdf.EMBEDDED),
        (papers.bomb(), pdf.TOO_COMPLEX),
        (papers.paper(user_password="1"), pdf.ENCRYPTED),
    ]
    for data, sentence in cases:
        status, told = await bring(("скан.jpg", data))
        assert status == 200 and sentence in told, (sentence, told[-2000:])
    status, told = await bring(*((f"{n}.jpg", b"x") for n in range(1000)))
    assert status == 200 and ONE_ONLY in told
    assert _memory(site) - before < ROOM


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x", "x.jpg"),
        ("д" * 300 + ".jpg", "д" * 100 + ".jpg"),
        ("счётчик 🚰.jpg", "счётчик 🚰.jpg"),
        ("фото\u202egpj.exe", "фотоgpj.jpg"),
    ],
)
async def test_a_name_with_tricks_is_tamed_and_the_bytes_lie_under_another(site, bring, boris, name, shown):
    _, told = await bring((name, photo() + b"<script>alert(1)</script>"))
    assert f"'{shown}'" in told and "\u202e" not in told
    key = re.findall(r"/api/files/([\w-]+)", told)[-1]
    stored = [path for path in (site.data / "files").rglob("*") if path.is_file() and path.name == key]
    assert len(stored) == 1 and b"<script" not in stored[0].read_bytes()
    answer = httpx.get(f"{site.base}/api/files/{key}", cookies={SESSION_COOKIE: boris})
    assert answer.headers["content-disposition"].startswith("attachment; filename=\"file.jpg\"; filename*=UTF-8''")
    assert answer.headers["x-content-type-options"] == "nosniff" and b"<script" not in answer.content
    assert httpx.get(f"{site.base}/api/files/{key}").status_code == 404


@pytest.mark.parametrize("kind", ["told beforehand", "in pieces"])
def test_a_gigabyte_is_cut_off_before_it_comes(site, boris, kind):
    before, sent = _memory(site), 0
    host, port = site.base.removeprefix("http://").split(":")
    length = f"Content-Length: {GIGABYTE}" if kind == "told beforehand" else "Transfer-Encoding: chunked"
    head = (
        f"POST /_upload HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {site.base}\r\nCookie: {SESSION_COOKIE}={boris}\r\n"
        f"Reflex-Client-Token: x\r\nReflex-Event-Handler: {TAKE}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"{length}\r\n\r\n"
    )
    piece = b"x" * 65536
    framed = piece if kind == "told beforehand" else b"10000\r\n" + piece + b"\r\n"
    answer, deadline = b"", time.monotonic() + 30
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(head.encode())
        line.settimeout(0.2)
        while b"\r\n\r\n" not in answer and sent < GIGABYTE and time.monotonic() < deadline:
            try:
                answer += line.recv(65536)
                break
            except TimeoutError:
                pass
            try:
                line.sendall(framed)
                sent += len(piece)
            except OSError:
                break
    assert answer.startswith(b"HTTP/1.1 413") and TOO_LARGE.split(".")[0].encode() in answer
    assert sent < MAX_BYTES
    assert _memory(site) - before < ROOM // 4


async def test_a_place_that_the_page_has_not_takes_nothing(bring):
    _, told = await bring(("a.jpg", photo()), slot="m1:passport")
    assert "/api/files/" not in told
