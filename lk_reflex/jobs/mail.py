"""Sends what waits in the outbox."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.mail import delivery
from lk_reflex.domain.mail.delivery import Leased
from lk_reflex.integrations.mail.port import Denied, Mailer, MailFault, Message, Permanent, Unreachable

log = logging.getLogger(__name__)
#: Few at a time: what a dying worker had in hand waits for its lease to run out.
BATCH = 10
#: Between two tries to note what became of a letter, in seconds.
AGAIN = 1.0


class Post:
    """Takes letters from one outbox to one mail server. `host` ends the Message-IDs; `clock` is read at each step."""

    def __init__(
        self, database: Database, mailer: Mailer, *, host: str, clock: Callable[[], datetime],
        ending: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._database, self._mailer, self._host = database, mailer, host
        self._clock, self._ending = clock, ending

    def send_due(self) -> bool:
        """Send a few; True where more may be waiting. Raises Unavailable where the server takes nothing."""
        if not self._database.read(delivery.anything_due, now=self._clock()):
            self._mailer.close()
            return False
        letters = self._database.write(delivery.lease, now=self._clock(), count=BATCH)
        sent = 0
        try:
            for letter in letters:
                if self._ending() or self._clock() > letter.leased_until - delivery.SAFE:
                    break
                sent += self._send(letter)
        finally:
            if letters:
                self._database.write(delivery.release, letters[0].holder)
        if sent:
            self._database.write(delivery.hasten, now=self._clock())
        return bool(letters)

    def _send(self, letter: Leased) -> bool:
        """One letter out and settled; False where it has to be tried again."""
        try:
            self._mailer.send(_message(letter, self._host))
        except Unreachable as fault:
            self._postpone(letter, delivery.SERVER + fault.reason)
            raise Unavailable(f"mail server: {fault.reason}") from None
        except Permanent as fault:
            self._refuse(letter, fault)
        except Denied as fault:
            late = self._clock() - letter.written_at > delivery.DOUBT
            self._refuse(letter, fault) if late else self._postpone(letter, fault.reason)
        except MailFault as fault:
            self._postpone(letter, fault.reason)
        except Exception as fault:  # noqa: BLE001  one letter that can't even be written must not stop the rest
            log.error("letter %d (%s) can't be sent: %s", letter.mail_id, letter.kind, type(fault).__name__)
            self._postpone(letter, type(fault).__name__)
        else:
            held = self._note(letter, delivery.settle_sent)
            log.info("letter %d (%s) sent%s", letter.mail_id, letter.kind, "" if held else ", after its lease")
            return True
        return False

    def _refuse(self, letter: Leased, fault: MailFault) -> None:
        log.warning("letter %d (%s) refused for good: %s", letter.mail_id, letter.kind, fault.reason)
        self._note(letter, delivery.settle_refused, fault.reason)

    def _postpone(self, letter: Leased, reason: str) -> None:
        log.warning("letter %d (%s) waits: %s", letter.mail_id, letter.kind, reason)
        self._note(letter, delivery.postpone, reason)

    def _note(self, letter: Leased, step: Callable[..., bool], *reason: str) -> bool:
        """Write down what became of a letter. An import may hold the database for minutes: not noted, it goes twice."""
        while True:
            try:
                return self._database.write(step, letter, *reason, now=self._clock())
            except Unavailable:
                if self._ending() or self._clock() > letter.leased_until:
                    raise
                time.sleep(AGAIN)


def _message(letter: Leased, host: str) -> Message:
    identity = f"{letter.message_id}@{host}"
    return Message(identity, letter.recipient, letter.subject, letter.plain, letter.html, letter.written_at)
