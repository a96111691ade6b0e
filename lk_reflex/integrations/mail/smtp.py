"""Mail by SMTP: encrypted unless the server is this machine, one connection for as many letters as come in a row."""

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address

from lk_reflex.integrations.mail.message import compose, envelope_address
from lk_reflex.integrations.mail.port import Denied, MailFault, Message, Permanent, Temporary, Unreachable
from lk_reflex.integrations.mail.server import STARTTLS, TLS, MailServer

#: For one answer of the server, in seconds. The dozen answers of a letter must fit into what the outbox calls safe.
TIMEOUT = 30.0
#: RFC 3463: x.7.x is security and policy, where a refusal tells more of our set-up than of the address.
_POLICY = (b"5.7.", b"4.7.")
_OUR_SETUP = (530, 534, 535, 538)


class SmtpMailer:
    """One server and one sender."""

    def __init__(self, server: MailServer, sender: Address, *, name: str, timeout: float = TIMEOUT) -> None:
        """`name` is what we call ourselves to the server."""
        self._server, self._sender, self._name, self._timeout = server, sender, name, timeout
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Have one letter taken. Raises a MailFault."""
        connection = self._connected()
        utf8 = connection.has_extn("smtputf8")
        address = envelope_address(message.recipient, utf8=utf8)
        options = () if address.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        try:
            connection.sendmail(self._sender.addr_spec, [address], compose(message, self._sender, address), options)
        except (smtplib.SMTPException, OSError) as fault:
            raise self._meaning(fault) from None

    def close(self) -> None:
        """Say goodbye where that is still possible."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def check(self) -> None:
        """Connect, secure and sign in. Raises Unreachable."""
        self._connected()
        self.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None or self._connection.sock is None:  # a server that says 421 has hung up
            try:
                self._connection = self._open()
            except (smtplib.SMTPException, OSError, ValueError) as fault:  # ValueError: smtplib signs in in ASCII
                raise Unreachable(_reason(fault)) from None
        return self._connection

    def _open(self) -> smtplib.SMTP:
        server, trusted = self._server, ssl.create_default_context()
        if server.security == TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._name, timeout=self._timeout, context=trusted
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, self._name, timeout=self._timeout)
        try:
            if server.security == STARTTLS:
                # Raises where the server doesn't offer it: a password never goes in the clear.
                connection.starttls(context=trusted)
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _meaning(self, fault: Exception) -> MailFault:
        """What a failed try tells; a connection that may be out of step is given up."""
        reason = _reason(fault)
        if isinstance(fault, smtplib.SMTPRecipientsRefused):
            code, text = next(iter(fault.recipients.values()))
            return _refusal(code, text)
        if isinstance(fault, smtplib.SMTPDataError):
            return _refusal(fault.smtp_code, fault.smtp_error)
        self.close()
        # smtplib's own faults are OSErrors, too.
        if isinstance(fault, smtplib.SMTPException) and not isinstance(fault, smtplib.SMTPServerDisconnected):
            return Unreachable(reason)  # our name or our sender isn't welcome: that holds for every letter
        return Temporary(reason)


def _refusal(code: int, text: bytes | str) -> MailFault:
    said = text if isinstance(text, bytes) else text.encode()
    enhanced = said.split(maxsplit=1)[0][:8] if said[1:2] == b"." else b""
    reason = f"{code} {enhanced.decode('ascii', 'replace')}".strip()
    if code < 500:
        return Temporary(reason)
    return Denied(reason) if code in _OUR_SETUP or enhanced.startswith(_POLICY) else Permanent(reason)


def _reason(fault: Exception) -> str:
    """The code or the kind of a fault: servers repeat addresses in their words."""
    code = getattr(fault, "smtp_code", None)
    name = type(fault).__name__
    return f"{name} {code}" if isinstance(code, int) and code > 0 else name
