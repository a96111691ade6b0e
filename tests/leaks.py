"""Looking for secrets where none may stand in the clear: knows what was used, and how it may be spelled."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from lk_reflex.core.crypt import Vault
from lk_reflex.domain.requests.passports.sealed import opened

SESSION, PASSWORD, TOKEN, PASSPORT, KEY = "session", "password", "token", "passport", "key"
#: Links in letters that open something by themselves; of the rest the path says nothing.
_LINK = re.compile(r"/(?:activate|reset|confirm-email|remind)/([\w-]{16,})")
#: A form's password on its way to the server, as a socket's frame has it.
_TYPED = re.compile(r'\\*"[a-z_]*password[a-z_]*\\*":\s*\\*"((?:[^"\\]|\\.)+?)\\*"')
_SHORTEST_COOKIE = 20


@dataclass(frozen=True)
class Secret:
    """One value; `alone`: it counts only where no letter or digit stands beside it, since it is short."""

    kind: str
    value: str = field(repr=False)
    alone: bool = False


@dataclass
class Used:
    """What the journeys of a suite have used, and what they left in their browsers."""

    secrets: set[Secret] = field(default_factory=set)
    storages: list[tuple[str, str]] = field(default_factory=list)

    def frame(self, payload: str | bytes) -> None:
        """A frame that a page has sent: passwords in forms."""
        text = payload if isinstance(payload, str) else payload.decode("utf-8", "replace")
        self.secrets.update(Secret(PASSWORD, value) for value in _TYPED.findall(text))

    def posted(self, body: str | None) -> None:
        """A native form's body."""
        fields = parse_qsl(body or "")
        self.secrets.update(Secret(PASSWORD, value) for name, value in fields if "password" in name and value)

    def cookie(self, value: str) -> None:
        """A cookie that opens something to whoever has it."""
        if len(value) >= _SHORTEST_COOKIE:
            self.secrets.add(Secret(SESSION, value))

    def letter(self, text: str) -> None:
        """A letter with its links."""
        self.secrets.update(Secret(TOKEN, token) for token in _LINK.findall(text))

    def address(self, url: str) -> None:
        """An address that a page had."""
        self.letter(urlsplit(url).path)

    def passports(self, vault: Vault, tokens: Iterable[str]) -> None:
        """All that stand encrypted in a database, whoever has typed them."""
        for token in tokens:
            for passport in (opened(vault, token).typed, opened(vault, token).sent):
                self.secrets.update(_of_passport(passport.series, passport.number, passport.issued_by))

    def of(self, kind: str) -> set[Secret]:
        """The secrets of one kind."""
        return {secret for secret in self.secrets if secret.kind == kind}


def _of_passport(series: str, number: str, issued_by: str) -> Iterator[Secret]:
    bare = "".join(series.split())
    if len(number) >= 6:
        yield Secret(PASSPORT, number, alone=True)
    if bare and number:
        yield from (Secret(PASSPORT, f"{bare}{gap}{number}") for gap in ("", " ", "-"))
        yield Secret(PASSPORT, f"{series} {number}")
    if len(issued_by) >= 12:
        yield Secret(PASSPORT, issued_by)


def find(secrets: Iterable[Secret], texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where a secret stands in the clear, and of which kind: never which, so that the report leaks nothing itself."""
    wanted = list(secrets)
    return [
        (place, secret.kind) for place, text in texts for secret in wanted if any(_stands(secret, text))
    ]  # fmt: skip


def _stands(secret: Secret, text: str) -> Iterator[bool]:
    for spelled in dict.fromkeys(_spellings(secret.value)):
        if spelled in text:
            yield (
                not secret.alone
                or re.search(rf"(?<![0-9A-Za-z_-]){re.escape(spelled)}(?![0-9A-Za-z_-])", text) is not None
            )


def _spellings(value: str) -> Iterator[str]:
    yield value
    yield quote(value, safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield value.encode("unicode_escape").decode()


def dump_of(path: Path, copy: Path) -> str:
    """Everything in an SQLite database as statements, by way of a vacuumed copy: what was deleted is in neither."""
    with closing(sqlite3.connect(path)) as base:
        base.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as whole:
        return "\n".join(whole.iterdump())


def bytes_of(path: Path) -> str:
    """A file's content, whatever it is."""
    return path.read_bytes().decode("utf-8", "replace")
