"""Writes letters about new receipts: one a person and import, a few at a time, from where it was left."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.billing.announce import KIND, letter_of, news_of
from lk_reflex.domain.exchange_log.tables import ImportRun
from lk_reflex.domain.mail.delivery import waiting
from lk_reflex.domain.mail.outbox import queue

log = logging.getLogger(__name__)
PORTION = 50
#: With so many of these letters in the outbox no more are written: a forgotten password waits behind them.
CROWD = 100

_NEXT = (
    select(col(ImportRun.id), col(ImportRun.receipts_before))
    .where(col(ImportRun.announced_at).is_(None))
    .order_by(col(ImportRun.id))
    .limit(1)
)
_ANNOUNCED = (
    update(ImportRun)
    .where(col(ImportRun.id) == bindparam("run_id"), col(ImportRun.announced_at).is_(None))
    .values(announced_at=bindparam("now"))
)


class Announcer:
    """Goes through the persons by number; after a crash it begins anew and passes over those written to."""

    def __init__(self, database: Database, *, site: str, clock: Callable[[], datetime]) -> None:
        self._database, self._site, self._clock = database, site, clock
        self._import, self._after = 0, 0

    def step(self) -> bool:
        """Write a portion; False where nothing is to be announced, or enough letters wait already."""
        run = self._database.read(lambda db: db.first(_NEXT))
        if run is None or self._database.read(waiting, KIND) >= CROWD:
            return False
        if run.id != self._import:
            self._import, self._after = run.id, 0
        last = self._database.write(self._write, run.id, run.receipts_before)
        if last is None:
            log.info("import %d announced", run.id)
        self._after = last or 0
        return True

    def _write(self, db: Writer, import_id: int, receipts_before: int) -> int | None:
        """Queue the next persons' letters; the last one's number, or None where all have been written to."""
        now = self._clock()
        found = news_of(db, import_id, receipts_before, after=self._after, count=PORTION, now=now)
        for news in found:
            queue(db, news.email, letter_of(news, self._site), kind=KIND, now=now, once_key=news.once_key)
        if not found:
            db.change(_ANNOUNCED, run_id=import_id, now=now)
            return None
        return found[-1].user_id
