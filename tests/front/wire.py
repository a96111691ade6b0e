"""What goes over the line: requests and answers as bytes."""

import asyncio
import re
import time

import httpx
from sqlalchemy import text

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.requests.drafts import open_draft
from lk_reflex.domain.requests.kinds import Kind
from tests.city.people import Resident
from tests.city.town import PATIENCE, City
from tests.front.front import NAME, Front
from tests.served.conftest import RawSocket


def script_of(client: httpx.Client) -> str:
    """The address of a hashed script of the home page."""
    found = re.search(r'"(/assets/[\w.-]+\.js)"', client.get("/").text)
    assert found
    return found[1]


def straight(city: City, path: str, **headers: str) -> httpx.Response:
    """What a web process itself answers, its bytes as they are sent; uncompressed where nothing is asked for."""
    asked = {"Host": NAME, "Accept-Encoding": "identity", **headers}
    with httpx.stream("GET", city.base + path, headers=asked) as answer:
        answer.extensions["raw"] = b"".join(answer.iter_raw())
    return answer


def raw(client: httpx.Client, path: str, **headers: str) -> httpx.Response:
    """What comes through the proxy, not decompressed."""
    with client.stream("GET", path, headers=headers) as answer:
        answer.extensions["raw"] = b"".join(answer.iter_raw())
    return answer


def told(front: Front, sent: bytes, until: bytes = b"</html>") -> bytes:
    """The answer to exactly these bytes, up to those or to the end of the connection."""
    answer = b""
    with front.line() as line:
        line.sendall(sent)
        while until not in answer and (more := line.recv(65536)):
            answer += more
    return answer


def draft_of(city: City, resident: Resident) -> str:
    """The number of an appeal that this resident has begun."""
    with city.database.engine.connect() as db:
        asked = text("SELECT organization_id FROM accounts WHERE id = :id")
        organization = db.execute(asked, {"id": resident.account}).scalar_one()
    kept = {"organization_id": organization, "account_id": resident.account}
    return city.database.write(open_draft, resident.actor, Kind.APPEAL, **kept, now=utc_now())


async def hears(tab: RawSocket, words: str) -> bool:
    """Whether that comes to the tab; False once nobody would wait any longer."""
    deadline = time.monotonic() + PATIENCE
    while words not in repr(tab.heard) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return words in repr(tab.heard)
