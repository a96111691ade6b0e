"""Letters in a Maildir: they outlive a restart, and any process may look at them."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

#: Who it was for stands in the envelope; the letter's own header may say something else.
RECIPIENT = "X-Envelope-To"
SHOWN, SEARCHED = 50, 1000
_KEY = re.compile(r"(\d{10})\.M(\d{6})Q[0-9a-f]{8}\.demo", re.ASCII)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it came; `plain` and `html` are as foreign as anything from outside."""

    key: str
    recipient: str
    sender: str
    subject: str
    arrived: datetime
    plain: str
    html: str


class Mailbox:
    """All letters of a demonstration, whoever they were for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, recipient: str, letter: bytes, arrived: datetime) -> None:
        """Keep a letter; it appears whole or not at all."""
        for name in ("tmp", "new", "cur"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        key = f"{int(arrived.timestamp()):010d}.M{arrived.microsecond:06d}Q{secrets.token_hex(4)}.demo"
        unfinished = self._folder / "tmp" / key
        unfinished.write_bytes(f"{RECIPIENT}: {_header(recipient)}\r\n".encode() + letter)
        unfinished.rename(self._folder / "new" / key)

    def letters(self, recipient: str = "", count: int = SHOWN) -> list[Letter]:
        """The newest first; with `recipient` those whose address holds it, whatever the case."""
        wanted, found = recipient.strip().casefold(), []
        for letter in self._newest_first():
            if wanted in letter.recipient.casefold():
                found.append(letter)
                if len(found) == count:
                    break
        return found

    def letter(self, key: str) -> Letter | None:
        """One letter by its key, or None."""
        known = _KEY.fullmatch(key)
        path = self._folder / "new" / key
        return _read(path, known) if known and path.is_file() else None

    def _newest_first(self) -> Iterator[Letter]:
        # A name begins with the moment of arrival.
        paths = sorted((self._folder / "new").glob("*.demo"), key=lambda path: path.name, reverse=True)
        for path in paths[:SEARCHED]:
            known = _KEY.fullmatch(path.name)
            if known:
                yield _read(path, known)


def _header(text: str) -> str:
    plain = "".join(char for char in text if char.isprintable())[:320]
    return plain if plain.isascii() else Header(plain, "utf-8", maxlinelen=2000).encode()


def _read(path: Path, key: re.Match[str]) -> Letter:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    arrived = datetime.fromtimestamp(int(key[1]), UTC).replace(microsecond=int(key[2]))
    recipient, sender, subject = (str(mail[name] or "") for name in (RECIPIENT, "From", "Subject"))
    return Letter(path.name, recipient, sender, subject, arrived, _body(mail, "plain"), _body(mail, "html"))


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):  # a charset that nobody knows
        return ""
