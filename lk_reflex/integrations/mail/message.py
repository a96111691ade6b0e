"""A letter as bytes (RFC 5322): text and HTML side by side, headers that nobody's words can break."""

import re
from datetime import UTC
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from email_validator import EmailNotValidError, validate_email

from lk_reflex.integrations.mail.port import Message, Permanent


class _Whole(EmailPolicy):
    """Keeps the spaces of long subjects and names: the library's own folding loses and adds some between its words.

    (Python 3.11; a reader drops the white space between two encoded words, so it has to stand inside one.)
    """

    def fold(self, name: str, value: Any) -> str:
        """As the library, but for texts that aren't ASCII."""
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as bytes."""
        return self._whole(name, value).encode("ascii") or super().fold_binary(name, value)

    def _whole(self, name: str, value: Any) -> str:
        if name not in ("Subject", "From") or str(value).isascii():
            return ""
        (sender,) = value.addresses if name == "From" else (None,)
        text = Header(sender.display_name if sender else str(value), "utf-8", header_name=name)
        address = f"{self.linesep} <{sender.addr_spec}>" if sender else ""
        return f"{name}: {text.encode(linesep=self.linesep)}{address}{self.linesep}"


#: Seven bits need no extension of the server; an address outside ASCII needs SMTPUTF8.
_ASCII = _Whole(linesep="\r\n", cte_type="7bit")
_UTF8 = _ASCII.clone(utf8=True)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
BAD_ADDRESS = "address"
NEEDS_UTF8 = "address needs SMTPUTF8"


def one_line(text: str) -> str:
    """Without line breaks and other controls: what a header may hold."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def parse_sender(text: str) -> Address:
    """From «Личный кабинет <no-reply@lk.example.org>» or a bare address. Raises ValueError."""
    if _CONTROLS.search(text):
        raise ValueError("controls")
    name, address = parseaddr(text)
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise ValueError("address") from fault
    if found.ascii_local_part is None:
        raise ValueError("address")
    return Address(one_line(name), found.ascii_local_part, found.ascii_domain)


def envelope_address(recipient: str, *, utf8: bool) -> str:
    """The address as the server is told it: in ASCII wherever that can be. Raises Permanent."""
    try:
        found = validate_email(recipient, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Permanent(BAD_ADDRESS) from None
    if found.ascii_email is not None:
        return found.ascii_email
    if not utf8:
        raise Permanent(NEEDS_UTF8)
    return found.normalized


def compose(message: Message, sender: Address, address: str) -> bytes:
    """The whole letter to `address`, which `envelope_address` has made."""
    mail = EmailMessage(policy=_ASCII if address.isascii() else _UTF8)
    local, _, domain = address.rpartition("@")
    mail["From"] = sender
    mail["To"] = Address("", local, domain)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.written_at.astimezone(UTC))
    mail["Message-ID"] = f"<{one_line(message.identity)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "ru"
    mail.set_content(message.plain)
    mail.add_alternative(message.html, subtype="html")
    return mail.as_bytes()
