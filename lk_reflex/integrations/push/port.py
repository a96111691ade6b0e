"""The port: what the cabinet asks of whoever delivers push messages to phones."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PushNote:
    """One message for one phone. `identity` is the same whenever it is repeated; `number` is a request's, or empty.

    `badge` is how many notifications the person hasn't read. Nothing here names a person.
    """

    identity: str
    token: str = field(repr=False)
    platform: str
    title: str
    body: str
    kind: str
    number: str
    badge: int


class PushFault(Exception):
    """The message wasn't taken; `reason` is short and holds no token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Away(PushFault):
    """The gateway doesn't answer, or takes nothing just now."""


class Gone(PushFault):
    """The phone is known no more: the application was removed from it, or its token has changed."""


class Unfit(PushFault):
    """The gateway will never take this message."""


class PushGateway(Protocol):
    """Takes a message for delivery."""

    def send(self, note: PushNote) -> None:
        """Hand over one message. Raises Away, Gone or Unfit. Blocks for `TIMEOUT` seconds at most."""
        ...
