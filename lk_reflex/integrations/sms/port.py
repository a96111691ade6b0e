"""The port: what the cabinet asks of whoever delivers short messages."""

from typing import Protocol


class SmsFailed(Exception):
    """The message wasn't taken: no answer, a refusal, or an answer that says neither."""


class SmsGateway(Protocol):
    """Takes a message for delivery."""

    def send(self, phone: str, text: str) -> None:
        """Hand over one message; `phone` is E.164. Raises SmsFailed. Blocks for `TIMEOUT` seconds at most."""
        ...
