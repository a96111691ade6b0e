"""The mail server itself: SMTP on this machine alone."""

from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lk_reflex.core.clock import utc_now
from lk_reflex.standins.mailbox.store import Mailbox

LARGEST = 1024 * 1024


class Listener(Controller):
    """Takes letters for anybody from the moment it is started; `port` is then the one that the system has given."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(
            _Keeper(mailbox), "127.0.0.1", 0, data_size_limit=LARGEST, enable_SMTPUTF8=True, server_hostname="demo.test"
        )

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _Keeper:
    """aiosmtpd calls `handle_DATA` with each letter; every recipient gets a copy."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        letter = content if isinstance(content, bytes) else content.encode()
        for recipient in envelope.rcpt_tos:
            self._mailbox.put(recipient, letter, utc_now())
        return "250 2.0.0 kept"
