"""What the cabinet asks of a mail server."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A letter for one person. `identity` becomes the Message-ID: «ab12@lk.example.org», the same at every try."""

    identity: str
    recipient: str
    subject: str
    plain: str
    html: str
    written_at: datetime


class MailFault(Exception):
    """A letter wasn't taken. `reason` is for logs and staff: codes and kinds of faults, never an address or a text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(MailFault):
    """The server doesn't answer, or takes nothing from us at all: no letter's own fault."""


class Temporary(MailFault):
    """This letter wasn't taken now; later it may be."""


class Denied(MailFault):
    """Refused for good by the server's policy, which may be our set-up and not the address: worth some days."""


class Permanent(MailFault):
    """This letter will never be taken: there is no such mailbox, or it can't be written to."""


class Mailer(Protocol):
    """Hands letters to a server. Not for several threads at once."""

    def send(self, message: Message) -> None:
        """Have one letter taken. Raises a MailFault; the next letter may be tried after Temporary and Permanent."""

    def close(self) -> None:
        """Let the connection go; the next letter opens one."""

    def check(self) -> None:
        """Connect, secure and sign in without sending anything. Raises Unreachable."""
