"""Where the mail server is and how it is spoken to, from one address."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from lk_reflex.core.this_machine import this_machine

STARTTLS, TLS, PLAIN = "starttls", "tls", "plain"
Security = Literal["starttls", "tls", "plain"]
_SCHEMES: dict[str, tuple[Security, int]] = {"smtp": (STARTTLS, 587), "smtps": (TLS, 465), "smtp+plain": (PLAIN, 25)}
FORM = "нужен адрес вида smtp://имя:пароль@сервер:587 (шифрование STARTTLS) или smtps://имя:пароль@сервер:465 (TLS)"
ONLY_HERE = "без шифрования (smtp+plain://) письма отправляются только на свой же компьютер, например 127.0.0.1"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Host, port and security; `user` is empty where no sign-in is asked for."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""

    @property
    def loopback(self) -> bool:
        """Whether the server is this very machine."""
        return this_machine(self.host)


def parse_server(url: str) -> MailServer:
    """From «smtp://user:pass@host:587». Raises ValueError with the end of a Russian sentence, never with the URL."""
    try:
        parts = urlsplit(url)
        security, port = _SCHEMES[parts.scheme]
        host, port = parts.hostname, parts.port or port
    except (KeyError, ValueError):
        raise ValueError(FORM) from None
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(FORM)
    server = MailServer(host, port, security, unquote(parts.username or ""), unquote(parts.password or ""))
    if security == PLAIN and not server.loopback:
        raise ValueError(ONLY_HERE)
    return server
