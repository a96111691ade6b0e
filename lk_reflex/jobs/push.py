"""Sends what waits for phones."""

import logging
from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.crypt import Unreadable, Vault
from lk_reflex.core.db import Database
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.notifications.lines import unread_of
from lk_reflex.domain.push import delivery
from lk_reflex.domain.push.delivery import Taken
from lk_reflex.domain.push.devices import forget_device
from lk_reflex.integrations.push.port import Away, Gone, PushGateway, PushNote, Unfit

log = logging.getLogger(__name__)
#: Few at a time: what a dying worker had in hand waits for its lease to run out.
BATCH = 10


class Pushes:
    """Takes messages from one database to one gateway; `clock` is read at each step."""

    def __init__(
        self, database: Database, gateway: PushGateway, vault: Callable[[], Vault], *,
        clock: Callable[[], datetime], ending: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._database, self._gateway, self._vault = database, gateway, vault
        self._clock, self._ending = clock, ending

    def send_due(self) -> bool:
        """Send a few; True where more may be waiting. Raises Unavailable where the gateway is away."""
        if not self._database.read(delivery.anything_due, now=self._clock()):
            return False
        messages = self._database.write(delivery.take, now=self._clock(), count=BATCH)
        for place, message in enumerate(messages):
            if self._ending() or self._clock() > message.until - delivery.SAFE:
                self._give_back(messages[place:])
                return False
            try:
                self._send(message)
            except Away as fault:
                log.warning("push %d waits: %s", message.message_id, fault.reason)
                self._database.write(delivery.postpone, message, now=self._clock())
                self._give_back(messages[place + 1 :])
                raise Unavailable(f"push gateway: {fault.reason}") from None
        return bool(messages)

    def _send(self, message: Taken) -> None:
        try:
            note = self._note(message)
        except Unreadable:
            # Its key is gone: the phone binds itself anew at its next start.
            self._forget(message, "its token can't be read")
            return
        try:
            self._gateway.send(note)
        except Gone as fault:
            self._forget(message, fault.reason)
        except Unfit as fault:
            log.warning("push %d refused for good: %s", message.message_id, fault.reason)
            self._database.write(delivery.settle, message, now=self._clock(), sent=False)
        else:
            self._database.write(delivery.settle, message, now=self._clock(), sent=True)

    def _note(self, message: Taken) -> PushNote:
        said = message.payload
        badge = self._database.read(unread_of, message.user_id, at=self._clock())
        return PushNote(
            identity=f"lk-{message.message_id}", token=self._vault().open(message.token), platform=message.platform,
            title=str(said["title"]), body=str(said["body"]), kind=str(said["kind"]), number=str(said["number"]),
            badge=badge,
        )  # fmt: skip

    def _forget(self, message: Taken, reason: str) -> None:
        log.info("phone %d is gone: %s", message.device_id, reason)
        self._database.write(forget_device, message.device_id)

    def _give_back(self, messages: list[Taken]) -> None:
        for message in messages:
            self._database.write(delivery.release, message, now=self._clock())
